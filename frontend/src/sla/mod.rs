//! The SLA on the page: how long a ticket has waited, how it stands against what is promised, and why.
//!
//! Invariant: the time since creation is always there; what is promised stands beside it. Each is an icon and words,
//! never colour alone.

mod chip;
mod standing;
mod why;
mod words;

pub use chip::{elapsed, standing_chip, targets};
pub use standing::standing;
pub use why::Why;
