//! The reaction that tells watchers of changes.
//!
//! Invariant: it may run twice, and at once in two workers: a notification is written once, and whoever writes it
//! asks for its mail in the same transaction.

use std::collections::BTreeSet;

use api_types::{
    departments::AgentsSee,
    notifications::NotificationKind,
    people::{PersonId, Preferences},
    tickets::TicketId,
};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use crate::{
    error::{AppError, Result},
    live, mails,
    state::State,
};

/// Somebody who watches what changed.
#[derive(QueryableByName)]
struct Watcher {
    #[diesel(sql_type = BigInt)]
    activity_id: i64,
    #[diesel(sql_type = SqlUuid)]
    person_id: PersonId,
    #[diesel(sql_type = Text)]
    kind: NotificationKind,
    #[diesel(sql_type = Jsonb)]
    preferences: serde_json::Value,
}

/// Somebody who was told.
#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = SqlUuid)]
    person_id: PersonId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    ticket_id: Option<TicketId>,
    #[diesel(sql_type = Bool)]
    in_bell: bool,
    #[diesel(sql_type = Bool)]
    to_mail: bool,
}

/// Writes the notifications of changes and asks for their mails, and for those that tell creators that their tickets
/// were opened.
pub async fn tell(state: &State, conn: &mut AsyncPgConnection, activities: &[i64]) -> Result<()> {
    let now = state.clock.now();
    let confirmed = mails::confirm_opened(conn, now, activities).await?;
    if confirmed > 0 {
        state.wake.poke();
    }
    let all = state.settings.now().settings.team.agents_see == AgentsSee::All;
    let watchers = watchers(conn, activities, all).await?;
    if watchers.is_empty() {
        return Ok(());
    }
    let told = conn
        .transaction(async |conn| {
            let told = write(conn, watchers).await?;
            let to_mail: BTreeSet<_> = told
                .iter()
                .filter(|told| told.to_mail)
                .filter_map(|told| Some((told.person_id, told.ticket_id?)))
                .collect();
            if !to_mail.is_empty() {
                mails::gather(conn, now, &to_mail.into_iter().collect::<Vec<_>>()).await?;
            }
            Ok::<_, AppError>(told)
        })
        .await?;
    let bells: BTreeSet<_> = told.iter().filter(|told| told.in_bell).map(|told| told.person_id).collect();
    live::announce_people(conn, &bells.into_iter().collect::<Vec<_>>()).await
}

/// Who watches what, as far as they see it: agents all, or only theirs. A new ticket, and one that nobody has taken whose
/// creator asks for a person, is told to the people of its department, or to the team where it has none, and a moved one
/// to those of the department that it came to last. Only the team watches the work on other people's tickets. Of their
/// own doing people are told only that what they asked for is ready.
async fn watchers(conn: &mut AsyncPgConnection, activities: &[i64], all: bool) -> QueryResult<Vec<Watcher>> {
    prepared(
        "select a.id as activity_id, p.id as person_id, w.kind, p.preferences
         from activity a
         left join tickets t on t.id = a.ticket_id
         left join comments c on c.id = a.comment_id and not c.internal
         cross join lateral (
             select t.creator_id as person_id, 'response' as kind
             where a.kind = 'comment.created' and c.author_kind <> 'user' and c.author_id is distinct from t.creator_id
             union all
             select t.creator_id, 'resolution_proposed' where a.kind = 'ticket.resolution_proposed'
             union all
             select t.assignee_id, 'customer_comment' where a.kind = 'comment.created' and c.author_id = t.creator_id
             union all
             select a.person_id, 'assigned' where a.kind = 'ticket.assigned'
             union all
             select t.assignee_id, 'resolved' where a.kind = 'ticket.resolved'
             union all
             select t.assignee_id, 'person_wanted' where a.kind = 'ticket.person_wanted'
             union all
             select t.assignee_id, case a.kind when 'sla.warned' then 'sla_warning' else 'sla_breach' end
             where a.kind in ('sla.warned', 'sla.breached')
             union all
             select m.id, case a.kind when 'ticket.created' then 'ticket_created' else 'person_wanted' end from people m
             where (a.kind = 'ticket.created' or a.kind = 'ticket.person_wanted' and t.assignee_id is null)
                 and m.role in ('agent', 'admin')
                 and (exists (select from department_people d where d.department_id = t.department_id and d.person_id = m.id)
                     or not exists (
                         select from department_people d join people o on o.id = d.person_id
                         where d.department_id = t.department_id and o.role in ('agent', 'admin') and o.disabled_at is null
                     ))
             union all
             select d.person_id, 'ticket_moved' from department_people d
             where a.kind = 'ticket.moved' and d.department_id = t.department_id and not exists (
                 select from activity e where e.ticket_id = a.ticket_id and e.kind = 'ticket.moved' and e.id > a.id
             )
             union all
             select id, case a.kind when 'sla.warned' then 'sla_warning' else 'sla_breach' end from people
             where a.kind in ('sla.warned', 'sla.breached') and role in ('agent', 'admin')
                 and not exists (select from people h where h.id = t.assignee_id and h.disabled_at is null and h.role <> 'customer')
             union all
             select a.actor_id, 'export_ready' where a.kind = 'person.exported'
         ) w
         join people p on p.id = w.person_id
         where a.id = any($1) and p.disabled_at is null and (t.id is not null or a.ticket_id is null)
             and (p.id is distinct from a.actor_id or w.kind = 'export_ready')
             and (p.role in ('agent', 'admin') or w.kind in ('response', 'resolution_proposed', 'export_ready'))
             and ($2 or p.role <> 'agent' or t.department_id is null or p.id in (t.assignee_id, t.creator_id)
                 or exists (select from department_people d where d.department_id = t.department_id and d.person_id = p.id))
         order by p.id, a.id",
    )
    .bind::<Array<BigInt>, _>(activities)
    .bind::<Bool, _>(all)
    .load(conn)
    .await
}

/// Writes the notifications that are wanted anywhere, in an order that all workers keep, so that none waits for
/// another in a circle.
async fn write(conn: &mut AsyncPgConnection, watchers: Vec<Watcher>) -> QueryResult<Vec<Told>> {
    let (mut ids, mut activities, mut people, mut kinds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut bell, mut mail) = (Vec::new(), Vec::new());
    for watcher in watchers {
        let preferences = serde_json::from_value::<Preferences>(watcher.preferences).unwrap_or_default();
        let channels = preferences.notify.of(watcher.kind);
        if channels.bell || channels.mail {
            ids.push(Uuid::now_v7());
            activities.push(watcher.activity_id);
            people.push(watcher.person_id.0);
            kinds.push(watcher.kind.as_str());
            bell.push(channels.bell);
            mail.push(channels.mail);
        }
    }
    prepared(
        "insert into notifications
             (id, person_id, ticket_id, about_id, activity_id, kind, actor_id, comment_id, sla_target, in_bell, to_mail, created_at)
         select w.id, w.person_id, a.ticket_id, case w.kind when 'export_ready' then a.person_id end, a.id, w.kind,
             case when c.author_kind = 'ai' or w.person_id = a.actor_id then null else a.actor_id end, c.id, a.sla_target, w.in_bell, w.to_mail, a.at
         from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::bool[], $6::bool[]) as w (id, activity_id, person_id, kind, in_bell, to_mail)
         join activity a on a.id = w.activity_id
         left join tickets t on t.id = a.ticket_id
         left join people about on about.id = a.person_id
         left join comments c on c.id = a.comment_id
         where case w.kind when 'export_ready' then about.id else t.id end is not null
         order by w.person_id, a.id
         on conflict (person_id, activity_id) do nothing
         returning person_id, ticket_id, in_bell, to_mail",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<BigInt>, _>(activities)
    .bind::<Array<SqlUuid>, _>(people)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Bool>, _>(bell)
    .bind::<Array<Bool>, _>(mail)
    .load(conn)
    .await
}
