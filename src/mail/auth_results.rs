//! Authentication-Results, read strictly: what cannot be read is not believed.
//!
//! Standards: RFC 8601 2.2 (comments, quoted strings, `method=result`, `ptype.property=value`). Exchange Online leaves
//! the authserv-id out; such a field has the id `""`.

use crate::model::limits;

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Who says so, lower case; empty when left out.
    pub authserv_id: String,
    /// What is said.
    pub results: Vec<Verdict>,
}

/// One `method=result` with its properties.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// `dkim`, lower case.
    pub method: String,
    /// `pass`, lower case.
    pub result: String,
    /// `header.d` and its value, both lower case.
    pub properties: Vec<(String, String)>,
}

impl Verdict {
    /// It in short, for people: `dkim=pass header.d=corp.test`.
    pub fn told(&self) -> String {
        let mut told = format!("{}={}", self.method, self.result);
        let domains = self
            .properties
            .iter()
            .filter(|(key, _)| matches!(key.as_str(), "header.d" | "header.from"));
        for (key, value) in domains {
            let value: String = value.chars().filter(|c| !c.is_control()).take(limits::DOMAIN).collect();
            told.push_str(&format!(" {key}={value}"));
        }
        told
    }

    /// The value of a property, if it is there exactly once.
    pub fn property(&self, name: &str) -> Option<&str> {
        let mut found = self.properties.iter().filter(|(key, _)| key == name);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }
}

/// Reads a field's value; `None` when it is too long or not as the standard says.
pub(super) fn parse(value: &str) -> Option<Field> {
    if value.len() > limits::AUTH_RESULT {
        return None;
    }
    let tokens = tokens(value)?;
    let mut statements = tokens.split(|token| *token == Token::Sign(';'));
    let head = statements.next()?;
    let mut results = Vec::new();
    // The id may be followed by a version; a result in its place means that there is no id.
    let authserv_id = match head {
        [Token::Word(id)] => id.clone(),
        [Token::Word(id), Token::Word(version)] if version.bytes().all(|b| b.is_ascii_digit()) => id.clone(),
        head => {
            results.push(verdict(head)?);
            String::new()
        }
    };
    for statement in statements {
        match statement {
            [] => {}
            [Token::Word(none)] if none == "none" => {}
            statement => results.push(verdict(statement)?),
        }
    }
    Some(Field { authserv_id, results })
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// A token, a value or a quoted string, lower case.
    Word(String),
    /// `;` or `=`.
    Sign(char),
}

/// Words and signs, comments left out.
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => skip_comment(&mut chars)?,
            '"' => tokens.push(Token::Word(quoted(&mut chars)?)),
            ';' | '=' => tokens.push(Token::Sign(c)),
            c if c.is_whitespace() => {}
            c if is_word(c) => {
                let mut word = String::from(c.to_ascii_lowercase());
                while let Some(next) = chars.next_if(|next| is_word(*next)) {
                    word.push(next.to_ascii_lowercase());
                }
                tokens.push(Token::Word(word));
            }
            _ => return None,
        }
    }
    Some(tokens)
}

fn is_word(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !"()\";=".contains(c)
}

fn skip_comment(chars: &mut impl Iterator<Item = char>) -> Option<()> {
    let mut depth = 1_usize;
    while depth > 0 {
        match chars.next()? {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\\' => {
                chars.next()?;
            }
            _ => {}
        }
    }
    Some(())
}

fn quoted(chars: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(text),
            '\\' => text.push(chars.next()?.to_ascii_lowercase()),
            c if c.is_control() => return None,
            c => text.push(c.to_ascii_lowercase()),
        }
    }
}

/// `dkim=pass reason="ok" header.d=acme.test`.
fn verdict(statement: &[Token]) -> Option<Verdict> {
    let mut pairs = statement.chunks(3).map(|chunk| match chunk {
        [Token::Word(key), Token::Sign('='), Token::Word(value)] => Some((key.clone(), value.clone())),
        _ => None,
    });
    let (method, result) = pairs.next()??;
    // `dkim/1=pass` names a version of the method.
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(Verdict {
        method,
        result,
        properties: pairs.collect::<Option<Vec<_>>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_the_standard_writes_them() {
        let field = parse(
            "mx.corp.test 1 (Postfix; x); spf=pass smtp.mailfrom=a@b.test; DKIM=Pass (2048 (rsa)) reason=\"good; ok\" \
             header.d=corp.test header.i=@corp.test; dmarc=pass header.from=Corp.test",
        )
        .expect("a field");
        assert_eq!(field.authserv_id, "mx.corp.test");
        assert_eq!(field.results.len(), 3);
        assert_eq!(field.results[1].property("header.d"), Some("corp.test"));
        assert_eq!(field.results[2].property("header.from"), Some("corp.test"));
        let bare = parse("spf=none (x); dkim=pass header.d=a.test").expect("a field");
        assert_eq!((bare.authserv_id.as_str(), bare.results.len()), ("", 2));
        assert_eq!(parse("mx.corp.test; none").expect("a field").results, []);
    }

    #[test]
    fn what_is_not_as_the_standard_says_is_no_field() {
        for broken in [
            "mx; dkim=pass (open",
            "mx; dkim=pass reason=\"open",
            "mx; dkim==pass",
            "mx; dkim=pass header.d",
            "mx other thing; dkim=pass",
            "mx; dkim=pass\0",
            "",
        ] {
            assert_eq!(parse(broken), None, "{broken:?}");
        }
        assert_eq!(parse(&"x".repeat(limits::AUTH_RESULT + 1)), None);
    }
}
