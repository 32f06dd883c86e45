//! API keys at the door: what a token is, whose it is, and what is known of it for a few seconds.
//!
//! Who a key is. A key is nobody of its own: it acts as the person who made it, its owner, and every rule on people
//! holds for it unchanged, from which tickets are visible to who is counted as the last admin. Of two ways to give a
//! desk's program an identity, an account that nobody signs in to was the other: it would stand among the people to
//! assign tickets to, and outlive the admin who made it. What a program did is told apart by the key's id, which the
//! activity keeps.
//!
//! What it may. The least of three: its scopes, what its owner is now (read again within 5 seconds), and what its owner
//! was when it was made, so that a customer's key is not one day an agent's. A desk's key is good while its owner is an
//! admin.
//!
//! What ends it. Its date, being revoked, and its owner's account being closed, for good. A desk's key ends with its
//! owner's time as an admin. A new password ends one's personal keys as it ends one's sessions; the desk's keys are
//! before every admin's eyes and outlive it, or the desk would stop when an admin forgets a password.
//!
//! Invariant: a key is known by the hash of its token only, and no request waits for its use to be noted.

use std::sync::Arc;

use api_types::{
    api_keys::{ApiKeyId, ApiKeyKind, ApiScope},
    error::ErrorCode,
    people::{PersonId, Role},
};
use db::{
    AsyncPgConnection, prepared,
    schema::{api_keys, people},
};
use diesel::{
    prelude::*,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{accounts::Account, quota::Whose, tokens::Keys};
use crate::{
    error::{AppError, Result},
    state::State,
};

/// How every token begins, for people and for programs that look for lost secrets.
const MARK: &str = "wgl_";

/// The mark, and 256 bits in base64.
const LENGTH: usize = MARK.len() + 43;

/// So much of a token is kept to recognise it by: the mark and eight signs more.
const PREFIX: usize = 12;

/// How exactly it is known when a key was used.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The key that a request was sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedKey {
    pub id: ApiKeyId,
    /// Who made it.
    pub owner: PersonId,
    /// One of the desk's, and not of its owner's own.
    pub of_desk: bool,
}

/// The hash of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash, if this looks like a token of a key.
    pub fn of(token: &str) -> Option<Self> {
        (token.starts_with(MARK) && token.len() == LENGTH).then(|| Self(Sha256::digest(token).into()))
    }
}

/// A token that was made a moment ago, for its owner alone. It follows from what was drawn for it, so that a request that
/// is sent again is answered with it although it is kept nowhere.
pub struct NewToken {
    pub token: String,
    pub prefix: String,
    pub hash: Vec<u8>,
}

impl NewToken {
    pub fn new(keys: &Keys, drawn: &str) -> Self {
        let token = format!("{MARK}{}", keys.api_key(drawn));
        Self { prefix: token.chars().take(PREFIX).collect(), hash: super::hash(&token), token }
    }
}

/// A key that is good, and whom it acts as.
#[derive(Clone, Debug)]
pub struct Holder {
    pub key: ApiKeyId,
    pub account: Account,
    pub scopes: Arc<[ApiScope]>,
    pub expires_at: Option<Timestamp>,
    pub of_desk: bool,
}

impl Holder {
    /// When it ends, in seconds since 1970.
    pub fn expires(&self) -> i64 {
        self.expires_at.map_or(i64::MAX, Timestamp::as_second)
    }

    fn of(row: Row) -> Option<Self> {
        let ((key, kind, role, scopes, expires_at), mut account) = row;
        account.role = account.role.min(role);
        let of_desk = kind == ApiKeyKind::Desk;
        let expires_at = expires_at.map(jiff_diesel::Timestamp::to_jiff);
        let scopes = scopes.into_iter().flatten().collect();
        (!of_desk || account.role == Role::Admin).then_some(Self { key, account, scopes, expires_at, of_desk })
    }
}

type Row = ((ApiKeyId, ApiKeyKind, Role, Vec<Option<ApiScope>>, Option<jiff_diesel::Timestamp>), Account);

#[diesel::dsl::auto_type(no_type_alias)]
fn good() -> _ {
    api_keys::table
        .inner_join(people::table.on(people::id.eq(api_keys::owner_id)))
        .filter(api_keys::revoked_at.is_null())
        .filter(people::disabled_at.is_null())
}

/// Finds the key with this token, as it stands now, and has its use noted. Whoever tries one token after the other from
/// the same `network` is refused before the database is asked.
pub async fn find(state: &State, now: Timestamp, hash: TokenHash, network: impl FnOnce() -> String) -> Result<Holder> {
    let holder = match state.accounts.key(now, hash) {
        Some(known) => known,
        None => {
            state.quota.spend(Whose::Tokens(network()))?;
            let holder = load(&mut *state.db().await?, hash).await?;
            state.accounts.put_key(now, hash, holder.clone());
            holder
        }
    };
    let holder = holder.filter(|holder| holder.expires_at.is_none_or(|end| now < end));
    let holder = holder.ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
    if state.accounts.is_use_to_note(now, holder.key, NOTED_EVERY) {
        let (state, key) = (state.clone(), holder.key);
        tokio::spawn(async move {
            if let Err(error) = note_use(&state, now, key).await {
                tracing::warn!(%key, %error, "the use of a key was not noted");
            }
        });
    }
    Ok(holder)
}

async fn load(conn: &mut AsyncPgConnection, hash: TokenHash) -> QueryResult<Option<Holder>> {
    let row: Option<Row> = good()
        .filter(api_keys::hash.eq(hash.0.to_vec()))
        .select((
            (api_keys::id, api_keys::kind, api_keys::role, api_keys::scopes, api_keys::expires_at),
            Account::as_select(),
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.and_then(Holder::of))
}

/// Reads the accounts that these keys act as, without those of keys that have ended.
pub async fn load_all(conn: &mut AsyncPgConnection, now: Timestamp, all: &[Uuid]) -> QueryResult<Vec<(Uuid, Account)>> {
    let rows: Vec<Row> = good()
        .filter(api_keys::id.eq_any(all))
        .select((
            (api_keys::id, api_keys::kind, api_keys::role, api_keys::scopes, api_keys::expires_at),
            Account::as_select(),
        ))
        .load(conn)
        .await?;
    let good = rows.into_iter().filter_map(Holder::of).filter(|holder| holder.expires_at.is_none_or(|end| now < end));
    Ok(good.map(|holder| (holder.key.0, holder.account)).collect())
}

/// Other processes note it too: the first of a minute writes.
async fn note_use(state: &State, now: Timestamp, key: ApiKeyId) -> Result<()> {
    prepared("update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)")
        .bind::<SqlUuid, _>(key)
        .bind::<Timestamptz, _>(now.to_diesel())
        .bind::<Timestamptz, _>(now.saturating_sub(NOTED_EVERY).unwrap_or(now).to_diesel())
        .execute(&mut *state.db().await?)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_others_and_known_by_its_hash() {
        let keys = Keys::new(b"secret");
        let (one, two) = (NewToken::new(&keys, "one"), NewToken::new(&keys, "two"));
        assert_eq!(one.token, NewToken::new(&keys, "one").token);
        assert_ne!(one.token, NewToken::new(&Keys::new(b"another"), "one").token);
        assert_eq!(one.token.len(), MARK.len() + 43, "256 bits");
        assert_ne!(one.token, two.token);
        assert_eq!(TokenHash::of(&one.token).unwrap().0.to_vec(), one.hash);
        assert_eq!((one.prefix.len(), one.token.starts_with(&one.prefix)), (PREFIX, true));
        assert!(TokenHash::of("eyJhbGciOiJIUzI1NiJ9.e30.x").is_none());
    }
}
