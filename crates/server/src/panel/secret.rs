//! What the websites' servers sign with.
//!
//! Invariant: the database holds how many secrets there were and none of them: each follows from the installation's
//! secret and its number.

use api_types::people::PersonId;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use db::{AsyncPgConnection, schema::settings};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{error::Result, settings as kept};

/// Beside the settings, so that every process hears of it with them; no change of settings names it.
const TOPIC: &str = "panel_secret";
const GENERATION: &str = "generation";

/// Makes the secrets.
#[derive(Clone)]
pub struct Secrets(Vec<u8>);

impl Secrets {
    /// From the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    /// The secret with this number, as it is told to an admin.
    pub fn of(&self, generation: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(b"panel secret ");
        mac.update(&generation.to_be_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

/// The number of the secret that is good now, once an admin has made one.
pub async fn generation(conn: &mut AsyncPgConnection) -> QueryResult<Option<i64>> {
    let kept = settings::table.find(TOPIC).select(settings::value).first::<Value>(conn).await.optional()?;
    Ok(kept.and_then(|value| value.get(GENERATION)?.as_i64()))
}

/// Goes on to the next secret: the one before is good no longer. Answers its number.
pub async fn renew(conn: &mut AsyncPgConnection, now: Timestamp, admin: PersonId) -> Result<i64> {
    conn.transaction(async |conn| {
        kept::take_turn(conn).await?;
        let before = generation(conn).await?;
        let next = before.unwrap_or(0) + 1;
        let value = json!({ GENERATION: next });
        diesel::insert_into(settings::table)
            .values((settings::topic.eq(TOPIC), settings::value.eq(&value)))
            .on_conflict(settings::topic)
            .do_update()
            .set(settings::value.eq(&value))
            .execute(conn)
            .await?;
        let before = before.map_or_else(|| json!({}), |before| json!({ GENERATION: before }));
        kept::record(conn, now, admin, [(TOPIC.to_owned(), before, value)]).await?;
        Ok(next)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_and_each_installation_has_its_own() {
        let one = Secrets::new(b"one");
        assert_eq!(one.of(1), one.of(1));
        assert_eq!(one.of(1).len(), 43, "256 bits");
        assert_ne!(one.of(1), one.of(2));
        assert_ne!(one.of(1), Secrets::new(b"two").of(1));
    }
}
