//! The SLA: what the team promises, the hours in which it keeps it, and the clock that says how a ticket stands.
//!
//! Invariant: the clock is a pure function of what happened, the policy and now. What it needs beside a ticket's own
//! times is written with the change that it tells of, so that no list reads anything more.

mod account;
mod hours;
mod ledger;
mod measure;
mod policy;
mod preview;
mod routes;
#[cfg(test)]
mod testing;

use utoipa_actix_web::service_config::ServiceConfig;

pub use ledger::{Events, Ledger};
pub use policy::Policy;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::get_ticket_sla).service(routes::preview_sla);
}
