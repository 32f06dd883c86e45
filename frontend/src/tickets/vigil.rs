//! Looks again soon while the assistant is expected to answer.
//!
//! Invariant: the only place that asks faster than the page's beat; it rests as soon as nothing is expected
//! and while the page is hidden.

use std::time::Duration;

use api_types::assistant::AssistantMode;
use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};
use web_sys::VisibilityState;

use super::open_ticket::OpenTicket;
use crate::{i18n, live, pulse};

const EVERY: Duration = Duration::from_millis(1500);
/// The stream tells of an answer, but not that none came of it: every so many times is soon enough for that.
const SELDOM: u32 = 4;
/// So long, in milliseconds, an answer to a comment may be about to begin.
const SOON: f64 = 8000.0;

pub fn keep(ticket: OpenTicket) {
    let turn = StoredValue::new(0_u32);
    let look = move || {
        if document().visibility_state() != VisibilityState::Visible {
            return;
        }
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let is_due = if untrack(live::is_up) {
            turn.get_value().is_multiple_of(SELDOM) && is_answering(ticket)
        } else {
            is_expected(ticket)
        };
        if is_due {
            ticket.look();
        }
    };
    if let Ok(interval) = set_interval_with_handle(look, EVERY) {
        on_cleanup(move || interval.clear());
    }
}

fn is_answering(ticket: OpenTicket) -> bool {
    ticket.view.with_untracked(|view| view.as_ref().is_some_and(|view| view.assistant.answering))
}

fn is_expected(ticket: OpenTicket) -> bool {
    let on_duty = ticket.view.with_untracked(|view| {
        let assistant = view.as_ref().map(|view| &view.assistant)?;
        Some(assistant.mode != AssistantMode::Off && assistant.muted.is_none())
    });
    let just_written = || {
        ticket.comments.with_untracked(|comments| {
            let last = comments.last().filter(|last| last.mine && !last.internal);
            last.is_some_and(|last| pulse::moment() - i18n::milliseconds(last.created_at) < SOON)
        })
    };
    is_answering(ticket) || on_duty == Some(true) && just_written()
}
