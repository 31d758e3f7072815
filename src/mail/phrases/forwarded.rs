//! How mail programs say that a mail is forwarded, or that an older one follows.

use super::search::Phrases;

/// Stems of the words that stand on a line of their own above a forwarded mail, in whatever sentence around them. Such a
/// line counts only between dashes or before a colon, and only above a header block.
pub static FORWARD_STEMS: Phrases = Phrases::new(&[
    // English, German, Dutch, French, Spanish and Catalan, Portuguese, Italian, Romanian
    "forward", "fwd", "weitergeleitet", "weiterleit", "doorgest", "doorgez", "transfér", "transmis", "réexpéd", "reenviad", "reenviat",
    "reencaminhad", "encaminhad", "inoltrat", "redirec", "înaint", "retransmis",
    // Swedish, Danish, Norwegian, Finnish, Icelandic, Estonian, Latvian, Lithuanian
    "vidarebefordra", "videresend", "videresendt", "välit", "edelleen", "framsen", "áframsen", "edastat", "pārsūt", "persiųst", "persiunč",
    // Polish, Czech, Slovak, Croatian and Serbian, Slovene, Hungarian
    "przekaz", "przesłan", "přeposl", "přeposíl", "předáv", "předan", "prepos", "proslij", "prosleđ", "posredovan", "posun", "továbbít",
    // Russian, Ukrainian, Bulgarian, Serbian, Greek
    "пересыл", "пересил", "пересла", "переадрес", "перенаправ", "препра", "просле", "προωθ",
    // Turkish: Apple says only `message begins`
    "iletil", "ileti başlang", "yönlendir",
    // Hebrew, Arabic, Indonesian, Malay, Vietnamese, Thai
    "הועבר", "معاد توجيه", "إعادة توجيه", "محول", "المعاد توجيه", "terusan", "diteruskan", "dimajukan", "chuyển tiếp", "ส่งต่อ",
    // Hindi, Basque
    "अग्रेषित", "birbidal",
    // Chinese, Japanese, Korean
    "转发", "轉寄", "轉發", "転送", "전달",
]);

/// What stands on a line of its own above an older mail, whether it is answered or forwarded; also a part of it.
pub static ORIGINAL_MESSAGE: Phrases = Phrases::new(&[
    // English
    "original message", "original appointment", "reply message", "original mail", "original email", "original e-mail",
    // German, Dutch
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "original nachricht", "ursprüngliche mail",
    "originele bericht", "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht",
    // French, Spanish, Catalan, Portuguese, Italian, Romanian
    "message d'origine", "message original", "message initial", "mensaje original", "missatge original", "mensagem original",
    "messaggio originale", "mesaj original", "mesajul original",
    // Swedish, Danish, Norwegian, Finnish, Estonian
    "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "oprindelig besked", "original besked",
    "original meddelelse", "opprinnelig melding", "original melding", "alkuperäinen viesti", "algne kiri",
    // Polish, Czech, Slovak, Croatian, Slovene, Hungarian
    "oryginalna wiadomość", "wiadomość oryginalna", "původní zpráva", "pôvodná správa", "originalna poruka", "izvorna poruka",
    "izvorno sporočilo", "eredeti üzenet", "eredeti levél",
    // Russian, Ukrainian, Bulgarian, Greek, Turkish
    "исходное сообщение", "исходное письмо", "оригінальне повідомлення", "вихідне повідомлення", "оригинално съобщение",
    "αρχικό μήνυμα", "orijinal mesaj", "özgün ileti", "orijinal ileti", "özgün mesaj",
    // Hebrew, Arabic, Indonesian, Vietnamese
    "הודעה מקורית", "الرسالة الأصلية", "pesan asli", "tin nhắn gốc", "thư gốc",
    // Chinese, Japanese, Korean
    "原始邮件", "原邮件", "原始郵件", "原始信件", "邮件原件", "元のメッセージ", "オリジナルメッセージ", "원본 메시지", "원본 메일", "원본메일",
]);

/// What help desks and forums write above a text that shall not be answered in.
pub static REPLY_ABOVE: Phrases = Phrases::new(&[
    "reply above this line", "your reply above this line", "type your reply above", "write above this line",
    "antworten sie oberhalb dieser zeile", "bitte oberhalb dieser linie", "répondez au-dessus de cette ligne",
    "responda por encima de esta línea", "rispondi sopra questa linea", "responda acima desta linha",
]);

/// Prefixes of a subject by which a mail says that it is forwarded, folded.
pub const FORWARD_PREFIXES: &[&str] = &[
    // English and most programs; German; French; Spanish; Portuguese; Italian
    "fwd", "fw", "forward", "forwarded", "wg", "weitergeleitet", "tr", "rv", "reenv", "enc", "res: enc", "i", "inoltra", "ir",
    // Swedish; Danish and Norwegian, `vs` is also Finnish for an answer; Finnish; Icelandic; Dutch
    "vb", "vs", "videresend", "videresendt", "vidarebefordrat", "vl", "fs", "doorst", "dg",
    // Polish; Hungarian; Turkish; Greek; Indonesian; Welsh; Romanian
    "pd", "tov", "továbbítás", "ilt", "πρθ", "προωθ", "trs", "terusan", "yml", "redir", "prt",
    // Russian and Ukrainian; Hebrew; Arabic; Vietnamese
    "пересл", "пер", "нпс", "הועבר", "إعادة توجيه", "chuyển tiếp",
    // Chinese, Japanese, Korean
    "转发", "轉寄", "轉發", "転送", "전달",
];
