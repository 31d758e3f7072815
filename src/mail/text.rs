//! HTML → the text a person sees, with quoted blocks marked by `> ` as plain mails mark them.
//!
//! No parser of pages: tags end words and lines, the rest is text. Limits: 512 KiB of HTML, eight levels of quotation.
//! Known gaps: styles are not applied; only `display:none` hides.

use super::read::entity;
use crate::model::limits;

/// Elements that start on a line of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "tr",
    "table",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "hr",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "center",
    "address",
];
/// Elements whose content nobody sees.
const HIDDEN: &[&str] = &["head", "style", "script", "title", "template", "noscript", "svg"];
/// Elements that have no end tag.
const VOID: &[&str] = &["br", "hr", "img", "meta", "link", "input", "wbr", "col"];
/// Classes and ids that Gmail, Outlook, Outlook for phones, Apple, Yahoo, Proton and Zoho give to a signature.
const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "id=\"Signature\"",
    "id=\"x_Signature\"",
    "ms-outlook-mobile-signature",
    "AppleMailSignature",
    "yahoo-signature",
    "signature_block-user",
    "zmail_signature",
];
const QUOTE_DEPTH: usize = 8;

#[derive(Default)]
struct Page {
    out: String,
    /// The line being written.
    line: String,
    quoted: usize,
    /// Open `pre` elements.
    pre: usize,
    /// Blank lines are not doubled.
    blank: bool,
}

/// The text of an HTML part.
pub(super) fn of_html(html: &str) -> String {
    let html = html
        .get(..html.floor_char_boundary(limits::HTML_EXAMINED.min(html.len())))
        .unwrap_or(html);
    let mut page = Page::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (words, tag) = rest
            .split_once('<')
            .map_or((rest, None), |(words, tag)| (words, Some(tag)));
        page.words(words);
        let Some(tag) = tag else { break };
        rest = if let Some(comment) = tag.strip_prefix("!--") {
            comment.split_once("-->").map_or("", |(_, after)| after)
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!' || c == '?') {
            page.tag(tag)
        } else {
            page.words("<");
            tag
        };
    }
    page.end_line();
    page.out.trim_matches('\n').to_owned()
}

impl Page {
    /// Takes a tag (without its `<`) and gives what follows.
    fn tag<'a>(&mut self, tag: &'a str) -> &'a str {
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        let closing = inside.starts_with('/');
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let open = !closing && !inside.ends_with('/') && !VOID.contains(&name.as_str());
        if open && (HIDDEN.contains(&name.as_str()) || is_hidden(inside)) {
            return after_element(after, &name);
        }
        if BLOCKS.contains(&name.as_str()) {
            if name == "br" {
                self.break_line();
            } else {
                self.end_line();
            }
        } else if name == "td" || name == "th" {
            self.words(" ");
        }
        let step = |count: usize| if closing { count.saturating_sub(1) } else { count + 1 };
        match name.as_str() {
            "blockquote" => self.quoted = step(self.quoted),
            "pre" => self.pre = step(self.pre),
            "p" if closing => self.gap(),
            // Some programs mark the signature only by a class or an id.
            "div" | "table" | "span" if !closing && is_signature(inside) && !self.out.ends_with("-- \n") => {
                self.end_line();
                self.put("-- ");
            }
            _ => {}
        }
        after
    }

    fn words(&mut self, words: &str) {
        let mut rest = words;
        while let Some(at) = rest.find('&') {
            let (before, from) = rest.split_at(at);
            self.plain(before);
            let end = from.find(';').filter(|end| *end <= 10);
            let (text, after) = end.map_or((from.get(..1), from.get(1..)), |end| {
                (from.get(..=end), from.get(end + 1..))
            });
            let text = text.unwrap_or_default();
            if text.len() > 2 {
                self.line.push_str(&entity(text).replace('\u{a0}', " "));
            } else {
                self.line.push_str(text);
            }
            rest = after.unwrap_or_default();
        }
        self.plain(rest);
    }

    fn plain(&mut self, words: &str) {
        if self.pre > 0 {
            for (nth, line) in words.split('\n').enumerate() {
                if nth > 0 {
                    self.break_line();
                }
                self.line.push_str(line);
            }
            return;
        }
        for c in words.chars() {
            let space = matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}');
            if !space {
                self.line.push(c);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    /// Ends the line if something stands on it.
    fn end_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.break_line();
        }
        self.line.clear();
    }

    /// Ends the line, empty or not.
    fn break_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        // The signature's delimiter keeps its space (RFC 3676 4.3).
        let line = if line.trim() == "--" { "-- " } else { line.trim_end() };
        self.put(line);
    }

    fn gap(&mut self) {
        if !self.blank {
            self.put("");
        }
    }

    fn put(&mut self, line: &str) {
        if self.out.len() < limits::TEXT_EXAMINED {
            for _ in 0..self.quoted.min(QUOTE_DEPTH) {
                self.out.push_str("> ");
            }
            self.out.push_str(line);
            self.out.push('\n');
            self.blank = line.is_empty();
        }
    }
}

fn is_signature(tag: &str) -> bool {
    SIGNATURES.iter().any(|mark| tag.contains(mark))
}

fn is_hidden(tag: &str) -> bool {
    let tag: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
    tag.to_ascii_lowercase().contains("display:none")
}

/// What follows the end tag of an element; nested elements of the same name are not looked for.
fn after_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|rest| rest.find("</")) {
        let tag = rest.get(from + at + 2..).unwrap_or_default();
        if tag
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return tag.split_once('>').map_or("", |(_, after)| after);
        }
        from += at + 2;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_the_text_a_person_sees() {
        for (html, text) in [
            (
                "<p>Hi&nbsp;Ana,</p><p>yes &amp; no &lt;3 &uuml;</p>",
                "Hi Ana,\n\nyes & no <3 ü",
            ),
            ("one<br>two<br/>\n three", "one\ntwo\nthree"),
            ("<style>p {}</style><title>x</title><b>A</b>B", "AB"),
            ("<div style='display: none'>preview</div>seen", "seen"),
            (
                "Yes<blockquote>old<blockquote>older</blockquote></blockquote>",
                "Yes\n> old\n> > older",
            ),
            ("a < b & c <!-- x -->d", "a < b & c d"),
            ("<pre>one\ntwo</pre>", "one\ntwo"),
            ("<div>Hi</div><div class=\"gmail_signature\">Ana</div>", "Hi\n-- \nAna"),
        ] {
            assert_eq!(of_html(html), text, "{html}");
        }
    }

    #[test]
    fn hostile_pages_are_bounded() {
        let deep = "<blockquote>".repeat(100_000) + "x";
        assert!(of_html(&deep).len() < 100);
        let open = "<style>".repeat(50_000);
        assert_eq!(of_html(&open), "");
        assert!(of_html(&"<p>x</p>&".repeat(200_000)).len() <= limits::TEXT_EXAMINED + 100);
    }
}
