//! The box to answer in. The team also writes notes that no customer sees, and the box shows which of
//! the two it is.

use api_types::people::SendKey;
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};
use web_sys::ClipboardEvent;

use super::{
    outbox::Outbox,
    words::{ADD_NOTE, HINT_ENTER, HINT_MAC, HINT_MOD, KIND, NOTE, REPLY, SEND, YOUR_NOTE, YOUR_REPLY},
};
use crate::{
    address_bar,
    attachments::{AttachButton, DropZone, Gate, GateNote, UploadsList, paste_into},
    erased::{dynamic, on},
    i18n::Words,
    paths, session, settings, site,
    ui::{self, Form, FormFailure, TextArea},
};

const BOX: &str = "#message";

pub fn focus_box() {
    request_animation_frame(|| ui::focus(BOX));
}

/// Goes to the box of the open ticket, if there is one, as a reply or as a note.
pub fn start_writing(internal: bool) {
    let wanted = if internal { "[data-writes=note]" } else { "[data-writes=reply]" };
    ui::click(wanted);
    focus_box();
}

#[component]
pub fn CommentForm(
    outbox: Outbox,
    /// May write internal notes.
    may_note: bool,
    /// May answer the customer; when not, notes are all that is left.
    may_reply: bool,
) -> impl IntoView {
    let form = Form::new();
    // A mailed link leads to a ticket to answer it.
    if untrack(address_bar::hash) == paths::REPLY {
        focus_box();
    }
    if may_note != may_reply || !may_note {
        outbox.internal.set(may_note && !may_reply);
    }
    let uploads = outbox.uploads;
    let gate = Gate::of(uploads);
    let send = move || {
        let request = outbox.request();
        if form.check(&request) && !gate.holds() {
            outbox.send(request);
        }
    };
    gate.opens(send);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let keyed = move |event: KeyboardEvent| {
        if sends(&event) {
            event.prevent_default();
            send();
        }
    };
    let internal = outbox.internal;
    view! {
        <form
            class="comment-form"
            data-internal=move || internal.get().to_string()
            node_ref=form.node
            novalidate
            on:submit=on(submit)
            on:keydown=on(keyed)
            on:paste=on(move |event: ClipboardEvent| paste_into(uploads, &event))
        >
            {(site::is_desk() && may_note && may_reply).then(|| view! { <KindSwitch internal /> })}
            {dynamic(move || {
                let label = if internal.get() { YOUR_NOTE } else { YOUR_REPLY };
                view! { <TextArea form name="message" label value=outbox.message rows=3 /> }
            })}
            <UploadsList uploads gate />
            <DropZone uploads />
            <FormFailure form />
            <div class="comment-actions">
                <AttachButton uploads />
                <span class="quiet send-hint">{hint}</span>
                <GateNote gate />
                <button class="button" data-kind="primary" type="submit">
                    {move || if internal.get() { ADD_NOTE.get() } else { SEND.get() }}
                </button>
            </div>
        </form>
    }
}

#[component]
fn KindSwitch(internal: RwSignal<bool>) -> impl IntoView {
    let button = move |note: bool, label: Words| {
        view! {
            <button
                type="button"
                data-writes=if note { "note" } else { "reply" }
                aria-pressed=move || (internal.get() == note).to_string()
                on:click=on(move |_| {
                    internal.set(note);
                    focus_box();
                })
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=KIND>
            {button(false, REPLY)} {button(true, NOTE)}
        </div>
    }
}

fn send_key() -> SendKey {
    let desks = if settings::is_on("enter_sends") { SendKey::Enter } else { SendKey::ModEnter };
    session::me().and_then(|me| me.preferences.send_key).unwrap_or(desks)
}

fn hint() -> &'static str {
    let mac = window().navigator().platform().is_ok_and(|name| name.starts_with("Mac") || name.starts_with("iP"));
    match send_key() {
        SendKey::Enter => HINT_ENTER,
        SendKey::ModEnter if mac => HINT_MAC,
        SendKey::ModEnter => HINT_MOD,
    }
    .get()
}

/// What browsers tell of a key that an input method has taken. Safari says so even of the one that ends a word.
const TAKEN: u32 = 229;

/// Never while an input method composes: there, Enter chooses a word.
fn sends(event: &KeyboardEvent) -> bool {
    let composes = event.is_composing() || event.key_code() == TAKEN;
    if event.key() != "Enter" || composes || !ui::is_typing_in(event, BOX) {
        return false;
    }
    match untrack(send_key) {
        SendKey::ModEnter => event.ctrl_key() || event.meta_key(),
        SendKey::Enter => !event.shift_key() && !event.alt_key(),
    }
}
