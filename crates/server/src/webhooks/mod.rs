//! Webhooks: programs elsewhere that are told what happens on the desk.
//!
//! Invariant: a program is told at least once, under an id that stays, and only what everybody on a ticket may see. It
//! is reached through [`crate::outside::webhook`] alone, which goes to public addresses only.

mod deliver;
mod deliveries;
mod routes;
mod schedule;
mod secret;
mod tell;
mod webhook;

use utoipa_actix_web::service_config::ServiceConfig;

pub use deliver::{deliver, deliver_due};
pub use deliveries::sweep;
pub use secret::Secrets;
pub use tell::tell;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::list_webhooks)
        .service(routes::create_webhook)
        .service(routes::get_webhook)
        .service(routes::update_webhook)
        .service(routes::delete_webhook)
        .service(routes::renew_webhook_secret)
        .service(routes::test_webhook)
        .service(routes::list_deliveries)
        .service(routes::redeliver);
}
