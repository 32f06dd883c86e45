//! The assistant: its answers with what they rest on, what people say of them, and how the team steers it.
//!
//! Invariant: an answer never stands without its sources and the caveat, and nothing here speaks in the
//! assistant's name. Other rooms provide [`OnTicket`] around a ticket and place the components.

mod answer_notes;
mod answers_page;
mod api;
mod draft_box;
mod entry;
mod on_ticket;
mod sources;
mod steer;
mod words;
mod writing;

pub use answer_notes::AnswerNotes;
pub use answers_page::AnswersPage;
pub use api::send_draft;
pub use draft_box::DraftBox;
pub use on_ticket::OnTicket;
pub use steer::Steer;
pub use words::{PERSON_WANTED, PERSON_WANTED_FILTER};
pub use writing::Writing;
