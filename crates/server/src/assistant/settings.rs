//! How the assistant of a desk works.
//!
//! Invariant: its limits are read once at start; its mode and its name are an admin's to change.

use api_types::assistant::AssistantMode;
use jiff::SignedDuration;

#[derive(Clone, Debug)]
pub struct Settings {
    pub mode: AssistantMode,
    /// Its comments are signed with it.
    pub name: String,
    pub limits: Limits,
}

/// What it may spend.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So many answers a day may ask the model.
    pub daily_budget: u32,
    /// So many answers on one ticket may ask the model.
    pub ticket_budget: u32,
    /// It answers when the creator has been quiet for so long, so that quick comments are one turn.
    pub quiet: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { mode: AssistantMode::Auto, name: "Waggle".to_owned(), limits: Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { daily_budget: 500, ticket_budget: 20, quiet: SignedDuration::from_millis(700) }
    }
}
