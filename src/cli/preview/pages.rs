//! A preview as text for the terminal, and as files to open.

use super::{Failure, Preview, Shown};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{Channel, Correspondent, MessageId};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What `preview` prints.
pub(super) fn text(preview: &Preview) -> String {
    let cadence = &preview.cadence;
    let mut text = format!(
        "{} ({}), {} touches in {} days, for {}\n{}\n",
        cadence.title,
        cadence.name,
        cadence.touches(),
        cadence.span(),
        preview.prospect.address,
        cadence.about
    );
    for shown in &preview.touches {
        let _ = write!(
            text,
            "\n── {}\n{}\n\n{}",
            heading(preview, shown),
            why(shown),
            body(shown)
        );
    }
    text
}

/// `touch 4, email, Thu 12 Mar 10:12`.
fn heading(preview: &Preview, shown: &Shown) -> String {
    let at = shown.planned.slot.at.to_zoned(preview.prospect.zone.rules());
    let step = &shown.planned.step;
    format!(
        "touch {} of {}, {}, {}",
        step.number,
        preview.cadence.touches(),
        step.channel.word(),
        at.strftime("%a %-d %b %H:%M")
    )
}

/// When and why then, which wording, and what stands for it.
fn why(shown: &Shown) -> String {
    let mut why = shown.planned.slot.why.clone();
    if let Some(text) = &shown.chosen.text {
        let _ = write!(why, "; from {text}");
    }
    if let Some(variant) = &shown.chosen.variant {
        let test = variant
            .test
            .as_ref()
            .map(|test| format!(" of \"{test}\""))
            .unwrap_or_default();
        let _ = write!(why, "; wording {}{test}", variant.name);
    }
    if shown.replaces {
        why.push_str("; a mail that the rep hands over stands for it");
    }
    why
}

fn body(shown: &Shown) -> String {
    let what = match shown.planned.step.channel {
        Channel::Email => "Subject: ",
        Channel::Call | Channel::Linkedin | Channel::Video | Channel::DirectMail | Channel::Task => "",
    };
    format!(
        "{what}{}\n\n{}\n",
        shown.wording.subject,
        shown.wording.plain.trim_end()
    )
}

/// Writes the files of each preview, those of several into a folder each; returns the page to open.
pub(super) fn write_all(previews: &[Preview], folder: &Path) -> Result<PathBuf, Failure> {
    if let [only] = previews {
        return write(only, folder);
    }
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Preview</title>\n<style>{STYLE}</style></head>\n<body><h1>Preview</h1>\n<ul>\n"
    );
    for (preview, number) in previews.iter().zip(1..) {
        let person = format!("person-{number:03}");
        write(preview, &folder.join(&person))?;
        let name = escaped(&format!("{} ({})", preview.prospect.label(), preview.prospect.address));
        let _ = writeln!(page, "<li><a href=\"{person}/index.html\">{name}</a></li>");
    }
    page.push_str("</ul></body></html>\n");
    let index = folder.join("index.html");
    fs::write(&index, page).map_err(|error| Failure::file(&index, "written", &error))?;
    Ok(index)
}

/// Writes the files into the folder, which is made when it is not there; returns the page to open.
pub(super) fn write(preview: &Preview, folder: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, "made", &error))?;
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| Failure::file(&path, "written", &error))
    };
    let title = escaped(&format!("{} ({})", preview.cadence.title, preview.cadence.name));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1>\n<p>{}</p>\n",
        escaped(&preview.cadence.about)
    );
    for shown in &preview.touches {
        let number = format!("touch-{:02}", shown.planned.step.number.0);
        put(&format!("{number}.txt"), body(shown).as_bytes())?;
        let mut links = format!("<a href=\"{number}.txt\">text</a>");
        if let Some(html) = &shown.wording.html {
            put(&format!("{number}.html"), html.as_bytes())?;
            put(&format!("{number}.eml"), &mail(preview, shown)?)?;
            let _ = write!(
                links,
                " · <a href=\"{number}.html\">page</a> · <a href=\"{number}.eml\">mail</a>"
            );
        }
        let _ = write!(
            page,
            "<section><h2>{}</h2>\n<p class=\"why\">{} · {links}</p>\n<pre>{}</pre></section>\n",
            escaped(&heading(preview, shown)),
            escaped(&why(shown)),
            escaped(&body(shown))
        );
    }
    page.push_str("</body></html>\n");
    put("index.html", page.as_bytes())?;
    Ok(folder.join("index.html"))
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222;background:#fff}\
pre{white-space:pre-wrap;font:15px/1.5 system-ui,sans-serif;border-left:3px solid #ccc;padding-left:1em}\
.why{color:#666;font-size:14px}h2{font-size:1.1em;margin-top:2em}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.why{color:#999}a{color:#8ab4f8}}";

/// The mail as a mail program opens it. It has no way back to a bot, since nobody is enrolled.
fn mail(preview: &Preview, shown: &Shown) -> Result<Vec<u8>, Failure> {
    let wrong = |why: String| Failure::new(super::Exit::Data, why);
    let id = format!("preview.{}@{}", shown.planned.step.number, preview.rep.address.domain());
    let message_id = MessageId::parse(&id).ok_or_else(|| wrong("the rep's domain makes no Message-ID".to_owned()))?;
    let to = Correspondent::new(preview.prospect.name.as_deref(), preview.prospect.address.clone());
    compose(&Composition {
        from: &preview.rep.correspondent(),
        to: &to,
        reply_to: None,
        date: shown.planned.slot.at,
        message_id: &message_id,
        thread: &[],
        wording: &shown.wording,
        unsubscribe: None,
        automatic: Automatic::Touch,
        reference: "preview",
        enclosed: None,
    })
    .map_err(wrong)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
