//! Live: whoever has a page open hears that something changed, and asks for it.
//!
//! Invariant: a stream carries hints and nothing to read; what a reader may see is decided where they ask. Nobody
//! who does not read is buffered for.
//!
//! A reaction announces changes through Postgres, every process listens on one connection, and each keeps what it
//! heard last, so that a reader who comes back to any of them misses nothing.

mod announce;
mod change;
mod hub;
mod listener;
mod outlet;
mod presence;
mod recent;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub use announce::{announce, announce_people, announce_revoked};
pub use hub::{Live, Pace};
pub use listener::listen;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::open_live).service(routes::attend_ticket);
}
