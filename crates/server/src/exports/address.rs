//! Addresses at which a browser fetches an export without a token, which it cannot send when it saves a file by itself:
//! held in memory until its end, a large one would not fit.
//!
//! Invariant: an address is for one session and one export with its filter, and begins a download for a minute. Whoever
//! it is for is asked for again then.

use api_types::exports::ExportAddress;
use jiff::SignedDuration;
use serde::Deserialize;
use uuid::Uuid;

use super::tickets::Format;
use crate::{
    auth::{CurrentUser, accounts},
    error::{AppError, Result},
    outside::files::{self, Form, Object, Wrapping},
    state::State,
};

/// How long it begins a download.
const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// What stands before the filter.
#[derive(Deserialize)]
struct Permit {
    session: Uuid,
    expires: i64,
    signature: String,
}

/// Makes the address of an export. `query` is its filter, as the request had it.
pub fn make(state: &State, user: &CurrentUser, format: Format, query: &str) -> Result<ExportAddress> {
    let expires_at = state.clock.now().saturating_add(LIFETIME).map_err(AppError::internal)?;
    let (session, expires) = (user.session, expires_at.as_second());
    let signature = state.keys.seal(&sealed(format, session, expires, query));
    let ending = format.ending();
    let url = format!("/exports/tickets.{ending}?session={session}&expires={expires}&signature={signature}&{query}");
    Ok(ExportAddress { url, expires_at })
}

/// Whoever the address was made for, and the filter, if it is one and its time has not passed.
pub async fn holder<'a>(state: &State, format: Format, query: &'a str) -> Result<Option<(CurrentUser, &'a str)>> {
    let Some((permit, query)) = query.match_indices('&').nth(2).and_then(|(at, _)| query.split_at_checked(at)) else {
        return Ok(None);
    };
    let query = query.strip_prefix('&').unwrap_or_default();
    let Ok(Permit { session, expires, signature }) = serde_urlencoded::from_str(permit) else { return Ok(None) };
    let is_good = state.clock.now().as_second() < expires
        && state.keys.has_sealed(&sealed(format, session, expires, query), &signature);
    if !is_good {
        return Ok(None);
    }
    let account = accounts::load(&mut *state.db().await?, session).await?;
    Ok(account.map(|account| (CurrentUser::of(account, session, state), query)))
}

/// An address of an archive, for an hour from now: of the bucket, or of this desk.
pub fn of_archive(state: &State, id: Uuid, key: Uuid) -> Result<ExportAddress> {
    let expires_at = files::expiry(state.clock.now());
    let url = if state.files.folder().is_some() {
        let expires = expires_at.as_second();
        let signature = state.keys.seal(&sealed_archive(id, expires));
        format!("/exports/{id}/data.zip?expires={expires}&signature={signature}")
    } else {
        state.files.sign(state.clock.now(), id, Form::Download, Object::File(key), &wrapping())?
    };
    Ok(ExportAddress { url, expires_at })
}

/// Whether an address of an archive is one, and its time has not passed.
pub fn allows(state: &State, id: Uuid, query: &str) -> bool {
    #[derive(Deserialize)]
    struct Signature {
        expires: i64,
        signature: String,
    }
    serde_urlencoded::from_str(query).is_ok_and(|Signature { expires, signature }| {
        state.clock.now().as_second() < expires && state.keys.has_sealed(&sealed_archive(id, expires), &signature)
    })
}

/// What a browser is told with an archive.
pub fn wrapping() -> Wrapping<'static> {
    Wrapping { content_type: "application/zip", disposition: "attachment; filename=\"data.zip\"".to_owned() }
}

fn sealed_archive(id: Uuid, expires: i64) -> String {
    format!("data.zip {id} {expires}")
}

fn sealed(format: Format, session: Uuid, expires: i64, query: &str) -> String {
    format!("tickets.{} {session} {expires} {query}", format.ending())
}
