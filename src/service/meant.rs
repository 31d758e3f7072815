//! Whom a command is about: by the mail that it answers, a number of the digest, an address, a company, or `all`.

use super::answer::Desk;
use super::orders::offer;
use crate::mail::command::alike;
use crate::model::{Asked, Channel, Command, Enrollment, EnrollmentId, Offer, Task, TaskOutcome, Whom};
use crate::store::StoreError;

/// Whom a command is about.
pub(super) enum Meant {
    /// One enrollment, and the task that is meant.
    One(Box<Enrollment>, Option<Task>),
    /// Several, for an order.
    Many(Vec<Enrollment>),
    /// Nobody: why, and what may have been meant.
    Nobody(String, Vec<Offer>),
}

impl Desk<'_> {
    /// Whom a command is about.
    pub(super) async fn meant(&self, command: &Command, whom: &Whom) -> Result<Meant, StoreError> {
        let nobody = |why: &str| Ok(Meant::Nobody(why.to_owned(), Vec::new()));
        match whom {
            Whom::This => {
                let Some(id) = self.token.and_then(|token| token.enrollment()) else {
                    if let Some(all) = self.proposed_before().await? {
                        return Ok(Meant::Many(all));
                    }
                    return nobody(if self.token.is_some() {
                        "say which one: begin the line with its number, such as `1 connected`"
                    } else {
                        "say whom, such as `stop jane@acme.com`, or reply to the mail about them, so that it is clear whom \
                         this is about"
                    });
                };
                let is_word = matches!(
                    command.asked,
                    Asked::Send { .. } | Asked::Hold { .. } | Asked::Edit { .. }
                );
                let task = if is_word {
                    self.bot().draft_task(id).await?
                } else {
                    let tasks = self.bot().store.tasks_of(id).await?;
                    // Of what is taken back, the last that was logged.
                    let is_undo = matches!(command.asked, Asked::Undo { .. });
                    let is_meant = |task: &Task| match task.closed {
                        None => !is_undo,
                        Some((_, outcome)) => is_undo && outcome != TaskOutcome::Dropped,
                    };
                    let by_hand = |task: &Task| is_meant(task) && task.channel != Channel::Email;
                    tasks.into_iter().rev().find(by_hand)
                };
                let enrollment = self.bot().store.enrollment(id).await?;
                let Some(enrollment) = enrollment.filter(|found| self.is_theirs(found)) else {
                    return nobody("nothing changed: this is about a prospect of somebody else");
                };
                // An order in answer to a mail about somebody is about them, not about one task.
                let task = task.filter(|_| is_word || matches!(command.asked, Asked::Log { .. } | Asked::Undo { .. }));
                Ok(Meant::One(Box::new(enrollment), task))
            }
            Whom::Number(number) => {
                let Some(digest) = self.token.and_then(|token| token.letter()) else {
                    return nobody("numbers are those of a digest: reply to the digest itself");
                };
                let Some(task) = self.bot().store.digest_item(digest, *number).await? else {
                    let mail = self.bot().store.digest_mail(digest, *number).await?;
                    if let Some(mail) = mail {
                        return self.meant_by_mail(command, mail).await;
                    }
                    return nobody(&format!("there is no number {number} in that digest"));
                };
                let enrollment = self.bot().store.enrollment(task.enrollment).await?;
                match enrollment.filter(|found| self.is_theirs(found)) {
                    Some(enrollment) => Ok(Meant::One(Box::new(enrollment), Some(task))),
                    None => nobody("nothing changed: this is about a prospect of somebody else"),
                }
            }
            Whom::Address(address) => {
                let found = self.bot().store.of_person(&address.loose()).await?;
                let mut theirs: Vec<Enrollment> = found.into_iter().filter(|found| self.is_theirs(found)).collect();
                theirs.sort_by_key(|enrollment| !enrollment.is_active());
                match theirs.into_iter().next() {
                    Some(enrollment) => Ok(Meant::One(Box::new(enrollment), None)),
                    None => self.nobody_like(command, address.as_str()).await,
                }
            }
            Whom::Company(name) => {
                let all = self.active().await?;
                let found: Vec<Enrollment> = all.into_iter().filter(|one| is_of(one, name)).collect();
                if found.is_empty() {
                    return self.nobody_like(command, name).await;
                }
                Ok(Meant::Many(found))
            }
            Whom::All => Ok(Meant::Many(self.active().await?)),
        }
    }

    /// A number of a mail that goes out: it is held, edited, stopped, asked about, and not logged.
    async fn meant_by_mail(&self, command: &Command, mail: EnrollmentId) -> Result<Meant, StoreError> {
        let nobody = |why: &str| Ok(Meant::Nobody(why.to_owned(), Vec::new()));
        if matches!(command.asked, Asked::Log { .. } | Asked::Undo { .. }) {
            return nobody(
                "nothing changed: this number is a mail, which goes out by itself; say `hold`, `edit` or `stop` with it",
            );
        }
        match self
            .bot()
            .store
            .enrollment(mail)
            .await?
            .filter(|found| self.is_theirs(found))
        {
            Some(enrollment) => {
                let is_word = matches!(
                    command.asked,
                    Asked::Send { .. } | Asked::Hold { .. } | Asked::Edit { .. }
                );
                let task = if is_word {
                    self.bot().draft_task(mail).await?
                } else {
                    None
                };
                Ok(Meant::One(Box::new(enrollment), task))
            }
            None => nobody("nothing changed: this is about a prospect of somebody else"),
        }
    }

    /// Nobody of the rep's is called so; who is called like it.
    async fn nobody_like(&self, command: &Command, heard: &str) -> Result<Meant, StoreError> {
        let all = self.active().await?;
        let names: Vec<&str> = all.iter().map(|one| one.prospect.address.as_str()).collect();
        let verb = command.said.split_whitespace().next().unwrap_or_default();
        let tail = command.said.rsplit_once(heard).map_or("", |(_, tail)| tail);
        let offers = alike(heard, &names)
            .into_iter()
            .map(|name| offer(&format!("{verb} {name}{tail}"), None));
        let why = format!("nothing changed: nobody of yours who is under way is called \"{heard}\"");
        Ok(Meant::Nobody(why, offers.collect()))
    }
}

/// Whether somebody works at a company, by its name as known or by the name in their domain.
fn is_of(enrollment: &Enrollment, company: &str) -> bool {
    let wanted = plain(company);
    let prospect = &enrollment.prospect;
    let known = prospect
        .fields
        .get("company")
        .is_some_and(|known| plain(known) == wanted);
    let domain = prospect.address.domain();
    let label = domain.rsplit('.').nth(1).unwrap_or(domain);
    known || plain(label) == wanted || domain == company.to_lowercase()
}

/// Letters and digits in lower case: `Acme, Inc.` is not `acme`, and `ACME` is.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
