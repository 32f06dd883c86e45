//! Access tokens: signed, short-lived, and checked against the account on every request.
//!
//! Invariant: a token alone proves nothing about now; role and state are read again within 5 seconds.

use api_types::people::PersonId;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use uuid::Uuid;

use crate::error::{AppError, Result};

/// How long an access token is good for, in seconds.
pub const LIFETIME: u32 = 15 * 60;

/// How far clocks may differ, in seconds.
pub const LEEWAY: i64 = 5;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The person.
    pub sub: PersonId,
    /// The session.
    pub sid: Uuid,
    /// The account's token version when it was made.
    pub ver: i32,
    /// Not before, in seconds since 1970.
    pub nbf: i64,
    /// Expires, in seconds since 1970.
    pub exp: i64,
}

/// The keys that sign access tokens.
#[derive(Clone)]
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    addresses: Hmac<Sha256>,
    api_keys: Hmac<Sha256>,
}

impl Keys {
    /// Derives the signing key from the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        let key = Sha256::new().chain_update(b"waggle access token").chain_update(secret).finalize();
        let mut validation = Validation::new(Algorithm::HS256);
        // Times are compared below, by the server's own clock.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let mac = |of: &[u8]| Hmac::new(&Sha512::new().chain_update(of).chain_update(secret).finalize());
        let (addresses, api_keys) = (mac(b"waggle sealed address"), mac(b"waggle api key"));
        let (encoding, decoding) = (EncodingKey::from_secret(&key), DecodingKey::from_secret(&key));
        Self { encoding, decoding, validation, addresses, api_keys }
    }

    /// Seals an address of this desk, for somebody who has no token at hand. What it allows, and until when, is part
    /// of what is sealed.
    pub fn seal(&self, address: &str) -> String {
        let mac = self.addresses.clone().chain_update(address);
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether an address was sealed here. It compares in constant time.
    pub fn has_sealed(&self, address: &str, seal: &str) -> bool {
        let mac = self.addresses.clone().chain_update(address);
        BASE64_URL_SAFE_NO_PAD.decode(seal).is_ok_and(|seal| mac.verify_slice(&seal).is_ok())
    }

    /// The secret part of an API key, 256 bits in base64, from the words that were drawn for it. Whoever knows the words
    /// and not the installation's secret knows nothing.
    pub fn api_key(&self, drawn: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.api_keys.clone().chain_update(drawn).finalize().into_bytes())
    }

    /// Makes a token that is good from now on.
    pub fn sign(&self, now: Timestamp, sub: PersonId, sid: Uuid, ver: i32) -> Result<String> {
        let nbf = now.as_second();
        let claims = Claims { sub, sid, ver, nbf, exp: nbf + i64::from(LIFETIME) };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(AppError::internal)
    }

    /// Reads a token that this installation signed and that is good now.
    pub fn read(&self, now: Timestamp, token: &str) -> Option<Claims> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let now = now.as_second();
        (claims.nbf - LEEWAY <= now && now < claims.exp + LEEWAY).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_is_good() {
        let keys = Keys::new(b"one");
        let seal = keys.seal("/exports/a?expires=1");
        assert!(keys.has_sealed("/exports/a?expires=1", &seal));
        assert!(!keys.has_sealed("/exports/a?expires=2", &seal));
        assert!(!keys.has_sealed("/exports/a?expires=1", &seal[1..]) && !keys.has_sealed("/exports/a?expires=1", ""));
        assert!(!Keys::new(b"two").has_sealed("/exports/a?expires=1", &seal));
    }

    #[test]
    fn a_token_is_good_for_its_time_and_its_key_only() {
        let keys = Keys::new(b"one");
        let made = Timestamp::from_second(1_000_000).unwrap();
        let token = keys.sign(made, PersonId::new(), Uuid::now_v7(), 0).unwrap();
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        assert!(keys.read(made, &token).is_some());
        assert!(keys.read(at(1_000_000 - 6), &token).is_none());
        assert!(keys.read(at(1_000_000 + 904), &token).is_some());
        assert!(keys.read(at(1_000_000 + 905), &token).is_none());
        assert!(Keys::new(b"two").read(made, &token).is_none());
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
        assert!(keys.read(made, &unsigned).is_none());
    }
}
