//! The row of a key, and its verbs.

use api_types::{
    api_keys::{ApiKeyFilter, ApiKeyId, ApiKeyKind, ApiKeyView, ApiScope, MadeApiKey, NewApiKey},
    error::{ErrorCode, FieldCode, FieldError},
    page::Page,
    people::{PersonId, PersonRef, Role},
};
use db::{
    AsyncPgConnection,
    schema::{api_keys, people},
};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde::{Deserialize, Serialize};

use crate::{
    activity::{self, Kind, Record},
    auth::{self, CurrentUser, api_key::NewToken, throttle},
    cursor::{self, Cursor},
    error::{AppError, Result},
    once::{self, Once},
    state::State,
};

/// So many one person, and so many the desk may have.
const MOST_OF_ONE: i64 = 50;
const MOST_OF_DESK: i64 = 200;

/// What is kept of the answer to a request that may be sent again: not the token, but what it follows from.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: ApiKeyView,
    drawn: String,
}

/// Makes a key. Its token is in the answer, and nowhere afterwards.
pub async fn create(
    conn: &mut AsyncPgConnection,
    state: &State,
    owner: CurrentUser,
    new: NewApiKey,
    once: Option<Once>,
) -> Result<MadeApiKey> {
    let (keys, now, id) = (state.keys.clone(), state.clock.now(), owner.id);
    let Kept { key, drawn } = once::carry_out(conn, now, id, once, |conn| {
        Box::pin(async move {
            let drawn = auth::new_secret();
            let key = write(conn, now, &owner, &new, NewToken::new(&keys, &drawn)).await?;
            Ok(Kept { key, drawn })
        })
    })
    .await?;
    Ok(MadeApiKey { key, token: NewToken::new(&state.keys, &drawn).token })
}

async fn write(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    owner: &CurrentUser,
    new: &NewApiKey,
    NewToken { prefix, hash, .. }: NewToken,
) -> Result<ApiKeyView> {
    let kind = new.kind;
    if kind == ApiKeyKind::Desk && owner.role != Role::Admin {
        return Err(AppError::new(ErrorCode::Forbidden).detail("Only an admin makes a key for the desk."));
    }
    let beyond = new.scopes.iter().enumerate().filter(|(_, scope)| !scope.is_for(kind, owner.role));
    let mut faults: Vec<_> =
        beyond.map(|(place, _)| fault(&format!("/scopes/{place}"), "Your own key cannot have this scope.")).collect();
    if new.expires_at.is_some_and(|end| end <= now || end > cursor::END_OF_TIME) {
        faults.push(fault("/expires_at", "A moment to come, or none."));
    }
    if !faults.is_empty() {
        return Err(AppError::invalid(faults));
    }
    throttle::enforce(conn, now, throttle::KEYS, &owner.id.to_string()).await?;
    let id = ApiKeyId::new();
    conn.transaction(async |conn| {
        // Those who make keys of one owner at once wait for each other, and one whose account changes is done first.
        let role = people::table
            .find(owner.id)
            .filter(people::disabled_at.is_null())
            .select(people::role)
            .for_update()
            .first::<Role>(conn)
            .await
            .optional()?;
        if role != Some(owner.role) {
            return Err(AppError::new(ErrorCode::Unauthenticated));
        }
        refuse_one_too_many(conn, kind, owner.id).await?;
        diesel::insert_into(api_keys::table)
            .values((
                api_keys::id.eq(id),
                api_keys::hash.eq(hash),
                api_keys::prefix.eq(&prefix),
                api_keys::name.eq(new.name.as_str()),
                api_keys::kind.eq(kind),
                api_keys::owner_id.eq(owner.id),
                api_keys::role.eq(owner.role),
                api_keys::scopes.eq(&new.scopes),
                api_keys::created_at.eq(now.to_diesel()),
                api_keys::expires_at.eq(new.expires_at.map(ToDiesel::to_diesel)),
            ))
            .execute(conn)
            .await?;
        activity::record(conn, Record::of_person(Kind::ApiKeyCreated, owner, owner.id, now).about_key(id)).await?;
        Ok(())
    })
    .await?;
    tracing::info!(key = %id, owner = %owner.id, %kind, "an API key was made");
    Ok(ApiKeyView {
        id,
        name: new.name.to_string(),
        kind,
        prefix,
        scopes: new.scopes.clone(),
        owner: PersonRef { id: owner.id, name: owner.name.clone() },
        created_at: now,
        expires_at: new.expires_at,
        last_used_at: None,
    })
}

async fn refuse_one_too_many(conn: &mut AsyncPgConnection, kind: ApiKeyKind, owner: PersonId) -> Result<()> {
    let good = api_keys::table.filter(api_keys::kind.eq(kind)).filter(api_keys::revoked_at.is_null()).into_boxed();
    let (good, most) = match kind {
        ApiKeyKind::Desk => (good, MOST_OF_DESK),
        ApiKeyKind::Personal => (good.filter(api_keys::owner_id.eq(owner)), MOST_OF_ONE),
    };
    if good.count().get_result::<i64>(conn).await? >= most {
        return Err(AppError::invalid(vec![fault("/", &format!("At most {most} keys. Revoke one first."))]));
    }
    Ok(())
}

/// A page of the keys that were not revoked, newest first: one's own, or for an admin all.
pub async fn list(
    conn: &mut AsyncPgConnection,
    viewer: &CurrentUser,
    filter: &ApiKeyFilter,
) -> Result<Page<ApiKeyView>> {
    type Row = (
        (ApiKeyId, String, ApiKeyKind, String, Vec<Option<ApiScope>>),
        (PersonId, String),
        (jiff_diesel::Timestamp, Option<jiff_diesel::Timestamp>, Option<jiff_diesel::Timestamp>),
    );
    let limit = cursor::limit(filter.limit)?;
    let mut query = api_keys::table
        .inner_join(people::table.on(people::id.eq(api_keys::owner_id)))
        .filter(api_keys::revoked_at.is_null())
        .select((
            (api_keys::id, api_keys::name, api_keys::kind, api_keys::prefix, api_keys::scopes),
            (people::id, people::name),
            (api_keys::created_at, api_keys::expires_at, api_keys::last_used_at),
        ))
        .into_boxed();
    if viewer.role != Role::Admin || filter.mine == Some(true) {
        query = query.filter(api_keys::owner_id.eq(viewer.id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(api_keys::kind.eq(kind));
    }
    if let Some(after) = Cursor::parse(filter.after.as_deref())? {
        query = query.filter(after.older("api_keys"));
    }
    let rows: Vec<Row> =
        query.order((api_keys::created_at.desc(), api_keys::id.desc())).limit(limit as i64 + 1).load(conn).await?;
    let (rows, next_cursor) = cursor::cut(rows, limit, |row: &Row| Cursor { at: row.2.0.to_jiff(), id: row.0.0.0 });
    let view =
        |((id, name, kind, prefix, scopes), (person, owner), (created_at, expires_at, last_used_at)): Row| ApiKeyView {
            id,
            name,
            kind,
            prefix,
            scopes: scopes.into_iter().flatten().collect(),
            owner: PersonRef { id: person, name: owner },
            created_at: created_at.to_jiff(),
            expires_at: expires_at.map(jiff_diesel::Timestamp::to_jiff),
            last_used_at: last_used_at.map(jiff_diesel::Timestamp::to_jiff),
        };
    Ok(Page { items: rows.into_iter().map(view).collect(), next_cursor })
}

/// Revokes a key: one's own, or for an admin any.
pub async fn revoke(conn: &mut AsyncPgConnection, now: Timestamp, by: &CurrentUser, id: ApiKeyId) -> Result<()> {
    let owner = conn
        .transaction(async |conn| {
            let owner = diesel::update(api_keys::table)
                .filter(api_keys::id.eq(id))
                .filter(api_keys::revoked_at.is_null())
                .filter(api_keys::owner_id.eq(by.id).or((by.role == Role::Admin).into_sql::<sql_types::Bool>()))
                .set(api_keys::revoked_at.eq(now.to_diesel()))
                .returning(api_keys::owner_id)
                .get_result::<PersonId>(conn)
                .await?;
            activity::record(conn, Record::of_person(Kind::ApiKeyRevoked, by, owner, now).about_key(id)).await?;
            Ok::<_, AppError>(owner)
        })
        .await?;
    tracing::info!(key = %id, %owner, by = %by.id, "an API key was revoked");
    Ok(())
}

/// Revokes all keys of somebody whose account is closed.
pub async fn end_all(conn: &mut AsyncPgConnection, now: Timestamp, owner: PersonId) -> QueryResult<()> {
    for kind in ApiKeyKind::ALL {
        end_of_kind(conn, now, owner, *kind).await?;
    }
    Ok(())
}

/// Revokes the keys of one kind: the desk's of somebody who is no longer an admin, one's personal ones with the
/// password.
pub async fn end_of_kind(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    owner: PersonId,
    kind: ApiKeyKind,
) -> QueryResult<()> {
    diesel::update(api_keys::table)
        .filter(api_keys::owner_id.eq(owner))
        .filter(api_keys::kind.eq(kind))
        .filter(api_keys::revoked_at.is_null())
        .set(api_keys::revoked_at.eq(now.to_diesel()))
        .execute(conn)
        .await?;
    Ok(())
}

fn fault(pointer: &str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: FieldCode::NotPossible, message: message.to_owned() }
}
