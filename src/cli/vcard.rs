//! Writes vCards that address books read.
//!
//! Standards: RFC 2426 (vCard 3.0, which Outlook reads as well; of RFC 6350 only what both share).

/// Octets of a line (RFC 2426 2.6).
const LINE: usize = 75;

/// One card. `name` is what the address book completes by.
#[must_use]
pub fn card(name: &str, organisation: &str, address: &str, note: &str) -> String {
    let (name, organisation, note) = (escaped(name), escaped(organisation), escaped(note));
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("FN:{name}"),
        format!("N:;{name};;;"),
        format!("ORG:{organisation}"),
        format!("EMAIL;TYPE=INTERNET:{address}"),
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
        let card = card(
            "Cadence outbound",
            "Corp; Sons, Ltd",
            "cadence+outbound.abc@reps.example",
            "Größe ".repeat(30).trim(),
        );
        assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cadence outbound\r\n"));
        assert!(card.contains("ORG:Corp\\; Sons\\, Ltd\r\n"), "{card}");
        assert!(card.split("\r\n").all(|line| line.len() <= LINE), "{card}");
        let unfolded = card.replace("\r\n ", "");
        assert!(unfolded.contains("Größe Größe Größe"), "{unfolded}");
    }
}
