//! How mail systems write what failed, for whom, and where the copy of the mail begins.

use super::search::Phrases;

/// Lines above the copy of a mail, without dashes and stars around; a line starts with one of these.
pub const COPY_MARKS: &[&str] = &[
    // qmail and its kin, Yahoo, Courier
    "below this line is a copy of", "enclosed is a copy of", "below is a copy of the original message", "undelivered message follows",
    // Exim, GMX
    "this is a copy of the message", "this is a copy of your message", "the header of the original message is following", "the body of the message is",
    // Sendmail, Postfix, OpenSMTPD, DragonFly, IMail, Gmail
    "unsent message follows", "original message follows", "message headers follow", "original message", "message header follows", "message text follows", "original message headers",
    "the header and top", "a copy of the original message below", "original message as received", "a summary of the undelivered message", "the original message follows", "returned message follows",
    "your original message", "message from your", "here is your mail", "original mail", "元のメッセージ", "原始邮件", "以下是原邮件", "ursprüngliche nachricht", "message original", "die ursprüngliche nachricht",
];

/// Subjects of failures, without `Re:`; a subject holds one of these.
pub static FAILED: Phrases = Phrases::new(&[
    "undeliver", "delivery status notification (failure)", "delivery status notification: error", "delivery status notification", "delivery failure", "delivery failed",
    "delivery has failed", "delivery unsuccessful", "mail delivery failed", "message delivery failed", "failure notice", "failure delivery", "mail failure", "mail could not be delivered", "could not be delivered", "couldn't be delivered",
    "could not send message", "couldn't send message", "failed mail", "mail error", "returned mail", "returned to sender", "return to sender", "mail returned", "message returned", "delivery notification: delivery has failed",
    "mail system error", "delivery error", "error delivering", "returning message", "user unknown", "unknown user", "unzustellbar", "nicht zustellbar", "non remis", "non distribu", "no se puede entregar",
    "no se ha podido entregar", "no entregado", "mancato recapito", "mancata consegna", "onbestelbaar", "niet bezorgd", "kunde inte levereras", "kan inte levereras", "não entregue", "não foi possível entregar", "niedostarcz", "niedoręcz",
    "non-delivery", "nondelivery", "unable to deliver", "not delivered", "mail not delivered", "недоставлен", "не доставлен", "配信不能", "配信エラー", "送信エラー", "不達", "エラーメール", "メール送信の失敗", "退信", "系统退信", "投递失败", "无法投递", "邮件退回", "반송",
    "mensagem devolvida", "message non délivré", "échec de la remise", "mailer-daemon",
    // Exchange and Domino in further languages
    "non recapitabile", "impossibile recapitare", "não é possível entregar", "teslim edilemedi", "teslim edilemeyen", "nedoručitelné", "nelze doručit", "nedoručiteľné", "kan ikke leveres", "kunne ikke leveres", "ei voitu toimittaa", "toimitus epäonnistui", "не удается доставить", "не удалось доставить", "недоставка", "kézbesíthetetlen", "nem kézbesíthető", "nu se poate livra", "imposibil de livrat",
    "未送达", "未傳遞", "無法傳遞", "無法送達", "郵件退回", "退信通知", "退件", "전송 실패", "배달되지 않음", "배달 실패", "μη παραδοτέο", "zustellungsfehler", "errore di recapito", "échec de livraison", "échec de distribution", "erreur de livraison", "error de entrega", "fallo en la entrega", "zustellung fehlgeschlagen",
    // servers of their own words: James, sieve, Kerio, Haraka, mail gateways, Spanish and French hosts
    "error in process", "automatically rejected mail", "mail delivery status", "delivery status: failed", "email delivery failure", "correo devuelto", "mensaje devuelto", "mail retourné", "message retourné", "mensagem não entregue", "message rejected", "mail rejected",
]);

/// Subjects or first sentences of a mail that is late and may still arrive.
pub static DELAYED: Phrases = Phrases::new(&[
    "delayed", "delivery status notification (delay)", "still being retried", "will retry", "will be retried", "will continue to", "attempts will continue", "attempts to deliver the message will", "delivery attempts continue",
    "warning: could not send", "warning: message still undelivered", "no action is required", "not yet been delivered", "have not yet received", "has not been delivered yet", "not been delivered to one or more recipients after", "verzögert", "wird weiter versucht", "weitere zustellversuche",
    // Gmail
    "delivery incomplete", "temporary problem delivering", "will retry for", "zustellung unvollständig", "vorübergehendes problem", "problème temporaire", "problema temporal", "problema temporaneo", "tijdelijk probleem",
    "retardé", "en retard", "retraso", "in ritardo", "atrasad", "vertraagd", "försenat", "opóźni", "you do not need to resend", "do not need to resend", "temporarily deferred, will", "still trying", "遅延", "延迟",
]);

/// What only a mail that has failed for good says; it outweighs the words of a delay.
pub static GIVEN_UP: Phrases = Phrases::new(&[
    "permanent", "gave up", "given up", "giving up", "has failed", "could not be delivered for", "will not be retried", "no further attempts", "cannot be delivered", "delivery failed", "has been removed from the queue",
]);

/// Sentences that only a mail system writes of a mail it could not deliver; they count when the sender does not say that it
/// is one. Each stands before or after the address.
pub static FAILURE_SENTENCES: Phrases = Phrases::new(&[
    "could not be delivered to", "couldn't be delivered to", "could not deliver message to", "couldn't deliver message to", "could not deliver your message to", "unable to deliver message to", "unable to deliver your message to",
    "could not be delivered for the following reason", "was not delivered to the following", "not be delivered to the following", "delivery to the following recipient", "did not reach the following recipient", "undeliverable to",
    "message has not been delivered", "non-delivery report", "the following recipients could not be reached", "recipient(s) could not be reached", "konnte nicht zugestellt werden", "n'a pas pu être remis", "n'a pas pu etre delivre", "no se ha podido entregar",
    // Verizon's gateway, Sina
    "error message below", "requested action not taken", "邮件无法发送到", "无法投递",
    "one or more of its recipients", "one or more recipients", "returned to you because", "delivery attempts will continue",
    // Courier, James, nullmailer, sieve's reject, AOL, Gmail, Google Groups
    "following recipients cannot be delivered", "undeliverable mail", "wasn't able to deliver your message", "was not delivered; it failed", "was automatically rejected", "recipients could not be delivered because", "wasn't delivered to", "has been blocked. see technical details", "the group you tried to contact",
    // Exchange and Domino in other languages: `Delivery has failed to these recipients or groups`
    "delivery has failed to these recipients", "fehler bei der nachrichtenzustellung", "nachricht hat die folgenden empfänger nicht erreicht", "wurde nicht zugestellt an", "échec de la remise", "error de entrega a", "recapito non riuscito", "bezorging aan de volgende", "falha na entrega", "dostarczenie wiadomości do następujących", "det gick inte att leverera", "leveringen til følgende", "levering til disse",
    "doručení těmto příjemcům", "doručenie týmto príjemcom", "bu alıcılara veya gruplara teslim", "сбой доставки", "доставка следующим получателям", "nem sikerült kézbesíteni", "toimitus epäonnistui", "次の受信者またはグループへの配信に失敗", "未能将邮件传递给", "传递给下列收件人", "無法送達下列", "無法傳遞給下列", "배달하지 못했습니다",
    // hosts of these countries
    "nicht zugestellt werden", "nicht erreicht werden", "konnte nicht an einen oder mehrere", "n'a pas pu être délivré", "n'a pas pu être livré", "n'a pas été distribué", "n'a pas été remis", "no pudo ser entregado", "no ha podido ser entregado", "no se ha entregado", "non è stato consegnato", "non è stato recapitato", "impossibile recapitare", "não pôde ser entregue", "não foi entregue", "kon niet worden bezorgd", "kon niet worden afgeleverd", "kunde inte levereras", "nie mogła zostać dostarczona", "nie została dostarczona", "не может быть доставлено", "не было доставлено", "не может быть отправлено",
    "配信できませんでした", "送信できませんでした", "届けることができませんでした", "被退回", "未能成功送达", "无法送达", "전송되지 못했습니다", "전송할 수 없습니다",
]);

/// What stands right before the address of a recipient who did not get it, blanks, colons, quotes and brackets left out.
pub const BEFORE_RECIPIENT: &[&str] = &[
    "message to", "mail to", "email to", "message for", "mail for", "delivered to", "deliver to", "undeliverable to", "deliverable to", "addressed to", "was addressed", "delivering your mail to", "delivre a", "délivré à", "remis à",
    "unknown user", "user unknown", "no such user", "failed recipient", "failed recipients", "recipient address", "recipient", "recipients", "rcpt to", "to address", "address", "user", "account", "mailbox", "smtp", "invalid recipient",
    "violation for", "gateway for", "an die adresse", "empfänger", "destinataire", "destinatario", "destinatário", "ontvanger", "mottagare", "adresat", "宛先", "送信先", "受信者", "收件人", "收件人地址", "无法发送到", "your message to", "original recipient", "final recipient",
];

/// Lines with such a word name somebody to ask, not somebody who failed.
pub static CONTACT: Phrases = Phrases::new(&[
    "contact", "assistance", "please ask", "for help", "questions", "http://", "https://", "support", "wenden sie sich", "contacter", "problem report", "your administrator", "please reply",
    "message-id", "from:", "sender:", "reply-to:", "return-path", "mail from", "envelope-from", "envelope sender", "お問い合わせ", "received: ",
]);
