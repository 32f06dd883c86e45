//! Mails, for admins: what was sent, what waits, and sending again what could not be.
//!
//! Invariant: nothing here shows what a mail says.

mod api;
mod given_up;
mod mail_row;
mod mails_page;
mod words;

pub use given_up::{any as any_given_up, watch as watch_given_up};
pub use mails_page::MailsPage;
pub use words::SOME_GIVEN_UP;
