//! What a text was before, newest first.
//!
//! Invariant: an old revision comes back by way of the editor; saving it makes it the newest, and nothing is
//! overwritten.

use std::sync::Arc;

use api_types::{articles::RevisionView, page::Page, people::Locale};
use leptos::prelude::*;

use super::{
    api,
    editor::Editor,
    words::{BY_COMMAND, CLOSE, LOOK, LOOK_AT, RESTORE, RESTORED_FROM, REVISION, REVISIONS, SEEN_BY_READERS},
};
use crate::{
    erased::{dynamic, effect, memo, on},
    ui::{Asking, Dialog, RelativeTime, draw, fetched, more, toast},
};

#[component]
pub fn Revisions(editor: Editor, shown: RwSignal<Option<RevisionView>>) -> impl IntoView {
    // Saved, published, taken back: each changes the list.
    let state = memo(move || editor.newest().map(|text| (text.revision.id, text.state)));
    fetched(move || {
        state.track();
        ask(editor.slug(), editor.locale.get(), String::new(), shown)
    })
}

fn ask(slug: String, locale: Locale, after: String, shown: RwSignal<Option<RevisionView>>) -> Asking {
    Box::pin(async move {
        let Page { items, next_cursor } = api::revisions(&slug, locale, &after).await?;
        let items: Arc<Vec<RevisionView>> = Arc::new(items);
        Ok(draw(move || {
            let lines: Vec<AnyView> = items.iter().map(|it| line(it, shown)).collect();
            let slug = slug.clone();
            let rest = more(next_cursor.clone(), move |after| ask(slug.clone(), locale, after, shown));
            if after.is_empty() {
                view! { <ol class="revisions">{lines} {rest}</ol> }.into_any()
            } else {
                view! { {lines} {rest} }.into_any()
            }
        }))
    })
}

fn line(revision: &RevisionView, shown: RwSignal<Option<RevisionView>>) -> AnyView {
    let number = revision.number.to_string();
    let by = revision.author.as_ref().map_or_else(|| BY_COMMAND.get().to_owned(), |author| author.name.clone());
    let opened = revision.clone();
    let published = revision.published.then(|| {
        view! {
            <span class="chip" data-status="resolved">
                {SEEN_BY_READERS}
            </span>
        }
    });
    let named = number.clone();
    view! {
        <li>
            <span>
                {move || REVISION.with(&number)} " "
                <span class="quiet">
                    <RelativeTime at=Signal::stored(revision.created_at) /> ", " {by}
                </span>
            </span>
            {published}
            <button
                class="button"
                data-kind="plain"
                data-size="small"
                type="button"
                aria-label=move || LOOK_AT.with(&named)
                on:click=on(move |_| shown.set(Some(opened.clone())))
            >
                {LOOK}
            </button>
        </li>
    }
    .into_any()
}

/// One revision as it was written.
#[component]
pub fn RevisionDialog(editor: Editor, shown: RwSignal<Option<RevisionView>>) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || {
        if shown.with(Option::is_some) {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() && shown.with_untracked(Option::is_some) {
            shown.set(None);
        }
    });
    view! {
        <Dialog open id="revision" title=REVISIONS>
            {dynamic(move || {
                shown
                    .get()
                    .map(|revision| {
                        let RevisionView { number, title, body_markdown, .. } = revision.clone();
                        let number = number.to_string();
                        let named = number.clone();
                        let restore = move |_| {
                            editor.restore(revision.clone());
                            open.set(false);
                            toast::say_about(RESTORED_FROM, &number);
                        };
                        view! {
                            <p class="quiet">{move || REVISION.with(&named)}</p>
                            <p>
                                <strong>{title}</strong>
                            </p>
                            // It scrolls, so the keyboard has to reach it.
                            <pre class="revision-text" tabindex="0">
                                {body_markdown}
                            </pre>
                            <div class="dialog-actions">
                                <button class="button" type="button" autofocus on:click=on(move |_| open.set(false))>
                                    {CLOSE}
                                </button>
                                <button class="button" data-kind="primary" type="button" on:click=on(restore)>
                                    {RESTORE}
                                </button>
                            </div>
                        }
                    })
            })}
        </Dialog>
    }
}
