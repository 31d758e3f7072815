//! An IMAP server that follows a script, well or badly.

use cadence::inbox::Inbox;
use cadence::inbox::imap::{Security, Settings};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What a scripted server heard, tags apart, and how often it was called.
#[derive(Clone, Default)]
pub struct Heard {
    said: Arc<Mutex<(Vec<String>, usize)>>,
    more: Arc<Notify>,
}

impl Heard {
    pub fn commands(&self) -> Vec<String> {
        self.said.lock().expect("what was heard").0.clone()
    }
    pub fn calls(&self) -> usize {
        self.said.lock().expect("what was heard").1
    }
    fn note(&self, command: &str) {
        self.said.lock().expect("what was heard").0.push(command.to_owned());
        self.more.notify_one();
    }
    fn note_call(&self) -> usize {
        let mut said = self.said.lock().expect("what was heard");
        said.1 += 1;
        said.1 - 1
    }
    /// Waits until a command was heard `times` times.
    pub async fn hears(&self, command: &str, times: usize) {
        while self
            .commands()
            .iter()
            .filter(|heard| heard.starts_with(command))
            .count()
            < times
        {
            self.more.notified().await;
        }
    }
    /// The commands since the last SELECT.
    pub fn tail(&self) -> Vec<String> {
        let commands = self.commands();
        let at = commands
            .iter()
            .rposition(|command| command.starts_with("SELECT"))
            .map_or(0, |at| at + 1);
        commands[at..].to_vec()
    }
}

pub const ALL: &str = "IMAP4rev1 IDLE MOVE UIDPLUS";
pub const SELECTED: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] next\r\n{T} OK done\r\n";
pub const LISTED: &str = "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Cadence/Replies\r\n{T} OK done\r\n";
pub const OK: &str = "{T} OK done\r\n";
/// The server says nothing more and keeps the connection.
pub const SILENT: &str = "";

pub fn row(uid: u32, size: usize) -> String {
    format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"17-Jul-2026 02:44:25 +0200\")\r\n")
}

pub fn body(uid: u32, text: &str) -> String {
    format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n", text.len())
}

/// A mailbox on a server that lets us log in and then gives these answers, one a command, and hangs up. Every connection
/// hears the same script.
pub async fn scripted(capabilities: &str, answers: &[&str]) -> (Inbox, Heard) {
    scripted_by_call(capabilities, &[answers]).await
}

/// Like [`scripted`], with a script for each call; the last one is for all that follow.
pub async fn scripted_by_call(capabilities: &str, calls: &[&[&str]]) -> (Inbox, Heard) {
    let capable = format!("* CAPABILITY {capabilities}\r\n{{T}} OK done\r\n");
    let scripts = calls.iter().map(|answers| {
        let login = ["* OK ready\r\n", OK, &capable];
        login
            .iter()
            .chain(answers.iter())
            .map(|&answer| answer.to_owned())
            .collect()
    });
    serve(Security::None, scripts.collect()).await
}

/// A mailbox on a server that says this from its greeting on.
pub async fn from_the_greeting(security: Security, script: &[&str]) -> (Inbox, Heard) {
    serve(security, vec![script.iter().map(|&answer| answer.to_owned()).collect()]).await
}

async fn serve(security: Security, scripts: Vec<Vec<String>>) -> (Inbox, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let heard = Heard::default();
    let told = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let call = told.note_call().min(scripts.len() - 1);
            tokio::spawn(follow(stream, scripts[call].clone(), told.clone()));
        }
    });
    let settings = Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        user: "cadence \"the bot\"".to_owned(),
        secret: "se\\cret".to_owned().into(),
        folders: vec!["Junk".to_owned()],
        sent: None,
        ca_file: None,
    };
    (Inbox::imap(settings), heard)
}

async fn follow(stream: TcpStream, script: Vec<String>, heard: Heard) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut tag = String::new();
    for (n, answer) in script.iter().enumerate() {
        if n > 0 {
            let Ok(Some(line)) = lines.next_line().await else {
                return;
            };
            if let Some((own, command)) = line.split_once(' ') {
                own.clone_into(&mut tag);
                heard.note(command);
            } else {
                heard.note(&line);
            }
        }
        if writer.write_all(answer.replace("{T}", &tag).as_bytes()).await.is_err() {
            return;
        }
        if answer.as_str() == SILENT {
            // Until the client hangs up.
            while let Ok(Some(_)) = lines.next_line().await {}
        }
    }
}
