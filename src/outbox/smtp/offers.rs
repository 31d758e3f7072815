//! What a server says it can do, in answer to EHLO (RFC 5321 4.1.1.1).
//!
//! lettre's own list knows neither SIZE nor keywords in lower case, so it is read here.

use super::reply::Answer;
use crate::model::limits;

/// The extensions that matter here, and the names of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// STARTTLS (RFC 3207).
    pub(super) starttls: bool,
    /// 8BITMIME (RFC 6152).
    pub(super) eight_bit: bool,
    /// SMTPUTF8 (RFC 6531).
    pub(super) utf8: bool,
    /// SIZE (RFC 1870).
    pub(super) size: bool,
    /// PIPELINING (RFC 2920).
    pub(super) pipelining: bool,
    /// AUTH PLAIN (RFC 4616).
    pub(super) plain: bool,
    /// AUTH LOGIN, in no RFC and in wide use.
    pub(super) login: bool,
    /// Every line after the greeting, for people.
    pub(super) lines: Vec<String>,
}

impl Offers {
    /// Reads the answer to EHLO.
    pub(super) fn read(answer: &Answer) -> Self {
        let mut offers = Self::default();
        for line in answer.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()) {
            // Some old servers write AUTH=LOGIN.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("SIZE") => offers.size = true,
                Some("AUTH") => {
                    for mechanism in words {
                        offers.plain |= mechanism == "PLAIN";
                        offers.login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
            offers.lines.push(line.chars().take(limits::EXCERPT).collect());
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_read_in_any_case_and_the_greeting_is_none() {
        let lines = [
            "starttls greets you",
            "size 1000",
            "8bitMIME",
            "AUTH=LOGIN",
            "Auth PLAIN XOAUTH2",
            "Pipelining",
        ];
        let answer = Answer {
            code: 250,
            lines: lines.map(str::to_owned).to_vec(),
        };
        let offers = Offers::read(&answer);
        assert!(offers.size && offers.pipelining && offers.eight_bit && offers.login && offers.plain);
        assert!(!offers.starttls && !offers.utf8);
        assert_eq!(offers.lines.len(), 5);
    }
}
