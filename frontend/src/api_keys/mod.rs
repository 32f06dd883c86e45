//! API keys: one's own in the account, and for admins everybody's beside the settings.
//!
//! Invariant: a token is in a page's memory while its dialog is open, and nowhere else.

mod api;
mod key_form;
mod key_list;
mod words;

pub use key_list::{desk_keys, own_keys};
