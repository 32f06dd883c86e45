//! The outside world, each part an enum of the real thing and its stand-ins.
//!
//! Invariant: what is outside may be slow, absent or wrong, and no request waits for it.

pub mod files;
pub mod judge;
pub mod mail;
pub mod mailbox;
pub mod model;
pub mod webhook;
