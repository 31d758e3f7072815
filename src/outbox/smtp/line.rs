//! The stream that lies under lettre's connection and watches what passes.
//!
//! lettre's connection (0.11.23) formats commands and pairs them with answers. What it does not do is done here, where
//! every octet passes:
//! - it reads a line of an answer without bound, fails on a bare `250` and on text that is not UTF-8: [`Reader`] reads
//!   the answers, bounded, and lettre is handed only the code;
//! - it keeps of a refusal neither the lines nor the enhanced status: the whole answer waits in [`Watch`];
//! - it takes what was said too early (a slipped pipeline, a second answer) for the answer to the next command: here
//!   nothing is written while something is unheard;
//! - it writes content and final dot in one call, and says the same words when the server went away before or after
//!   the dot: here the octets are counted, so that "the dot was never handed over" can be proven;
//! - it leaves Nagle on: [`super::dial`] does not.

use super::reply::{Answer, Reader};
use lettre::transport::smtp::client::AsyncTokioStream;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// What a connection's owner sees of its [`Line`], which lettre owns.
#[derive(Debug, Default)]
pub(super) struct Watch {
    seen: Mutex<Seen>,
    /// Told whenever a piece of content was handed over.
    pub(super) moved: Notify,
}

#[derive(Debug, Default)]
struct Seen {
    answer: Option<Answer>,
    fault: Option<Fault>,
    stage: Stage,
}

/// What is being written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Commands.
    #[default]
    Talk,
    /// Content, with so many octets to go before the dot.
    Content(usize),
    /// The final dot was begun.
    Dot,
}

/// Why a line is of no use any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What happened, in words without addresses.
    pub(super) why: String,
    /// The other side hung up or spoke unasked, so it did not act on what was last written to it.
    pub(super) unheard: bool,
}

impl Watch {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that came last, taken.
    pub(super) fn take_answer(&self) -> Option<Answer> {
        self.seen().answer.take()
    }

    /// What broke the line, if it is broken.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.seen().fault.clone()
    }

    /// From now on `octets` of content are written, and after them the dot.
    pub(super) fn begin_content(&self, octets: usize) {
        self.seen().stage = Stage::Content(octets);
    }

    /// Commands again.
    pub(super) fn end_content(&self) {
        self.seen().stage = Stage::Talk;
    }

    /// Whether a first octet of the final dot may have reached the socket.
    pub(super) fn dot_begun(&self) -> bool {
        self.seen().stage == Stage::Dot
    }
}

/// The stream.
pub(super) struct Line<S> {
    stream: S,
    peer: SocketAddr,
    reader: Reader,
    /// What lettre gets to read of the present answer, and how much of it was read.
    code: Vec<u8>,
    read: usize,
    watch: Arc<Watch>,
}

impl<S> std::fmt::Debug for Line<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line")
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// A line over `stream`, which is connected to `peer`.
    pub(super) fn new(stream: S, peer: SocketAddr, watch: Arc<Watch>) -> Self {
        Self {
            stream,
            peer,
            reader: Reader::default(),
            code: Vec::new(),
            read: 0,
            watch,
        }
    }

    /// Lets lettre read `code` first: after STARTTLS the server does not greet again, and lettre waits for a greeting.
    pub(super) fn with_greeting(mut self, code: u16) -> Self {
        self.offer(code);
        self
    }

    /// The stream alone.
    ///
    /// # Errors
    /// When something was said that nobody heard: in front of a TLS handshake it would be a stranger's words
    /// (CVE-2011-0411).
    pub(super) fn into_stream(self) -> Result<S> {
        match self.reader.is_empty() && self.is_read() {
            true => Ok(self.stream),
            false => Err(Error::new(
                ErrorKind::InvalidData,
                "the server spoke before TLS was there",
            )),
        }
    }

    fn offer(&mut self, code: u16) {
        self.code = format!("{code} -\r\n").into_bytes();
        self.read = 0;
    }

    fn is_read(&self) -> bool {
        self.read >= self.code.len()
    }

    fn fail(&self, error: Error, unheard: bool) -> Error {
        let why = error.to_string();
        self.watch.seen().fault.get_or_insert(Fault { why, unheard });
        error
    }

    fn hung_up(&self) -> Error {
        let gone = Error::new(ErrorKind::ConnectionAborted, "the server closed the connection");
        self.fail(gone, true)
    }

    /// Takes in what the server says, once. Zero octets are the end.
    fn poll_listen(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let mut space = [0_u8; 2_048];
        let mut buffer = ReadBuf::new(&mut space);
        match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)) {
            Ok(()) => {
                self.reader.feed(buffer.filled());
                Poll::Ready(Ok(buffer.filled().len()))
            }
            // A TLS peer that leaves without saying so is a peer that left.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Poll::Ready(Ok(0)),
            Err(error) => Poll::Ready(Err(self.fail(error, true))),
        }
    }

    /// Moves the next whole answer to where lettre reads.
    fn hear(&mut self) -> Result<bool> {
        match self.reader.next() {
            Ok(None) => Ok(false),
            Ok(Some(answer)) => {
                self.offer(answer.code);
                self.watch.seen().answer = Some(answer);
                Ok(true)
            }
            Err(garbled) => Err(self.fail(Error::new(ErrorKind::InvalidData, garbled.0), false)),
        }
    }

    /// Whether it is our turn to speak: nothing unheard, nothing that just came in, no refusal that nobody took note of.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Result<()> {
        if let Poll::Ready(heard) = self.poll_listen(cx)
            && heard? == 0
        {
            return Err(self.hung_up());
        }
        // lettre answers a refused EHLO with QUIT and waits for the answer; the refusal is answer enough.
        let refused = self.watch.seen().answer.as_ref().is_some_and(Answer::is_no);
        if refused || !self.reader.is_empty() || !self.is_read() {
            let early = Error::new(ErrorKind::InvalidData, "the server spoke when it was not asked");
            return Err(self.fail(early, true));
        }
        Ok(())
    }

    /// Waits for one answer; for the words before STARTTLS, which lettre does not see.
    pub(super) async fn answer(&mut self) -> Result<Answer> {
        loop {
            if self.hear()? {
                self.read = self.code.len();
                let answer = self.watch.take_answer();
                return answer.ok_or_else(|| self.hung_up());
            }
            if std::future::poll_fn(|cx| self.poll_listen(cx)).await? == 0 {
                return Err(self.hung_up());
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Line<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        loop {
            let left = self.code.get(self.read..).unwrap_or_default();
            if let Some(part) = left.get(..left.len().min(buffer.remaining()))
                && !part.is_empty()
            {
                buffer.put_slice(part);
                self.read = self.read.saturating_add(part.len());
                return Poll::Ready(Ok(()));
            }
            if self.hear()? {
                continue;
            }
            if ready!(self.poll_listen(cx))? == 0 {
                // lettre sees the end of the stream; the reason stands in the watch.
                drop(self.hung_up());
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Line<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let stage = self.watch.seen().stage;
        if stage != Stage::Dot {
            self.poll_turn(cx)?;
        }
        let bytes = match stage {
            Stage::Content(left) if left > 0 => bytes.get(..left).unwrap_or(bytes),
            Stage::Content(_) => {
                // From here on nobody can say that the server does not have the whole mail.
                self.watch.seen().stage = Stage::Dot;
                bytes
            }
            Stage::Talk | Stage::Dot => bytes,
        };
        let written =
            ready!(Pin::new(&mut self.stream).poll_write(cx, bytes)).map_err(|error| self.fail(error, true))?;
        if let Stage::Content(left) = stage {
            if left > 0 {
                self.watch.seen().stage = Stage::Content(left.saturating_sub(written));
            }
            self.watch.moved.notify_one();
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync> AsyncTokioStream for Line<S> {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}
