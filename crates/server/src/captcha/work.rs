//! The desk's own riddle: work that a browser does in a second and that is checked at once.
//!
//! Invariant: a riddle that this desk did not set, or set long ago, cannot be solved.

use std::collections::BTreeMap;

use altcha::{CreateChallengeOptions, VerifySolutionOptions, create_challenge, verify_solution};
use api_types::captcha::Challenge;
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use serde_json::json;
use sha2::Sha256;

use crate::error::{AppError, Result};

/// How long there is to solve it, and to write the rest of the form.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Some 0.3 ms a guess in a browser, of which it takes so many.
const COST: u32 = 1_000;
const GUESSES: std::ops::Range<u32> = 2_000..4_000;

/// When a riddle ends, by this desk's clock, in seconds since 1970.
const ENDS: &str = "ends";

/// What signs riddles and their solutions.
#[derive(Clone)]
pub struct Work {
    riddle: String,
    solution: String,
}

impl Work {
    /// Keys that follow from the desk's secret, so that every process knows the riddles of the others.
    pub fn new(secret: &[u8]) -> Self {
        let key = |what: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("any length will do"));
            mac.update(what.as_bytes());
            BASE64_STANDARD.encode(mac.finalize().into_bytes())
        };
        Self { riddle: key("captcha riddle"), solution: key("captcha solution") }
    }

    /// A new riddle.
    pub fn set(&self, now: Timestamp) -> Result<Challenge> {
        let ends = now.saturating_add(LIFETIME).unwrap_or(now).as_second();
        let challenge = create_challenge(CreateChallengeOptions {
            algorithm: "PBKDF2/SHA-256".to_owned(),
            cost: COST,
            counter: Some(rand::rng().random_range(GUESSES)),
            data: Some(BTreeMap::from([(ENDS.to_owned(), json!(ends))])),
            hmac_signature_secret: Some(self.riddle.clone()),
            hmac_key_signature_secret: Some(self.solution.clone()),
            ..CreateChallengeOptions::default()
        })
        .map_err(AppError::internal)?;
        Ok(Challenge {
            parameters: serde_json::to_value(challenge.parameters).map_err(AppError::internal)?,
            signature: challenge.signature.unwrap_or_default(),
        })
    }

    /// Whether an answer solves a riddle of this desk in time: what ALTCHA's widget sends, in base64.
    pub fn is_done(&self, now: Timestamp, answer: &str) -> bool {
        let read = || serde_json::from_slice::<altcha::Payload>(&BASE64_STANDARD.decode(answer).ok()?).ok();
        let Some(altcha::Payload { challenge, solution }) = read() else { return false };
        let ends = challenge.parameters.data.as_ref().and_then(|data| data.get(ENDS)?.as_i64());
        let verified = verify_solution(VerifySolutionOptions {
            hmac_key_signature_secret: Some(self.solution.clone()),
            ..VerifySolutionOptions::new(&challenge, &solution, &self.riddle)
        });
        ends.is_some_and(|ends| now.as_second() < ends) && verified.is_ok_and(|result| result.verified)
    }
}
