//! Header blocks: the few lines `From: … Date: … To: … Subject: …` that mail programs write above a mail that they quote
//! or forward, in any order and language, bold or not, wrapped or all on one line (Yahoo).
//!
//! Words: `phrases::labels`. Limits: 40 lines, labels of 40 characters.

use super::fold::{fold, is_blank};
use crate::mail::phrases::labels::{LABELS, Labels};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Lines that one block may take: long lists of recipients are wrapped.
const LINES: usize = 40;
/// Lines that one field may be wrapped over.
const WRAPPED: usize = 12;
/// Bytes of a label; what is longer is a sentence.
const LABEL: usize = 60;

/// Bytes of a block that stands on one line.
const ONE_LINE: usize = 4_096;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    Date,
    To,
    Subject,
    Other,
}

/// The fields of a block, as written, each on one line. Empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::mail) struct Block {
    /// Who wrote the mail below.
    pub from: String,
    /// When.
    pub date: String,
    /// To whom.
    pub to: String,
    /// About what.
    pub subject: String,
    /// How many lines it takes.
    pub lines: usize,
    /// The fields that were there, with or without a value.
    seen: Vec<Field>,
}

static FIELDS: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    let mut fields = HashMap::new();
    for row in LABELS {
        for (field, labels) in named(row) {
            for label in labels {
                fields.entry(*label).or_insert(field);
            }
        }
    }
    fields
});

fn named(row: &Labels) -> [(Field, &'static [&'static str]); 5] {
    [
        (Field::From, row.from),
        (Field::Date, row.date),
        (Field::To, row.to),
        (Field::Subject, row.subject),
        (Field::Other, row.other),
    ]
}

/// The block that starts on the first of these lines. `told`: a line above says that a mail follows, so that less of a
/// block is enough, and unknown labels are guessed by what stands behind them.
pub(in crate::mail) fn read(lines: &[&str], told: bool) -> Option<Block> {
    let first = lines.first()?;
    let known = label(first).is_some_and(|(field, _)| field.is_some_and(|field| field != Field::Other));
    // In bold it is no list of somebody's (`From: London`, `To: Paris`).
    let told_so = told || first.trim_start_matches(is_blank).starts_with('*');
    if known && let Some(block) = gather(lines, true).filter(|block| is_whole(block, told_so)) {
        return Some(block);
    }
    if told {
        return gather(lines, false).filter(|block| block.from.contains('@') && !block.to.is_empty());
    }
    None
}

/// Whether enough of it is there.
fn is_whole(block: &Block, told: bool) -> bool {
    let rest = [&block.date, &block.to, &block.subject];
    let count = rest.iter().filter(|value| !value.is_empty()).count();
    if told {
        return !block.from.is_empty() && count >= 1;
    }
    let mail = !block.subject.is_empty() || block.from.contains('@') || block.to.contains('@');
    let dated = block.date.chars().any(|c| c.is_ascii_digit()) || block.subject.len() + block.to.len() > 0;
    !block.from.is_empty() && count >= 2 && mail && dated
}

/// Collects the fields of consecutive lines.
fn gather(lines: &[&str], known_only: bool) -> Option<Block> {
    let mut block = Block::default();
    let mut open: Option<Field> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|_| at < LINES) {
        let rest = lines.get(at..).unwrap_or_default();
        if line.trim_matches(is_blank).is_empty() {
            // Some programs leave a line between the fields.
            if open.is_none() || !next_label(rest, 2, known_only, &block) {
                break;
            }
        } else if let Some((field, value)) = field(line, known_only, &block) {
            open = Some(field);
            block.seen.push(field);
            append(&mut block, field, value);
            block.lines = at + 1;
        } else if let Some(field) = open.filter(|_| next_label(rest, WRAPPED, known_only, &block)) {
            append(&mut block, field, line);
        } else {
            break;
        }
        at += 1;
    }
    (block.lines > 1).then_some(block)
}

/// Whether another field of the same block follows within a few lines, with no blank line but the first between.
fn next_label(lines: &[&str], reach: usize, known_only: bool, block: &Block) -> bool {
    for line in lines.iter().skip(1).take(reach) {
        if line.trim_matches(is_blank).is_empty() {
            return false;
        }
        if field(line, known_only, block).is_some() {
            return true;
        }
    }
    false
}

/// The field that a line starts, if the block has none of it yet.
fn field<'a>(line: &'a str, known_only: bool, block: &Block) -> Option<(Field, &'a str)> {
    let (known, value) = label(line)?;
    let field = match known {
        Some(field) => field,
        None if known_only => return None,
        None => guess(value, block)?,
    };
    (field == Field::Other || !block.seen.contains(&field)).then_some((field, value))
}

/// What an unknown label names: all programs write the sender before the recipients.
fn guess(value: &str, block: &Block) -> Option<Field> {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if value.contains('@') {
        return Some(if block.from.is_empty() {
            Field::From
        } else if block.to.is_empty() {
            Field::To
        } else {
            Field::Other
        });
    }
    if digits >= 5 && value.contains([':', '.', '/']) && block.date.is_empty() {
        return Some(Field::Date);
    }
    (!value.is_empty() && block.subject.is_empty()).then_some(Field::Subject)
}

fn append(block: &mut Block, field: Field, text: &str) {
    let value = match field {
        Field::From => &mut block.from,
        Field::Date => &mut block.date,
        Field::To => &mut block.to,
        Field::Subject => &mut block.subject,
        Field::Other => return,
    };
    let text = text.trim_matches(is_blank);
    if !value.is_empty() && !text.is_empty() {
        value.push(' ');
    }
    value.push_str(text);
}

/// A line's label, if it looks like one, with what it names, and the value behind it.
fn label(line: &str) -> Option<(Option<Field>, &str)> {
    let mark = |c: char| is_blank(c) || matches!(c, '*' | '_' | '|');
    let line = line.trim_start_matches(mark);
    let head = line.get(..line.floor_char_boundary(LABEL.min(line.len())))?;
    let colon = head.find([':', '：'])?;
    let name = line.get(..colon)?;
    let value = line.get(colon..)?.trim_start_matches([':', '：']);
    let name = fold(name.trim_end_matches(mark));
    let words = name.split(' ').count();
    if name.is_empty() || words > 4 {
        return None;
    }
    let value = value.strip_prefix(['*', '_']).unwrap_or(value);
    let value = value.strip_prefix('*').unwrap_or(value);
    Some((FIELDS.get(name.as_str()).copied(), value.trim_matches(is_blank)))
}

/// The block that Yahoo writes on one line: `From: A <a@b.test>To: …Sent: …Subject: …`, the subject last.
pub(in crate::mail) fn read_one_line(line: &str) -> Option<Block> {
    let line = line
        .get(..line.floor_char_boundary(ONE_LINE.min(line.len())))?
        .trim_matches(is_blank);
    // Languages share labels: the one that finds the most fields wrote it, of equals the more common one.
    let blocks = LABELS.iter().rev().filter_map(|row| by_row(line, row));
    blocks.max_by_key(|block| block.seen.len())
}

fn by_row(line: &str, row: &Labels) -> Option<Block> {
    let mut block = Block::default();
    let (mut field, mut rest) = at_start(line, row)?;
    if field != Field::From {
        return None;
    }
    for _ in 0..LINES {
        let next = (field != Field::Subject).then(|| next_in(rest, row)).flatten();
        let Some((end, name, value)) = next else {
            append(&mut block, field, rest);
            block.seen.push(field);
            break;
        };
        append(&mut block, field, rest.get(..end).unwrap_or_default());
        block.seen.push(field);
        (field, rest) = (name, value);
    }
    block.lines = 1;
    is_whole(&block, false).then_some(block)
}

/// The label at the start of a text, and what follows.
fn at_start<'a>(text: &'a str, row: &Labels) -> Option<(Field, &'a str)> {
    // A label is short: looking at the first colon only keeps this linear.
    let head = text.get(..text.floor_char_boundary(LABEL.min(text.len())))?;
    let colon = head.find([':', '：'])?;
    let name = fold(text.get(..colon)?);
    let value = text.get(colon..)?.trim_start_matches([':', '：']);
    let rows = named(row).into_iter();
    let field = rows
        .filter(|(_, labels)| labels.contains(&name.as_str()))
        .map(|(field, _)| field)
        .next()?;
    Some((field, value))
}

/// The next label of a language inside a line: a capital letter starts it, right behind the value before it.
fn next_in<'a>(text: &'a str, row: &Labels) -> Option<(usize, Field, &'a str)> {
    let mut starts = text
        .char_indices()
        .filter(|(_, c)| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()));
    starts.find_map(|(start, _)| {
        let (field, value) = at_start(text.get(start..)?, row)?;
        (start > 0).then_some((start, field, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, told: bool) -> Option<Block> {
        read(&text.lines().collect::<Vec<_>>(), told)
    }

    #[test]
    fn blocks_are_read_in_any_order_and_language() {
        for text in [
            "From: Li <li@acme.test>\nSent: 2 March\nTo: ana@corp.test\nSubject: Hi",
            "*From:* Li <li@acme.test>\n*Date:* 2 March\n*To:* ana@corp.test\n*Cc:* x\n*Subject:* Hi",
            "Von: Li <li@acme.test>\nGesendet: 2 March\nAn: ana@corp.test\nBetreff: Hi\n\nText",
            "Subject: \tHi\nDate: \t2 March\nFrom: \tLi <li@acme.test>\nTo: \tana@corp.test",
            "От: Li <li@acme.test>\nДата: 2 March\nКому: ana@corp.test\nТема: Hi",
            "Kimden: Li <li@acme.test>\nTarih: 2 March\nKime: ana@corp.test\nKonu: Hi",
            "差出人：Li <li@acme.test>\n日付：2 March\n件名：Hi\n宛先：ana@corp.test",
            "From: Li <li@acme.test>\n\nSent: 2 March\n\nTo: ana@corp.test\n\nSubject: Hi\n\nText",
            "De : Li <li@acme.test>\nEnvoyé : 2 March\nÀ : ana@corp.test\nObjet : Hi\nText",
        ] {
            let block = block(text, false).expect(text);
            assert_eq!(
                (
                    block.from.as_str(),
                    block.date.as_str(),
                    block.to.as_str(),
                    block.subject.as_str()
                ),
                ("Li <li@acme.test>", "2 March", "ana@corp.test", "Hi"),
                "{text}"
            );
        }
    }

    #[test]
    fn fields_may_be_wrapped() {
        let block = block(
            "From: Li\nSubject: a long\nsubject\nTo: a@b.test,\n c@d.test\nDate: 2 March\n\nx",
            false,
        )
        .unwrap();
        assert_eq!(block.subject, "a long subject");
        assert_eq!(block.to, "a@b.test, c@d.test");
        assert_eq!(block.lines, 6);
    }

    #[test]
    fn labels_nobody_knows_are_guessed_only_under_a_divider() {
        let text = "Xyz: Li <li@acme.test>\nAbc: 2026. 03. 02. 09:00\nUvw: Hi there\nKlm: ana@corp.test";
        assert_eq!(block(text, false), None);
        let block = block(text, true).unwrap();
        assert_eq!(
            (block.from.as_str(), block.subject.as_str()),
            ("Li <li@acme.test>", "Hi there")
        );
    }

    #[test]
    fn a_list_of_somebodys_is_no_block() {
        for text in [
            "From: London\nTo: Paris\nprice: 100",
            "Date: Monday\nSubject: lunch",
            "Note: call me\nFrom: now on",
        ] {
            assert_eq!(block(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_block_on_one_line_is_taken_apart() {
        for line in [
            "From: Li <li@acme.test>To: \"ana@corp.test\" <ana@corp.test>Cc: x@y.testSent: 2 March MEZSubject: Re: To: you",
            "Von: Li <li@acme.test>An: ana@corp.test CC: x@y.test Gesendet: 2 March MEZBetreff: Re: To: you",
        ] {
            let block = read_one_line(line).unwrap();
            assert_eq!(
                (block.from.as_str(), block.subject.as_str()),
                ("Li <li@acme.test>", "Re: To: you")
            );
            assert!(block.date.starts_with("2 March"), "{block:?}");
        }
        assert_eq!(read_one_line(&"From: A".repeat(50_000)), None);
    }
}
