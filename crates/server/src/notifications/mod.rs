//! Notifications: what happened on the tickets that somebody watches, for the bell and for mail.
//!
//! Invariant: one per person and change, none for one's own doing, and none for who may not see the ticket.

mod list;
mod routes;
mod tell;

use utoipa_actix_web::service_config::ServiceConfig;

pub use list::sweep;
pub use tell::tell;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::list_notifications).service(routes::read_notifications);
}
