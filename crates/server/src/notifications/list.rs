//! The bell: what somebody was told, and that they have seen it.
//!
//! Invariant: a notification of a ticket that its reader may not see any more is not there.

use std::cmp::Reverse;

use api_types::{
    comments::{AuthorKind, CommentId},
    notifications::{NotificationId, NotificationKind, NotificationView, Notifications, NotificationsRead},
    page::PageFilter,
    people::{PersonId, PersonRef},
    sla::SlaTargetKind,
    tickets::{TicketId, TicketRef},
};
use db::{
    AsyncPgConnection, prepared,
    schema::{comments, notifications, people, tickets},
};
use diesel::{dsl::sql, prelude::*, sql_types};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use uuid::Builder;

use crate::{
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::Result,
    tickets::Theirs,
};

#[derive(Queryable)]
struct Listed {
    id: NotificationId,
    kind: NotificationKind,
    comment_id: Option<CommentId>,
    sla_target: Option<SlaTargetKind>,
    created_at: jiff_diesel::Timestamp,
    read_at: Option<jiff_diesel::Timestamp>,
    ticket: (TicketId, i64, String),
    actor: Option<String>,
    /// Who spoke, if it was a comment, and the assistant's name.
    speaker: (Option<AuthorKind>, Option<String>),
}

impl Listed {
    fn into_view(self) -> NotificationView {
        let (id, number, title) = self.ticket;
        let actor = match self.speaker {
            (Some(AuthorKind::Ai), name) => name,
            _ => self.actor,
        };
        NotificationView {
            id: self.id,
            kind: self.kind,
            ticket: Some(TicketRef { id, number, title }),
            person: None,
            actor,
            comment_id: self.comment_id,
            sla_target: self.sla_target,
            read: self.read_at.is_some(),
            created_at: self.created_at.to_jiff(),
        }
    }
}

/// A page of the bell, newest first, and how many are unread. All of it is asked for at once.
pub async fn list(conn: &AsyncPgConnection, user: &CurrentUser, filter: PageFilter) -> Result<Notifications> {
    let limit = cursor::limit(filter.limit)?;
    let after = Cursor::parse(filter.after.as_deref())?;
    let of_tickets = of_tickets(conn, user, after, limit);
    let (mut told, of_people, unread_count) =
        tokio::try_join!(of_tickets, of_people(conn, user, after, limit), unread(conn, user))?;
    told.extend(of_people);
    told.sort_by_key(|told| Reverse((told.created_at, told.id.0)));
    let (items, next_cursor) = cursor::cut(told, limit, |told| Cursor { at: told.created_at, id: told.id.0 });
    Ok(Notifications { items, unread_count, next_cursor })
}

/// Up to one more than the page holds, as far as they may see the tickets.
async fn of_tickets(
    mut conn: &AsyncPgConnection,
    user: &CurrentUser,
    after: Option<Cursor>,
    limit: usize,
) -> QueryResult<Vec<NotificationView>> {
    let mut query = notifications::table
        .inner_join(tickets::table.on(tickets::id.nullable().eq(notifications::ticket_id)))
        .left_join(people::table.on(people::id.nullable().eq(notifications::actor_id)))
        .left_join(comments::table.on(comments::id.nullable().eq(notifications::comment_id)))
        .filter(notifications::person_id.eq(user.id))
        .filter(notifications::in_bell)
        .select((
            notifications::id,
            notifications::kind,
            notifications::comment_id,
            notifications::sla_target,
            notifications::created_at,
            notifications::read_at,
            (tickets::id, tickets::number, tickets::title),
            people::name.nullable(),
            (comments::author_kind.nullable(), sql::<sql_types::Nullable<sql_types::Text>>("comments.ai ->> 'name'")),
        ))
        .into_boxed();
    if !user.role.is_team() {
        query = query.filter(tickets::creator_id.eq(user.id));
    }
    if let Some(theirs) = Theirs::of(user) {
        query = query.filter(theirs);
    }
    if let Some(after) = after {
        query = query.filter(after.older("notifications"));
    }
    let page = query.order((notifications::created_at.desc(), notifications::id.desc())).limit(limit as i64 + 1);
    Ok(page.load::<Listed>(&mut conn).await?.into_iter().map(Listed::into_view).collect())
}

/// Those of no ticket: data of people that somebody has asked for.
async fn of_people(
    mut conn: &AsyncPgConnection,
    user: &CurrentUser,
    after: Option<Cursor>,
    limit: usize,
) -> QueryResult<Vec<NotificationView>> {
    type Row = (
        NotificationId,
        NotificationKind,
        jiff_diesel::Timestamp,
        Option<jiff_diesel::Timestamp>,
        Option<(PersonId, String)>,
    );
    let mut query = notifications::table
        .left_join(people::table.on(people::id.nullable().eq(notifications::about_id)))
        .filter(notifications::person_id.eq(user.id))
        .filter(notifications::in_bell)
        .filter(notifications::ticket_id.is_null())
        .select((
            notifications::id,
            notifications::kind,
            notifications::created_at,
            notifications::read_at,
            (people::id, people::name).nullable(),
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(after.older("notifications"));
    }
    let page = query.order((notifications::created_at.desc(), notifications::id.desc())).limit(limit as i64 + 1);
    let view = |(id, kind, created_at, read_at, about): Row| NotificationView {
        id,
        kind,
        ticket: None,
        person: about.map(|(id, name)| PersonRef { id, name }),
        actor: None,
        comment_id: None,
        sla_target: None,
        read: read_at.is_some(),
        created_at: created_at.to_jiff(),
    };
    Ok(page.load::<Row>(&mut conn).await?.into_iter().map(view).collect())
}

/// How many are unread, counted up to 100.
async fn unread(mut conn: &AsyncPgConnection, user: &CurrentUser) -> QueryResult<u32> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = sql_types::BigInt)]
        count: i64,
    }
    let count: Count = prepared(
        "select count(*) as count from (
             (
                 select from notifications
                 where person_id = $1 and read_at is null and in_bell and ticket_id is null
                 limit 100
             )
             union all
             (
                 select from notifications n join tickets t on t.id = n.ticket_id
                 where n.person_id = $1 and n.read_at is null and n.in_bell and (
                     $2 or t.creator_id = $1
                     or $3 and (t.department_id is null or t.department_id = any($4) or t.assignee_id = $1)
                 )
                 limit 100
             )
             limit 100
         ) unread",
    )
    .bind::<sql_types::Uuid, _>(user.id)
    .bind::<sql_types::Bool, _>(user.role.is_team() && user.departments.is_none())
    .bind::<sql_types::Bool, _>(user.departments.is_some())
    .bind::<sql_types::Array<sql_types::Uuid>, _>(user.departments.as_deref().unwrap_or_default())
    .get_result(&mut conn)
    .await?;
    Ok(u32::try_from(count.count).unwrap_or(u32::MAX))
}

/// Marks what somebody has seen. Tells whether that was news.
pub async fn mark_read(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    user: &CurrentUser,
    read: NotificationsRead,
) -> Result<bool> {
    let unread =
        notifications::table.filter(notifications::person_id.eq(user.id)).filter(notifications::read_at.is_null());
    let seen = notifications::read_at.eq(now.to_diesel());
    let count = match (read.ticket_id, read.ids) {
        (Some(ticket), _) => {
            diesel::update(unread.filter(notifications::ticket_id.eq(ticket))).set(seen).execute(conn).await?
        }
        (None, Some(ids)) => {
            diesel::update(unread.filter(notifications::id.eq_any(ids))).set(seen).execute(conn).await?
        }
        (None, None) => diesel::update(unread).set(seen).execute(conn).await?,
    };
    Ok(count > 0)
}

/// How long the bell remembers.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);

/// Forgets what was told long ago. The identifiers tell the time.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let long_ago = now.saturating_sub(KEPT).unwrap_or(now).as_millisecond();
    let first = Builder::from_unix_timestamp_millis(u64::try_from(long_ago).unwrap_or(0), &[0; 10]).into_uuid();
    prepared("delete from notifications where id in (select id from notifications where id < $1 limit 10000)")
        .bind::<sql_types::Uuid, _>(first)
        .execute(conn)
        .await?;
    Ok(())
}
