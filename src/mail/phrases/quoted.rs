//! How mail programs mark what they quote, and what apps put under a mail.

/// What stands between dashes above a quoted mail.
pub const ORIGINAL_MESSAGE: &[&str] = &[
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
pub const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("on ", "wrote"), ("am ", "schrieb"), ("le ", "a écrit"), ("el ", "escribió"), ("il ", "ha scritto"),
    ("em ", "escreveu"), ("a ", "escreveu"), ("op ", "schreef"), ("den ", "skrev"), ("den ", "schrieb"),
    ("på ", "skrev"), ("w dniu ", "napisał"), ("w dniu ", "pisze"), ("dnia ", "napisał"), ("dne ", "napsal"),
    ("dňa ", "napísal"), ("ke ", "kirjoitti"), ("tiistai", "kirjoitti"), ("în ", "a scris"), ("la ", "a scris"),
    ("", "wrote:"), ("", "schrieb am"), ("", "schrieb:"), ("", "a écrit :"), ("", "a écrit:"), ("", "escribió:"),
    ("", "ha scritto:"), ("", "escreveu:"), ("", "schreef op"), ("", "schreef:"), ("", "skrev:"), ("", "kirjoitti"),
    ("", "napisał(a):"), ("", "написал"), ("", "пишет:"), ("", "yazdı:"), ("", "写道"), ("", "のメール:"),
];

/// The first label of a header block that a program puts above a quoted mail.
pub const FROM_LABELS: &[&str] = &[
    "from", "von", "de", "da", "van", "från", "fra", "od", "lähettäjä", "feladó", "от", "kimden", "发件人", "寄件者",
    "差出人", "expéditeur",
];

/// A label that must follow it within a few lines.
pub const SENT_LABELS: &[&str] = &[
    "sent", "date", "gesendet", "datum", "envoyé", "date d'envoi", "enviado", "enviado el", "fecha", "inviato", "data",
    "verzonden", "skickat", "sendt", "dato", "wysłano", "odesláno", "lähetetty", "küldve", "отправлено", "дата",
    "gönderilen", "发送时间", "日期", "送信日時", "enviada em", "enviado em",
];

/// And one of these.
pub const TO_LABELS: &[&str] = &[
    "to", "subject", "an", "betreff", "à", "objet", "para", "asunto", "a", "oggetto", "aan", "onderwerp", "till", "ämne",
    "til", "emne", "do", "temat", "komu", "předmět", "vastaanottaja", "aihe", "címzett", "tárgy", "кому", "тема", "kime",
    "konu", "收件人", "主题", "宛先", "件名", "assunto",
];

/// What phones and apps put under a mail, at the start of a line.
pub const APP_SIGNATURES: &[&str] = &[
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent via ", "sent with ",
    "get outlook for ", "von meinem ", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem ",
    "envoyé de mon ", "envoyé depuis ", "télécharger outlook", "enviado desde mi ", "enviado do meu ", "enviado desde ",
    "inviato da ", "verstuurd vanaf mijn ", "verzonden vanaf ", "skickat från min ", "sendt fra min ", "wysłane z ",
    "obter o outlook", "obtener outlook", "outlook für ", "scarica outlook", "hämta outlook",
];
