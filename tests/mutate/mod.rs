//! Mails that were changed at random, the same for the same number: bytes and lines lost, doubled and moved, limits overrun,
//! one mail run into another, the words that steer a reader put where they do not belong.

use fastrand::Rng;
use std::fs;
use std::path::{Path, PathBuf};

/// What steers a reader of mail.
const WORDS: [&[u8]; 40] = [
    b"\r\n\r\n",
    b"\n\n",
    b"\r",
    b"\0",
    b"--",
    b"--b\r\n",
    b"--b--\r\n",
    b"From: ",
    b"From: a@b.test, c@d.test\r\n",
    b"To: ana@corp.test\r\n",
    b"Subject: Re: Fwd: ",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n",
    b"Content-Type: text/calendar; method=REPLY\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Final-Recipient: rfc822; ",
    b"Status: 5.1.1\r\n",
    b"Authentication-Results: mx.corp.test; dkim=pass (",
    b"Received: from by by mx.corp.test with LMTP (",
    b"Date: Mon, 32 Feb 99999 25:61:61 +9999\r\n",
    b"References: <",
    b"=?utf-8?B?",
    b"?=",
    b"=?utf-8?q?=\xff?=",
    b"<!--",
    b"<style>",
    b"&#x110000;",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
    b"DTSTART;TZID=",
    b"---------- Forwarded message ---------\r\nFrom: ",
    b"On Mon, 2 Mar 2026 at 09:00, Jane <jane@acme.test> wrote:\r\n> ",
    b"> > > >",
    b"-- \r\n",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"(((((((((((((((((((((((((((((((((((((((((",
];

/// Mails to begin with.
pub struct Mails(Vec<Vec<u8>>);

impl Mails {
    /// The mails of a folder and those below it.
    pub fn of(folder: &Path) -> Self {
        let mut files = Vec::new();
        collect(folder, &mut files);
        files.sort();
        let mails: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).expect("a mail")).collect();
        assert!(!mails.is_empty(), "{} holds no mail", folder.display());
        Self(mails)
    }

    /// The changed mail of this number.
    pub fn changed(&self, number: u64) -> Vec<u8> {
        let mut dice = Rng::with_seed(number);
        let mut mail = self.any(&mut dice).to_vec();
        for _ in 0..dice.usize(1..=6) {
            self.change(&mut mail, &mut dice);
        }
        // So large that each is read in no time; what is larger has tests of its own.
        mail.truncate(64 * 1024);
        mail
    }

    fn any(&self, dice: &mut Rng) -> &[u8] {
        &self.0[dice.usize(..self.0.len())]
    }

    fn change(&self, mail: &mut Vec<u8>, dice: &mut Rng) {
        let at = dice.usize(..=mail.len());
        let end = (at + dice.usize(..=200)).min(mail.len());
        match dice.u8(..9) {
            0 if at < mail.len() => mail[at] = dice.u8(..),
            1 if at < mail.len() => mail[at] ^= 1 << dice.u8(..8),
            2 => drop(mail.drain(at..end)),
            3 => mail.truncate(at),
            4 => insert(mail, at, WORDS[dice.usize(..WORDS.len())]),
            5 => {
                let piece = mail[at..end].to_vec();
                let many = if dice.u8(..20) == 0 { 200 } else { dice.usize(1..4) };
                insert(mail, at, &piece.repeat(many));
            }
            6 => {
                let other = self.any(dice);
                let from = dice.usize(..=other.len());
                let piece = other[from..(from + dice.usize(..=2_000)).min(other.len())].to_vec();
                insert(mail, at, &piece);
            }
            7 => {
                let piece = mail.drain(at..end).collect::<Vec<u8>>();
                let to = dice.usize(..=mail.len());
                insert(mail, to, &piece);
            }
            _ => {
                let word = WORDS[dice.usize(..WORDS.len())];
                insert(mail, at, &word.repeat(dice.usize(1..100)));
            }
        }
    }
}

fn insert(mail: &mut Vec<u8>, at: usize, piece: &[u8]) {
    mail.splice(at..at, piece.iter().copied());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "eml") {
            files.push(path);
        }
    }
}
