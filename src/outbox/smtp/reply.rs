//! Reads a server's answers, without I/O.
//!
//! Standards: RFC 5321 4.2 (answers), RFC 2034 and 3463 (enhanced status). A code without words is taken, text that is
//! not UTF-8 is taken lossily, a line end may be a bare LF. Everything else that is odd is an error, and the connection
//! is dropped: a client that guesses at answers does not know what was accepted.
//! Limits: [`limits::SMTP_LINE`] octets a line, [`limits::SMTP_LINES`] lines an answer.

use crate::model::{Reply, limits};

/// One whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Three digits, 200 to 559.
    pub(super) code: u16,
    /// The text of each line, without control characters.
    pub(super) lines: Vec<String>,
}

impl Answer {
    /// 2yz.
    pub(super) fn is_yes(&self) -> bool {
        self.code / 100 == 2
    }

    /// 4yz or 5yz.
    pub(super) fn is_no(&self) -> bool {
        matches!(self.code / 100, 4 | 5)
    }

    /// 421 says that the server is closing, whatever was asked (RFC 5321 3.8).
    pub(super) fn is_closing(&self) -> bool {
        self.code == 421
    }

    /// The answer as the rest of the program keeps it.
    pub(super) fn reply(&self) -> Reply {
        let first = self.lines.first().map_or("", String::as_str);
        let found = status(first).map(|(status, _)| status.to_owned());
        let words: Vec<&str> = self
            .lines
            .iter()
            .map(|line| status(line).map_or(line.as_str(), |(_, rest)| rest).trim())
            .filter(|words| !words.is_empty())
            .collect();
        Reply {
            code: self.code,
            status: found,
            text: words.join(" ").chars().take(limits::EXCERPT).collect(),
        }
    }
}

/// Collects octets until an answer is whole.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    code: Option<u16>,
    lines: Vec<String>,
}

/// What was heard is no SMTP answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Garbled(pub(super) &'static str);

impl Reader {
    /// Takes what came in.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Nothing is left over.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.lines.is_empty()
    }

    /// The next whole answer, if there is one.
    ///
    /// # Errors
    /// When it is none, or breaks a limit.
    pub(super) fn next(&mut self) -> Result<Option<Answer>, Garbled> {
        while let Some(end) = self.bytes.iter().position(|&b| b == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            if line.len() > limits::SMTP_LINE {
                return Err(Garbled("a line of the answer is too long"));
            }
            if let Some(answer) = self.take_line(&line)? {
                return Ok(Some(answer));
            }
        }
        match self.bytes.len() > limits::SMTP_LINE {
            true => Err(Garbled("a line of the answer is too long")),
            false => Ok(None),
        }
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<Answer>, Garbled> {
        let (code, more, text) = split(line).ok_or(Garbled("the answer is not SMTP"))?;
        if self.code.is_some_and(|first| first != code) {
            return Err(Garbled("the answer has two codes"));
        }
        self.code = Some(code);
        self.lines.push(clean(text));
        if more && self.lines.len() >= limits::SMTP_LINES {
            return Err(Garbled("the answer has too many lines"));
        }
        if more {
            return Ok(None);
        }
        self.code = None;
        Ok(Some(Answer {
            code,
            lines: std::mem::take(&mut self.lines),
        }))
    }
}

/// `250-text` → (250, more to come, text). The second digit is 0 to 5 (RFC 5321 4.2.1), the first 2 to 5, since no
/// command that is sent here may be answered with 1yz.
fn split(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (code, rest) = line.split_at_checked(3)?;
    let digits = std::str::from_utf8(code).ok()?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let code: u16 = digits.parse().ok()?;
    if !(200..600).contains(&code) || code / 10 % 10 > 5 {
        return None;
    }
    match rest.split_first() {
        None => Some((code, false, rest)),
        Some((b' ', text)) => Some((code, false, text)),
        Some((b'-', text)) => Some((code, true, text)),
        Some(_) => None,
    }
}

/// One line of text for people: no control characters, nothing that turns the reading direction.
fn clean(text: &[u8]) -> String {
    let unwanted = |c: char| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    let text = String::from_utf8_lossy(text).replace('\t', " ");
    text.chars()
        .filter(|&c| !unwanted(c))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// `5.1.1 no such user` → (`5.1.1`, ` no such user`).
fn status(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (found, rest) = text.split_at_checked(end)?;
    let mut parts = found.split('.');
    let class = parts.next()?;
    let number = |part: &str| (1..=3).contains(&part.len());
    let fits = matches!(class, "2" | "4" | "5") && parts.next().is_some_and(number) && parts.next().is_some_and(number);
    (fits && parts.next().is_none()).then_some((found, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Option<Answer>, Garbled> {
        let mut reader = Reader::default();
        reader.feed(text);
        reader.next()
    }

    fn reply(text: &[u8]) -> Reply {
        read(text).expect("an answer").expect("a whole answer").reply()
    }

    #[test]
    fn an_answer_of_several_lines_becomes_one_line() {
        let reply = reply(b"550-5.1.1 no such\tuser\r\n550 5.1.1 \x1b[31mreally\r\n");
        assert_eq!((reply.code, reply.status.as_deref()), (550, Some("5.1.1")));
        assert_eq!(reply.text, "no such user [31mreally");
    }

    #[test]
    fn a_code_alone_and_text_outside_utf8_are_taken() {
        assert_eq!((reply(b"250\r\n").code, reply(b"250\r\n").text), (250, String::new()));
        assert_eq!(reply(b"250 gr\xfc\xdfe\n").text, "gr\u{fffd}\u{fffd}e");
    }

    #[test]
    fn only_a_whole_status_is_one() {
        for (text, wanted) in [
            ("5.1.1 no", Some("5.1.1")),
            ("4.700.123", Some("4.700.123")),
            ("5.7.1: blocked", Some("5.7.1")),
            ("3.1.1 no", None),
            ("5.1 no", None),
            ("5.1.1234 no", None),
            ("5.1.1.1 an address", None),
            ("5..1 no", None),
            ("no 5.1.1", None),
        ] {
            let answer = Answer {
                code: 550,
                lines: vec![text.to_owned()],
            };
            assert_eq!(answer.reply().status.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_answer_is_an_error_and_half_a_line_is_none_yet() {
        for bad in [
            &b"hello\r\n"[..],
            b"25\r\n",
            b"2500 ok\r\n",
            b"150 wait\r\n",
            b"260 ok\r\n",
            b"600 ok\r\n",
            b"250-a\r\n550 b\r\n",
            b"\r\n",
            b"+25 x\r\n",
        ] {
            assert!(read(bad).is_err(), "{:?}", String::from_utf8_lossy(bad));
        }
        assert_eq!(read(b"25"), Ok(None));
        assert_eq!(read(b"250-a\r\n250 b"), Ok(None));
    }

    #[test]
    fn an_answer_is_bounded_in_lines_and_octets() {
        let lines = |n: usize| ["250-x\r\n".repeat(n - 1).as_bytes(), b"250 x\r\n"].concat();
        assert!(matches!(read(&lines(limits::SMTP_LINES)), Ok(Some(_))));
        assert!(read(&lines(limits::SMTP_LINES + 1)).is_err());
        let line = |n: usize| [b"250 ", vec![b'x'; n - 6].as_slice(), b"\r\n"].concat();
        assert!(matches!(read(&line(limits::SMTP_LINE)), Ok(Some(_))));
        assert!(read(&line(limits::SMTP_LINE + 1)).is_err());
        assert!(
            read(&vec![b'2'; limits::SMTP_LINE + 1]).is_err(),
            "a line without an end"
        );
        assert!(reply(&line(limits::SMTP_LINE)).text.len() <= limits::EXCERPT);
    }

    #[test]
    fn two_answers_in_one_packet_are_two_answers() {
        let mut reader = Reader::default();
        reader.feed(b"250 a\r\n550 b\r\n");
        assert_eq!(reader.next().map(|a| a.map(|a| a.code)), Ok(Some(250)));
        assert!(!reader.is_empty());
        assert_eq!(reader.next().map(|a| a.map(|a| a.code)), Ok(Some(550)));
        assert!(reader.is_empty());
    }
}
