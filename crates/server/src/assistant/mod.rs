//! The assistant.
//!
//! Invariant: what it says stands in a published article.

pub mod reading;
