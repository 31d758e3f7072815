//! What really happened: who got what, and when they had said stop. It never looks at the bot's tables.

use super::cast::Says;
use super::letters::header;
use super::plan::Plan;
use super::report::Violation;
use crate::model::{Address, Letter, LetterClass, LetterId, Phase};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How long after a stop lay in the mailbox a touch may still go out (design §1, promise 2).
const BARRIER: SignedDuration = SignedDuration::from_secs(60);
/// Answers to what nobody understood that one rep may get in 24 hours.
const ANSWERS: usize = 10;
/// So long after it was written a hand-over may be too old, should the mailbox be away then.
const OLD: SignedDuration = SignedDuration::from_hours(24);
/// A touch that the relay put off so often, and for so long, may be given up.
const PUT_OFF: (u32, SignedDuration) = (6, SignedDuration::from_hours(48));

/// What is true of one prospect.
#[derive(Default)]
pub(super) struct Truth {
    /// Hand-overs that lay in the mailbox: when, by whom, the mail's id.
    pub handed: Vec<(Timestamp, usize, String)>,
    /// Stops that no rep has lifted since.
    pub stops: Vec<Timestamp>,
    /// Since when they are never to be mailed.
    pub never: Option<Timestamp>,
    /// Since when it is known that they are away, and until when.
    pub away: Option<(Timestamp, Timestamp)>,
    /// Somebody wrote in their name, or the relay said something about them, or a rep ended it.
    pub disturbed: bool,
    /// The relay said that the address is dead, or refused the touch.
    pub refused: bool,
    read: usize,
    /// When content for them left, as far as it was not refused.
    pub left: Vec<(Timestamp, LetterId)>,
    texts: BTreeSet<(u64, usize)>,
}

/// What became of one letter.
#[derive(Default)]
struct Sent {
    bytes: u64,
    taken: usize,
    is_touch: bool,
}

/// What became of a rep's mail.
#[derive(Default)]
struct Asked {
    /// Nobody could understand it.
    nonsense: bool,
    /// The letters that answered it.
    by: BTreeSet<LetterId>,
    /// It was answered by a bot whose memory is gone since.
    before: bool,
    /// How often an answer to it may have gone out, as far as the bot can know.
    begun: u32,
    /// The relay wanted none of it.
    refused: bool,
    /// It took so long that it may have been too old when it could be read.
    late: bool,
}

/// Watches every mailbox.
pub(super) struct Oracle {
    pub people: Vec<Truth>,
    by_address: BTreeMap<String, usize>,
    reps: Vec<(Address, TimeZone)>,
    letters: BTreeMap<LetterId, Sent>,
    /// Letters that the relay did not take for now: since when, and how often.
    put_off: BTreeMap<LetterId, (Timestamp, u32)>,
    /// Hand-overs and commands of reps, by id.
    asked: BTreeMap<String, Asked>,
    resumed: BTreeSet<String>,
    /// The last digest of each rep, and when it was made.
    told: BTreeMap<usize, (LetterId, Timestamp)>,
    /// When each rep was told that something was not understood.
    unclear: BTreeMap<usize, Vec<Timestamp>>,
    on_time: bool,
    /// A bot works, or worked, that does not remember all that happened.
    forgetful: bool,
    /// From then on nothing goes wrong.
    pub mended: Timestamp,
    pub violations: Vec<Violation>,
    pub duplicates: u64,
    pub after_stop: u64,
    pub backscatter: u64,
    pub touches: u64,
    pub notices: u64,
}

/// FNV-1a.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// An address as the same person may write it.
pub(super) fn loosely(address: &str) -> String {
    let address = address.to_lowercase();
    match address.split_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or(local)),
        None => address,
    }
}

impl Oracle {
    pub(super) fn new(plan: &Plan) -> Self {
        let by_address = plan.people.iter().enumerate();
        Self {
            people: plan.people.iter().map(|_| Truth::default()).collect(),
            by_address: by_address
                .map(|(index, person)| (loosely(person.who.address.as_str()), index))
                .collect(),
            reps: plan
                .reps
                .iter()
                .map(|rep| (rep.address.clone(), rep.zone.clone()))
                .collect(),
            letters: BTreeMap::new(),
            put_off: BTreeMap::new(),
            asked: BTreeMap::new(),
            resumed: BTreeSet::new(),
            told: BTreeMap::new(),
            unclear: BTreeMap::new(),
            on_time: plan.is_on_time(),
            forgetful: false,
            mended: Timestamp::MAX,
            violations: Vec::new(),
            duplicates: 0,
            after_stop: 0,
            backscatter: 0,
            touches: 0,
            notices: 0,
        }
    }

    /// The prospect with this address.
    pub(super) fn person(&self, address: &Address) -> Option<usize> {
        self.by_address.get(&loosely(address.as_str())).copied()
    }

    fn rep(&self, address: &Address) -> Option<usize> {
        self.reps.iter().position(|(known, _)| known.same_as(address))
    }

    /// Counts one more mail that reached a prospect.
    pub(super) fn read_by(&mut self, who: usize) -> usize {
        self.people.get_mut(who).map_or(0, |truth| {
            truth.read += 1;
            truth.read
        })
    }

    pub(super) fn violated(&mut self, property: &'static str, at: Timestamp, what: String) {
        // The first ones tell enough.
        if self.violations.len() < 20 {
            let at = at.to_string();
            self.violations.push(Violation { property, at, what });
        }
    }

    /// From now on a bot works that does not remember all that happened. It may tell reps again what they were told; what it
    /// sends to prospects is held against the whole truth all the same (P27).
    pub(super) fn forgets(&mut self) {
        self.forgetful = true;
        self.letters.retain(|_, sent| sent.is_touch);
        for asked in self.asked.values_mut() {
            asked.before |= !asked.by.is_empty();
            asked.by.clear();
        }
        self.told.clear();
        self.unclear.clear();
    }

    /// A mail lies in a folder of the bot.
    pub(super) fn visible(&mut self, says: &Says, now: Timestamp) {
        let who = match says {
            Says::Noise(who) | Says::Stop(who) | Says::Never(who) | Says::Away(who, _) => Some(*who),
            Says::Resumes { person, .. } => Some(*person),
            Says::Commands { person, .. } => *person,
            Says::Nothing | Says::Hands { .. } => None,
        };
        let mut nobody = Truth::default();
        let truth = match who {
            Some(who) => self.people.get_mut(who).unwrap_or(&mut nobody),
            None => &mut nobody,
        };
        truth.disturbed |= who.is_some();
        match says {
            Says::Nothing | Says::Noise(_) => {}
            Says::Stop(_) => truth.stops.push(now),
            Says::Never(_) => {
                truth.never.get_or_insert(now);
            }
            Says::Away(_, until) => truth.away = truth.away.or(Some((now, *until))),
            Says::Hands {
                rep,
                people,
                id,
                written,
            } => {
                if self.asked.contains_key(id) {
                    return;
                }
                // Two days old, in a folder that is read from its beginning, it is no wish of today any more (I-06).
                self.asked.entry(id.clone()).or_default().late = now.duration_since(*written) > OLD;
                for person in people {
                    if let Some(truth) = self.people.get_mut(*person) {
                        truth.handed.push((now, *rep, id.clone()));
                        truth.stops.clear();
                        truth.away = None;
                    }
                }
            }
            Says::Resumes { id, .. } => {
                // The same wish again is not another wish.
                if self.resumed.insert(id.clone()) {
                    truth.stops.clear();
                    truth.away = None;
                }
                self.asked.entry(id.clone()).or_default();
            }
            Says::Commands { id, nonsense, .. } => {
                self.asked.entry(id.clone()).or_default().nonsense = *nonsense;
            }
        }
    }

    /// The relay did not take a letter, and asked for it later or broke off.
    pub(super) fn put_off(&mut self, letter: &Letter, phase: Phase, now: Timestamp) {
        if phase == Phase::Auth || phase == Phase::Connect {
            return;
        }
        let (first, times) = self.put_off.entry(letter.id).or_insert((now, 0));
        *times += 1;
        if *times >= PUT_OFF.0
            && now.duration_since(*first) >= PUT_OFF.1
            && let Some(truth) = self.person(&letter.to).and_then(|who| self.people.get_mut(who))
        {
            truth.disturbed = true;
        }
    }

    /// The relay said a definite no before or after the content.
    pub(super) fn refused_by_relay(&mut self, letter: &Letter, phase: Phase) {
        if phase == Phase::Auth || phase == Phase::Connect {
            return;
        }
        if let Some(truth) = self.person(&letter.to).and_then(|who| self.people.get_mut(who)) {
            truth.disturbed = true;
            truth.refused = true;
        } else if let Some(asked) = self.asked.get_mut(&header(&letter.bytes, "In-Reply-To")) {
            asked.refused = true;
        }
    }

    /// The server took none of it after all.
    pub(super) fn refused(&mut self, letter: &Letter) {
        // Nobody has this text, so that a touch which a stop took back may be written anew when the rep resumes.
        if letter.touch.is_some() && self.letters.get(&letter.id).is_some_and(|sent| sent.taken == 0) {
            self.letters.remove(&letter.id);
        }
        if let Some(asked) = self.asked.get_mut(&header(&letter.bytes, "In-Reply-To")) {
            asked.begun = asked.begun.saturating_sub(1);
        }
        if let Some(truth) = self.person(&letter.to).and_then(|who| self.people.get_mut(who)) {
            let last = truth.left.iter().rposition(|(_, left)| *left == letter.id);
            last.map(|last| truth.left.remove(last));
        }
    }

    /// Content began to leave, `began` being when the bot said yes.
    pub(super) fn offered(&mut self, letter: &Letter, began: Timestamp) {
        let bytes = hash(&letter.bytes);
        let sent = self.letters.entry(letter.id).or_insert(Sent {
            bytes,
            taken: 0,
            is_touch: letter.touch.is_some(),
        });
        // A bot that forgot may write anew what nobody got.
        let may_differ = self.forgetful && (!sent.is_touch || sent.taken == 0);
        if sent.bytes != bytes && !may_differ {
            self.violated(
                "S-34",
                began,
                format!("{:?} letter {} changed between two tries", letter.class, letter.id),
            );
        }
        if let Some(who) = self.person(&letter.to) {
            self.reached_prospect(who, letter, began);
        }
    }

    /// The bot was let through with the answer to a rep's mail, which nobody may get now.
    pub(super) fn begun(&mut self, letter: &Letter) {
        if let Some(asked) = self.asked.get_mut(&header(&letter.bytes, "In-Reply-To")) {
            asked.begun += 1;
        }
    }

    fn reached_prospect(&mut self, who: usize, letter: &Letter, began: Timestamp) {
        let Some(truth) = self.people.get_mut(who) else { return };
        let stopped = truth.stops.iter().chain(&truth.never).copied().min();
        let late = |since: Timestamp| began > since + BARRIER;
        let property = if truth.never.is_some_and(late) { "P4" } else { "P3" };
        let after = stopped.filter(|since| late(*since));
        let away = truth.away.filter(|(since, until)| late(*since) && began < *until);
        truth.left.push((began, letter.id));
        if let Some(since) = after {
            self.after_stop += 1;
            self.violated(
                property,
                began,
                format!("prospect {who} got a touch and had said stop at {since}"),
            );
        }
        if let Some((since, until)) = away.filter(|_| self.on_time) {
            self.after_stop += 1;
            let what = format!("prospect {who} got a touch and had said at {since} that they are away until {until}");
            self.violated("P3", began, what);
        }
    }

    /// The relay has taken a letter, so it reaches somebody.
    pub(super) fn accepted(&mut self, letter: &Letter, now: Timestamp) {
        let taken = self.letters.get_mut(&letter.id).map_or(1, |sent| {
            sent.taken += 1;
            sent.taken
        });
        if let Some(who) = self.person(&letter.to) {
            self.touches += 1;
            self.prospect_got(who, letter, taken, now);
        } else if let Some(rep) = self.rep(&letter.to) {
            self.notices += 1;
            self.rep_got(rep, letter, now);
        } else {
            self.backscatter += 1;
            self.violated("P19", now, format!("a {:?} letter went to a stranger", letter.class));
        }
    }

    fn prospect_got(&mut self, who: usize, letter: &Letter, taken: usize, now: Timestamp) {
        let text = hash(plain_text(&letter.bytes));
        let rep = header(&letter.bytes, "From");
        let to = header(&letter.bytes, "To");
        let Some(truth) = self.people.get_mut(who) else { return };
        if truth.handed.is_empty() {
            self.backscatter += 1;
            self.violated(
                "P19",
                now,
                format!("prospect {who} got a touch and nobody had handed them over"),
            );
            return;
        }
        let again = !truth.texts.insert((text, truth.handed.len()));
        let by_own_rep = truth.handed.iter().any(|(_, index, _)| {
            let address = self.reps.get(*index).map(|(address, _)| address.as_str());
            address.is_some_and(|address| rep.contains(address))
        });
        if again || taken > 1 {
            self.duplicates += 1;
            self.violated("P1", now, format!("prospect {who} got letter {} twice", letter.id));
        }
        if !by_own_rep || !loosely(&to).contains(&loosely(letter.to.as_str())) {
            self.violated("P20", now, format!("letter {} has From {rep} and To {to}", letter.id));
        }
        if letter.class != LetterClass::Step {
            self.violated("P38", now, format!("prospect {who} got a {:?} letter", letter.class));
        }
        if let Some(twice) = twisted(&letter.bytes) {
            self.violated("P21", now, format!("letter {} has {twice}", letter.id));
        }
    }

    /// P18: a digest is never early. One that is made when the last morning was told already is.
    fn morning(&mut self, rep: usize, letter: &Letter, now: Timestamp) {
        let date = header(&letter.bytes, "Date");
        let Ok(made) = jiff::fmt::rfc2822::parse(&date).map(|date| date.timestamp()) else {
            return;
        };
        let Some((_, zone)) = self.reps.get(rep) else { return };
        let mut day = made.to_zoned(zone.clone()).date();
        for _ in 0..9 {
            let morning = day.at(8, 0, 0, 0).to_zoned(zone.clone()).map(|at| at.timestamp());
            let off = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            if let Some(morning) = morning.ok().filter(|at| !off && *at <= made) {
                let told = self.told.get(&rep).copied();
                // One that arrives late is older than what was told already.
                if told.is_none_or(|(_, before)| before < made) {
                    self.told.insert(rep, (letter.id, made));
                }
                let early = |(id, before)| id != letter.id && before >= morning && before < made;
                if told.is_some_and(early) && self.on_time {
                    self.violated(
                        "P18",
                        now,
                        format!("rep {rep} got a digest before its time, made at {made}"),
                    );
                }
                return;
            }
            day = day.yesterday().unwrap_or(day);
        }
    }

    fn rep_got(&mut self, rep: usize, letter: &Letter, now: Timestamp) {
        if letter.class == LetterClass::Digest && !self.forgetful {
            self.morning(rep, letter, now);
        }
        let answers = header(&letter.bytes, "In-Reply-To");
        if !matches!(letter.class, LetterClass::Receipt | LetterClass::Answer) {
            return;
        }
        let Some(asked) = self.asked.get_mut(&answers) else {
            return;
        };
        // The same letter once more is no other answer.
        if !asked.by.insert(letter.id) {
            return;
        }
        if asked.by.len() > 1 {
            self.violated(
                "P34",
                now,
                format!(
                    "rep {rep} was answered twice about one mail, the second time: {}",
                    header(&letter.bytes, "Subject")
                ),
            );
        } else if asked.nonsense {
            let told = self.unclear.entry(rep).or_default();
            let date = header(&letter.bytes, "Date");
            let date = jiff::fmt::rfc2822::parse(&date).map_or(now, |date| date.timestamp());
            told.push(date);
            let day = SignedDuration::from_hours(24);
            let in_day = told
                .iter()
                .filter(|before| date.duration_since(**before).abs() < day)
                .count();
            if in_day > ANSWERS && self.on_time {
                self.violated(
                    "P16",
                    now,
                    format!("rep {rep} got {in_day} answers in a day to what nobody understood"),
                );
            }
        }
    }

    /// Whether a hand-over or command was answered, or nobody can blame the bot: the relay refused the answer, or got it
    /// three times and never said so.
    pub(super) fn is_answered(&self, id: &str) -> bool {
        let answered =
            |asked: &Asked| asked.before || !asked.by.is_empty() || asked.refused || asked.late || asked.begun >= 3;
        self.asked.get(id).is_some_and(answered)
    }
}

/// The first plain text of a mail of ours.
fn plain_text(bytes: &[u8]) -> &[u8] {
    let find = |from: usize, what: &[u8]| {
        let rest = bytes.get(from..)?;
        rest.windows(what.len())
            .position(|window| window == what)
            .map(|at| from + at)
    };
    let start = find(0, b"text/plain")
        .and_then(|at| find(at, b"\r\n\r\n"))
        .map_or(0, |at| at + 4);
    let end = find(start, b"\r\n--=_").unwrap_or(bytes.len());
    bytes.get(start..end).unwrap_or(bytes)
}

/// What two servers could read in two ways.
fn twisted(bytes: &[u8]) -> Option<&'static str> {
    let mut before = 0;
    let mut length = 0;
    for byte in bytes {
        match (before, *byte) {
            (b'\r', b'\n') => length = 0,
            (_, b'\n') => return Some("a bare LF"),
            (b'\r', _) => return Some("a bare CR"),
            (_, 0) => return Some("a NUL"),
            _ => length += 1,
        }
        if length > 999 {
            return Some("a line over 998 octets");
        }
        before = *byte;
    }
    None
}
