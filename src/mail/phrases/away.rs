//! How absence notes are titled and how they name the day of return.

use super::search::Phrases;

/// Subjects of automatic answers; each must be followed by an end, a separator or a word of [`AWAY_FOLLOWS`].
pub const AUTO_SUBJECTS: &[&str] = &[
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
    "out of office autoreply", "automaattinen poissaoloviesti", "odsotnost", "automatski odgovor", "automatický odpoveď", "automatická odpoveď",
    "mimo kancelář", "nepřítomnost", "házon kívül", "plecat din birou", "nu sunt la birou", "ofis dışında", "вне офиса", "отсутствие", "не в офисе", "автоматична відповідь", "автоматичен отговор", "trả lời tự động", "balasan otomatis", "ตอบกลับอัตโนมัติ",
    "automatisch antwoorden", "afwezigheidsbericht", "niet aanwezig", "assente dall'ufficio", "fuori dall'ufficio", "vacaciones", "de vacaciones", "en congé", "en congés", "in ferie", "em férias", "na urlopie", "semester", "ferie", "på ferie", "hors du bureau", "je suis absent", "absence temporaire", "ich bin nicht im büro", "自动答复", "自动回覆", "不在オフィス", "自動応答", "不在のお知らせ", "부재 중", "부재중", "자동 응답", "מענה אוטומטי", "رد تلقائي",
    // Further languages of Outlook and Gmail
    "ausência temporária", "fravær", "fraværsmelding", "poissaoloviesti", "poissaolo", "autoodpowiedź", "samodejni odgovor", "תשובה אוטומטית", "การตอบกลับอัตโนมัติ", "resposta automàtica", "automātiskā atbilde", "automatinis atsakymas", "automaatvastus", "sjálfvirkt svar", "automaattivastaus", "automatska poruka", "risposta automatico", "erantzun automatikoa", "awtomatikong tugon", "स्वचालित उत्तर", "پاسخ خودکار",
    "i am out of the office", "i am out of office", "i'm out of the office", "i'm out of office", "currently out of office", "currently out of the office", "away from office", "not in the office", "annual leave", "maternity leave", "paternity leave", "parental leave", "sick leave", "pto", "on pto",
    "urlaubsabwesenheit", "urlaubsmeldung", "urlaubsbenachrichtigung", "ich bin außer haus", "außer haus", "abwesenheitsassistent", "abwesenheitsinfo", "automatische abwesenheitsnotiz", "réponse d'absence", "réponse auto", "congés", "avis d'absence", "mensaje de ausencia", "respuesta auto", "messaggio di assenza", "assenza", "mensagem de ausência", "vakantie", "met vakantie", "afwezigheidsassistent", "på semester", "semesterledig", "sykmeldt", "poza biurem", "urlop", "dovolená", "szabadság", "concediu", "отпуск", "в отпуске", "izinli",
    "不在通知", "不在案内", "休暇中", "外出中", "外出自动回复", "休假", "假期自动回复", "外出自動回覆", "休假自動回覆", "부재중 자동", "휴가",
    "автоответ", "автоматический ответ", "otomatik yanıt", "自動返信", "自动回复", "自動回覆", "자동 회신", "αυτόματη απάντηση",
];

/// How subjects of automatic answers end, where the name of who is away stands before it.
pub const AUTO_SUBJECT_ENDS: &[&str] = &[
    " is out of the office", " is out of office", " is away from the office", " is on vacation", " is on leave", " ist außer haus", " ist nicht im büro", " ist abwesend", " ist im urlaub", " est absent", " est absente", " est en congé", " está ausente", " está de vacaciones", " è assente", " è in ferie", " está de férias", " is afwezig", " är frånvarande", " jest nieobecny", " jest nieobecna",
];

/// What may follow such a subject in place of a separator.
pub const AWAY_FOLLOWS: &[&str] = &[
    "until", "till", "from", "for", "re", "reply", "message", "notification", "response", "autoreply", "auto-reply", "bis",
    "vom", "von", "ab", "jusqu'au", "du", "hasta", "del", "fino", "dal", "tot", "van", "t/m", "till", "från", "to", "back",
    "returning", "today", "tomorrow", "this",
];

/// Words shortly before a date that make it the day of the return.
pub static BACK_WORDS: Phrases = Phrases::new(&[
    "back", "available as of", "available starting", "reachable again", "à nouveau", "retour", "reincorporo", "reincorporaré", "incorporo", "vuelta", "disponible a partir", "ritorno", "regresso", "volto", "disponível a partir", "dostępny od", "dostępna od", "wrócę", "tagasi", "zurück ab", "zurück am",
    "return", "returning", "returns", "be back", "i'm back", "am back", "back on", "back in the office", "back at work", "back to work",
    "available again", "available from", "in the office again", "again on", "again from", "resume", "wieder", "zurück", "rückkehr", "erreichbar ab", "de retour",
    "mon retour", "à compter du", "à partir du", "volver", "vuelvo", "regreso", "regresaré", "de vuelta", "a partir del",
    "rientro", "rientrerò", "tornerò", "di nuovo", "a partire dal", "retorno", "regressarei", "voltarei", "a partir de", "terug", "weer", "tillbaka",
    "åter", "tilbage", "tilbake", "wracam", "wrócę", "powrót", "ponownie",
]);

/// Words shortly behind a date that make it the day of the return, in languages whose verbs stand at the end.
pub static BACK_BEHIND: Phrases = Phrases::new(&[
    "wieder", "zurück", "zurueck", "terug", "weer", "tillbaka", "åter", "tilbage", "tilbake", "igen", "igjen",
]);

/// Words shortly before a date that make it the last day of the absence.
pub static UNTIL_WORDS: Phrases = Phrases::new(&[
    "until", "till", "through", "thru", "to", "up to", "bis", "bis zum", "einschließlich", "jusqu'au", "jusqu'à", "au", "hasta", "al", "fino al", "até",
    "ao", "tot", "t/m", "tot en met", "till", "til", "t.o.m", "do",
]);

/// Month names and how they are shortened, per month, all languages together.
pub const MONTHS: [&[&str]; 12] = [
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

/// Sentences that only a program writes of itself.
pub static AUTOMATIC_SENTENCES: Phrases = Phrases::new(&[
    "this is an automatic reply", "this is an automated reply", "this is an automatic response", "this is an automated response", "this is an automated message", "this is an automatic message", "this is an auto-reply", "this is an autoreply", "this is an auto-generated",
    "this mailbox is not monitored", "this mailbox is no longer monitored", "this inbox is not monitored", "this inbox is no longer monitored", "this email account is not monitored", "this email address is no longer monitored", "this address is no longer monitored", "this mailbox is unattended", "this email address is no longer in use", "this account is no longer monitored",
    "automatic reply to your", "automated reply to your", "do not reply to this automated", "please do not reply to this message", "please do not reply to this email",
    "dies ist eine automatische", "diese nachricht wurde automatisch", "dieses postfach wird nicht", "diese e-mail-adresse wird nicht mehr", "ceci est un message automatique", "ceci est une réponse automatique", "cette boîte n'est plus", "cette adresse n'est plus",
    "este es un mensaje automático", "esta es una respuesta automática", "este buzón no", "questo è un messaggio automatico", "questa è una risposta automatica", "questa casella non", "esta é uma mensagem automática", "esta é uma resposta automática", "este e-mail não é monitorado",
    "dit is een automatisch", "deze mailbox wordt niet", "detta är ett automatiskt", "den här brevlådan", "to jest automatyczna", "wiadomość wygenerowana automatycznie",
]);

/// How a mailbox tells that its owner has left.
pub static LEFT: Phrases = Phrases::new(&[
    "no longer work ", "no longer work.", "no longer part of", "other opportunities", "has retired", "have retired", "am retired", "is retired", "mailbox of a former", "former employee", "ceased to work", "departed from", "moved to a new role outside",
    "nicht mehr in unserem", "nicht länger bei", "nicht länger für", "arbeite nicht mehr", "arbeitet nicht mehr", "im ruhestand", "in rente", "fais plus partie", "travaille plus", "n'est plus dans", "n'est plus en poste", "retraite", "no formo parte", "ha dejado de trabajar", "he dejado", "jubilad", "faccio più parte", "fa più parte", "ho lasciato", "in pensione", "não trabalho mais", "já não trabalho", "já não faz parte", "não faço mais parte", "já não faço parte", "saiu da empresa", "werk niet meer", "niet langer bij", "uit dienst", "met pensioen", "arbetar inte kvar", "jobbar inte kvar", "lämnat företaget", "gått i pension", "arbejder ikke længere", "jobber ikke lenger", "ei työskentele enää", "odszedł z", "odeszła z", "zakończył współpracę", "退職いたしました", "退職しました", "已离职", "已離職", "퇴사",
    "no longer with", "no longer works", "no longer working", "no longer employed", "no longer work at", "no longer at ", "has left", "have left", "left the company", "left the organization", "left the organisation", "is leaving", "last day at", "moved on from",
    "nicht mehr bei", "nicht mehr im unternehmen", "nicht mehr für", "nicht mehr tätig", "unternehmen verlassen", "ausgeschieden", "ne travaille plus", "ne fait plus partie", "a quitté", "ai quitté", "ya no trabaja", "ya no trabajo", "ha dejado la empresa", "no forma parte", "non lavora più", "non lavoro più", "ha lasciato", "não trabalha mais", "já não trabalha", "não faz mais parte", "deixou a empresa",
    "niet meer werkzaam", "werkt niet meer", "niet langer werkzaam", "heeft ons verlaten", "arbetar inte längre", "jobbar inte längre", "har slutat", "slutat på", "nie pracuje już", "już nie pracuje", "nie pracuję już",
]);

/// How a mailbox asks for a proof before it lets a mail through.
pub static CHALLENGES: Phrases = Phrases::new(&[
    "i have approved", "confirmation request", "have your mail delivered", "have your message delivered", "prove you're human", "prove you are human", "prove that you are", "real person", "real human", "you are not a robot", "captcha", "guest list", "is on hold", "wartet auf ihre bestätigung", "confirmer que vous", "confirme que", "tmda",
    "approved senders", "approved sender", "list of approved", "confirm that you sent", "confirm your message", "confirm your email", "verify that you are", "verify your email", "verify you are human", "complete the request", "fill out the short request", "fill out the request", "sender verification", "to release your message", "waiting for your confirmation", "held until you", "challenge-response", "boxbe", "spamarrest", "spam arrest", "one-time verification", "challenge/response", "click the link below to have your message", "bestätigen sie, dass sie", "confirmez que vous",
]);

/// How a company acknowledges a mail that nobody read yet.
pub static ACKNOWLEDGEMENTS: Phrases = Phrases::new(&[
    "eingegangen", "wurde empfangen", "お問い合わせ", "受け付けました", "受付いたしました", "我们已收到", "已收到您的", "접수되었습니다", "접수하였습니다", "recibimos su", "su solicitud", "a sua mensagem foi recebida", "la sua richiesta", "ditt ärende", "ditt meddelande", "uw aanvraag", "twoje zgłoszenie", "will reply within", "will be in touch", "someone will",
    "thank you for contacting", "thanks for contacting", "thank you for reaching out", "thanks for reaching out", "thank you for your inquiry", "thank you for your enquiry", "thank you for writing", "we have received your", "we've received your", "we got your", "your request has been received", "your message has been received", "has been received", "ticket has been", "ticket number", "ticket id", "case number", "support request", "we aim to respond", "will respond within", "will get back to you", "get back to you within", "business days", "our team will",
    "vielen dank für ihre anfrage", "vielen dank für ihre nachricht", "wir haben ihre", "ihre anfrage ist", "merci de nous avoir contacté", "nous avons bien reçu", "votre demande a", "gracias por contactar", "hemos recibido su", "hemos recibido tu", "a la mayor brevedad", "grazie per averci contattato", "abbiamo ricevuto", "obrigado por entrar em contato", "recebemos a sua", "recebemos sua", "bedankt voor uw bericht", "we hebben uw", "tack för ditt", "vi har mottagit", "dziękujemy za", "otrzymaliśmy",
]);

/// Words of an absence; with one of them it is no mere acknowledgement.
pub static AWAY_WORDS: Phrases = Phrases::new(&[
    "out of office", "out of the office", "away", "vacation", "holiday", "annual leave", "on leave", "parental leave", "maternity", "sick leave", "travelling", "traveling", "limited access", "return", "back on", "abwesend", "nicht im büro", "urlaub", "elternzeit", "absent", "congé", "vacaciones", "fuera de la oficina", "ausente", "assente", "ferie", "férias", "ausência", "afwezig", "vakantie", "semester", "frånvarande", "urlop", "nieobecn",
]);

/// Words before the address of somebody who stands in.
pub static STAND_IN: Phrases = Phrases::new(&[
    "urgen", "takes over", "taking over", "took over", "successor", "replacement", "dringend", "notfäll", "nachfolg", "vertritt", "übernimmt", "successeur", "escriba", "escribir", "escríb", "sustitu", "scrivere", "scriva", "sostitu", "substitu", "vervang", "opvolg", "spoed", "brådskande", "ersätt", "ersätter", "hast", "haster", "pilnych", "pilne", "następc", "neem",
    "contact", "reach out to", "reach ", "email", "e-mail", "write to", "refer to", "direct your", "questions to", "turn to", "call ", "in my absence", "stand in", "standing in", "cover", "colleague", "replaced by", "please mail", "wenden sie sich", "wende dich", "vertret", "kontaktieren", "erreichen sie", "kollege", "kollegin", "contacter", "adresser", "joindre", "collègue", "remplace", "contactar", "póngase en contacto", "dirija", "compañer", "diríjase", "contattare", "rivolgersi", "rivolgetevi", "collega", "contatar", "contacte", "contate", "contato com", "dirigir", "opnemen met", "richten", "neem contact", "kontakta", "kontakt", "vänd dig", "skontaktować", "zastęp", "proszę o kontakt",
]);

/// Weekdays from Monday, all languages together.
pub const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "mon", "montag", "lundi", "lunes", "lunedì", "lunedi", "segunda", "segunda-feira", "maandag", "måndag", "mandag", "poniedziałek", "poniedziałku", "poniedziałek"],
    &["tuesday", "tue", "tues", "dienstag", "mardi", "martes", "martedì", "martedi", "terça", "terça-feira", "dinsdag", "tisdag", "tirsdag", "wtorek", "wtorku"],
    &["wednesday", "wed", "mittwoch", "mercredi", "miércoles", "mercoledì", "mercoledi", "quarta", "quarta-feira", "woensdag", "onsdag", "środa", "środę", "środy"],
    &["thursday", "thu", "thur", "thurs", "donnerstag", "jeudi", "jueves", "giovedì", "giovedi", "quinta", "quinta-feira", "donderdag", "torsdag", "czwartek", "czwartku"],
    &["friday", "fri", "freitag", "vendredi", "viernes", "venerdì", "venerdi", "sexta", "sexta-feira", "vrijdag", "fredag", "piątek", "piątku"],
    &["saturday", "sat", "samstag", "sonnabend", "samedi", "sábado", "sabato", "zaterdag", "lördag", "lørdag", "sobota", "sobotę", "soboty"],
    &["sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag", "söndag", "søndag", "niedziela", "niedzielę", "niedzieli"],
];

/// The day after the mail.
pub static TOMORROW: Phrases = Phrases::new(&["tomorrow", "morgen", "demain", "mañana", "domani", "amanhã", "imorgon", "i morgon", "i morgen", "jutro", "jutra"]);

/// The week after the mail's.
pub static NEXT_WEEK: Phrases = Phrases::new(&[
    "next week", "nächste woche", "nächster woche", "kommende woche", "kommender woche", "la semaine prochaine", "semaine prochaine", "la próxima semana", "la semana que viene", "la semana próxima", "la prossima settimana", "la settimana prossima", "próxima semana", "semana que vem",
    "volgende week", "nästa vecka", "neste uke", "næste uge", "przyszłym tygodniu", "przyszłego tygodnia", "następnym tygodniu",
]);
