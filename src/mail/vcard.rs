//! Writes vCards that address books read.
//!
//! Standards: RFC 2426 (vCard 3.0). Outlook reads 2.1 and 3.0 and not 4.0 (RFC 6350); Apple and Google read all of them, so 3.0 is
//! what all share. Outlook takes one card of a file, the others all of them.

/// Octets of a line (RFC 2426 2.6).
const LINE: usize = 75;

/// What stands on one card.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// The word that people begin to type: the cadence's name.
    pub word: &'a str,
    /// Whose it is: the bot's name.
    pub organisation: &'a str,
    /// The address.
    pub address: &'a str,
    /// What it is for.
    pub note: &'a str,
    /// The same for every card that takes this one's place, so that address books that know it do not keep both.
    pub uid: &'a str,
}

/// One card. Programs complete by the beginning of the shown name, of the first name or of the nickname: all three begin with
/// the word.
#[must_use]
pub fn card(card: &Card<'_>) -> String {
    let [word, organisation, note, uid] = [card.word, card.organisation, card.note, card.uid].map(escaped);
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("UID:{uid}"),
        format!("FN:{word} ({organisation})"),
        format!("N:({organisation});{word};;;"),
        format!("NICKNAME:{word}"),
        format!("ORG:{organisation}"),
        format!("EMAIL;TYPE=INTERNET:{}", card.address),
        format!("NOTE:{note}"),
        "END:VCARD".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// RFC 2426 5: backslash, comma, semicolon and line breaks.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A line broken so that none is longer than [`LINE`] octets and no character is cut.
fn folded(line: &str) -> String {
    let (mut folded, mut octets) = (String::new(), 0);
    for c in line.chars() {
        if octets + c.len_utf8() > LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_escaped_and_folded() {
        let card = card(&Card {
            word: "outbound",
            organisation: "Corp; Sons, Ltd",
            address: "cadence+outbound.abc@reps.example",
            note: "Größe ".repeat(30).trim(),
            uid: "1f",
        });
        assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1f\r\nFN:outbound (Corp\\; Sons\\, Ltd)\r\n"));
        assert!(card.contains("ORG:Corp\\; Sons\\, Ltd\r\n"), "{card}");
        assert!(card.split("\r\n").all(|line| line.len() <= LINE), "{card}");
        let unfolded = card.replace("\r\n ", "");
        assert!(unfolded.contains("Größe Größe Größe"), "{unfolded}");
    }
}
