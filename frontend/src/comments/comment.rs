//! One comment of a thread.
//!
//! Invariant: `inner_html` takes the server's cleaned `body_html` and nothing else.

use api_types::comments::CommentView;
use leptos::prelude::*;

use super::{
    badge::Badge,
    words::{INTERNAL, INTERNAL_HINT},
};
use crate::{
    articles,
    assistant::AnswerNotes,
    attachments::Attached,
    erased::on,
    ui::{Glyph, Icon, RelativeTime},
};

#[component]
pub fn Comment(comment: CommentView) -> impl IntoView {
    let notes = comment.ai.map(|answer| view! { <AnswerNotes id=comment.id answer said=comment.body_markdown />  });
    view! {
        <article class="comment" data-comment=comment.id.to_string() data-mine=comment.mine.to_string() data-internal=comment.internal.to_string()>
            <header class="comment-head">
                <Badge author=comment.author mine=comment.mine />
                {comment.internal.then(|| view! { <InternalMark /> })}
                <RelativeTime at=Signal::stored(comment.created_at) />
            </header>
            <div class="prose" on:click=on(articles::open_in_place) inner_html=comment.body_html></div>
            <Attached files=comment.attachments />
            {notes}
        </article>
    }
}

/// Yellow says it to the eye; these words say it to everybody.
#[component]
pub fn InternalMark() -> impl IntoView {
    view! {
        <span class="internal-mark">
            <Icon glyph=Glyph::Lock />
            <strong>{INTERNAL}</strong>
            <span class="internal-hint">", " {INTERNAL_HINT}</span>
        </span>
    }
}
