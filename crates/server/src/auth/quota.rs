//! How many requests somebody may send: a person with their own keys, each key or, of strangers, their network.
//!
//! Invariant: it is counted in this process's memory, so that a request too many costs the database nothing; several
//! processes allow several times as many.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use api_types::{api_keys::ApiKeyId, people::PersonId};
use governor::{
    RateLimiter,
    clock::{Clock as _, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::keyed::HashMapStateStore,
};

use super::{extract, scopes, throttle};
use crate::{clock::Clock, error::AppError, state::State};

pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
pub const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// After so many requests those who have been still for a while are forgotten.
const TIDY: u32 = 10_000;

const MINUTE: u32 = 60;

/// Whose requests are counted together, and whose keys are told apart. Each request to the API has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    Person(PersonId),
    Key(ApiKeyId),
    Network(String),
    /// A network's look-ups of keys that are not known here, which are nobody's requests yet.
    Tokens(String),
}

/// What is told to whoever asked, on each answer.
#[derive(Clone, Debug)]
pub struct Standing {
    pub policy: HeaderValue,
    pub left: HeaderValue,
}

/// So many requests a minute, all of them at once or spread, and none after them before there is room again.
#[derive(Default)]
pub struct Quota(Option<Counted>);

struct Counted {
    per_minute: NonZeroU32,
    policy: HeaderValue,
    limiter: RateLimiter<Whose, HashMapStateStore<Whose>, Time, StateInformationMiddleware>,
    since_tidied: AtomicU32,
}

/// The server's clock, as the limiter wants it.
#[derive(Clone, Debug)]
struct Time(Clock);

impl governor::clock::Clock for Time {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let since_epoch = self.0.now().as_duration();
        Nanos::from(Duration::try_from(since_epoch).unwrap_or_default())
    }
}

impl Quota {
    /// Zero: as many as somebody likes.
    pub fn new(per_minute: u32, clock: Clock) -> Self {
        Self(NonZeroU32::new(per_minute).map(|per_minute| Counted {
            per_minute,
            policy: header(format!("\"default\";q={per_minute};w={MINUTE}")),
            limiter: RateLimiter::new(
                governor::Quota::per_minute(per_minute),
                HashMapStateStore::default(),
                Time(clock),
            ),
            since_tidied: AtomicU32::new(0),
        }))
    }

    /// Counts what is asked of the database before it is known who asks, and refuses it if it is once too many.
    pub fn spend(&self, whose: Whose) -> Result<(), AppError> {
        self.count(&whose).and_then(|(_, wait)| wait).map_or(Ok(()), |seconds| Err(AppError::too_many(seconds)))
    }

    /// Counts a request. Tells what is left, and how many seconds to wait if it is one too many.
    fn count(&self, whose: &Whose) -> Option<(Standing, Option<i64>)> {
        let counted = self.0.as_ref()?;
        if counted.since_tidied.fetch_add(1, Ordering::Relaxed) == TIDY {
            counted.since_tidied.store(0, Ordering::Relaxed);
            counted.limiter.retain_recent();
            counted.limiter.shrink_to_fit();
        }
        let (left, wait) = match counted.limiter.check_key(whose) {
            Ok(snapshot) => (snapshot.remaining_burst_capacity(), None),
            Err(refusal) => {
                let wait = refusal.earliest_possible().duration_since(counted.limiter.clock().now());
                (0, Some(seconds(wait)))
            }
        };
        // So long until all of it is there again.
        let spent = counted.per_minute.get().saturating_sub(left);
        let full = (u64::from(spent) * u64::from(MINUTE)).div_ceil(u64::from(counted.per_minute.get()));
        let left = header(format!("\"default\";r={left};t={full}"));
        Some((Standing { policy: counted.policy.clone(), left }, wait))
    }
}

/// Lets a request to the API through while its sender's quota lasts.
pub async fn hold(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // As the routes read it, however it was written.
    let path = request.match_info().as_str();
    let is_counted = path.starts_with("/api/") || path == scopes::MCP_PATH;
    let state = request.app_data::<web::Data<State>>().filter(|_| is_counted);
    let counted = state.and_then(|state| {
        let (whose, beside) = extract::asking(request.request())
            .unwrap_or_else(|| (Whose::Network(throttle::network(state, request.request())), None));
        let counted = state.quota.count(&whose);
        let beside = beside.and_then(|beside| state.quota.count(&beside)).filter(|(_, wait)| wait.is_some());
        request.extensions_mut().insert(whose);
        beside.or(counted)
    });
    if let Some((standing, wait)) = counted {
        request.extensions_mut().insert(standing);
        if let Some(seconds) = wait {
            return Ok(request.error_response(AppError::too_many(seconds)).map_into_right_body());
        }
    }
    if let Some(refused) = extract::refused(request.request()) {
        return Ok(request.error_response(refused).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

fn seconds(wait: Nanos) -> i64 {
    i64::try_from(Duration::from(wait).as_millis().div_ceil(1000)).unwrap_or(i64::MAX)
}

/// What is made here is visible ASCII.
fn header(words: String) -> HeaderValue {
    HeaderValue::try_from(words).unwrap_or_else(|_| HeaderValue::from_static(""))
}
