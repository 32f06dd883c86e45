//! What a request needs to know of the account behind its session or its key, kept for a few seconds.
//!
//! Invariant: logout, revoking, disabling, a new role or a new password bites within 5 seconds everywhere, and at
//! once in the process that made the change.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use api_types::{
    api_keys::ApiKeyId,
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

use super::api_key::{Holder, TokenHash};
use crate::{error::Result, state::State};

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

/// Accounts by session and by key, absent ones included.
#[derive(Default)]
pub struct AccountCache {
    sessions: Known<Uuid, Account>,
    keys: Known<TokenHash, Holder>,
    /// When the use of each key was noted last.
    noted: Mutex<HashMap<ApiKeyId, Timestamp>>,
}

impl AccountCache {
    /// What is known of a session, if it was read within the last 5 seconds.
    pub fn get(&self, now: Timestamp, session: Uuid) -> Option<Option<Account>> {
        self.sessions.get(now, &session)
    }

    pub fn put(&self, now: Timestamp, session: Uuid, account: Option<Account>) {
        self.sessions.put(now, session, account);
    }

    /// What is known of a key, if it was read within the last 5 seconds.
    pub fn key(&self, now: Timestamp, hash: TokenHash) -> Option<Option<Holder>> {
        self.keys.get(now, &hash)
    }

    pub fn put_key(&self, now: Timestamp, hash: TokenHash, holder: Option<Holder>) {
        self.keys.put(now, hash, holder);
    }

    /// Whether a key's use was not noted for so long; from now on it is.
    pub fn is_use_to_note(&self, now: Timestamp, key: ApiKeyId, every: SignedDuration) -> bool {
        let mut noted = lock(&self.noted);
        if noted.get(&key).is_some_and(|at| now.duration_since(*at) < every) {
            return false;
        }
        if noted.len() >= CROWDED {
            noted.retain(|_, at| now.duration_since(*at) < every);
        }
        noted.insert(key, now);
        true
    }

    /// Forgets a person, whose account has just changed.
    pub fn forget(&self, person: PersonId) {
        self.sessions.keep(|account| account.id != person);
        self.keys.keep(|holder| holder.account.id != person);
    }

    /// Forgets a key, which was revoked.
    pub fn forget_key(&self, key: ApiKeyId) {
        self.keys.keep(|holder| holder.key != key);
    }
}

/// What was read a moment ago.
struct Known<K, V>(Mutex<HashMap<K, (Timestamp, Option<V>)>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    fn get(&self, now: Timestamp, key: &K) -> Option<Option<V>> {
        let entries = lock(&self.0);
        let (read_at, value) = entries.get(key)?;
        (now.duration_since(*read_at) < FRESH).then(|| value.clone())
    }

    fn put(&self, now: Timestamp, key: K, value: Option<V>) {
        let mut entries = lock(&self.0);
        if entries.len() >= CROWDED {
            entries.retain(|_, (read_at, _)| now.duration_since(*read_at) < FRESH);
        }
        // Whoever tries one secret after the other fills nothing.
        if value.is_some() || entries.len() < CROWDED || entries.contains_key(&key) {
            entries.insert(key, (now, value));
        }
    }

    /// Keeps those that are so; of those that are not there nothing is known any more either.
    fn keep(&self, is_so: impl Fn(&V) -> bool) {
        lock(&self.0).retain(|_, (_, value)| value.as_ref().is_some_and(&is_so));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The account of a session that was not ended, as it was within the last 5 seconds; none when it is disabled.
pub async fn of_session(state: &State, now: Timestamp, session: Uuid) -> Result<Option<Account>> {
    if let Some(known) = state.accounts.get(now, session) {
        return Ok(known);
    }
    let account = load(&mut *state.db().await?, session).await?;
    state.accounts.put(now, session, account.clone());
    Ok(account)
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

/// Reads the account of somebody, unless it is disabled.
pub async fn of_person(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<Option<Account>> {
    let active = people::table.filter(people::disabled_at.is_null());
    active.filter(people::id.eq(id)).select(Account::as_select()).first(conn).await.optional()
}

/// Reads the account with this address, unless it is disabled.
pub async fn of_address(conn: &mut AsyncPgConnection, email: &str) -> QueryResult<Option<Account>> {
    let active = people::table.filter(people::disabled_at.is_null());
    active.filter(people::email.eq(email)).select(Account::as_select()).first(conn).await.optional()
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
