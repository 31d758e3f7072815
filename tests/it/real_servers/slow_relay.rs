//! A relay that takes its time: between the bot and Postfix, it keeps back the 354 to a mail for one recipient until it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a test waits for it.
const PATIENCE: Duration = Duration::from_secs(100);

/// It, running until the test ends.
pub struct SlowRelay {
    pub port: u16,
    desk: Arc<Desk>,
}

#[derive(Default)]
struct Desk {
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// What became of the mails that were kept waiting.
#[derive(Default, Clone, Copy)]
struct Seen {
    /// How many wait, or waited.
    waited: usize,
    /// They wait no more.
    told: bool,
    /// Octets that the bot sent after a 354 that had been kept back.
    content: usize,
    /// Connections that the bot closed after it.
    ended: usize,
}

impl Desk {
    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.changed.notify_all();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is so.
    fn until(&self, mut is_so: impl FnMut(&Seen) -> bool) -> Seen {
        let waited = self
            .changed
            .wait_timeout_while(self.seen(), PATIENCE, |seen| !is_so(seen));
        let (seen, over) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!over.timed_out(), "the relay was not asked as the test expects");
        *seen
    }
}

impl SlowRelay {
    /// Before the server at `behind`; mails to `recipient` wait for [`SlowRelay::tell`].
    pub fn before(behind: u16, recipient: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let desk = Arc::new(Desk::default());
        let (at_desk, order) = (Arc::clone(&desk), format!("rcpt to:<{recipient}>"));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", behind)) else {
                    return;
                };
                serve(client, server, &order, &at_desk);
            }
        });
        Self { port, desk }
    }

    /// Waits until a mail waits for its 354.
    pub fn until_one_waits(&self) {
        self.desk.until(|seen| seen.waited > 0);
    }

    /// The 354 is given.
    pub fn tell(&self) {
        self.desk.change(|seen| seen.told = true);
    }

    /// Waits until the bot has closed the connection; how many octets it sent after the 354.
    pub fn until_it_left(&self) -> usize {
        self.desk.until(|seen| seen.ended > 0).content
    }
}

fn serve(client: TcpStream, server: TcpStream, order: &str, desk: &Arc<Desk>) {
    let clone = |stream: &TcpStream| stream.try_clone().expect("a second handle");
    let (to_server, to_client) = (clone(&server), clone(&client));
    let named = Arc::new(AtomicBool::new(false));
    let given = Arc::new(AtomicBool::new(false));
    let (order, is_named, is_given, at_desk) = (
        order.to_owned(),
        Arc::clone(&named),
        Arc::clone(&given),
        Arc::clone(desk),
    );
    std::thread::spawn(move || up(client, to_server, &order, &is_named, &is_given, &at_desk));
    let desk = Arc::clone(desk);
    std::thread::spawn(move || down(server, to_client, &named, &given, &desk));
}

/// What the bot says.
fn up(mut client: TcpStream, mut server: TcpStream, order: &str, named: &AtomicBool, given: &AtomicBool, desk: &Desk) {
    let mut said = [0; 4096];
    while let Ok(many @ 1..) = client.read(&mut said) {
        let text = said.get(..many).unwrap_or_default();
        if given.load(Ordering::SeqCst) {
            desk.change(|seen| seen.content += many);
        }
        if String::from_utf8_lossy(text).to_lowercase().contains(order) {
            named.store(true, Ordering::SeqCst);
        }
        if server.write_all(text).is_err() {
            break;
        }
    }
    drop(server.shutdown(Shutdown::Both));
    if given.load(Ordering::SeqCst) {
        desk.change(|seen| seen.ended += 1);
    }
}

/// What the server says.
fn down(server: TcpStream, mut client: TcpStream, named: &AtomicBool, given: &AtomicBool, desk: &Desk) {
    let mut lines = BufReader::new(server);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        if line.starts_with(b"354") && named.load(Ordering::SeqCst) {
            desk.change(|seen| seen.waited += 1);
            desk.until(|seen| seen.told);
            given.store(true, Ordering::SeqCst);
        }
        if client.write_all(&line).is_err() {
            break;
        }
        line.clear();
    }
    drop(client.shutdown(Shutdown::Both));
}
