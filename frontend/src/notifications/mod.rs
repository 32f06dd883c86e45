//! Notifications: what the bell tells, and when it has been seen.
//!
//! Invariant: other rooms place the [`Bell`] and call [`follow_ticket`] where a ticket is shown.

mod api;
mod bell;
mod entry;
mod seen;
mod told;
mod words;

pub use bell::Bell;
pub use seen::follow as follow_ticket;
