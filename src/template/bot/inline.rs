//! The door to css-inline: a text's classes become `style` attributes once, when it is compiled, because not every mail
//! program reads a style sheet.
//!
//! An HTML parser does not know Handlebars, so each expression is hidden while it works: between tags as a comment, which
//! may stand anywhere, also between the rows of a table; inside a tag as a word.

use css_inline::CSSInliner;

/// What stands for an expression inside a tag: private characters, which no text of ours has.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// `text` with the rules of `css` in its tags. A whole page keeps its own style sheet, which has what no attribute can say.
///
/// # Errors
/// With what is wrong: a rule that cannot be read, or tags that do not close where they opened.
pub(super) fn inlined(text: &str, css: &str) -> Result<String, String> {
    if text.contains([OPEN, CLOSE]) {
        return Err("it has characters of Unicode's private area, which mail programs do not show".to_owned());
    }
    let (hidden, expressions) = hide(text)?;
    let is_page = text.trim_start().starts_with("<!DOCTYPE");
    let inliner = CSSInliner::options().load_remote_stylesheets(false).minify_css(true);
    let done = if is_page {
        let own = inliner.inline_style_tags(false).keep_style_tags(true);
        own.extra_css(Some(css.into())).build().inline(&hidden)
    } else {
        inliner.build().inline_fragment(&hidden, css)
    };
    let done = done.map_err(|error| format!("its styles cannot be laid into its tags: {error}"))?;
    let done = show(&done, &expressions);
    if tags(&done) == tags(text) {
        Ok(done)
    } else {
        Err("its tags do not close where they opened; each branch of an {{#if}} opens and closes its own".to_owned())
    }
}

/// The text with a place-holder for each expression, and the expressions.
fn hide(text: &str) -> Result<(String, Vec<&str>), String> {
    let (mut out, mut expressions, mut rest, mut in_tag) = (String::with_capacity(text.len()), Vec::new(), text, false);
    while let Some(at) = rest.find(['<', '>', '{']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if from.starts_with("<!--") {
            let end = from.find("-->").ok_or("a comment does not end")? + "-->".len();
            let (comment, after) = from.split_at(end);
            out.push_str(comment);
            rest = after;
        } else if from.starts_with("{{") {
            let close = if from.starts_with("{{{") { "}}}" } else { "}}" };
            let end = from.find(close).ok_or("an expression does not end")? + close.len();
            let (expression, after) = from.split_at(end);
            let number = expressions.len();
            if in_tag {
                out.extend([OPEN.to_string(), number.to_string(), CLOSE.to_string()]);
            } else {
                out.push_str(&format!("<!--{OPEN}{number}{CLOSE}-->"));
            }
            expressions.push(expression);
            rest = after;
        } else {
            let mut letters = from.chars();
            let letter = letters.next().unwrap_or_default();
            in_tag = letter == '<' || (letter != '>' && in_tag);
            out.push(letter);
            rest = letters.as_str();
        }
    }
    out.push_str(rest);
    Ok((out, expressions))
}

fn show(text: &str, expressions: &[&str]) -> String {
    let text = text.replace(&format!("<!--{OPEN}"), &OPEN.to_string());
    let text = text.replace(&format!("{CLOSE}-->"), &CLOSE.to_string());
    let mut pieces = text.split(OPEN);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, after) = piece.split_once(CLOSE).unwrap_or(("", piece));
        let known = number.parse().ok().and_then(|number: usize| expressions.get(number));
        out.push_str(known.copied().unwrap_or_default());
        out.push_str(after);
    }
    out
}

/// The names of its tags in their order, as they stand there.
fn tags(text: &str) -> Vec<String> {
    let names = text.split('<').skip(1);
    let names = names.map(|tag| {
        tag.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "/!".contains(*c))
            .collect()
    });
    names
        .filter(|name: &String| !name.is_empty() && !name.starts_with('!'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = ".soft { color: #555555; } .line { border-top: 1px solid #eeeeee; }";

    #[test]
    fn classes_become_styles_and_expressions_stay() {
        let text = "{{#> page}}\n<table><tbody>{{#each rows}}<tr><td class=\"soft line\" width=\"{{width}}\">{{name}}</td></tr>{{/each}}</tbody></table>\n{{/page}}";
        let done = inlined(text, CSS).unwrap();
        assert!(
            done.starts_with("{{#> page}}\n<table><tbody>{{#each rows}}<tr><td class=\"soft line\""),
            "{done}"
        );
        assert!(done.contains("width=\"{{width}}\""), "{done}");
        assert!(done.contains("color:#555555"), "{done}");
        assert!(done.contains("border-top:1px solid #eeeeee"), "{done}");
        assert!(
            done.ends_with(">{{name}}</td></tr>{{/each}}</tbody></table>\n{{/page}}"),
            "{done}"
        );
    }

    #[test]
    fn a_style_of_its_own_wins() {
        let done = inlined("<p class=\"soft\" style=\"height:{{high}}px;color:red\">x</p>", CSS).unwrap();
        assert!(
            done.contains("height:{{high}}px") && done.contains("color:red") && !done.contains("#555555"),
            "{done}"
        );
    }

    #[test]
    fn tags_that_cross_a_branch_are_an_error() {
        for text in [
            "{{#if a}}<div class=\"soft\">{{else}}<div>{{/if}}x</div>",
            "<table><div>x</div></table>",
            "<p>{{name</p>",
        ] {
            assert!(inlined(text, CSS).is_err(), "{text}");
        }
    }
}
