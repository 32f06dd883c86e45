//! The three cards. Each counts a status and filters the list to it; pressed again, it lets go.

use api_types::tickets::{TicketCounts, TicketStatus};
use leptos::prelude::*;

use super::{
    words::{CARDS, IN_PROGRESS, IN_PROGRESS_HINT, OPEN, OPEN_HINT, RESOLVED, RESOLVED_HINT},
    workplace::Workplace,
};
use crate::{
    erased::{memo, on},
    i18n::{self, Words},
};

#[component]
pub fn StatusCards() -> impl IntoView {
    view! {
        <div class="cards" role="group" aria-label=CARDS>
            <Card status=TicketStatus::Open title=OPEN hint=OPEN_HINT />
            <Card status=TicketStatus::InProgress title=IN_PROGRESS hint=IN_PROGRESS_HINT />
            <Card status=TicketStatus::Resolved title=RESOLVED hint=RESOLVED_HINT />
        </div>
    }
}

#[component]
fn Card(status: TicketStatus, title: Words, hint: Words) -> impl IntoView {
    let here = Workplace::here();
    let pressed = memo(move || here.address.with(|address| address.filter.status == Some(status)));
    let count = move || here.counts.get().map_or_else(|| "–".to_owned(), |counts| number(&counts, status));
    let turn = move |_| {
        let wanted = (!pressed.get_untracked()).then_some(status);
        here.filter(false, |filter| {
            filter.status = wanted;
            // A stage of another status would leave nothing to show.
            filter.stage = filter.stage.filter(|stage| wanted.is_none_or(|wanted| stage.status() == wanted));
        });
    };
    view! {
        <button
            class="card"
            type="button"
            data-status=status.as_str()
            aria-pressed=move || pressed.get().to_string()
            on:click=on(turn)
        >
            <span class="card-count">{count}</span>
            <span class="card-title">{title}</span>
            <span class="card-hint">{hint}</span>
        </button>
    }
}

fn number(counts: &TicketCounts, status: TicketStatus) -> String {
    let number = match status {
        TicketStatus::Open => counts.open,
        TicketStatus::InProgress => counts.in_progress,
        TicketStatus::Resolved => counts.resolved,
    };
    match counts.cap {
        Some(cap) if number >= cap => format!("{}+", i18n::count(cap.saturating_sub(cap % 100))),
        _ => i18n::count(number),
    }
}
