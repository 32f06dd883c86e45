//! How often something may be tried, counted in Postgres, so that it holds across processes and restarts.
//!
//! Invariant: a stranger who fails can slow down a password sign-in, never a mailed link: the owner of the
//! address always has a way in.

use std::net::IpAddr;

use actix_web::HttpRequest;
use db::AsyncPgConnection;
use diesel::{
    prelude::*,
    sql_types::{Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use crate::{
    error::{AppError, Result},
    state::State,
};

/// So many attempts in so many seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub attempts: i32,
    pub seconds: i64,
}

/// Password attempts on one account from one network.
pub const LOGIN_HERE: Limit = Limit { name: "login-here", attempts: 10, seconds: 15 * 60 };
/// Password attempts on one account from anywhere: slows a guess that comes from many networks.
pub const LOGIN_ACCOUNT: Limit = Limit { name: "login-account", attempts: 100, seconds: 60 * 60 };
/// Password attempts from one network.
pub const LOGIN_NETWORK: Limit = Limit { name: "login-network", attempts: 200, seconds: 15 * 60 };
/// Registrations, links and resets asked for from one network.
pub const MAIL_NETWORK: Limit = Limit { name: "mail-network", attempts: 60, seconds: 60 * 60 };
/// Links and resets mailed to one address.
pub const MAIL_ADDRESS: Limit = Limit { name: "mail-address", attempts: 5, seconds: 60 * 60 };
/// First mails to an address that nobody has confirmed.
pub const FIRST_MAIL: Limit = Limit { name: "first-mail", attempts: 1, seconds: 24 * 60 * 60 };
/// Current passwords tried by somebody who is signed in.
pub const OWN_PASSWORD: Limit = Limit { name: "own-password", attempts: 10, seconds: 15 * 60 };
/// API keys that one person makes.
pub const KEYS: Limit = Limit { name: "keys", attempts: 200, seconds: 24 * 60 * 60 };
/// Tokens of websites that were no good, from one network. Of their own: one website's mistake keeps nobody from a
/// mailed link.
pub const HOST_TOKENS_NETWORK: Limit = Limit { name: "host-tokens-network", attempts: 60, seconds: 15 * 60 };
/// Tokens and codes tried from one network.
pub const TOKENS_NETWORK: Limit = Limit { name: "tokens-network", attempts: 60, seconds: 15 * 60 };

#[derive(QueryableByName)]
struct Window {
    #[diesel(sql_type = Integer)]
    hits: i32,
    #[diesel(sql_type = Timestamptz)]
    window_start: jiff_diesel::Timestamp,
}

/// Counts one attempt of `whom`. Tells how many seconds to wait if it is one too many.
pub async fn count(conn: &mut AsyncPgConnection, now: Timestamp, limit: Limit, whom: &str) -> Result<Option<i64>> {
    let oldest = now.saturating_sub(SignedDuration::from_secs(limit.seconds)).unwrap_or(now);
    let window: Window = db::prepared(
        "insert into throttles (key, window_start, hits) values ($1, $2, 1)
         on conflict (key) do update set
             hits = case when throttles.window_start <= $3 then 1 else throttles.hits + 1 end,
             window_start = case when throttles.window_start <= $3 then $2 else throttles.window_start end
         returning hits, window_start",
    )
    .bind::<Text, _>(format!("{}:{whom}", limit.name))
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(oldest.to_diesel())
    .get_result(conn)
    .await?;
    let waited = now.duration_since(window.window_start.to_jiff()).as_secs();
    Ok((window.hits > limit.attempts).then(|| (limit.seconds - waited).max(1)))
}

/// Counts one attempt and refuses it with 429 if it is one too many.
pub async fn enforce(conn: &mut AsyncPgConnection, now: Timestamp, limit: Limit, whom: &str) -> Result<()> {
    match count(conn, now, limit, whom).await? {
        None => Ok(()),
        Some(seconds) => {
            tracing::warn!(limit = limit.name, "throttled");
            Err(AppError::too_many(seconds))
        }
    }
}

/// Drops the windows that have passed.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    use db::schema::throttles;
    let day_ago = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    diesel::delete(throttles::table.filter(throttles::window_start.lt(day_ago.to_diesel()))).execute(conn).await?;
    Ok(())
}

/// The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address, which is what
/// one subscriber holds.
pub fn network(state: &State, request: &HttpRequest) -> String {
    let forwarded = state.behind_proxy.then(|| {
        // The last entry is the one that our own proxy wrote.
        let header = request.headers().get_all("x-forwarded-for").last()?.to_str().ok()?;
        header.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    });
    let address = forwarded.flatten().or_else(|| request.peer_addr().map(|peer| peer.ip()));
    address.map(prefix).unwrap_or_default()
}

fn prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_network() {
        let network = |text: &str| prefix(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
