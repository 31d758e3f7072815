//! A mail of the bot as a page of its own: what its HTML shows as `cid:` (RFC 2392) is put into it.

/// The page with the pictures of the mail that it came in. The mail is one of ours: its pictures are parts in base64, each
/// with a `Content-ID`, and need no more than to be cut out.
pub(super) fn standalone(html: &str, mail: &[u8]) -> String {
    let mail = String::from_utf8_lossy(mail).replace("\r\n", "\n");
    let mut page = html.to_owned();
    for (at, field) in mail.match_indices("\nContent-ID: <") {
        let part = mail.get(at + field.len()..).unwrap_or_default();
        let Some((name, rest)) = part.split_once('>') else {
            continue;
        };
        let Some((_, body)) = rest.split_once("\n\n") else {
            continue;
        };
        let body = body.split("\n--").next().unwrap_or_default().replace('\n', "");
        page = page.replace(&format!("cid:{name}"), &format!("data:image/png;base64,{body}"));
    }
    page
}
