//! The row of a person, and its verbs.

use std::collections::HashMap;

use api_types::{
    api_keys::ApiKeyKind,
    error::ErrorCode,
    page::Page,
    people::{Locale, Me, MeChange, PersonChange, PersonFilter, PersonId, PersonRef, PersonView, Preferences, Role},
};
use db::{
    AsyncPgConnection,
    schema::{people, sessions},
};
use diesel::{dsl::sql, prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use crate::{
    activity::{self, Kind, Record},
    api_keys,
    auth::{CurrentUser, links, sessions as auth_sessions},
    cursor::{self, Cursor},
    error::{AppError, Result},
    etag::IfMatch,
};

/// A person, as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(diesel::pg::Pg))]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
    pub locale: Locale,
    pub preferences: serde_json::Value,
    pub token_version: i32,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub disabled_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
}

/// Somebody to add: from a confirmed registration, or by the command line.
#[derive(Debug)]
pub struct NewPerson<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub password_hash: Option<&'a str>,
    pub role: Role,
    pub locale: Locale,
}

impl Person {
    /// Adds a person. An address that has an account is refused by its unique constraint.
    pub async fn add(conn: &mut AsyncPgConnection, now: Timestamp, new: NewPerson<'_>) -> QueryResult<PersonId> {
        let id = PersonId::new();
        diesel::insert_into(people::table)
            .values((
                people::id.eq(id),
                people::name.eq(new.name),
                people::email.eq(new.email),
                people::password_hash.eq(new.password_hash),
                people::role.eq(new.role),
                people::locale.eq(new.locale),
                people::created_at.eq(now.to_diesel()),
            ))
            .execute(conn)
            .await?;
        Ok(id)
    }

    /// A person who may sign in.
    pub async fn active(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<Option<Self>> {
        people::table
            .find(id)
            .filter(people::disabled_at.is_null())
            .select(Self::as_select())
            .first(conn)
            .await
            .optional()
    }

    /// The person with this address who may sign in.
    pub async fn active_by_email(conn: &mut AsyncPgConnection, email: &str) -> QueryResult<Option<Self>> {
        people::table
            .filter(people::email.eq(email))
            .filter(people::disabled_at.is_null())
            .select(Self::as_select())
            .first(conn)
            .await
            .optional()
    }

    /// The person behind a session that was not ended.
    pub async fn of_session(conn: &mut AsyncPgConnection, session: Uuid) -> QueryResult<Option<Self>> {
        people::table
            .inner_join(sessions::table.on(sessions::person_id.eq(people::id)))
            .filter(sessions::id.eq(session))
            .filter(sessions::revoked_at.is_null())
            .filter(people::disabled_at.is_null())
            .select(Self::as_select())
            .first(conn)
            .await
            .optional()
    }

    /// The addresses of these people, for somebody who may see them.
    pub async fn addresses(conn: &mut AsyncPgConnection, ids: Vec<PersonId>) -> QueryResult<HashMap<PersonId, String>> {
        let rows: Vec<(PersonId, String)> =
            people::table.filter(people::id.eq_any(ids)).select((people::id, people::email)).load(conn).await?;
        Ok(rows.into_iter().collect())
    }

    /// An active member of the team, to whom a ticket can be given.
    pub async fn on_team(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<Option<PersonRef>> {
        Ok(Self::active(conn, id)
            .await?
            .filter(|person| person.role.is_team())
            .map(|person| PersonRef { id, name: person.name }))
    }

    /// The active members of the team, by name.
    pub async fn team(conn: &mut AsyncPgConnection) -> QueryResult<Vec<PersonRef>> {
        let rows = people::table
            .filter(people::role.eq_any([Role::Agent, Role::Admin]))
            .filter(people::disabled_at.is_null())
            .order((people::name, people::id))
            .select((people::id, people::name))
            .limit(500)
            .load::<(PersonId, String)>(conn)
            .await?;
        Ok(rows.into_iter().map(|(id, name)| PersonRef { id, name }).collect())
    }

    /// Changes one's own profile. A new password ends every other session and one's personal keys.
    pub async fn change_own(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        user: &CurrentUser,
        read: &IfMatch,
        change: MeChange,
        password_hash: Option<String>,
    ) -> Result<Self> {
        conn.transaction(async |conn| {
            let before: Self = people::table
                .find(user.id)
                .filter(people::erased_at.is_null())
                .select(Self::as_select())
                .for_no_key_update()
                .first(conn)
                .await?;
            read.check(&before.into_me())?;
            if password_hash.is_some() {
                links::spend_all(conn, now, user.id).await?;
                auth_sessions::end_all(conn, now, user.id, Some(user.session)).await?;
                api_keys::end_of_kind(conn, now, user.id, ApiKeyKind::Personal).await?;
            }
            let person = diesel::update(people::table.find(user.id))
                .set((
                    change.name.map(|name| people::name.eq(name.to_string())),
                    change.locale.map(|locale| people::locale.eq(locale)),
                    change.preferences.map(|preferences| people::preferences.eq(serde_json::json!(preferences))),
                    password_hash.map(|hash| people::password_hash.eq(hash)),
                    // An update of nothing is an error in Diesel; this keeps the statement whole.
                    people::id.eq(user.id),
                ))
                .returning(Self::as_returning())
                .get_result(conn)
                .await?;
            activity::record(conn, Record::of_person(Kind::PersonChanged, user, user.id, now)).await?;
            Ok(person)
        })
        .await
    }

    /// Sets the password that a reset link allows, and ends every session, access token and personal key.
    pub async fn reset_password(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        token: &str,
        password_hash: String,
    ) -> Result<PersonId> {
        conn.transaction(async |conn| {
            let id = links::spend_reset(conn, now, token).await?;
            links::spend_all(conn, now, id).await?;
            auth_sessions::end_all(conn, now, id, None).await?;
            api_keys::end_of_kind(conn, now, id, ApiKeyKind::Personal).await?;
            diesel::update(people::table.find(id))
                .set((
                    people::password_hash.eq(password_hash),
                    people::token_version.eq(people::token_version + 1),
                    people::unproved.eq(false),
                ))
                .execute(conn)
                .await?;
            activity::record(conn, Record::of_person(Kind::PersonChanged, id, id, now)).await?;
            Ok(id)
        })
        .await
    }

    /// Changes a person's role, or whether they may sign in. Either way their access tokens end, and the keys that they
    /// made for the desk if they are its admin no longer. Admins are made and changed by people who have signed in: a key
    /// that could would be every key.
    /// Asking for what is so already changes nothing.
    pub async fn change(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        admin: &CurrentUser,
        id: PersonId,
        read: &IfMatch,
        change: PersonChange,
    ) -> Result<Self> {
        conn.transaction(async |conn| {
            let admins = Self::lock_admins(conn).await?;
            let found = people::table.find(id).filter(people::erased_at.is_null());
            let person: Self = found.select(Self::as_select()).for_no_key_update().first(conn).await?;
            read.check(&person.clone().into_view())?;
            let makes_admin = change.role == Some(Role::Admin);
            if admin.key.is_some() && (person.role == Role::Admin || makes_admin) {
                let words = "No API key makes an admin or changes one. Sign in for it.";
                return Err(AppError::new(ErrorCode::Forbidden).detail(words));
            }
            let same_role = change.role.is_none_or(|role| role == person.role);
            let same_access = change.disabled.is_none_or(|disabled| disabled == person.disabled_at.is_some());
            if same_role && same_access {
                return Ok(person);
            }
            let loses_admin = change.role.is_some_and(|role| role != Role::Admin) || change.disabled == Some(true);
            if loses_admin && admins == [id] {
                return Err(AppError::new(ErrorCode::LastAdmin));
            }
            if change.disabled == Some(true) {
                auth_sessions::end_all(conn, now, id, None).await?;
                api_keys::end_all(conn, now, id).await?;
            }
            if change.role.is_some_and(|role| role != Role::Admin) {
                api_keys::end_of_kind(conn, now, id, ApiKeyKind::Desk).await?;
            }
            let person = diesel::update(people::table.find(id))
                .set((
                    change.role.map(|role| people::role.eq(role)),
                    change.disabled.map(|disabled| people::disabled_at.eq(disabled.then(|| now.to_diesel()))),
                    people::token_version.eq(people::token_version + 1),
                ))
                .returning(Self::as_returning())
                .get_result(conn)
                .await?;
            activity::record(conn, Record::of_person(Kind::PersonChanged, admin, id, now)).await?;
            Ok(person)
        })
        .await
    }

    /// Anybody, by their id.
    pub async fn read(conn: &mut AsyncPgConnection, id: PersonId) -> Result<Self> {
        let found = people::table.find(id).filter(people::erased_at.is_null());
        Ok(found.select(Self::as_select()).first(conn).await?)
    }

    /// A page of people, newest first.
    pub async fn list(conn: &mut AsyncPgConnection, filter: PersonFilter) -> Result<Page<PersonView>> {
        let limit = cursor::limit(filter.limit)?;
        let mut query = people::table.filter(people::erased_at.is_null()).select(Self::as_select()).into_boxed();
        if let Some(role) = filter.role {
            query = query.filter(people::role.eq(role));
        }
        if let Some(words) = cursor::words(filter.q.as_deref())? {
            query = query.filter(
                sql::<sql_types::Bool>("(people.name || ' ' || people.email) ilike ")
                    .bind::<sql_types::Text, _>(format!("%{}%", cursor::escape_like(words))),
            );
        }
        if let Some(after) = Cursor::parse(filter.after.as_deref())? {
            query = query.filter(after.older("people"));
        }
        let rows =
            query.order((people::created_at.desc(), people::id.desc())).limit(limit as i64 + 1).load(conn).await?;
        let (rows, next_cursor) =
            cursor::cut(rows, limit, |person: &Self| Cursor { at: person.created_at, id: person.id.0 });
        Ok(Page { items: rows.into_iter().map(Self::into_view).collect(), next_cursor })
    }

    /// The person as the author of what they are about to write, outside of any session.
    pub fn as_author(&self) -> CurrentUser {
        CurrentUser {
            id: self.id,
            name: self.name.clone(),
            role: self.role,
            locale: self.locale,
            departments: None,
            session: Uuid::nil(),
            key: None,
        }
    }

    /// The person as they see themselves.
    pub fn into_me(self) -> Me {
        Me {
            id: self.id,
            name: self.name,
            email: self.email,
            role: self.role,
            locale: self.locale,
            preferences: serde_json::from_value::<Preferences>(self.preferences).unwrap_or_default(),
            has_password: self.password_hash.is_some(),
        }
    }

    /// The person as an admin sees them.
    pub fn into_view(self) -> PersonView {
        PersonView {
            id: self.id,
            name: self.name,
            email: self.email,
            role: self.role,
            locale: self.locale,
            disabled: self.disabled_at.is_some(),
            created_at: self.created_at,
        }
    }
}
