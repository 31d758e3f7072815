//! Opt-outs: by the opt-out address of a letter, by a mail program's button, by a plain sentence.
//!
//! The address counts whatever the mail says and whoever sent it: who holds the token may say no. A sentence counts only in
//! the new text, never in what is quoted or in a signature, only when it is short and plain, and only from a person; where
//! it is not plain the mail is a reply, which pauses as well. Reps do not opt out.
//!
//! Standards: RFC 2369 (mailto), RFC 8058. Corpus: tests/corpus/opt_out, tests/corpus/not_an_opt_out. Words: `phrases`.

use super::auto_reply;
use super::{Evidence, Kind, Reading, cited};
use crate::mail::intent::Meant;
use crate::mail::phrases::search::{Phrases, Place};
use crate::mail::phrases::stop::{NOT_STOP, OPT_OUT_OF, POLITE, STOP_PAIRS, STOP_SENTENCES, STOP_WORDS};
use crate::mail::quote::fold;
use crate::mail::thread;
use crate::model::{Intent, OptOutBy, Purpose, Signal, limits};
use std::sync::LazyLock;

/// A text of so few words says nothing that its subject does not: a name, a greeting.
const FEWEST: usize = 4;
/// Words that may follow a subject or a stop word without making it a conversation.
const FEW_WORDS: usize = 12;
/// How far behind a word of ending what is to end may begin, in bytes.
const NEAR: usize = 60;
/// How far before a sentence its negation may stand, in bytes.
const NEGATION: usize = 24;

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if evidence.claims_rep() || evidence.is_from_bot() {
        return None;
    }
    let token = evidence.token(Purpose::OptOut);
    let (by, because) = if token.is_some() {
        (OptOutBy::Token, "it came by the opt-out address of a letter")
    } else if evidence.word("X-Apple-Unsubscribe").as_deref() == Some("true") {
        (OptOutBy::Client, "the mail program's unsubscribe button")
    } else if auto_reply::sign(evidence).is_some() || is_newsletter(evidence) {
        return None;
    } else if is_stop_subject(&evidence.mail.subject) && is_brief(&evidence.said().new_text)
        || evidence.said().new_text.split_whitespace().count() <= FEWEST && is_wish(&evidence.mail.subject)
    {
        (OptOutBy::Client, "its subject is nothing but the wish to be left out")
    } else if asks_to_stop(&evidence.said().new_text) {
        (OptOutBy::Sentence, "a sentence of the new text asks for no more mail")
    } else {
        return None;
    };
    let mut reading = evidence.reading(Kind::OptOut, because);
    reading.signal = Some(Signal::OptOut { by });
    reading.intent = Some(Meant {
        intent: Intent::OptOut,
        because: because.to_owned(),
    });
    reading.token = token.or(reading.token);
    Some(cited::add(reading, evidence))
}

/// Every newsletter speaks of unsubscribing; unless it answers a letter of ours, that is not for us.
fn is_newsletter(evidence: &Evidence<'_>) -> bool {
    let list = evidence.has("List-Id") || evidence.has("List-Unsubscribe");
    list && evidence.token(Purpose::Reply).is_none()
}

fn is_stop_subject(subject: &str) -> bool {
    let subject = fold(subject);
    // Some mail programs' links put an id behind it.
    let subject = subject
        .split_once(':')
        .filter(|(word, id)| word.trim() == "unsubscribe" && !id.trim().contains(' '))
        .map_or(subject.as_str(), |(word, _)| word);
    let words = subject.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        words,
        "unsubscribe" | "unsubscribe me" | "opt out" | "opt-out" | "remove me" | "abmelden" | "désabonnement"
    ) || matches!(
        words,
        "désinscription" | "baja" | "cancellazione" | "descadastrar" | "afmelden" | "uitschrijven"
    ) || matches!(
        words,
        "avregistrera" | "wypisz" | "please unsubscribe" | "please unsubscribe me" | "unsubscribe request"
    )
}

/// Whether a subject under which hardly anything stands is the wish itself.
fn is_wish(subject: &str) -> bool {
    let bare = thread::base_subject(subject);
    is_stop_subject(bare) || bare.len() == subject.trim().len() && asks_to_stop(bare)
}

fn is_brief(text: &str) -> bool {
    text.split_whitespace().count() <= FEW_WORDS * 3
}

/// Whether a short new text asks for no more mail.
fn asks_to_stop(new_text: &str) -> bool {
    if new_text.is_empty() || new_text.chars().count() > limits::OPT_OUT_TEXT {
        return false;
    }
    let text = fold(new_text);
    STOP_SENTENCES.places(&text).any(|place| is_meant(&place)) || is_stop_word(new_text) || says_pair(&text)
}

/// The endings of all pairs, and for each whether a sentence must begin with it and what is to end behind it.
static ENDINGS: LazyLock<(Phrases, Vec<Ending>)> = LazyLock::new(|| {
    let each = STOP_PAIRS.iter().flat_map(|(endings, targets)| {
        endings.iter().map(|ending| match ending.strip_prefix('^') {
            Some(ending) => (ending, (true, *targets)),
            None => (*ending, (false, *targets)),
        })
    });
    let (phrases, endings) = each.unzip();
    (Phrases::of(phrases), endings)
});
type Ending = (bool, &'static [&'static str]);

/// Whether a sentence of the text has both parts of a pair, and is no question how that is done.
fn says_pair(text: &str) -> bool {
    let (phrases, endings) = &*ENDINGS;
    text.split(['.', '!', '?', ';', ':']).any(|sentence| {
        phrases.places(sentence.trim()).any(|place| {
            endings.get(place.nth).is_some_and(|(begins, targets)| {
                ends_something(&place, *begins) && {
                    let near = place.behind.floor_char_boundary(NEAR.min(place.behind.len()));
                    let near = place.behind.get(..near).unwrap_or_default();
                    targets.iter().any(|target| has_word(near, target))
                }
            })
        })
    })
}

/// Whether nothing turns a word of ending round; where it must begin the sentence, only politeness stands before it.
fn ends_something(place: &Place<'_>, begins: bool) -> bool {
    let polite = |word: &str| word.is_empty() || POLITE.contains(&word);
    let near = place
        .before
        .get(
            place
                .before
                .ceil_char_boundary(place.before.len().saturating_sub(NEGATION))..,
        )
        .unwrap_or_default();
    // `Stop by on Tuesday` invites.
    let invites = place.phrase.ends_with("stop") && place.behind.starts_with(" by ");
    place.is_whole() && (!begins || place.before.split([' ', ',']).all(polite)) && !NOT_STOP.is_said(near) && !invites
}

/// Whether a sentence stands at word ends and is not negated or talked about.
fn is_meant(place: &Place<'_>) -> bool {
    let clause = place
        .before
        .rsplit(['.', '!', '?', ';', ':', ','])
        .next()
        .unwrap_or_default();
    let near = clause
        .get(clause.ceil_char_boundary(clause.len().saturating_sub(NEGATION))..)
        .unwrap_or_default();
    let about = !place.phrase.ends_with("opt out") || is_about_mail(place.behind);
    place.is_whole() && !NOT_STOP.is_said(near) && about
}

/// Whether what somebody opts out of is mail, or nothing is said of it.
fn is_about_mail(after: &str) -> bool {
    let rest = after
        .split(['.', '!', '?', ';', ',', ':'])
        .next()
        .unwrap_or_default()
        .trim();
    !rest.starts_with("of ") && !rest.starts_with("from ") || OPT_OUT_OF.is_in(rest)
}

/// Whether a text has a word, or words; the empty one stands in every text.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Whether one of few sentences is nothing but a stop word: `Hi Ana,` may stand above it, a name below.
fn is_stop_word(new_text: &str) -> bool {
    if new_text.split_whitespace().count() > FEW_WORDS * 2 {
        return false;
    }
    let text = new_text
        .to_lowercase()
        .replace("a.u.b.", "aub")
        .replace("s.v.p.", "svp");
    text.split(['\n', '.', '!', '?', ':', ';']).any(|sentence| {
        let sentence = fold(sentence);
        let words = sentence
            .split([' ', ','])
            .filter(|word| !word.is_empty() && !POLITE.contains(word));
        STOP_WORDS.contains(&words.collect::<Vec<_>>().join(" ").as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_wish_is_understood_in_many_languages() {
        for text in [
            "Stop",
            "STOP!",
            "Please stop.\n\nJane Doe\nCFO, Acme",
            "unsubscribe",
            "I said it before: UNSUBSCRIBE. Leave it.",
            "We are not interested, please remove my address from your files.",
            "I object to the processing of my data.",
            "Hi Ana,\nplease unsubscribe me.\nThanks",
            "Please remove me from your list.",
            "Take me off your list, thanks",
            "Can you please stop emailing me?",
            "I don’t know you. Don’t contact me again.",
            "Bitte keine weiteren E-Mails.",
            "Bitte nehmen Sie mich von Ihrer Liste.",
            "Abmelden",
            "Merci de me retirer de votre liste.",
            "Désabonnez-moi svp",
            "Por favor, no me escriban más.",
            "Baja",
            "Non scrivetemi più, grazie.",
            "Por favor, remova-me da lista.",
            "Graag uitschrijven",
            "Vill inte ha fler mejl från er.",
            "Proszę o wypisanie mnie z listy.",
            "Please unsubscribe me from this list",
            "unsubscribe me",
            "Remove me from your mailing list please",
            "Take me off your distribution list.",
            "Please take me off this list immediately!",
            "STOP EMAILING ME",
            "Stop sending me emails",
            "Please stop contacting me about this.",
            "Do not contact me again.",
            "Please do not contact me any further.",
            "Don't email me anymore",
            "Please refrain from contacting me",
            "Please cease and desist all communication",
            "I did not sign up for this. Remove me.",
            "I never subscribed to this. Please remove my email from your system.",
            "Please delete my contact details from your database.",
            "Please remove us from your contact list",
            "Kindly remove my name from your list",
            "I'd like to be removed from this list",
            "I want to be removed from your mailing list.",
            "Please remove me",
            "remove",
            "Opt-out please",
            "I would like to opt out of further emails",
            "I wish to opt out.",
            "Not interested, please take me off your list.",
            "Not interested. Do not email again.",
            "No thanks, please don't reach out again.",
            "Please don't follow up any more. Remove me from your list.",
            "Can you remove me from your mailing list?",
            "Under GDPR Art. 17 I request that you erase my personal data.",
            "I hereby withdraw my consent to receiving your emails.",
            "Please no more emails",
            "No more emails please.",
            "Quit emailing me",
            "Stop spamming",
            "This is spam. Stop it.",
            "Unsubscribe, please",
            "Pls unsub",
            "unsub",
            "UNSUBSCRIBE!!!",
            "Please remove this email address from all future mailings",
            "I don't want to receive any more emails from you",
            "I do not want any more of your emails",
            "We no longer wish to be contacted by your company",
            "Please stop all future correspondence",
            "You keep emailing me. Enough. Take me off.",
            "Get me off this list",
            "Bitte entfernen Sie mich aus Ihrem Verteiler.",
            "Bitte nehmen Sie mich aus dem Verteiler",
            "Bitte löschen Sie meine E-Mail-Adresse aus Ihrer Liste",
            "Bitte keine weiteren Emails mehr an mich",
            "Ich möchte keine weiteren E-Mails von Ihnen erhalten.",
            "Ich wünsche keine weitere Kontaktaufnahme.",
            "Unterlassen Sie bitte weitere Mails",
            "Bitte kontaktieren Sie mich nicht mehr",
            "Hören Sie auf mir zu schreiben",
            "Schreiben Sie mir nicht mehr",
            "Bitte streichen Sie mich von der Liste",
            "Newsletter abbestellen",
            "Bitte austragen",
            "Hiermit widerspreche ich der Nutzung meiner Daten zu Werbezwecken",
            "Kein Interesse, bitte nicht mehr anschreiben.",
            "Löschen Sie umgehend alle meine Daten",
            "Bitte lassen Sie mich in Ruhe",
            "Merci de me désinscrire",
            "Veuillez me désabonner de vos envois",
            "Désinscription svp",
            "Merci de ne plus m'écrire",
            "Merci de ne plus m'envoyer de mails",
            "Je ne souhaite plus recevoir vos e-mails",
            "Veuillez supprimer mon adresse de votre base",
            "Retirez-moi de votre liste de diffusion",
            "Ne me contactez plus",
            "Stop aux mails svp",
            "Je souhaite me désinscrire",
            "Veuillez cesser tout envoi",
            "Merci de retirer mon adresse de votre fichier",
            "Laissez-moi tranquille",
            "Por favor, dame de baja",
            "Quiero darme de baja",
            "Solicito la baja de mi correo",
            "No me envíe más correos",
            "No quiero recibir más correos",
            "No deseo recibir más información",
            "Por favor elimine mi correo de su base de datos",
            "Bórrame de tu lista",
            "Sácame de la lista",
            "Deja de escribirme",
            "No me escribas más",
            "No me contacten más",
            "Eliminar suscripción",
            "Por favor, no vuelvan a contactarme",
            "Per favore cancellatemi dalla lista",
            "Vi prego di cancellarmi dalla vostra mailing list",
            "Non desidero più ricevere email",
            "Non voglio più ricevere le vostre mail",
            "Rimuovetemi dalla lista",
            "Smettetela di scrivermi",
            "Non contattatemi più",
            "Cancellate il mio indirizzo",
            "Basta mail per favore",
            "Chiedo la cancellazione dei miei dati",
            "Por favor remova-me da sua lista",
            "Retire o meu email da vossa lista",
            "Não quero receber mais emails",
            "Não desejo mais receber e-mails",
            "Parem de me enviar emails",
            "Por favor não me contacte mais",
            "Cancelar subscrição",
            "Quero ser removido da lista",
            "Favor excluir meu e-mail",
            "Me exclua da lista",
            "Favor descadastrar",
            "Gelieve mij uit te schrijven",
            "Schrijf me uit aub",
            "Verwijder mij van uw mailinglijst",
            "Ik wil geen mails meer ontvangen",
            "Stuur mij geen mails meer",
            "Haal mij van de lijst",
            "Afmelden a.u.b.",
            "Ik wens geen verdere e-mails te ontvangen",
            "Stop met het sturen van mails",
            "Neem geen contact meer met mij op",
            "Ta bort mig från listan",
            "Vänligen ta bort mig från er lista",
            "Jag vill inte ha fler mail",
            "Sluta skicka mail till mig",
            "Avregistrera mig",
            "Skicka inte fler mejl",
            "Vill ej ha fler utskick",
            "Avsluta prenumerationen",
            "Proszę o usunięcie z listy",
            "Proszę mnie wypisać",
            "Proszę usunąć mój adres z bazy",
            "Nie chcę otrzymywać wiadomości",
            "Proszę nie wysyłać mi więcej maili",
            "Nie życzę sobie dalszych wiadomości",
            "Rezygnuję z otrzymywania",
            "Wypiszcie mnie",
            "Proszę o zaprzestanie wysyłania",
        ] {
            assert!(asks_to_stop(text), "{text}");
        }
    }

    #[test]
    fn talk_about_stopping_is_no_opt_out() {
        for text in [
            "",
            "We had to stop the project in May; call me in autumn.",
            "Please don't stop emailing me, I am only busy.",
            "How do customers unsubscribe me from their view? I mean, how to unsubscribe me?",
            "I never said stop contacting me, quite the opposite.",
            "Could we stop by your office on Monday?",
            "No more questions from my side, please send the contract.",
            "Our users want to unsubscribe in one tap. Do you support that?",
            "Stop by on Tuesday",
            "Remove the second item and we have a deal.",
            "Not interested, thanks.",
            "We're not interested at the moment.",
            "Can you stop by on Tuesday?",
            "How do I remove a user from the list in your product?",
            "Does your tool handle unsubscribe links?",
            "Stop this terrible bill from passing",
            "Please remove the second paragraph and resend.",
            "I'd like to opt out of the premium plan but keep the basic one",
            "We stopped using that system last year.",
            "Let's stop here and talk next week.",
            "I will take this off my list once you send the deck",
            "No more questions from me.",
            "Please don't stop, this is useful",
            "Please send no more than 3 options.",
            "Could you take John off the thread and add me?",
            "Can you remove Peter from cc?",
            "The unsubscribe rate of our newsletter is 3 %, can you help?",
            "We want to stop the churn. Tell me more.",
            "Please remove the attachment, it is too big.",
            "I'm not the right person, contact jo@acme.test",
            "Kein Interesse.",
            "Wir melden uns, bitte nicht drängen",
            "Pas intéressé, merci.",
            "No nos interesa, gracias.",
            "Non siamo interessati",
            "Geen interesse",
            "Inte intresserad",
            "Nie jesteśmy zainteresowani",
            "What happens if people want to unsubscribe?",
            "I tried to unsubscribe from Contoso last week and it was awful, is yours better?",
            "End of March works for me",
            "Item 3 can be removed from the list.",
            "The file should be deleted from our system by Friday",
            "Please remove this item from the list",
            "Votre taux de désinscription est de 3 %, le nôtre aussi.",
            "La baja de precios nos interesa mucho.",
            "Ik heb uw mails niet meer ontvangen, kunt u ze nog eens sturen?",
            "Ich habe keine weiteren Anfragen, alles klar.",
            "Skicka inte fler än tre förslag",
            "Elimine el punto 2 de la lista y firmamos",
            "Eliminate la seconda riga dalla lista",
            "Remova o item 2 da lista",
            "Verwijder punt 2 van de lijst",
            "Proszę usunąć punkt 2 z listy",
            "Bitte nehmen Sie mich in den Verteiler auf",
            "Please add me to your mailing list",
            "Stop by our booth, we sent you emails about it",
            "Could you stop the export job? It is sending mails to the wrong system",
            "Do not send me the contract before Friday, I am travelling.",
            "Please don't send me any PDF, a link is enough.",
            "Basta così per oggi, ci sentiamo domani",
        ] {
            assert!(!asks_to_stop(text), "{text}");
        }
        let long = format!(
            "{} please remove me from your list",
            "We talked about many things. ".repeat(60)
        );
        assert!(!asks_to_stop(&long));
    }
}
