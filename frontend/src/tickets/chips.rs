//! The small signs of a ticket's state: each an icon and words, never colour alone.

use api_types::{
    sla::{Sla, SlaTarget},
    tickets::{Priority, Stage, TicketStatus, TicketSummary},
};
use leptos::prelude::*;

use super::words::{
    ELAPSED, HIGH, IN_PROGRESS, LOW, MEDIUM, NEW, ON_HOLD, OPEN_ONE, RESOLVED_ONE, TAKEN, WAITING_CUSTOMER, WORKING,
    YOUR_TURN,
};
use crate::{
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

/// The team sees the stage where others see the status. Drawn by a row or a head, which follow the
/// ticket and the language for it.
pub fn state_chip(ticket: &TicketSummary) -> AnyView {
    let words = ticket.stage.map_or_else(|| status_words(ticket.status), stage_words);
    let glyph = match (ticket.status, ticket.stage) {
        (_, Some(Stage::OnHold)) => Glyph::Pause,
        (TicketStatus::Open, _) => Glyph::Circle,
        (TicketStatus::InProgress, _) => Glyph::Half,
        (TicketStatus::Resolved, _) => Glyph::Check,
    };
    let your_turn = (ticket.your_turn && ticket.stage.is_none()).then(|| {
        view! {
            <span class="chip" data-tone="accent">
                {YOUR_TURN.get()}
            </span>
        }
    });
    view! {
        <span class="chip" data-status=ticket.status.as_str()>
            <Icon glyph />
            {words.get()}
        </span>
        {your_turn}
    }
    .into_any()
}

/// How long the ticket has waited, or took. Drawn anew with each beat by whoever places it.
pub fn sla_chip(ticket: &TicketSummary) -> AnyView {
    let Sla { elapsed_seconds, running, .. } = ticket.sla;
    #[expect(clippy::cast_possible_truncation, reason = "seconds since a ticket was made")]
    let gone = ((pulse::now() - i18n::milliseconds(ticket.created_at)) / 1000.0) as i64;
    let seconds = if running { gone } else { elapsed_seconds };
    let (what, glyph) = if running { (ELAPSED, Glyph::Clock) } else { (TAKEN, Glyph::Check) };
    view! {
        <span class="chip" data-kind="sla" title=what.get()>
            <Icon glyph />
            <span class="hidden">{what.get()} " "</span>
            {i18n::elapsed(seconds)}
        </span>
    }
    .into_any()
}

/// Learns the server's clock from a running ticket, and gives the ticket the reading that is already
/// shown, so that a second more on the clock is not taken for news.
pub fn read_clock(fresh: &mut TicketSummary, shown: Option<&TicketSummary>) {
    if !fresh.sla.running {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds since a ticket was made")]
    let elapsed = fresh.sla.elapsed_seconds as f64;
    pulse::hear(i18n::milliseconds(fresh.created_at) + elapsed * 1000.0);
    if let Some(shown) = shown.filter(|shown| shown.sla.running) {
        let stands = |target: &SlaTarget| (target.kind, target.state, target.due_at);
        if fresh.sla.targets.iter().map(stands).eq(shown.sla.targets.iter().map(stands)) {
            fresh.sla = shown.sla.clone();
        }
    }
}
