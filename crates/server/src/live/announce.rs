//! Announcing: what every process is told through Postgres.
//!
//! Invariant: an announcement holds identifiers and, for the team, names; it is never larger than Postgres takes. It
//! is sent outside of the transaction that it speaks of, because Postgres lets only one transaction that notifies
//! commit at a time.

use api_types::{
    api_keys::ApiKeyId,
    departments::DepartmentId,
    live::Attention,
    people::{PersonId, PersonRef},
    tickets::TicketId,
};
use db::{AsyncPgConnection, prepared};
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Result};

/// The number of the activity, its ticket, the ticket's creator if it is for them as well as for the team, and the
/// department and the person that the ticket is with.
pub type ChangedTicket = (i64, TicketId, Option<PersonId>, Option<DepartmentId>, Option<PersonId>);

/// What processes tell each other.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    Changed(Vec<ChangedTicket>),
    /// These people have other notifications than before.
    Notified(Vec<PersonId>),
    /// A key was revoked: what is known of it no longer holds.
    KeyRevoked(ApiKeyId),
    /// Somebody of the team looks at a ticket, writes on it, or has left it.
    Attends {
        ticket: TicketId,
        person: PersonRef,
        attention: Attention,
    },
}

/// So many people fit into one announcement: Postgres takes less than 8,000 bytes.
const PEOPLE: usize = 190;

/// The reaction: announces changes of tickets.
///
/// Their creators are not told of what only the team can see. The first time that somebody is assigned takes a new
/// ticket to work, which its creator sees. Of a deleted ticket its creator is known as the one who deleted it. Of one
/// that was moved or assigned the whole team is told, so that it leaves the screens of those who see it no longer.
pub async fn announce(conn: &mut AsyncPgConnection, activities: &[i64]) -> Result<()> {
    prepared(
        "select pg_notify('waggle_live', json_build_object('changed',
             json_agg(json_build_array(id, ticket_id, creator_id, department_id, assignee_id) order by id))::text)
         from (
             select a.id, a.ticket_id, (row_number() over (order by a.id) - 1) / 40 as part, t.assignee_id,
                 case when a.kind in ('ticket.moved', 'ticket.assigned') then null else t.department_id end as department_id,
                 case
                 when a.kind in ('comment.note_created', 'ticket.draft_changed', 'ticket.resumed') then null
                 when a.kind = 'ticket.assigned' and exists (
                     select from activity e
                     where e.ticket_id = a.ticket_id and e.kind = 'ticket.assigned' and e.id < a.id
                 ) then null
                 when a.kind = 'ticket.deleted' then a.actor_id
                 else t.creator_id end as creator_id
             from activity a left join tickets t on t.id = a.ticket_id
             where a.id = any($1) and a.ticket_id is not null
         ) told group by part",
    )
    .bind::<Array<BigInt>, _>(activities)
    .execute(conn)
    .await?;
    Ok(())
}

/// Announces that these people have other notifications than before. After the commit of what made them so, or
/// they would look too early.
pub async fn announce_people(conn: &mut AsyncPgConnection, people: &[PersonId]) -> Result<()> {
    for some in people.chunks(PEOPLE) {
        send(conn, &Announcement::Notified(some.to_vec())).await?;
    }
    Ok(())
}

/// Announces that a key was revoked, after the commit of that.
pub async fn announce_revoked(conn: &mut AsyncPgConnection, key: ApiKeyId) -> Result<()> {
    send(conn, &Announcement::KeyRevoked(key)).await
}

/// Sends one announcement.
pub async fn send(conn: &mut AsyncPgConnection, announcement: &Announcement) -> Result<()> {
    let text = serde_json::to_string(announcement).map_err(AppError::internal)?;
    prepared("select pg_notify('waggle_live', $1)").bind::<Text, _>(text).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_announcements_fit() {
        let people = serde_json::to_string(&Announcement::Notified(vec![PersonId::new(); PEOPLE])).unwrap();
        assert!(people.len() < 8_000, "{}", people.len());
        let person = PersonRef { id: PersonId::new(), name: "\u{1F41D}".repeat(80) };
        let attends = Announcement::Attends { ticket: TicketId::new(), person, attention: Attention::Viewing };
        assert!(serde_json::to_string(&attends).unwrap().len() < 8_000);
        let somebody = Some(PersonId::new());
        let change = (i64::MAX, TicketId::new(), somebody, Some(DepartmentId::new()), somebody);
        // Postgres sets a space after each comma.
        let spaces = 5 * 40;
        assert!(serde_json::to_string(&Announcement::Changed(vec![change; 40])).unwrap().len() + spaces < 8_000);
    }
}
