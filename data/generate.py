"""Writes `holidays.txt` and `phones.txt` from the packages `holidays` (MIT) and `phonenumbers` (Apache-2.0).

    pip install holidays phonenumbers && python3 generate.py

Run it once a year, when governments have announced the days that follow no rule, and look at what changed.
"""

import warnings
from collections import defaultdict
from datetime import date
from importlib.metadata import version
from pathlib import Path

import holidays
from phonenumbers.tzdata import TIMEZONE_DATA

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
YEARS = range(2020, 2041)
COUNTRIES = (
    "AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LI LT LU "
    "LV MA MT MX MY NG NL NO NZ PE PH PK PL PT RO RS SA SE SG SI SK TH TR TW UA US UY VN ZA"
).split()


def days(country, region=None):
    cls = getattr(holidays, country)
    language = "en_US" if "en_US" in cls.supported_languages else None
    return holidays.country_holidays(country, subdiv=region, years=YEARS, language=language)


def packed(dates):
    """`12-25` when it is so in every year, else `260403`."""
    by_year = defaultdict(set)
    for day in dates:
        by_year[day.year].add((day.month, day.day))
    always = set.intersection(*(by_year.get(year, set()) for year in YEARS))
    words = [f"{month:02}{day:02}" for month, day in sorted(always)]
    words += [day.strftime("%y%m%d") for day in sorted(dates) if (day.month, day.day) not in always]
    return " ".join(words)


def clean(name):
    """What stands in brackets (estimated, observed, substituted from …) is left out."""
    return name.split(" (")[0].split("; ")[0].strip()


def lines(code, there, known):
    named = defaultdict(set)
    for day, name in there.items():
        if day not in known:
            named[clean(name)].add(day)
    for name in sorted(named, key=lambda name: min((d.month, d.day) for d in named[name])):
        yield f"{code}\t{name}\t{packed(named[name])}"


out = [
    f"# Public holidays {YEARS[0]} to {YEARS[-1]}, generated from the package `holidays` {version('holidays')} (MIT licence,",
    "# Copyright (c) Vacanza Team and individual contributors). Do not edit: see README.md.",
    "# code, name, days; `1225` is so in every year, `260403` once. `-`: a day of the country that a region does not have.",
    "# `=`: further names of a region.",
]
for country in COUNTRIES:
    base = days(country)
    out += lines(country, base, {})
    cls = getattr(holidays, country)
    names = defaultdict(list)
    for alias, code in getattr(cls, "subdivisions_aliases", {}).items():
        names[code].append(alias)
    for region in cls.subdivisions:
        code = f"{country}-{region}".upper().replace(" ", "_")
        own = days(country, region)
        out.append(f"={code}\t" + "\t".join(names.get(region, [])))
        out += lines(code, own, set(base))
        lacks = sorted(day for day in base if day not in own)
        if lacks:
            out.append(f"-{code}\t\t{packed(set(lacks))}")
(HERE / "holidays.txt").write_text("\n".join(out) + "\n", encoding="utf-8")

# Telephone prefixes: a prefix is left out when the next shorter one says the same.
out = [
    f"# Zones of telephone prefixes, generated from the package `phonenumbers` {version('phonenumbers')} (Apache-2.0, the metadata",
    "# of Google's libphonenumber). Do not edit: see README.md. prefix, zones",
]


def above(prefix):
    for end in range(len(prefix) - 1, 0, -1):
        if prefix[:end] in TIMEZONE_DATA:
            return TIMEZONE_DATA[prefix[:end]]
    return None


for prefix in sorted(TIMEZONE_DATA):
    if TIMEZONE_DATA[prefix] != above(prefix):
        out.append(f"{prefix} {' '.join(TIMEZONE_DATA[prefix])}")
(HERE / "phones.txt").write_text("\n".join(out) + "\n", encoding="utf-8")
