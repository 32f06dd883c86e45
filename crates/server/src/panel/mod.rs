//! The panel: the support page inside somebody else's website, and how that website signs its people in.
//!
//! Invariant: it opens in no website but those that an admin named, and nobody of the team comes in through it.

mod demo_host;
mod frame;
mod host_token;
mod routes;
mod script;
mod secret;
mod spent;

use utoipa_actix_web::service_config::ServiceConfig;

pub use demo_host::{serve_demo_style, serve_demo_token, show_demo_host};
pub use frame::{framers, page_inside};
pub use script::serve_script;
pub use secret::{Secrets, generation, renew};
pub use spent::sweep;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::sign_in_host_user).service(routes::create_panel_secret);
}
