//! Parking a ticket: a reason, and perhaps a day on which it comes back by itself.

use api_types::tickets::{StageChange, TeamStage};
use api_types::time::Timestamp;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    open_ticket::OpenTicket,
    words::{HOLD_ACT, HOLD_REASON, HOLD_TITLE, HOLD_UNTIL, HOLD_WHAT},
};
use crate::{
    erased::on,
    ui::{CANCEL, Dialog, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn HoldDialog(open: RwSignal<bool>, ticket: OpenTicket) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = StageChange {
            stage: TeamStage::OnHold,
            reason: Some(reason.get_untracked().into()),
            until: morning_of(&until.get_untracked()),
        };
        form.send(&change, api::change_stage(ticket.id, change.clone()), move |view| {
            open.set(false);
            reason.set(String::new());
            until.set(String::new());
            ticket.accept(view);
        });
    };
    view! {
        <Dialog open id="hold-title" title=HOLD_TITLE>
            <form node_ref=form.node novalidate on:submit=on(submit)>
                <p>{HOLD_WHAT}</p>
                <TextField form name="reason" label=HOLD_REASON value=reason />
                <TextField form name="until" label=HOLD_UNTIL value=until kind="date" optional=true />
                <FormFailure form />
                <div class="dialog-actions">
                    <button class="button" type="button" on:click=on(move |_| open.set(false))>
                        {CANCEL}
                    </button>
                    <SubmitButton form label=HOLD_ACT />
                </div>
            </form>
        </Dialog>
    }
}

/// Eight in the morning of that day, where the reader is.
fn morning_of(day: &str) -> Option<Timestamp> {
    if day.is_empty() {
        return None;
    }
    // A date and time without a zone is read as local time.
    let milliseconds = js_sys::Date::new(&format!("{day}T08:00:00").into()).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "a date field holds four-digit years")]
    let milliseconds = milliseconds as i64;
    Timestamp::from_millisecond(milliseconds).ok()
}
