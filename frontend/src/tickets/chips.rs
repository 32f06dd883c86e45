//! The small signs of a ticket's state: each an icon and words, never colour alone.

use api_types::{
    sla::SlaTarget,
    tickets::{Priority, Stage, TicketStatus, TicketSummary},
};
use leptos::prelude::*;

use super::words::{
    ARCHIVED_ONE, HIGH, IN_PROGRESS, LOW, MEDIUM, NEW, ON_HOLD, OPEN_ONE, RESOLVED_ONE, WAITING_CUSTOMER, WORKING,
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

/// The team sees the stage where others see the status; what is archived says so. Drawn by a row or a head, which follow the
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
    let archived = ticket.archived.then(|| {
        view! {
            <span class="chip">
                <Icon glyph=Glyph::Archive />
                {ARCHIVED_ONE.get()}
            </span>
        }
    });
    view! {
        <span class="chip" data-status=ticket.status.as_str()>
            <Icon glyph />
            {words.get()}
        </span>
        {your_turn}
        {archived}
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
