//! Settings: how this desk differs from others, what everybody may know of it, and who changed it.
//!
//! Invariant: reading a setting asks no database: each process keeps the settings in force and hears within moments
//! when another one changes them.

mod history;
mod kept;
mod logo;
mod public;
mod routes;
mod topics;

use utoipa_actix_web::service_config::ServiceConfig;

pub use history::{record, take_turn};
pub use kept::{CHANNEL, InForce, Kept, follow};
pub use logo::{serve_logo, sweep as sweep_logos};
pub use topics::{change, load};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::get_settings)
        .service(routes::get_all_settings)
        .service(routes::update_settings)
        .service(routes::list_settings_changes)
        .service(logo::create_logo);
}
