//! Comments: the thread of a ticket and the box to answer in.
//!
//! Invariant: what was written is on the screen and in this browser until the server has it. Other
//! rooms call [`start_writing`] and [`rest_of_thread`] and place the components.

mod api;
mod badge;
mod comment;
mod comment_form;
mod outbox;
mod thread;
mod unsent;
mod words;

pub use api::rest_of_thread;
pub use comment_form::{CommentForm, start_writing};
pub use outbox::Outbox;
pub use thread::Thread;
