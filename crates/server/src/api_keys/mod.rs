//! API keys: making, listing and revoking them.
//!
//! What a key is and what ends it is told in [`crate::auth::api_key`]; what it may do in [`crate::auth::scopes`].
//!
//! Invariant: a key is made and revoked by a person who has signed in, never by a key, and its token is told once.

mod key;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub use key::{end_all, end_of_kind};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::list_api_keys).service(routes::create_api_key).service(routes::delete_api_key);
}
