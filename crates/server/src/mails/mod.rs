//! Mails: what the desk writes to people, from the moment it is asked for until a mail server has taken it.
//!
//! Invariant: every mail is a row before it is sent, and its Message-ID is the row's id: sent twice, it is the same
//! mail.

mod layout;
mod link;
mod list;
mod notice;
mod outbox;
mod routes;
mod send;
mod thread;

use utoipa_actix_web::service_config::ServiceConfig;

pub use outbox::{To, bury, confirm_opened, gather, hand_over, hold_of_ticket, queue, sweep};
pub use send::send;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::list_mails).service(routes::resend_mail);
}
