//! How people answer a first conversation: yes, a question, later, no, somebody else.
//!
//! Languages in their order: English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish. Each is a whole
//! phrase; what may stand around it does not matter, but for a negation before words of interest.

use super::search::Phrases;

/// Later, perhaps.
pub static NOT_NOW: Phrases = Phrases::new(&[
    "not right now", "not now", "not at the moment", "not at this time", "not at this stage", "not at this point", "not currently", "not today", "not just yet", "bad timing", "timing isn't right", "timing is not right", "not the right time", "not a good time", "wrong time", "too early", "not this year", "not this quarter", "not this month", "no budget this year", "no budget until", "budget is frozen", "budgets are frozen", "on hold", "not a priority right now", "not a priority at the moment", "not a priority",
    "circle back", "check back", "touch base", "reconnect in", "revisit", "come back to me", "come back to us", "get back to me in", "get back to me after", "reach out again", "try again in", "try me again", "try me in", "follow up in", "follow up with me in", "follow up again", "ping me in", "ping me again", "call me in", "call me back in", "write to me again in", "write again in", "contact me in", "contact me again", "contact us again", "let's talk in", "let's speak in", "let's pick this up", "maybe later", "perhaps later",
    "nicht jetzt", "jetzt nicht", "gerade nicht", "derzeit nicht", "derzeit kein", "momentan nicht", "momentan kein", "im moment nicht", "im moment kein", "aktuell nicht", "aktuell kein", "zurzeit nicht", "zur zeit nicht", "zur zeit kein", "zu früh", "noch zu früh", "passt gerade nicht", "falscher zeitpunkt", "kein guter zeitpunkt", "nicht der richtige zeitpunkt", "dieses jahr nicht", "dieses jahr kein", "in diesem jahr nicht", "erst wieder", "melden sie sich wieder", "melden sie sich nochmal", "melden sie sich noch einmal", "melden sie sich im", "melden sie sich in", "melden sie sich ab", "melden sie sich nach", "melde dich wieder", "melde dich im", "melde dich in", "kommen sie wieder auf", "später noch einmal", "später nochmal", "vielleicht später", "kommen wir darauf zurück",
    "pas maintenant", "pas pour le moment", "pas pour l'instant", "pas en ce moment", "pas actuellement", "pas cette année", "pas le bon moment", "mauvais moment", "trop tôt", "trop occupé", "recontactez-moi", "recontactez-nous", "me recontacter", "nous recontacter", "revenez vers moi", "revenez vers nous", "revenir vers moi", "revenir vers nous", "rappelez-moi", "relancez-moi", "plus tard",
    "ahora no", "no ahora", "ahora mismo no", "por ahora no", "de momento no", "por el momento no", "en este momento no", "actualmente no", "este año no", "no es buen momento", "no es el momento", "mal momento", "demasiado pronto", "más adelante", "contácteme de nuevo", "contácteme en", "vuelva a contactar", "vuelva a escribirme", "vuelve a escribirme", "escríbame en", "llámeme en", "hablemos en", "quizás más tarde", "tal vez más tarde",
    "non ora", "non adesso", "ora no", "adesso no", "al momento no", "per ora no", "per il momento no", "in questo momento no", "non in questo momento", "al momento non", "per il momento non", "non quest'anno", "quest'anno no", "non è il momento", "momento sbagliato", "troppo presto", "mi ricontatti", "ci ricontatti", "ricontattami", "ricontattatemi", "mi riscriva", "risentiamoci", "sentiamoci", "più avanti", "magari più tardi", "forse più tardi", "magari più avanti",
    "agora não", "não agora", "neste momento não", "de momento não", "no momento não", "por enquanto não", "por agora não", "não neste momento", "este ano não", "não é o momento", "não é uma boa altura", "mau momento", "muito cedo", "talvez mais tarde", "mais para a frente", "volte a contactar", "volte a contatar", "entre em contato novamente", "fale comigo em", "me procure em", "voltamos a falar",
    "niet nu", "nu niet", "nu even niet", "op dit moment niet", "momenteel niet", "momenteel geen", "op dit moment geen", "dit jaar niet", "geen goed moment", "niet het juiste moment", "verkeerd moment", "te vroeg", "neem weer contact", "neem opnieuw contact", "neem later contact", "kom er later op terug", "bel me in", "probeer het in", "misschien later",
    "inte nu", "inte just nu", "inte för tillfället", "inte för närvarande", "inte i år", "fel tidpunkt", "inte rätt tid", "inte rätt tidpunkt", "för tidigt", "hör av dig igen", "hör av dig i", "hör av dig efter", "återkom", "kontakta mig igen", "kontakta mig i", "kanske senare", "längre fram",
    "nie teraz", "teraz nie", "nie w tej chwili", "w tej chwili nie", "obecnie nie", "na razie nie", "nie w tym roku", "w tym roku nie", "zły moment", "nie jest to dobry moment", "za wcześnie", "proszę wrócić", "proszę odezwać się", "proszę o kontakt w", "proszę o kontakt po", "odezwij się", "może później",
]);

/// Times that say so too, where nothing in the answer speaks of interest.
pub static LATER_TIMES: Phrases = Phrases::new(&[
    "next quarter", "next year", "in the new year", "after the summer", "after the holidays", "later this year", "later in the year", "maybe next", "perhaps next", "nächstes quartal", "nächsten quartal", "nächstes jahr", "nächsten jahr", "im neuen jahr", "nach dem sommer", "nach den ferien", "l'année prochaine", "l'an prochain", "le trimestre prochain", "prochain trimestre", "après l'été", "à la rentrée", "el próximo año", "el año que viene", "el próximo trimestre", "después del verano", "l'anno prossimo", "il prossimo anno", "prossimo trimestre", "dopo l'estate", "próximo ano", "ano que vem", "próximo trimestre", "depois do verão", "volgend jaar", "volgend kwartaal", "na de zomer", "nästa år", "nästa kvartal", "efter sommaren", "w przyszłym roku", "w przyszłym kwartale", "w następnym kwartale", "po wakacjach", "too busy", "very busy", "swamped",
]);

/// No.
pub static NOT_INTERESTED: Phrases = Phrases::new(&[
    "not interested", "no interest", "not of interest", "uninterested", "no thanks", "no thank you", "no, thank you", "no, thanks", "not for us", "not for me", "not a fit", "not a good fit", "not the right fit", "we don't need", "i don't need", "we do not need", "i do not need", "have no need", "there is no need for", "we're all set", "we are all set", "i'm all set", "all set here", "not looking for", "not looking to", "not looking at", "not in the market", "i'll pass on this", "we'll pass on this", "have to pass", "going to pass", "pass on this", "must decline", "have to decline", "not relevant", "we already have", "already have a", "already use", "already work with", "already working with", "happy with our current", "happy with what we have", "satisfied with our", "went with another", "gone with another", "chose another", "decided against", "decided to go with",
    "kein interesse", "nicht interessiert", "nicht interessant", "kein bedarf", "keinen bedarf", "brauchen wir nicht", "brauche ich nicht", "benötigen wir nicht", "nein danke", "nein, danke", "danke, nein", "nichts für uns", "passt nicht zu uns", "kommt für uns nicht", "nicht relevant", "haben bereits", "haben schon", "sind zufrieden mit", "sind mit unserem", "haben uns anders entschieden", "haben uns dagegen entschieden", "für einen anderen anbieter",
    "pas intéressé", "pas intéressée", "pas intéressés", "pas d'intérêt", "aucun intérêt", "pas besoin", "aucun besoin", "non merci", "non, merci", "pas pour nous", "ne nous concerne pas", "nous avons déjà", "j'ai déjà", "nous travaillons déjà", "nous sommes satisfaits", "un autre prestataire", "pas pertinent",
    "no me interesa", "no nos interesa", "no estoy interesado", "no estoy interesada", "no estamos interesados", "sin interés", "no gracias", "no, gracias", "no lo necesitamos", "no necesitamos", "no es para nosotros", "ya tenemos", "ya trabajamos con", "estamos contentos con", "estamos satisfechos", "otro proveedor", "no encaja",
    "non mi interessa", "non ci interessa", "non sono interessato", "non sono interessata", "non siamo interessati", "nessun interesse", "no grazie", "no, grazie", "non ne abbiamo bisogno", "non abbiamo bisogno", "non fa per noi", "abbiamo già", "lavoriamo già con", "siamo soddisfatti", "un altro fornitore",
    "não tenho interesse", "não temos interesse", "sem interesse", "não estou interessado", "não estou interessada", "não estamos interessados", "não me interessa", "não nos interessa", "não obrigado", "não, obrigado", "não, obrigada", "não precisamos", "não é para nós", "já temos", "já trabalhamos com", "estamos satisfeitos", "outro fornecedor",
    "geen interesse", "niet geïnteresseerd", "geen belangstelling", "nee bedankt", "nee, bedankt", "nee dank u", "geen behoefte", "niet nodig", "niets voor ons", "we hebben al", "wij hebben al", "we werken al met", "tevreden met onze", "andere leverancier",
    "inte intresserad", "inte intresserade", "inget intresse", "ointresserad", "nej tack", "nej, tack", "inget behov", "inte för oss", "behöver inte", "vi har redan", "nöjda med", "annan leverantör",
    "nie jestem zainteresowany", "nie jestem zainteresowana", "nie jesteśmy zainteresowani", "brak zainteresowania", "nie interesuje", "nie, dziękuję", "nie dziękuję", "nie dziękujemy", "nie potrzebujemy", "nie potrzebuję", "mamy już", "już mamy", "już korzystamy", "jesteśmy zadowoleni", "innego dostawcę",
]);

/// Yes.
pub static INTERESTED: Phrases = Phrases::new(&[
    "interested", "i'm in", "count me in", "sounds good", "sounds great", "sounds interesting", "sounds promising", "sounds useful", "tell me more", "tell us more", "learn more", "hear more", "know more", "more information", "more details", "send me more", "send me some", "send me the", "send over", "send me your", "let's talk", "let's chat", "let's speak", "let's meet", "let's do it", "let's set up", "let's schedule", "let's find a time", "happy to talk", "happy to chat", "happy to speak", "happy to meet", "happy to take a look", "glad to talk", "open to a call", "open to a chat", "open to a conversation", "would love to", "i'd love to", "we'd love to", "yes please", "yes, please", "call me", "give me a call", "set up a call", "set up a time", "schedule a call", "book a call", "book a meeting", "booked a", "jump on a call", "hop on a call", "works for me", "work for me", "works for us", "when are you free", "when are you available", "i'm available", "i am available", "i'm free", "i am free", "what times", "pricing please", "send pricing", "send me a quote", "send us a quote", "demo please", "see a demo", "a demo would",
    "interessiert", "interesse an", "interessant", "klingt gut", "klingt spannend", "klingt vielversprechend", "hört sich gut an", "gerne mehr", "mehr erfahren", "mehr informationen", "mehr infos", "weitere informationen", "weitere infos", "senden sie mir", "schicken sie mir", "schicken sie uns", "lassen sie uns sprechen", "lassen sie uns telefonieren", "lass uns sprechen", "lass uns telefonieren", "rufen sie mich", "ruf mich", "ja gerne", "ja, gerne", "ja bitte", "sehr gerne", "gerne telefonieren", "termin vereinbaren", "passt mir", "passt gut", "wann haben sie zeit", "hätte zeit", "habe zeit", "bin interessiert", "machen sie mir ein angebot",
    "intéressé", "intéressée", "intéressés", "intéressant", "ça m'intéresse", "cela m'intéresse", "cela nous intéresse", "en savoir plus", "plus d'informations", "plus de détails", "envoyez-moi", "envoyez-nous", "parlons-en", "discutons", "appelez-moi", "oui, avec plaisir", "avec plaisir", "volontiers", "oui merci", "prenons rendez-vous", "je suis disponible", "je suis libre", "me convient", "nous convient", "quand êtes-vous disponible",
    "me interesa", "nos interesa", "estoy interesado", "estoy interesada", "estamos interesados", "interesante", "suena bien", "suena interesante", "cuénteme más", "cuéntame más", "más información", "más detalles", "saber más", "envíeme", "envíenos", "envíame", "hablemos", "llámeme", "llámame", "sí, por favor", "encantado de", "con mucho gusto", "me viene bien", "nos viene bien", "estoy disponible", "cuándo está disponible", "agendemos",
    "mi interessa", "ci interessa", "sono interessato", "sono interessata", "siamo interessati", "interessante", "sembra interessante", "suona bene", "maggiori informazioni", "più informazioni", "saperne di più", "mi mandi", "mi invii", "ci mandi", "parliamone", "mi chiami", "chiamami", "sì grazie", "sì, grazie", "volentieri", "con piacere", "sono disponibile", "mi va bene", "fissiamo",
    "tenho interesse", "temos interesse", "estou interessado", "estou interessada", "estamos interessados", "me interessa", "interessa-me", "interessante", "parece bom", "parece interessante", "mais informações", "mais detalhes", "saber mais", "envie-me", "me envie", "vamos conversar", "vamos falar", "ligue-me", "me ligue", "sim, por favor", "com prazer", "com todo o gosto", "estou disponível", "vamos marcar",
    "geïnteresseerd", "interesse in", "interessant", "klinkt goed", "klinkt interessant", "vertel me meer", "meer informatie", "meer weten", "stuur me", "stuur mij", "stuur ons", "laten we praten", "laten we bellen", "bel me", "bel mij", "ja graag", "ja, graag", "heel graag", "afspraak maken", "ik ben beschikbaar", "komt mij goed uit", "past mij",
    "intresserad", "intresserade", "intressant", "låter bra", "låter intressant", "berätta mer", "veta mer", "mer information", "skicka mig", "skicka mer", "skicka gärna", "låt oss prata", "ring mig", "ja gärna", "ja, gärna", "ja tack", "boka ett möte", "boka en tid", "passar mig", "passar bra", "jag är ledig",
    "jestem zainteresowany", "jestem zainteresowana", "jesteśmy zainteresowani", "zainteresowani", "interesujące", "brzmi dobrze", "brzmi ciekawie", "brzmi interesująco", "więcej informacji", "więcej szczegółów", "dowiedzieć się więcej", "proszę przesłać", "proszę o przesłanie", "proszę wysłać", "porozmawiajmy", "proszę zadzwonić", "tak, poproszę", "tak, chętnie", "chętnie", "z przyjemnością", "umówmy się", "jestem dostępny", "jestem dostępna", "pasuje mi",
]);

/// What turns a word of interest into its opposite when it stands shortly before.
pub static NEGATIONS: Phrases = Phrases::new(&[
    "not", "no", "never", "don't", "doesn't", "isn't", "aren't", "wasn't", "won't", "wouldn't", "can't", "cannot", "if", "unless", "without",
    "nicht", "kein", "keine", "keinen", "nie", "falls", "wenn", "pas", "aucun", "aucune", "jamais", "si", "ningún", "nunca", "non", "nessun", "se", "não", "nem", "niet", "geen", "inte", "inget", "ingen", "nie",
]);

/// Somebody else, whoever it is.
pub static WRONG_PERSON: Phrases = Phrases::new(&[
    "not the right person", "wrong person", "not the best person", "not the person", "right person is", "right person would be", "best person is", "best person would be", "right person to", "better person", "contact my colleague", "talk to my colleague", "speak to my colleague", "speak with my colleague", "reach out to my colleague", "my colleague is", "my colleague handles", "colleague who", "forwarded your", "forwarding your", "forwarded this", "forwarding this", "passed this on", "passed this along", "passing this on", "passed your", "looping in", "looped in", "cc'ing", "cc'd", "copying in", "copied in", "copying my", "adding my colleague", "someone else handles", "is in charge of", "is responsible for", "handles this", "handles these", "looks after this", "takes care of this", "not my area", "not my department", "no longer responsible",
    "falscher ansprechpartner", "falsche ansprechpartnerin", "falsche ansprechperson", "nicht der richtige ansprechpartner", "nicht die richtige", "nicht zuständig", "richtige ansprechpartner", "zuständig ist", "zuständig dafür", "dafür zuständig", "verantwortlich ist", "meine kollegin", "mein kollege", "meinen kollegen", "meinem kollegen", "meiner kollegin", "habe ich weitergeleitet", "weitergeleitet an", "leite ich weiter", "leite es weiter", "in kopie", "in cc",
    "pas la bonne personne", "pas le bon interlocuteur", "pas la bonne interlocutrice", "bonne personne est", "bon interlocuteur est", "mon collègue", "ma collègue", "j'ai transmis", "je transmets", "je transfère", "en copie", "est en charge", "est responsable de", "s'occupe de",
    "no soy la persona", "persona indicada", "persona adecuada", "mi colega", "mi compañero", "mi compañera", "he reenviado", "reenvío su", "le reenvío", "en copia", "se encarga de", "es el responsable", "es la responsable", "encargado de",
    "non sono la persona", "persona giusta", "persona corretta", "mio collega", "mia collega", "ho inoltrato", "inoltro la", "in copia", "si occupa di", "è responsabile", "il responsabile",
    "não sou a pessoa", "pessoa certa", "pessoa indicada", "meu colega", "minha colega", "encaminhei", "vou encaminhar", "em cópia", "é responsável", "responsável por", "trata deste", "cuida disso",
    "niet de juiste persoon", "verkeerde persoon", "juiste persoon", "mijn collega", "doorgestuurd", "stuur het door", "stuur ik door", "in de cc", "is verantwoordelijk", "gaat hierover",
    "inte rätt person", "fel person", "rätt person", "min kollega", "vidarebefordrat", "vidarebefordrar", "skickat vidare", "kopia till", "ansvarar för", "är ansvarig",
    "nie jestem właściwą osobą", "niewłaściwa osoba", "właściwą osobą", "odpowiednią osobą", "mój kolega", "moja koleżanka", "mojego kolegi", "mojej koleżanki", "przekazałem", "przekazałam", "przekazuję", "w kopii", "zajmuje się", "jest odpowiedzialny", "odpowiada za",
]);

/// Words that send the reader on, when an address of somebody else is named too.
pub static ASK_THEM: Phrases = Phrases::new(&[
    "contact", "reach out", "reach", "talk to", "speak to", "speak with", "get in touch", "touch with", "email", "e-mail", "mail", "write to", "ask", "try", "address", "colleague", "refer you",
    "kontaktieren", "wenden sie sich", "wende dich", "schreiben sie", "fragen sie", "sprechen sie", "kontakt", "contacter", "contactez", "adressez", "écrivez", "voyez avec", "contactar", "contacte", "escriba", "diríjase", "hable con", "contatti", "contattare", "si rivolga", "scriva a", "parli con", "contacte", "contate", "escreva", "fale com", "neem contact", "mail naar", "vraag", "kontakta", "skriv till", "prata med", "skontaktować", "proszę pisać", "napisać do",
]);

/// Prepositions before the name of a month, with what they mean for the day.
pub const AT_MONTH: &[&str] = &[
    "in", "until", "till", "by", "from", "of", "early", "mid", "around", "beginning", "start", "im", "bis", "ab", "anfang", "mitte", "en", "jusqu'en", "dès", "début", "mi", "à partir de", "hasta", "desde", "a principios de", "fino a", "da", "a", "em", "até", "desde", "a partir de", "tot", "vanaf", "begin", "i", "till", "från", "w", "do", "od", "de",
];

/// The same for the time after the month.
pub const AFTER_MONTH: &[&str] = &["after", "end of", "late", "nach", "ende", "après", "fin", "después de", "finales de", "dopo", "fine", "depois de", "fim de", "na", "eind", "efter", "slutet av", "po", "koniec", "końcu"];

/// Units of time, and how many days or months they have: days, weeks, months, quarters, years.
pub const UNITS: [&[&str]; 5] = [
    &["day", "days", "tag", "tage", "tagen", "jour", "jours", "día", "días", "giorno", "giorni", "dia", "dias", "dag", "dagen", "dagar", "dzień", "dni"],
    &["week", "weeks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "settimana", "settimane", "weken", "vecka", "veckor", "tydzień", "tygodnie", "tygodni"],
    &["month", "months", "monat", "monate", "monaten", "mois", "mes", "meses", "mese", "mesi", "mês", "maand", "maanden", "månad", "månader", "miesiąc", "miesiące", "miesięcy"],
    &["quarter", "quarters", "quartal", "quartale", "quartalen", "trimestre", "trimestres", "trimestri", "kwartaal", "kwartalen", "kvartal", "kwartał", "kwartale", "kwartały"],
    &["year", "years", "jahr", "jahre", "jahren", "an", "ans", "année", "années", "año", "años", "anno", "anni", "ano", "anos", "jaar", "jaren", "år", "rok", "roku", "lata", "lat"],
];

/// Small numbers as words.
pub const NUMBERS: &[(&str, i64)] = &[
    ("a", 1), ("an", 1), ("one", 1), ("two", 2), ("couple", 2), ("few", 3), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("eight", 8), ("ten", 10), ("twelve", 12),
    ("einem", 1), ("einer", 1), ("ein", 1), ("zwei", 2), ("paar", 3), ("einigen", 3), ("drei", 3), ("vier", 4), ("fünf", 5), ("sechs", 6),
    ("un", 1), ("une", 1), ("deux", 2), ("quelques", 3), ("trois", 3), ("quatre", 4), ("cinq", 5), ("uno", 1), ("una", 1), ("dos", 2), ("unos", 3), ("unas", 3), ("tres", 3), ("cuatro", 4), ("seis", 6),
    ("due", 2), ("qualche", 3), ("tre", 3), ("quattro", 4), ("sei", 6), ("um", 1), ("uma", 1), ("dois", 2), ("duas", 2), ("alguns", 3), ("algumas", 3), ("três", 3), ("quatro", 4),
    ("een", 1), ("één", 1), ("twee", 2), ("drie", 3), ("zes", 6), ("en", 1), ("ett", 1), ("två", 2), ("några", 3), ("fyra", 4), ("sex", 6), ("dwa", 2), ("kilka", 3), ("trzy", 3), ("cztery", 4), ("sześć", 6),
];

/// What stands before a number of units that lie ahead.
pub const AHEAD: &[&str] = &["in", "after", "nach", "dans", "d'ici", "en", "dentro de", "tra", "fra", "em", "daqui a", "over", "om", "za", "po", "within"];

/// `next`, before or behind a unit.
pub const NEXT: &[&str] = &[
    "next", "following", "coming", "nächster", "nächste", "nächsten", "nächstes", "kommenden", "kommendes", "prochain", "prochaine", "próximo", "próxima", "que viene", "prossimo", "prossima", "que vem", "volgend", "volgende", "nästa", "przyszłym", "przyszły", "następnym",
];
