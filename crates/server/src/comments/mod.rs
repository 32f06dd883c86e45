//! Comments: what customers and the team say on a ticket.
//!
//! Invariant: an internal note is never shown to, counted for or found by anybody outside the team.

mod comment;
mod export;
pub mod markdown;
mod routes;
mod unread;

use utoipa_actix_web::service_config::ServiceConfig;

pub use comment::{CommentRow, InsertComment};
pub use export::{Said, count, said};
pub use markdown::render_answer;
pub use unread::Unread;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::list_comments).service(routes::create_comment).service(routes::preview_markdown);
}
