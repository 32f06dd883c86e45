//! The small signs of the clock.
//!
//! Invariant: short words for the eye, full ones for whoever hears them or asks with the pointer.

use api_types::{
    sla::{Sla, SlaState, SlaTargetKind},
    tickets::{Stage, TicketSummary},
};
use leptos::prelude::*;

use super::{
    standing::Standing,
    words::{
        AT_RISK, AT_RISK_FULL, AT_RISK_STATE, DUE, DUE_FULL, ELAPSED, FIRST, FIRST_FULL, LATE, MET, NEXT, NEXT_FULL,
        ON_HOLD, ON_TRACK_STATE, OVERDUE, OVERDUE_FULL, OVERDUE_STATE, PAUSED, RESOLUTION, TAKEN, WAITS, YOURS,
    },
};
use crate::{
    i18n::{self, Words},
    pulse,
    ui::{Glyph, Icon},
};

/// How long the ticket has waited, or took. Drawn anew with each beat by whoever places it.
pub fn elapsed(ticket: &TicketSummary) -> AnyView {
    let Sla { elapsed_seconds, running, .. } = ticket.sla;
    #[expect(clippy::cast_possible_truncation, reason = "seconds since a ticket was made")]
    let gone = ((pulse::now() - i18n::milliseconds(ticket.created_at)) / 1000.0) as i64;
    let seconds = if running { gone } else { elapsed_seconds };
    let (what, glyph) = if running { (ELAPSED, Glyph::Clock) } else { (TAKEN, Glyph::Check) };
    chip(glyph, "elapsed", i18n::elapsed(seconds), what.with(&i18n::in_words(seconds)))
}

/// How it stands against one target. A list has no room to say which target it is, nor why it is paused: the ticket's
/// state stands beside it there.
pub fn standing_chip(ticket: &TicketSummary, it: Standing, in_list: bool) -> AnyView {
    let (short, full) = match it.state {
        SlaState::OnTrack => (DUE, DUE_FULL),
        SlaState::AtRisk => (AT_RISK, AT_RISK_FULL),
        SlaState::Overdue => (OVERDUE, OVERDUE_FULL),
        SlaState::Paused => (PAUSED, PAUSED),
        SlaState::Met => (MET, MET),
        SlaState::Missed => (LATE, LATE),
    };
    // What is left is rounded up, so that nothing is due in no time.
    let seconds = if it.state == SlaState::Overdue { it.seconds } else { it.seconds + 59 };
    let time = if in_list { i18n::roughly(seconds) } else { i18n::elapsed(seconds) };
    let mut said = short.with(&time);
    let mut full = format!("{} {}", long_name(it.kind).get(), full.with(&i18n::in_words(seconds)));
    if let Some(why) = pause(ticket).filter(|_| it.state == SlaState::Paused) {
        full = format!("{full} ({})", why.get());
        if !in_list {
            said = format!("{said} ({})", why.get());
        }
    }
    if let Some(due) = it.due_at {
        full = format!("{full} · {}", i18n::exact(due));
    }
    if in_list {
        said = capitalised(&said);
    } else {
        said = format!("{} {said}", short_name(it.kind).get());
    }
    chip(glyph(it.state), it.state.as_str(), said, full)
}

/// Every target of a ticket.
pub fn targets(ticket: &TicketSummary) -> Vec<AnyView> {
    ticket.sla.targets.iter().map(|target| standing_chip(ticket, Standing::of(target), false)).collect()
}

fn chip(glyph: Glyph, state: &'static str, short: String, full: String) -> AnyView {
    let title = full.clone();
    view! {
        <span class="chip" data-sla=state title=title>
            <Icon glyph />
            <span aria-hidden="true">{short}</span>
            <span class="hidden">{full} " "</span>
        </span>
    }
    .into_any()
}

/// Why the clock is paused, as far as the reader may know.
fn pause(ticket: &TicketSummary) -> Option<Words> {
    match ticket.stage {
        Some(Stage::WaitingCustomer) => Some(WAITS),
        Some(Stage::OnHold) => Some(ON_HOLD),
        _ => ticket.your_turn.then_some(YOURS),
    }
}

fn short_name(kind: SlaTargetKind) -> Words {
    match kind {
        SlaTargetKind::FirstResponse => FIRST,
        SlaTargetKind::NextResponse => NEXT,
        SlaTargetKind::Resolution => RESOLUTION,
    }
}

fn glyph(state: SlaState) -> Glyph {
    match state {
        SlaState::OnTrack => Glyph::Flag,
        SlaState::AtRisk => Glyph::Hourglass,
        SlaState::Overdue | SlaState::Missed => Glyph::Alert,
        SlaState::Paused => Glyph::Pause,
        SlaState::Met => Glyph::Check,
    }
}

/// How it stands, in a word.
pub fn state_chip(state: SlaState) -> AnyView {
    let words = match state {
        SlaState::OnTrack => ON_TRACK_STATE,
        SlaState::AtRisk => AT_RISK_STATE,
        SlaState::Overdue => OVERDUE_STATE,
        SlaState::Paused => PAUSED,
        SlaState::Met => MET,
        SlaState::Missed => LATE,
    };
    view! {
        <span class="chip" data-sla=state.as_str()>
            <Icon glyph=glyph(state) />
            {words.get()}
        </span>
    }
    .into_any()
}

/// What is promised.
pub fn long_name(kind: SlaTargetKind) -> Words {
    match kind {
        SlaTargetKind::FirstResponse => FIRST_FULL,
        SlaTargetKind::NextResponse => NEXT_FULL,
        SlaTargetKind::Resolution => RESOLUTION,
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
