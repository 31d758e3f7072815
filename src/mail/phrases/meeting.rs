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

/// How Calendly titles what it tells the host, in the languages it has.
pub const BOOKED_SUBJECTS: &[&str] = &[
    "new event", "new meeting", "neues ereignis", "neuer termin", "nouvel événement", "nouveau rendez-vous", "nuevo evento", "nuova prenotazione", "nuovo evento", "novo evento", "nieuwe afspraak", "updated", "rescheduled",
];

/// What stands before the guest's address in such a mail, under its heading or behind it.
pub const INVITEE: &[&str] = &[
    "invitee email", "e-mail des eingeladenen", "e-mail-adresse des eingeladenen", "adresse e-mail de l'invité", "e-mail de l'invité", "correo electrónico del invitado", "email dell'invitato", "e-mail do convidado", "e-mail van genodigde",
];

/// Subjects of a meeting that is called off.
pub const CANCEL_SUBJECTS: &[&str] = &[
    "canceled", "cancelled", "canceled event", "cancelled event", "abgesagt", "abgesagter termin", "annulé", "événement annulé",
    "cancelado", "evento cancelado", "annullato", "evento annullato", "geannuleerd", "inställt", "anulowano", "aflyst",
    "avlyst", "отменено", "已取消", "キャンセル済み",
];
