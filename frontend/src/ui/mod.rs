//! The building blocks of every page.
//!
//! Invariant: nothing in here knows a ticket, a comment or a person.

mod choice;
mod copied;
mod dialog;
mod empty_state;
mod fetched;
mod field;
mod form;
mod icon;
mod loading;
mod media;
mod page;
mod search_field;
mod time;
pub mod toast;
mod words;

pub use choice::{Choice, Select};
pub use copied::Copied;
pub use dialog::{Confirm, Dialog};
pub use empty_state::{EmptyState, FailureState};
pub use fetched::{Asking, Draw, draw, fetched, more};
pub use field::{TextArea, TextField};
pub use form::{Form, FormFailure, SubmitButton};
pub use icon::{Glyph, Icon};
pub use loading::{Skeleton, failed};
pub use media::wide_enough;
pub use page::{click, focus, focus_first_heading, focus_heading, is_typing_in, save, title_page};
pub use search_field::search_field;
pub use time::{Day, RelativeTime};
pub use words::{BACK, CANCEL, CLOSE, LOAD_MORE, OPTIONAL, RETRY};
