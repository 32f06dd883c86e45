//! What a line says, checked against the rules of every ticket and against this desk.
//!
//! Invariant: what is ready can be written, and every fault of a line is told.

use api_types::{
    comments::{AuthorKind, CommentId},
    departments::DepartmentId,
    error::FieldError,
    exports::{AuthorLine, CommentLine, DepartmentLine, PersonLine, TicketLine},
    fields::{Answers, Field},
    people::Locale,
    tickets::{Priority, Stage, TicketId},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::{
    settings::InForce,
    sla::{Ledger, Policy},
};

/// Clocks differ.
const LEEWAY: SignedDuration = SignedDuration::from_hours(24);

/// A ticket to write.
pub struct Ready {
    /// What finds it again.
    pub key: Vec<u8>,
    /// What it would be if this desk has exported it.
    pub here: Option<TicketId>,
    pub id: TicketId,
    pub title: String,
    pub creator: Person,
    pub assignee: Option<String>,
    pub stage: Stage,
    pub priority: Priority,
    pub department: Option<DepartmentId>,
    pub custom_fields: Answers,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub first_reply_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub hold: Option<(String, Option<Timestamp>)>,
    pub person_wanted: bool,
    /// What the ticket that it goes on from would be, here and elsewhere.
    pub follows: Option<(TicketId, Vec<u8>)>,
    pub comments: Vec<Comment>,
}

/// Somebody to find, or to add.
#[derive(Clone)]
pub struct Person {
    pub email: String,
    pub name: String,
    pub locale: Locale,
    /// They wrote in the team's name.
    pub is_team: bool,
}

/// A comment to write.
pub struct Comment {
    pub id: CommentId,
    /// What it would be if this desk has exported it.
    pub here: Option<CommentId>,
    pub line: CommentLine,
    /// Nobody has written what the assistant wrote.
    pub author: Option<Person>,
    pub kind: AuthorKind,
}

/// What tells a ticket from every other.
pub fn key(name: &str) -> Vec<u8> {
    Sha256::digest(name).to_vec()
}

pub fn check(in_force: &InForce, now: Timestamp, line: TicketLine) -> Result<Ready, Vec<String>> {
    let mut faults = Vec::new();
    faults.extend(FieldError::all_of(&line).into_iter().map(|FieldError { pointer, message, .. }| {
        format!("{}: {message}", pointer.trim_start_matches('/').replace('/', "."))
    }));
    let mut fault = |what: &str| faults.push(what.to_owned());
    let name = line.external_id.clone().or_else(|| line.id.map(|id| id.to_string()));
    if name.is_none() {
        fault("external_id: needed, or id");
    }
    let name = name.unwrap_or_default();
    let creator = person(&line.creator, false);
    if creator.is_none() {
        fault("creator.email: needed");
    }
    let stage = stage(&line).unwrap_or_else(|why| {
        fault(why);
        Stage::New
    });
    if (stage == Stage::OnHold) != line.hold.is_some() {
        fault("hold: needed on hold, and only there");
    }
    if stage != Stage::Resolved && (line.resolved_at.is_some() || line.archived_at.is_some()) {
        fault("resolved_at: only of a resolved ticket, and archived_at too");
    }
    let latest = now.saturating_add(LEEWAY).unwrap_or(now);
    let times = [Some(line.created_at), line.updated_at, line.resolved_at, line.archived_at].into_iter().flatten();
    if times.chain(line.comments.iter().map(|said| said.created_at)).any(|at| at > latest || at < Timestamp::UNIX_EPOCH)
    {
        fault("created_at: a time to come, or before 1970");
    }
    let department = line.department.as_ref().and_then(|named| find(in_force, named));
    if line.department.is_some() && department.is_none() {
        fault("department: this desk has none of that name");
    }
    let mut said = line.comments;
    said.sort_by_key(|said| said.created_at);
    if said.is_empty() {
        fault("comments: the opening message is missing");
    }
    if said.first().is_some_and(|opening| opening.internal) {
        fault("comments[0].internal: the opening message is the creator’s");
    }
    let mut comments: Vec<Comment> =
        (0_u32..).zip(said).filter_map(|(place, said)| comment(&name, place, said).map_err(&mut fault).ok()).collect();
    keep_order(&mut comments);
    let custom_fields = answers(&in_force.fields, line.custom_fields, &mut fault);
    let Some(creator) = creator.filter(|_| faults.is_empty()) else { return Err(faults) };
    let last = comments.last().map_or(line.created_at, |said| said.line.created_at);
    let is_reply = |said: &&Comment| said.by_team(&creator) && !said.line.internal;
    let first_reply_at = comments.iter().find(is_reply).map(|said| said.line.created_at);
    let follows = line.follows.map(|id| (id, key(&id.to_string())));
    Ok(Ready {
        key: key(&name),
        here: line.id,
        id: TicketId(made(line.created_at, &[name.as_bytes()])),
        title: line.title.to_string(),
        assignee: line.assignee.and_then(|assignee| assignee.email).map(|email| email.normalised()),
        // Whoever was answered is not waiting to be taken up.
        stage: if stage == Stage::New && first_reply_at.is_some() { Stage::Working } else { stage },
        priority: line.priority.unwrap_or(Priority::Medium),
        department,
        custom_fields,
        created_at: line.created_at,
        updated_at: line.updated_at.unwrap_or(last).max(line.created_at),
        first_reply_at,
        resolved_at: (stage == Stage::Resolved).then(|| line.resolved_at.unwrap_or(last)),
        archived_at: line.archived_at,
        hold: line.hold.map(|hold| (hold.reason, hold.until)),
        person_wanted: line.person_wanted && stage != Stage::Resolved,
        follows,
        creator,
        comments,
    })
}

impl Comment {
    fn by_team(&self, creator: &Person) -> bool {
        self.kind == AuthorKind::Admin && self.author.as_ref().is_some_and(|author| author.email != creator.email)
    }
}

impl Ready {
    /// What the clock remembers of it. What would have fallen due before is told to nobody.
    pub fn ledger(&self, policy: &Policy, now: Timestamp) -> (Ledger, Option<Timestamp>) {
        let mut ledger = Ledger::default();
        let mut is_answered = false;
        for said in self.comments.iter().filter(|said| !said.line.internal && said.kind != AuthorKind::Ai) {
            if said.by_team(&self.creator) {
                is_answered = true;
                ledger.answered(said.line.created_at);
            } else if is_answered {
                ledger.asked(said.line.created_at);
            }
        }
        ledger.entered(self.stage, self.updated_at);
        loop {
            let events = crate::sla::Events {
                created_at: self.created_at,
                first_reply_at: self.first_reply_at,
                resolved_at: self.resolved_at,
                priority: self.priority,
                ledger: &ledger,
            };
            match policy.next_mark(&events, now) {
                Some(mark) if mark.at <= now => ledger.told(&mark),
                next => return (ledger, next.map(|mark| mark.at)),
            }
        }
    }
}

fn stage(line: &TicketLine) -> Result<Stage, &'static str> {
    match (line.stage, line.status) {
        (Some(stage), Some(status)) if stage.status() != status => Err("status: the stage says otherwise"),
        (Some(stage), _) => Ok(stage),
        (None, Some(status)) => {
            let fits = [Stage::New, Stage::Working, Stage::Resolved].into_iter().find(|it| it.status() == status);
            Ok(fits.unwrap_or(Stage::New))
        }
        (None, None) => Ok(Stage::New),
    }
}

fn person(line: &PersonLine, is_team: bool) -> Option<Person> {
    let email = line.email.as_ref()?.normalised();
    let name = line.name.as_ref().map_or_else(|| before_at(&email), ToString::to_string);
    Some(Person { email, name, locale: line.locale.unwrap_or(Locale::English), is_team })
}

fn author(line: &AuthorLine, is_team: bool) -> Option<Person> {
    let AuthorLine { name, email, .. } = line.clone();
    person(&PersonLine { id: None, name, email, locale: None }, is_team)
}

fn before_at(email: &str) -> String {
    email.split('@').next().unwrap_or_default().chars().take(80).collect()
}

fn find(in_force: &InForce, named: &DepartmentLine) -> Option<DepartmentId> {
    let same = |name: &str| name.to_lowercase() == named.name.trim().to_lowercase();
    let names = in_force.departments.iter().map(|department| &department.names);
    let mut fitting = names.filter(|names| same(names.name(Locale::English)) || same(names.name(Locale::French)));
    fitting.next().map(|names| names.id)
}

fn comment(ticket: &str, place: u32, line: CommentLine) -> Result<Comment, &'static str> {
    let kind = line.author.kind.unwrap_or(AuthorKind::User);
    let author = author(&line.author, kind == AuthorKind::Admin);
    if kind != AuthorKind::Ai && author.is_none() {
        return Err("comments.author.email: needed of everybody but the assistant");
    }
    if line.internal && kind != AuthorKind::Admin {
        return Err("comments.internal: only the team writes notes");
    }
    let name = line.external_id.clone().or_else(|| line.id.map(|id| id.to_string()));
    let (at, who) = (line.created_at.to_string(), author.as_ref().map_or("", |author| author.email.as_str()));
    let id = match &name {
        Some(name) => made(line.created_at, &[ticket.as_bytes(), b"named", name.as_bytes()]),
        None => {
            let opening = if place == 0 { "opening" } else { "" };
            let parts = [ticket, "said", opening, at.as_str(), who, line.message.as_str()];
            made(line.created_at, &parts.map(str::as_bytes))
        }
    };
    Ok(Comment { id: CommentId(id), here: line.id, author: author.filter(|_| kind != AuthorKind::Ai), kind, line })
}

/// Comments of one moment keep the order of the file by microseconds, which nobody sees.
fn keep_order(comments: &mut [Comment]) {
    let mut last: Option<Timestamp> = None;
    for said in comments {
        let next = last.and_then(|last| last.checked_add(SignedDuration::from_micros(1)).ok());
        said.line.created_at = next.map_or(said.line.created_at, |next| said.line.created_at.max(next));
        last = Some(said.line.created_at);
    }
}

/// An identifier that the same things have again, in the order of time.
fn made(at: Timestamp, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(Sha256::digest(part));
    }
    let mut bytes = [0; 10];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    Builder::from_unix_timestamp_millis(u64::try_from(at.as_millisecond()).unwrap_or(0), &bytes).into_uuid()
}

/// The answers as they are kept. Nobody is asked any more, so none is missing.
fn answers(fields: &[Field], given: Answers, fault: &mut impl FnMut(&str)) -> Answers {
    let mut kept = Answers::new();
    for (key, value) in given {
        let Some(field) = fields.iter().find(|field| field.key.as_str() == key) else {
            fault(&format!("custom_fields.{key}: this desk has no such field"));
            continue;
        };
        match (Field { required: false, ..field.clone() }).accept(Some(&value)) {
            Ok(answer) => kept.extend(answer.map(|answer| (key, answer))),
            Err((_, why)) => fault(&format!("custom_fields.{key}: {why}")),
        }
    }
    kept
}
