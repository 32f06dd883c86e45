//! The assistant: it answers tickets from the help articles, and does nothing else.
//!
//! Invariant: it can add its own comment to the ticket that asked, no more. Whatever it says rests on quotes that code
//! has found in a published article, and is discarded when the ticket went on meanwhile.

pub mod reading;
mod settings;

pub use settings::Settings;
