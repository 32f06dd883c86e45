//! Opening a ticket.
//!
//! Invariant: the ticket, its opening comment with its files, the activity row and its job are one statement.

use api_types::{
    comments::CommentId,
    error::ErrorCode,
    people::Role,
    tickets::{NewTicket, Priority, Stage, TicketId, TicketView},
};
use db::AsyncPgConnection;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment},
    sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{Ticket, save::refuse_unclaimable, ticket::NamedTicket};
use crate::{
    activity::{self, Kind, Record, Recorded, Recording},
    attachments::Claim,
    auth::CurrentUser,
    comments::{CommentRow, InsertComment, markdown},
    departments,
    error::{AppError, Result},
    fields::Given,
    once::{self, Once},
    sla::Ledger,
    state::Inner,
};

impl Ticket {
    /// Opens a ticket.
    pub async fn create(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        user: &CurrentUser,
        new: NewTicket,
        once: Option<Once>,
    ) -> Result<TicketView> {
        if let Some(earlier) = activity::replay(conn, user.id, once.as_ref()).await? {
            let id = earlier.ticket.ok_or_else(AppError::not_found)?;
            return Self::open(conn, desk, now, user, id).await;
        }
        if let Some(followed) = new.follows {
            let followed = Self::load(conn, user, followed).await?;
            if followed.stage != Stage::Resolved || followed.creator_id != user.id {
                return Err(AppError::new(ErrorCode::NotResolved));
            }
        }
        let in_force = desk.settings.now();
        let mut ticket = Self::opened(now, user, &new);
        ticket.department_id = departments::destination(&in_force, new.department_id);
        let ids = new.attachment_ids.as_slice();
        let comment = CommentRow::new(now, user, ticket.id, CommentId::new(), new.message.as_str(), false, ids);
        let record =
            Record::of_ticket(Kind::TicketCreated, user, ticket.id, now).with_comment(comment.id).once(once.clone());
        let welcome = in_force.settings.welcome.to(user.locale).filter(|_| user.role == Role::Customer);
        let welcome = welcome.map(|words| markdown::render(words.as_str()));
        let change = OpenTicket {
            record: &record,
            ticket: &ticket,
            welcome: welcome.as_deref(),
            at: now.to_diesel(),
            sla_due_at: in_force.sla.next_mark(&ticket.events(), now).map(|mark| mark.at.to_diesel()),
            custom_fields: ticket.custom_fields.json(),
            comment: InsertComment::new(&comment),
            claim: Claim::new(ids, Some(user.uploader()), comment.id),
        };
        match Recording::of(&record, &change).get_result::<Recorded>(conn).await.optional() {
            Ok(Some(recorded)) => ticket.number = recorded.number,
            // Another process is at the same request, or the files are gone: perhaps to the same request.
            Ok(None) => {
                once::refuse_under_way(conn, user.id, once.as_ref()).await?;
                return match activity::replay(conn, user.id, once.as_ref()).await?.and_then(|earlier| earlier.ticket) {
                    Some(id) => Self::open(conn, desk, now, user, id).await,
                    None => {
                        refuse_unclaimable(conn, user, ids).await?;
                        Err(AppError::unavailable(anyhow::anyhow!(
                            "the same request was given up, or the files came back"
                        )))
                    }
                };
            }
            Err(error) if activity::lost_race(&error) => {
                let earlier = activity::replay(conn, user.id, once.as_ref()).await?;
                let id = earlier.and_then(|earlier| earlier.ticket).ok_or_else(AppError::not_found)?;
                return Self::open(conn, desk, now, user, id).await;
            }
            // The ticket it goes on from was deleted a moment ago.
            Err(error) if AppError::violates(&error, "tickets_follows_id_fkey") => return Err(AppError::not_found()),
            Err(error) => return Err(error.into()),
        }
        if ticket.follows_id.is_some() || welcome.is_some() {
            return Self::open(conn, desk, now, user, ticket.id).await;
        }
        let named = NamedTicket { ticket, creator: user.name.clone(), assignee: None };
        named.into_fresh_view(desk, now, user, comment.view(conn, desk, now, user).await?)
    }

    fn opened(now: Timestamp, user: &CurrentUser, new: &NewTicket) -> Self {
        Self {
            id: TicketId::new(),
            number: 0,
            title: new.title.to_string(),
            creator_id: user.id,
            assignee_id: None,
            stage: Stage::New,
            priority: new.priority.unwrap_or(Priority::Medium),
            created_at: now,
            updated_at: now,
            first_reply_at: None,
            proposed_at: None,
            hold_reason: None,
            hold_until: None,
            resolved_at: None,
            archived_at: None,
            follows_id: new.follows,
            version: 0,
            assistant_mode: None,
            assistant_muted_by: None,
            person_wanted_at: None,
            sla: Ledger::default(),
            department_id: None,
            custom_fields: Given::new(new.custom_fields.clone()),
        }
    }
}

/// A new ticket with its opening comment and its files, as common table expressions.
struct OpenTicket<'a> {
    record: &'a Record,
    ticket: &'a Ticket,
    /// For the creator, unless they have been welcomed before.
    welcome: Option<&'a str>,
    at: jiff_diesel::Timestamp,
    sla_due_at: Option<jiff_diesel::Timestamp>,
    custom_fields: serde_json::Value,
    comment: InsertComment<'a>,
    claim: Claim<'a>,
}

impl QueryFragment<Pg> for OpenTicket<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.claim.lock(self.record, out.reborrow())?;
        if self.welcome.is_some() {
            out.push_sql("welcomed as (update people set welcomed_at = ");
            out.push_bind_param::<Timestamptz, _>(&self.at)?;
            out.push_sql(" where welcomed_at is null and id = ");
            out.push_bind_param::<Uuid, _>(&self.ticket.creator_id)?;
            activity::in_turn(self.record, &mut out);
            self.claim.condition(out.reborrow())?;
            out.push_sql(" returning id), ");
        }
        out.push_sql(
            "saved as (insert into tickets
                 (id, title, creator_id, stage, priority, created_at, updated_at, sla_due_at, department_id, custom_fields, welcome_html, follows_id) select ",
        );
        out.push_bind_param::<Uuid, _>(&self.ticket.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.ticket.title)?;
        out.push_sql(", ");
        out.push_bind_param::<Uuid, _>(&self.ticket.creator_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.ticket.stage)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.ticket.priority)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.sla_due_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Uuid>, _>(&self.ticket.department_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Jsonb, _>(&self.custom_fields)?;
        out.push_sql(", ");
        if let Some(welcome) = &self.welcome {
            out.push_sql("(select ");
            out.push_bind_param::<Text, _>(welcome)?;
            out.push_sql(" from welcomed), ");
        } else {
            out.push_sql("null, ");
        }
        out.push_bind_param::<Nullable<Uuid>, _>(&self.ticket.follows_id)?;
        out.push_sql(" where true");
        activity::in_turn(self.record, &mut out);
        self.claim.condition(out.reborrow())?;
        out.push_sql(" returning number), changed as (");
        self.comment.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.claim.take(out)
    }
}
