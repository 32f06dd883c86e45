//! Tickets: their life from opening to resolution.
//!
//! Invariant: resolved is final, and only the creator makes it so, after the team has replied.

mod answers;
mod archive;
mod by_answer;
mod change;
mod create;
mod department;
mod due;
mod form;
mod list;
mod policy;
mod routes;
mod save;
pub mod search;
mod sight;
mod stages;
mod team_routes;
mod ticket;
pub mod visitor;

use utoipa_actix_web::service_config::ServiceConfig;

pub use archive::archive_old;
pub use change::resume;
pub use due::{record_due, refresh_due, sla_changed};
pub use form::check as check_form;
pub use list::{Part, words_of};
pub use save::{With, Written};
pub use sight::Theirs;
pub use ticket::{NamedTicket, Ticket};
pub use visitor::open_waiting;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::list_tickets)
        .service(routes::summarise_tickets)
        .service(routes::create_ticket)
        .service(routes::get_ticket)
        .service(routes::delete_ticket)
        .service(routes::create_resolution)
        .service(team_routes::assign_ticket)
        .service(team_routes::prioritise_ticket)
        .service(team_routes::stage_ticket)
        .service(team_routes::move_ticket)
        .service(team_routes::set_ticket_fields)
        .service(team_routes::propose_resolution)
        .service(team_routes::archive_ticket)
        .service(team_routes::unarchive_ticket);
}
