//! One connection to the relay: opened, logged in, asked one thing at a time, each within its time.
//!
//! Standards: RFC 5321, RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 4616 (PLAIN).
//! Any silence or nonsense makes a connection useless; whoever gets a [`Fault`] drops it. Credentials go only over TLS
//! or to this machine itself, because [`super::dial`] makes no other connections.
//! Not here: what an answer means for a letter (transaction). Known gaps: no XOAUTH2, no HELO for servers without EHLO.

use super::line::{Fault, Line, Watch};
use super::offers::Offers;
use super::reply::Answer;
use super::setback::{NO_LOGIN, Setback};
use super::settings::{Security, Settings};
use super::{dial, wire};
use crate::model::{Phase, limits};
use data_encoding::BASE64;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Quit, Starttls};
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

/// A connection that is ready for MAIL.
pub(super) struct Connection {
    lettre: AsyncSmtpConnection,
    watch: Arc<Watch>,
    /// What the server offers, as it said last (after TLS, if there is TLS).
    pub(super) offers: Offers,
    /// Mails that went over it.
    pub(super) mails: usize,
    /// Commands that were said and whose answers nobody took yet.
    ahead: usize,
}

/// What became of content.
pub(super) enum Given {
    /// The dot was given and answered.
    Answered(Answer),
    /// The server answered before the dot, and the dot was not given.
    Early(Answer),
    /// The line broke before the dot: the server must throw away what it has (RFC 5321 4.1.1.4).
    Cut(Fault),
    /// The dot was given, and no answer came.
    Unknown(Fault),
}

impl Connection {
    /// Connects, secures the connection, says hello and logs in.
    pub(super) async fn open(settings: &Settings, trust: Option<&Arc<ClientConfig>>) -> Result<Self, Setback> {
        let watch = Arc::new(Watch::default());
        let mut connection = match (settings.security, trust) {
            (Security::None, _) => {
                let (tcp, peer) = connecting(dial::tcp(settings)).await?;
                Self::hello(Line::new(tcp, peer, Arc::clone(&watch)), watch, settings).await?
            }
            (Security::Tls, Some(trust)) => {
                let dialling = async {
                    let (tcp, peer) = dial::tcp(settings).await?;
                    Ok((dial::tls(tcp, &settings.host, trust).await?, peer))
                };
                let (tls, peer) = connecting(dialling).await?;
                Self::hello(Line::new(tls, peer, Arc::clone(&watch)), watch, settings).await?
            }
            (Security::Starttls, Some(trust)) => {
                let (tcp, peer) = connecting(dial::tcp(settings)).await?;
                let tcp = starttls(Line::new(tcp, peer, Arc::clone(&watch)), settings).await?;
                let tls = connecting(dial::tls(tcp, &settings.host, trust)).await?;
                let line = Line::new(tls, peer, Arc::clone(&watch)).with_greeting(220);
                Self::hello(line, watch, settings).await?
            }
            (Security::Tls | Security::Starttls, None) => {
                return Err(Setback::lost(Phase::Connect, "there is nobody to trust"));
            }
        };
        if let Some((user, password)) = &settings.login {
            connection.login(user, password).await?;
        }
        Ok(connection)
    }

    async fn hello<S>(line: Line<S>, watch: Arc<Watch>, settings: &Settings) -> Result<Self, Setback>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static,
    {
        let name = settings.hello();
        let talk = AsyncSmtpConnection::connect_with_transport(Box::new(line), &name);
        // Two answers: the greeting, and that to EHLO.
        let within = limits::COMMAND.saturating_mul(2);
        let result = timeout(within, talk).await;
        let answer = watch.take_answer();
        match (result, answer) {
            (Ok(Ok(lettre)), Some(answer)) => Ok(Self {
                lettre,
                watch,
                offers: Offers::read(&answer),
                mails: 0,
                ahead: 0,
            }),
            (_, Some(answer)) if answer.is_no() => Err(Setback::Said(Phase::Connect, answer)),
            (Err(_), _) => Err(Setback::Lost(Phase::Connect, silence(within))),
            (Ok(result), _) => {
                let words = result.err().map_or_else(String::new, |error| error.to_string());
                Err(Setback::Lost(Phase::Connect, fault(&watch, words)))
            }
        }
    }

    /// Asks one thing and waits `within` for the answer, whatever it is.
    ///
    /// # Errors
    /// When there was none.
    pub(super) async fn ask(&mut self, command: impl Display + Send, within: Duration) -> Result<Answer, Fault> {
        drop(self.watch.take_answer());
        match timeout(within, self.lettre.command(command)).await {
            Err(_) => Err(silence(within)),
            Ok(result) => heard(&self.watch, result),
        }
    }

    /// Says a command and `more` behind it in one go (RFC 2920), and waits for the answer to the first. A few hundred octets,
    /// which the socket takes at once; were it otherwise the line would break, and nothing was given yet.
    ///
    /// # Errors
    /// When there was none.
    pub(super) async fn ask_ahead(&mut self, first: impl Display, more: &[String]) -> Result<Answer, Fault> {
        self.ahead = more.len();
        self.ask(format!("{first}{}", more.concat()), limits::COMMAND).await
    }

    /// The answer to `command`, which is said now unless it was said ahead.
    ///
    /// # Errors
    /// When there was none.
    pub(super) async fn answer_to(&mut self, command: impl Display + Send, within: Duration) -> Result<Answer, Fault> {
        let Some(left) = self.ahead.checked_sub(1) else {
            return self.ask(command, within).await;
        };
        self.ahead = left;
        drop(self.watch.take_answer());
        match timeout(within, self.lettre.read_response()).await {
            Err(_) => Err(silence(within)),
            Ok(result) => heard(&self.watch, result),
        }
    }

    /// Takes the answers to what was said ahead of a refusal; whether the server waits for commands then. One that asks for
    /// content all the same (RFC 2920 3.1) gets none and is left.
    pub(super) async fn is_quiet(&mut self) -> bool {
        while self.ahead > 0 {
            let answer = self.answer_to("", limits::DATA).await;
            if !answer.is_ok_and(|answer| answer.is_yes() || answer.is_no() && !answer.is_closing()) {
                return false;
            }
        }
        true
    }

    /// Gives canonical `content` and the final dot, and waits for the answer.
    pub(super) async fn give(&mut self, content: &[u8]) -> Given {
        drop(self.watch.take_answer());
        // lettre ends the last line itself.
        let content = content.strip_suffix(b"\r\n").unwrap_or(content);
        self.watch.begin_content(wire::stuffed_len(content));
        let result = self.give_in_time(content).await;
        let dot = self.watch.dot_begun();
        self.watch.end_content();
        match (result, dot) {
            (Ok(answer), _) => Given::Answered(answer),
            (Err(fault), true) => Given::Unknown(fault),
            (Err(fault), false) if fault.unheard => self.listen(fault).await,
            (Err(fault), false) => Given::Cut(fault),
        }
    }

    /// Each piece has its time, and the dot has its own.
    async fn give_in_time(&mut self, content: &[u8]) -> Result<Answer, Fault> {
        let watch = Arc::clone(&self.watch);
        let mut giving = pin!(self.lettre.message(content));
        loop {
            let within = match watch.dot_begun() {
                true => limits::FINAL_DOT,
                false => limits::CONTENT,
            };
            tokio::select! {
                biased;
                result = &mut giving => return heard(&watch, result),
                () = watch.moved.notified() => {}
                () = tokio::time::sleep(within) => return Err(silence(within)),
            }
        }
    }

    /// The server hung up on us in the middle; it may have said why.
    async fn listen(&mut self, fault: Fault) -> Given {
        let result = timeout(limits::COMMAND, self.lettre.read_response()).await;
        match result.map(|result| heard(&self.watch, result)) {
            Ok(Ok(answer)) => Given::Early(answer),
            Ok(Err(_)) | Err(_) => Given::Cut(fault),
        }
    }

    async fn login(&mut self, user: &str, password: &SecretString) -> Result<(), Setback> {
        let password = password.expose_secret();
        let steps = match &self.offers {
            offers if offers.plain => vec![format!(
                "AUTH PLAIN {}\r\n",
                BASE64.encode(format!("\0{user}\0{password}").as_bytes())
            )],
            offers if offers.login => vec![
                "AUTH LOGIN\r\n".to_owned(),
                format!("{}\r\n", BASE64.encode(user.as_bytes())),
                format!("{}\r\n", BASE64.encode(password.as_bytes())),
            ],
            _ => {
                return Err(Setback::lost(Phase::Auth, NO_LOGIN));
            }
        };
        let last = steps.len().saturating_sub(1);
        for (nth, step) in steps.into_iter().enumerate() {
            let answer = self.ask(step, limits::COMMAND).await;
            let answer = answer.map_err(|fault| Setback::Lost(Phase::Auth, fault))?;
            match nth == last {
                true if answer.is_yes() => {}
                false if answer.code == 334 => {}
                true | false => return Err(Setback::Said(Phase::Auth, answer)),
            }
        }
        Ok(())
    }

    /// Says goodbye and waits a moment for the answer.
    pub(super) async fn quit(mut self) {
        drop(self.ask(Quit, limits::GOODBYE).await);
    }
}

/// TCP and TLS, within their time.
async fn connecting<T>(work: impl Future<Output = std::io::Result<T>>) -> Result<T, Setback> {
    match timeout(limits::CONNECT, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Setback::lost(Phase::Connect, error.to_string())),
        Err(_) => Err(Setback::Lost(Phase::Connect, silence(limits::CONNECT))),
    }
}

/// The words before TLS. Nothing that the server says here is believed later.
async fn starttls(mut line: Line<TcpStream>, settings: &Settings) -> Result<TcpStream, Setback> {
    plainly(&mut line, None).await?;
    let hello = plainly(&mut line, Some(Ehlo::new(settings.hello()).to_string())).await?;
    if !Offers::read(&hello).starttls {
        let words = "the server does not offer STARTTLS, and without it nothing is said";
        return Err(Setback::lost(Phase::Connect, words));
    }
    plainly(&mut line, Some(Starttls.to_string())).await?;
    line.into_stream()
        .map_err(|error| Setback::lost(Phase::Connect, error.to_string()))
}

async fn plainly(line: &mut Line<TcpStream>, command: Option<String>) -> Result<Answer, Setback> {
    let exchange = async {
        if let Some(command) = command {
            line.write_all(command.as_bytes()).await?;
        }
        line.answer().await
    };
    match timeout(limits::COMMAND, exchange).await {
        Ok(Ok(answer)) if answer.is_yes() => Ok(answer),
        Ok(Ok(answer)) => Err(Setback::Said(Phase::Connect, answer)),
        Ok(Err(error)) => Err(Setback::lost(Phase::Connect, error.to_string())),
        Err(_) => Err(Setback::Lost(Phase::Connect, silence(limits::COMMAND))),
    }
}

/// lettre's word that there was an answer, and the answer itself.
fn heard<T>(watch: &Watch, result: Result<T, lettre::transport::smtp::Error>) -> Result<Answer, Fault> {
    let words = match result {
        Ok(_) => String::new(),
        Err(error) if error.status().is_some() => String::new(),
        Err(error) => return Err(fault(watch, error.to_string())),
    };
    watch.take_answer().ok_or_else(|| fault(watch, words))
}

/// What broke the line; lettre's words when the line itself is whole.
fn fault(watch: &Watch, words: String) -> Fault {
    watch.fault().unwrap_or(Fault {
        why: words,
        unheard: false,
    })
}

fn silence(within: Duration) -> Fault {
    Fault {
        why: format!("no answer within {} s", within.as_secs()),
        unheard: false,
    }
}
