//! The mails inside a text, from the outermost: each under a dividing line, a header block or an attribution.

use super::person::{self, Person};
use crate::mail::quote::attribution::{self, taken_apart};
use crate::mail::quote::block::{self, Block};
use crate::mail::quote::divider::{self, Says};
use crate::mail::quote::{is_blank, unquoted};
use crate::model::limits;

/// What shows that a mail starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A line that says: forwarded.
    Forwarded,
    /// A header block, which stands above answers too.
    Block,
    /// An attribution with unquoted text under it, as Outlook for Mac forwards.
    Attribution,
    /// An attribution with `>` lines under it: a quotation.
    Quotation,
}

/// One of the mails inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub mark: Mark,
    pub from: Person,
    /// As written.
    pub to: String,
    pub date: String,
    pub subject: String,
    /// The line at which it starts.
    line: usize,
}

/// How many blank lines may stand between a dividing line and its block.
const GAP: usize = 3;

/// The mails inside a text, the outermost first.
pub(super) fn levels(text: &str) -> Vec<Level> {
    find(text, limits::FORWARD_LEVELS)
}

/// What stands above the first of them.
pub(super) fn above(text: &str) -> &str {
    let Some(first) = find(text, 1).pop() else { return text };
    let end = text.split_inclusive('\n').take(first.line).map(str::len).sum();
    text.get(..end).unwrap_or(text)
}

fn find(text: &str, most: usize) -> Vec<Level> {
    let text = text
        .get(..text.floor_char_boundary(limits::FORWARD_TEXT.min(text.len())))
        .unwrap_or_default();
    let (depths, lines): (Vec<usize>, Vec<&str>) = text.lines().map(unquoted).unzip();
    let mut levels = Vec::new();
    let mut at = 0;
    while at < lines.len() && levels.len() < most {
        let rest = lines.get(at..).unwrap_or_default();
        let found = under_divider(rest)
            .or_else(|| block::read(rest, false).map(|block| (block.lines, of_block(block, Mark::Block))))
            .or_else(|| under_attribution(rest, depths.get(at..).unwrap_or_default()));
        if let Some((taken, mut level)) = found {
            level.line = at;
            levels.push(level);
            at += taken.max(1);
        } else {
            at += 1;
        }
    }
    levels
}

/// The mail under a dividing line, with how many lines divider and block take.
fn under_divider(lines: &[&str]) -> Option<(usize, Level)> {
    let (says, behind) = divider::read(lines.first()?)?;
    let mark = if says == Says::Forwarded {
        Mark::Forwarded
    } else {
        Mark::Block
    };
    if says == Says::ReplyAbove {
        return None;
    }
    if let Some(block) = block::read_one_line(behind) {
        return Some((1, of_block(block, mark)));
    }
    let blank = |line: &&str| line.trim_matches(is_blank).is_empty();
    let gap = lines
        .iter()
        .skip(1)
        .take(GAP + 1)
        .take_while(|line| blank(line))
        .count();
    let block = block::read(lines.get(1 + gap..)?, says != Says::Row)?;
    Some((1 + gap + block.lines, of_block(block, mark)))
}

fn of_block(block: Block, mark: Mark) -> Level {
    Level {
        mark,
        from: person::read(&block.from),
        to: block.to,
        date: block.date,
        subject: block.subject,
        line: 0,
    }
}

fn under_attribution(lines: &[&str], depths: &[usize]) -> Option<(usize, Level)> {
    let found = attribution::read(lines)?;
    let own = depths.first()?;
    let below = lines
        .iter()
        .zip(depths)
        .skip(found.lines)
        .find(|(line, _)| !line.trim_matches(is_blank).is_empty());
    // Outlook does not mark what it forwards; who quotes with `>` answers.
    let quoted = *own > 0 || below.is_some_and(|(_, depth)| depth > own);
    let mut from = person::read(&found.text);
    let (name, date) = taken_apart(&found.text);
    from.name = person::read(&name).name;
    Some((
        found.lines,
        Level {
            mark: if quoted { Mark::Quotation } else { Mark::Attribution },
            from,
            to: String::new(),
            date,
            subject: String::new(),
            line: 0,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marks, and who wrote it, when and about what.
    fn read(text: &str) -> Vec<(Mark, String, String, String)> {
        let tell = |level: Level| {
            let address = level.from.address.map(|it| it.as_str().to_owned()).unwrap_or_default();
            let who = format!("{} {address}", level.from.name.unwrap_or_default());
            (level.mark, who, level.date, level.subject)
        };
        levels(text).into_iter().map(tell).collect()
    }

    /// Checks that a text is one mail by Li Wei, about `Tea`.
    fn check(text: &str, mark: Mark) {
        let found = read(text);
        let (found_mark, who, date, subject) = found.first().unwrap_or_else(|| panic!("nothing in {text}"));
        assert_eq!(*found_mark, mark, "{text}");
        assert_eq!(who, "Li Wei li@acme.test", "{text}");
        assert!(date.contains("2026") && date.chars().count() < 40, "{date}: {text}");
        if mark != Mark::Attribution {
            assert_eq!(subject, "Tea", "{text}");
        }
        assert_eq!(found.len(), 1, "{text}");
    }

    #[test]
    fn forwards_of_apple_mail_are_read_in_every_language() {
        for (line, from, subject, date, to) in [
            ("Begin forwarded message:", "From", "Subject", "Date", "To"),
            (
                "Anfang der weitergeleiteten Nachricht:",
                "Von",
                "Betreff",
                "Datum",
                "An",
            ),
            ("Début du message réexpédié :", "De", "Objet", "Date", "À"),
            ("Inicio del mensaje reenviado:", "De", "Asunto", "Fecha", "Para"),
            ("Inizio messaggio inoltrato:", "Da", "Oggetto", "Data", "A"),
            ("Início da mensagem reencaminhada:", "De", "Assunto", "Data", "Para"),
            ("Begin doorgestuurd bericht:", "Van", "Onderwerp", "Datum", "Aan"),
            ("Vidarebefordrat mejl:", "Från", "Ämne", "Datum", "Till"),
            ("Start på videresendt besked:", "Fra", "Emne", "Dato", "Til"),
            ("Videresendt melding:", "Fra", "Emne", "Dato", "Til"),
            (
                "Välitetty viesti alkaa:",
                "Lähettäjä",
                "Aihe",
                "Päivämäärä",
                "Vastaanottaja",
            ),
            ("Początek przekazywanej wiadomości:", "Od", "Temat", "Data", "Do"),
            ("Začátek přeposílané zprávy:", "Od", "Předmět", "Datum", "Komu"),
            ("Začiatok preposlanej správy:", "Od", "Predmet", "Dátum", "Pre"),
            ("Započni proslijeđenu poruku:", "Šalje", "Predmet", "Datum", "Prima"),
            ("Továbbított levél kezdete:", "Feladó", "Tárgy", "Dátum", "Címzett"),
            ("Începe mesajul redirecționat:", "De la", "Subiect", "Dată", "Către"),
            ("Начало переадресованного сообщения:", "От", "Тема", "Дата", "Кому"),
            ("Початок листа, що пересилається:", "Від", "Тема", "Дата", "Кому"),
            ("Έναρξη προωθημένου μηνύματος:", "Από", "Θέμα", "Ημερομηνία", "Προς"),
            ("İleti başlangıcı:", "Kimden", "Konu", "Tarih", "Kime"),
            ("Inici del missatge reenviat:", "De", "Assumpte", "Data", "Per a"),
            ("Mulai pesan yang diteruskan:", "Dari", "Perihal", "Tanggal", "Kepada"),
            ("Bắt đầu thư được chuyển tiếp:", "Từ", "Chủ đề", "Ngày", "Đến"),
            ("תחילת ההודעה שהועברה:", "מאת", "נושא", "תאריך", "אל"),
            ("以下是转发的邮件：", "发件人", "主题", "日期", "收件人"),
            ("転送されたメッセージ：", "差出人", "件名", "日付", "宛先"),
            ("전달된 메시지 시작:", "보낸 사람", "제목", "날짜", "받는 사람"),
        ] {
            let text = format!(
                "> {line}\n> \n> {from}: Li Wei <li@acme.test>\n> {subject}: Tea\n> {date}: 2 March 2026 at 09:00\n> {to}: ana@corp.test\n> \n> Hello"
            );
            check(&text, Mark::Forwarded);
        }
    }

    #[test]
    fn forwards_between_dashes_are_read_in_every_language() {
        for (line, from, subject, date, to) in [
            ("Forwarded message", "From", "Subject", "Date", "To"),
            ("Weitergeleitete Nachricht", "Von", "Betreff", "Datum", "An"),
            ("Message transféré", "De", "Sujet", "Date", "Pour"),
            ("Mensaje reenviado", "De", "Asunto", "Fecha", "Para"),
            ("Messaggio Inoltrato", "Mittente", "Oggetto", "Data", "A"),
            ("Mensagem encaminhada", "De", "Assunto", "Data", "Para"),
            ("Doorgestuurd bericht", "Van", "Onderwerp", "Datum", "Aan"),
            ("Vidarebefordrat meddelande", "Från", "Ämne", "Datum", "Till"),
            ("Välitetty viesti", "Lähettäjä", "Aihe", "Päiväys", "Vastaanottaja"),
            ("Przekazana wiadomość", "Od", "Temat", "Data", "Do"),
            ("Přeposlaná zpráva", "Od", "Předmět", "Datum", "Komu"),
            ("Preposlaná správa", "Od", "Predmet", "Dátum", "Komu"),
            ("Mesaj redirecționat", "De la", "Subiect", "Dată", "Către"),
            ("Перенаправленное сообщение", "От", "Тема", "Дата", "Кому"),
            ("Перенаправлене повідомлення", "Від", "Тема", "Дата", "Кому"),
            ("Препратено съобщение", "От", "Относно", "Дата", "До"),
            ("Yönlendirilmiş İleti", "Kimden", "Konu", "Tarih", "Kime"),
            ("Posredovano sporočilo", "Od", "Zadeva", "Datum", "Za"),
            ("Edastatud kiri", "Saatja", "Teema", "Kuupäev", "Saaja"),
            ("Persiųstas laiškas", "Nuo", "Tema", "Data", "Kam"),
            ("メッセージを転送", "送信元", "件名", "日付", "送信先"),
            ("转发邮件信息", "发件人", "主题", "发送日期", "收件人"),
        ] {
            let text = format!(
                "See below\n\n---------- {line} ---------\n{from}: Li Wei <li@acme.test>\n{date}: 2 March 2026\n{subject}: Tea\n{to}: <ana@corp.test>\n\nHello"
            );
            check(&text, Mark::Forwarded);
            let tabs = format!(
                "-------- {line} --------\n{subject}: \tTea\n{date}: \t2 March 2026\n{from}: \tLi Wei <li@acme.test>\n{to}: \tana@corp.test\n\nHello"
            );
            check(&tabs, Mark::Forwarded);
            let one = format!(
                "   ----- {line} ----- {from}: Li Wei <li@acme.test>{to}: \"ana@corp.test\" <ana@corp.test>{date}: 2 March 2026, 09:00 CET{subject}: Tea\n Hello"
            );
            check(&one, Mark::Forwarded);
        }
    }

    #[test]
    fn header_blocks_of_outlook_are_read_in_every_language() {
        for (from, sent, to, subject) in [
            ("From", "Sent", "To", "Subject"),
            ("Von", "Gesendet", "An", "Betreff"),
            ("De", "Envoyé", "À", "Objet"),
            ("De", "Enviado el", "Para", "Asunto"),
            ("Da", "Inviato", "A", "Oggetto"),
            ("De", "Enviada em", "Para", "Assunto"),
            ("Van", "Verzonden", "Aan", "Onderwerp"),
            ("Från", "Skickat", "Till", "Ämne"),
            ("Fra", "Sendt", "Til", "Emne"),
            ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
            ("Od", "Wysłano", "Do", "Temat"),
            ("Od", "Odesláno", "Komu", "Předmět"),
            ("Od", "Odoslané", "Komu", "Predmet"),
            ("Feladó", "Elküldve", "Címzett", "Tárgy"),
            ("De la", "Trimis", "Către", "Subiect"),
            ("Šalje", "Poslano", "Prima", "Predmet"),
            ("От", "Отправлено", "Кому", "Тема"),
            ("Kimden", "Gönderildi", "Kime", "Konu"),
            ("Από", "Στάλθηκε", "Προς", "Θέμα"),
            ("发件人", "发送时间", "收件人", "主题"),
            ("差出人", "送信日時", "宛先", "件名"),
            ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
        ] {
            for (rule, bold) in [("________________________________\n", ""), ("", "*"), ("", "")] {
                let text = format!(
                    "{rule}{bold}{from}:{bold} Li Wei <li@acme.test>\n{bold}{sent}:{bold} 2 March 2026 09:00\n{bold}{to}:{bold} Ana <ana@corp.test>; Ben\n{bold}{subject}:{bold} Tea\n\nHello"
                );
                check(&text, Mark::Block);
            }
        }
    }

    #[test]
    fn attributions_of_outlook_are_read_in_every_language() {
        for line in [
            "\u{feff}On 02/03/2026 09:00, \"Li Wei\" <li@acme.test> wrote:",
            "Am 02.03.2026, 09:00 schrieb \"Li Wei\" <li@acme.test>:",
            "Le 02/03/2026 09:00, « Li Wei » <li@acme.test> a écrit :",
            "El 02/03/2026 09:00, \"Li Wei\" <li@acme.test> escribió:",
            "Il 02/03/2026, 09:00 \"Li Wei\" <li@acme.test> ha scritto:",
            "Em 02/03/2026 09:00, \"Li Wei\" <li@acme.test> escreveu:",
            "Op 02-03-2026 09:00 heeft Li Wei <li@acme.test> geschreven:",
            "Den 2026-03-02 09:00 skrev \"Li Wei\" <li@acme.test> följande:",
            "D. 02.03.2026 09.00 skrev \"Li Wei\" <li@acme.test>:",
            "Den 02.03.2026 09:00 skrev «Li Wei» <li@acme.test>:",
            "Li Wei <li@acme.test> kirjoitti 2.3.2026 9.00:",
            "Dnia 02/03/2026, 09:00 użytkownik „Li Wei” <li@acme.test> napisał:",
            "Dne 02.03.2026 09:00, „Li Wei“ <li@acme.test> napsal(a):",
            "Dňa 02.03.2026, 09:00, používateľ \"Li Wei\" <li@acme.test> napísal:",
            "2026. 03. 02. 9:00 keltezéssel, „Li Wei” <li@acme.test> írta:",
            "Pe 02.03.2026, 09:00, „Li Wei” <li@acme.test> a scris:",
            "Dana 02.03.2026. 09:00, korisnik Li Wei <li@acme.test> je napisao:",
            "02.03.2026, 09:00 пользователь \"Li Wei\" <li@acme.test> написал:",
            "Στις 02/03/2026, 09:00, ο χρήστης \"Li Wei\" <li@acme.test> έγραψε:",
            "\"Li Wei\" <li@acme.test>, 02.03.2026 09:00 tarihinde şunu yazdı:",
            "Vào 09:00, 02/03/2026, \"Li Wei\" <li@acme.test> đã viết:",
            "在 2026/3/2 09:00，“Li Wei”<li@acme.test> 写入:",
            "2026/03/02 9:00 に、\"Li Wei\" <li@acme.test> が書き込みました:",
        ] {
            check(&format!("Please look\n\n{line}\n\n    Hello"), Mark::Attribution);
            let quoted = levels(&format!("Fine\n\n{line}\n\n> Hello"));
            assert_eq!(quoted.first().map(|level| level.mark), Some(Mark::Quotation), "{line}");
        }
    }

    #[test]
    fn mails_inside_mails_are_found_from_the_outside() {
        let found = read(
            "---------- Forwarded message ---------\nFrom: Ben <ben@corp.test>\nDate: x\nSubject: Fwd: Tea\nTo: <ana@corp.test>\n\n\
             -----Original Message-----\nFrom: Li <li@acme.test>\nSent: y\nTo: ben@corp.test\nSubject: Tea\n\n\
             On 2 March 2026, Ana <ana@corp.test> wrote:\n> Hello",
        );
        let marks: Vec<_> = found.iter().map(|it| it.0).collect();
        assert_eq!(marks, [Mark::Forwarded, Mark::Block, Mark::Quotation]);
    }

    #[test]
    fn hostile_texts_are_bounded() {
        for piece in [
            "From: a@b.test\nTo: c@d.test\n\n",
            "From:\nDate:\n",
            "On 1 2 3 4\n",
            "-----\n",
            "\n",
            "> ",
            "A:",
            "----- x ----- From: A",
        ] {
            let found = levels(&piece.repeat(8 * 1024));
            assert!(found.len() <= limits::FORWARD_LEVELS, "{piece}");
        }
    }
}
