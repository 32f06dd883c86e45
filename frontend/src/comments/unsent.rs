//! A message on its way: shown at once, then confirmed, or kept with a way to try again.

use api_types::comments::CommentId;
use leptos::prelude::*;

use super::{
    comment::InternalMark,
    comment_form::focus_box,
    outbox::{Outbox, Sending, Unsent},
    words::{EDIT, FAILED, NOT_YET, RETRY, SEND_ANYWAY, SENDING, YOU},
};
use crate::{
    attachments::{self, Attached, UnsentFiles},
    erased::{dynamic, memo, on, when},
};

#[component]
pub fn UnsentComment(outbox: Outbox, id: CommentId) -> impl IntoView {
    let found = move || outbox.unsent.with(|unsent| unsent.iter().find(|it| it.id == id).cloned());
    let state = memo(move || found().map_or(Sending::Now, |it| it.state));
    let Some(Unsent { message, internal, files, .. }) = untrack(found) else {
        return ().into_any();
    };
    let (seen, unseen): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.view.is_some());
    let seen = seen.into_iter().filter_map(|file| file.view).collect();
    let reason = move || match state.get() {
        Sending::Now => None,
        Sending::Failed(failure) => Some(attachments::explain(&failure)),
        Sending::Unknown => Some(NOT_YET),
    };
    let again = move || if state.with(Sending::is_overtaken) { SEND_ANYWAY } else { RETRY };
    view! {
        <article class="comment" data-mine="true" data-internal=internal.to_string() data-unsent="true">
            <header class="comment-head">
                <span class="author">
                    <span class="badge" data-author="me">
                        {YOU}
                    </span>
                </span>
                {internal.then(|| view! { <InternalMark /> })}
                {when(move || state.get() == Sending::Now, move || view! {
                    <span class="quiet">{SENDING}</span>
                })}
            </header>
            <div class="prose" data-plain>
                {message}
            </div>
            <Attached files=seen />
            <UnsentFiles files=unseen />
            {dynamic(move || {
                reason()
                    .map(|reason| {
                        view! {
                            <p class="comment-failed" role="alert">
                                <span>
                                    <strong>{FAILED}</strong>
                                    " "
                                    {reason}
                                </span>
                                <button class="button" data-size="small" type="button" on:click=on(move |_| outbox.retry(id))>
                                    {again()}
                                </button>
                                <button
                                    class="button"
                                    data-kind="plain"
                                    data-size="small"
                                    type="button"
                                    on:click=on(move |_| {
                                        outbox.edit(id);
                                        focus_box();
                                    })
                                >
                                    {EDIT}
                                </button>
                            </p>
                        }
                    })
            })}
        </article>
    }
    .into_any()
}
