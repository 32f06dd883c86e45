//! The team's hand on the assistant, on one ticket.

use api_types::assistant::{AssistantChange, AssistantMode, MutedBy};
use leptos::prelude::*;

use super::{
    api,
    on_ticket::OnTicket,
    words::{
        ASSISTANT, MODE_AUTO, MODE_DRAFT, MODE_OFF, MUTE, MUTED_BY_CREATOR, MUTED_BY_TEAM, NOW_MUTED, NOW_UNMUTED,
        STEERED, UNMUTE,
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
    let choices =
        derive(|| AssistantMode::ALL.iter().map(|it| Choice::new(it.as_str(), mode_words(*it))).collect::<Vec<_>>());
    let chosen = move |word: String| {
        if let Ok(mode) = word.parse::<AssistantMode>() {
            let change = AssistantChange { mode: Some(mode), muted: muted.get_untracked().is_some() };
            steer(here, change, (STEERED, mode_words(mode)));
        }
    };
    let turn = move |_| {
        let now = muted.get_untracked().is_some();
        let said = if now { NOW_UNMUTED } else { NOW_MUTED };
        let change = AssistantChange { mode: Some(mode.get_untracked()), muted: !now };
        steer(here, change, (said, said));
    };
    view! {
        <div class="steer">
            <Select label=ASSISTANT value=derive(move || mode.get().to_string()) choices chosen />
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
