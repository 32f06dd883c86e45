//! What is being written in the editor, kept in this browser until the server has it.

use api_types::{articles::RevisionId, people::Locale};
use serde::{Deserialize, Serialize};

use crate::{session, storage};

#[derive(Default, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    pub title: String,
    pub body: String,
    /// The revision that was edited.
    pub based_on: Option<RevisionId>,
}

/// Where one language of one article is kept; `slug` is empty for an article that is not there yet.
pub fn place(slug: &str, locale: Locale) -> String {
    let mine = leptos::prelude::untrack(session::me).map(|me| session::drafts_of(&me)).unwrap_or_default();
    format!("{mine}article:{slug}:{locale}")
}

pub fn read(slug: &str, locale: Locale) -> Option<Unsaved> {
    storage::read(&place(slug, locale))
}
