//! The words of mail programs and people in many languages, as data. No code here.
//!
//! All are lower case, as `fold` gives them: white space collapsed, typographic apostrophes made plain.

/// What stands between dashes above a quoted mail.
pub(super) const ORIGINAL_MESSAGE: &[&str] = &[
    "original message", "original appointment", "reply message", "forwarded message", "begin forwarded message",
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "weitergeleitete nachricht",
    "message d'origine", "message original", "message transféré", "mensaje original", "mensaje reenviado",
    "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "doorgestuurd bericht",
    "ursprungligt meddelande", "originalmeddelande", "vidarebefordrat meddelande", "oprindelig meddelelse",
    "opprinnelig melding", "mensagem original", "mensagem encaminhada", "oryginalna wiadomość",
    "wiadomość oryginalna", "wiadomość przekazana", "původní zpráva", "eredeti üzenet", "alkuperäinen viesti",
    "исходное сообщение", "пересылаемое сообщение", "原始邮件", "转发邮件", "元のメッセージ", "转发邮件信息",
];

/// Attribution lines: how one starts, and the word it must hold later. An empty start stands for a name or an address.
pub(super) const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("on ", "wrote"), ("am ", "schrieb"), ("le ", "a écrit"), ("el ", "escribió"), ("il ", "ha scritto"),
    ("em ", "escreveu"), ("a ", "escreveu"), ("op ", "schreef"), ("den ", "skrev"), ("den ", "schrieb"),
    ("på ", "skrev"), ("w dniu ", "napisał"), ("w dniu ", "pisze"), ("dnia ", "napisał"), ("dne ", "napsal"),
    ("dňa ", "napísal"), ("ke ", "kirjoitti"), ("tiistai", "kirjoitti"), ("în ", "a scris"), ("la ", "a scris"),
    ("", "wrote:"), ("", "schrieb am"), ("", "schrieb:"), ("", "a écrit :"), ("", "a écrit:"), ("", "escribió:"),
    ("", "ha scritto:"), ("", "escreveu:"), ("", "schreef op"), ("", "schreef:"), ("", "skrev:"), ("", "kirjoitti"),
    ("", "napisał(a):"), ("", "написал"), ("", "пишет:"), ("", "yazdı:"), ("", "写道"), ("", "のメール:"),
];

/// The first label of a header block that a program puts above a quoted mail.
pub(super) const FROM_LABELS: &[&str] = &[
    "from", "von", "de", "da", "van", "från", "fra", "od", "lähettäjä", "feladó", "от", "kimden", "发件人", "寄件者",
    "差出人", "expéditeur",
];
/// A label that must follow it within a few lines.
pub(super) const SENT_LABELS: &[&str] = &[
    "sent", "date", "gesendet", "datum", "envoyé", "date d'envoi", "enviado", "enviado el", "fecha", "inviato", "data",
    "verzonden", "skickat", "sendt", "dato", "wysłano", "odesláno", "lähetetty", "küldve", "отправлено", "дата",
    "gönderilen", "发送时间", "日期", "送信日時", "enviada em", "enviado em",
];
/// And one of these.
pub(super) const TO_LABELS: &[&str] = &[
    "to", "subject", "an", "betreff", "à", "objet", "para", "asunto", "a", "oggetto", "aan", "onderwerp", "till", "ämne",
    "til", "emne", "do", "temat", "komu", "předmět", "vastaanottaja", "aihe", "címzett", "tárgy", "кому", "тема", "kime",
    "konu", "收件人", "主题", "宛先", "件名", "assunto",
];

/// What phones and apps put under a mail, at the start of a line.
pub(super) const APP_SIGNATURES: &[&str] = &[
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent via ", "sent with ",
    "get outlook for ", "von meinem ", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem ",
    "envoyé de mon ", "envoyé depuis ", "télécharger outlook", "enviado desde mi ", "enviado do meu ", "enviado desde ",
    "inviato da ", "verstuurd vanaf mijn ", "verzonden vanaf ", "skickat från min ", "sendt fra min ", "wysłane z ",
    "obter o outlook", "obtener outlook", "outlook für ", "scarica outlook", "hämta outlook",
];

/// Sentences that ask for no more mail wherever they stand in a short new text.
pub(super) const STOP_SENTENCES: &[&str] = &[
    // English
    "unsubscribe me", "please unsubscribe", "kindly unsubscribe", "want to unsubscribe", "like to unsubscribe",
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
    // German
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
    "não desejo receber", "pare de me enviar", "parem de me enviar", "descadastrar",
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
pub(super) const STOP_WORDS: &[&str] = &[
    "stop", "unsubscribe", "unsubscribe me", "remove", "remove me", "opt out", "opt-out", "optout", "take me off",
    "no more emails", "no more mails", "no more", "stop it", "stop this", "stop emailing", "stop mailing",
    "stop sending emails", "stop writing", "leave me alone", "abmelden", "abbestellen", "austragen", "stopp", "aufhören",
    "keine mails", "keine e-mails", "désabonner", "désabonnement", "désinscription", "se désinscrire", "baja", "dar de baja",
    "darse de baja", "cancelar suscripción", "basta", "cancellami", "cancellazione", "disiscrizione", "cancelar inscrição",
    "descadastrar", "remover", "afmelden", "uitschrijven", "avregistrera", "avprenumerera", "avsluta", "afmeld", "meld av",
    "wypisz", "wypisz mnie", "rezygnuję", "rezygnacja",
];

/// What may stand around a stop word without changing it.
pub(super) const POLITE: &[&str] = &[
    "please", "pls", "plz", "kindly", "just", "hi", "hello", "hey", "dear", "thanks", "thank", "you", "thx", "now", "already",
    "bitte", "danke", "hallo", "s'il", "vous", "plaît", "svp", "merci", "bonjour", "por", "favor", "gracias", "hola", "per",
    "favore", "grazie", "ciao", "obrigado", "obrigada", "alstublieft", "graag", "bedankt", "tack", "snälla", "proszę",
    "dziękuję",
];

/// What turns a stop sentence into its opposite, or into talk about it, when it stands shortly before.
pub(super) const NOT_STOP: &[&str] = &[
    "don't", "do not", "dont", "never", "not", "before i", "how to", "how do", "link to", "if i", "if they", "if people",
    "nicht", "kein", "ne pas", "no quiero que", "non", "they", "customers", "users", "subscribers", "kunden",
];

/// Subjects of automatic answers; each must be followed by an end, a separator or a word of [`AWAY_FOLLOWS`].
pub(super) const AUTO_SUBJECTS: &[&str] = &[
    "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "automatic response",
    "automated reply", "automated response", "autoresponder", "auto", "out of office", "out of the office",
    "out-of-office", "ooo", "away from the office", "away from my mail", "on vacation", "on holiday", "vacation reply",
    "vacation", "on leave", "on parental leave", "on maternity leave",
    "automatische antwort", "abwesenheitsnotiz", "abwesenheit", "abwesenheitsmeldung", "abwesenheitsbenachrichtigung",
    "abwesend", "nicht im büro", "automatische rückantwort", "urlaub", "réponse automatique", "absence du bureau",
    "absent du bureau", "absence", "message d'absence", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "ausente de la oficina", "risposta automatica", "fuori sede", "fuori ufficio", "assente",
    "automatisch antwoord", "automatische beantwoording", "afwezig", "afwezigheid", "niet op kantoor", "automatiskt svar", "autosvar",
    "frånvaro", "frånvarande", "ikke på kontoret", "automatisk svar", "fraværsbesked", "fraværende", "automaattinen vastaus",
    "poissa", "resposta automática", "resposta automatica", "ausência", "fora do escritório", "odpowiedź automatyczna",
    "automatyczna odpowiedź", "poza biurem", "nieobecność", "automatická odpověď", "automatikus válasz", "răspuns automat",
    "автоответ", "автоматический ответ", "otomatik yanıt", "自動返信", "自动回复", "自動回覆", "자동 회신", "αυτόματη απάντηση",
];
/// What may follow such a subject in place of a separator.
pub(super) const AWAY_FOLLOWS: &[&str] = &[
    "until", "till", "from", "for", "re", "reply", "message", "notification", "response", "autoreply", "auto-reply", "bis",
    "vom", "von", "ab", "jusqu'au", "du", "hasta", "del", "fino", "dal", "tot", "van", "t/m", "till", "från", "to", "back",
    "returning", "today", "tomorrow", "this",
];

/// Words shortly before a date that make it the day of the return.
pub(super) const BACK_WORDS: &[&str] = &[
    "return", "returning", "returns", "be back", "i'm back", "am back", "back on", "back in the office", "back at work", "back to work",
    "available again", "available from", "in the office again", "again on", "again from", "resume", "wieder", "zurück", "rückkehr", "erreichbar ab", "de retour",
    "mon retour", "à compter du", "à partir du", "volver", "vuelvo", "regreso", "regresaré", "de vuelta", "a partir del",
    "rientro", "rientrerò", "tornerò", "di nuovo", "a partire dal", "retorno", "regressarei", "voltarei", "a partir de", "terug", "weer", "tillbaka",
    "åter", "tilbage", "tilbake", "wracam", "wrócę", "powrót", "ponownie",
];
/// Words shortly before a date that make it the last day of the absence.
pub(super) const UNTIL_WORDS: &[&str] = &[
    "until", "till", "through", "thru", "to", "up to", "bis", "bis zum", "einschließlich", "jusqu'au", "au", "hasta", "al", "fino al", "até",
    "ao", "tot", "t/m", "tot en met", "till", "til", "t.o.m", "do",
];

/// Month names and how they are shortened, per month, all languages together.
pub(super) const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari", "stycznia", "styczeń"],
    &["february", "feb", "februar", "février", "fevrier", "febrero", "febbraio", "fevereiro", "februari", "lutego", "luty"],
    &["march", "mar", "märz", "maerz", "mrz", "mars", "marzo", "março", "maart", "marca", "marzec", "marts"],
    &["april", "apr", "avril", "abril", "aprile", "kwietnia", "kwiecień"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "junho", "czerwca", "czerwiec"],
    &["july", "jul", "juli", "juillet", "julio", "luglio", "julho", "lipca", "lipiec"],
    &["august", "aug", "août", "aout", "agosto", "augustus", "augusti", "sierpnia", "sierpień"],
    &["september", "sep", "sept", "septembre", "septiembre", "settembre", "setembro", "września", "wrzesień"],
    &["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "outubro", "października", "październik"],
    &["november", "nov", "novembre", "noviembre", "novembro", "listopada", "listopad"],
    &["december", "dec", "dezember", "dez", "décembre", "decembre", "diciembre", "dicembre", "dezembro", "grudnia", "grudzień"],
];
