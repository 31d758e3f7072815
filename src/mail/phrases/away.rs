//! How absence notes are titled and how they name the day of return.

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
    "автоответ", "автоматический ответ", "otomatik yanıt", "自動返信", "自动回复", "自動回覆", "자동 회신", "αυτόματη απάντηση",
];

/// What may follow such a subject in place of a separator.
pub const AWAY_FOLLOWS: &[&str] = &[
    "until", "till", "from", "for", "re", "reply", "message", "notification", "response", "autoreply", "auto-reply", "bis",
    "vom", "von", "ab", "jusqu'au", "du", "hasta", "del", "fino", "dal", "tot", "van", "t/m", "till", "från", "to", "back",
    "returning", "today", "tomorrow", "this",
];

/// Words shortly before a date that make it the day of the return.
pub const BACK_WORDS: &[&str] = &[
    "return", "returning", "returns", "be back", "i'm back", "am back", "back on", "back in the office", "back at work", "back to work",
    "available again", "available from", "in the office again", "again on", "again from", "resume", "wieder", "zurück", "rückkehr", "erreichbar ab", "de retour",
    "mon retour", "à compter du", "à partir du", "volver", "vuelvo", "regreso", "regresaré", "de vuelta", "a partir del",
    "rientro", "rientrerò", "tornerò", "di nuovo", "a partire dal", "retorno", "regressarei", "voltarei", "a partir de", "terug", "weer", "tillbaka",
    "åter", "tilbage", "tilbake", "wracam", "wrócę", "powrót", "ponownie",
];

/// Words shortly before a date that make it the last day of the absence.
pub const UNTIL_WORDS: &[&str] = &[
    "until", "till", "through", "thru", "to", "up to", "bis", "bis zum", "einschließlich", "jusqu'au", "au", "hasta", "al", "fino al", "até",
    "ao", "tot", "t/m", "tot en met", "till", "til", "t.o.m", "do",
];

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
