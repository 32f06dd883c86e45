//! One mail in the admin's table: to whom, about what, how far it is, and what the mail server said.

use api_types::mails::{MailKind, MailState, MailView};
use leptos::prelude::*;

use super::words::{
    ABOUT, CONFIRM_TICKET, DEAD, NOTIFICATION, QUEUED, REGISTER, RESEND, RESEND_TO, RESET, SENT, SIGN_IN, SKIPPED,
    STATE, TICKET, TICKET_OPENED, TRIES, WRITTEN,
};
use crate::{
    erased::{dynamic, on},
    i18n::Words,
    paths,
    ui::{Glyph, Icon, RelativeTime},
};

pub fn state_words(state: MailState) -> Words {
    match state {
        MailState::Queued => QUEUED,
        MailState::Sent => SENT,
        MailState::Skipped => SKIPPED,
        MailState::Dead => DEAD,
    }
}

fn kind_words(kind: MailKind) -> Words {
    match kind {
        MailKind::Register => REGISTER,
        MailKind::SignIn => SIGN_IN,
        MailKind::Reset => RESET,
        MailKind::ConfirmTicket => CONFIRM_TICKET,
        MailKind::TicketOpened => TICKET_OPENED,
        MailKind::Notification => NOTIFICATION,
    }
}

/// `resend` hears that the admin wants it sent again.
pub fn row(mail: Memo<Option<MailView>>, resend: Callback<MailView>) -> AnyView {
    dynamic(move || mail.get().map(|mail| draw(mail, resend)))
}

fn draw(mail: MailView, resend: Callback<MailView>) -> AnyView {
    let (glyph, tone) = match mail.state {
        MailState::Queued => (Glyph::Clock, "in_progress"),
        MailState::Sent => (Glyph::Check, "resolved"),
        MailState::Skipped => (Glyph::Minus, ""),
        MailState::Dead => (Glyph::Alert, "failed"),
    };
    let ticket = mail.ticket_id.map(|id| {
        view! {
            " · "
            <a href=paths::ticket(true, id)>{TICKET}</a>
        }
    });
    let tries = u32::try_from(mail.attempts).unwrap_or_default();
    // What was taken at the first try needs no count.
    let tries = (tries > 1 || mail.last_error.is_some())
        .then(|| view! { <span class="quiet">{move || TRIES.of(tries)}</span> });
    let error = mail.last_error.clone().filter(|_| mail.state != MailState::Sent);
    let is_stuck = mail.state == MailState::Dead || mail.state == MailState::Queued && mail.last_error.is_some();
    let again = is_stuck.then(|| {
        let (mail, to) = (mail.clone(), mail.to.clone());
        view! {
            <button
                class="button"
                data-size="small"
                type="button"
                aria-label=move || RESEND_TO.with(&to)
                on:click=on(move |_| resend.run(mail.clone()))
            >
                {RESEND}
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row" tabindex="-1" data-mail=mail.id.to_string()>{mail.to}</th>
            <td data-label=ABOUT>
                <span>{kind_words(mail.kind)} {ticket}</span>
            </td>
            <td data-label=STATE>
                <div class="mail-state">
                    <span class="chip" data-status=tone>
                        <Icon glyph />
                        {state_words(mail.state)}
                    </span>
                    {tries}
                    {again}
                    {error.map(|error| view! { <p class="quiet">{error}</p> })}
                </div>
            </td>
            <td data-label=WRITTEN>
                <RelativeTime at=Signal::stored(mail.created_at) />
            </td>
        </tr>
    }
    .into_any()
}
