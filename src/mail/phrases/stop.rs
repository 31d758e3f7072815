//! How people ask for no more mail.

use super::search::Phrases;

/// Sentences that ask for no more mail wherever they stand in a short new text.
pub static STOP_SENTENCES: Phrases = Phrases::new(&[
    // English
    "unsubscribe me", "please unsubscribe", "unsubscribe from all", "take me off this mailing", "take me off any", "take me off all", "remove me please", "remove me from the list", "remove me from future", "delete me from", "remove my name", "remove our company", "take our company off",
    "stop the emails", "stop with the emails", "no further contact", "no more contact", "any further communication", "no further communication", "never contact me", "never email me", "not contact me again", "lose my email", "lose my address", "stop bothering me", "withdraw my consent", "leave me alone", "kindly unsubscribe", "want to unsubscribe", "like to unsubscribe",
    "wish to unsubscribe", "remove me from your list", "remove me from this list", "remove me from your mailing",
    "remove me from the mailing", "remove me from any", "remove me from all", "remove me from your database",
    "remove me from your email", "remove my email", "remove my address", "remove us from your",
    "delete me from your list", "delete my email address", "take me off your list", "take me off this list",
    "take me off your mailing", "take me off the mailing", "take me off of your", "take us off your", "stop emailing me", "stop e-mailing me",
    "stop emailing us", "stop mailing me", "stop contacting me", "stop contacting us", "stop writing to me",
    "stop sending me", "stop sending these", "stop spamming me", "stop messaging me", "stop these emails",
    "do not email me", "don't email me", "do not contact me", "don't contact me", "do not contact us", "don't contact us",
    "do not write to me again", "don't write to me again", "do not send me any more", "don't send me any more", "do not send me any email", "don't send me any email", "do not send me any mail", "don't send me any mail", "do not send me anything", "don't send me anything", "do not send me any message", "don't send me any message", "do not send me any further", "don't send me any further",
    "do not send me anymore", "no more emails please", "no more mails please", "no further emails", "cease all contact",
    "opt me out", "please opt out", "want to opt out", "like to opt out", "wish to opt out", "opt-out please", "opt out please", "opting out", "no longer wish to receive",
    "no longer want to receive", "do not wish to receive", "don't want to receive",
    "object to the processing of my", "object to processing of my", "delete my data", "erase my data", "delete my details",
    // German
    "widerspreche der verarbeitung", "widerspreche der nutzung", "widerspreche der speicherung", "meine daten zu löschen",
    "keine weiteren mails", "keine weiteren e-mails", "keine weiteren emails", "keine mails mehr", "keine e-mails mehr",
    "keine emails mehr", "keine nachrichten mehr", "keine werbung mehr", "nicht mehr anschreiben",
    "nicht mehr kontaktieren", "nicht weiter kontaktieren", "von ihrer liste", "von ihrem verteiler",
    "aus ihrem verteiler", "aus dem verteiler", "aus ihrer liste", "aus ihrer datenbank", "bitte abmelden",
    "möchte mich abmelden", "lassen sie mich in ruhe", "lasst mich in ruhe", "lass mich in ruhe", "hören sie auf, mir", "löschen sie meine daten", "löschen sie meine adresse",
    "löschen sie meine e-mail", "streichen sie mich", "nehmen sie mich von", "nehmen sie mich aus",
    // French
    "désabonnez-moi", "désinscrivez-moi", "me désabonner", "me désinscrire", "retirez-moi de", "me retirer de votre",
    "ne me contactez plus", "ne plus me contacter", "ne m'écrivez plus", "ne plus recevoir", "plus recevoir vos",
    "arrêtez de m'écrire", "arrêtez de m'envoyer", "cessez de m'envoyer", "cessez de me contacter", "supprimez mon adresse",
    "supprimez-moi de",
    // Spanish
    "darme de baja", "dame de baja", "deme de baja", "denme de baja", "no me escriba más", "no me escriban más",
    "no me contacte", "no me envíe más", "no me envíen más", "no quiero recibir", "no deseo recibir", "deje de escribirme",
    "dejen de escribirme", "deje de enviarme", "dejen de enviarme", "elimíneme de", "bórreme de", "sáqueme de su lista",
    // Italian
    "cancellami", "mi cancelli", "cancellatemi", "disiscrivetemi", "disiscrivermi", "rimuovetemi", "mi rimuova",
    "rimuovimi", "non scrivetemi più", "non mi scriva più", "non mi contatti", "non contattatemi", "non voglio ricevere",
    "non desidero ricevere", "smettetela di scrivermi", "togliermi dalla",
    // Portuguese
    "me remova da", "remova-me", "removam-me", "retire-me da", "cancele a minha inscrição", "cancelar minha inscrição",
    "não me envie mais", "não me enviem mais", "não me contacte", "não me contate", "não quero receber",
    "não desejo receber", "pare de me enviar", "parem de me enviar", "descadastrar", "remover o meu e", "remover meu e", "remover o meu endereço", "remova o meu e", "remova meu e",
    // Dutch
    "schrijf mij uit", "schrijf me uit", "uitschrijven graag", "graag uitschrijven", "haal mij van", "haal me van",
    "verwijder mij uit", "verwijder me uit", "geen mails meer", "geen e-mails meer", "niet meer mailen",
    "stop met mailen", "niet meer benaderen", "geen contact meer op",
    // Swedish, Danish, Norwegian
    "avregistrera mig", "ta bort mig från", "sluta maila", "sluta mejla", "sluta skicka", "inga fler mejl", "inga fler mail",
    "vill inte ha fler", "kontakta mig inte", "afmeld mig", "fjern mig fra", "ikke flere mails", "meld meg av",
    "fjern meg fra", "ikke kontakt meg",
    // Polish
    "wypisać mnie", "wypisz mnie", "proszę o wypisanie", "usunąć mnie z", "usuń mnie z", "proszę nie pisać",
    "proszę o usunięcie", "nie wysyłać więcej", "nie życzę sobie", "proszę nie wysyłać", "nie chcę otrzymywać",
]);

/// A word of ending (`^`: with which the sentence begins, but for politeness) and, shortly behind it in the same sentence, what is to end: people put anything between the two. Either
/// alone says something else (`remove the second item`, `the mailing list of our town`).
pub const STOP_PAIRS: &[(&[&str], &[&str])] = &[
    // English
    (&["remove me", "remove us", "remove my", "remove our", "remove this email", "remove this e-mail", "remove this address", "take me off", "take us off", "take my", "get me off", "delete me", "delete us", "delete my", "erase my", "erase me", "like to be removed", "want to be removed", "wish to be removed", "asked to be removed", "ask to be removed", "request to be removed", "like to be taken off", "want to be taken off", "unsubscribe this", "unsubscribe my", "unsubscribe us"],
     &["list", "lists", "mailing", "mailings", "database", "contacts", "distribution", "system", "records", "crm", "files", "emails", "e-mails", "email address", "e-mail address", "personal data", "personal information", "campaign", "campaigns", "sequence", "outreach"]),
    (&["no longer wish to be", "no longer want to be", "do not wish to be", "don't wish to be", "do not want to be", "don't want to be", "not wish to be", "prefer not to be"], &["contacted", "emailed", "approached", "on your list", "on this list", "on your mailing"]),
    (&["do not want", "don't want", "don't need", "do not need", "not interested in"], &["more of your emails", "more of your mails", "more of these emails", "more emails", "any emails from you", "your emails", "your spam", "hear from you"]),
    // Wishes that begin a sentence.
    (&["^stop", "^quit", "^cease", "^refrain from", "^end", "^discontinue", "^you must stop", "^you should stop", "^can you stop", "^could you stop", "^would you stop", "^will you stop", "^cease and desist"], &["emailing", "e-mailing", "mailing", "spamming", "contacting", "messaging", "bothering", "harassing", "correspondence", "communication", "communications", "sending me", "sending us", "mails", "emails"]),
    (&["^do not", "^don't", "^never", "don't you ever", "please don't", "please do not"], &["email again", "e-mail again", "mail again", "contact again", "email me", "e-mail me", "mail me", "contact me", "contact us", "reach out again", "reach out to me", "follow up any", "follow up again", "write to me", "write again", "message me", "spam me", "send me more", "send any more", "send me further"]),
    // German
    (&["entfernen sie", "entferne", "streichen sie", "streiche", "löschen sie", "lösche", "löscht", "entfernt", "bitte um löschung", "um löschung", "um entfernung"], &["mich", "meine adresse", "meine daten", "meiner daten", "meine e-mail", "meine email", "meine mail", "meiner adresse", "meiner e-mail", "alle meine"]),
    (&["nehmen sie", "nimm", "nehmt", "tragen sie", "tragt", "trag"], &["mich aus", "mich von", "mich bitte aus", "mich bitte von", "mich raus", "uns aus", "uns von"]),
    (&["kontaktieren sie", "schreiben sie", "mailen sie", "rufen sie", "schicken sie", "senden sie", "melden sie sich", "schreib", "kontaktiert", "schickt", "schreibt"], &["mich nicht mehr", "mir nicht mehr", "uns nicht mehr", "mir keine", "uns keine", "nicht weiter", "mich nie wieder", "mir nie wieder", "mich bitte nicht", "mir bitte keine"]),
    (&["keine weitere", "keinerlei weitere", "keine weiteren", "unterlassen sie", "unterlassen"], &["kontaktaufnahme", "kontaktaufnahmen", "mails", "e-mails", "emails", "anschreiben", "zusendung", "zusendungen", "werbung"]),
    (&["widerspreche", "widerruf", "widerrufe"], &["nutzung", "verarbeitung", "werbung", "werbezwecken", "speicherung", "einwilligung", "daten", "zusendung"]),
    (&["hören sie auf", "hört auf", "hör auf"], &["mir zu", "mich zu", "uns zu", "mit den mails", "mit diesen", "zu schreiben", "zu mailen", "zu spammen"]),
    (&["^newsletter", "^verteiler", "^abo"], &["abbestellen", "abmelden", "kündigen"]),
    // French
    (&["merci de ne plus", "veuillez ne plus", "je vous prie de ne plus", "prière de ne plus", "svp ne plus"], &["écrire", "envoyer", "contacter", "solliciter", "adresser", "relancer"]),
    (&["supprimer", "supprimez", "retirer", "retirez", "effacer", "effacez", "enlever", "enlevez", "rayez", "rayer"], &["mon adresse", "mon mail", "mon e-mail", "mon email", "mes coordonnées", "mes données", "mon nom", "moi de"]),
    (&["cesser", "cessez", "arrêter", "arrêtez", "^stop"], &["envoi", "envois", "vos mails", "vos emails", "vos e-mails", "aux mails", "mails", "sollicitations", "de m'écrire", "de m'envoyer", "de me contacter", "de me solliciter"]),
    (&["ne souhaite plus", "ne veux plus", "ne désire plus", "ne voulons plus", "ne souhaitons plus"], &["recevoir", "être contacté", "être contactée", "être sollicité", "vos mails", "vos emails"]),
    (&["^laissez", "^laisse"], &["moi tranquille", "moi en paix"]),
    (&["me désinscrire", "me désabonner", "être désinscrit", "être désabonné"], &[""]),
    // Spanish
    (&["elimine", "elimina", "eliminar", "eliminen", "borre", "borra", "borrar", "borren", "retire", "retiren", "suprima"], &["mi correo", "mi email", "mi e-mail", "mi dirección", "mis datos", "mi nombre", "mi contacto"]),
    (&["bórrame", "bórreme", "bórrenme", "sácame", "sáqueme", "sáquenme", "quítame", "quíteme", "quítenme", "elimíname", "elimíneme", "elimínenme"], &["de su lista", "de tu lista", "de la lista", "de esta lista", "de sus listas", "de su base", "de tu base"]),
    (&["no me escriba", "no me escribas", "no me escriban", "no me contacte", "no me contactes", "no me contacten", "no me envíe", "no me envíes", "no me envíen", "no me mande", "no me mandes", "no me manden", "no vuelva", "no vuelvas", "no vuelvan"], &["más", "nunca", "a contactarme", "a escribirme", "a enviarme", "a mandarme"]),
    (&["deja de", "deje de", "dejen de", "dejad de"], &["escribirme", "enviarme", "mandarme", "contactarme", "molestarme", "molestar"]),
    (&["^solicito la baja", "^solicito mi baja", "^pido la baja", "^eliminar suscripción", "^cancelar suscripción", "^anular suscripción", "^cancelar mi suscripción", "^anular mi suscripción"], &[""]),
    (&["no quiero", "no deseo", "no queremos", "no deseamos"], &["recibir", "más correos", "más emails", "ser contactado", "ser contactada", "que me escriban", "que me contacten"]),
    // Italian
    (&["cancellarmi", "cancellatemi", "cancellami", "mi cancelli", "eliminarmi", "eliminatemi", "eliminami", "rimuovermi", "rimuovetemi", "toglietemi", "toglimi"], &["dalla", "dalle", "da questa", "lista", "mailing"]),
    (&["cancellate", "cancelli", "cancellare", "eliminate", "eliminare", "rimuovete", "rimuova", "rimuovere"], &["il mio indirizzo", "i miei dati", "la mia mail", "la mia email", "il mio nominativo"]),
    (&["non voglio", "non desidero", "non vogliamo", "non desideriamo"], &["più ricevere", "ricevere più", "ricevere altre", "essere contattato", "essere contattata", "più essere"]),
    (&["non contattatemi", "non mi contatti", "non mi contattate", "non scrivetemi", "non mi scriva", "non mi scrivete", "non inviatemi", "non mi invii", "non mandatemi"], &["più", "altre", "altro"]),
    (&["smettetela di", "smetta di", "smettila di", "smettere di", "^basta"], &["scrivermi", "scriverci", "inviarmi", "mandarmi", "contattarmi", "mail", "email", "spam"]),
    (&["chiedo la", "richiedo la", "chiedo di", "vorrei la", "vi chiedo"], &["cancellazione", "cancellare", "rimozione", "disiscrizione", "essere cancellato", "essere cancellata", "essere rimosso", "essere rimossa"]),
    // Portuguese
    (&["remova", "remover", "removam", "remova-me", "retire", "retirem", "retirar", "exclua", "excluir", "excluam", "apague", "apaguem", "elimine", "eliminem", "tire", "tirem"], &["meu e-mail", "meu email", "meu endereço", "meus dados", "meu nome", "meu contato", "meu contacto"]),
    (&["me remova", "me remover", "remova-me", "remover-me", "me retire", "retire-me", "me exclua", "exclua-me", "me tire", "tire-me"], &["da", "de", "desta", "dessa"]),
    (&["não quero", "não desejo", "não queremos", "não desejamos", "não pretendo"], &["receber", "mais receber", "mais emails", "ser contactado", "ser contactada", "ser contatado"]),
    (&["não me contacte", "não me contactem", "não me contate", "não me contatem", "não me envie", "não me enviem", "não me escreva", "não me escrevam", "não me mande", "não me mandem"], &["mais", "novamente"]),
    (&["pare de", "parem de", "deixe de", "deixem de"], &["me enviar", "enviar", "me mandar", "mandar", "me contactar", "me contatar", "escrever", "me escrever", "spam"]),
    (&["cancelar", "cancele", "cancelem"], &["subscrição", "inscrição", "assinatura da newsletter", "o envio", "envio"]),
    (&["ser removido", "ser removida", "ser excluído", "ser excluída", "ser retirado", "ser retirada"], &["da", "desta", "dessa", "lista"]),
    // Dutch
    (&["verwijder", "verwijderen", "haal", "schrap", "wis", "uit te schrijven", "uitschrijven"], &["mij van", "mij uit", "me van", "me uit", "mijn adres", "mijn gegevens", "mijn e-mail", "mijn mail"]),
    (&["gelieve mij", "gelieve me", "wilt u mij", "wil je mij", "graag mij", "kunt u mij", "verzoek mij"], &["uit te schrijven", "uitschrijven", "af te melden", "afmelden", "te verwijderen", "verwijderen"]),
    (&["geen verdere", "geen mails", "geen e-mails", "geen reclame", "geen contact meer", "niet meer", "wil geen", "wens geen"], &["mails te", "e-mails te", "mails meer", "met mij op", "contacteren", "benaderen", "mailen", "mails ontvangen", "e-mails ontvangen"]),
    (&["^stop met", "hou op met", "houd op met"], &["mailen", "mails", "sturen", "spammen", "benaderen", "contacteren", "schrijven"]),
    // Swedish
    (&["ta bort", "radera", "stryk", "plocka bort"], &["mig från", "mig ur", "min adress", "min e-post", "min mejl", "min mail", "mina uppgifter", "mig omgående"]),
    (&["skicka inte", "maila inte", "mejla inte", "kontakta inte", "kontakta mig inte", "skriv inte"], &["fler mejl", "fler mail", "fler utskick", "mer mail", "mer mejl", "mig igen", "mig mer"]),
    (&["sluta", "vill inte ha", "vill ej ha", "önskar inte", "vill inte få", "vill inte bli", "undanber mig"], &["skicka mail", "skicka mejl", "maila", "mejla", "spamma", "fler utskick", "fler mail", "fler mejl", "mail från", "mejl från", "utskick", "kontaktad", "era mail", "reklam", "kontakta mig"]),
    (&["avsluta", "avregistrera", "avprenumerera", "säg upp"], &["prenumeration", "prenumerationen", "mig", "utskick", "min"]),
    // Polish
    (&["usunąć", "usuń", "usuńcie", "o usunięcie", "usunięcie", "wypisać", "wypisz", "wypiszcie", "o wypisanie", "wykreślić", "wykreślcie"], &["mnie", "mój adres", "mojego adresu", "moje dane", "moich danych", "mój e-mail", "mojego e-maila"]),
    (&["nie chcę", "nie życzę sobie", "nie chcemy", "nie życzymy sobie", "rezygnuję z"], &["otrzymywać", "dostawać", "wiadomości", "maili", "kontaktu", "otrzymywania", "mailingu", "newslettera"]),
    (&["nie wysyłać", "nie wysyłajcie", "nie przysyłać", "nie pisać", "nie kontaktować", "o niewysyłanie", "zaprzestanie", "zaprzestać", "przestańcie"], &["więcej", "do mnie", "się ze mną", "wysyłania", "wiadomości", "maili", "pisać", "wysyłać", "kontaktu"]),
    (&["proszę mnie", "prosze mnie"], &["wypisać", "usunąć", "wykreślić"]),
];

/// What may stand behind `opt out` for it to be about mail: people opt out of plans and features too.
pub static OPT_OUT_OF: Phrases = Phrases::new(&["mail", "list", "communication", "contact", "message", "newsletter", "marketing", "future", "further", "all", "this"]);

/// What asks for no more mail when it is all that is said.
pub const STOP_WORDS: &[&str] = &[
    // as people type it in a hurry
    "unsubcribe", "unsuscribe", "unsubscibe", "unsubsribe", "unsubscribed", "un-subscribe", "ubsubscribe", "unsubscrib", "unsubcribe me", "unsuscribe me",
    "unsub", "unsub me", "stop spamming", "stop spam", "stop spamming me", "please remove", "take me off the list", "remove me from list", "bajas", "dar baja", "keine werbung", "abmeldung", "abmeldung newsletter", "austragung", "löschen", "désinscrire", "désinscrivez", "désabonnez", "désabonnez moi", "me désinscrire", "desuscribir", "desuscribirme", "darme de baja", "disiscrivimi", "disiscrivere", "remova", "remova-me", "sair da lista", "descadastro", "descadastre", "schrijf uit", "uitschrijving", "afmelding", "avanmäl", "avregistrering", "avbeställ", "ta bort mig", "proszę wypisać", "wypisać", "wypiszcie mnie", "usuń", "usuń mnie", "proszę usunąć",
    "stop", "unsubscribe", "unsubscribe me", "remove", "remove me", "opt out", "opt-out", "optout", "take me off",
    "no more emails", "no more mails", "no more", "stop it", "stop this", "stop emailing", "stop mailing",
    "stop sending emails", "stop writing", "leave me alone", "abmelden", "abbestellen", "austragen", "stopp", "aufhören",
    "keine mails", "keine e-mails", "désabonner", "désabonnement", "désinscription", "se désinscrire", "baja", "dar de baja",
    "darse de baja", "cancelar suscripción", "basta", "cancellami", "cancellazione", "disiscrizione", "cancelar inscrição",
    "descadastrar", "remover", "afmelden", "uitschrijven", "avregistrera", "avprenumerera", "avsluta", "afmeld", "meld av",
    "wypisz", "wypisz mnie", "rezygnuję", "rezygnacja",
];

/// What may stand around a stop word without changing it.
pub const POLITE: &[&str] = &[
    "please", "pls", "plz", "kindly", "just", "hi", "hello", "hey", "dear", "thanks", "thank", "you", "thx", "now", "already",
    "bitte", "danke", "hallo", "s'il", "vous", "plaît", "svp", "merci", "bonjour", "por", "favor", "gracias", "hola", "per",
    "favore", "grazie", "ciao", "obrigado", "obrigada", "alstublieft", "graag", "bedankt", "tack", "snälla", "proszę",
    "dziękuję", "hiermit", "umgehend", "sofort", "immediately", "asap", "aub", "u", "b", "favor", "vänligen", "gelieve",
];

/// What turns a stop sentence into its opposite, or into talk about it, when it stands shortly before.
pub static NOT_STOP: Phrases = Phrases::new(&[
    "don't", "do not", "dont", "never", "not", "before i", "how to", "how do", "link to", "if i", "if they", "if people",
    "nicht", "kein", "ne pas", "no quiero que", "non", "they", "customers", "users", "subscribers", "kunden",
]);
