//! Requests that are carried out once, however often they are sent: those with an `Idempotency-Key`.
//!
//! Invariant: the key is written with the change, so that a crash leaves both or neither. While one is carried out the
//! same key is refused: by its process, which knows all it is at, and by a lock of the database in the others. Uploads and
//! visitors' tickets, which take long or answer nothing, are known in the others by their own rows, once they are there.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use api_types::{error::ErrorCode, people::PersonId};
use db::{AsyncPgConnection, prepared, schema::kept_answers};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bytea, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};
use uuid::Uuid;

use crate::{
    auth::quota::Whose,
    document,
    error::{AppError, Result},
    state::State,
};

/// So long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

const KEY_EXAMPLE: &str = "8f14e45f-ceea-467f-a0e6-2d9c1b7a3e55";

diesel::define_sql_function! {
    #[sql_name = "pg_try_advisory_xact_lock"]
    fn try_turn(number: BigInt) -> Bool;
}

/// The keys of the requests that this process is at.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<Mutex<HashSet<(Whose, String)>>>);

/// A request's turn, until its work is done.
#[derive(Debug)]
struct Turn {
    under_way: UnderWay,
    of: (Whose, String),
}

impl UnderWay {
    fn begin(&self, whose: Whose, key: String) -> Option<Turn> {
        let of = (whose, key);
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone());
        is_first.then(|| Turn { under_way: self.clone(), of })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// The `Idempotency-Key` of a request that creates something, if it carries one: its digest, because a program may
/// write anything into it.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(Option<(String, Arc<Turn>)>);

impl FromRequest for IdempotencyKey {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(begin(request).map(Self))
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = "Carries out the request once, however often it is sent within 24 hours.";
        document::header("Idempotency-Key", words, "^[!-~]([ -~]{0,253}[!-~])?$", KEY_EXAMPLE)
    }
}

fn begin(request: &HttpRequest) -> Result<Option<(String, Arc<Turn>)>> {
    let (Some(value), Some(state)) = (request.headers().get("idempotency-key"), request.app_data::<web::Data<State>>())
    else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len())).ok_or_else(|| {
        AppError::new(ErrorCode::Malformed).detail("Idempotency-Key takes 1 to 255 visible ASCII characters.")
    })?;
    let whose =
        request.extensions().get::<Whose>().cloned().ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
    // Two programs of one person do not know each other's keys.
    let said = if let Whose::Key(program) = whose { format!("{program} {key}") } else { key.to_owned() };
    let digest: String = Sha256::digest(said).iter().map(|byte| format!("{byte:02x}")).collect();
    let turn = state.under_way.begin(whose, digest.clone()).ok_or_else(under_way)?;
    Ok(Some((digest, Arc::new(turn))))
}

fn under_way() -> AppError {
    AppError::new(ErrorCode::RequestUnderWay).retry_after(1)
}

/// A key with a fingerprint of the request that carried it.
#[derive(Clone, Debug)]
pub struct Once {
    pub key: String,
    pub request_hash: Vec<u8>,
    /// Held until the work is done.
    _turn: Arc<Turn>,
}

impl Once {
    /// The number of the lock that is held while this person's request is carried out, until its transaction ends.
    pub fn turn(&self, whose: PersonId) -> i64 {
        let hash = Sha256::new().chain_update("once").chain_update(whose.0).chain_update(&self.key).finalize();
        hash.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
    }

    /// An identifier that the same request of the same stranger has again, and nobody else's.
    pub fn id(&self, whose: &str) -> Uuid {
        let mut hash = Sha256::new();
        for part in [self.key.as_bytes(), whose.as_bytes(), &self.request_hash] {
            hash.update(Sha256::digest(part));
        }
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

impl IdempotencyKey {
    /// The key's digest by itself, for work that is told apart by more than its body.
    pub fn word(&self) -> Option<String> {
        self.0.as_ref().map(|(key, _)| key.clone())
    }

    /// Binds the key to what was asked: the operation and its body.
    pub fn bind(self, operation: &str, body: &impl Serialize) -> Option<Once> {
        let (key, turn) = self.0?;
        let mut hash = Sha256::new();
        hash.update(operation);
        hash.update(serde_json::to_vec(body).unwrap_or_default());
        Some(Once { key, request_hash: hash.finalize().to_vec(), _turn: turn })
    }
}

/// Carries out a person's request and keeps its answer, or answers as the same request was answered before. The same
/// key with another request is refused.
///
/// What it keeps is no secret: an answer that holds one keeps what the secret follows from.
pub async fn carry_out<T, F>(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    person: PersonId,
    once: Option<Once>,
    verb: F,
) -> Result<T>
where
    T: Serialize + DeserializeOwned + Send,
    F: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, Result<T>> + Send,
{
    let Some(once) = once else {
        return verb(conn).await;
    };
    conn.transaction(async |conn| {
        let is_first = prepared(
            "insert into kept_answers (person_id, key, request_hash, made_at) select $1, $2, $3, $4 \
             where pg_try_advisory_xact_lock($5) on conflict do nothing",
        )
        .bind::<SqlUuid, _>(person.0)
        .bind::<Text, _>(&once.key)
        .bind::<Bytea, _>(&once.request_hash)
        .bind::<Timestamptz, _>(now.to_diesel())
        .bind::<BigInt, _>(once.turn(person))
        .execute(conn)
        .await?;
        let row = kept_answers::table.find((person.0, &once.key));
        if is_first == 0 {
            let columns = (kept_answers::request_hash, kept_answers::answer);
            let earlier = row.select(columns).first::<(Vec<u8>, Option<Value>)>(conn).await.optional()?;
            let (hash, answer) = earlier.ok_or_else(under_way)?;
            if hash != once.request_hash {
                return Err(AppError::new(ErrorCode::IdempotencyKeyReused));
            }
            return serde_json::from_value(answer.unwrap_or_default()).map_err(AppError::internal);
        }
        let made = verb(conn).await?;
        let answer = serde_json::to_value(&made).map_err(AppError::internal)?;
        diesel::update(row).set(kept_answers::answer.eq(answer)).execute(conn).await?;
        Ok(made)
    })
    .await
}

/// Refuses a request that changed nothing because another process is at the same one; otherwise what that one did is
/// there to be seen. Within a transaction the turn is this one's from here to its end.
pub async fn refuse_under_way(conn: &mut AsyncPgConnection, person: PersonId, once: Option<&Once>) -> Result<()> {
    let Some(once) = once else {
        return Ok(());
    };
    let is_free = diesel::select(try_turn(once.turn(person))).get_result::<bool>(conn).await?;
    if is_free { Ok(()) } else { Err(under_way()) }
}

/// Forgets what nobody sends again.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let before = now.saturating_sub(KEPT).unwrap_or(now);
    diesel::delete(kept_answers::table.filter(kept_answers::made_at.lt(before.to_diesel()))).execute(conn).await?;
    Ok(())
}
