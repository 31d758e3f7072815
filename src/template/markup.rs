//! A marked text → plain text and HTML. The only door to pulldown-cmark.
//!
//! Structure comes from the author's Markdown alone; values are put into the events afterwards, as text. Raw HTML of the
//! author is shown, not passed on. The HTML is paragraphs, lists, emphasis and links in the reader's own font: it should
//! look typed, since it is. A line break stays a line break, so that both parts read the same.
//!
//! Standard: CommonMark 0.31, no extensions.

use super::vocabulary::Vocabulary;
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

/// What a link may lead to.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// The text as typed, links as `text (address)`, values filled in.
pub(super) fn plain(marked: &str, vocabulary: &Vocabulary) -> String {
    let mut out = String::new();
    let mut copied = 0;
    let mut link: Option<(usize, String)> = None;
    for (event, range) in Parser::new_ext(marked, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link {
                dest_url, link_type, ..
            }) => {
                out.push_str(&vocabulary.fill(marked.get(copied..range.start).unwrap_or("")));
                copied = range.end;
                let address = if link_type == LinkType::Email {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.to_string()
                };
                link = Some((out.len(), destination(&address, vocabulary)));
            }
            Event::Text(text) | Event::Code(text) if link.is_some() => out.push_str(&vocabulary.fill(&text)),
            Event::SoftBreak | Event::HardBreak if link.is_some() => out.push('\n'),
            Event::End(TagEnd::Link) => {
                if let Some((start, address)) = link.take() {
                    let said = out.get(start..).unwrap_or("");
                    let bare = address.strip_prefix("mailto:").unwrap_or(&address);
                    if said != address && said != bare {
                        out.push_str(&format!(" ({bare})"));
                    }
                }
            }
            _ => {}
        }
    }
    out.push_str(&vocabulary.fill(marked.get(copied..).unwrap_or("")));
    out
}

/// The same as HTML.
pub(super) fn html(marked: &str, vocabulary: &Vocabulary) -> String {
    let mut writer = Writer {
        vocabulary,
        events: Vec::new(),
        in_link: false,
    };
    for event in Parser::new_ext(marked, Options::empty()) {
        writer.take(event);
    }
    let mut out = "<!doctype html>\n<html><body>\n".to_owned();
    html::push_html(&mut out, writer.events.into_iter());
    out.push_str("</body></html>\n");
    out
}

struct Writer<'a, 'v> {
    vocabulary: &'v Vocabulary,
    events: Vec<Event<'a>>,
    in_link: bool,
}

impl<'a> Writer<'a, '_> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.events.push(Event::Code(self.vocabulary.fill(&text).into())),
            Event::SoftBreak => self.events.push(Event::HardBreak),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = CowStr::from(destination(&dest_url, self.vocabulary));
                self.in_link = link_type == LinkType::Email || leads_somewhere(&dest_url);
                if self.in_link {
                    self.events.push(Event::Start(Tag::Link {
                        link_type,
                        dest_url,
                        title,
                        id,
                    }));
                }
            }
            Event::End(TagEnd::Link) => {
                if std::mem::take(&mut self.in_link) {
                    self.events.push(Event::End(TagEnd::Link));
                }
            }
            // A picture is loaded from afar and tells its sender who reads; what describes it stays.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) => self.events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => self.events.push(Event::End(TagEnd::Paragraph)),
            // A headline in a letter is a line in bold.
            Event::Start(Tag::Heading { .. }) => {
                self.events
                    .extend([Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]);
            }
            Event::End(TagEnd::Heading(_)) => {
                self.events
                    .extend([Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]);
            }
            other => self.events.push(other),
        }
    }

    /// Text with its marks. The rep's own calendar link becomes a link even where it stands alone.
    fn text(&mut self, text: &str) {
        let mut typed = String::new();
        for c in text.chars() {
            match self.vocabulary.behind(c) {
                None => typed.push(c),
                Some(("rep.calendar_link", address)) if !self.in_link && leads_somewhere(address) => {
                    self.events.push(Event::Text(std::mem::take(&mut typed).into()));
                    self.link(address);
                }
                Some((_, value)) => {
                    for (row, line) in value.split('\n').enumerate() {
                        if row > 0 {
                            self.events.push(Event::Text(std::mem::take(&mut typed).into()));
                            self.events.push(Event::HardBreak);
                        }
                        typed.push_str(line);
                    }
                }
            }
        }
        self.events.push(Event::Text(typed.into()));
    }

    fn link(&mut self, address: &str) {
        self.events.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: address.to_owned().into(),
            title: "".into(),
            id: "".into(),
        }));
        self.events.push(Event::Text(address.to_owned().into()));
        self.events.push(Event::End(TagEnd::Link));
    }
}

fn leads_somewhere(address: &str) -> bool {
    let scheme = |scheme: &&str| {
        address
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    SCHEMES.iter().any(|known| scheme(&known))
}

/// Where a link leads: a value alone is an address, a value inside one is escaped (RFC 3986 2.1).
fn destination(marked: &str, vocabulary: &Vocabulary) -> String {
    let mut chars = marked.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && let Some((_, value)) = vocabulary.behind(only)
    {
        return value.to_owned();
    }
    let mut out = String::new();
    for c in marked.chars() {
        match vocabulary.behind(c) {
            None => out.push(c),
            Some((_, value)) => value.bytes().for_each(|byte| {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    out.push(char::from(byte));
                } else {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }),
        }
    }
    out
}
