//! One mail in the admin's table: to whom, about what, how far it is, and what the mail server said.

use api_types::mails::{MailId, MailKind, MailState, MailView};
use leptos::prelude::*;

use super::{
    api, given_up,
    words::{
        ABOUT, ADDRESS_CHANGED, CONFIRM_TICKET, DEAD, NOTIFICATION, QUEUED, REGISTER, RESEND, RESEND_TO, RESENT, RESET,
        SENT, SIGN_IN, SKIPPED, STATE, TICKET, TICKET_OPENED, TRIES, WEBHOOK_DISABLED, WRITTEN,
    },
};
use crate::{
    erased::{dynamic, on, spawn},
    i18n::Words,
    paths,
    ui::{self, Glyph, Icon, RelativeTime, toast},
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
        MailKind::AddressChanged => ADDRESS_CHANGED,
        MailKind::WebhookDisabled => WEBHOOK_DISABLED,
    }
}

pub fn row(mail: &MailView) -> AnyView {
    let mail = RwSignal::new(mail.clone());
    dynamic(move || draw(mail, mail.get()))
}

fn draw(row: RwSignal<MailView>, mail: MailView) -> AnyView {
    let (glyph, tone) = match mail.state {
        MailState::Queued => (Glyph::Clock, "in_progress"),
        MailState::Sent => (Glyph::Check, "resolved"),
        MailState::Skipped => (Glyph::Minus, ""),
        MailState::Dead => (Glyph::Alert, "failed"),
    };
    let ticket = mail.ticket_id.map(|id| view! { " · " <a href=paths::ticket(true, id)>{TICKET}</a> }.into_any());
    // What was taken at the first try needs no count.
    let tries = u32::try_from(mail.attempts).unwrap_or_default();
    let tries = if tries > 1 || mail.last_error.is_some() { TRIES.of(tries) } else { String::new() };
    let error = mail.last_error.filter(|_| mail.state != MailState::Sent);
    let is_stuck = mail.state == MailState::Dead || mail.state == MailState::Queued && error.is_some();
    let again = is_stuck.then(|| again(row, mail.id, &mail.to));
    view! {
        <tr>
            <th scope="row" tabindex="-1" data-mail=mail.id.to_string()>
                {mail.to}
            </th>
            <td data-label=ABOUT>
                <span>{kind_words(mail.kind)} {ticket}</span>
            </td>
            <td data-label=STATE>
                <div class="mail-state">
                    <span class="chip" data-status=tone>
                        <Icon glyph />
                        {state_words(mail.state)}
                    </span>
                    <span class="quiet">{tries}</span>
                    {again}
                    <p class="quiet">{error.unwrap_or_default()}</p>
                </div>
            </td>
            <td data-label=WRITTEN>
                <RelativeTime at=Signal::stored(mail.created_at) />
            </td>
        </tr>
    }
    .into_any()
}

fn again(row: RwSignal<MailView>, id: MailId, to: &str) -> AnyView {
    let resend = move |_| {
        spawn(async move {
            match api::resend(id).await {
                Ok(mail) => {
                    given_up::look();
                    toast::say_about(RESENT, &mail.to);
                    row.try_set(mail);
                    // The button is gone.
                    request_animation_frame(move || ui::focus(&format!("[data-mail='{id}']")));
                }
                Err(failure) => ui::failed(&failure),
            }
        });
    };
    view! {
        <button class="button" data-size="small" type="button" aria-label=RESEND_TO.with(to) on:click=on(resend)>
            {RESEND}
        </button>
    }
    .into_any()
}
