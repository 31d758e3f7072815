//! The real binary at work: started, looked at through `/proc`, told to stop.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long the binary may take for anything before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// What `/proc/PID/stat` counts in, on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// `cadence run`, killed when dropped.
pub struct Running {
    child: Child,
    lines: Receiver<(Instant, String)>,
}

impl Running {
    /// Starts it in `folder`, where its configuration is; and how long it took until it said that it is ready.
    pub fn start(folder: &Path) -> (Self, Duration) {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cadence"))
            .arg("run")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let log = child.stderr.take().expect("a pipe");
        let (said, lines) = channel();
        // Ends with the pipe, so with the child.
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                said.send((Instant::now(), line)).ok();
            }
        });
        let running = Self { child, lines };
        let ready = running.says(" ready ");
        (running, ready - begun)
    }

    /// When it logged a line with these words.
    pub fn says(&self, words: &str) -> Instant {
        let until = Instant::now() + PATIENCE;
        let mut log = String::new();
        while let Ok((at, line)) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(words) {
                return at;
            }
            log.push_str(&line);
            log.push('\n');
        }
        panic!("the bot did not say `{words}`:\n{log}");
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.expect("VmRSS in kB") * 1024
    }

    /// Processor time used so far, in user and kernel mode, to the tick of 10 ms.
    pub fn cpu(&self) -> Duration {
        let stat = self.proc("stat");
        // The second field is the name in brackets; utime and stime are the 14th and 15th of all.
        let fields = stat.rsplit_once(") ").expect("a name in brackets").1;
        let ticks: u32 = fields
            .split(' ')
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u32>().expect("ticks"))
            .sum();
        TICK * ticks
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("a file of this process")
    }

    /// Tells it to stop; how long that took, and how it ended.
    pub fn stop(mut self) -> (Duration, ExitStatus) {
        let told = Instant::now();
        let sent = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(sent.expect("kill runs").success(), "the bot is still there");
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return (told.elapsed(), status);
            }
            assert!(told.elapsed() < PATIENCE, "the bot does not stop");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
