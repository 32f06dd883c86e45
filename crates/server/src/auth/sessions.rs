//! Sessions: an access token for minutes, a refresh token for weeks that changes at every use.
//!
//! Invariant: a refresh token that comes back after it was exchanged was copied; its session ends.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
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
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long an exchanged token may come back: two tabs that wake together both ask.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// A session with the secret of its cookie.
pub struct SignedIn {
    pub session: Session,
    pub refresh_token: String,
}

/// Starts a session for somebody who has just proved who they are.
pub async fn start(conn: &mut AsyncPgConnection, state: &State, person: Person) -> Result<SignedIn> {
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
            add_token(conn, now, session).await
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
            let next = add_token(conn, now, session).await?;
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

async fn add_token(conn: &mut AsyncPgConnection, now: Timestamp, session: Uuid) -> Result<String> {
    let secret = new_secret();
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(hash(&secret)),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::expires_at.eq(now.saturating_add(IDLE).unwrap_or(now).to_diesel()),
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

/// The name of the refresh cookie. The prefix makes browsers insist on HTTPS, which localhost has not.
pub fn cookie_name(state: &State) -> &'static str {
    if is_secure(state) { "__Host-waggle_refresh" } else { "waggle_refresh" }
}

/// The cookie that carries a refresh token.
pub fn cookie(state: &State, refresh_token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(state), refresh_token)
        .path("/")
        .http_only(true)
        .secure(is_secure(state))
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(IDLE.as_secs()))
        .finish()
}

/// The name of the cookie by which a browser proves later that it registered.
pub fn registration_cookie_name(state: &State) -> &'static str {
    if is_secure(state) { "__Host-waggle_registration" } else { "waggle_registration" }
}

/// The cookie of a browser that registers, for as long as the mailed link is good.
pub fn registration_cookie(state: &State, secret: String) -> Cookie<'static> {
    let mut cookie = cookie(state, secret);
    cookie.set_name(registration_cookie_name(state));
    cookie.set_max_age(Duration::hours(24));
    cookie
}

/// The cookie that takes the refresh token away.
pub fn empty_cookie(state: &State) -> Cookie<'static> {
    let mut cookie = cookie(state, String::new());
    cookie.make_removal();
    cookie
}

fn is_secure(state: &State) -> bool {
    state.public_url.starts_with("https://")
}
