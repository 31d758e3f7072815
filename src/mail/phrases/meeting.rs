//! How calendars title their mails, in many languages; each is followed by a colon.

/// Subjects of a guest's answer, under the answer's code.
pub const ANSWER_SUBJECTS: &[(&str, &[&str])] = &[
    ("ACCEPTED", &["accepted", "zugesagt", "accepté", "acceptée", "aceptado", "aceptada", "accettato", "accettata",
        "aceite", "aceito", "geaccepteerd", "accepterat", "accepterad", "accepteret", "godtatt", "zaakceptowano",
        "hyväksytty", "přijato", "принято", "已接受", "承諾"]),
    ("DECLINED", &["declined", "abgelehnt", "abgesagt", "refusé", "refusée", "rechazado", "rechazada", "rifiutato", "rifiutata",
        "recusado", "geweigerd", "afgewezen", "avböjt", "tackat nej", "afvist", "avslått", "odrzucono", "hylätty",
        "odmítnuto", "отклонено", "已拒绝", "辞退"]),
    ("TENTATIVE", &["tentative", "tentatively accepted", "mit vorbehalt", "mit vorbehalt zugesagt", "vielleicht",
        "provisoire", "peut-être", "provisional", "provisorio", "forse", "provisório", "talvez", "voorlopig", "preliminärt",
        "foreløbig", "wstępnie zaakceptowano", "暂定", "仮承諾"]),
];

/// Subjects of a meeting that is called off.
pub const CANCEL_SUBJECTS: &[&str] = &[
    "canceled", "cancelled", "canceled event", "cancelled event", "abgesagt", "abgesagter termin", "annulé", "événement annulé",
    "cancelado", "evento cancelado", "annullato", "evento annullato", "geannuleerd", "inställt", "anulowano", "aflyst",
    "avlyst", "отменено", "已取消", "キャンセル済み",
];
