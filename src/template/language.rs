//! What differs from language to language: days, months, the greeting, and the sentence about opting out.
//!
//! A text is in the language that its file's name says (`name.de.md`), else in the cadence's. Dates and the greeting follow
//! the text, so that no mail mixes two.

use jiff::civil::Date;

/// A language that texts may be in. The first is the usual one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Language {
    /// ISO 639-1: `de`.
    pub code: &'static str,
    /// What people call it, in it and in English, lower case.
    names: &'static [&'static str],
    /// From Monday on.
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    /// The day, the month and the year at `{d}`, `{m}`, `{y}`.
    date: &'static str,
    /// To somebody whose first name is known, at `{}`.
    hi: &'static str,
    /// To anybody.
    hello: &'static str,
    /// Its word must be one that the mail room reads as an opt-out.
    pub opt_out: &'static str,
}

const LANGUAGES: [Language; 7] = [
    Language {
        code: "en",
        names: &["english"],
        weekdays: [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        date: "{d} {m} {y}",
        hi: "Hi {},",
        hello: "Hello,",
        opt_out: "If this is not for you, just reply \"stop\" and I will not write again.",
    },
    Language {
        code: "de",
        names: &["german", "deutsch"],
        weekdays: [
            "Montag",
            "Dienstag",
            "Mittwoch",
            "Donnerstag",
            "Freitag",
            "Samstag",
            "Sonntag",
        ],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        date: "{d}. {m} {y}",
        hi: "Hallo {},",
        hello: "Guten Tag,",
        opt_out: "Wenn das nichts für Sie ist, antworten Sie einfach \"stop\", und ich schreibe Ihnen nicht mehr.",
    },
    Language {
        code: "fr",
        names: &["french", "français"],
        weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        date: "{d} {m} {y}",
        hi: "Bonjour {},",
        hello: "Bonjour,",
        opt_out: "Si cela ne vous concerne pas, répondez simplement \"stop\" et je ne vous écrirai plus.",
    },
    Language {
        code: "es",
        names: &["spanish", "español"],
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        date: "{d} de {m} de {y}",
        hi: "Hola, {}:",
        hello: "Hola:",
        opt_out: "Si no es de su interés, responda simplemente \"stop\" y no volveré a escribirle.",
    },
    Language {
        code: "it",
        names: &["italian", "italiano"],
        weekdays: [
            "lunedì",
            "martedì",
            "mercoledì",
            "giovedì",
            "venerdì",
            "sabato",
            "domenica",
        ],
        months: [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        date: "{d} {m} {y}",
        hi: "Buongiorno {},",
        hello: "Buongiorno,",
        opt_out: "Se non è di Suo interesse, risponda semplicemente \"stop\" e non Le scriverò più.",
    },
    Language {
        code: "pt",
        names: &["portuguese", "português"],
        weekdays: [
            "segunda-feira",
            "terça-feira",
            "quarta-feira",
            "quinta-feira",
            "sexta-feira",
            "sábado",
            "domingo",
        ],
        months: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        date: "{d} de {m} de {y}",
        hi: "Olá {},",
        hello: "Olá,",
        opt_out: "Se isto não for para si, responda apenas \"stop\" e não voltarei a escrever.",
    },
    Language {
        code: "nl",
        names: &["dutch", "nederlands"],
        weekdays: [
            "maandag",
            "dinsdag",
            "woensdag",
            "donderdag",
            "vrijdag",
            "zaterdag",
            "zondag",
        ],
        months: [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
        date: "{d} {m} {y}",
        hi: "Hallo {},",
        hello: "Goedendag,",
        opt_out: "Is dit niets voor u, antwoord dan gewoon \"stop\" en ik schrijf u niet meer.",
    },
];

impl Language {
    /// The usual one.
    pub const ENGLISH: &'static Self = &LANGUAGES[0];

    /// All codes, in the order of the documentation.
    pub fn codes() -> [&'static str; 7] {
        LANGUAGES.each_ref().map(|language| language.code)
    }

    /// The language of a code.
    pub fn of_code(code: &str) -> Option<&'static Self> {
        LANGUAGES.iter().find(|language| language.code == code)
    }

    /// The language that a prospect's word names: `de`, `de-AT`, `German`, `Deutsch`.
    pub fn named(word: &str) -> Option<&'static Self> {
        let word = word.trim().to_lowercase();
        let code = word.split(['-', '_']).next().unwrap_or_default();
        Self::of_code(code).or_else(|| {
            LANGUAGES
                .iter()
                .find(|language| language.names.contains(&word.as_str()))
        })
    }

    /// `Montag`.
    pub fn weekday(&self, date: Date) -> &'static str {
        let day = date.weekday().to_monday_zero_offset();
        let named = usize::try_from(day).ok().and_then(|day| self.weekdays.get(day));
        named.copied().unwrap_or_default()
    }

    /// `23. November 2026`.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1)
            .ok()
            .and_then(|month| self.months.get(month));
        self.date
            .replace("{d}", &date.day().to_string())
            .replace("{m}", month.copied().unwrap_or_default())
            .replace("{y}", &date.year().to_string())
    }

    /// `Hallo Jane,`, or a greeting that fits everybody.
    pub fn greeting(&self, first_name: Option<&str>) -> String {
        first_name.map_or_else(|| self.hello.to_owned(), |name| self.hi.replace("{}", name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_written_as_its_language_writes_it() {
        let day = date(2026, 3, 2);
        for (word, written) in [
            ("en", "Monday, 2 March 2026"),
            ("de-AT", "Montag, 2. März 2026"),
            ("Français", "lundi, 2 mars 2026"),
            ("spanish", "lunes, 2 de marzo de 2026"),
            ("it", "lunedì, 2 marzo 2026"),
            ("pt_BR", "segunda-feira, 2 de março de 2026"),
            ("nl", "maandag, 2 maart 2026"),
        ] {
            let language = Language::named(word).expect("a language");
            assert_eq!(format!("{}, {}", language.weekday(day), language.date(day)), written);
        }
        assert_eq!(Language::named("Klingon"), None);
    }

    #[test]
    fn every_opt_out_sentence_asks_for_the_word_that_is_read() {
        for language in &LANGUAGES {
            assert!(language.opt_out.contains("\"stop\""), "{}", language.code);
        }
    }
}
