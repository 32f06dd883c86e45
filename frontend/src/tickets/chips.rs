//! The small signs of a ticket's state: each an icon and words, never colour alone.

use api_types::tickets::{Priority, Sla, Stage, TicketStatus, TicketSummary};
use leptos::prelude::*;

use super::words::{
    ELAPSED, HIGH, IN_PROGRESS, LOW, MEDIUM, NEW, ON_HOLD, OPEN_ONE, RESOLVED_ONE, TAKEN, WAITING_CUSTOMER, WORKING,
    YOUR_TURN,
};
use crate::{
    erased::when,
    i18n::{self, Words},
    pulse,
    ui::{Glyph, Icon},
};

pub fn status_words(status: TicketStatus) -> Words {
    match status {
        TicketStatus::Open => OPEN_ONE,
        TicketStatus::InProgress => IN_PROGRESS,
        TicketStatus::Resolved => RESOLVED_ONE,
    }
}

pub fn stage_words(stage: Stage) -> Words {
    match stage {
        Stage::New => NEW,
        Stage::Working => WORKING,
        Stage::WaitingCustomer => WAITING_CUSTOMER,
        Stage::OnHold => ON_HOLD,
        Stage::Resolved => RESOLVED_ONE,
    }
}

pub fn priority_words(priority: Priority) -> Words {
    match priority {
        Priority::Low => LOW,
        Priority::Medium => MEDIUM,
        Priority::High => HIGH,
    }
}

/// The team sees the stage where others see the status.
#[component]
pub fn StateChip(#[prop(into)] ticket: Signal<TicketSummary>) -> impl IntoView {
    let state = move || ticket.with(|ticket| (ticket.status, ticket.stage));
    let words = move || match state() {
        (_, Some(stage)) => stage_words(stage),
        (status, None) => status_words(status),
    };
    let glyph = Signal::derive(move || match state() {
        (_, Some(Stage::OnHold)) => Glyph::Pause,
        (TicketStatus::Open, _) => Glyph::Circle,
        (TicketStatus::InProgress, _) => Glyph::Half,
        (TicketStatus::Resolved, _) => Glyph::Check,
    });
    let your_turn = move || ticket.with(|ticket| ticket.your_turn && ticket.stage.is_none());
    view! {
        <span class="chip" data-status=move || state().0.as_str()>
            <Icon glyph />
            {move || words().get()}
        </span>
        {when(your_turn, move || view! {            <span class="chip" data-tone="accent">
                {YOUR_TURN}
            </span>
        })}
    }
}

/// The clock of a ticket that was shown before: while it runs the page counts by itself, so a later
/// reading is nothing new.
pub fn same_clock(shown: &TicketSummary, fresh: &TicketSummary) -> Sla {
    if shown.sla.running && fresh.sla.running { shown.sla } else { fresh.sla }
}

/// How long the ticket has waited. The server's count goes on here, so that a wrong clock in the
/// browser does not show.
#[component]
pub fn SlaChip(#[prop(into)] sla: Signal<Sla>) -> impl IntoView {
    let counted = Memo::new(move |_| (sla.get(), js_sys::Date::now()));
    let seconds = move || {
        let (sla, since) = counted.get();
        #[expect(clippy::cast_possible_truncation, reason = "seconds since a page was opened")]
        let gone = ((pulse::now() - since) / 1000.0).max(0.0) as i64;
        if sla.running { sla.elapsed_seconds + gone } else { sla.elapsed_seconds }
    };
    let running = move || sla.get().running;
    let what = move || if running() { ELAPSED.get() } else { TAKEN.get() };
    view! {
        <span class="chip" data-kind="sla" title=what>
            <Icon glyph=Signal::derive(move || if running() { Glyph::Clock } else { Glyph::Check }) />
            <span class="hidden">{what} " "</span>
            {move || i18n::elapsed(seconds())}
        </span>
    }
}
