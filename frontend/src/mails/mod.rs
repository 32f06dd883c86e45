//! Mails, for admins: what was sent, what waits, and sending again what could not be.
//!
//! Invariant: nothing here shows what a mail says.

mod api;
mod mail_row;
mod mails_page;
mod words;

pub use mails_page::MailsPage;
