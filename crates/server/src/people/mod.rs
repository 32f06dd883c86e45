//! People: profiles, roles, and who is on the team.
//!
//! Invariant: there is always an active admin, once there was one.

mod confirm;
mod erasure;
mod person;
mod receipt;
mod routes;
mod unproved;

use utoipa_actix_web::service_config::ServiceConfig;

pub use erasure::{NOBODY, erase_rest};
pub use person::{NewPerson, Person};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::get_me)
        .service(routes::update_me)
        .service(routes::change_address)
        .service(routes::list_team)
        .service(routes::list_people)
        .service(routes::get_person)
        .service(routes::update_person)
        .service(routes::erase_person)
        .service(routes::list_erasures);
}
