//! The commented file that is the manual of the configuration.

/// `config.example.toml`: every key with its meaning and its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

#[cfg(test)]
mod tests {
    use super::super::sections::tests::known_keys;
    use super::EXAMPLE;

    #[test]
    fn the_example_explains_every_key_that_is_read() {
        let as_maildir = EXAMPLE
            .replace("kind = \"imap\"", "kind = \"maildir\"")
            .replace("kind = \"smtp\"", "kind = \"maildir\"");
        let known = known_keys(EXAMPLE).into_iter().chain(known_keys(&as_maildir));
        for key in known {
            let last = key.rsplit('.').next().unwrap_or(&key);
            let stands = |line: &str| {
                let line = line.trim_start_matches(['#', '[', ' ']);
                line.strip_prefix(last).is_some_and(|rest| rest.starts_with([' ', ']']))
                    || line.contains(&format!("{{ {last} ="))
                    || line.contains(&format!(", {last} ="))
            };
            assert!(EXAMPLE.lines().any(stands), "{key} is not in the example");
        }
    }
}
