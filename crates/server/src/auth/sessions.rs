//! Sessions: an access token for minutes, a refresh token for weeks that changes at every use.
//!
//! Invariant: a refresh token that comes back after it was exchanged was copied; its session ends.

use api_types::{auth::Session, error::ErrorCode, people::PersonId};
use db::{
    AsyncPgConnection,
    schema::{people, refresh_tokens, sessions},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use super::{hash, new_secret, tokens};
use crate::{
    error::{AppError, Result},
    people::Person,
    state::State,
};

/// How long a session lives without being used.
pub(super) const IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long an exchanged token may come back: two tabs that wake together both ask.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// A session with the secret of its cookie.
pub struct SignedIn {
    pub session: Session,
    pub refresh_token: String,
}

/// Starts a session for somebody who has just proved who they are.
pub async fn start(conn: &mut AsyncPgConnection, state: &State, person: Person) -> Result<SignedIn> {
    begin(conn, state, person, IDLE).await
}

/// Starts a session that ends with its access token, for somebody whom another website knows.
pub async fn start_short(conn: &mut AsyncPgConnection, state: &State, person: Person) -> Result<Session> {
    // Nobody is told the refresh token; it keeps the session for as long as somebody may use it.
    let while_good = SignedDuration::from_secs(i64::from(tokens::LIFETIME) + tokens::LEEWAY);
    Ok(begin(conn, state, person, while_good).await?.session)
}

async fn begin(conn: &mut AsyncPgConnection, state: &State, person: Person, idle: SignedDuration) -> Result<SignedIn> {
    let now = state.clock.now();
    let session = Uuid::now_v7();
    let refresh_token = conn
        .transaction(async |conn| {
            // The proof must still hold: a password may have been changed while this one was checked.
            people::table
                .find(person.id)
                .filter(people::disabled_at.is_null())
                .filter(people::password_hash.is_not_distinct_from(&person.password_hash))
                .select(people::id)
                .for_share()
                .first::<PersonId>(conn)
                .await
                .optional()?
                .ok_or_else(|| AppError::new(ErrorCode::WrongCredentials))?;
            diesel::insert_into(sessions::table)
                .values((
                    sessions::id.eq(session),
                    sessions::person_id.eq(person.id),
                    sessions::created_at.eq(now.to_diesel()),
                ))
                .execute(conn)
                .await?;
            add_token(conn, now, session, idle).await
        })
        .await?;
    sign(state, now, person, session, refresh_token)
}

/// Exchanges a refresh token for the next one and a new access token.
pub async fn rotate(conn: &mut AsyncPgConnection, state: &State, refresh_token: &str) -> Result<SignedIn> {
    let now = state.clock.now();
    let presented = hash(refresh_token);
    let exchanged = conn
        .transaction(async |conn| {
            let (session, used_at) = refresh_tokens::table
                .filter(refresh_tokens::hash.eq(&presented))
                .filter(refresh_tokens::expires_at.gt(now.to_diesel()))
                .select((refresh_tokens::session_id, refresh_tokens::used_at))
                .for_update()
                .first::<(Uuid, Option<jiff_diesel::Timestamp>)>(conn)
                .await
                .optional()?
                .ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
            match used_at {
                Some(used_at) if now.duration_since(used_at.to_jiff()) > GRACE => return Ok(Err(session)),
                Some(_) => {}
                None => {
                    diesel::update(refresh_tokens::table.find(&presented))
                        .set(refresh_tokens::used_at.eq(now.to_diesel()))
                        .execute(conn)
                        .await?;
                }
            }
            let next = add_token(conn, now, session, IDLE).await?;
            Ok::<_, AppError>(Ok((session, next)))
        })
        .await?;
    match exchanged {
        Ok((session, next)) => {
            let person =
                Person::of_session(conn, session).await?.ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
            sign(state, now, person, session, next)
        }
        Err(session) => {
            tracing::warn!(%session, "a refresh token came back after its exchange: session ended");
            end(conn, state, session).await?;
            Err(AppError::new(ErrorCode::Unauthenticated))
        }
    }
}

/// Ends the session that a refresh token belongs to; an unknown token ends nothing.
pub async fn end_by_token(conn: &mut AsyncPgConnection, state: &State, refresh_token: &str) -> Result<()> {
    let session = refresh_tokens::table
        .find(hash(refresh_token))
        .select(refresh_tokens::session_id)
        .first::<Uuid>(conn)
        .await
        .optional()?;
    match session {
        Some(session) => end(conn, state, session).await,
        None => Ok(()),
    }
}

async fn end(conn: &mut AsyncPgConnection, state: &State, session: Uuid) -> Result<()> {
    let now = state.clock.now();
    diesel::update(sessions::table.find(session)).set(sessions::revoked_at.eq(now.to_diesel())).execute(conn).await?;
    state.accounts.put(now, session, None);
    state.live.doubt();
    Ok(())
}

/// Ends every session of a person but one, and every access token made so far for the others.
pub async fn end_all(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    person: PersonId,
    but: Option<Uuid>,
) -> QueryResult<()> {
    diesel::update(sessions::table)
        .filter(sessions::person_id.eq(person))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::id.ne(but.unwrap_or(Uuid::nil())))
        .set(sessions::revoked_at.eq(now.to_diesel()))
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops what has expired.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(now.to_diesel()))).execute(conn).await?;
    let live = refresh_tokens::table.filter(refresh_tokens::session_id.eq(sessions::id));
    diesel::delete(sessions::table.filter(diesel::dsl::not(diesel::dsl::exists(live)))).execute(conn).await?;
    Ok(())
}

async fn add_token(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    session: Uuid,
    idle: SignedDuration,
) -> Result<String> {
    let secret = new_secret();
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(hash(&secret)),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::expires_at.eq(now.saturating_add(idle).unwrap_or(now).to_diesel()),
        ))
        .execute(conn)
        .await?;
    Ok(secret)
}

fn sign(state: &State, now: Timestamp, person: Person, session: Uuid, refresh_token: String) -> Result<SignedIn> {
    let access_token = state.keys.sign(now, person.id, session, person.token_version)?;
    Ok(SignedIn {
        session: Session { access_token, expires_in: tokens::LIFETIME, user: person.into_me(), ticket_id: None },
        refresh_token,
    })
}
