//! One entry of the ledger: a line, and all of it below.

use api_types::assistant::{AnswerEntry, AnswerState, Outcome, PassageEntry};
use leptos::prelude::*;

use super::words::{
    ANSWERED, CHECKED, DISCARDED, DRAFTED, DROPPED_ONE, EDITED, FAILED, FEEDBACK, FEEDBACK_BAD, FEEDBACK_GOOD,
    FEEDBACK_NONE, MODEL, NO_MODEL, NO_PASSAGES, NOT_COVERED, PASSAGES, PROMPT, PUBLISHED, REASON, SUPPORTED, TICKET,
    TOKENS, TOOK,
};
use crate::{
    articles::{self, Place},
    erased::on,
    i18n::Words,
    paths,
    ui::{Glyph, Icon, RelativeTime},
};

pub fn state_words(state: AnswerState) -> Words {
    match state {
        AnswerState::Drafted => DRAFTED,
        AnswerState::Published => PUBLISHED,
        AnswerState::Edited => EDITED,
        AnswerState::Dropped => DROPPED_ONE,
        AnswerState::Discarded => DISCARDED,
        AnswerState::Failed => FAILED,
    }
}

fn outcome_words(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Answered => ANSWERED,
        Outcome::NotCovered => NOT_COVERED,
    }
}

pub fn line(entry: &AnswerEntry) -> AnyView {
    let (glyph, tone) = match entry.state {
        AnswerState::Drafted => (Glyph::Half, "in_progress"),
        AnswerState::Published | AnswerState::Edited => (Glyph::Check, "resolved"),
        AnswerState::Failed => (Glyph::Alert, "failed"),
        AnswerState::Dropped | AnswerState::Discarded => (Glyph::Minus, ""),
    };
    view! {
        <li class="entry">
            <details>
                <summary>
                    <span class="row-title">{entry.ticket.title.clone()}</span>
                    <span class="chip" data-status=tone>
                        <Icon glyph />
                        {state_words(entry.state)}
                    </span>
                    <span class="quiet">{entry.outcome.map(|outcome| outcome_words(outcome).get())}</span>
                    <span class="quiet">{milliseconds(entry.latency_ms)}</span>
                    <span class="quiet">
                        <RelativeTime at=Signal::stored(entry.created_at) />
                    </span>
                </summary>
                {facts(entry)}
            </details>
        </li>
    }
    .into_any()
}

fn facts(entry: &AnswerEntry) -> AnyView {
    let ticket = paths::with_query(paths::DESK, &[("ticket", &entry.ticket_id.to_string())]);
    let model = entry.model.clone().map_or_else(|| view! { {NO_MODEL} }.into_any(), |model| model.into_any());
    let feedback = match entry.helpful {
        Some(true) => FEEDBACK_GOOD,
        Some(false) => FEEDBACK_BAD,
        None => FEEDBACK_NONE,
    };
    let passages: Vec<AnyView> = entry.passages.iter().map(passage).collect();
    let passages = if passages.is_empty() {
        view! { {NO_PASSAGES} }.into_any()
    } else {
        view! { <ol class="entry-passages">{passages}</ol> }.into_any()
    };
    let checked = entry.verification;
    let mut facts = vec![
        fact(
            TICKET,
            view! { <a href=ticket>"#" {entry.ticket.number} " " {entry.ticket.title.clone()}</a> }.into_any(),
        ),
        fact(CHECKED, view! { {checked.supported} " / " {checked.sentences} " " {SUPPORTED} }.into_any()),
        fact(PASSAGES, passages),
        fact(MODEL, model),
        fact(TOKENS, view! { {entry.prompt_tokens} " + " {entry.completion_tokens} }.into_any()),
        fact(TOOK, milliseconds(entry.latency_ms).into_any()),
        fact(FEEDBACK, view! { {feedback} }.into_any()),
    ];
    if let Some(reason) = &entry.reason {
        facts.push(fact(REASON, reason.clone().into_any()));
    }
    if let Some(hash) = &entry.prompt_hash {
        facts.push(fact(PROMPT, view! { <code>{hash.clone()}</code> }.into_any()));
    }
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

fn fact(name: Words, value: AnyView) -> AnyView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
    .into_any()
}

fn passage(found: &PassageEntry) -> AnyView {
    let place = Place {
        slug: found.slug.clone(),
        locale: Some(found.locale),
        anchor: found.anchor.clone().unwrap_or_default(),
        quote: String::new(),
    };
    let name = found.anchor.as_ref().map_or_else(|| found.slug.clone(), |anchor| format!("{}#{anchor}", found.slug));
    view! {
        <li>
            <a href=place.href() on:click=on(articles::open_in_place)>
                {name}
            </a>
            <span class="quiet">" " {thousandths(found.score)}</span>
        </li>
    }
    .into_any()
}

/// Three places are enough to compare by.
fn thousandths(score: f32) -> String {
    js_sys::Number::from(f64::from(score)).to_fixed(3).map_or_else(|_| String::new(), String::from)
}

fn milliseconds(latency: i32) -> String {
    format!("{latency} ms")
}
