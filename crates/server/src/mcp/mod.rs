//! The desk for assistants elsewhere: tools over the Model Context Protocol, as streamable HTTP at `/mcp`.
//!
//! Whoever calls has an API key; nobody else's session opens it, so that no website can reach it with a visitor's
//! cookies. There are no sessions of its own: each request stands alone and is answered at once, by whichever process it
//! reaches.
//!
//! Invariant: a tool is a verb of another room under the scope of that verb's operation. It sees what the key's owner
//! sees, and tells no address of a file.

mod bridge;
mod desk;
mod said;
mod takes;
mod tools;

pub use bridge::{Service, serve_mcp};
