//! Tables about people: the funnel, how they end, what they mean, how long it takes, month over month.

use super::build::{Asked, Numbers};
use super::count::response_class;
use super::measure::{INTENTS, Measure, RESPONSES, TOUCHES};
use super::rate;
use super::subject::Subject;
use super::sums::{Sums, Tallied, by, text, total};
use crate::model::{Cadence, Cell, Chart, Ending, Section};
use std::collections::BTreeMap;
use std::sync::Arc;

const FUNNEL: [&str; 11] = [
    "",
    "enrolled",
    "delivered",
    "bounced hard",
    "replied",
    "interested",
    "connected",
    "met",
    "opted out",
    "complained",
    "completed",
];

fn funnel_row(name: String, sums: &Sums) -> Vec<Cell> {
    use Measure::{
        BouncedHard, Complained, Completed, Connected, Delivered, Enrolled, Interested, Mailed, Met, OptedOut, Replied,
    };
    vec![
        text(name),
        sums.count(Enrolled),
        sums.count(Delivered),
        sums.rate(BouncedHard, Mailed),
        sums.rate(Replied, Delivered),
        sums.rate(Interested, Enrolled),
        sums.rate(Connected, Enrolled),
        sums.rate(Met, Enrolled),
        sums.rate(OptedOut, Delivered),
        sums.rate(Complained, Delivered),
        sums.rate(Completed, Enrolled),
    ]
}

/// The funnel, by cadence, rep, source and persona.
pub(super) fn funnels(numbers: &Numbers<'_>) -> Vec<Section> {
    let all = total(numbers.now, true);
    let mut rows: Vec<Vec<Cell>> = by(numbers.now, |subject| people(subject, &subject.cadence))
        .iter()
        .map(|(name, sums)| funnel_row(cadence_name(numbers, name), sums))
        .collect();
    if rows.len() > 1 {
        rows.push(funnel_row("all".to_owned(), &all));
    }
    let bars = [
        ("enrolled", Measure::Enrolled),
        ("delivered", Measure::Delivered),
        ("replied", Measure::Replied),
        ("interested", Measure::Interested),
        ("met", Measure::Met),
    ];
    let bars = bars.map(|(name, measure)| (name.to_owned(), all.of(measure).to_string(), to_f64(all.of(measure))));
    let chart = (all.of(Measure::Enrolled) > 0).then(|| Chart::Bars(bars.into()));
    let mut sections = vec![Section {
        id: "funnel",
        title: "Funnel by cadence".to_owned(),
        note: "People enrolled in this time and what came of them until now; each counts once a cadence.".to_owned(),
        columns: FUNNEL.into(),
        rows,
        chart,
    }];
    type Of = fn(&Subject) -> &String;
    let others: [(&'static str, &str, Of); 3] = [
        ("funnel-reps", "Funnel by rep", |subject| &subject.rep),
        ("funnel-sources", "Funnel by source", |subject| &subject.source),
        ("funnel-personas", "Funnel by persona", |subject| &subject.persona),
    ];
    for (id, title, of) in others {
        let rows = by(numbers.now, |subject| people(subject, of(subject)));
        // One row says what the table above says.
        if rows.len() > 1 {
            sections.push(Section {
                id,
                title: title.to_owned(),
                note: String::new(),
                columns: FUNNEL.into(),
                rows: rows
                    .iter()
                    .map(|(name, sums)| funnel_row(or_unknown(name), sums))
                    .collect(),
                chart: None,
            });
        }
    }
    sections
}

fn people(subject: &Subject, name: &str) -> Option<String> {
    (subject.step == 0).then(|| name.to_owned())
}

fn or_unknown(name: &str) -> String {
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name.to_owned()
    }
}

/// The name of a cadence, with a word where it is none any more.
pub(super) fn cadence_name(numbers: &Numbers<'_>, name: &str) -> String {
    if numbers.cadences.iter().any(|cadence| cadence.name.as_str() == name) {
        name.to_owned()
    } else {
        format!("{name} (deleted)")
    }
}

/// The few figures that everybody asks for, beside those of the time before.
pub(super) fn summary(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let (now, before) = (total(numbers.now, true), total(numbers.before, true));
    let (sent, sent_before) = (total(numbers.now, false), total(numbers.before, false));
    let rates = [
        ("reply rate", Measure::Replied, Measure::Delivered),
        ("interested", Measure::Interested, Measure::Enrolled),
        ("meeting rate", Measure::Met, Measure::Enrolled),
        ("held", Measure::Held, Measure::Met),
        ("no-show", Measure::NoShow, Measure::Met),
        ("bounce rate", Measure::BouncedHard, Measure::Mailed),
        ("opt-out rate", Measure::OptedOut, Measure::Delivered),
        ("complaint rate", Measure::Complained, Measure::Delivered),
    ];
    let mut rows = vec![
        vec![
            text("people enrolled"),
            now.count(Measure::Enrolled),
            before.count(Measure::Enrolled),
            Cell::Nothing,
        ],
        vec![
            text("mails sent"),
            sent.count(Measure::Sent),
            sent_before.count(Measure::Sent),
            Cell::Nothing,
        ],
    ];
    for (name, hits, of) in rates {
        let (one, two) = (
            rate::rate(now.of(hits), now.of(of)),
            rate::rate(before.of(hits), before.of(of)),
        );
        let change = if one.of < asked.minimum || two.of < asked.minimum {
            "too few to compare"
        } else if one.low > two.high {
            "▲ higher"
        } else if one.high < two.low {
            "▼ lower"
        } else {
            "within chance"
        };
        rows.push(vec![text(name), Cell::Rate(one), Cell::Rate(two), text(change)]);
    }
    // Shown where a listener reports them, and never compared.
    for (name, measure) in [
        ("opened (people), as reported", Measure::Opened),
        ("opened (machines), as reported", Measure::OpenedByMachine),
        ("clicked (people), as reported", Measure::Clicked),
        ("clicked (machines), as reported", Measure::ClickedByMachine),
    ] {
        if now.of(measure) > 0 {
            let rates = [&now, &before].map(|sums| rate::cell(sums.of(measure), sums.of(Measure::Enrolled)));
            let [one, two] = rates;
            rows.push(vec![text(name), one, two, text("decides nothing")]);
        }
    }
    Section {
        id: "summary",
        title: "In short".to_owned(),
        note: format!(
            "Beside the {} days before. A change is called one only where the intervals do not meet.",
            asked.days()
        ),
        columns: vec!["", "this time", "the time before", "change"],
        rows,
        chart: None,
    }
}

/// Month over month.
pub(super) fn months(numbers: &Numbers<'_>) -> Section {
    let mut bars = Vec::new();
    let rows = numbers.months.iter().map(|(month, tallied)| {
        let (people, touches) = (total(tallied, true), total(tallied, false));
        let name = format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
        let replied = rate::rate(people.of(Measure::Replied), people.of(Measure::Delivered));
        bars.push((
            name.clone(),
            format!("{:.1} %", replied.value() * 100.0),
            replied.value(),
        ));
        vec![
            text(name),
            people.count(Measure::Enrolled),
            touches.count(Measure::Sent),
            Cell::Rate(replied),
            people.rate(Measure::Interested, Measure::Enrolled),
            people.rate(Measure::Met, Measure::Enrolled),
            people.rate(Measure::OptedOut, Measure::Delivered),
            people.rate(Measure::Complained, Measure::Delivered),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    Section {
        id: "months",
        title: "Month over month".to_owned(),
        note: "Whole months; people by the month they were enrolled in. The bars are reply rates.".to_owned(),
        columns: vec![
            "month",
            "enrolled",
            "sent",
            "replied",
            "interested",
            "met",
            "opted out",
            "complained",
        ],
        chart: (rows.len() > 1).then_some(Chart::Bars(bars)),
        rows,
    }
}

/// How enrollments ended, and what people answered.
pub(super) fn ends(numbers: &Numbers<'_>) -> Vec<Section> {
    let all = total(numbers.now, true);
    let enrolled = all.of(Measure::Enrolled);
    let endings = all.each().filter_map(|(measure, many)| match measure {
        Measure::Ended(ending) => Some((ending, many)),
        _ => None,
    });
    let mut endings: Vec<(Ending, i64)> = endings.filter(|(_, many)| *many > 0).collect();
    endings.sort_by_key(|(_, many)| -many);
    let over: i64 = endings.iter().map(|(_, many)| many).sum();
    let mut rows: Vec<Vec<Cell>> = endings
        .iter()
        .map(|(ending, many)| vec![text(ending.word()), rate::cell(*many, enrolled)])
        .collect();
    if enrolled > over {
        rows.push(vec![text("not over yet"), rate::cell(enrolled - over, enrolled)]);
    }
    let told = |place: usize| u8::try_from(place).map_or(0, |place| all.of(Measure::Meant(place)));
    let answers: i64 = (0..INTENTS.len()).map(told).sum();
    let meant = INTENTS.iter().enumerate().filter(|(place, _)| told(*place) > 0);
    let meant = meant.map(|(place, code)| vec![text(code.replace('_', " ")), rate::cell(told(place), answers)]);
    vec![
        Section {
            id: "ends",
            title: "Where people end".to_owned(),
            note: "Of all people enrolled in this time.".to_owned(),
            columns: vec!["how", "people"],
            rows,
            chart: None,
        },
        Section {
            id: "intents",
            title: "What answers mean".to_owned(),
            note: "As far as the words of a first telling answer show; the others are not counted here.".to_owned(),
            columns: vec!["meaning", "people"],
            rows: meant.collect(),
            chart: None,
        },
    ]
}

/// How many touches it takes.
pub(super) fn effort(numbers: &Numbers<'_>) -> Section {
    let all = total(numbers.now, true);
    let (replied, met) = (all.of(Measure::Replied), all.of(Measure::Met));
    let rows = (0..=TOUCHES).filter_map(|n| {
        let (one, two) = (all.of(Measure::TouchesToReply(n)), all.of(Measure::TouchesToMeeting(n)));
        let name = if n == TOUCHES {
            format!("{n} or more")
        } else {
            n.to_string()
        };
        (one > 0 || two > 0).then(|| vec![text(name), rate::cell(one, replied), rate::cell(two, met)])
    });
    Section {
        id: "effort",
        title: "Touches until an answer".to_owned(),
        note: "Touches made before the first answer, and before the meeting was agreed.".to_owned(),
        columns: vec!["touches", "first answer", "meeting"],
        rows: rows.collect(),
        chart: None,
    }
}

/// How fast leads are touched, and what it does to meetings.
pub(super) fn response(numbers: &Numbers<'_>) -> Section {
    let all = total(numbers.now, true);
    let classes = u8::try_from(RESPONSES.len()).unwrap_or(0) + 1;
    let many = |upto: u8| (0..upto).map(|n| all.of(Measure::Response(n))).sum::<i64>();
    let met = |from: u8, upto: u8| (from..upto).map(|n| all.of(Measure::ResponseMet(n))).sum::<i64>();
    let leads = many(classes);
    let (five, hour, day) = (
        response_class(300) + 1,
        response_class(3_600) + 1,
        response_class(86_400) + 1,
    );
    let band = |name: &str, from: u8, upto: u8| {
        let people = many(upto) - many(from);
        vec![
            text(name),
            rate::cell(people, leads),
            rate::cell(met(from, upto), people),
        ]
    };
    let rows = if leads == 0 {
        Vec::new()
    } else {
        vec![
            band("within 5 minutes", 0, five),
            band("5 minutes to an hour", five, hour),
            band("an hour to a day", hour, day),
            band("later", day, classes),
        ]
    };
    let note = if leads == 0 {
        "No lead came in without a rep's own mail in this time, so that there is no response time.".to_owned()
    } else {
        format!(
            "From asking, or from enrolling, to the first touch, of leads that no rep had written to before: half {}, nine of ten {}.",
            quantile(&all, leads, 50),
            quantile(&all, leads, 90)
        )
    };
    Section {
        id: "response",
        title: "Lead response time".to_owned(),
        note,
        columns: vec!["first touch", "leads", "of these met"],
        rows,
        chart: None,
    }
}

/// The end of the class in which this percentile lies, in words.
fn quantile(all: &Sums, leads: i64, percent: i64) -> String {
    let mut seen = 0;
    for (place, end) in RESPONSES.iter().enumerate() {
        seen += u8::try_from(place).map_or(0, |place| all.of(Measure::Response(place)));
        if seen * 100 >= leads * percent {
            return match end {
                ..3_600 => format!("within {} min", end / 60),
                3_600..86_400 => format!("within {:.1} h", to_f64(*end) / 3_600.0),
                _ => format!("within {} days", end / 86_400),
            };
        }
    }
    "later than 14 days".to_owned()
}

/// A count as a length.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(super) fn to_f64(many: i64) -> f64 {
    many as f64
}

/// Numbers that a question is about.
#[must_use]
pub(super) fn wanted(numbers: &[Tallied], asked: &Asked, cadences: &[&Cadence]) -> Vec<Tallied> {
    let fits = |wish: &Option<String>, name: &str| wish.as_deref().is_none_or(|wish| wish == name);
    let numbers = numbers.iter();
    let numbers =
        numbers.filter(|one| fits(&asked.cadence, &one.subject.cadence) && fits(&asked.rep, &one.subject.rep));
    let mut wanted: Vec<Tallied> = numbers.cloned().collect();
    as_numbered_now(&mut wanted, cadences);
    wanted
}

/// Numbers that stand behind those of any cadence: of steps that are in its files no more.
const GONE: u16 = 10_000;

/// A step is known by its file: what it did under another number counts under the one it has now, and one that is gone has
/// a number behind all others.
fn as_numbered_now(numbers: &mut [Tallied], cadences: &[&Cadence]) {
    let mut gone: Vec<(String, String)> = Vec::new();
    // Many numbers share one subject, which is looked up once.
    let mut moved: BTreeMap<*const Subject, Option<Arc<Subject>>> = BTreeMap::new();
    for one in numbers.iter_mut().filter(|one| !one.subject.template.is_empty()) {
        let now = moved.entry(Arc::as_ptr(&one.subject)).or_insert_with(|| {
            let number = number_now(&one.subject, cadences, &mut gone)?;
            (number != one.subject.step).then(|| {
                Arc::new(Subject {
                    step: number,
                    ..(*one.subject).clone()
                })
            })
        });
        if let Some(now) = now {
            one.subject = Arc::clone(now);
        }
    }
}

/// The number that a step has now; `None` where its cadence is in no file any more.
fn number_now(subject: &Subject, cadences: &[&Cadence], gone: &mut Vec<(String, String)>) -> Option<u16> {
    let cadence = cadences.iter().find(|known| known.name.as_str() == subject.cadence)?;
    let mut steps = cadence.steps.iter();
    if let Some(step) = steps.find(|step| step.template == subject.template) {
        return Some(step.number.0);
    }
    let key = (subject.cadence.clone(), subject.template.clone());
    let place = gone.iter().position(|known| *known == key).unwrap_or_else(|| {
        gone.push(key);
        gone.len() - 1
    });
    Some(GONE.saturating_add(u16::try_from(place).unwrap_or(0)))
}
