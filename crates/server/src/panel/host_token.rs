//! The token by which a website's server says who one of its people is.
//!
//! Invariant: it is signed by the secret of this moment and by HS256, for this desk, and for ten minutes at most.

use api_types::text::{EmailAddress, PersonName};
use garde::Validate;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::{auth::tokens::LEEWAY, state::State};

/// How far its two times may lie apart, in seconds.
const LONGEST: i64 = 10 * 60;

/// The longest name of a token.
const LONGEST_NAME: usize = 200;

/// What it says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// This desk's address.
    pub aud: Audience,
    pub email: EmailAddress,
    pub name: PersonName,
    /// For somebody who is new here: a language, perhaps with its country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When it was made, in seconds since 1970, as all its times.
    pub iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    pub exp: i64,
    /// Unlike that of every other token.
    pub jti: String,
}

/// Libraries write one audience as a word or as a list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Reads a token that is good now, but for having been used. Fails with what is wrong, for the log alone.
pub fn read(state: &State, now: Timestamp, token: &str) -> Result<Claims, String> {
    let generation = state.settings.now().panel_secret.ok_or("no secret was made yet")?;
    let key = DecodingKey::from_secret(state.panel.of(generation).as_bytes());
    let mut rules = Validation::new(Algorithm::HS256);
    // Times are compared below, by the server's own clock.
    rules.validate_exp = false;
    rules.set_audience(&[&state.public_url]);
    rules.set_required_spec_claims(&["aud"]);
    let read = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|error| error.to_string())?;
    if read.header.crit.is_some() {
        return Err("it wants something that nobody here understands".to_owned());
    }
    judge(&read.claims, now.as_second())?;
    Ok(read.claims)
}

fn judge(claims: &Claims, now: i64) -> Result<(), String> {
    let Claims { iat, exp, nbf, jti, .. } = claims;
    let faults = [
        (*exp <= now.saturating_sub(LEEWAY), "it has expired"),
        (*iat > now.saturating_add(LEEWAY), "it was made in the future"),
        (nbf.is_some_and(|nbf| nbf > now.saturating_add(LEEWAY)), "it is not good yet"),
        (exp.saturating_sub(*iat) > LONGEST, "it is good for more than ten minutes"),
        (jti.is_empty() || jti.len() > LONGEST_NAME, "its jti has not 1 to 200 characters"),
    ];
    if let Some((_, fault)) = faults.into_iter().find(|(is_so, _)| *is_so) {
        return Err(fault.to_owned());
    }
    claims.email.validate().map_err(|report| format!("its email is none: {report}"))?;
    claims.name.validate().map_err(|report| format!("its name is none: {report}"))
}

/// Signs a token, as a website's server does.
pub fn sign(secret: &str, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes()))
}
