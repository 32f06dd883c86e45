//! Help articles: how they are cut, and how they are found.
//!
//! Invariant: only published text is found.

pub mod passages;
mod plain;
pub mod sentences;
