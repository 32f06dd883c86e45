//! The assistant: it answers tickets from the help articles, and does nothing else.
//!
//! Invariant: it can add its own comment to the ticket that asked, no more. Whatever it says rests on quotes that code
//! has found in a published article, and is discarded when the ticket went on meanwhile.

mod answer;
mod case;
mod claims;
mod compose;
mod draft;
mod history;
mod ledger;
mod notice;
mod prompt;
pub mod reading;
mod routes;
mod secrets;
mod settings;
mod turn;
mod typography;
mod under_way;
mod verify;

use utoipa_actix_web::service_config::ServiceConfig;

pub use answer::answer;
pub use notice::notice;
pub use settings::{Limits, Settings};
pub use under_way::{IsAnswering, UnderWay, WaitingDraft, view};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::rate_answer)
        .service(routes::want_person)
        .service(routes::assist_ticket)
        .service(routes::publish_answer)
        .service(routes::drop_answer)
        .service(routes::list_answers);
}
