//! Webhooks, for admins: which programs are told what, and what came of it. One of the topics of the settings.
//!
//! Invariant: a secret is on the page only until the reader leaves it.

mod editor;
mod list;
mod log;
mod standing;
mod words;

pub use list::page;
pub use words::{ADDRESS, DESCRIPTION, EVENTS, WEBHOOKS, WEBHOOKS_LEAD};

/// Where the API has them.
const PATH: &str = "/webhooks";

/// What the settings call them.
const TOPIC: &str = "webhooks";
