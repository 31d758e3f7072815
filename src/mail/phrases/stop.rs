//! How people ask for no more mail.

/// Sentences that ask for no more mail wherever they stand in a short new text.
pub const STOP_SENTENCES: &[&str] = &[
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
    "do not write to me again", "don't write to me again", "do not send me any", "don't send me any",
    "do not send me anymore", "no more emails please", "no more mails please", "no further emails", "cease all contact",
    "opt me out", "please opt out", "want to opt out", "like to opt out", "no longer wish to receive",
    "no longer want to receive", "do not wish to receive", "don't want to receive",
    "object to the processing of my", "object to processing of my", "delete my data", "erase my data", "delete my details",
    // German
    "widerspreche der verarbeitung", "widerspreche der nutzung", "widerspreche der speicherung", "meine daten zu löschen",
    "keine weiteren mails", "keine weiteren e-mails", "keine weiteren emails", "keine mails mehr", "keine e-mails mehr",
    "keine emails mehr", "keine nachrichten mehr", "keine werbung mehr", "nicht mehr anschreiben",
    "nicht mehr kontaktieren", "nicht weiter kontaktieren", "von ihrer liste", "von ihrem verteiler",
    "aus ihrem verteiler", "aus dem verteiler", "aus ihrer liste", "aus ihrer datenbank", "bitte abmelden",
    "möchte mich abmelden", "hören sie auf, mir", "löschen sie meine daten", "löschen sie meine adresse",
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
];

/// What asks for no more mail when it is all that is said.
pub const STOP_WORDS: &[&str] = &[
    // as people type it in a hurry
    "unsubcribe", "unsuscribe", "unsubscibe", "unsubsribe", "unsubscribed", "un-subscribe", "ubsubscribe", "unsubscrib", "unsubcribe me", "unsuscribe me",
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
    "dziękuję",
];

/// What turns a stop sentence into its opposite, or into talk about it, when it stands shortly before.
pub const NOT_STOP: &[&str] = &[
    "don't", "do not", "dont", "never", "not", "before i", "how to", "how do", "link to", "if i", "if they", "if people",
    "nicht", "kein", "ne pas", "no quiero que", "non", "they", "customers", "users", "subscribers", "kunden",
];
