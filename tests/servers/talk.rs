//! One mail by SMTP or LMTP, spoken plainly.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};

/// Sends `mail` from `from` to `rcpt`; panics with the server's answer when it is not taken.
pub fn send(hello: &str, port: u16, from: &str, rcpt: &str, mail: &[u8]) {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the server takes connections");
    stream.set_nodelay(true).expect("a socket");
    stream.set_read_timeout(Some(super::PATIENCE)).expect("a socket");
    let mut talk = Talk {
        writer: stream.try_clone().expect("a socket"),
        reader: BufReader::new(stream),
    };
    talk.expect("the greeting", '2');
    for command in [
        format!("{hello} localhost"),
        format!("MAIL FROM:<{from}>"),
        format!("RCPT TO:<{rcpt}>"),
    ] {
        talk.say(format!("{command}\r\n").as_bytes());
        talk.expect(&command, '2');
    }
    talk.say(b"DATA\r\n");
    talk.expect("DATA", '3');
    talk.say(&dotted(mail));
    talk.expect("the mail", '2');
    talk.say(b"QUIT\r\n");
}

struct Talk {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Talk {
    fn say(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).expect("the server listens");
    }

    fn expect(&mut self, to: &str, class: char) {
        let mut answer = String::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).expect("the server answers");
            answer.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
        assert!(answer.starts_with(class), "the server answered to {to}: {answer}");
    }
}

/// The mail with CRLF line ends, dots doubled, and the final dot.
fn dotted(mail: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(mail.len() + 1024);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        wire.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}
