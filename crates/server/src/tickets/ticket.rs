//! The row of a ticket: how it is loaded, and how it is shown.
//!
//! Invariant: a ticket is loaded through its viewer. What they may not see is not there.

use api_types::{
    assistant::{AssistantMode, MutedBy},
    comments::CommentView,
    departments::DepartmentId,
    page::{Page, PageFilter},
    people::{PersonId, PersonRef},
    sla::Sla,
    tickets::{Hold, Priority, Stage, TicketId, TicketRef, TicketSummary, TicketView},
};
use db::{
    AsyncPgConnection,
    schema::{people, tickets},
};
use diesel::{dsl::IntoBoxed, pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{policy, sight::visible_to};
use crate::{
    assistant::{self, IsAnswering, UnderWay, WaitingDraft},
    auth::CurrentUser,
    comments::CommentRow,
    departments,
    error::{AppError, Result},
    fields::{self, Given},
    settings::InForce,
    sla,
    state::Inner,
};

/// A ticket, as stored.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = tickets, check_for_backend(Pg))]
pub struct Ticket {
    pub id: TicketId,
    pub number: i64,
    pub title: String,
    pub creator_id: PersonId,
    pub assignee_id: Option<PersonId>,
    pub stage: Stage,
    pub priority: Priority,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub updated_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub first_reply_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub proposed_at: Option<Timestamp>,
    pub hold_reason: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub hold_until: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub resolved_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub archived_at: Option<Timestamp>,
    pub follows_id: Option<TicketId>,
    pub version: i32,
    /// Absent: the desk's.
    pub assistant_mode: Option<AssistantMode>,
    pub assistant_muted_by: Option<MutedBy>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub person_wanted_at: Option<Timestamp>,
    /// What the clock remembers.
    pub sla: sla::Ledger,
    pub department_id: Option<DepartmentId>,
    #[diesel(deserialize_as = serde_json::Value)]
    pub custom_fields: Given,
}

/// A ticket with the names of its creator and its assignee.
#[derive(Clone, Debug)]
pub struct NamedTicket {
    pub ticket: Ticket,
    pub creator: String,
    pub assignee: Option<String>,
}

/// Loads tickets of a query with their people's names.
pub async fn load_named(
    mut conn: &AsyncPgConnection,
    query: IntoBoxed<'static, tickets::table, Pg>,
) -> QueryResult<Vec<NamedTicket>> {
    let assignees = diesel::alias!(people as assignees);
    let rows: Vec<(Ticket, Option<String>, Option<String>)> = query
        .select((
            Ticket::as_select(),
            people::table.filter(people::id.eq(tickets::creator_id)).select(people::name).single_value(),
            assignees
                .filter(assignees.field(people::id).nullable().eq(tickets::assignee_id))
                .select(assignees.field(people::name))
                .single_value(),
        ))
        .load(&mut conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(ticket, creator, assignee)| NamedTicket { ticket, creator: creator.unwrap_or_default(), assignee })
        .collect())
}

/// Loads the ticket of a query, as [`load_named`], with what the assistant has under way for it and what its creator
/// was welcomed with.
async fn load_opened(
    mut conn: &AsyncPgConnection,
    query: IntoBoxed<'static, tickets::table, Pg>,
) -> QueryResult<Option<(NamedTicket, UnderWay, Option<String>)>> {
    let assignees = diesel::alias!(people as assignees);
    type Opened = (Ticket, Option<String>, Option<String>, bool, Option<serde_json::Value>, Option<String>);
    let row: Option<Opened> = query
        .select((
            Ticket::as_select(),
            people::table.filter(people::id.eq(tickets::creator_id)).select(people::name).single_value(),
            assignees
                .filter(assignees.field(people::id).nullable().eq(tickets::assignee_id))
                .select(assignees.field(people::name))
                .single_value(),
            IsAnswering,
            WaitingDraft,
            tickets::welcome_html,
        ))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(ticket, creator, assignee, is_answering, draft, welcome)| {
        let named = NamedTicket { ticket, creator: creator.unwrap_or_default(), assignee };
        (named, UnderWay { is_answering, draft }, welcome)
    }))
}

impl Ticket {
    /// Loads a ticket that the viewer may see.
    pub async fn load(conn: &mut AsyncPgConnection, viewer: &CurrentUser, id: TicketId) -> Result<Self> {
        Ok(visible_to(viewer).filter(tickets::id.eq(id)).select(Self::as_select()).first(conn).await?)
    }

    /// Loads a ticket for a job, which has no viewer and shows it to nobody.
    pub async fn load_for_job_unscoped(conn: &mut AsyncPgConnection, id: TicketId) -> QueryResult<Option<Self>> {
        tickets::table.find(id).select(Self::as_select()).first(conn).await.optional()
    }

    /// Loads a ticket and keeps everybody else from writing it until the transaction ends.
    pub async fn lock_for_job_unscoped(conn: &mut AsyncPgConnection, id: TicketId) -> QueryResult<Option<Self>> {
        tickets::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }

    /// Opens a ticket: the ticket and the first page of its thread in one round trip.
    pub async fn open(
        conn: &AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        viewer: &CurrentUser,
        id: TicketId,
    ) -> Result<TicketView> {
        let filter = PageFilter::default();
        let ticket = async { Ok(load_opened(conn, visible_to(viewer).filter(tickets::id.eq(id))).await?) };
        let comments = CommentRow::list(conn, desk, now, viewer, id, &filter);
        let (found, comments) = tokio::try_join!(ticket, comments)?;
        let (named, under_way, welcome) = found.ok_or_else(AppError::not_found)?;
        let linked = named.ticket.follows_id.is_some() || named.ticket.stage == Stage::Resolved;
        let (follows, followed_by) = if linked { neighbours(conn, viewer, &named.ticket).await? } else { (None, None) };
        let welcome_html = welcome.filter(|_| named.ticket.creator_id == viewer.id);
        Ok(TicketView {
            follows,
            followed_by,
            welcome_html,
            ..named.into_view(desk, now, viewer, comments, under_way)?
        })
    }

    /// What the clock needs to know.
    pub fn events(&self) -> sla::Events<'_> {
        sla::Events {
            created_at: self.created_at,
            first_reply_at: self.first_reply_at,
            resolved_at: self.resolved_at,
            priority: self.priority,
            ledger: &self.sla,
        }
    }

    /// How it stands at this moment.
    pub fn sla(&self, policy: &sla::Policy, now: Timestamp) -> Sla {
        let until = self.resolved_at.unwrap_or(now);
        Sla {
            elapsed_seconds: until.duration_since(self.created_at).as_secs().max(0),
            running: self.resolved_at.is_none(),
            targets: policy.targets(&self.events(), now),
        }
    }
}

/// The ticket that this one goes on from, and the newest that goes on from it.
async fn neighbours(
    conn: &AsyncPgConnection,
    viewer: &CurrentUser,
    ticket: &Ticket,
) -> QueryResult<(Option<TicketRef>, Option<TicketRef>)> {
    let earlier = load_ref(conn, visible_to(viewer).filter(tickets::id.nullable().eq(ticket.follows_id)));
    let later = load_ref(conn, visible_to(viewer).filter(tickets::follows_id.eq(ticket.id)));
    tokio::try_join!(earlier, later)
}

async fn load_ref(
    mut conn: &AsyncPgConnection,
    query: IntoBoxed<'static, tickets::table, Pg>,
) -> QueryResult<Option<TicketRef>> {
    let row = query
        .order(tickets::created_at.desc())
        .select((tickets::id, tickets::number, tickets::title))
        .first::<(TicketId, i64, String)>(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(id, number, title)| TicketRef { id, number, title }))
}

impl NamedTicket {
    /// The ticket on its page.
    fn into_view(
        self,
        desk: &Inner,
        now: Timestamp,
        viewer: &CurrentUser,
        comments: Page<CommentView>,
        under_way: UnderWay,
    ) -> Result<TicketView> {
        let ticket = &self.ticket;
        let in_force = desk.settings.now();
        let custom_fields = fields::view(&in_force.fields, &ticket.custom_fields, viewer.locale, false);
        let hold = ticket.hold_reason.clone().filter(|_| viewer.role.is_team());
        Ok(TicketView {
            can: policy::can(viewer, ticket),
            hold: hold.map(|reason| Hold { reason, until: ticket.hold_until }),
            resolution_proposed: ticket.proposed_at.is_some(),
            resolved_at: ticket.resolved_at,
            follows: None,
            followed_by: None,
            welcome_html: None,
            attachments: comments
                .items
                .as_slice()
                .first()
                .map(|opening| opening.attachments.clone())
                .unwrap_or_default(),
            assistant: assistant::view(ticket, &desk.assistant(), viewer, under_way)?,
            comments,
            summary: TicketSummary { custom_fields, ..self.into_summary(&in_force, now, viewer) },
        })
    }

    /// A ticket that was opened a moment ago, which needs no reading.
    pub fn into_fresh_view(
        self,
        desk: &Inner,
        now: Timestamp,
        viewer: &CurrentUser,
        opening: CommentView,
    ) -> Result<TicketView> {
        let comments = Page { items: vec![opening], next_cursor: None };
        // The job that answers is about to be made.
        self.into_view(desk, now, viewer, comments, UnderWay { is_answering: true, draft: None })
    }

    /// The ticket as a row of a list.
    pub fn into_summary(self, in_force: &InForce, now: Timestamp, viewer: &CurrentUser) -> TicketSummary {
        let Self { ticket, creator, assignee } = self;
        let team = viewer.role.is_team();
        let custom_fields =
            if team { fields::view(&in_force.fields, &ticket.custom_fields, viewer.locale, true) } else { Vec::new() };
        TicketSummary {
            status: ticket.stage.status(),
            stage: team.then_some(ticket.stage),
            your_turn: ticket.stage == Stage::WaitingCustomer,
            priority: ticket.priority,
            creator: PersonRef { id: ticket.creator_id, name: creator },
            assignee: ticket.assignee_id.zip(assignee).filter(|_| team).map(|(id, name)| PersonRef { id, name }),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            archived: ticket.archived_at.is_some(),
            person_wanted: team && ticket.person_wanted_at.is_some(),
            department: departments::name(&in_force.departments, ticket.department_id, viewer.locale),
            custom_fields,
            sla: ticket.sla(&in_force.sla, now),
            id: ticket.id,
            number: ticket.number,
            title: ticket.title,
        }
    }
}
