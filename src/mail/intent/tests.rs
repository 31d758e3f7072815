//! What answers mean, in nine languages.

use super::*;
use crate::mail::classify::Trust;
use crate::model::{BotAddress, Key};

/// The intent of an answer of Monday, 2 March 2026, and its day or address.
fn of(text: &str) -> String {
    with_cc(text, "")
}

fn with_cc(text: &str, cc: &str) -> String {
    let bot = Address::parse("cadence@reps.test").expect("an address");
    let own = Own {
        bot: &BotAddress::new(bot, &Key::root(&[7; 32])),
        aliases: &[],
        domains: &["corp.test".to_owned()],
        reps: &[],
        lead_sources: &[],
        trust: &Trust::default(),
    };
    let mail = format!("From: li@acme.test\nCc: {cc}\nDate: Mon, 2 Mar 2026 09:00:00 +0100\n\nx");
    let meant = read(text, &crate::mail::read::read(mail.as_bytes()), &own);
    let more = match &meant.intent {
        Intent::NotNow { until: Some(until) } => format!(" {until}"),
        Intent::Referral { to: Some(to) } => format!(" {to}"),
        _ => String::new(),
    };
    format!("{}{more}", meant.intent.code())
}

#[test]
fn a_yes_is_understood() {
    for text in [
        "Sounds good, tell me more.",
        "Hi Ana, we would love to see a demo. Best, Li",
        "Sure, I'm interested. When are you free?",
        "Thursday at 10 works for me.",
        "Klingt spannend, rufen Sie mich gerne an.",
        "Wir sind interessiert.",
        "Oui, cela nous intéresse. Pouvez-vous m'appeler ?",
        "Me interesa, ¿podemos hablar el jueves?",
        "Ci interessa molto, parliamone.",
        "Temos interesse, podem enviar mais informações?",
        "Klinkt goed, stuur me meer informatie.",
        "Låter bra, ring mig i morgon.",
        "Jesteśmy zainteresowani, proszę o przesłanie oferty.",
        "No, that sounds good to us.",
    ] {
        assert_eq!(of(text), "interested", "{text}");
    }
}

#[test]
fn a_no_is_understood() {
    for text in [
        "Not interested, thanks.",
        "Thanks, but we are not really interested in this.",
        "No thanks.",
        "We already have a vendor for that.",
        "Kein Interesse.",
        "Nein danke, wir haben keinen Bedarf.",
        "Merci, mais nous ne sommes pas intéressés.",
        "Gracias, pero no nos interesa.",
        "Grazie, ma non siamo interessati.",
        "Obrigado, mas não temos interesse.",
        "Bedankt, maar geen interesse.",
        "Nej tack, vi har redan en leverantör.",
        "Dziękuję, nie jesteśmy zainteresowani.",
    ] {
        assert_eq!(of(text), "not_interested", "{text}");
    }
}

#[test]
fn a_later_is_understood_with_its_day() {
    for (text, intent) in [
        ("Not now, maybe later.", "not_now"),
        ("Not right now. Please check back in May.", "not_now 2026-05-01"),
        ("Could you reach out again after June?", "not_now 2026-07-01"),
        ("Bad timing, circle back in two weeks", "not_now 2026-03-16"),
        (
            "We are too busy; try again in a couple of months.",
            "not_now 2026-05-02",
        ),
        ("Let's pick this up next quarter.", "not_now 2026-04-01"),
        (
            "It is on hold. Please come back to me on 15 June.",
            "not_now 2026-06-15",
        ),
        ("No budget until January", "not_now 2027-01-01"),
        ("Revisit in Q3, please.", "not_now 2026-07-01"),
        ("Derzeit nicht, melden Sie sich im September.", "not_now 2026-09-01"),
        ("Passt gerade nicht. In drei Monaten vielleicht.", "not_now 2026-06-02"),
        ("Pas pour le moment, recontactez-moi en juin.", "not_now 2026-06-01"),
        ("Pas avant l'année prochaine", "not_now 2027-01-01"),
        ("Ahora no. Hablemos en dos meses.", "not_now 2026-05-02"),
        ("Per ora no, mi ricontatti tra due mesi.", "not_now 2026-05-02"),
        ("De momento não, fale comigo em maio.", "not_now 2026-05-01"),
        ("Op dit moment niet, misschien volgend kwartaal.", "not_now 2026-04-01"),
        ("Inte just nu, hör av dig i augusti.", "not_now 2026-08-01"),
        (
            "Obecnie nie, proszę odezwać się w maju lub za dwa tygodnie.",
            "not_now 2026-03-16",
        ),
        ("Call me in the afternoon.", "interested"),
        ("We may like it; sounds good.", "interested"),
    ] {
        assert_eq!(of(text), intent, "{text}");
    }
}

#[test]
fn somebody_else_is_understood_with_the_address() {
    for (text, intent) in [
        (
            "Please contact my colleague Bo at bo@acme.test.",
            "referral bo@acme.test",
        ),
        (
            "I'm not the right person. Try <mia.lee@acme.test>",
            "referral mia.lee@acme.test",
        ),
        (
            "Not interested myself, but talk to Bo (bo@acme.test).",
            "referral bo@acme.test",
        ),
        ("I am not the right person for this.", "referral"),
        (
            "Ich bin nicht zuständig, wenden Sie sich bitte an bo@acme.test",
            "referral bo@acme.test",
        ),
        (
            "Je ne suis pas la bonne personne, écrivez à bo@acme.test",
            "referral bo@acme.test",
        ),
        (
            "No soy la persona indicada, contacte a bo@acme.test",
            "referral bo@acme.test",
        ),
        (
            "Non sono la persona giusta, scriva a bo@acme.test",
            "referral bo@acme.test",
        ),
        ("Não sou a pessoa certa, fale com bo@acme.test", "referral bo@acme.test"),
        (
            "Ik ben niet de juiste persoon, mail naar bo@acme.test",
            "referral bo@acme.test",
        ),
        ("Jag är fel person, kontakta bo@acme.test", "referral bo@acme.test"),
        ("To nie ja, proszę pisać: bo@acme.test", "referral bo@acme.test"),
        // An address of the writer or of the house is nobody else.
        ("Email me at li@acme.test, sounds good", "interested"),
        ("Please ask ana@corp.test?", "question"),
    ] {
        assert_eq!(of(text), intent, "{text}");
    }
    assert_eq!(
        with_cc("Looping in Bo, who runs this.", "Bo <bo@acme.test>, cadence@reps.test"),
        "referral bo@acme.test"
    );
    assert_eq!(
        with_cc("Looping in two people.", "bo@acme.test, mia@acme.test"),
        "referral"
    );
    assert_eq!(with_cc("Thanks, received.", "bo@acme.test"), "other");
}

#[test]
fn what_is_none_of_these_is_said_to_be_none() {
    assert_eq!(of("What does it cost?"), "question");
    assert_eq!(of("¿Cuánto cuesta?"), "question");
    assert_eq!(of("Thanks, I got your mail."), "other");
    assert_eq!(of(""), "other");
    assert_eq!(of("I am interestedly waiting"), "other");
}

#[test]
fn hostile_texts_are_bounded() {
    for piece in ["@", "in a ", "a@b.test ", "interested not ", "\u{130}", "may in ", "q"] {
        let meant = of(&piece.repeat(200_000));
        assert!(!meant.is_empty());
    }
}
