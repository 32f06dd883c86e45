//! An answer that waits for the team: to be sent as it is, put into other words, or dropped.
//!
//! Invariant: nobody but the team sees it, and words that somebody changed go out in their own name.

use api_types::{
    assistant::{AnswerDraft, AnswerId},
    error::ErrorCode,
};
use leptos::prelude::*;

use super::{
    api,
    on_ticket::OnTicket,
    sources::sources,
    words::{DRAFT, DRAFT_HINT, DROP, DROPPED, EDIT, SEND, SENT},
};
use crate::{
    api::Failure,
    articles,
    erased::{dynamic, memo, on, spawn},
    i18n::Words,
    ui::{self, Glyph, Icon, toast},
};

/// `edit` takes a draft's words into the box to answer in.
#[component]
pub fn DraftBox(#[prop(into)] edit: Callback<(AnswerId, String)>) -> impl IntoView {
    let Some(here) = OnTicket::here() else { return ().into_any() };
    let draft = memo(move || here.with(|view| view.draft.clone()).flatten());
    dynamic(move || draft.get().map(|draft| waiting(here, draft, edit)))
}

fn waiting(here: OnTicket, draft: AnswerDraft, edit: Callback<(AnswerId, String)>) -> AnyView {
    let AnswerDraft { id, body_markdown, body_html, outcome, sources: found, .. } = draft;
    let words = body_markdown.clone();
    let busy = RwSignal::new(false);
    let act = move |kept: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn(async move {
            let answer = if kept { api::send_draft(id, None).await.map(drop) } else { api::drop_draft(id).await };
            settle(here, answer, if kept { SENT } else { DROPPED });
            busy.try_set(false);
        });
    };
    view! {
        <section class="draft" aria-label=DRAFT>
            <p class="draft-head">
                <Icon glyph=Glyph::Lock />
                <strong>{DRAFT}</strong>
                <span>", " {DRAFT_HINT}</span>
            </p>
            // It scrolls, so the keyboard has to reach it.
            <div class="draft-body" tabindex="0" role="region" aria-label=DRAFT>
                <div class="prose" on:click=on(articles::open_in_place) inner_html=body_html></div>
                {sources(outcome, &found, &body_markdown)}
            </div>
            <div class="draft-acts">
                <button class="button" data-kind="primary" data-size="small" type="button" on:click=on(move |_| act(true))>
                    {SEND}
                </button>
                <button
                    class="button"
                    data-size="small"
                    type="button"
                    on:click=on(move |_| edit.run((id, words.clone())))
                >
                    {EDIT}
                </button>
                <button class="button" data-kind="plain-danger" data-size="small" type="button" on:click=on(move |_| act(false))>
                    {DROP}
                </button>
            </div>
        </section>
    }
    .into_any()
}

fn settle(here: OnTicket, answer: Result<(), Failure>, said: Words) {
    match answer {
        Ok(()) => toast::say(said),
        Err(failure) => {
            ui::failed(&failure);
            // A draft that somebody else has settled goes; any other stays.
            if failure.code() != Some(ErrorCode::AnswerSettled) {
                return;
            }
        }
    }
    here.stale.try_run(());
}
