//! What stands under an assistant's comment: its sources, the caveat, and what its reader says of it.

use api_types::{
    assistant::{AiAnswer, MutedBy, Outcome},
    comments::CommentId,
};
use leptos::prelude::*;

use super::{
    api,
    on_ticket::OnTicket,
    sources::sources,
    words::{CAVEAT, HELPED, IT_HELPED, NEED_PERSON, PERSON_ASKED, THANKS},
};
use crate::{
    erased::{dynamic, memo, on, spawn, when},
    ui::{self, Glyph, Icon},
};

#[component]
pub fn AnswerNotes(
    id: CommentId,
    answer: AiAnswer,
    /// The answer itself.
    said: String,
) -> impl IntoView {
    let AiAnswer { outcome, sources: found, helpful } = answer;
    view! {
        <footer class="answer-notes">
            {sources(outcome, &found, &said)}
            <p class="caveat">{CAVEAT}</p>
            {OnTicket::here().map(|here| view! { <Opinion here id outcome helpful=helpful == Some(true) /> })}
        </footer>
    }
}

#[component]
fn Opinion(here: OnTicket, id: CommentId, outcome: Outcome, helpful: bool) -> impl IntoView {
    let helped = RwSignal::new(helpful);
    let busy = RwSignal::new(false);
    let say = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn(async move {
            match api::say_helpful(id).await {
                Ok(()) => drop(helped.try_set(true)),
                Err(failure) => ui::failed(&failure),
            }
            busy.try_set(false);
        });
    };
    let ask = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn(async move {
            match api::want_person(here.ticket).await {
                Ok(view) => drop(here.changed.try_run(view)),
                Err(failure) => ui::failed(&failure),
            }
            busy.try_set(false);
        });
    };
    let is_latest = move || here.latest.get() == Some(id);
    let asked = memo(move || here.with(|it| it.person_wanted || it.muted == Some(MutedBy::Creator)).unwrap_or(false));
    // Once the team has answered, a person is there.
    let silent = memo(move || here.with(|it| it.muted.is_some()).unwrap_or(false));
    let may_say = move || here.may_ask.get() && outcome == Outcome::Answered && !helped.get();
    let may_ask = move || here.may_ask.get() && is_latest() && !asked.get() && !silent.get();
    view! {
        <div class="opinion" role="status">
            {when(move || helped.get(), move || dynamic(move || {
                let words = if here.creator.get() { THANKS } else { IT_HELPED };
                view! {
                    <span class="opinion-said">
                        <Icon glyph=Glyph::Check />
                        {words}
                    </span>
                }
            }))}
            {when(may_say, move || view! {
                <button class="button" data-size="small" type="button" on:click=on(say)>
                    {HELPED}
                </button>
            })}
            {when(may_ask, move || view! {
                <button class="button" data-size="small" type="button" on:click=on(ask)>
                    {NEED_PERSON}
                </button>
            })}
            {when(move || here.creator.get() && is_latest() && asked.get(), || view! {
                <span class="opinion-said">
                    <Icon glyph=Glyph::User />
                    {PERSON_ASKED}
                </span>
            })}
        </div>
    }
}
