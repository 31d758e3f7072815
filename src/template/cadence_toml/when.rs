//! Reads a step's `when`: a small condition, checked against the steps before it and the words that prospects have.
//!
//! `outcome("2-call") is voicemail and (title contains "chief" or industry is "retail") and phone is known`

use super::DraftStep;
use crate::model::{Channel, Condition, TaskOutcome, is_by_machine, is_signal_name, limits};
use crate::template::nearest::{did_you_mean, one_of};
use crate::template::vocabulary::OF_PROSPECTS;

/// What a condition may speak of.
pub(super) struct Known<'a> {
    /// The steps before this one.
    pub steps: &'a [DraftStep],
    /// Words that the cadence declares.
    pub fields: &'a [String],
}

/// Reads a condition.
///
/// # Errors
/// With what is wrong and what was expected.
pub(super) fn condition(text: &str, known: &Known<'_>) -> Result<Condition, String> {
    let tokens = tokens(text)?;
    if tokens.len() > limits::CONDITION {
        return Err(format!("more than {} words: make two steps of it", limits::CONDITION));
    }
    let mut parser = Parser {
        tokens: &tokens,
        known,
        depth: 0,
    };
    let condition = parser.any()?;
    match parser.tokens.first() {
        None => Ok(condition),
        Some(token) => Err(format!("expected `and`, `or` or the end, got {}", token.shown())),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// `title`, `is`, `7`, `no_answer`.
    Word(String),
    /// `"text"`.
    Text(String),
    /// `(`, `)`, `>`, `>=`, `<`, `<=`.
    Sign(&'static str),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Text(text) => format!("`\"{text}\"`"),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    const SIGNS: [&str; 6] = [">=", "<=", ">", "<", "(", ")"];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else if first == '"' || first == '\'' {
            let inner = rest.get(1..).unwrap_or("");
            let end = inner.find(first).ok_or("a text in quotes does not end")?;
            let inner = inner.get(..end).unwrap_or("").trim();
            if inner.is_empty() {
                return Err("a text in quotes is empty".to_owned());
            }
            tokens.push(Token::Text(inner.to_owned()));
            end + 2
        } else {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .unwrap_or(rest.len());
            let word = rest.get(..end).filter(|word| !word.is_empty());
            let word = word.ok_or_else(|| format!("cannot read `{first}` here"))?;
            tokens.push(Token::Word(word.to_owned()));
            end
        };
        rest = rest.get(taken..).unwrap_or("").trim_start();
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    known: &'a Known<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.single()?];
        while self.takes("and") {
            parts.push(self.single()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn single(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > limits::TEXT_NESTING {
            return Err(format!("more than {} levels in one another", limits::TEXT_NESTING));
        }
        let condition = if self.takes("not") {
            Ok(Condition::Not(Box::new(self.single()?)))
        } else if self.takes_sign("(") {
            let inner = self.any()?;
            self.sign(")")?;
            Ok(inner)
        } else {
            self.leaf()
        };
        self.depth -= 1;
        condition
    }

    fn leaf(&mut self) -> Result<Condition, String> {
        let first = self.word("a condition such as `phone is known`")?;
        match first.as_str() {
            "outcome" => self.outcome(),
            "days" => self.since_reply(),
            "opened" | "clicked" if !self.is_field(&first) => Ok(Condition::Signalled(first)),
            "signal" => self.signal(),
            "reply" => self.meant(),
            word if outcome_named(word).is_some() && !self.is_field(word) => {
                Ok(Condition::Ever(outcome_named(word).unwrap_or(TaskOutcome::Done)))
            }
            word if self.is_field(word) => self.field(first.clone()),
            word => {
                let fields = self.fields();
                let near = did_you_mean(
                    word,
                    fields
                        .iter()
                        .copied()
                        .chain(["outcome", "days", "reply", "opened", "clicked", "connected"]),
                );
                Err(format!(
                    "unknown `{word}`{near}; expected a word about the prospect, `outcome(\"step\")`, `connected`, \
                     `reply is interested`, `days since reply`, `opened` or `clicked`"
                ))
            }
        }
    }

    /// `outcome("2-call") is voicemail`, `… is not none`.
    fn outcome(&mut self) -> Result<Condition, String> {
        self.sign("(")?;
        let template = self.text("the template of an earlier step in quotes")?;
        self.sign(")")?;
        self.must("is")?;
        let negated = self.takes("not");
        let word = self.word("an outcome")?;
        let is = match word.as_str() {
            "none" => None,
            word => Some(outcome_named(word).ok_or_else(|| {
                let names = OUTCOMES.map(TaskOutcome::code);
                let near = did_you_mean(word, names.into_iter().chain(["none"]));
                format!("unknown outcome `{word}`{near}; expected {} or `none`", one_of(&names))
            })?),
        };
        let by_hand = |step: &&DraftStep| step.step.channel != Channel::Email;
        let step = self
            .known
            .steps
            .iter()
            .rev()
            .find(|step| step.step.template == template);
        let Some(step) = step.filter(by_hand) else {
            let why = if step.is_some() {
                "is an email, which nobody logs"
            } else {
                "is no step before this one"
            };
            let names: Vec<&str> = self
                .known
                .steps
                .iter()
                .filter(by_hand)
                .map(|step| step.step.template.as_str())
                .collect();
            let known = if names.is_empty() {
                "there is none".to_owned()
            } else {
                format!("there is {}", one_of(&names))
            };
            return Err(format!("`{template}` {why}; of touches by a human {known}"));
        };
        let step = step.step.number;
        let outcome = Condition::Outcome { step, template, is };
        Ok(if negated {
            Condition::Not(Box::new(outcome))
        } else {
            outcome
        })
    }

    /// `signal("pricing-page")`.
    fn signal(&mut self) -> Result<Condition, String> {
        self.sign("(")?;
        let name = self.text("the name of a report in quotes")?;
        self.sign(")")?;
        signal_named(&name).map(Condition::Signalled)
    }

    /// `reply is interested`, `reply is not not_now`, `reply is none`.
    fn meant(&mut self) -> Result<Condition, String> {
        self.must("is")?;
        let negated = self.takes("not");
        let word = self.word("an intent")?;
        let meant = match word.as_str() {
            "none" => None,
            word if INTENTS.contains(&word) => Some(word.to_owned()),
            word => {
                let near = did_you_mean(word, INTENTS.into_iter().chain(["none"]));
                return Err(format!(
                    "unknown intent `{word}`{near}; expected {} or `none`",
                    one_of(&INTENTS)
                ));
            }
        };
        let meant = Condition::Meant(meant);
        Ok(if negated {
            Condition::Not(Box::new(meant))
        } else {
            meant
        })
    }

    /// `days since reply >= 3`, `… < 10`.
    fn since_reply(&mut self) -> Result<Condition, String> {
        self.must("since")?;
        self.must("reply")?;
        let sign = match self.next() {
            Some(Token::Sign(sign)) if *sign != "(" && *sign != ")" => *sign,
            other => {
                return Err(format!(
                    "expected `>=` or `<` behind `days since reply`, got {}",
                    shown(other)
                ));
            }
        };
        let word = self.word("a number of days")?;
        let days: u32 = word
            .parse()
            .ok()
            .filter(|days| *days <= limits::DAYS)
            .ok_or_else(|| format!("expected a number of days up to {}, got `{word}`", limits::DAYS))?;
        Ok(match sign {
            ">=" => Condition::RepliedDaysAgo(days),
            ">" => Condition::RepliedDaysAgo(days.saturating_add(1)),
            "<" => Condition::RepliedWithin(days),
            _ => Condition::RepliedWithin(days.saturating_add(1)),
        })
    }

    /// `phone is known`, `title is "CFO"`, `title contains "chief"`.
    fn field(&mut self, field: String) -> Result<Condition, String> {
        if self.takes("contains") {
            let value = self.text("a text in quotes")?;
            return Ok(Condition::Contains { field, value });
        }
        self.must("is")?;
        let negated = self.takes("not");
        let condition = if self.takes("known") {
            Condition::Known(field)
        } else {
            let value = self.text("`known` or a text in quotes")?;
            Condition::Is { field, value }
        };
        Ok(if negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        })
    }

    fn fields(&self) -> Vec<&str> {
        let declared = self.known.fields.iter().map(String::as_str);
        OF_PROSPECTS.into_iter().chain(["email"]).chain(declared).collect()
    }

    fn is_field(&self, word: &str) -> bool {
        self.fields().contains(&word)
    }

    fn next(&mut self) -> Option<&Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Word(next)) if next == word);
        if found {
            self.next();
        }
        found
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Sign(next)) if *next == sign);
        if found {
            self.next();
        }
        found
    }

    fn must(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) {
            return Ok(());
        }
        Err(format!("expected `{word}`, got {}", shown(self.tokens.first())))
    }

    fn sign(&mut self, sign: &str) -> Result<(), String> {
        if self.takes_sign(sign) {
            return Ok(());
        }
        Err(format!("expected `{sign}`, got {}", shown(self.tokens.first())))
    }

    fn word(&mut self, expected: &str) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word.clone()),
            other => Err(format!("expected {expected}, got {}", shown(other))),
        }
    }

    fn text(&mut self, expected: &str) -> Result<String, String> {
        match self.next() {
            Some(Token::Text(text)) => Ok(text.clone()),
            other => Err(format!("expected {expected}, got {}", shown(other))),
        }
    }
}

fn shown(token: Option<&Token>) -> String {
    token.map_or("the end".to_owned(), Token::shown)
}

fn one_or(mut parts: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            several(parts)
        }
        (None, _) => several(parts),
    }
}

/// What an answer may be read as, but for an opt-out, which always ends it.
pub(super) const INTENTS: [&str; 6] = [
    "interested",
    "question",
    "not_now",
    "not_interested",
    "referral",
    "other",
];

/// The name of a report: `opened`, `clicked`, or one of the house's own.
pub(super) fn signal_named(name: &str) -> Result<String, String> {
    if is_by_machine(name) {
        Err(format!(
            "`{name}` is what a program did, and nothing ever follows from it: ask for what people do"
        ))
    } else if is_signal_name(name) {
        Ok(name.to_owned())
    } else {
        Err(format!(
            "`{name}` is no name of a report: expected up to 40 of `a-z`, `0-9`, `-` and `_`"
        ))
    }
}

/// What a rep may log.
pub(super) const OUTCOMES: [TaskOutcome; 8] = [
    TaskOutcome::Done,
    TaskOutcome::Connected,
    TaskOutcome::Voicemail,
    TaskOutcome::NoAnswer,
    TaskOutcome::Meeting,
    TaskOutcome::NotInterested,
    TaskOutcome::WrongNumber,
    TaskOutcome::Skipped,
];

/// The outcome of this code.
pub(super) fn outcome_named(code: &str) -> Option<TaskOutcome> {
    OUTCOMES.into_iter().find(|outcome| outcome.code() == code)
}
