//! Help articles: how they are cut, and how they are found.
//!
//! Invariant: only published text is found.

mod index;
pub mod passages;
mod plain;
mod question;
pub mod retrieve;
pub mod sentences;
pub mod synonyms;
pub mod words;
