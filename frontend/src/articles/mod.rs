//! Help articles: the help centre for everybody, the editor for the team, and the reader that opens an
//! article over whatever else is being done.
//!
//! Invariant: an article's words are the server's rendering, and opening one in place never leaves the page
//! below. Other rooms call [`read`], [`says`] and [`open_in_place`] and place [`Suggestions`].

mod api;
mod article;
mod article_page;
mod articles_page;
mod categories_dialog;
mod editor;
mod editor_page;
mod editor_side;
mod help_page;
mod passage;
mod place;
mod reader;
mod revisions;
mod suggestions;
mod synonyms_dialog;
mod unsaved;
mod words;

pub use article_page::ArticlePage;
pub use articles_page::ArticlesPage;
pub use editor_page::EditorPage;
pub use help_page::HelpPage;
pub use passage::says;
pub use place::Place;
pub use reader::{Reader, open_in_place, read};
pub use suggestions::Suggestions;
