//! Attachments: the files that people send with what they say.
//!
//! Invariant: a file is its uploader's alone until it stands on a comment, is seen by exactly those who see that
//! comment, and goes when its ticket goes.

mod attachment;
mod claim;
mod erase;
mod nature;
mod routes;
mod serve;
mod store;
mod thumbnail;
mod upload;

use utoipa_actix_web::service_config::ServiceConfig;

pub use attachment::Attachment;
pub use claim::Claim;
pub use erase::{
    Found, erase, erase_stored, erase_unless_kept, erase_waiting_of, erase_with_ticket, kept, sweep, sweep_store,
};
pub use serve::serve_file;
pub use store::{Given, store};
pub use thumbnail::{Drawn, draw_in_turn};
pub use upload::Slots;

/// What an upload has to keep to.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The largest file, in bytes.
    pub max_size: u64,
    /// All files of one person together, in bytes.
    pub quota: u64,
    /// How long an upload may go without a byte.
    pub patience: std::time::Duration,
}

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::create_attachment)
        .service(routes::get_upload_limits)
        .service(routes::get_attachment)
        .service(routes::delete_attachment);
}
