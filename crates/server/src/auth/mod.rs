//! Signing in and staying signed in.
//!
//! Invariant: no answer tells whether an address has an account, and a secret is stored only as its hash.

pub mod accounts;
pub mod api_key;
mod cookies;
pub mod extract;
pub mod links;
pub mod passwords;
pub mod quota;
mod routes;
pub mod scopes;
pub mod sessions;
pub mod throttle;
pub mod tokens;

use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;

pub use api_key::UsedKey;
pub use cookies::Place;
pub use extract::{Admin, CurrentUser, Lasting, OnBehalf, Opener, Reader, Team};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::register)
        .service(routes::verify)
        .service(routes::login)
        .service(routes::refresh)
        .service(routes::logout)
        .service(routes::forgot)
        .service(routes::reset)
        .service(routes::link)
        .service(routes::renew_link);
}

/// A secret of 256 random bits, in base64url.
pub fn new_secret() -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use rand::RngExt;
    BASE64_URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

/// How a secret is stored. It is random and long, so that a plain hash is enough.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
