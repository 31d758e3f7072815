//! Calendar mails: invitations, answers to them, changes. The only door to calcard.
//!
//! A calendar part counts when it says itself what it does (METHOD) and the mail's `method` says the same (RFC 6047
//! 2.4), else it is only a reply; a file without METHOD is an attachment like any other. Who answers is the one guest of a REPLY or COUNTER; all
//! others name everybody. Nothing is ever answered to a calendar mail.
//!
//! Standards: RFC 5545, RFC 5546, RFC 6047. Signs: tech §3.6. Corpus: tests/corpus/calendar, tests/corpus/not_calendar.
//! Limits: the first calendar part that counts, 128 KiB, 20 guests. Known gaps: TNEF (winmail.dat) is known only by the
//! header and the subject that Outlook writes; floating times have no start.

use super::{Evidence, Kind, Reading};
use crate::mail::phrases::meeting::{ANSWER_SUBJECTS, BOOKED_SUBJECTS, CANCEL_SUBJECTS, INVITEE};
use crate::mail::quote::fold;
use crate::mail::read::{Part, addresses};
use crate::model::{Address, CalendarAnswer, CalendarMethod, Meeting, Purpose, Signal, Tag, limits};
use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName, ICalendarProperty,
};
use calcard::{Entry, Parser, common::timezone::Tz};
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if is_for_the_bot(evidence) {
        return None;
    }
    let part = evidence
        .mail
        .parts
        .iter()
        .find_map(|part| Some((of_part(part)?, agrees(part))));
    let (meeting, agrees, because) = match part {
        Some((meeting, true)) => {
            let because = format!("calendar part, method {}", meeting.method.code());
            (meeting, true, because)
        }
        Some((meeting, false)) => (
            meeting,
            false,
            "a calendar part that says another method than the mail".to_owned(),
        ),
        None => (notice(evidence)?, true, "a calendar program's notice".to_owned()),
    };
    let mut reading = evidence.reading(Kind::Calendar(Box::new(meeting.clone())), because);
    for person in meeting.guests.iter().chain(&meeting.organizer) {
        let own = evidence.own.bot.read(person).is_some()
            || evidence.own.reps.iter().any(|rep| rep.address.same_as(person))
            || reading.people.iter().any(|known| known.same_as(person));
        if !own {
            reading.people.push(person.clone());
        }
    }
    reading.token = evidence.token(Purpose::Reply).or(reading.token);
    reading.signal = Some(if agrees {
        Signal::Calendar(Box::new(meeting))
    } else {
        // Not to be acted on as a meeting (RFC 6047 2.4); somebody wrote all the same.
        let from = evidence.mail.from.first().map(|from| from.address.clone());
        Signal::Reply {
            from,
            maybe: true,
            intent: None,
        }
    });
    Some(reading)
}

/// A rep may hand over an invitation, or answer the bot with one: that is read as what it was sent for.
fn is_for_the_bot(evidence: &Evidence<'_>) -> bool {
    let meant = |tag: &Tag| match tag {
        Tag::Enroll { code, .. } => code.is_some(),
        Tag::Token(token) => matches!(token.purpose, Purpose::Command | Purpose::Digest),
        Tag::Bare | Tag::Unknown => false,
    };
    evidence.claims_rep() && evidence.tags.iter().any(meant)
}

fn of_part(part: &Part) -> Option<Meeting> {
    if !matches!(part.content_type.as_str(), "text/calendar" | "application/ics") {
        return None;
    }
    let end = part.text.floor_char_boundary(limits::CALENDAR.min(part.text.len()));
    of_text(part.text.get(..end)?)
}

/// Whether the mail's `method` is that of the calendar; a file that comes without one is believed.
fn agrees(part: &Part) -> bool {
    let stated = part.parameters.iter().find(|(name, _)| name == "method");
    let inside = of_part(part).map(|meeting| meeting.method);
    stated.is_none_or(|(_, word)| {
        CalendarMethod::of(word) == inside
            || inside == Some(CalendarMethod::Cancel) && word.eq_ignore_ascii_case("REQUEST")
    })
}

/// Reads a calendar object.
fn of_text(text: &str) -> Option<Meeting> {
    let Entry::ICalendar(calendar) = Parser::new(text).entry() else {
        return None;
    };
    let method = calendar
        .components
        .first()
        .and_then(|object| object.property(&ICalendarProperty::Method))
        .and_then(text_of)
        .and_then(CalendarMethod::of)?;
    let items: Vec<&ICalendarComponent> = calendar.components.iter().filter(|it| is_item(it)).collect();
    let first = items.first()?;
    let method = if is_called_off(method, &items) {
        CalendarMethod::Cancel
    } else {
        method
    };
    let answers = matches!(method, CalendarMethod::Reply | CalendarMethod::Counter);
    let guests = guests(&items);
    let answering = guests.iter().find_map(|(_, answer)| *answer).filter(|_| answers);
    let property = |name: &ICalendarProperty| first.property(name);
    Some(Meeting {
        method,
        answer: answering,
        organizer: property(&ICalendarProperty::Organizer).and_then(address),
        guests: guests
            .into_iter()
            .map(|(guest, _)| guest)
            .take(if answers { 1 } else { limits::GUESTS })
            .collect(),
        uid: first.uid().unwrap_or_default().chars().take(limits::EXCERPT).collect(),
        sequence: property(&ICalendarProperty::Sequence).and_then(number).unwrap_or(0),
        stamped: property(&ICalendarProperty::Dtstamp).and_then(moment),
        start: property(&ICalendarProperty::Dtstart).and_then(moment),
    })
}

fn is_item(component: &ICalendarComponent) -> bool {
    matches!(
        component.component_type,
        ICalendarComponentType::VEvent | ICalendarComponentType::VTodo | ICalendarComponentType::VFreebusy
    )
}

/// Some calendars call off with a REQUEST whose every date says `STATUS:CANCELLED`.
fn is_called_off(method: CalendarMethod, items: &[&ICalendarComponent]) -> bool {
    let cancelled = |item: &&ICalendarComponent| {
        let status = item.property(&ICalendarProperty::Status).and_then(text_of);
        status.is_some_and(|word| word.eq_ignore_ascii_case("CANCELLED"))
    };
    method == CalendarMethod::Request && items.iter().all(cancelled)
}

/// The guests of all dates, no doubles, with what each says.
fn guests(items: &[&ICalendarComponent]) -> Vec<(Address, Option<CalendarAnswer>)> {
    let mut found: Vec<(Address, Option<CalendarAnswer>)> = Vec::new();
    let entries = items
        .iter()
        .flat_map(|item| item.properties(&ICalendarProperty::Attendee));
    for entry in entries.take(limits::GUESTS * 4) {
        let answer = entry
            .parameter(&ICalendarParameterName::Partstat)
            .and_then(|value| value.as_text())
            .and_then(CalendarAnswer::of);
        if let Some(guest) = address(entry)
            && found.len() < limits::GUESTS
            && !found.iter().any(|(known, _)| known.same_as(&guest))
        {
            found.push((guest, answer));
        }
    }
    found
}

/// The address of a guest or organizer; where the calendar gives no mail address (Exchange's `invalid:nomail`, a path),
/// its EMAIL parameter may.
fn address(entry: &ICalendarEntry) -> Option<Address> {
    let said = entry
        .calendar_address()
        .and_then(|text| Address::parse(text.trim()).ok());
    let email = || {
        let other = entry
            .params
            .iter()
            .find(|it| it.name.as_str().eq_ignore_ascii_case("EMAIL"))?;
        Address::parse(other.value.as_text()?.trim()).ok()
    };
    said.or_else(email)
}

fn text_of(entry: &ICalendarEntry) -> Option<&str> {
    entry.values.first().and_then(|value| value.as_text())
}

fn number(entry: &ICalendarEntry) -> Option<u32> {
    entry
        .values
        .first()?
        .as_integer()
        .and_then(|number| u32::try_from(number).ok())
}

/// The moment of a date with time. A named zone is looked up, the Windows names that Outlook writes too; without a known
/// zone there is none.
fn moment(entry: &ICalendarEntry) -> Option<Timestamp> {
    let when = entry.values.first()?.as_partial_date_time()?;
    let small = |number: Option<u8>| number.and_then(|number| i8::try_from(number).ok());
    let clock = DateTime::new(
        i16::try_from(when.year?).ok()?,
        small(when.month)?,
        small(when.day)?,
        small(when.hour)?,
        small(when.minute)?,
        small(when.second).unwrap_or(0).min(59),
        0,
    )
    .ok()?;
    let zone = match entry
        .parameter(&ICalendarParameterName::Tzid)
        .and_then(|value| value.as_text())
    {
        _ if when.tz_hour == Some(0) && when.tz_minute.unwrap_or(0) == 0 => TimeZone::UTC,
        Some(name) => zone(name)?,
        None => return None,
    };
    zone.to_timestamp(clock).ok()
}

fn zone(name: &str) -> Option<TimeZone> {
    let name = name.trim_matches('"');
    TimeZone::get(name).ok().or_else(|| {
        let known: Tz = name.parse().ok()?;
        TimeZone::get(&known.name()?).ok()
    })
}

/// A notice without a calendar part: Outlook's winmail.dat, and what Google writes for people. Only with the program's
/// own mark; a subject alone is anybody's.
fn notice(evidence: &Evidence<'_>) -> Option<Meeting> {
    if let Some(meeting) = booking(evidence) {
        return Some(meeting);
    }
    let content_class = evidence.word("Content-Class");
    let google = |person: &Address| person.as_str().eq_ignore_ascii_case("calendar-notification@google.com");
    let marked = content_class.as_deref() == Some("urn:content-classes:calendarmessage")
        || evidence.mail.from.iter().any(|from| google(&from.address))
        || evidence
            .mail
            .header("Sender")
            .any(|value| addresses(value).iter().any(|it| google(&it.address)));
    if !marked {
        return None;
    }
    let subject = fold(&evidence.mail.subject);
    let said = |start: &&str| {
        let rest = subject.strip_prefix(*start);
        rest.is_some_and(|rest| rest.trim_start().starts_with([':', '：']))
    };
    let answer = ANSWER_SUBJECTS
        .iter()
        .find(|(_, starts)| starts.iter().any(said))
        .and_then(|(code, _)| CalendarAnswer::of(code));
    let method = match answer {
        Some(_) => CalendarMethod::Reply,
        None if CANCEL_SUBJECTS.iter().any(said) => CalendarMethod::Cancel,
        None => CalendarMethod::Request,
    };
    Some(Meeting {
        method,
        answer,
        organizer: None,
        guests: evidence
            .mail
            .from
            .iter()
            .map(|from| from.address.clone())
            .filter(|it| !google(it))
            .take(1)
            .collect(),
        uid: String::new(),
        sequence: 0,
        stamped: evidence.mail.date,
        start: None,
    })
}

/// What Calendly tells the host: who booked stands in the text, and the event has an id of its own in a field.
fn booking(evidence: &Evidence<'_>) -> Option<Meeting> {
    let mail = evidence.mail;
    let from_them = mail.from.iter().any(|from| {
        let domain = from.address.domain();
        domain == "calendly.com" || domain.ends_with(".calendly.com")
    });
    let event = mail.header("X-Calendly-Sender-Event-ID").next();
    if !from_them && event.is_none() {
        return None;
    }
    let subject = fold(&mail.subject);
    let says = |words: &[&str]| {
        let rest = words.iter().find_map(|word| subject.strip_prefix(word));
        rest.is_some_and(|rest| rest.trim_start().starts_with([':', '：']))
    };
    let method = match (says(BOOKED_SUBJECTS), says(CANCEL_SUBJECTS)) {
        (true, _) => CalendarMethod::Request,
        (false, true) => CalendarMethod::Cancel,
        (false, false) => return None,
    };
    let guest = invitee(&mail.text)?;
    let house = |person: &&crate::model::Correspondent| {
        evidence.own.reps.iter().any(|rep| rep.address.same_as(&person.address))
    };
    // The same event in another mail has the same guest and type; without its id both stand for it.
    let title = subject.split_once([':', '：']).map_or("", |(_, title)| title.trim());
    let uid = event.map_or_else(
        || format!("calendly {} {title}", guest.as_str()),
        |id| format!("calendly {id}"),
    );
    Some(Meeting {
        method,
        answer: None,
        organizer: mail.to.iter().find(house).map(|rep| rep.address.clone()),
        guests: vec![guest],
        uid: super::excerpt(&uid),
        sequence: 0,
        stamped: mail.date,
        start: None,
    })
}

/// The address behind, or on the line under, `Invitee Email:`.
fn invitee(text: &str) -> Option<Address> {
    let end = text.floor_char_boundary(limits::TEXT_SEARCHED.min(text.len()));
    let mut lines = text.get(..end)?.lines();
    while let Some(line) = lines.next() {
        let folded = fold(line);
        let label = folded.trim_matches(['*', '_', ' ']);
        let Some(rest) = INVITEE.iter().find_map(|words| label.strip_prefix(words)) else {
            continue;
        };
        let below = lines.by_ref().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let mut words = rest.split_whitespace().chain(below.split_whitespace());
        return words.find_map(|word| Address::parse(word.trim_matches(|c: char| !c.is_alphanumeric())).ok());
    }
    None
}
