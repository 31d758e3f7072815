//! Servers that come and go: a relay that keeps the truth about what was said to it, and a gate before another server.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a listener looks whether it should go on.
const LOOK: Duration = Duration::from_millis(10);

/// A listener that can be shut, and whose connections end with it.
struct Door {
    open: Arc<Mutex<bool>>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
    keeper: Option<JoinHandle<()>>,
}

impl Door {
    fn open(port: u16, attend: impl Fn(TcpStream) + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let (open, streams) = (Arc::new(Mutex::new(true)), Arc::new(Mutex::new(Vec::new())));
        let (is_open, known) = (Arc::clone(&open), Arc::clone(&streams));
        let keeper = std::thread::spawn(move || {
            while *is_open.lock().unwrap() {
                let Ok((stream, _)) = listener.accept() else {
                    std::thread::park_timeout(LOOK);
                    continue;
                };
                stream.set_nonblocking(false).unwrap();
                stream.set_nodelay(true).unwrap();
                known.lock().unwrap().push(stream.try_clone().unwrap());
                let attend = attend.clone();
                std::thread::spawn(move || attend(stream));
            }
        });
        Self {
            open,
            streams,
            keeper: Some(keeper),
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        *self.open.lock().unwrap() = false;
        self.keeper.take().unwrap().join().unwrap();
        for stream in self.streams.lock().unwrap().drain(..) {
            // The other side may have gone first.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Another server's port, which can be shut.
pub struct Gate(#[allow(dead_code, reason = "held, so that it is open")] Door);

impl Gate {
    pub fn open(port: u16, server: u16) -> Self {
        Self(Door::open(port, move |near| {
            let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else {
                return;
            };
            far.set_nodelay(true).unwrap();
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            let back = std::thread::spawn(move || pass(far_too, near_too));
            pass(near, far);
            back.join().unwrap();
        }))
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    // A connection that breaks is what this is for.
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

/// How a relay behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It takes everything from everybody.
    Friendly,
    /// The same, and it offers PIPELINING.
    Pipelines,
    /// It wants a login and knows no such password.
    RefusesLogin,
    /// It takes a mail to a prospect and never says so.
    SilentToProspects,
    /// It takes a mail and says so when it is told to.
    WaitsAfterDot,
    /// It takes connections and never says a word.
    Silent,
    /// It takes connections and hangs up.
    HangsUp,
}

/// How far a client has come with a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Call,
    Hello,
    Mail,
    Rcpt,
    /// DATA was heard, and 354 not yet said.
    Data,
    /// A first line of content is here.
    Content,
    /// The final dot is here; a relay that loses its client now throws the mail away.
    Dot,
    /// The mail is taken, and nothing was said yet.
    Taken,
    /// It was said.
    Answered,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Call,
        Self::Hello,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Content,
        Self::Dot,
        Self::Taken,
        Self::Answered,
    ];
}

/// Told each step before the relay goes on; `false` is a client that is gone.
type Watch = Arc<dyn Fn(Step) -> bool + Send + Sync>;

#[derive(Default)]
struct Truth {
    /// Connections that are attended to.
    attended: usize,
    calls: usize,
    logins: usize,
    taken: Vec<(String, String)>,
    may_answer: bool,
}

/// A relay on loopback.
pub struct Relay {
    door: Option<Door>,
    truth: Arc<Mutex<Truth>>,
}

impl Relay {
    pub fn start(port: u16, manner: Manner) -> Self {
        Self::watched(port, manner, Arc::new(|_| true))
    }

    /// One whose every step is told to `watch`.
    pub fn watched(port: u16, manner: Manner, watch: Watch) -> Self {
        let truth = Arc::new(Mutex::new(Truth::default()));
        let told = Arc::clone(&truth);
        let door = Door::open(port, move |stream| {
            told.lock().unwrap().attended += 1;
            // A client that hangs up is none of our business.
            let _ = serve(&stream, manner, &told, &watch);
            told.lock().unwrap().attended -= 1;
        });
        Self {
            door: Some(door),
            truth,
        }
    }

    pub fn calls(&self) -> usize {
        self.truth.lock().unwrap().calls
    }

    pub fn logins(&self) -> usize {
        self.truth.lock().unwrap().logins
    }

    /// The mails it took for somebody.
    pub fn taken_for(&self, who: &str) -> usize {
        let truth = self.truth.lock().unwrap();
        truth.taken.iter().filter(|(to, _)| to.contains(who)).count()
    }

    /// Whether it attends to nobody: what it was given before is taken or thrown away.
    pub fn is_idle(&self) -> bool {
        self.truth.lock().unwrap().attended == 0
    }

    /// The mails it took, in order: to whom, and what.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.truth.lock().unwrap().taken.clone()
    }

    /// It answers what it has taken.
    pub fn answer(&self) {
        self.truth.lock().unwrap().may_answer = true;
    }

    /// It goes away.
    pub fn shut(&mut self) {
        self.door = None;
    }
}

fn serve(stream: &TcpStream, manner: Manner, truth: &Mutex<Truth>, watch: &Watch) -> std::io::Result<()> {
    truth.lock().unwrap().calls += 1;
    let reach = |step| watch(step).then_some(()).ok_or(ErrorKind::ConnectionAborted);
    reach(Step::Call)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    match manner {
        Manner::Silent => return reader.read_to_end(&mut Vec::new()).map(drop),
        Manner::HangsUp => return stream.shutdown(Shutdown::Both),
        Manner::Friendly
        | Manner::Pipelines
        | Manner::RefusesLogin
        | Manner::SilentToProspects
        | Manner::WaitsAfterDot => {}
    }
    writer.write_all(b"220 relay.test\r\n")?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_ascii_uppercase();
        let answer = match command.get(..4).unwrap_or_default() {
            "EHLO" => {
                reach(Step::Hello)?;
                match manner {
                    Manner::Pipelines => "250-relay.test\r\n250-PIPELINING\r\n250 8BITMIME",
                    _ => "250-relay.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                }
            }
            "MAIL" => {
                reach(Step::Mail)?;
                "250 2.1.0 ok"
            }
            "AUTH" => {
                truth.lock().unwrap().logins += 1;
                if manner == Manner::RefusesLogin {
                    "535 5.7.8 no such user or password"
                } else {
                    "235 2.7.0 welcome"
                }
            }
            "RCPT" => {
                reach(Step::Rcpt)?;
                to = line.trim_end().to_owned();
                "250 2.1.5 ok"
            }
            "DATA" => {
                reach(Step::Data)?;
                writer.write_all(b"354 go on\r\n")?;
                reader.fill_buf()?;
                reach(Step::Content)?;
                let mail = content(&mut reader)?;
                reach(Step::Dot)?;
                let silent = manner == Manner::SilentToProspects && to.contains("@acme.test");
                truth.lock().unwrap().taken.push((std::mem::take(&mut to), mail));
                reach(Step::Taken)?;
                if silent {
                    return reader.read_to_end(&mut Vec::new()).map(drop);
                }
                while manner == Manner::WaitsAfterDot && !truth.lock().unwrap().may_answer {
                    std::thread::park_timeout(LOOK);
                }
                "250 2.0.0 taken"
            }
            "QUIT" => {
                writer.write_all(b"221 2.0.0 bye\r\n")?;
                return Ok(());
            }
            _ => "250 2.0.0 ok",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes())?;
        if answer.ends_with("taken") {
            reach(Step::Answered)?;
        }
    }
}

fn content(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            // Without its dot it is no mail.
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(mail);
        }
        mail.push_str(&String::from_utf8_lossy(&line));
    }
}
