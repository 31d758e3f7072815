//! How mail programs introduce what they quote, and what apps put under a mail.

use super::search::Phrases;

/// How an attribution line starts in a language, with a space or a comma behind it.
pub static ATTRIBUTION_STARTS: Phrases = Phrases::new(&[
    // English, German, French, Spanish, Italian, Portuguese, Dutch
    "on ", "at ", "in a message dated ", "am ", "le ", "en date du ", "el ", "il ", "in data ", "em ", "a ", "no dia ", "op ",
    // Swedish, Danish, Norwegian; Finnish; Estonian; Latvian; Lithuanian
    "den ", "på ", "d. ", "ke ", "kell", "kuupäev",
    // Polish, Czech, Slovak, Croatian, Slovene, Hungarian, Romanian
    "w dniu ", "dnia ", "dne ", "dňa ", "dana ", "v ", "u ", "în ", "la ", "pe ", "în data ",
    // Russian, Ukrainian, Bulgarian, Greek, Hebrew, Arabic
    "в ", "у ", "на ", "στις ", "την ", "ב-", "בתאריך ", "في ",
    // Indonesian, Malay, Vietnamese, Thai, Chinese, Japanese
    "pada ", "tanggal ", "vào ", "เมื่อ", "ในวันที่", "在", "于", "於",
]);

/// The word by which an attribution line says that somebody wrote, sent or answered.
pub static ATTRIBUTION_VERBS: Phrases = Phrases::new(&[
    // English; German; French; Spanish; Catalan; Italian; Portuguese; Dutch
    "wrote", "writes", "schrieb", "hat geschrieben", "a écrit", "escribió", "ha escrit", "va escriure", "ha scritto", "escreveu",
    "schreef", "geschreven",
    // Swedish, Danish and Norwegian; Finnish; Icelandic; Estonian; Latvian; Lithuanian
    "skrev", "kirjoitti", "skrifaði", "kirjutas", "rakstīja", "rašė",
    // Polish; Czech; Slovak; Croatian, Serbian and Slovene; Hungarian; Romanian
    "napisał", "pisze", "napsal", "napísal", "píše", "napisao", "napisala", "je napisal", "pisao", "írta", "a scris",
    // Russian; Ukrainian; Bulgarian; Serbian; Greek; Turkish
    "написал", "пишет", "писал", "пише", "написав", "писав", "написа", "έγραψε", "yazdı", "şunları yazdı",
    // Hebrew; Arabic; Indonesian and Malay; Vietnamese; Thai
    "כתב", "كتب", "menulis", "đã viết", "viết", "เขียน",
    // Chinese; Japanese; Korean
    "写道", "寫道", "书写", "のメール", "書きました", "書き込みました", "写入", "寫入", "작성", "썼습니다",
]);

/// Words that mean less, so that an address must stand beside them.
pub static ATTRIBUTION_WEAK: Phrases = Phrases::new(&[
    "sent", "says", "said", "from", "gesendet", "envoyé", "skickade", "от", "від", "пользователь", "користувач", "用户", "מאת",
]);

/// How weekdays begin, by which an attribution without another start is told (Norwegian and Russian programs).
pub static WEEKDAYS: Phrases = Phrases::new(&[
    // English; German; French; Spanish; Italian; Portuguese; Dutch
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar", "mer", "jeu",
    "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom", "gio", "sab", "seg", "ter", "qua", "qui", "sex", "ma", "wo",
    // Swedish, Danish and Norwegian; Finnish
    "mån", "tis", "ons", "tor", "fre", "lör", "sön", "tir", "lør", "søn", "man", "ma", "ti", "ke", "to", "pe", "la", "su",
    // Polish; Czech and Slovak; Hungarian
    "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "po", "út", "st", "čt", "pá", "ne", "ut", "št", "pi", "hé", "ked", "sze", "csü", "pén",
    // Russian and Ukrainian; Turkish; Greek
    "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "понед", "втор", "вівт", "сред", "серед", "четв", "пят", "субб", "воскр",
    "pzt", "sal", "çar", "per", "cum", "cmt", "paz", "δευ", "τρ", "τετ", "πεμ", "παρ", "σαβ", "κυρ",
]);

/// Between the parts of an attribution and no part of a name or a date.
pub const ATTRIBUTION_JOINTS: &[&str] = &[
    "skrev", "schrieb", "schreef", "użytkownik", "uživatel", "používateľ", "korisnik", "uporabnik", "χρήστης", "пользователь", "користувач",
    "keltezéssel", "napisał", "napisał(a)", "uhr", "am", "pm", "a.m.",
    "p.m.", "from", "от", "від", "kl.", "heeft", "gmt", "utc", "cet", "cest", "mez", "mesz", "est", "edt", "pst", "pdt", "von",
    "följande", "wrote", "écrit", "escribió", "scritto", "escreveu", "kirjoitti", "napsal(a)", "napsal", "написал",
    "tarihinde", "şunu", "yazdı", "ore", "alle", "г.", "р.",
];

/// Words of the sentence that are neither the verb nor a part of the date.
pub const ATTRIBUTION_FILLERS: &[&str] = &[
    "użytkownik", "uživatel", "používateľ", "korisnik", "uporabnik", "χρήστης", "ο", "keltezéssel", "je", "пользователь", "користувач", "följande", "tarihinde", "şunu", "heeft", "het", "volgende",
    "from", "от", "від",
];

/// What phones and apps put under a mail, at the start of a line.
pub static APP_SIGNATURES: Phrases = Phrases::new(&[
    // English
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent via ", "sent with ", "sent using ",
    "get outlook for ", "sent on the go", "via mobile", "sent by mobile", "sent from a mobile", "sent from windows mail",
    "sent from samsung", "sent from proton", "get bluemail for ", "sent from gmail", "sent from typeapp", "sent from bluemail",
    "sent from spark", "sent from front", "sent from superhuman", "sent from airmail", "sent from mailbox", "sent from mobile",
    "sent from iphone", "sent from ipad", "sent from android", "sent from the ", "sent from aol", "sent from zoho",
    "sent from nine", "sent from myMail", "sent from an ", "sent from phone", "sent from thunderbird", "sent from canary",
    // German
    "von meinem ", "gesendet von ", "gesendet mit ", "gesendet über ", "gesendet aus ", "diese nachricht wurde von meinem ",
    "outlook für ", "von unterwegs gesendet", "vom handy gesendet", "von iphone gesendet", "vom iphone gesendet",
    // French
    "envoyé de mon ", "envoyé depuis ", "envoyé à partir d", "envoyé avec ", "télécharger outlook", "obtenir outlook",
    "provenance : courrier pour ", "envoyé via ",
    // Spanish and Catalan
    "enviado desde ", "enviado con ", "enviado mediante ", "obtener outlook", "descargar outlook", "enviat des de ",
    // Portuguese
    "enviado do meu ", "enviado a partir d", "enviado do ", "enviada do meu ", "enviado por ", "obter o outlook", "baixe o outlook",
    "enviado via ",
    // Italian
    "inviato da ", "inviato dal ", "inviato con ", "scarica outlook", "ottieni outlook",
    // Dutch
    "verstuurd vanaf ", "verzonden vanaf ", "verzonden met ", "verstuurd met ", "outlook voor ", "download outlook",
    "verzonden via ",
    // Swedish, Danish, Norwegian, Finnish
    "skickat från ", "skickades från ", "skickat med ", "hämta outlook", "sendt fra ", "sendt med ", "hent outlook", "få outlook",
    "lähetetty iphone", "lähetetty minun ", "lähetetty laitteesta", "lähetetty androi", "hanki outlook", "lähetetty samsung",
    // Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Slovene
    "wysłane z ", "wysłano z ", "wysłane przez ", "pobierz outlook", "pobierz program outlook", "odesláno z ", "odesláno ze ",
    "odoslané z ", "získat outlook", "az iphone-omról küldve", "iphone-omról küldve", "elküldve ", "küldve ", "trimis de pe ",
    "trimis din ", "poslano s ", "poslano iz ", "poslano z ", "poslano sa ",
    // Russian, Ukrainian, Bulgarian, Greek, Turkish
    "отправлено с ", "отправлено из ", "отправлено от ", "надіслано з ", "відправлено з ", "надіслано із ", "изпратено от ",
    "στάλθηκε από ", "iphone'umdan gönderildi", "iphone'dan gönderildi", "android'den gönderildi", "outlook'u edinin",
    // Hebrew, Arabic, Indonesian, Vietnamese
    "נשלח מ", "أرسلت من ", "أُرسلت من ", "dikirim dari ", "được gửi từ ", "đã gửi từ ",
    // Chinese, Japanese, Korean
    "发自我的", "从我的", "發自我的", "從我的", "发自", "通过", "來自我的", "iphoneから送信", "ipadから送信", "androidから送信", "私の",
    "나의 iphone에서 보냄", "내 iphone에서 보냄", "나의 ", "스마트폰에서 보냄",
]);

/// Words of the notices that offices put under every mail.
pub static DISCLAIMERS: Phrases = Phrases::new(&[
    // English
    "confidential", "intended recipient", "intended solely for", "received this message in error", "received this email in error",
    "received this e-mail in error", "registered office", "registered in england", "consider the environment", "disclaimer",
    "virus", "privileged",
    // German
    "vertraulich", "irrtümlich erhalten", "nicht der richtige adressat", "amtsgericht", "handelsregister", "geschäftsführer",
    "sitz der gesellschaft",
    // French, Spanish, Portuguese, Italian, Dutch
    "confidentiel", "destinataire", "confidencial", "destinatario", "destinatário", "riservat", "vertrouwelijk", "geadresseerde",
    // Swedish, Polish
    "konfidentiell", "poufn",
]);

/// What mailing lists put under a mail that passes through them.
pub static LIST_FOOTERS: Phrases = Phrases::new(&[
    "mailing list", "mailing-list", "mailman", "google groups", "unsubscribe", "listinfo",
]);
