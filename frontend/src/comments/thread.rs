//! The conversation, oldest first, opened at its end.
//!
//! Invariant: the reading position moves only for the reader: for what they send themselves, or when
//! they were at the end already. Otherwise a button says what is new below.

use std::time::Duration;

use api_types::comments::{CommentId, CommentView};
use leptos::{html, prelude::*};

use super::{
    comment::Comment,
    outbox::Outbox,
    unsent::UnsentComment,
    words::{CONVERSATION, NEW_BELOW},
};

use crate::{
    assistant::{OnTicket, Writing},
    erased::{each, effect, on, when},
};

/// So near to the end, in pixels, counts as being there.
const NEAR: i32 = 80;

/// A comment that has stood before the reader for so long counts as read.
const READING: Duration = Duration::from_secs(2);

#[component]
pub fn Thread(
    comments: RwSignal<Vec<CommentView>>,
    /// True once the whole thread is there.
    complete: RwSignal<bool>,
    outbox: Outbox,
    /// What stands above the conversation.
    children: Children,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let at_end = StoredValue::new(true);
    // How many comments of others the reader has not come to, and the first of them.
    let unseen = RwSignal::new(0_u32);
    let first_unseen = StoredValue::new(None::<CommentId>);
    let see = move |moment: Duration| {
        unseen.set(0);
        first_unseen.set_value(None);
        outbox.read_all(moment);
    };
    let to_end = move || {
        request_animation_frame(move || {
            if let Some(scroller) = scroller.try_get_untracked().flatten() {
                scroller.set_scroll_top(scroller.scroll_height());
            }
        });
    };
    let to_new = move |_| {
        let (first, scroller) = (first_unseen.get_value(), scroller.get_untracked());
        if let (Some(first), Some(scroller)) = (first, scroller) {
            let found = scroller.query_selector(&format!("[data-comment='{first}']"));
            if let Some(found) = found.ok().flatten() {
                found.scroll_into_view();
            }
            // The button goes; reading goes on from the conversation.
            drop(scroller.focus());
        }
        see(READING);
    };
    let scrolled = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            let left = scroller.scroll_height() - scroller.scroll_top() - scroller.client_height();
            at_end.set_value(left < NEAR);
            if left < NEAR && unseen.get_untracked() > 0 {
                see(READING);
            }
        }
    };
    let mut before = None;
    effect(move || {
        let count = comments.with(Vec::len);
        let known = before.replace(count).filter(|_| complete.get());
        let fresh = known.map_or(0, |known| count.saturating_sub(known));
        if known.is_none() || (fresh > 0 && at_end.get_value()) {
            see(if known.is_none() { Duration::ZERO } else { READING });
            to_end();
        } else {
            comments.with(|comments| {
                for comment in comments.iter().rev().take(fresh).rev().filter(|it| !it.mine) {
                    first_unseen.update_value(|first| *first = first.or(Some(comment.id)));
                    unseen.update(|unseen| *unseen += 1);
                }
            });
        }
    });
    let mut before = outbox.unsent.with_untracked(Vec::len);
    effect(move || {
        let count = outbox.unsent.with(Vec::len);
        // A message that failed grows by its reason.
        if before < count || at_end.get_value() {
            to_end();
        }
        before = count;
    });
    effect(move || {
        outbox.uploads.keys();
        // The box to answer in has grown or shrunk by a file.
        if at_end.get_value() {
            to_end();
        }
    });
    let assistant = OnTicket::here();
    effect(move || {
        // "The assistant is writing" comes and goes below the last comment.
        if assistant.is_some_and(OnTicket::writes) && at_end.get_value() {
            to_end();
        }
    });
    let ids = move || comments.with(|comments| comments.iter().map(|it| it.id.0).collect());
    let waiting = move || outbox.unsent.with(|unsent| unsent.iter().map(|it| it.id.0).collect());
    let comment = move |id| {
        let found = comments.with_untracked(|comments| comments.iter().find(|it| it.id.0 == id).cloned());
        found.map(|comment| view! { <Comment comment /> })
    };
    view! {
        <div class="thread">
            // A region that scrolls has to be reachable by keyboard.
            <div class="thread-scroll" node_ref=scroller on:scroll=on(scrolled) tabindex="0" role="region" aria-label=CONVERSATION>
                {children()}
                <div class="thread-log" role="log" aria-label=CONVERSATION>
                    {each(ids, comment)}
                    {each(waiting, move |id| view! { <UnsentComment outbox id=CommentId(id) /> })}
                </div>
                <Writing />
            </div>
            <div role="status">
                {when(move || unseen.get() > 0, move || view! {
                    <button class="button thread-new" type="button" on:click=on(to_new)>
                        {move || NEW_BELOW.of(unseen.get())}
                    </button>
                })}
            </div>
        </div>
    }
}
