//! Who speaks: a badge and a name for the eye, the server's label for everybody else.

use api_types::comments::{Author, AuthorKind};
use leptos::prelude::*;

use super::words::{AI, CUSTOMER, TEAM, YOU};

#[component]
pub fn Badge(author: Author, mine: bool) -> impl IntoView {
    let (kind, words) = match (mine, author.kind) {
        (true, _) => ("me", YOU),
        (_, AuthorKind::Admin) => ("team", TEAM),
        (_, AuthorKind::Ai) => ("ai", AI),
        (_, AuthorKind::User) => ("customer", CUSTOMER),
    };
    view! {
        <span class="author">
            <span class="hidden">{author.label}</span>
            <span class="author-name" aria-hidden="true">
                {author.name}
            </span>
            <span class="badge" data-author=kind aria-hidden="true">
                {words}
            </span>
        </span>
    }
}
