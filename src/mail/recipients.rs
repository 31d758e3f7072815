//! Through which addresses a mail came here, most trustworthy first (design §4, tech §3.1).
//!
//! What the last server wrote when it delivered comes before what the sender wrote. A tag is proven by what stands in
//! it (a code, a token), so that a forged field gains nothing.

use super::read::addresses;
use crate::model::{Address, limits};

/// Fields of delivery agents and providers, then those of the sender.
const DELIVERED: &[&str] = &[
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "X-Original-Delivered-To",
    "X-Forwarded-To",
    "Original-Recipient",
];
const WRITTEN: &[&str] = &["Bcc", "To", "Cc", "Resent-To", "Apparently-To"];

/// All recipients, no doubles, bounded.
pub(super) fn of(fields: &[(String, String)]) -> Vec<Address> {
    let mut found = Vec::new();
    for name in DELIVERED {
        for value in values(fields, name) {
            let value = value.rsplit_once(';').map_or(value, |(_, address)| address);
            collect(&mut found, value);
        }
    }
    for value in values(fields, "Received") {
        found.extend(received_for(value));
    }
    for name in WRITTEN {
        for value in values(fields, name) {
            collect(&mut found, value);
        }
    }
    let mut unique: Vec<Address> = Vec::new();
    for address in found {
        if unique.len() < limits::ADDRESSES && !unique.iter().any(|known| known.same_as(&address)) {
            unique.push(address);
        }
    }
    unique
}

fn values<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn collect(found: &mut Vec<Address>, value: &str) {
    if let Ok(address) = Address::parse(value.trim().trim_start_matches('<').trim_end_matches('>')) {
        found.push(address);
    } else if found.len() < limits::ADDRESSES {
        found.extend(addresses(value).into_iter().map(|person| person.address));
    }
}

/// The address in `Received: … for <jane@acme.test>; …`.
fn received_for(value: &str) -> Option<Address> {
    let at = value.to_ascii_lowercase().find(" for ")?;
    let rest = value.get(at + 5..)?.trim_start().trim_start_matches('<');
    let end = rest.find(['>', ';', ' ', '\t']).unwrap_or(rest.len());
    Address::parse(rest.get(..end)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_server_is_believed_before_the_sender() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = [
            field(
                "Received",
                "from a by b with LMTP id 1 for <bot+x@reps.test>; Mon, 2 Mar 2026",
            ),
            field("Received", "from c by d with SMTP"),
            field("To", "Jane <jane@acme.test>, Bot <bot+x@REPS.test>"),
            field("Original-Recipient", "rfc822;bot+apple@reps.test"),
            field("Delivered-To", "<bot+y@reps.test>"),
        ];
        let found: Vec<_> = of(&fields).iter().map(|a| a.as_str().to_owned()).collect();
        assert_eq!(
            found,
            [
                "bot+y@reps.test",
                "bot+apple@reps.test",
                "bot+x@reps.test",
                "jane@acme.test"
            ]
        );
    }
}
