//! What each number means: the one list of definitions. README prints it (a test holds both together).

use super::measure::Measure;

/// Measures without a number of their own: code, measure, how it is called, what it means.
pub(super) const PLAIN: [(i64, Measure, &str, &str); 45] = [
    (
        1,
        Measure::Enrolled,
        "enrolled",
        "people handed over to a cadence; a person counts once in each",
    ),
    (
        2,
        Measure::Mailed,
        "mailed",
        "people to whom at least one mail went out, the rep's own first mail included",
    ),
    (
        3,
        Measure::Reached,
        "reached",
        "people who were delivered to or talked to",
    ),
    (
        4,
        Measure::Delivered,
        "delivered",
        "mailed people without a hard bounce, and whoever said anything",
    ),
    (
        5,
        Measure::BouncedHard,
        "bounced hard",
        "people whose address is dead (unknown user or host, moved)",
    ),
    (
        6,
        Measure::BouncedSoft,
        "bounced soft",
        "people from whom a mail came back for the time being; policy refusals are no bounces",
    ),
    (
        7,
        Measure::Replied,
        "replied",
        "people who answered; an auto-reply is no reply, an answer that only opts out is none",
    ),
    (
        8,
        Measure::Interested,
        "interested",
        "people whose answer wants to go on, asks something or names somebody, or who met",
    ),
    (
        9,
        Measure::Connected,
        "connected",
        "people whom a rep talked to, as logged",
    ),
    (
        10,
        Measure::Met,
        "met",
        "people with whom a meeting was agreed, by calendar mail or as logged",
    ),
    (
        11,
        Measure::Held,
        "held",
        "met people whose meeting took place, as the rep noted",
    ),
    (
        12,
        Measure::NoShow,
        "no-show",
        "met people who did not come, or whose meeting was called off or declined",
    ),
    (13, Measure::OptedOut, "opted out", "people who want no more mail"),
    (
        14,
        Measure::Complained,
        "complained",
        "people who reported a mail as spam",
    ),
    (
        15,
        Measure::Completed,
        "completed",
        "people whose every touch was made and who never answered",
    ),
    (
        16,
        Measure::Opened,
        "opened",
        "people of whom a listener reported an open, which may still be a program's; so no verdict rests on it",
    ),
    (
        17,
        Measure::Clicked,
        "clicked",
        "people of whom a listener reported a click, which may still be a scanner's; so no verdict rests on it",
    ),
    (
        18,
        Measure::OpenedByMachine,
        "opened (machines)",
        "people whose mail a program opened, as a listener knows; counted apart, and nothing follows from it",
    ),
    (
        19,
        Measure::ClickedByMachine,
        "clicked (machines)",
        "people whose link a program clicked, as a listener knows; counted apart, and nothing follows from it",
    ),
    (
        401,
        Measure::Sent,
        "sent",
        "mails that went out, those in doubt once they count as sent",
    ),
    (402, Measure::SentBounced, "bounced", "mails that came back for good"),
    (
        403,
        Measure::SentReplied,
        "replied",
        "mails that were the last before a person's first answer",
    ),
    (
        404,
        Measure::SentInterested,
        "interested",
        "the same, of interested answers",
    ),
    (
        405,
        Measure::SentRepliedLater,
        "replied later",
        "mails after which the person answered at any time",
    ),
    (
        406,
        Measure::SentMetLater,
        "met later",
        "mails after which the person met at any time",
    ),
    (
        407,
        Measure::SentInterestedLater,
        "interested later",
        "mails after which the person was interested at any time",
    ),
    (
        408,
        Measure::SentOptedOut,
        "opted out",
        "mails that were the last before an opt-out",
    ),
    (
        409,
        Measure::SentComplained,
        "complained",
        "mails that were the last before a complaint",
    ),
    (
        410,
        Measure::DoneInTime,
        "done in time",
        "touches by a human, done by the end of the next working day",
    ),
    (
        411,
        Measure::DoneLate,
        "done late",
        "touches by a human, done after that",
    ),
    (
        412,
        Measure::Missed,
        "missed",
        "touches by a human that were skipped or fell away",
    ),
    (
        413,
        Measure::TouchConnected,
        "connected",
        "touches by a human that reached the person",
    ),
    (
        414,
        Measure::LeftOut,
        "left out",
        "touches whose condition did not hold",
    ),
    (
        415,
        Measure::EndedHere,
        "ended here",
        "enrollments whose last touch this was",
    ),
    (
        416,
        Measure::SentOpened,
        "opened",
        "mails after which a first open was reported; programs open mails too",
    ),
    (
        417,
        Measure::SentClicked,
        "clicked",
        "mails after which a first click was reported; scanners click too",
    ),
    (
        418,
        Measure::Dealt,
        "dealt",
        "people to whom a test gave a script, an arm or an hour",
    ),
    (
        419,
        Measure::DealtReplied,
        "replied",
        "dealt people who answered at any time after it",
    ),
    (
        424,
        Measure::DealtInterested,
        "interested",
        "dealt people who were interested at any time after it",
    ),
    (
        425,
        Measure::DealtMet,
        "met",
        "dealt people who met at any time after it",
    ),
    (
        426,
        Measure::DealtHarmed,
        "harmed",
        "dealt people who opted out, complained or bounced after it",
    ),
    (
        420,
        Measure::CreditFirst,
        "first touch",
        "meetings credited to the first touch before them",
    ),
    (
        421,
        Measure::CreditLast,
        "last touch",
        "meetings credited to the last touch before them",
    ),
    (
        422,
        Measure::CreditLinear,
        "linear",
        "meetings shared evenly by all touches before them",
    ),
    (
        423,
        Measure::CreditPosition,
        "position",
        "meetings shared 40 % first, 40 % last, 20 % between",
    ),
];

/// The page of definitions, as Markdown: what each word of a report means, and what each rate divides by.
#[must_use]
pub fn definitions() -> String {
    let mut page = String::from("People (each once a cadence, on the day they were enrolled):\n\n");
    let mut line = |row: &(i64, Measure, &str, &str)| page.push_str(&format!("- **{}**: {}\n", row.2, row.3));
    PLAIN.iter().filter(|row| row.0 < 20).for_each(&mut line);
    page.push_str("\nTouches (each on the day it was made, and what came of it with it):\n\n");
    let mut line = |row: &(i64, Measure, &str, &str)| page.push_str(&format!("- **{}**: {}\n", row.2, row.3));
    PLAIN.iter().filter(|row| row.0 > 400).for_each(&mut line);
    page.push_str(
        "\nRates: *reply*, *opt-out* and *complaint* divide by delivered people, *bounce* by mailed people, *interested*,\n\
         *connect*, *meeting* and *completed* by enrolled people, *held* and *no-show* by met people; of a step, everything divides by\n\
         its sent mails. Every rate stands beside its counts, with the 95 % interval of its Beta posterior (Jeffreys' prior).\n",
    );
    page
}
