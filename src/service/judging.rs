//! Many people at once: who of them may be enrolled, and who not, and why.

use super::Bot;
use crate::model::{Cadence, ContentKey, EnrolledLine, Origin, Proposed, Refusal, Rep, StepNo, Thread, Wish};
use crate::report::csv_field;
use crate::rules::enroll::{Handed, refuse_all};
use crate::store::{Begin, StoreError};
use jiff::Timestamp;

/// What becomes, or would become, of one of them.
pub(super) struct Judged<'w> {
    pub proposed: &'w Proposed,
    /// Enrolled, as a receipt tells it; or why not. `None`: in which cadence has yet to be said.
    pub verdict: Option<Result<EnrolledLine, Refusal>>,
}

impl Judged<'_> {
    /// Whether they are, or would be, enrolled.
    pub fn is_fine(&self) -> bool {
        self.verdict.as_ref().is_none_or(Result::is_ok)
    }

    /// When their first touch is.
    pub fn first_touch(&self) -> Option<Timestamp> {
        let line = self.verdict.as_ref()?.as_ref().ok()?;
        line.plan.first().map(|planned| planned.slot.at)
    }
}

impl Origin {
    /// Whether a mail stands for touch 1 of this cadence.
    fn adopts(self, cadence: &Cadence) -> bool {
        match self {
            Self::OwnMail => true,
            Self::Theirs => cadence.kind != super::enrolling::ANSWERS,
            Self::List => false,
        }
    }
}

impl Bot {
    /// Judges all of them, each as if those before were enrolled.
    pub(super) async fn judge<'w>(
        &self,
        rep: &Rep,
        wish: &'w Wish,
        now: Timestamp,
    ) -> Result<(Vec<Judged<'w>>, Vec<Begin>), StoreError> {
        let mut judged = Vec::with_capacity(wish.people.len());
        let mut lines: Vec<EnrolledLine> = Vec::new();
        let mut begin = Vec::new();
        for proposed in &wish.people {
            let verdict = match &proposed.cadence {
                None => None,
                Some(name) => match self.house.library.cadence(name) {
                    None => Some(Err(Refusal::UnknownCadence {
                        asked: name.to_string(),
                        known: self.cadence_names(),
                    })),
                    Some(cadence) => Some(self.judge_one(rep, wish, proposed, cadence, &lines, now).await?),
                },
            };
            let verdict = match verdict {
                None => None,
                Some(Err(refusal)) => Some(Err(refusal)),
                Some(Ok((line, new))) => {
                    lines.push(line.clone());
                    begin.push(new);
                    Some(Ok(line))
                }
            };
            judged.push(Judged { proposed, verdict });
        }
        Ok((judged, begin))
    }

    pub(super) fn cadence_names(&self) -> Vec<String> {
        let library = &self.house.library;
        library.cadences().map(|cadence| cadence.name.to_string()).collect()
    }

    async fn judge_one(
        &self,
        rep: &Rep,
        wish: &Wish,
        proposed: &Proposed,
        cadence: &Cadence,
        before: &[EnrolledLine],
        now: Timestamp,
    ) -> Result<Result<(EnrolledLine, Begin), Refusal>, StoreError> {
        let adopts = wish.origin.adopts(cadence);
        if wish.origin == Origin::OwnMail
            && let Some(refusal) = refuse_all(1, wish.sent, now)
        {
            return Ok(Err(refusal));
        }
        let handed = Handed {
            rep,
            mail: &self.mail_of(wish, proposed),
            thread: match wish.origin {
                Origin::OwnMail | Origin::Theirs => wish.thread.clone(),
                Origin::List => Thread {
                    subject: String::new(),
                    ids: Vec::new(),
                },
            },
            sent: wish.sent,
            adopts,
            start: proposed.start,
        };
        let first = if adopts { StepNo::FIRST.next() } else { StepNo::FIRST };
        let prospect = proposed.prospect.clone();
        let found = self
            .find(prospect, rep, cadence, first, &handed.thread.subject, now)
            .await?;
        let found = found.beside(before);
        let enrolled = match found.enroll(&handed, cadence, &self.house.hours, now) {
            Ok(enrolled) => enrolled,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let line = self.enrolled_line(rep, cadence, &enrolled, found.notes(), now);
        let theirs = &enrolled.enrollment.prospect.address;
        let colleagues = wish.colleagues.iter().filter(|other| !other.same_as(theirs));
        let new = Begin {
            id: enrolled.id,
            facts: enrolled.facts,
            colleagues: colleagues.cloned().collect(),
        };
        Ok(Ok((line, new)))
    }

    /// Under which key somebody is enrolled: of several lines each is a hand-over of its own.
    fn mail_of(&self, wish: &Wish, proposed: &Proposed) -> ContentKey {
        match wish.origin {
            Origin::OwnMail | Origin::Theirs => wish.mail.clone(),
            Origin::List => super::enrolling_line::key_of(&wish.mail, &proposed.prospect.address),
        }
    }
}

/// The list as it came, with what becomes of each line: for a spreadsheet. `unread` are lines that name nobody.
pub(super) fn table(judged: &[Judged<'_>], unread: &[(usize, String)], rep: &Rep, done: bool) -> String {
    let mut rows: Vec<(usize, [String; 6])> = Vec::new();
    for (nth, one) in judged.iter().enumerate() {
        let (is, why) = match &one.verdict {
            None => ("to be said", "in which cadence"),
            Some(Ok(_)) if done => ("enrolled", ""),
            Some(Ok(_)) => ("would be enrolled", ""),
            Some(Err(refusal)) => ("not enrolled", refusal.word()),
        };
        let prospect = &one.proposed.prospect;
        let touch = one.first_touch().map(|at| at.to_zoned(rep.zone.clone()));
        let touch = touch.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        let cadence = one.proposed.cadence.as_ref().map(ToString::to_string);
        rows.push((
            one.proposed.line.unwrap_or(nth + 1),
            [
                prospect.address.to_string(),
                prospect.name.clone().unwrap_or_default(),
                cadence.unwrap_or_default(),
                is.to_owned(),
                why.to_owned(),
                touch.unwrap_or_default(),
            ],
        ));
    }
    for (line, why) in unread {
        let [nobody, name, cadence, touch] = [const { String::new() }; 4];
        rows.push((
            *line,
            [nobody, name, cadence, "not enrolled".to_owned(), why.clone(), touch],
        ));
    }
    rows.sort_by_key(|(line, _)| *line);
    let mut text = "line,email,name,cadence,result,why,first touch (your time)\r\n".to_owned();
    for (line, cells) in rows {
        let cells: Vec<String> = cells.iter().map(|cell| csv_field(cell)).collect();
        text += &format!("{line},{}\r\n", cells.join(","));
    }
    text
}
