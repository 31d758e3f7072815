//! A scripted SMTP server on loopback. It keeps the truth: what was said to it, what it took, and as which octets.
//!
//! The script is asked at every event ("CONNECT", each command line, "CONTENT" at its first line, "DOT" at its end) and
//! answers with an [`Act`]; `None` is what a friendly server does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What the server does at an event.
#[derive(Clone)]
pub enum Act {
    /// Says these octets, whatever they are.
    Say(&'static [u8]),
    /// Says nothing, ever. The test's clock runs ahead from here.
    Stall,
    /// Says the octets after so long on the test's clock.
    SayAfter(Duration, &'static [u8]),
    /// Says the octets and closes.
    SayAndClose(&'static [u8]),
    /// Closes.
    Close,
    /// Takes the mail and closes without a word (only at "DOT").
    TakeAndClose,
    /// Reads so many octets of content and closes (only at "CONTENT").
    CloseAfter(usize),
}

pub type Script = Arc<dyn Fn(usize, &str) -> Option<Act> + Send + Sync>;

/// How the server wants to be talked to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Plain,
    Tls,
    Starttls,
}

#[derive(Default)]
pub struct Truth {
    /// `0 MAIL FROM:<…>`: the connection's number and what it said.
    pub said: Vec<String>,
    /// The content of every mail taken, as it came over the wire, with its dots doubled and without the final one.
    pub taken: Vec<Vec<u8>>,
    /// Connections open now, and at most.
    pub open: usize,
    pub most_open: usize,
}

#[derive(Clone)]
pub struct Server {
    pub port: u16,
    truth: Arc<Mutex<Truth>>,
}

impl Server {
    /// Starts one that is friendly but for what `script` says.
    pub async fn start(door: Door, script: impl Fn(usize, &str) -> Option<Act> + Send + Sync + 'static) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that a mail of some megabytes does not fit between client and server unread.
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(64).unwrap();
        let port = listener.local_addr().unwrap().port();
        let truth = Arc::new(Mutex::new(Truth::default()));
        let server = Self {
            port,
            truth: Arc::clone(&truth),
        };
        let script: Script = Arc::new(script);
        let next = AtomicUsize::new(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let nth = next.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(attend(door, stream, nth, Arc::clone(&script), Arc::clone(&truth)));
            }
        });
        server
    }

    /// Looks at the truth.
    pub fn truth<T>(&self, look: impl FnOnce(&Truth) -> T) -> T {
        look(&self.truth.lock().unwrap())
    }

    /// Everything said to it, commands only.
    pub fn said(&self) -> Vec<String> {
        self.truth(|truth| truth.said.clone())
    }

    /// How many mails it took.
    pub fn taken(&self) -> usize {
        self.truth(|truth| truth.taken.len())
    }
}

async fn attend(door: Door, stream: TcpStream, nth: usize, script: Script, truth: Arc<Mutex<Truth>>) {
    {
        let mut truth = truth.lock().unwrap();
        truth.open += 1;
        truth.most_open = truth.most_open.max(truth.open);
    }
    let talk = Talk {
        nth,
        script,
        truth: Arc::clone(&truth),
    };
    match door {
        Door::Tls => {
            if let Ok(stream) = acceptor().accept(stream).await {
                talk.serve(stream, false, true).await;
            }
        }
        Door::Plain => drop(talk.serve(stream, false, true).await),
        Door::Starttls => {
            if let Some(stream) = talk.serve(stream, true, true).await
                && let Ok(stream) = acceptor().accept(stream).await
            {
                talk.serve(stream, false, false).await;
            }
        }
    }
    truth.lock().unwrap().open -= 1;
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

struct Talk {
    nth: usize,
    script: Script,
    truth: Arc<Mutex<Truth>>,
}

impl Talk {
    /// Serves until the end, or until TLS is to begin.
    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S, starttls: bool, greet: bool) -> Option<S> {
        let mut stream = BufReader::new(stream);
        if greet {
            self.act(&mut stream, "CONNECT", b"220 mx.acme.test ESMTP\r\n").await?;
        }
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.truth.lock().unwrap().said.push(format!("{} {line}", self.nth));
            let friendly: &'static [u8] = match line.split(' ').next().unwrap_or("") {
                "EHLO" if starttls => b"250-mx.acme.test\r\n250 STARTTLS\r\n",
                "EHLO" => b"250-mx.acme.test\r\n250-SIZE 10240000\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n",
                "STARTTLS" => b"220 2.0.0 go ahead\r\n",
                "DATA" => b"354 go ahead\r\n",
                "QUIT" => b"221 2.0.0 bye\r\n",
                "AUTH" => b"235 2.7.0 welcome\r\n",
                _ => b"250 2.0.0 fine\r\n",
            };
            let said = self.act(&mut stream, &line, friendly).await?;
            match line.as_str() {
                "STARTTLS" if said.starts_with(b"220") => return Some(stream.into_inner()),
                "DATA" if said.starts_with(b"354") => self.content(&mut stream).await?,
                "QUIT" => return None,
                _ => {}
            }
        }
    }

    async fn content<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut BufReader<S>) -> Option<()> {
        let (mut content, mut lines) = (Vec::new(), 0);
        loop {
            if stream.read_until(b'\n', &mut content).await.ok()? == 0 {
                self.truth
                    .lock()
                    .unwrap()
                    .said
                    .push(format!("{} left in content", self.nth));
                return None;
            }
            if content == b".\r\n" || content.ends_with(b"\r\n.\r\n") {
                break;
            }
            lines += 1;
            if lines == 1 {
                match (self.script)(self.nth, "CONTENT") {
                    Some(Act::CloseAfter(octets)) => {
                        stream.read_exact(&mut vec![0; octets]).await.ok()?;
                        return None;
                    }
                    Some(act) => drop(self.perform(stream, act).await?),
                    None => {}
                }
            }
        }
        content.truncate(content.len() - b".\r\n".len());
        let act = (self.script)(self.nth, "DOT").unwrap_or(Act::Say(b"250 2.0.0 queued as 42\r\n"));
        let takes = match &act {
            Act::Say(said) | Act::SayAfter(_, said) | Act::SayAndClose(said) => said.starts_with(b"2"),
            Act::TakeAndClose => true,
            Act::Stall | Act::Close | Act::CloseAfter(_) => false,
        };
        if takes {
            self.truth.lock().unwrap().taken.push(content);
        }
        self.perform(stream, act).await.map(drop)
    }

    async fn act<S>(&self, stream: &mut S, event: &str, friendly: &'static [u8]) -> Option<&'static [u8]>
    where
        S: AsyncWrite + Unpin,
    {
        let act = (self.script)(self.nth, event).unwrap_or(Act::Say(friendly));
        self.perform(stream, act).await
    }

    async fn perform<S: AsyncWrite + Unpin>(&self, stream: &mut S, act: Act) -> Option<&'static [u8]> {
        let (said, stays) = match act {
            Act::Say(said) => (said, true),
            Act::SayAndClose(said) => (said, false),
            Act::Close | Act::TakeAndClose | Act::CloseAfter(_) => (&b""[..], false),
            Act::Stall => {
                tokio::time::pause();
                std::future::pending().await
            }
            Act::SayAfter(while_, said) => {
                // Nothing moves on the wire while the clock runs ahead, and it stops running before anything does.
                tokio::time::pause();
                tokio::time::sleep(while_).await;
                tokio::time::resume();
                (said, true)
            }
        };
        stream.write_all(said).await.ok()?;
        stream.flush().await.ok()?;
        if !stays {
            stream.shutdown().await.ok()?;
        }
        stays.then_some(said)
    }
}
