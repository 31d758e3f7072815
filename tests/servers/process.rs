//! A server process that lives no longer than the test, even when the test dies.

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Where the program is, or a panic that says how to get it.
pub fn program(name: &str) -> PathBuf {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    let mut candidates = folders.map(|folder| folder.join(name)).chain([PathBuf::from(name)]);
    let found = candidates.find(|candidate| candidate.is_file());
    found.unwrap_or_else(|| panic!("the tests need `{name}`, which is not installed: run tests/servers/install"))
}

/// A running server. A thread of its own starts it, because the system sends TERM to the server when that thread ends:
/// on drop, and when the test process dies of anything.
pub struct Process {
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<Child>>,
}

impl Process {
    /// Starts `program` under `setpriv --pdeathsig TERM` with more of `setpriv`'s options.
    pub fn start(program: &Path, arguments: &[&str], options: &[&str], output: &Path) -> Self {
        let log = std::fs::File::create(output).expect("a log file");
        let mut command = Command::new(self::program("setpriv"));
        command
            .args(["--pdeathsig", "TERM"])
            .args(options)
            .arg("--")
            .arg(program)
            .args(arguments);
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log file"))
            .stderr(log);
        let (stop, stopped) = channel();
        let keeper = std::thread::spawn(move || {
            let child = command.spawn().expect("setpriv runs");
            // Ends when `stop` is dropped.
            let _ = stopped.recv();
            child
        });
        Self {
            stop: Some(stop),
            keeper: Some(keeper),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stop.take());
        let Some(Ok(mut child)) = self.keeper.take().map(JoinHandle::join) else {
            return;
        };
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Whether the server on `port` greets, within `patience`.
pub fn greets(port: u16, greeting: &str, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        if greeting_of(port).is_some_and(|said| said.starts_with(greeting)) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn greeting_of(port: u16) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut bytes = [0; 64];
    let read = stream.read(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(bytes.get(..read)?).into_owned())
}

/// The end of a log, for a panic.
pub fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(30))
        .map(|line| format!("    {line}\n"))
        .collect()
}
