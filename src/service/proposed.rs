//! `yes` and `no`: what a rep says about the people whom they were asked back about.

use super::answer::Desk;
use super::incoming::Incoming;
use super::orders::offer;
use crate::mail::command::alike;
use crate::model::{
    Address, CadenceName, Command, Enrollment, Origin, Proposal, ProposalState, Proposed, Refusal, Thread, Whom, Wish,
    limits,
};
use crate::store::{ProposalMove, StoreError};
use std::collections::BTreeMap;

impl Incoming<'_> {
    /// What the lines of a mail want.
    pub(super) fn wish_of_lines(&self, people: Vec<Proposed>) -> Wish {
        Wish {
            mail: self.mail.key.clone(),
            subject: self.mail.subject.clone(),
            thread: Thread {
                subject: String::new(),
                ids: Vec::new(),
            },
            sent: None,
            origin: Origin::List,
            colleagues: Vec::new(),
            people,
        }
    }
}

impl Desk<'_> {
    /// What the mail that is answered asks about, if it asks, and the rep may say.
    async fn asked_about(&self) -> Result<Option<Proposal>, StoreError> {
        let Some(letter) = self.token.and_then(|token| token.letter()) else {
            return Ok(None);
        };
        let found = self.incoming.bot.store.proposal(letter).await?;
        let (house, now) = (&self.incoming.bot.house, self.incoming.now);
        Ok(found.filter(|found| house.speaks_for(self.rep, &found.rep, now)))
    }

    /// Who was enrolled by what the mail that is answered asked about, and is under way; `None` when it asked about nobody.
    pub(super) async fn proposed_before(&self) -> Result<Option<Vec<Enrollment>>, StoreError> {
        let Some(proposal) = self.asked_about().await? else {
            return Ok(None);
        };
        let all = self.incoming.bot.store.enrollments(&proposal.enrolled).await?;
        Ok(Some(all.into_iter().filter(Enrollment::is_active).collect()))
    }

    /// All of them are enrolled. What becomes of them is told once it is done, which is at once for a few.
    pub(super) async fn yes(&mut self, command: &Command, cadence: Option<&str>) -> Result<(), StoreError> {
        let Some(mut proposal) = self.waiting(command).await? else {
            return Ok(());
        };
        let known = self.incoming.bot.cadence_names();
        if let Some(asked) = cadence {
            let Some(name) = CadenceName::parse(asked)
                .ok()
                .filter(|_| known.iter().any(|name| name == asked))
            else {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                let near = alike(asked, &names);
                let offers = near.iter().map(|name| offer(&format!("yes in {name}"), None)).collect();
                let why = format!(
                    "nobody is enrolled yet: there is no cadence \"{asked}\"; there is: {}",
                    known.join(", ")
                );
                self.refuse(command, &why, offers);
                return Ok(());
            };
            for one in &mut proposal.wish.people {
                one.cadence = Some(name.clone());
            }
        }
        if proposal.wish.lacks_cadence() {
            let offers = known
                .iter()
                .take(limits::OFFERS)
                .map(|name| offer(&format!("yes in {name}"), None))
                .collect();
            let why = format!(
                "nobody is enrolled yet: say in which cadence, such as `yes in {}`",
                known.join("`, `yes in ")
            );
            self.refuse(command, &why, offers);
            return Ok(());
        }
        // It was fresh when it was asked about, and a rep may take a few days to answer.
        proposal.wish.sent = None;
        let many = proposal.wish.people.len();
        if many > limits::LIST_LONG {
            let answer =
                format!("{many} people are being enrolled now; who and who not comes in a mail of its own in a moment");
            self.tell(command, answer, Vec::new());
        }
        self.batch.ruled.push(ProposalMove {
            letter: proposal.letter,
            from: ProposalState::Asked,
            to: ProposalState::Confirmed,
            wish: proposal.wish,
            enrolled: Vec::new(),
        });
        Ok(())
    }

    /// What was missing of those who were refused for want of words: they are enrolled with it. `false`: nobody waits for
    /// words here, and the line is about somebody who is enrolled.
    pub(super) async fn fill_proposed(
        &mut self,
        command: &Command,
        whom: &Whom,
        fields: &BTreeMap<String, String>,
    ) -> Result<bool, StoreError> {
        let bot = self.incoming.bot;
        let Some(rep) = bot.house.rep(self.rep) else {
            return Ok(false);
        };
        let asked = self.asked_about().await?;
        let Some(asked) = asked.filter(|asked| asked.state != ProposalState::Done) else {
            return Ok(false);
        };
        // Several lines of one mail tell of the same people.
        let before = self.batch.ruled.iter().position(|moved| moved.letter == asked.letter);
        let before = before.map(|at| self.batch.ruled.remove(at));
        let Some(mut proposal) = self.waiting(command).await? else {
            self.batch.ruled.extend(before);
            return Ok(true);
        };
        let before_again = before.clone();
        if let Some(before) = before {
            proposal.wish = before.wish;
            // This line may say what the one before it left open.
            self.lines.retain(|line| !line.answer.starts_with(NOT_YET));
        }
        let meant = |address: &Address| match whom {
            Whom::Address(who) => who.loose() == address.loose(),
            Whom::This | Whom::All | Whom::Number(_) | Whom::Company(_) => true,
        };
        let mut filled = 0;
        for one in proposal
            .wish
            .people
            .iter_mut()
            .filter(|one| meant(&one.prospect.address))
        {
            one.prospect.learn(fields);
            filled += 1;
        }
        if filled == 0 {
            self.batch.ruled.extend(before_again);
            return Ok(false);
        }
        // It was fresh when it was refused, and a rep may take a few days to answer.
        proposal.wish.sent = None;
        let (judged, _) = bot.judge(rep, &proposal.wish, self.incoming.now).await?;
        let lacks = judged.iter().find_map(|one| match one.verdict.as_ref()? {
            Err(Refusal::MissingWords(words)) => Some((one.proposed.prospect.address.clone(), words.clone())),
            _ => None,
        });
        drop(judged);
        let to = if lacks.is_some() {
            ProposalState::Asked
        } else {
            ProposalState::Confirmed
        };
        if let Some((who, words)) = lacks {
            let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
            let why = format!(
                "{NOT_YET}: of {who} nobody knows {}. Answer with that too",
                words.join(", ")
            );
            self.refuse(command, &why, Vec::new());
        }
        self.batch.ruled.push(ProposalMove {
            letter: proposal.letter,
            from: ProposalState::Asked,
            to,
            wish: proposal.wish,
            enrolled: Vec::new(),
        });
        Ok(true)
    }

    /// None of them is.
    pub(super) async fn no(&mut self, command: &Command) -> Result<(), StoreError> {
        let Some(proposal) = self.waiting(command).await? else {
            return Ok(());
        };
        self.batch.ruled.push(ProposalMove {
            letter: proposal.letter,
            from: ProposalState::Asked,
            to: ProposalState::Dropped,
            wish: proposal.wish.without_people(),
            enrolled: Vec::new(),
        });
        let answer = "nobody of them is enrolled, and they are forgotten. To begin anew, send the mail once more";
        self.tell(command, answer.to_owned(), Vec::new());
        Ok(())
    }

    /// What waits for this rep's word; when nothing does, the answer says so.
    async fn waiting(&mut self, command: &Command) -> Result<Option<Proposal>, StoreError> {
        let Some(proposal) = self.asked_about().await? else {
            let why =
                "nothing changed: I asked nothing here. `yes` and `no` answer a question of mine about several people";
            self.refuse(command, why, Vec::new());
            return Ok(None);
        };
        let twice = self.batch.ruled.iter().any(|moved| moved.letter == proposal.letter);
        let many = proposal.enrolled.len();
        match proposal.state {
            ProposalState::Asked if proposal.expires < self.incoming.now => {}
            ProposalState::Asked if twice => {
                self.tell(
                    command,
                    "nothing changed: a line above says so already".to_owned(),
                    Vec::new(),
                );
                return Ok(None);
            }
            ProposalState::Asked => return Ok(Some(proposal)),
            ProposalState::Confirmed => {
                self.tell(
                    command,
                    "nothing changed: they are being enrolled".to_owned(),
                    Vec::new(),
                );
                return Ok(None);
            }
            ProposalState::Done => {
                let answer = format!("nothing changed: that is done, {many} were enrolled. To undo: `stop`");
                self.tell(command, answer, vec![offer("stop yes", None)]);
                return Ok(None);
            }
            ProposalState::Dropped => {
                let why = "nothing changed: you said no to this. To begin anew, send the mail once more";
                self.refuse(command, why, Vec::new());
                return Ok(None);
            }
            ProposalState::Expired => {}
        }
        let why =
            "nothing changed: I asked too long ago, and they are forgotten. To begin anew, send the mail once more";
        self.refuse(command, why, Vec::new());
        Ok(None)
    }

    /// Asks back about those whom the lines of this mail want enrolled.
    pub(super) async fn ask_back(&mut self) -> Result<(), StoreError> {
        if self.proposed.is_empty() {
            return Ok(());
        }
        let Some(rep) = self.incoming.bot.house.rep(self.rep) else {
            return Ok(());
        };
        let wish = self.incoming.wish_of_lines(std::mem::take(&mut self.proposed));
        let batch = self
            .incoming
            .asked_back(rep, wish, &[], Vec::new(), (QUESTION, std::mem::take(&mut self.lines)))
            .await?;
        self.batch.letters.extend(batch.letters);
        self.batch.proposals.extend(batch.proposals);
        Ok(())
    }
}

/// How an answer begins that asks for more words.
const NOT_YET: &str = "noted, and nobody is enrolled yet";

/// Which of the letters that a mail with commands causes the question is, behind its answers.
const QUESTION: usize = 800;
