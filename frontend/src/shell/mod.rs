//! What stands around every page: the header, its switches, the page for what is not there.

mod header;
mod language_switch;
mod not_found_page;
mod offline;
mod theme_switch;
mod wayfinder;
mod words;

pub use header::{Header, Mark};
pub use language_switch::LanguageSwitch;
pub use not_found_page::NotFoundPage;
pub use offline::Offline;
pub use theme_switch::ThemeSwitch;
pub use wayfinder::Wayfinder;
