//! The mails inside a text, from the outermost: each under a dividing line, a header block or an attribution.

use super::person::{self, Person};
use crate::mail::quote::attribution::{self, taken_apart};
use crate::mail::quote::block::{self, Block};
use crate::mail::quote::divider::{self, Says};
use crate::mail::quote::{is_blank, unquoted};
use crate::model::limits;

/// What shows that a mail starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A line that says: forwarded.
    Forwarded,
    /// A header block, which stands above answers too.
    Block,
    /// An attribution with unquoted text under it, as Outlook for Mac forwards.
    Attribution,
    /// An attribution with `>` lines under it: a quotation.
    Quotation,
}

/// One of the mails inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub mark: Mark,
    pub from: Person,
    /// As written.
    pub to: String,
    pub date: String,
    pub subject: String,
    /// The line at which it starts.
    line: usize,
}

/// How many blank lines may stand between a dividing line and its block.
const GAP: usize = 3;

/// The mails inside a text, the outermost first.
pub(super) fn levels(text: &str) -> Vec<Level> {
    find(text, limits::FORWARD_LEVELS)
}

/// What stands above the first of them.
pub(super) fn above(text: &str) -> &str {
    let Some(first) = find(text, 1).pop() else { return text };
    let end = text.split_inclusive('\n').take(first.line).map(str::len).sum();
    text.get(..end).unwrap_or(text)
}

fn find(text: &str, most: usize) -> Vec<Level> {
    let text = text
        .get(..text.floor_char_boundary(limits::FORWARD_TEXT.min(text.len())))
        .unwrap_or_default();
    let (depths, lines): (Vec<usize>, Vec<&str>) = text.lines().map(unquoted).unzip();
    let mut levels = Vec::new();
    let mut at = 0;
    while at < lines.len() && levels.len() < most {
        let rest = lines.get(at..).unwrap_or_default();
        let found = under_divider(rest)
            .or_else(|| block::read(rest, false).map(|block| (block.lines, of_block(block, Mark::Block))))
            .or_else(|| under_attribution(rest, depths.get(at..).unwrap_or_default()));
        if let Some((taken, mut level)) = found {
            level.line = at;
            levels.push(level);
            at += taken.max(1);
        } else {
            at += 1;
        }
    }
    levels
}

/// The mail under a dividing line, with how many lines divider and block take.
fn under_divider(lines: &[&str]) -> Option<(usize, Level)> {
    let (says, behind) = divider::read(lines.first()?)?;
    let mark = if says == Says::Forwarded {
        Mark::Forwarded
    } else {
        Mark::Block
    };
    if says == Says::ReplyAbove {
        return None;
    }
    if let Some(block) = block::read_one_line(behind) {
        return Some((1, of_block(block, mark)));
    }
    let blank = |line: &&str| line.trim_matches(is_blank).is_empty();
    let gap = lines
        .iter()
        .skip(1)
        .take(GAP + 1)
        .take_while(|line| blank(line))
        .count();
    let block = block::read(lines.get(1 + gap..)?, says != Says::Row)?;
    Some((1 + gap + block.lines, of_block(block, mark)))
}

fn of_block(block: Block, mark: Mark) -> Level {
    Level {
        mark,
        from: person::read(&block.from),
        to: block.to,
        date: block.date,
        subject: block.subject,
        line: 0,
    }
}

fn under_attribution(lines: &[&str], depths: &[usize]) -> Option<(usize, Level)> {
    let found = attribution::read(lines)?;
    let own = depths.first()?;
    let below = lines
        .iter()
        .zip(depths)
        .skip(found.lines)
        .find(|(line, _)| !line.trim_matches(is_blank).is_empty());
    let quoted = below.is_some_and(|(_, depth)| depth > own);
    let mut from = person::read(&found.text);
    let (name, date) = taken_apart(&found.text);
    from.name = person::read(&name).name;
    Some((
        found.lines,
        Level {
            mark: if quoted { Mark::Quotation } else { Mark::Attribution },
            from,
            to: String::new(),
            date,
            subject: String::new(),
            line: 0,
        },
    ))
}
