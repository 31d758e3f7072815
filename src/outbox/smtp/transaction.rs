//! One letter, one recipient, phase by phase, and what each answer means.
//!
//! Until the final dot is begun the server has nothing, so everything is safe to try again. From the dot on only a
//! definite answer counts, and everything else is in doubt (RFC 1047: nobody can do better).
//!
//! Standards: RFC 5321 3.3, 4.1.1, 4.2; RFC 1870 (SIZE), RFC 2920 (PIPELINING), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
//! The fault matrix is reliability §3.3, rows S-05 to S-27.

use super::connection::{Connection, Given};
use super::line::Fault;
use super::reply::Answer;
use super::setback::Setback;
use crate::model::{Address, Letter, Phase, Receipt, Reply, limits};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};
use std::future::Future;

/// What to do with the connection afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// It is as good as before.
    Keep,
    /// It has something unfinished in it, or the server is leaving.
    Drop,
}

/// MAIL: the first thing said. Apart from the rest, because a connection that lay idle may turn out dead here. A server
/// that offers PIPELINING is told RCPT and DATA with it, and answers them when it has answered this.
pub(super) async fn begin(connection: &mut Connection, letter: &Letter, content: &[u8]) -> Result<(), Setback> {
    connection.mails = connection.mails.saturating_add(1);
    let sender = letter.envelope_from.as_ref().map(in_lettre);
    let mail = Mail::new(sender, parameters(connection, letter, content));
    let answer = if connection.offers.pipelining {
        let more = [rcpt(letter).to_string(), Data.to_string()];
        connection.ask_ahead(mail, &more).await
    } else {
        connection.ask(mail, limits::COMMAND).await
    };
    judge(Phase::Mail, answer, is_yes)
}

/// Everything after MAIL.
pub(super) async fn finish<G, F>(
    connection: &mut Connection,
    letter: &Letter,
    content: &[u8],
    gate: G,
) -> (Receipt, After)
where
    G: FnOnce() -> F,
    F: Future<Output = bool>,
{
    if let Err(setback) = up_to_content(connection, letter).await {
        return give_up(connection, setback).await;
    }
    if !gate().await {
        // The server waits for content; the only way to give none is to leave.
        return (Receipt::Withheld, After::Drop);
    }
    match connection.give(content).await {
        Given::Answered(answer) if answer.is_closing() => (definite(&answer), After::Drop),
        Given::Answered(answer) if answer.is_yes() || answer.is_no() => (definite(&answer), After::Keep),
        Given::Answered(answer) => {
            let why = format!("the server answered {} to the final dot", answer.code);
            (Receipt::InDoubt { why }, After::Drop)
        }
        Given::Early(answer) => (Setback::Said(Phase::Content, answer).receipt(), After::Drop),
        Given::Cut(fault) => (Setback::Lost(Phase::Content, fault).receipt(), After::Drop),
        Given::Unknown(fault) => (Receipt::InDoubt { why: fault.why }, After::Drop),
    }
}

/// Ends a transaction that has no content, and says whether the connection may serve another.
pub(super) async fn give_up(connection: &mut Connection, setback: Setback) -> (Receipt, After) {
    let mut after = After::Drop;
    if setback.leaves_connection() && connection.is_quiet().await {
        let answer = connection.ask(Rset, limits::COMMAND).await;
        if answer.is_ok_and(|answer| answer.is_yes()) {
            after = After::Keep;
        }
    }
    (setback.receipt(), after)
}

async fn up_to_content(connection: &mut Connection, letter: &Letter) -> Result<(), Setback> {
    let answer = connection.answer_to(rcpt(letter), limits::COMMAND).await;
    judge(Phase::Rcpt, answer, is_yes)?;
    let answer = connection.answer_to(Data, limits::DATA).await;
    judge(Phase::Data, answer, |code| code == 354)
}

fn rcpt(letter: &Letter) -> Rcpt {
    Rcpt::new(in_lettre(&letter.to), Vec::new())
}

/// 251 and 252 say "not here, but I take it" and "I do not know, but I take it" (S-10).
fn is_yes(code: u16) -> bool {
    code / 100 == 2
}

fn judge(phase: Phase, answer: Result<Answer, Fault>, wanted: impl Fn(u16) -> bool) -> Result<(), Setback> {
    match answer {
        Ok(answer) if wanted(answer.code) => Ok(()),
        Ok(answer) => Err(Setback::Said(phase, answer)),
        Err(fault) => Err(Setback::Lost(phase, fault)),
    }
}

/// The words after `MAIL FROM:<…>`, as far as the server knows them.
fn parameters(connection: &Connection, letter: &Letter, content: &[u8]) -> Vec<MailParameter> {
    let mut parameters = Vec::new();
    if connection.offers.size {
        parameters.push(MailParameter::Size(content.len()));
    }
    if connection.offers.eight_bit && !content.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if connection.offers.utf8 && needs_utf8(letter) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    parameters
}

/// What the server cannot carry, in the words it would have used itself (RFC 6531 3.5, RFC 6152 3).
pub(super) fn unfit_for(connection: &Connection, letter: &Letter, content: &[u8]) -> Option<Receipt> {
    let refused = |phase, code, status: &str, text: &str| Receipt::Refused {
        phase,
        reply: Reply {
            code,
            status: Some(status.to_owned()),
            text: text.to_owned(),
        },
    };
    if needs_utf8(letter) && !connection.offers.utf8 {
        let words = "the relay takes no addresses outside ASCII (it does not offer SMTPUTF8)";
        return Some(refused(Phase::Rcpt, 553, "5.6.7", words));
    }
    if !content.is_ascii() && !connection.offers.eight_bit {
        let words = "the relay takes no 8-bit text (it does not offer 8BITMIME)";
        return Some(refused(Phase::Content, 554, "5.6.3", words));
    }
    None
}

fn needs_utf8(letter: &Letter) -> bool {
    let sender = letter.envelope_from.as_ref();
    !letter.to.as_str().is_ascii() || sender.is_some_and(|sender| !sender.as_str().is_ascii())
}

/// lettre's own check refuses addresses that are in use (`a..b@`); ours was made when the address was parsed.
fn in_lettre(address: &Address) -> lettre::Address {
    lettre::Address::new_dangerous(address.local(), address.domain())
}

/// The answer to the final dot.
fn definite(answer: &Answer) -> Receipt {
    let reply = answer.reply();
    let phase = Phase::Content;
    match answer.code / 100 {
        2 => Receipt::Sent(reply),
        4 => Receipt::Deferred { phase, reply },
        _ => Receipt::Refused { phase, reply },
    }
}
