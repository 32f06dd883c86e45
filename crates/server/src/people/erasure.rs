//! Erasing a person: at once all that tells who they are, then by a job all that they wrote as a customer.
//!
//! Invariant: whatever the database says of a person is named here, room by room, in the one place that may name every
//! table, so that nothing is overlooked: one test looks through every column for somebody who was erased, another fails on
//! a column that it does not know. What they wrote as the team to others is the others' as well: it stays, under the name
//! of nobody.

use api_types::{
    error::{ErrorCode, FieldCode},
    people::{ErasureReceipt, NewErasure, PersonId, Role},
    tickets::TicketId,
};
use db::{
    AsyncPgConnection, prepared,
    schema::{people, tickets},
};
use diesel::{
    prelude::*,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::json;
use uuid::Uuid;

use super::{Person, receipt};
use crate::{
    activity::{self, Kind, Record},
    attachments,
    auth::CurrentUser,
    error::{AppError, Result},
    exports,
    state::State,
    tickets::Ticket,
    worker::Job,
};

/// Who has written what an erased member of the team has written. It is nobody's account.
pub const NOBODY: PersonId = PersonId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000));

/// What stands where their name stood. The comments' room says it in the reader's language.
const NAMELESS: &str = "Deleted person";

/// So many tickets one run of the job erases.
const TICKETS: usize = 100;

/// A list of people in what was changed of the settings, without this person's name, whatever it was then.
macro_rules! nameless {
    ($column:literal) => {
        concat!(
            "case when ", $column, " -> 'people' @> jsonb_build_array(jsonb_build_object('id', $1))
             then jsonb_set(", $column, ", '{people}', (
                 select jsonb_agg(case when one ->> 'id' = $1::text then one || jsonb_build_object('name', $3) else one end order by place)
                 from jsonb_array_elements(", $column, " -> 'people') with ordinality as people (one, place)
             ))
             else ", $column, " end"
        )
    };
}

/// What is erased at once. `$1` is the person, `$2` their address, `$3` what stands in the place of their name.
const AT_ONCE: [&str; 12] = [
    "delete from jobs where kind = 'send_mail' and payload ->> 'mail_id' in (
         select m.id::text from mails m
         left join registrations r on r.id = m.registration_id
         left join pending_tickets t on t.id = m.pending_ticket_id
         where m.person_id = $1 or r.person_id = $1 or r.email = $2 or t.email = $2
     )",
    "delete from mails where person_id = $1",
    // Before the registrations, of which one may be of an address that they wanted to move to.
    "delete from throttles where position($2 in key) > 0 or position($1::text in key) > 0 or exists (
         select from registrations r where r.person_id = $1 and position(r.email in key) > 0
     )",
    // Their mails and links go with them.
    "delete from registrations where person_id = $1 or email = $2",
    "delete from pending_tickets where email = $2",
    "delete from mail_tokens where person_id = $1",
    "delete from notifications where person_id = $1 or about_id = $1",
    "delete from sessions where person_id = $1",
    "delete from api_keys where owner_id = $1",
    // What others were answered may be of them.
    "delete from kept_answers
     where person_id = $1 or position($1::text in answer::text) > 0 or position($2 in answer::text) > 0",
    // Whoever guesses what was written in a key could recognise its digest.
    "update activity set idempotency_key = null, request_hash = null
     where actor_id = $1 and idempotency_key is not null",
    // The people of a department are named in what was changed of it.
    concat!(
        "update settings_changes set before = ",
        nameless!("before"),
        ", after = ",
        nameless!("after"),
        " where position($1::text in before::text || after::text) > 0"
    ),
];

/// What is left of a member of the team once their own tickets are gone. `$1` is the person, `$2` nobody.
const BY_NOBODY: [&str; 6] = [
    "update comments set author_id = $2 where author_id = $1",
    "update attachments set uploader_id = $2, idempotency_key = null where uploader_id = $1",
    "update notifications set actor_id = $2 where actor_id = $1",
    "update settings_changes set author_id = $2 where author_id = $1",
    "update article_revisions set author_id = null where author_id = $1",
    "update tickets set assignee_id = null, version = version + 1 where assignee_id = $1",
];

impl Person {
    /// Erases somebody for an admin, with a reason. From here on nobody finds them and they cannot come in; a job
    /// erases their tickets.
    pub async fn erase(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        admin: &CurrentUser,
        id: PersonId,
        new: NewErasure,
    ) -> Result<ErasureReceipt> {
        conn.transaction(async |conn| {
            // As for every other change that could take the last admin away.
            let admins = Self::lock_admins(conn).await?;
            let found = people::table.find(id).filter(people::erased_at.is_null());
            let person: Self = found.select(Self::as_select()).for_update().first(conn).await?;
            if admins == [id] {
                return Err(AppError::new(ErrorCode::LastAdmin));
            }
            if id == admin.id {
                return Err(AppError::new(ErrorCode::Forbidden).detail("Another admin has to erase you."));
            }
            refuse_naming(&new, &person)?;
            let receipt = receipt::write(conn, now, admin, id, new.reason.as_str()).await?;
            exports::erase_of(conn, now, id).await?;
            for statement in AT_ONCE {
                let statement = prepared(statement).bind::<SqlUuid, _>(id).bind::<Text, _>(&person.email);
                statement.bind::<Text, _>(NAMELESS).execute(conn).await?;
            }
            diesel::update(people::table.find(id))
                .set((
                    people::name.eq(NAMELESS),
                    people::email.eq(format!("{id}@deleted.invalid")),
                    people::password_hash.eq(None::<String>),
                    people::preferences.eq(json!({})),
                    people::token_version.eq(people::token_version + 1),
                    people::disabled_at.eq(now.to_diesel()),
                    people::erased_at.eq(now.to_diesel()),
                ))
                .execute(conn)
                .await?;
            activity::record(conn, Record::of_person(Kind::PersonErased, admin.id, id, now)).await?;
            Job::ErasePerson { person_id: id, tries: 0 }.enqueue(conn, now).await?;
            Ok(receipt)
        })
        .await
    }

    /// Every active admin, locked, so that two of them cannot take each other away at once.
    pub(super) async fn lock_admins(conn: &mut AsyncPgConnection) -> QueryResult<Vec<PersonId>> {
        people::table
            .filter(people::role.eq(Role::Admin))
            .filter(people::disabled_at.is_null())
            .select(people::id)
            .for_update()
            .load(conn)
            .await
    }
}

/// The reason is kept for ever, and is not to keep what was to be erased.
fn refuse_naming(new: &NewErasure, person: &Person) -> Result<()> {
    let reason = new.reason.as_str().to_lowercase();
    let names = [person.name.to_lowercase(), person.email.to_lowercase()];
    if names.iter().any(|name| reason.contains(name.as_str())) {
        let words = "Give the reason without the person’s name and address: it is kept.";
        return Err(AppError::field("/reason", FieldCode::NotPossible, words));
    }
    Ok(())
}

/// The job: erases some of their tickets, and the next run others, until nothing speaks of them any more. What fails is
/// tried again for as long as it takes: an admin holds the receipt.
pub async fn erase_rest(state: &State, id: PersonId, tries: u32) -> Result<()> {
    match erase_some(state, id).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let job = Job::ErasePerson { person_id: id, tries: 0 };
            job.enqueue(&mut *state.db().await?, state.clock.now()).await.map(drop)
        }
        Err(error) => {
            tracing::error!(person = %id, tries, %error, "somebody could not be erased wholly yet");
            Job::ErasePerson { person_id: id, tries: tries.saturating_add(1) }.try_again(state, tries).await
        }
    }
}

/// Tells whether that was all. A ticket that cannot be erased keeps no other one.
async fn erase_some(state: &State, id: PersonId) -> Result<bool> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let is_erased = people::table.find(id).filter(people::erased_at.is_not_null());
    if is_erased.select(people::id).first::<PersonId>(&mut conn).await.optional()?.is_none() {
        return Ok(true);
    }
    let theirs = tickets::table.filter(tickets::creator_id.eq(id)).select(tickets::id).limit(TICKETS as i64);
    let theirs: Vec<TicketId> = theirs.load(&mut conn).await?;
    let mut failed = Ok(());
    for ticket in &theirs {
        if let Err(error) = Ticket::erase_unscoped(&mut conn, now, *ticket).await {
            failed = Err(error);
        }
    }
    failed?;
    if theirs.len() == TICKETS {
        return Ok(false);
    }
    drop(conn);
    // No index leads from an author to their comments: it would cost every comment that is written. So this may take as
    // long as it takes to read all of them.
    let mut conn = state.lasting_db().await?;
    conn.batch_execute("set statement_timeout = '10min'").await?;
    conn.transaction(async |conn| {
        diesel::insert_into(people::table)
            .values((
                people::id.eq(NOBODY),
                people::name.eq(NAMELESS),
                people::email.eq("nobody@deleted.invalid"),
                people::role.eq(Role::Customer),
                people::locale.eq(api_types::people::Locale::English),
                people::created_at.eq(now.to_diesel()),
                people::disabled_at.eq(now.to_diesel()),
                people::erased_at.eq(now.to_diesel()),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        attachments::erase_waiting_of(conn, now, id).await?;
        for statement in BY_NOBODY {
            let statement = prepared(statement).bind::<SqlUuid, _>(id).bind::<SqlUuid, _>(NOBODY);
            statement.execute(conn).await?;
        }
        // What is left goes with it: departments, and their data as a file.
        diesel::delete(people::table.find(id)).execute(conn).await?;
        Ok(true)
    })
    .await
}
