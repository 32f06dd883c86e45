//! Custom fields: what a desk asks for beside title and message, and what was answered.
//!
//! Invariant: an answer is checked when it is given and never afterwards: whatever becomes of its field, it stays and
//! is shown.

mod answers;
mod field;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub use answers::{Asked, Given, check, containing, view};
pub use field::{all, create};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::list_fields)
        .service(routes::create_field)
        .service(routes::get_field)
        .service(routes::update_field);
}
