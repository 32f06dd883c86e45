//! The admin's pages of settings: one for each topic, with a look at what it does, and the history of changes.
//!
//! Invariant: a topic is edited as the JSON that the server keeps, so that a part, its refusal and its history share one
//! name. What can be changed is a line in a table wherever a line can say it.

pub mod api;
mod brand;
mod choices;
pub mod control;
mod departments;
mod difference;
pub mod draft;
mod field_editor;
mod fields;
mod form;
mod history;
mod hours;
pub mod json;
mod looks;
pub mod page;
pub mod panel;
mod sample;
pub mod sheet;
mod sla;
pub mod spec;
mod things;
mod topics;
mod welcome;
pub mod words;

pub use page::SettingsPage;
