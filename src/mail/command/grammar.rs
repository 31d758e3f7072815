//! What a rep may say to the bot, as one table.

use crate::model::TaskOutcome;

/// What a line's words ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Log(TaskOutcome),
    Stop,
    Pause,
    Resume,
    Send,
    Hold,
    NoShow,
    Why,
    Help,
}

/// The grammar: what is asked for, and how it may be said. The first way is the one that is suggested.
pub(super) const GRAMMAR: &[(Verb, &[&str])] = &[
    (
        Verb::Log(TaskOutcome::Connected),
        &["connected", "connect", "talked", "spoke", "reached", "conversation"],
    ),
    (
        Verb::Log(TaskOutcome::Voicemail),
        &[
            "voicemail",
            "voice mail",
            "left voicemail",
            "left a voicemail",
            "left message",
            "left a message",
            "vm",
            "lvm",
        ],
    ),
    (
        Verb::Log(TaskOutcome::NoAnswer),
        &[
            "no answer",
            "noanswer",
            "no-answer",
            "no response",
            "no pickup",
            "not reached",
            "na",
            "n/a",
            "busy",
        ],
    ),
    (
        Verb::Log(TaskOutcome::NotInterested),
        &[
            "not interested",
            "notinterested",
            "no interest",
            "uninterested",
            "declined",
            "ni",
        ],
    ),
    (
        Verb::Log(TaskOutcome::WrongNumber),
        &["wrong number", "wrongnumber", "wrong person", "bad number", "wn"],
    ),
    (
        Verb::Log(TaskOutcome::Meeting),
        &[
            "meeting",
            "meeting booked",
            "booked",
            "booked a meeting",
            "booked meeting",
            "met",
            "appointment",
        ],
    ),
    (
        Verb::Log(TaskOutcome::Done),
        &["done", "ok", "sent", "finished", "did it", "completed"],
    ),
    (Verb::Log(TaskOutcome::Skipped), &["skip", "skipped", "skip it"]),
    (Verb::Stop, &["stop", "end", "cancel", "undo"]),
    (Verb::Pause, &["pause"]),
    (Verb::Send, &["send", "send it", "approve", "approved"]),
    (Verb::Hold, &["hold", "hold it"]),
    (
        Verb::NoShow,
        &[
            "no show",
            "no-show",
            "noshow",
            "did not come",
            "did not show up",
            "stood me up",
        ],
    ),
    (Verb::Resume, &["resume", "continue", "go on", "unpause"]),
    (Verb::Why, &["why", "status"]),
    (Verb::Help, &["help", "?", "commands"]),
];
