//! One line of the bell: who did what on which ticket, and when.

use api_types::{
    notifications::{NotificationKind, NotificationView},
    sla::SlaTargetKind,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{
    told,
    words::{
        ASSIGNED, CUSTOMER_COMMENT, FIRST_RESPONSE, NEXT_RESPONSE, PERSON_WANTED, RESOLUTION, RESOLUTION_PROPOSED,
        RESOLVED, RESPONSE, SLA_BREACH, SLA_WARNING, SOMEBODY, TICKET_CREATED, TICKET_MOVED, UNREAD,
    },
};
use crate::{erased::derive, i18n::Words, paths, session, ui::RelativeTime};

fn words(kind: NotificationKind) -> Words {
    match kind {
        NotificationKind::Response => RESPONSE,
        NotificationKind::ResolutionProposed => RESOLUTION_PROPOSED,
        NotificationKind::CustomerComment => CUSTOMER_COMMENT,
        NotificationKind::Assigned => ASSIGNED,
        NotificationKind::Resolved => RESOLVED,
        NotificationKind::TicketCreated => TICKET_CREATED,
        NotificationKind::PersonWanted => PERSON_WANTED,
        NotificationKind::TicketMoved => TICKET_MOVED,
        NotificationKind::SlaWarning => SLA_WARNING,
        NotificationKind::SlaBreach => SLA_BREACH,
    }
}

/// Whose doing it is, where that is nobody with a name: what was promised, or somebody.
fn subject(target: Option<SlaTargetKind>) -> Words {
    match target {
        Some(SlaTargetKind::FirstResponse) => FIRST_RESPONSE,
        Some(SlaTargetKind::NextResponse) => NEXT_RESPONSE,
        Some(SlaTargetKind::Resolution) => RESOLUTION,
        None => SOMEBODY,
    }
}

/// Only whether it was read ever changes.
pub fn entry(id: Uuid) -> AnyView {
    let found = untrack(|| find(id, NotificationView::clone));
    let Some(NotificationView { kind, ticket, actor, sla_target, created_at, .. }) = found else {
        return ().into_any();
    };
    let is_unread = move || find(id, |it| !it.read).unwrap_or(false);
    let what = derive(move || words(kind).with(actor.as_deref().unwrap_or(subject(sla_target).get())));
    let unread = derive(move || if is_unread() { UNREAD.get().to_owned() } else { String::new() });
    view! {
        <li>
            <a
                class="bell-entry"
                href=paths::ticket(untrack(session::on_team), ticket.id)
                data-unread=derive(move || is_unread().to_string())
            >
                <span>
                    <span class="hidden">{unread} " "</span>
                    {what}
                </span>
                <span class="quiet">
                    <RelativeTime at=Signal::stored(created_at) />
                </span>
                <span class="quiet bell-ticket">{format!("#{} {}", ticket.number, ticket.title)}</span>
            </a>
        </li>
    }
    .into_any()
}

fn find<T>(id: Uuid, read: impl Fn(&NotificationView) -> T) -> Option<T> {
    told::with(|told| told?.items.iter().find(|it| it.id.0 == id).map(read))
}
