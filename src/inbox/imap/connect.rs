//! From a host name to a session that is logged in.
//!
//! TLS from the first byte, or STARTTLS made mandatory: the server must offer it, may not have logged us in before it, and may
//! not have sent a byte that we would take for an encrypted one (reference: NO STARTTLS, reliability T-34). Without TLS only
//! the own machine is spoken to. Nothing secret is sent before all of that holds.
//!
//! Standards: RFC 8314, RFC 3501 6.2.1 and 6.2.3, RFC 4616 (PLAIN), RFC 2971 (ID).

use super::budget::{Budget, Transport};
use super::exec::{self, Can, Connection};
use super::{Security, Settings};
use crate::inbox::InboxError;
use crate::model::limits;
use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use async_imap::{Authenticator, Client};
use secrecy::ExposeSecret;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Connects and logs in.
pub(super) async fn connect(settings: &Settings) -> Result<Connection, InboxError> {
    let stream = timeout(limits::CONNECT, reach(settings))
        .await
        .unwrap_or_else(|_| Err(InboxError::lost("the server cannot be reached: no answer")))?;
    let greeted = settings.security == Security::Starttls;
    let session = timeout(limits::IMAP_COMMAND, log_in(settings, Budget::new(stream), greeted))
        .await
        .unwrap_or_else(|_| Err(exec::slow("LOGIN")))?;
    let mut connection = Connection::new(session);
    learn(&mut connection).await?;
    Ok(connection)
}

async fn reach(settings: &Settings) -> Result<Box<dyn Transport>, InboxError> {
    let address = (settings.host.as_str(), settings.port);
    let mut stream = TcpStream::connect(address).await.map_err(|error| unreachable(&error))?;
    stream.set_nodelay(true).map_err(|error| unreachable(&error))?;
    match settings.security {
        Security::Tls => {}
        Security::Starttls => start_tls(&mut stream).await?,
        Security::None => {
            let peer = stream.peer_addr().map_err(|error| unreachable(&error))?;
            if peer.ip().is_loopback() {
                return Ok(Box::new(stream));
            }
            let what = "a mailbox without TLS may only be on this machine; set security to tls or starttls";
            return Err(InboxError::setup(what));
        }
    }
    encrypt(settings, stream).await
}

async fn encrypt(settings: &Settings, stream: TcpStream) -> Result<Box<dyn Transport>, InboxError> {
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| InboxError::setup("the host of the mailbox is neither a name nor an address"))?;
    let path = settings.ca_file.clone();
    let config = tokio::task::spawn_blocking(move || tls_config(path.as_deref()))
        .await
        .unwrap_or_else(|_| Err(InboxError::lost("reading the certificates was broken off")))?;
    let stream = TlsConnector::from(config)
        .connect(name, stream)
        .await
        .map_err(|error| {
            let refused = error
                .get_ref()
                .is_some_and(|inner| inner.is::<tokio_rustls::rustls::Error>());
            let what = format!("no TLS with the server: {error}");
            if refused {
                InboxError::setup(what)
            } else {
                InboxError::lost(what)
            }
        })?;
    Ok(Box::new(stream))
}

fn tls_config(ca_file: Option<&std::path::Path>) -> Result<Arc<ClientConfig>, InboxError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let unreadable = |why: String| InboxError::setup(format!("cannot read ca_file {}: {why}", path.display()));
        let mut found = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))? {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
            found += 1;
        }
        if found == 0 {
            return Err(unreadable("there is no certificate in it".to_owned()));
        }
    } else {
        // A certificate of the machine that cannot be read is its administrator's matter; the server's needs only one.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| InboxError::setup(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Speaks plain text as far as the server's consent to TLS, and not one byte further.
async fn start_tls(stream: &mut TcpStream) -> Result<(), InboxError> {
    let mut heard = Vec::new();
    let greeting = line(stream, &mut heard).await?;
    if !greeting.to_ascii_uppercase().starts_with("* OK") {
        return Err(InboxError::protocol(
            "the server's greeting is not the one of a server that wants STARTTLS",
        ));
    }
    let offered = ask(stream, &mut heard, "c1 CAPABILITY").await?;
    if !offered
        .iter()
        .any(|line| line.starts_with("* CAPABILITY ") && has_word(line, "STARTTLS"))
    {
        let what = "the server does not offer STARTTLS, so nothing was sent; set security to tls, port 993";
        return Err(InboxError::setup(what));
    }
    ask(stream, &mut heard, "c2 STARTTLS").await?;
    if heard.is_empty() {
        Ok(())
    } else {
        Err(InboxError::protocol(
            "the server sent unencrypted bytes after it agreed to TLS",
        ))
    }
}

/// The lines before the tagged OK, in capitals.
async fn ask(stream: &mut TcpStream, heard: &mut Vec<u8>, command: &str) -> Result<Vec<String>, InboxError> {
    let lost = |error: std::io::Error| exec::broken("STARTTLS", &error);
    stream
        .write_all(format!("{command}\r\n").as_bytes())
        .await
        .map_err(lost)?;
    let tag = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    let mut lines = Vec::new();
    while lines.len() < 100 {
        let line = line(stream, heard).await?.to_ascii_uppercase();
        match line.strip_prefix(&format!("{tag} ")) {
            Some(status) if status.starts_with("OK") => return Ok(lines),
            Some(_) => return Err(InboxError::refused("the server refused STARTTLS")),
            None => lines.push(line),
        }
    }
    Err(InboxError::protocol("the server talks without end before STARTTLS"))
}

async fn line(stream: &mut TcpStream, heard: &mut Vec<u8>) -> Result<String, InboxError> {
    loop {
        if let Some(end) = heard.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = heard.drain(..=end).collect();
            return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
        if heard.len() > limits::IMAP_LINE {
            return Err(InboxError::protocol(
                "the server sends a line without end before STARTTLS",
            ));
        }
        let read = stream
            .read_buf(heard)
            .await
            .map_err(|error| exec::broken("STARTTLS", &error))?;
        if read == 0 {
            return Err(exec::closed("STARTTLS"));
        }
    }
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(' ').any(|found| found == word)
}

type Session = async_imap::Session<Budget>;

async fn log_in(settings: &Settings, stream: Budget, greeted: bool) -> Result<Session, InboxError> {
    let mut client = Client::new(stream);
    let plain_only = !greeted && greet(&mut client).await?;
    client.get_mut().allow(0);
    let secret = settings.secret.expose_secret();
    // A quoted string holds ASCII only; PLAIN holds everything.
    if plain_only || !settings.user.is_ascii() || !secret.is_ascii() {
        let plain = Plain(format!("\0{}\0{secret}", settings.user));
        let done = client.authenticate("PLAIN", plain).await;
        return done.map_err(|(error, _)| refused(error));
    }
    let done = client.login(&settings.user, secret).await;
    done.map_err(|(error, _)| refused(error))
}

/// Reads the greeting; `true` when it says that LOGIN is off and PLAIN is on.
async fn greet(client: &mut Client<Budget>) -> Result<bool, InboxError> {
    let greeting = client
        .read_response()
        .await
        .map_err(|error| exec::broken("the greeting", &error))?;
    let greeting = greeting.ok_or_else(|| exec::closed("the greeting"))?;
    match greeting.parsed() {
        Response::Data {
            status: Status::Ok,
            outcome,
        } => Ok(match &outcome.code {
            Some(ResponseCode::Capabilities(list)) => {
                has(list, "LOGINDISABLED") && list.contains(&Capability::Auth("PLAIN".into()))
            }
            _ => false,
        }),
        Response::Data {
            status: Status::Bye,
            outcome,
        } => Err(exec::bye(outcome)),
        _ => Err(InboxError::protocol(
            "the server's greeting is not the one of an IMAP server that wants a login",
        )),
    }
}

/// The answer to PLAIN's empty challenge.
struct Plain(String);

impl Authenticator for Plain {
    type Response = String;
    fn process(&mut self, _: &[u8]) -> String {
        // A server that asks twice gets nothing more.
        std::mem::take(&mut self.0)
    }
}

/// Whether the login was refused, or merely did not work today (RFC 5530 3).
fn refused(error: async_imap::error::Error) -> InboxError {
    use async_imap::error::Error;
    match error {
        Error::No(text) | Error::Bad(text) => {
            let passing = ["[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[LIMIT]"];
            if passing.iter().any(|code| text.contains(code)) {
                InboxError::lost("the server cannot log anybody in right now")
            } else {
                InboxError::refused_login("the login was refused")
            }
        }
        Error::Validate(_) => InboxError::setup("user or secret of the mailbox has a line break in it"),
        other => exec::broken("LOGIN", &exec::io(other)),
    }
}

/// Asks what the server can, and says who we are where that is wanted.
async fn learn(connection: &mut Connection) -> Result<(), InboxError> {
    let mut can = Can::default();
    let asked = connection.run("CAPABILITY", |response| {
        if let Response::Capabilities(list) = response {
            can = read_capabilities(list);
        }
    });
    asked.await?;
    connection.can = can;
    if can.id {
        // Some large providers (163.com) refuse SELECT to clients without a name. Others refuse the ID: no matter.
        match connection.run("ID (\"name\" \"cadence\")", |_| {}).await {
            Err(error) if !error.is_refusal() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn read_capabilities(list: &[Capability<'_>]) -> Can {
    Can {
        idle: has(list, "IDLE"),
        r#move: has(list, "MOVE"),
        uidplus: has(list, "UIDPLUS"),
        id: has(list, "ID"),
        marks: has(list, "SPECIAL-USE") && has(list, "LIST-EXTENDED"),
    }
}

fn has(list: &[Capability<'_>], name: &str) -> bool {
    let named = |capability: &Capability<'_>| match capability {
        Capability::Atom(atom) => atom.eq_ignore_ascii_case(name),
        Capability::Imap4rev1 | Capability::Auth(_) => false,
    };
    list.iter().any(named)
}

fn unreachable(error: &std::io::Error) -> InboxError {
    InboxError::lost(format!("the server cannot be reached: {error}"))
}
