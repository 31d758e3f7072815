//! The rules, told as stories: a tale stands at some moment, something happens, and what was decided is read as text.
//! Every decision is folded into the enrollment, which fails the test on a misfit or when nothing was decided.

use cadence::model::*;
use cadence::rules::advance::{Next, advance, opened, rendered};
use cadence::rules::enroll::{Candidate, Enrolled, Handed, enroll};
use cadence::rules::{View, approve, command, edited, react, settle};
use jiff::Timestamp;
use jiff::civil::{Time, time};
use jiff::tz::TimeZone;

mod answers;
mod conditions;
mod diaries;
mod edits;
mod enrolling;
mod events;
mod orders;
mod pacing;
mod proofs;
mod signals;
mod windows;
mod zones;

/// One enrollment in one cadence, with a clock that the test moves.
#[derive(Clone)]
pub(crate) struct Tale {
    pub(crate) cadence: Cadence,
    pub(crate) rep: Rep,
    pub(crate) hours: Hours,
    pub(crate) enrollment: Enrollment,
    pub(crate) now: Timestamp,
    pub(crate) notices: Vec<Notice>,
    pub(crate) suppressed: Vec<Suppression>,
}

impl Tale {
    /// Ana hands Jane over on Monday, 9 March 2026, at 10:02 in Berlin; touch 1 of 5 is her own mail.
    pub(crate) fn begin() -> Self {
        Self::begin_in(outbound())
    }

    pub(crate) fn begin_in(cadence: Cadence) -> Self {
        let now = at("2026-03-09T10:02");
        let (rep, hours) = (ana(), hours());
        let enrolled = hand_over(&rep, &candidate("jane@acme.test"), &cadence, now).expect("enrolled");
        Self {
            enrollment: enrolled.enrollment,
            cadence,
            rep,
            hours,
            now,
            notices: Vec::new(),
            suppressed: Vec::new(),
        }
    }

    /// As it begins, with touch 2 made and touch 3 waiting.
    pub(crate) fn waiting_at_3() -> Self {
        let mut tale = Self::begin();
        tale.now = tale.due();
        tale.advance();
        tale
    }

    /// As above, with touch 3 written and ready.
    pub(crate) fn sending_3() -> Self {
        let mut tale = Self::waiting_at_3();
        tale.now = tale.due();
        tale.advance();
        tale
    }

    pub(crate) fn view(&self) -> View<'_> {
        View {
            enrollment: &self.enrollment,
            cadence: &self.cadence,
            rep: &self.rep,
            hours: &self.hours,
        }
    }

    pub(crate) fn due(&self) -> Timestamp {
        match &self.enrollment.standing {
            Standing::Waiting { due, .. } => *due,
            Standing::Paused { until: Some(until), .. } => *until,
            other => panic!("nothing is due: {other:?}"),
        }
    }

    /// Folds a decision and reads it aloud.
    pub(crate) fn take(&mut self, decision: Decision) -> String {
        let paused_before = matches!(self.enrollment.standing, Standing::Paused { .. });
        let mut lines = Vec::new();
        for fact in &decision.facts {
            self.enrollment
                .apply(self.now, fact)
                .unwrap_or_else(|misfit| panic!("{misfit}: {fact:?}"));
            lines.push(fact_line(fact));
        }
        assert!(
            !matches!(self.enrollment.standing, Standing::Deciding { .. }),
            "left undecided (paused before: {paused_before}): {:?}",
            decision.facts
        );
        lines.extend(decision.notices.iter().map(notice_line));
        lines.extend(
            decision
                .suppress
                .iter()
                .map(|s| format!("never mailed again: {}, {}", s.reason.word(), s.proof)),
        );
        self.notices.extend(decision.notices);
        self.suppressed.extend(decision.suppress);
        if lines.is_empty() {
            "nothing".to_owned()
        } else {
            lines.join("\n")
        }
    }

    pub(crate) fn comes(&mut self, signal: &Signal) -> String {
        let decision = react::react(&self.view(), signal, self.now);
        self.take(decision)
    }

    /// What the shell does with a due enrollment: a mail is rendered, everything else becomes a task.
    pub(crate) fn advance(&mut self) -> String {
        self.advance_if(None)
    }

    pub(crate) fn advance_if(&mut self, suppressed: Option<SuppressionReason>) -> String {
        match advance(&self.view(), suppressed, self.now) {
            Next::Touch(step) => {
                let id = self.enrollment.id;
                let decision = match step.channel {
                    Channel::Email => rendered(
                        &self.view(),
                        &step,
                        LetterId::of_step(id, step.number),
                        "Re: Hello",
                        (None, None),
                    ),
                    _ => opened(&self.view(), &step, TaskId::derive(id, step.number), None, self.now),
                };
                self.take(decision)
            }
            Next::Draft(step) => {
                let text = Approved {
                    subject: "Re: Hello".to_owned(),
                    body: "Hi Li,\n\nthe draft of a mail about planning shifts for your three sites.\n\nAna".to_owned(),
                };
                let task = TaskId::derive(self.enrollment.id, step.number);
                let decision = approve::drafted(&self.view(), &step, task, &text, self.now);
                self.take(decision)
            }
            Next::Wait(decision) => self.take(decision),
            Next::End(decision) => self.take(decision) + " (over)",
        }
    }

    pub(crate) fn settles(&mut self, step: u16, receipt: &Receipt, attempts: u32, first: Timestamp) -> String {
        let id = MessageId::parse(&format!("touch-{step}@corp.test")).expect("an id");
        let tries = settle::Tries {
            claims: attempts,
            heard: attempts,
            since: first,
        };
        let settled = settle::settle(&self.view(), StepNo(step), &id, receipt, tries, self.now);
        let again = settled
            .again
            .map_or(String::new(), |again| format!(", not before {}", shown(again)));
        format!(
            "{}\nletter: {}{again}",
            self.take(settled.decision),
            settled.state.code()
        )
    }

    pub(crate) fn says(&mut self, asked: Asked, task: Option<&Task>) -> String {
        let wish = Command {
            said: "…".to_owned(),
            asked,
        };
        let (decision, line) = command::command(&self.view(), &wish, task, self.now);
        let done = if line.done { "done" } else { "not done" };
        format!("{}\n{done}: {}", self.take(decision), brief(&line.answer))
    }

    /// Where it stands, in one line.
    pub(crate) fn stands(&self) -> String {
        match &self.enrollment.standing {
            Standing::Deciding { next } => format!("deciding {next}"),
            Standing::Waiting { step, due, .. } => format!("waiting for {step} until {}", shown(*due)),
            Standing::Sending { step, .. } => format!("sending {step}"),
            Standing::Paused { next, why, until } => {
                format!(
                    "paused before {next}: {why:?}, until {}",
                    until.map_or("resumed".to_owned(), shown)
                )
            }
            Standing::Ended { outcome, .. } => format!("ended: {}", outcome.word()),
        }
    }
}

/// A local time in Berlin.
pub(crate) fn at(local: &str) -> Timestamp {
    at_in("Europe/Berlin", local)
}

pub(crate) fn at_in(zone: &str, local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().expect("a time");
    local
        .to_zoned(Zone::rules_of(zone).expect("a zone"))
        .expect("a moment")
        .timestamp()
}

/// A moment as it is shown in Berlin.
pub(crate) fn shown(at: Timestamp) -> String {
    let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
    at.to_zoned(berlin).strftime("%a %d %b %H:%M").to_string()
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

pub(crate) fn rep(text: &str, name: &str) -> Rep {
    Rep {
        address: address(text),
        name: name.to_owned(),
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        zone_name: "Europe/Berlin".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 1,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }
}

pub(crate) fn ana() -> Rep {
    rep("ana@corp.test", "Ana Corp")
}

pub(crate) fn hours() -> Hours {
    Hours {
        window: window(9, 17),
        weekdays: Hours::USUAL_WEEKDAYS.into(),
        holidays: [jiff::civil::date(2026, 4, 3), jiff::civil::date(2026, 4, 6)].into(),
        ..Hours::usual()
    }
}

pub(crate) fn window(from: i8, to: i8) -> Window {
    Window {
        from: time(from, 0, 0, 0),
        to: time(to, 0, 0, 0),
    }
}

pub(crate) fn clock(hour: i8, minute: i8) -> At {
    At::Clock(Time::constant(hour, minute, 0, 0))
}

pub(crate) fn cadence(days: Days, steps: &[(u32, At, Channel)]) -> Cadence {
    Cadence {
        name: CadenceName::parse("outbound").expect("a name"),
        title: "Outbound".to_owned(),
        about: String::new(),
        kind: "cold".to_owned(),
        days,
        window: None,
        prefer: Vec::new(),
        learns: false,
        on: cadence::model::Events::default(),
        steps: (1_u16..)
            .zip(steps)
            .map(|(number, (day, at, channel))| Step {
                number: StepNo(number),
                day: *day,
                at: *at,
                channel: *channel,
                template: format!("step-{number}"),
                thread: true,
                when: None,
                approve: false,
            })
            .collect(),
        edition: "e1".to_owned(),
    }
}

pub(crate) fn outbound() -> Cadence {
    cadence(
        Days::Business,
        &[
            (1, At::Immediately, Channel::Email),
            (1, At::Afternoon, Channel::Call),
            (3, At::Morning, Channel::Email),
            (6, clock(10, 0), Channel::Linkedin),
            (14, At::Within(90), Channel::Email),
        ],
    )
}

pub(crate) fn candidate(who: &str) -> Candidate<'static> {
    Candidate {
        prospect: Prospect {
            address: address(who),
            name: Some("Jane Doe".to_owned()),
            fields: Default::default(),
            zone: zone("Europe/Berlin"),
        },
        active: None,
        suppressed: None,
        missing: Vec::new(),
        own_domain: false,
    }
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::one(name.to_owned(), ZoneReason::DateHeader)
}

pub(crate) fn hand_over(
    rep: &Rep,
    candidate: &Candidate<'_>,
    cadence: &Cadence,
    now: Timestamp,
) -> Result<Enrolled, Box<Refusal>> {
    let mail = ContentKey("00c0ffee".repeat(8));
    let handed = Handed {
        rep,
        mail: &mail,
        thread: Thread {
            subject: "Hello".to_owned(),
            ids: vec![MessageId::parse("hello@corp.test").expect("an id")],
        },
        sent: Some(now),
        adopts: true,
        start: None,
    };
    enroll(&handed, candidate, cadence, &hours(), now).map_err(Box::new)
}

/// A reason without its usual end.
pub(crate) fn brief(why: &str) -> String {
    why.replace(", inside 09:00 to 17:00 in Europe/Berlin (from the Date header)", " …")
}

pub(crate) fn fact_line(fact: &Fact) -> String {
    match fact {
        Fact::Enrolled { adopted, .. } => format!("enrolled, adopted {adopted:?}"),
        Fact::Scheduled { step, due, why, .. } => format!("scheduled {step} for {}: {}", shown(*due), brief(why)),
        Fact::Rendered { step, .. } => format!("rendered {step}"),
        Fact::Dealt { step, variant, .. } => format!("dealt {step}: {}", variant.name),
        Fact::LeftOut { step, why, .. } => format!("left out {step}: {why}"),
        Fact::Sent { step, .. } => format!("sent {step}"),
        Fact::Deferred { step, until, why } => format!("deferred {step} until {}: {why}", shown(*until)),
        Fact::Refused { step, why, .. } => format!("refused {step}: {why}"),
        Fact::InDoubt { step, why } => format!("in doubt {step}: {why}"),
        Fact::Resolved { step, how, .. } => format!("resolved {step}: {how:?}"),
        Fact::TaskOpened { step, .. } => format!("task opened {step}"),
        Fact::TaskPutOff { step, until, .. } => format!("task {step} put off until {}", shown(*until)),
        Fact::TaskReopened { step, .. } => format!("task reopened {step}"),
        Fact::Learned { fields } => format!("learned {fields:?}"),
        Fact::Noted { text } => format!("noted: {text}"),
        Fact::TaskClosed {
            step, outcome, note, ..
        } => format!("task closed {step}: {} {note:?}", outcome.word()),
        Fact::Replied { answers, maybe, .. } => {
            format!(
                "replied to {}{}",
                answers.map_or(0, |step| step.0),
                if *maybe { " (maybe)" } else { "" }
            )
        }
        Fact::AutoReplied { until, named } => format!("auto-replied until {} (named: {named})", shown(*until)),
        Fact::Bounced { permanent, status, .. } => format!("bounced, permanent: {permanent}, status {status:?}"),
        Fact::OptedOut { how } => format!("opted out {how}"),
        Fact::Drafted { step, .. } => format!("drafted {step}"),
        Fact::Approved { step, text, .. } => format!("approved {step}: {:?}", text.body.lines().next()),
        Fact::Signalled { name, step, .. } => format!("reported {name} of {step:?}"),
        Fact::RepWrote { at, .. } => format!("the rep wrote by hand at {}", shown(*at)),
        Fact::Lead { source, .. } => format!("a lead of {source}"),
        Fact::Located { zone } => format!("located: {zone:?}"),
        Fact::Complained => "complained".to_owned(),
        Fact::Forgotten { .. } => "forgotten".to_owned(),
        Fact::Paused { why, until } => {
            format!("paused: {why:?}, until {}", until.map_or("resumed".to_owned(), shown))
        }
        Fact::Resumed { by } => format!("resumed by {}", by.as_ref().map_or("the clock", Address::as_str)),
        Fact::Edited { step, text, .. } => format!(
            "edited {step}: {:?}",
            text.as_ref().map(|text| text.body.lines().next())
        ),
        Fact::EndTakenBack { before, .. } => format!("the end was taken back: {before:?}"),
        Fact::Meeting { seen } => format!("meeting: {}", seen.said.word()),
        Fact::Reopened { why } => format!("reopened: {}", why.word()),
        Fact::Ended { outcome } => format!("ended: {}", outcome.word()),
    }
}

fn notice_line(notice: &Notice) -> String {
    match notice {
        Notice::Relay { banner, .. } => format!("relay: {banner}"),
        Notice::Alert { what, .. } => match what {
            Alert::Away { until, named } => format!("alert: away until {} (named: {named})", shown(*until)),
            Alert::BounceUnproven { until } => format!("alert: bounce unproven, until {}", shown(*until)),
            other => format!("alert: {other:?}"),
        },
        Notice::Receipt { .. } | Notice::Answer { .. } => panic!("rules write neither"),
    }
}
