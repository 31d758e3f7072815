//! What servers say when they do not take a mail, under its reason. The first row that is found counts: sharp words stand
//! before blunt ones, and soft before hard, because a wrong suppression is worse than a second bounce.

use super::search::Phrases;

use crate::mail::classify::Reason;

/// Reason → words. A comment names the system where the words are not everybody's.
pub const REFUSALS: &[(Reason, &[&str])] = &[
    // Au by KDDI: an empty address before the words is its recipients' filter, not a missing user.
    (Reason::Content, &["550 : user unknown", "550: : user unknown"]),
    // cPanel's Exim, of a domain that it cannot route.
    (Reason::UnknownHost, &["account or domain may not exist, they may be blacklisted", "missing the proper dns entries", "mx records point to non-existent hosts"]),
    (Reason::Full, &[
        "mailbox full", "mailbox is full", "inbox is full", "mail box full", "over quota", "overquota", "quota exceeded", "exceeded quota",
        "exceeds quota", "quota violation", "quota exceed", "exceeded storage", "storage allocation", "out of storage",
        "mailbox size limit", "mailbox too large", "not enough storage", "insufficient system storage", "quota limit",
        "exceeded their quota", "exceeded his quota", "exceeds allowed quota", "user has exceeded", "disk quota", "mailbox has exceeded", "full mailbox", "no space left",
        // Google, iCloud, Exchange
        "is out of storage space", "email account that you tried to reach is over", "quotaexceeded", "quota usage",
        // translations
        "postfach ist voll", "postfach voll", "speicherplatz", "boîte pleine", "boite pleine", "buzón lleno", "casella piena",
        "caixa cheia", "mailbox vol", "skrzynka jest pełna", "容量超过", "邮箱已满", "容量オーバー",
    ]),
    (Reason::Suspended, &[
        "account is disabled", "account disabled", "account has been disabled", "account has been suspended", "mailbox disabled",
        "mailbox is disabled", "account suspended", "account is suspended", "user suspended", "user is suspended", "has been suspended", "is suspended", "temporarily disabled",
        "account inactive", "is inactive", "mailbox inactive", "inactive account", "account has been locked", "account is locked",
        "mailbox is locked", "mailbox is frozen", "currently suspended", "account that you tried to reach is disabled",
        "disabled recipient", "disabled or discontinued", "recipient suspended", "recipient disabled", "mailbox has been blocked", "account blocked",
        "account expired", "account has expired", "temporarily inactive", "mailbox temporarily", "konto gesperrt", "deaktiviert",
        "compte désactivé", "cuenta desactivada",
        // Outlook.com's own word for a dormant mailbox
        "mailbox is dormant", "user_disabled",
    ]),
    (Reason::RateLimited, &[
        "rate limit", "ratelimit", "rate limited", "too many connections", "too many recipients", "too many messages", "too many emails", "too many mails", "too many concurrent",
        "too many invalid recipients", "too many errors", "frequency limit", "connection frequency", "connection rate", "exceeded the maximum number", "receiving mail at a rate",
        "throttl", "unexpected volume", "sending limit", "sending quota", "daily limit", "hourly limit", "try sending less",
    ]),
    (Reason::AuthFailure, &[
        "spf record", "spf check", "spf fail", "fails spf", "not pass spf", "spf validation", "dkim check", "dkim fail", "dkim valid", "dmarc", "unauthenticated email",
        "unauthenticated sender", "authentication information", "authresult", "sender policy framework", "spf.pobox", "openspf", "domainkeys",
    ]),
    (Reason::Blocklisted, &[
        "blacklist", "blocklist", "block list", "black list", "blocked list", "spamhaus", "spamcop", "barracudacentral", "sorbs", "dnsbl", "/rbl", " rbl", "banned sending ip", "client host blocked",
        "blocked using", "ip blocked", "blocked ip", "your ip", "is blocked", "has been blocked", "blocked by", "blocked - see", "reputation", "listed at", "listed by", "poor sender", "denylist", "deny list",
        "no reverse dns", "reverse dns", "ptr record", "ip name lookup failed", "adresse ip source bloquee", "client host rejected", "host network not allowed",
    ]),
    (Reason::Spam, &[
        "spam detected", "as spam", "is spam", "spam message", "spam content", "spam classification", "spam score", "spamscore", "likely spam", "like spam", "unsolicited", "considered spam", "junk mail",
        "- spam", ", ube,", "spamsignature", "bulk email", "blacklisted url", "high probability of spam", "spam filter", "spam firewall", "spam-like", "spam policy", "rejected by spam", "spam rule", "spam-relay",
    ]),
    (Reason::TooBig, &[
        "too large", "too big", "message size", "exceeds maximum size", "size exceeds", "size limit", "max message size",
        "maximum allowed size", "exceeded maximum", "message length exceeds", "nachricht ist zu groß", "trop volumineux", "demasiado grande",
    ]),
    (Reason::Content, &[
        "content rejected", "message content", "message filtered", "virus", "malware", "attachment type", "banned content", "prohibited content", "illegal attachment", "header error",
        "headers too large", "duplicate header", "multiple addresses in from", "not rfc", "rfc 5322", "rfc5322", "rfc 2822", "bare lf", "recipient preferences", "invalid header", "blocked attachment",
    ]),
    (Reason::Policy, &[
        // Exchange: who is outside may not write to this group or room.
        "authrequired", "authentication required", "restricted to", "not allowed to send", "permission to", "sendertoauthenticated", "notauthenticated", "recipientrestricted",
        // About us, not about the recipient.
        "sender rejected", "sender address rejected", "sender denied", "domain of sender", "sender domain", "sender verify", "sender is not", "senders not allowed", "mail from ", "sender address",
        "relay access denied", "relaying denied", "relaying not", "unable to relay", "relay not permitted", "not permitted to relay", "not configured to relay", "we do not relay", "message not accepted for policy", "local policy", "denied by policy", "policy reasons", "policy violation", "security polic", "protocol violation",
        "greylist", "graylist", "administrative prohibition",
    ]),
    (Reason::Moved, &[
        "has moved", "user has moved", "address has changed", "no longer at this address", "please update your address",
        "new address is", "recipient no longer on server", "user not local; please try", "has changed his address", "has changed her address", "address no longer in use, use", "hat eine neue adresse", "551 not our customer",
    ]),
    (Reason::Network, &[
        "host not found, try again", "name server: host not found; try", "temporary lookup failure", "domain temporarily", "dns lookup timeout", "dns error: timeout", "loops back to myself", "mail loop", "too many hops", "hop count", "hops exceeded", "routing loop",
        "maximum hop", "local configuration error",
    ]),
    (Reason::UnknownUser, &[
        "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such account",
        "no such address", "no such person", "no such id", "unknown recipient", "recipient unknown", "unknown address", "unknown local part", "unknown local-part",
        "unknown mailbox", "unknown e-mail", "unknown email", "unknown account", "addressee unknown", "unknown_user", "user not found", "recipient not found", "mailbox not found", "account not found",
        "address not found", "email address not found", "user not exist", "does not exist", "doesn't exist", "do not exist", "not exist", "nonexistent", "non-existent", "user doesn't have", "doesn't have a", "does not have an account",
        "invalid recipient", "invalid mailbox", "invalid user", "invalid address", "invalid email address", "is not a valid mailbox", "not a valid recipient", "not a valid user", "not a valid address",
        "mailbox unavailable", "mailbox not available", "no mailbox here", "no mailbox by that name", "no user by that name", "not a known user", "not known here", "unrouteable address", "unroutable address", "undeliverable address",
        "bad destination mailbox", "bad address", "recipient address rejected: user", "recipient address rejected: undeliverable", "recipient address rejected: unknown", "recipient address rejected. (in reply to rcpt", "recipientnotfound", "couldn't be found",
        "could not be found", "wasn't found", "was not found", "not listed in", "not our customer", "no longer valid", "no longer available", "no longer active", "no longer in use", "no longer exists", "user is unknown", "account has been deleted",
        "account is closed", "has been closed", "has been deactivated", "no longer with", "no longer employed", "possibly incorrect", "did not exactly match", "is not recognized", "not recognised", "not a registered", "isn't registered", "not registered",
        "is wrong or no longer", "mailbox does not", "no account by that name", "no local mailbox", "nicht bekannt", "no such local user", "no recipients", "recipient does not", "this address no longer", "unable to find", "user_unknown",
        // Exchange Online's directory (5.4.1), Cisco's gateways, Symantec's
        "recipient address rejected: access denied", "#5.1.0 address rejected", "5.1.0 address rejected", "5.1.1 address rejected",
        // Domino, GroupWise, Exchange 5.5, Lotus cc:Mail, Sun
        "not listed in domino directory", "user not listed in public", "not listed in public name", "the recipient name is not recognized", "ambiguous address", "000c05a6", "illegal host/domain", "unknown or illegal alias",
        // translations
        "unbekannter empfänger", "empfänger unbekannt", "empfänger existiert", "unbekannte adresse", "existiert nicht", "benutzer unbekannt", "utilisateur inconnu", "destinataire inconnu", "adresse inconnue", "destinataire invalide", "n'existe pas",
        "usuario desconocido", "no existe", "destinatario desconocido", "utente sconosciuto", "destinatario sconosciuto", "non esiste", "não existe", "usuário desconhecido", "destinatário desconhecido", "gebruiker onbekend", "onbekende gebruiker", "okänd mottagare", "okänd användare", "nieznany użytkownik", "nie istnieje", "пользователь не найден", "не существует",
        // Exchange Online and Gmail: `the address you entered couldn't be found`, `because the address couldn't be found`
        "wurde bei", "adresse nicht gefunden", "adresse nicht gefunden wurde", "konnte nicht gefunden werden", "wurde nicht gefunden", "nicht im domino-verzeichnis", "est introuvable", "adresse introuvable", "n'a pas été trouvé", "no se ha encontrado la dirección", "no se encontró la dirección", "no se ha encontrado", "dirección no encontrada", "impossibile trovare l'indirizzo", "indirizzo non trovato", "is niet gevonden", "adres niet gevonden", "não pôde ser encontrado", "não foi encontrado", "endereço não encontrado",
        "nie można znaleźć", "nie znaleziono adresu", "gick inte att hitta", "hittades inte", "blev ikke fundet", "ble ikke funnet", "ei löytynyt", "nebyla nalezena", "nebyl nalezen", "nebola nájdená", "bulunamadı", "не удалось найти", "не найден", "nem található", "nu a fost găsit", "δεν βρέθηκε", "見つかりませんでした", "找不到您输入", "找不到您輸入", "使用者不存在", "無此使用者", "查無此人", "존재하지 않는", "찾을 수 없",
        "宛先が見つか", "存在しません", "ユーザが存在", "ユーザーが存在", "该用户不存在", "用户不存在", "收件人不存在", "地址不存在", "不存在", "没有找到收件人", "找不到收件人",
    ]),
    (Reason::UnknownHost, &[
        "host not found", "host unknown", "unknown host", "domain not found", "no such domain", "no such host", "invalid domain", "domain does not", "domain doesn't", "bad domain", "illegal domain", "domain is not reachable", "domain is invalid",
        "name service error", "nxdomain", "unrouteable mail domain", "unrouteable domain", "unroutable domain", "unknown domain", "domain unknown", "name or service not known", "domain name not found", "no mx", "couldn't find any host", "could not find any host", "couldn't find a host", "could not find a gateway",
        "does not appear to be registered", "domain is not registered", "domain name does not exist", "domain not registered",
        "null mx", "nullmx", "does not accept mail", "does not receive mail", "doesn't receive email", "doesn't accept mail", "does not accept email", "domain couldn't be found", "dns lookup failure", "dns error", "host or domain name not found", "nameserver said", "an mx or srv record indicated no smtp",
        "not accepting network messages", "system not accepting", "all relevant mx records point to non-existent", "no valid mx", "domaine inconnu", "unbekannte domain", "dominio desconocido", "域名不存在", "ドメインが見つか",
    ]),
    (Reason::Expired, &[
        "expired", "retry time", "too old", "could not be delivered within", "delivery time expired", "not been able to deliver", "giving up", "retry limit", "retry timeout", "undelivered after", "in the queue too long", "i've been trying", "unable to deliver message for",
    ]),
    (Reason::Network, &[
        "timed out", "timeout", "connection refused", "no route to host", "network is unreachable", "connection lost", "lost connection", "connection dropped", "connection reset", "couldn't connect", "could not connect", "failed to connect", "connection failed", "unreachable",
        "establish an smtp connection", "connection died", "not accepting connections", "refused to talk", "service not available", "starttls", "connected but",
    ]),
    (Reason::Spam, &["spam"]),
    (Reason::Policy, &[
        "recipient address rejected: policy", "recipient address rejected. policy", "policy", "not authorized", "not authorised", "denied", "message rejected", "relaying", "not permitted", "not allowed", "prohibited", "authentication", "refused", "blocked", "service refuse",
    ]),
    // Postfix without a reason, InterScan.
    (Reason::UnknownUser, &["recipient address rejected.", "check if address is correct", "invalid user"]),
];

/// How a server tells that it refused only after it had seen the content: Postfix, Yahoo, m-FILTER.
pub static AFTER_CONTENT: Phrases = Phrases::new(&["end of data command", "[body]", "smtp command data"]);

/// Filter gateways that take every mail and refuse it later, with the same words for a missing user and for a mail they do
/// not like. A field and a word of its value …
pub const FILTER_FIELDS: &[(&str, &str)] = &[
    ("X-AHMAILID", ""),
    ("X-Mailer", "surfcontrol"),
];
/// … or a fixed sentence: Mail2000, Yahoo before 2010, Zoho, m-FILTER.
pub static FILTER_SENTENCES: Phrases = Phrases::new(&[
    "---the following addresses had delivery errors---", "unable to deliver message to the following address(es). <", "error_code :", "-------smtp command",
]);
