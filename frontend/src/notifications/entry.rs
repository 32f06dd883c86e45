//! One line of the bell: who did what on which ticket, or what is ready, and when.

use api_types::{
    notifications::{NotificationKind, NotificationView},
    sla::SlaTargetKind,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{
    told,
    words::{
        ASSIGNED, CUSTOMER_COMMENT, EXPORT_READY, EXPORT_READY_OF, FIRST_RESPONSE, NEXT_RESPONSE, PERSON_WANTED,
        RESOLUTION, RESOLUTION_PROPOSED, RESOLVED, RESPONSE, SLA_BREACH, SLA_WARNING, SOMEBODY, TICKET_CREATED,
        TICKET_MOVED, UNREAD,
    },
};
use crate::{
    erased::{derive, on},
    i18n::Words,
    paths, session, site,
    ui::RelativeTime,
};

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
        NotificationKind::ExportReady => EXPORT_READY_OF,
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
pub fn entry(entry: Uuid) -> AnyView {
    let found = untrack(|| find(entry, NotificationView::clone));
    let Some(NotificationView { id, kind, ticket, person, actor, sla_target, created_at, .. }) = found else {
        return ().into_any();
    };
    let is_unread = move || find(entry, |it| !it.read).unwrap_or(false);
    // Only admins ask for other people's data.
    let others = person.filter(|person| site::is_teams() && untrack(session::me).is_some_and(|me| me.id != person.id));
    let leads_to = match (&ticket, &others) {
        (Some(ticket), _) => paths::ticket(untrack(session::on_team), ticket.id),
        (None, Some(person)) => paths::data_of(person.id),
        (None, None) => paths::DATA.to_owned(),
    };
    // A ticket's are read with the ticket.
    let is_read_here = ticket.is_none();
    let below = ticket.map(|ticket| format!("#{} {}", ticket.number, ticket.title));
    let what = derive(move || match (kind, &others) {
        (NotificationKind::ExportReady, None) => EXPORT_READY.get().to_owned(),
        (_, Some(person)) => words(kind).with(&person.name),
        _ => words(kind).with(actor.as_deref().unwrap_or(subject(sla_target).get())),
    });
    let unread = derive(move || if is_unread() { UNREAD.get().to_owned() } else { String::new() });
    view! {
        <li>
            <a
                class="bell-entry"
                href=leads_to
                on:click=on(move |_| if is_read_here { told::read_one(id) })
                data-unread=derive(move || is_unread().to_string())
            >
                <span>
                    <span class="hidden">{unread} " "</span>
                    {what}
                </span>
                <span class="quiet">
                    <RelativeTime at=Signal::stored(created_at) />
                </span>
                <span class="quiet bell-ticket">{below}</span>
            </a>
        </li>
    }
    .into_any()
}

fn find<T>(id: Uuid, read: impl Fn(&NotificationView) -> T) -> Option<T> {
    told::with(|told| told?.items.iter().find(|it| it.id.0 == id).map(read))
}
