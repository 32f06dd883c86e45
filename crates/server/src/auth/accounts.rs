//! What a request needs to know of its session's account, kept for a few seconds.
//!
//! Invariant: logout, disabling, a new role or a new password bites within 5 seconds everywhere, and at
//! once in the process that made the change.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use api_types::{
    departments::DepartmentId,
    people::{Locale, PersonId, Role},
};
use db::{
    AsyncPgConnection,
    schema::{people, sessions},
};
use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::Result;

const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// Above this many entries the stale ones are dropped.
const CROWDED: usize = 10_000;

/// The account behind a live session.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(diesel::pg::Pg))]
pub struct Account {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub locale: Locale,
    pub token_version: i32,
    /// In the order of their ids.
    #[diesel(select_expression = DepartmentsOfPerson)]
    pub departments: Vec<DepartmentId>,
}

/// The departments that a person belongs to.
#[derive(Clone, Copy, QueryId)]
pub struct DepartmentsOfPerson;

impl Expression for DepartmentsOfPerson {
    type SqlType = Array<SqlUuid>;
}

impl<Source> AppearsOnTable<Source> for DepartmentsOfPerson {}

impl<Source> SelectableExpression<Source> for DepartmentsOfPerson {}

impl ValidGrouping<()> for DepartmentsOfPerson {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<Pg> for DepartmentsOfPerson {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "array(select department_id from department_people where person_id = people.id order by department_id)",
        );
        Ok(())
    }
}

/// Accounts by session, absent ones included.
#[derive(Default)]
pub struct AccountCache(Mutex<HashMap<Uuid, (Timestamp, Option<Account>)>>);

impl AccountCache {
    /// What is known of a session, if it was read within the last 5 seconds.
    pub fn get(&self, now: Timestamp, session: Uuid) -> Option<Option<Account>> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, account) = entries.get(&session)?;
        (now.duration_since(*read_at) < FRESH).then(|| account.clone())
    }

    pub fn put(&self, now: Timestamp, session: Uuid, account: Option<Account>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CROWDED {
            entries.retain(|_, (read_at, _)| now.duration_since(*read_at) < FRESH);
        }
        entries.insert(session, (now, account));
    }

    /// Forgets a person, whose account has just changed.
    pub fn forget(&self, person: PersonId) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, (_, account)| account.as_ref().is_some_and(|account| account.id != person));
    }
}

/// Reads the account of a session that was not ended, unless it is disabled.
pub async fn load(conn: &mut AsyncPgConnection, session: Uuid) -> Result<Option<Account>> {
    Ok(people::table
        .inner_join(sessions::table.on(sessions::person_id.eq(people::id)))
        .filter(sessions::id.eq(session))
        .filter(sessions::revoked_at.is_null())
        .filter(people::disabled_at.is_null())
        .select(Account::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Reads the accounts of these sessions, without those that were ended or disabled.
pub async fn load_all(conn: &mut AsyncPgConnection, all: &[Uuid]) -> Result<Vec<(Uuid, Account)>> {
    Ok(people::table
        .inner_join(sessions::table.on(sessions::person_id.eq(people::id)))
        .filter(sessions::id.eq_any(all))
        .filter(sessions::revoked_at.is_null())
        .filter(people::disabled_at.is_null())
        .select((sessions::id, Account::as_select()))
        .load(conn)
        .await?)
}
