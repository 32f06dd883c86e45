//! People whom a program named by an address that nobody has shown to be theirs.
//!
//! Invariant: until its owner follows a mailed link, such an address gets no mail that holds anybody's words, and at most
//! one a day.

use api_types::people::PersonId;
use db::{AsyncPgConnection, prepared, schema::people};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{NewPerson, Person};
use crate::{
    activity::{self, Kind, Record},
    auth::CurrentUser,
    error::{AppError, Result},
};

impl Person {
    /// The person with an address that a program names, who is made if there is none. Nobody if their account is closed.
    pub async fn named_by_program(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        program: &CurrentUser,
        new: NewPerson<'_>,
    ) -> Result<Option<Self>> {
        let email = new.email;
        conn.transaction(async |conn| {
            let id = PersonId::new();
            // Two requests may name the address at once.
            let made = prepared(
                "insert into people (id, name, email, role, locale, created_at, unproved)
                 values ($1, $2, $3, $4, $5, $6, true) on conflict (email) do nothing",
            )
            .bind::<sql_types::Uuid, _>(id)
            .bind::<sql_types::Text, _>(new.name)
            .bind::<sql_types::Text, _>(email)
            .bind::<sql_types::Text, _>(new.role)
            .bind::<sql_types::Text, _>(new.locale)
            .bind::<sql_types::Timestamptz, _>(now.to_diesel())
            .execute(conn)
            .await?;
            if made > 0 {
                activity::record(conn, Record::of_person(Kind::PersonRegistered, program, id, now)).await?;
            }
            Ok::<_, AppError>(Self::active_by_email(conn, email).await?)
        })
        .await
    }

    /// Makes somebody whom a file names; `closed` lets nobody come in until an admin does.
    pub async fn add_unproved(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        new: NewPerson<'_>,
        closed: bool,
    ) -> Result<PersonId> {
        let id = Self::add(conn, now, new).await?;
        let disabled_at = closed.then(|| people::disabled_at.eq(now.to_diesel()));
        diesel::update(people::table.find(id)).set((people::unproved.eq(true), disabled_at)).execute(conn).await?;
        Ok(id)
    }

    /// Their address was shown to be theirs a moment ago.
    pub async fn prove(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<()> {
        diesel::update(people::table.find(id).filter(people::unproved))
            .set(people::unproved.eq(false))
            .execute(conn)
            .await?;
        Ok(())
    }
}
