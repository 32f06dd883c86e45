//! What a program does in others' names: tickets of customers, comments of the team.
//!
//! Invariant: it is told apart by its key, which goes into the activity beside the name, and it takes along only files
//! that its key's owner has uploaded.

mod named;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::create_ticket_on_behalf).service(routes::create_comment_on_behalf);
}
