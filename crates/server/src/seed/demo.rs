//! The desk of a beekeeping platform, in English and French.
//!
//! Invariant: every ticket goes through the same statements as a real one's would have left behind: stages,
//! authors and times agree.

use std::collections::HashMap;

use anyhow::Context;
use api_types::{
    attachments::AttachmentId,
    comments::{AuthorKind, CommentId},
    departments::{DepartmentId, NewDepartment},
    fields::{Answers, NewField},
    people::{Locale, PersonId, Role},
    settings::{Need, SettingsChange, TicketForm},
    text::{Label, Password},
    tickets::{Priority, Stage, TicketId},
};
use db::{
    AsyncPgConnection,
    schema::{attachments, people, tickets},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;
use serde::Deserialize;
use uuid::Uuid;

use super::samples;
use crate::{
    articles,
    attachments::Given,
    auth::CurrentUser,
    comments::CommentRow,
    departments,
    etag::IfMatch,
    fields, panel,
    people::{NewPerson, Person},
    settings,
    sla::Ledger,
    state::State,
    tickets::search,
};

#[derive(Deserialize)]
struct Demo {
    people: Vec<DemoPerson>,
    departments: Vec<DemoDepartment>,
    fields: Vec<NewField>,
    tickets: Vec<DemoTicket>,
}

#[derive(Deserialize)]
struct DemoPerson {
    key: String,
    name: String,
    email: String,
    role: Role,
    locale: Locale,
}

#[derive(Deserialize)]
struct DemoDepartment {
    key: String,
    name_en: Label,
    name_fr: Label,
    people: Vec<String>,
}

#[derive(Deserialize)]
struct DemoTicket {
    creator: String,
    assignee: Option<String>,
    title: String,
    priority: Priority,
    department: Option<String>,
    #[serde(default)]
    answers: Answers,
    stage: Stage,
    archived: bool,
    proposed: bool,
    hold_reason: Option<String>,
    hold_until_hours: Option<f64>,
    opened_hours_ago: f64,
    resolved_hours_ago: Option<f64>,
    follows: Option<usize>,
    comments: Vec<DemoComment>,
}

#[derive(Deserialize)]
struct DemoComment {
    by: String,
    hours_after: f64,
    internal: bool,
    text: String,
    /// The names of samples.
    #[serde(default)]
    files: Vec<String>,
}

/// Fills an empty desk. Answers one sign-in per role.
pub async fn fill(state: &State) -> anyhow::Result<String> {
    let demo: Demo = serde_json::from_str(include_str!("demo.json")).context("demo.json")?;
    let mut conn = state.db().await?;
    let strangers: i64 = people::table.count().get_result(&mut conn).await?;
    anyhow::ensure!(strangers == 0, "this desk has people already; the demo needs an empty one");
    let now = state.clock.now();
    // Older than the oldest ticket.
    let joined = hours(now, -24.0 * 200.0);
    let (mut cast, mut sign_ins) = (HashMap::new(), String::new());
    let mut roles_shown = Vec::new();
    for person in &demo.people {
        let password = random_password();
        let hash = state.hasher.hash(&password, "/password").await?;
        let new = NewPerson {
            name: &person.name,
            email: &person.email,
            password_hash: Some(&hash),
            role: person.role,
            locale: person.locale,
        };
        let id = Person::add(&mut conn, joined, new).await?;
        let user = CurrentUser {
            id,
            name: person.name.clone(),
            role: person.role,
            locale: person.locale,
            departments: None,
            session: Uuid::nil(),
            key: None,
        };
        cast.insert(person.key.as_str(), user);
        if !roles_shown.contains(&person.role) {
            roles_shown.push(person.role);
            sign_ins.push_str(&format!("{:<9} {:<34} {}\n", person.role.as_str(), person.email, password.reveal()));
        }
    }
    let files = upload(state, &demo.tickets, &cast).await?;
    let departments = set_up(state, &mut conn, &demo, &cast).await?;
    let scene = Scene { now, cast, files, departments };
    conn.transaction(async |conn| add_tickets(conn, &demo.tickets, &scene).await).await?;
    drop(conn);
    search::fold_all(state).await?;
    articles::import::guide(state).await?;
    Ok(sign_ins)
}

/// What the tickets need to be there before them.
struct Scene<'a> {
    now: Timestamp,
    cast: HashMap<&'a str, CurrentUser>,
    files: HashMap<&'a str, AttachmentId>,
    departments: HashMap<&'a str, DepartmentId>,
}

impl Scene<'_> {
    fn who(&self, key: &str) -> anyhow::Result<&CurrentUser> {
        self.cast.get(key).with_context(|| format!("nobody is called {key}"))
    }
}

/// Makes the departments and the fields, and has the form ask for them. Answers the departments by key.
async fn set_up<'a>(
    state: &State,
    conn: &mut AsyncPgConnection,
    demo: &'a Demo,
    cast: &HashMap<&str, CurrentUser>,
) -> anyhow::Result<HashMap<&'a str, DepartmentId>> {
    let now = state.clock.now();
    let admin = cast.values().find(|person| person.role == Role::Admin).context("nobody is an admin")?.id;
    let mut made = HashMap::new();
    for department in &demo.departments {
        let people = department.people.iter().map(|key| cast.get(key.as_str()).map(|person| person.id));
        let new = NewDepartment {
            name_en: department.name_en.clone(),
            name_fr: department.name_fr.clone(),
            people: people.collect::<Option<Vec<_>>>().context("somebody of a department is not there")?,
        };
        made.insert(department.key.as_str(), departments::create(conn, now, admin, &new).await?.id);
    }
    for field in &demo.fields {
        fields::create(conn, now, admin, field.clone()).await?;
    }
    let form = TicketForm { department: Need::Optional, ..state.settings.defaults().form.clone() };
    let change = SettingsChange { form: Some(form), ..SettingsChange::default() };
    settings::change(conn, now, state.settings.defaults(), admin, &IfMatch::default(), &change, Vec::new()).await?;
    // The made-up website signs its customer in.
    panel::renew(conn, now, admin).await?;
    state.settings.reload(conn).await?;
    Ok(made)
}

/// Uploads the samples, each by who shows it. Answers their ids by name.
async fn upload<'a>(
    state: &State,
    all: &'a [DemoTicket],
    cast: &HashMap<&str, CurrentUser>,
) -> anyhow::Result<HashMap<&'a str, AttachmentId>> {
    let mut uploaded = HashMap::new();
    for comment in all.iter().flat_map(|ticket| &ticket.comments) {
        let by = cast.get(comment.by.as_str()).with_context(|| format!("nobody is called {}", comment.by))?;
        for name in &comment.files {
            let mut incoming = state.files.receive();
            incoming.push(&samples::make(name)?).await?;
            let given = Given { name: name.clone(), received: incoming.finish().await?, key: None };
            uploaded.insert(name.as_str(), crate::attachments::store(state, by.id, given).await?.id);
        }
    }
    Ok(uploaded)
}

async fn add_tickets(conn: &mut AsyncPgConnection, all: &[DemoTicket], scene: &Scene<'_>) -> anyhow::Result<()> {
    // Numbers follow the dates, as they would have.
    let mut order: Vec<(usize, &DemoTicket)> = all.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| b.opened_hours_ago.total_cmp(&a.opened_hours_ago));
    let mut ids: HashMap<usize, TicketId> = HashMap::new();
    for (place, ticket) in order {
        let follows = ticket.follows.and_then(|place| ids.get(&place).copied());
        let id = add_ticket(conn, ticket, scene, follows).await.with_context(|| ticket.title.clone())?;
        ids.insert(place, id);
    }
    Ok(())
}

async fn add_ticket(
    conn: &mut AsyncPgConnection,
    ticket: &DemoTicket,
    scene: &Scene<'_>,
    follows: Option<TicketId>,
) -> anyhow::Result<TicketId> {
    let now = scene.now;
    let department = ticket.department.as_deref().map(|key| scene.departments.get(key).copied());
    let opened = hours(now, -ticket.opened_hours_ago);
    let id = TicketId(Uuid::now_v7());
    let rows = ticket
        .comments
        .iter()
        .map(|comment| {
            let at = hours(opened, comment.hours_after);
            let ids = comment.files.iter().map(|name| scene.files.get(name.as_str()).copied());
            let ids = ids.collect::<Option<Vec<_>>>().context("a sample was not uploaded")?;
            let by = scene.who(&comment.by)?;
            let row = CommentRow::new(at, by, id, CommentId::new(), &comment.text, comment.internal, &ids);
            Ok((row, ids))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let public = || rows.iter().map(|(row, _)| row).filter(|row| !row.internal);
    let first_reply = public().find(|row| row.author_kind == AuthorKind::Admin).map(|row| row.created_at);
    let resolved = ticket.resolved_hours_ago.map(|ago| hours(now, -ago));
    let updated = resolved.or(public().next_back().map(|row| row.created_at)).unwrap_or(opened);
    let mut sla = Ledger::default();
    for row in public().filter(|row| first_reply.is_some_and(|first| first < row.created_at)) {
        match row.author_kind {
            AuthorKind::Admin => sla.answered(row.created_at),
            AuthorKind::User => sla.asked(row.created_at),
            AuthorKind::Ai => {}
        }
    }
    sla.entered(ticket.stage, updated);
    let assignee: Option<PersonId> =
        ticket.assignee.as_deref().map(|key| scene.who(key).map(|person| person.id)).transpose()?;
    diesel::insert_into(tickets::table)
        .values((
            (
                tickets::id.eq(id),
                tickets::title.eq(&ticket.title),
                tickets::creator_id.eq(scene.who(&ticket.creator)?.id),
                tickets::assignee_id.eq(assignee),
                tickets::stage.eq(ticket.stage),
                tickets::priority.eq(ticket.priority),
                tickets::created_at.eq(opened.to_diesel()),
                tickets::updated_at.eq(updated.to_diesel()),
            ),
            (
                tickets::first_reply_at.eq(first_reply.map(ToDiesel::to_diesel)),
                tickets::proposed_at.eq(ticket.proposed.then(|| updated.to_diesel())),
                tickets::hold_reason.eq(&ticket.hold_reason),
                tickets::hold_until.eq(ticket.hold_until_hours.map(|ahead| hours(now, ahead).to_diesel())),
                tickets::resolved_at.eq(resolved.map(ToDiesel::to_diesel)),
                tickets::archived_at.eq(resolved.filter(|_| ticket.archived).map(ToDiesel::to_diesel)),
                tickets::follows_id.eq(follows),
                tickets::sla.eq(sla),
                tickets::department_id
                    .eq(department.map(|found| found.context("a department is not there")).transpose()?),
                tickets::custom_fields.eq(serde_json::to_value(&ticket.answers)?),
            ),
        ))
        .execute(conn)
        .await?;
    for (row, ids) in rows {
        row.insert(conn).await?;
        for (place, file) in (1_i16..).zip(ids) {
            diesel::update(attachments::table.find(file))
                .set((attachments::comment_id.eq(row.id), attachments::position.eq(place)))
                .execute(conn)
                .await?;
        }
    }
    Ok(id)
}

fn hours(from: Timestamp, hours: f64) -> Timestamp {
    from.saturating_add(SignedDuration::from_secs((hours * 3600.0) as i64)).unwrap_or(from)
}

/// 20 characters that nobody mistakes for each other.
fn random_password() -> Password {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let letters = (0..20).filter_map(|_| ALPHABET.get(random.random_range(0..ALPHABET.len())));
    Password::from(letters.map(|letter| char::from(*letter)).collect::<String>())
}
