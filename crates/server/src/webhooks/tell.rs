//! The reaction that writes what webhooks are to be told.
//!
//! Invariant: a change is told to a webhook once, however often this runs; and what is gone is not told, but its
//! deletion.

use api_types::{
    comments::{AuthorKind, CommentId},
    departments::DepartmentId,
    people::{PersonId, Role},
    sla::SlaTargetKind,
    tickets::{Priority, TicketId, TicketStatus},
    webhooks::{
        CommentData, DeletedTicketData, DeliveryId, PersonData, SlaData, TicketData, TicketEventData, WebhookEvent,
        WebhookPayload,
    },
};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff_diesel::ToDiesel;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::{AppError, Result},
    state::State,
};

/// A change that some webhooks want to know of.
#[derive(QueryableByName)]
struct Change {
    #[diesel(sql_type = BigInt)]
    activity_id: i64,
    #[diesel(sql_type = Text)]
    kind: WebhookEvent,
    #[diesel(sql_type = Timestamptz)]
    at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    ticket_id: Option<TicketId>,
    #[diesel(sql_type = Nullable<Text>)]
    sla_target: Option<SlaTargetKind>,
    #[diesel(embed)]
    ticket: MaybeTicket,
    #[diesel(embed)]
    comment: MaybeComment,
    #[diesel(embed)]
    person: MaybePerson,
    #[diesel(sql_type = Array<SqlUuid>)]
    webhooks: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct MaybeTicket {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    status: Option<TicketStatus>,
    #[diesel(sql_type = Nullable<Text>)]
    priority: Option<Priority>,
    #[diesel(sql_type = Bool)]
    archived: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    creator_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    department_id: Option<DepartmentId>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    opened_at: Option<jiff_diesel::Timestamp>,
}

#[derive(QueryableByName)]
struct MaybeComment {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    comment_id: Option<CommentId>,
    #[diesel(sql_type = Nullable<Text>)]
    author_kind: Option<AuthorKind>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    author_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    written_at: Option<jiff_diesel::Timestamp>,
}

#[derive(QueryableByName)]
struct MaybePerson {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<Role>,
    #[diesel(sql_type = Bool)]
    disabled: bool,
}

/// Writes what webhooks are to be told of changes.
pub async fn tell(state: &State, conn: &mut AsyncPgConnection, activities: &[i64]) -> Result<()> {
    let changes = wanted(conn, activities).await?;
    if changes.is_empty() {
        return Ok(());
    }
    let (mut ids, mut webhooks, mut numbers, mut tickets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut events, mut payloads) = (Vec::new(), Vec::new());
    for change in &changes {
        let Some(payload) = change.payload()? else {
            continue;
        };
        for webhook in &change.webhooks {
            ids.push(DeliveryId::new().0);
            webhooks.push(*webhook);
            numbers.push(change.activity_id);
            tickets.push(change.ticket_id.filter(|_| change.kind != WebhookEvent::TicketDeleted).map(|id| id.0));
            events.push(change.kind.as_str());
            payloads.push(payload.clone());
        }
    }
    let written = prepared(
        "insert into webhook_deliveries
             (id, webhook_id, activity_id, ticket_id, event, payload, state, created_at, next_at)
         select id, webhook_id, activity_id, ticket_id, event, payload, 'waiting', $7, $7
         from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[])
             as d (id, webhook_id, activity_id, ticket_id, event, payload)
         where exists (select from webhooks w where w.id = d.webhook_id for key share)
             and (d.ticket_id is null or exists (select from tickets t where t.id = d.ticket_id for key share))
         order by webhook_id, activity_id
         on conflict (webhook_id, activity_id) do nothing",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(webhooks)
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<Array<Nullable<SqlUuid>>, _>(tickets)
    .bind::<Array<Text>, _>(events)
    .bind::<Array<Text>, _>(payloads)
    .bind::<Timestamptz, _>(state.clock.now().to_diesel())
    .execute(conn)
    .await?;
    if written > 0 {
        state.wake.poke_webhooks();
    }
    Ok(())
}

/// The changes among these that any webhook wants to know of.
async fn wanted(conn: &mut AsyncPgConnection, activities: &[i64]) -> QueryResult<Vec<Change>> {
    let events: Vec<&str> = WebhookEvent::ALL.iter().map(|event| event.as_str()).collect();
    prepared(
        "select a.id as activity_id, a.kind, a.at, a.ticket_id, a.sla_target, t.number, t.title, t.status, t.priority,
             t.archived_at is not null as archived, t.creator_id, t.assignee_id, t.department_id,
             t.created_at as opened_at, c.id as comment_id, c.author_kind, c.author_id, c.created_at as written_at,
             p.id as person_id, p.role, p.disabled_at is not null as disabled, w.webhooks
         from activity a
         cross join lateral (
             select array_agg(id order by id) as webhooks from webhooks
             where disabled_at is null and created_at <= a.at and (events is null or a.kind = any(events))
         ) w
         left join tickets t on t.id = a.ticket_id
         left join comments c on c.id = a.comment_id and not c.internal
         left join people p on p.id = a.person_id
         where a.id = any($1) and a.kind = any($2) and w.webhooks is not null
         order by a.id",
    )
    .bind::<Array<BigInt>, _>(activities)
    .bind::<Array<Text>, _>(events)
    .load(conn)
    .await
}

impl Change {
    /// The body of the message. Nothing when what it speaks of is gone.
    fn payload(&self) -> Result<Option<String>> {
        match self.kind {
            WebhookEvent::TicketDeleted => self.of(self.ticket_id.map(|ticket_id| DeletedTicketData { ticket_id })),
            WebhookEvent::CommentCreated | WebhookEvent::CommentRated => self.of(self.comment()),
            WebhookEvent::PersonRegistered | WebhookEvent::PersonChanged => self.of(self.person()),
            WebhookEvent::SlaWarned | WebhookEvent::SlaBreached => {
                let both = self.sla_target.zip(self.ticket());
                self.of(both.map(|(target, ticket)| SlaData { target, ticket }))
            }
            WebhookEvent::TicketCreated
            | WebhookEvent::TicketAssigned
            | WebhookEvent::TicketPrioritised
            | WebhookEvent::TicketStaged
            | WebhookEvent::TicketMoved
            | WebhookEvent::TicketFieldsChanged
            | WebhookEvent::TicketResumed
            | WebhookEvent::TicketResolutionProposed
            | WebhookEvent::TicketResolved
            | WebhookEvent::TicketArchived
            | WebhookEvent::TicketUnarchived
            | WebhookEvent::TicketPersonWanted => self.of(self.ticket().map(|ticket| TicketEventData { ticket })),
            WebhookEvent::Test => Ok(None),
        }
    }

    fn of(&self, data: Option<impl Serialize>) -> Result<Option<String>> {
        let payload = data.map(|data| WebhookPayload { event: self.kind, timestamp: self.at.to_jiff(), data });
        payload.map(|payload| serde_json::to_string(&payload).map_err(AppError::internal)).transpose()
    }

    fn ticket(&self) -> Option<TicketData> {
        let ticket = &self.ticket;
        Some(TicketData {
            id: self.ticket_id?,
            number: ticket.number?,
            title: ticket.title.clone()?,
            status: ticket.status?,
            priority: ticket.priority?,
            archived: ticket.archived,
            creator_id: ticket.creator_id?,
            assignee_id: ticket.assignee_id,
            department_id: ticket.department_id,
            created_at: ticket.opened_at?.to_jiff(),
        })
    }

    fn comment(&self) -> Option<CommentData> {
        let comment = &self.comment;
        Some(CommentData {
            comment_id: comment.comment_id?,
            author_kind: comment.author_kind?,
            author_id: comment.author_id,
            created_at: comment.written_at?.to_jiff(),
            ticket: self.ticket()?,
        })
    }

    fn person(&self) -> Option<PersonData> {
        let person = &self.person;
        Some(PersonData { person_id: person.person_id?, role: person.role?, disabled: person.disabled })
    }
}
