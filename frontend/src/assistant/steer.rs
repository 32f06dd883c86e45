//! The team's hand on the assistant, on one ticket.

use api_types::assistant::{AssistantChange, AssistantMode, MutedBy};
use leptos::prelude::*;

use super::{
    api,
    on_ticket::OnTicket,
    words::{
        ASSISTANT, MODE_AUTO, MODE_DRAFT, MODE_OF_DESK, MODE_OFF, MUTE, MUTED_BY_CREATOR, MUTED_BY_TEAM, NOW_MUTED,
        NOW_UNMUTED, STEERED, UNMUTE,
    },
};
use crate::{
    erased::{derive, dynamic, memo, on, spawn},
    i18n::Words,
    ui::{self, Choice, Select, toast},
};

fn mode_words(mode: AssistantMode) -> Words {
    match mode {
        AssistantMode::Off => MODE_OFF,
        AssistantMode::Draft => MODE_DRAFT,
        AssistantMode::Auto => MODE_AUTO,
    }
}

#[component]
pub fn Steer() -> impl IntoView {
    OnTicket::here().map(|here| view! { <Hand here /> })
}

#[component]
fn Hand(here: OnTicket) -> impl IntoView {
    let mode = memo(move || here.with(|view| view.mode).unwrap_or(AssistantMode::Off));
    let muted = memo(move || here.with(|view| view.muted).flatten());
    let own_mode = memo(move || here.with(|view| view.own_mode.then_some(view.mode)).flatten());
    let choices = derive(|| {
        let mut choices = vec![Choice::new("", MODE_OF_DESK)];
        choices.extend(AssistantMode::ALL.iter().map(|it| Choice::new(it.as_str(), mode_words(*it))));
        choices
    });
    let chosen = move |word: String| {
        let mode = word.parse::<AssistantMode>().ok();
        let change = AssistantChange { mode, muted: muted.get_untracked().is_some() };
        steer(here, change, (STEERED, mode.map_or(MODE_OF_DESK, mode_words)));
    };
    let turn = move |_| {
        let now = muted.get_untracked().is_some();
        let said = if now { NOW_UNMUTED } else { NOW_MUTED };
        let change = AssistantChange { mode: own_mode.get_untracked(), muted: !now };
        steer(here, change, (said, said));
    };
    view! {
        <div class="steer">
            <Select label=ASSISTANT value=derive(move || own_mode.get().map(|mode| mode.to_string()).unwrap_or_default()) choices chosen />
            {dynamic(move || {
                (mode.get() != AssistantMode::Off)
                    .then(|| {
                        let why = muted
                            .get()
                            .map(|by| match by {
                                MutedBy::Team => MUTED_BY_TEAM,
                                MutedBy::Creator => MUTED_BY_CREATOR,
                            });
                        let label = if why.is_some() { UNMUTE } else { MUTE };
                        view! {
                            {why.map(|words| view! { <p class="quiet">{words}</p> })}
                            <button class="button" data-kind="plain" data-size="small" type="button" on:click=on(turn)>
                                {label}
                            </button>
                        }
                    })
            })}
        </div>
    }
}

fn steer(here: OnTicket, change: AssistantChange, (said, what): (Words, Words)) {
    spawn(async move {
        match api::steer(here.ticket, change).await {
            Ok(view) => {
                here.changed.try_run(view);
                toast::say_about(said, untrack(|| what.get()));
            }
            Err(failure) => ui::failed(&failure),
        }
    });
}
