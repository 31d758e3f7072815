//! Stands between the wire and async-imap's parser and lets only bounded, well-framed responses through.
//!
//! The parser believes what it is told: it fills memory up to an announced literal, reads an endless line again and again,
//! recurses into brackets, panics on some texts, and gives up the session over an untagged response it does not know. So
//! lines are held back here until they are whole, and then let through, made harmless, or dropped; literals flow through once
//! their announced length fits what the running command may cost.
//!
//! Standards: RFC 3501 4.3 (literals), 7 (responses). Limits: `limits::IMAP_*`.

use crate::model::limits;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_io_timeout::TimeoutStream;

/// A byte stream to a server, encrypted or not.
pub trait Transport: AsyncRead + AsyncWrite + std::fmt::Debug + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + std::fmt::Debug + Unpin + Send> Transport for T {}

/// A server's stream under a budget of bytes, lines and silence.
pub struct Budget {
    inner: Pin<Box<TimeoutStream<Box<dyn Transport>>>>,
    /// Read and not yet let through; only its first `passed` bytes may be.
    held: Vec<u8>,
    passed: usize,
    state: State,
    bytes_left: u64,
    lines_left: u32,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// Bytes of the literal that is under way.
    literal: u64,
    /// Literals of the response so far; 0 at the beginning of a response.
    literals: u32,
    /// The response under way is kept from the parser.
    dropped: bool,
}

const BETWEEN: State = State {
    literal: 0,
    literals: 0,
    dropped: false,
};

/// Never shows a byte of what passes: logins and mails do.
impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget")
            .field("bytes_left", &self.bytes_left)
            .finish_non_exhaustive()
    }
}

impl Budget {
    /// A budget for the greeting; every command then gets its own.
    pub fn new(stream: Box<dyn Transport>) -> Self {
        let mut inner = Box::pin(TimeoutStream::new(stream));
        inner.as_mut().set_write_timeout_pinned(Some(limits::IMAP_COMMAND));
        inner.as_mut().set_read_timeout_pinned(Some(limits::IMAP_COMMAND));
        Self {
            inner,
            held: Vec::new(),
            passed: 0,
            state: BETWEEN,
            bytes_left: limits::IMAP_ANSWER,
            lines_left: limits::IMAP_LINES,
        }
    }

    /// What the next command may cost: its ordinary answer and `mails` bytes of mail.
    pub fn allow(&mut self, mails: u64) {
        self.bytes_left = limits::IMAP_ANSWER.saturating_add(mails);
        self.lines_left = limits::IMAP_LINES;
    }

    /// How long the server may say nothing; `None` while it idles.
    pub fn silence(&mut self, at_most: Option<Duration>) {
        self.inner.as_mut().set_read_timeout_pinned(at_most);
    }

    /// Decides about what is held. `false`: more is needed.
    fn examine(&mut self) -> io::Result<bool> {
        if self.state.literal > 0 {
            return self.examine_literal();
        }
        let Some(end) = self.held.iter().position(|byte| *byte == b'\n').map(|at| at + 1) else {
            if self.held.len() > limits::IMAP_LINE {
                return Err(broken("the server sends a line without end"));
            }
            return Ok(false);
        };
        if end > limits::IMAP_LINE {
            return Err(broken("the server sends a line that is too long"));
        }
        self.spend(end as u64)?;
        self.lines_left = self
            .lines_left
            .checked_sub(1)
            .ok_or_else(|| broken("the server sends lines without end"))?;
        let line: Vec<u8> = self.held.drain(..end).collect();
        if let Some(line) = self.examine_line(line)? {
            self.passed = line.len();
            self.held.splice(..0, line);
        }
        Ok(true)
    }

    fn examine_literal(&mut self) -> io::Result<bool> {
        let here = usize::try_from(self.state.literal)
            .unwrap_or(usize::MAX)
            .min(self.held.len());
        self.state.literal -= here as u64;
        if self.state.dropped {
            self.held.drain(..here);
        } else {
            self.passed = here;
        }
        Ok(here > 0)
    }

    /// One line with its line end: the line to let through, or `None` to drop it.
    fn examine_line(&mut self, line: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        if nesting(&line) > limits::IMAP_NESTING {
            return Err(broken("the server sends brackets in brackets without end"));
        }
        let goes_on = self.state.literals > 0;
        let kind = if goes_on { Kind::Data } else { Kind::of(&line) };
        if kind == Kind::Text {
            return Ok(Some(printable(line)));
        }
        self.state.dropped = (goes_on && self.state.dropped) || kind == Kind::Foreign;
        let dropped = self.state.dropped;
        match announced(&line) {
            Some(size) => {
                self.spend(size)?;
                self.state.literal = size;
                self.state.literals += 1;
                if self.state.literals > limits::IMAP_LITERALS {
                    return Err(broken("the server sends literals without end"));
                }
            }
            None => self.state = BETWEEN,
        }
        // A date that is NIL makes the parser panic, and no mail has one.
        if contains(&line, b"INTERNALDATE NIL") {
            return Err(broken("the server sends a mail without a date of arrival"));
        }
        Ok((!dropped).then(|| without_trailing_space(line)))
    }

    fn spend(&mut self, bytes: u64) -> io::Result<()> {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(broken("the server sends or announces far more than was asked for")),
        }
    }

    /// Reads more; `false` at the end of the stream.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut piece = [0_u8; 16 * 1024];
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(self.inner.as_mut().poll_read(cx, &mut buffer))?;
        self.held.extend_from_slice(buffer.filled());
        if !buffer.filled().is_empty() {
            return Poll::Ready(Ok(true));
        }
        if self.held.is_empty() && self.state.literal == 0 && self.state.literals == 0 {
            return Poll::Ready(Ok(false));
        }
        Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
    }

    /// The middle of a long literal goes to the parser without being copied here.
    fn poll_literal(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let most = usize::try_from(self.state.literal)
            .unwrap_or(usize::MAX)
            .min(buf.remaining());
        let mut piece = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(self.inner.as_mut().poll_read(cx, &mut piece))?;
        let read = piece.filled().len();
        if read == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        buf.advance(read);
        self.state.literal -= read as u64;
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Budget {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.passed > 0 {
                let now = this.passed.min(buf.remaining());
                buf.put_slice(this.held.get(..now).unwrap_or_default());
                this.held.drain(..now);
                this.passed -= now;
                return Poll::Ready(Ok(()));
            }
            if this.state.literal > 0 && this.held.is_empty() && !this.state.dropped {
                return this.poll_literal(cx, buf);
            }
            if !this.examine()? && !ready!(this.poll_more(cx))? {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Budget {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().inner.as_mut().poll_write(cx, buf)
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().inner.as_mut().poll_flush(cx)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().inner.as_mut().poll_shutdown(cx)
    }
}

fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// What a line is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A status (tagged or not) or a continuation: text for people, without literals.
    Text,
    /// Data we use.
    Data,
    /// Data we never asked for and the parser may not know.
    Foreign,
}

impl Kind {
    fn of(line: &[u8]) -> Self {
        let mut words = line.split(|byte| matches!(byte, b' ' | b'\r' | b'\n'));
        if words.next() != Some(b"*") {
            return Self::Text;
        }
        let first = words.next().unwrap_or_default();
        let word = if first.iter().all(u8::is_ascii_digit) {
            words.next().unwrap_or_default()
        } else {
            first
        };
        match word.to_ascii_uppercase().as_slice() {
            b"OK" | b"NO" | b"BAD" | b"BYE" | b"PREAUTH" => Self::Text,
            b"FETCH" | b"EXISTS" | b"EXPUNGE" | b"CAPABILITY" | b"LIST" | b"STATUS" | b"SEARCH" => Self::Data,
            _ => Self::Foreign,
        }
    }
}

/// The length of the literal that a line announces: `{n}` at its end.
fn announced(line: &[u8]) -> Option<u64> {
    let line = line.trim_ascii_end().strip_suffix(b"}")?;
    let open = line.iter().rposition(|byte| *byte == b'{')?;
    let digits = line.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // A number past u64 is past every budget too.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

/// How deep brackets are nested, quoted text apart.
fn nesting(line: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Text for people with everything but ASCII replaced: the parser slices some texts by bytes.
fn printable(mut line: Vec<u8>) -> Vec<u8> {
    for byte in &mut line {
        if !matches!(byte, b' '..=b'~' | b'\r' | b'\n') {
            *byte = b'?';
        }
    }
    line
}

/// Exchange ends STATUS with a space before the line end, which the parser takes for an error.
fn without_trailing_space(mut line: Vec<u8>) -> Vec<u8> {
    let end = line.trim_ascii_end().len();
    if line.get(end..).is_some_and(|rest| rest.contains(&b' ')) {
        line.truncate(end);
        line.extend_from_slice(b"\r\n");
    }
    line
}

fn contains(line: &[u8], words: &[u8]) -> bool {
    line.windows(words.len())
        .any(|window| window.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    /// What comes out of the budget for what the server sends, in pieces of `piece` bytes.
    async fn through(sent: &[u8], piece: usize, mails: u64) -> io::Result<Vec<u8>> {
        let (near, mut far) = duplex(64);
        let sent = sent.to_vec();
        let server = tokio::spawn(async move {
            for piece in sent.chunks(piece) {
                if far.write_all(piece).await.is_err() {
                    return;
                }
            }
        });
        let mut budget = Budget::new(Box::new(near));
        budget.bytes_left = 200 + mails;
        let mut seen = Vec::new();
        let result = budget.read_to_end(&mut seen).await;
        drop(budget);
        server.await.expect("the server ends");
        result.map(|_| seen)
    }

    #[tokio::test]
    async fn a_mail_passes_byte_by_byte_however_it_is_cut() {
        let sent = b"* 1 FETCH (UID 7 BODY[] {13}\r\nA: b\r\n\r\n{9}\r\n)\r\nA1 OK done\r\n";
        for piece in [1, 2, 3, 7, 1000] {
            assert_eq!(
                through(sent, piece, 13).await.expect("it passes"),
                sent,
                "pieces of {piece}"
            );
        }
    }

    #[tokio::test]
    async fn a_response_nobody_asked_for_is_dropped_with_its_literals() {
        let sent = b"* ESEARCH (TAG \"A2\") UID ALL 1:3\r\n* METADATA x {3}\r\nabc (y)\r\n* 5 EXISTS\r\n";
        assert_eq!(through(sent, 1, 0).await.expect("it passes"), b"* 5 EXISTS\r\n");
    }

    #[tokio::test]
    async fn text_is_made_harmless_and_never_taken_for_a_literal() {
        let sent = "* OK [ALERT]über {5}\r\nA1 NO nein {500000000}\r\n".as_bytes();
        let seen = through(sent, 3, 0).await.expect("it passes");
        assert_eq!(seen, b"* OK [ALERT]??ber {5}\r\nA1 NO nein {500000000}\r\n");
    }

    #[tokio::test]
    async fn a_trailing_space_is_cut() {
        let seen = through(b"* STATUS INBOX (UIDNEXT 3) \r\n", 1, 0)
            .await
            .expect("it passes");
        assert_eq!(seen, b"* STATUS INBOX (UIDNEXT 3)\r\n");
    }

    #[tokio::test]
    async fn what_was_not_asked_for_is_refused_before_it_costs_anything() {
        let brackets = format!("* 1 FETCH (BODY {})\r\n", "(".repeat(100));
        let literals = format!("* LIST () \"/\" {}", "{0}\r\n".repeat(20));
        for (sent, why) in [
            ("* 1 FETCH (UID 7 BODY[] {500000000}\r\nabc", "far more"),
            ("* 1 FETCH (UID 7 BODY[] {99999999999999999999999}\r\n", "far more"),
            (&"* 1 EXISTS\r\n".repeat(50), "far more"),
            (brackets.as_str(), "brackets"),
            (literals.as_str(), "literals"),
            ("* 1 FETCH (INTERNALDATE NIL)\r\n", "date"),
        ] {
            let error = through(sent.as_bytes(), 1000, 0).await.expect_err("it is refused");
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[tokio::test]
    async fn an_endless_line_is_cut_off_at_its_bound() {
        let line = [b"* OK ".to_vec(), vec![b'x'; 2 * limits::IMAP_LINE]].concat();
        let error = through(&line, 4096, 1 << 30).await.expect_err("it is refused");
        assert!(error.to_string().contains("without end"), "{error}");
    }

    #[tokio::test]
    async fn an_end_in_the_middle_is_an_error_and_not_an_end() {
        for sent in [
            "* 1 FETCH (UID 7 BODY[] {5}\r\nabc",
            "* 1 FETCH (UID 7 BODY[] {3}\r\nabc",
            "* 1 EXI",
        ] {
            let error = through(sent.as_bytes(), 4, 100).await.expect_err("it is refused");
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        }
    }
}
