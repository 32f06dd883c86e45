//! What the tests stand on.

pub mod actors;
pub mod app;
pub mod assistant;
pub mod client;
pub mod contract;
pub mod database;
pub mod files;
pub mod live;
pub mod model;
pub mod receiver;
pub mod s3;
pub mod smtp;

pub use actors::{Actor, at};
pub use app::App;
pub use client::{Answer, Caller};
pub use model::{Says, ScriptedModel};
pub use receiver::{Heard, Receiver, Replies};
