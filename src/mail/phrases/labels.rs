//! The labels of header blocks that mail programs write above what they forward or quote, a row for each language.
//!
//! Folded as `quote::fold` does it. A program's menu language and a block's language need not agree (Gmail translates
//! only `From`), so readers take the rows together; only a block on one line is read by a single row.

/// What one language calls the fields of a mail.
pub struct Labels {
    /// Who wrote it.
    pub from: &'static [&'static str],
    /// When.
    pub date: &'static [&'static str],
    /// To whom.
    pub to: &'static [&'static str],
    /// To whom else, and every other field that may stand between.
    pub other: &'static [&'static str],
    /// About what.
    pub subject: &'static [&'static str],
}

const fn row(
    from: &'static [&'static str],
    date: &'static [&'static str],
    to: &'static [&'static str],
    other: &'static [&'static str],
    subject: &'static [&'static str],
) -> Labels {
    Labels {
        from,
        date,
        to,
        other,
        subject,
    }
}

/// By language, the common ones first.
pub const LABELS: &[Labels] = &[
    // English
    row(&["from"], &["sent", "date", "sent on", "date sent", "sent at"], &["to"],
        &["cc", "bcc", "reply-to", "reply to", "sender", "importance", "attachments", "organization", "resent-from",
          "message-id", "priority", "categories", "when", "where", "newsgroups", "in-reply-to", "references"],
        &["subject"]),
    // German
    row(&["von", "absender"], &["gesendet", "datum", "gesendet am"], &["an", "empfänger"],
        &["kopie", "kopie (cc)", "blindkopie", "antwort an", "antworten an", "wichtigkeit", "anlagen", "priorität"],
        &["betreff"]),
    // French; `message du` is Orange's
    row(&["de", "expéditeur"], &["date", "envoyé", "date d'envoi", "envoyé le", "message du"],
        &["à", "pour", "a", "destinataire"],
        &["cc", "cci", "copie", "copie à", "répondre à", "reply-to", "importance", "pièces jointes"],
        &["objet", "sujet"]),
    // Spanish
    row(&["de", "remitente"], &["fecha", "enviado", "enviado el", "enviada", "enviada el"], &["para", "a", "destinatario"],
        &["cc", "cco", "copia", "responder a", "importancia", "datos adjuntos"], &["asunto"]),
    // Catalan
    row(&["de"], &["data", "enviat", "enviat el"], &["per a", "per", "a"], &["cc", "respon a"], &["assumpte", "tema"]),
    // Italian
    row(&["da", "mittente"], &["data", "inviato", "inviata"], &["a", "destinatario"],
        &["cc", "ccn", "per conoscenza", "rispondi a", "risposta", "priorità", "allegati"], &["oggetto"]),
    // Portuguese
    row(&["de", "remetente"], &["data", "enviado", "enviada", "enviada em", "enviado em", "data de envio"],
        &["para", "a", "destinatário"], &["cc", "cco", "c/c", "bcc", "responder a", "responder para", "anexos"], &["assunto"]),
    // Dutch
    row(&["van", "afzender"], &["verzonden", "datum", "verstuurd"], &["aan"],
        &["cc", "kopie", "bcc", "antwoord aan", "beantwoorden", "urgentie", "bijlagen"], &["onderwerp"]),
    // Swedish
    row(&["från", "avsändare"], &["skickat", "datum", "skickat den"], &["till"],
        &["kopia", "cc", "svara till", "svar till", "prioritet", "bifogade filer"], &["ämne"]),
    // Danish
    row(&["fra", "afsender"], &["sendt", "dato"], &["til"], &["cc", "kopi", "svar til", "besvar til", "vedhæftede filer"], &["emne"]),
    // Norwegian
    row(&["fra", "avsender"], &["sendt", "dato"], &["til"], &["kopi", "cc", "svar til", "vedlegg"], &["emne"]),
    // Finnish
    row(&["lähettäjä", "lähettäjältä"], &["lähetetty", "päivämäärä", "päiväys", "pvm"], &["vastaanottaja", "kenelle"],
        &["kopio", "vastausosoite", "vastaus"], &["aihe", "otsikko"]),
    // Icelandic
    row(&["frá"], &["sent", "dagsetning"], &["til"], &["afrit"], &["efni"]),
    // Estonian
    row(&["saatja", "kellelt"], &["saadetud", "kuupäev"], &["saaja", "kellele", "adressaat"], &["koopia"], &["teema"]),
    // Latvian
    row(&["no"], &["nosūtīts", "datums"], &["kam", "adresāts"], &["kopija"], &["tēma", "temats"]),
    // Lithuanian
    row(&["nuo", "siuntėjas"], &["išsiųsta", "data"], &["kam", "gavėjas", "iki"], &["kopija"], &["tema"]),
    // Polish
    row(&["od", "nadawca"], &["wysłano", "data", "wysłane"], &["do", "adresat"],
        &["dw", "kopia", "cc", "udw", "odpowiedź do", "odpowiedz do", "ważność", "załączniki"], &["temat"]),
    // Czech
    row(&["od", "odesílatel"], &["odesláno", "datum"], &["komu", "pro", "adresát"],
        &["kopie", "skrytá kopie", "odpovědět-komu", "odpověď komu", "důležitost", "přílohy"], &["předmět"]),
    // Slovak
    row(&["od", "odosielateľ"], &["odoslané", "dátum", "dňa"], &["komu", "pre", "adresát"], &["kópia", "odpovedať"], &["predmet"]),
    // Hungarian
    row(&["feladó", "küldő"], &["küldve", "dátum", "elküldve", "küldés dátuma"], &["címzett"],
        &["másolat", "másolatot kap", "válaszcím", "titkos másolat"], &["tárgy"]),
    // Romanian
    row(&["de la", "expeditor"], &["trimis", "data", "dată", "data"], &["către", "pentru", "la", "destinatar"],
        &["cc", "copie", "copie carbon", "răspunde la"], &["subiect", "subiectul"]),
    // Croatian, Serbian and Bosnian in Latin letters
    row(&["šalje", "od", "pošiljatelj", "pošiljalac"], &["poslano", "datum", "poslato", "vrijeme"],
        &["prima", "za", "šalje se", "primatelj", "primalac"], &["kopija", "odgovori", "odgovor"], &["predmet", "naslov", "tema"]),
    // Slovene
    row(&["od", "pošiljatelj"], &["poslano", "datum"], &["za", "prejemnik"], &["kp", "skp", "odgovor na"], &["zadeva"]),
    // Serbian in Cyrillic letters
    row(&["од", "шаље"], &["послато", "датум"], &["за", "прима", "коме"], &["копија"], &["тема", "предмет", "наслов"]),
    // Russian
    row(&["от", "от кого", "отправитель"], &["отправлено", "дата", "когда"], &["кому", "получатель"],
        &["копия", "скрытая копия", "кому ответить", "ответить"], &["тема"]),
    // Ukrainian
    row(&["від", "від кого", "відправник"], &["надіслано", "дата", "відправлено", "коли"], &["кому", "до", "отримувач"],
        &["копія", "відповісти"], &["тема"]),
    // Bulgarian
    row(&["от", "подател"], &["изпратено", "дата"], &["до", "за"], &["копие", "як"], &["относно", "тема"]),
    // Greek
    row(&["από", "αποστολέας"], &["στάλθηκε", "ημερομηνία", "απεστάλη"], &["προς", "παραλήπτης"],
        &["κοιν", "κοινοποίηση", "απάντηση σε"], &["θέμα"]),
    // Turkish; a capital dotted I folds to a plain one
    row(&["kimden", "gönderen"], &["gönderme tarihi", "tarih", "gönderildi", "gönderilme tarihi", "gönderilme"],
        &["kime", "alıcı"], &["bilgi", "kopya", "cc", "yanıtla", "yanıt adresi"], &["konu"]),
    // Hebrew
    row(&["מאת", "מ"], &["נשלח", "תאריך", "בתאריך"], &["אל", "ל"], &["עותק", "העתק"], &["נושא", "הנדון"]),
    // Arabic
    row(&["من"], &["تم الإرسال", "التاريخ", "تاريخ", "تاريخ الإرسال"], &["إلى", "الى"], &["نسخة", "نسخة إلى"], &["الموضوع", "موضوع"]),
    // Indonesian and Malay
    row(&["dari", "daripada"], &["dikirim", "tanggal", "tarikh", "dihantar"], &["kepada", "ke"], &["tembusan", "salinan"],
        &["perihal", "subjek", "subyek"]),
    // Vietnamese
    row(&["từ", "người gửi"], &["đã gửi", "ngày", "gửi lúc", "vào", "date", "đã gửi lúc"], &["tới", "đến", "người nhận", "gửi tới"],
        &["đồng gửi", "cc"], &["chủ đề", "tiêu đề"]),
    // Hindi
    row(&["प्रेषक", "से"], &["दिनांक", "भेजा गया", "तारीख"], &["प्रति", "को"], &["प्रतिलिपि"], &["विषय"]),
    // Thai
    row(&["จาก"], &["ส่งเมื่อ", "วันที่", "ส่ง"], &["ถึง"], &["สำเนา", "สำเนาถึง"], &["เรื่อง", "หัวเรื่อง"]),
    // Chinese, both scripts
    row(&["发件人", "寄件者", "寄件人", "发件者", "發件人", "发信人"],
        &["发送时间", "日期", "寄件日期", "傳送日期", "时间", "發送時間", "已发送", "发送日期", "傳送時間", "發送日期"],
        &["收件人", "收件者"], &["抄送", "副本", "密送", "密件副本", "重要性", "回复", "回覆"], &["主题", "主旨", "主題", "标题"]),
    // Japanese
    row(&["差出人", "送信元", "送信者", "from"], &["送信日時", "日付", "日時", "date"], &["宛先", "送信先", "to"],
        &["cc", "ccさん", "返信先"], &["件名", "subject"]),
    // Korean
    row(&["보낸 사람", "보낸사람", "발신자", "발신인", "발신"], &["보낸 날짜", "날짜", "보낸날짜", "보낸 시간", "일시"],
        &["받는 사람", "받는사람", "수신자", "수신인", "수신"], &["참조", "숨은 참조"], &["제목"]),
];
