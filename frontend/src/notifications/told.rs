//! What the signed-in person was told, as the server last said it.
//!
//! Invariant: the number of unread ones is the server's own, and an answer to an older question is dropped: the
//! badge never shows what nobody said.

use std::{cell::Cell, sync::LazyLock};

use api_types::{
    notifications::{NotificationId, NotificationView, Notifications, NotificationsRead},
    page::MAX_LIMIT,
    tickets::TicketId,
};
use leptos::prelude::*;

use super::api;
use crate::{api::Failure, erased::spawn, ui};

/// As many as the popover shows without scrolling, and a few.
const AT_FIRST: usize = 10;

static TOLD: LazyLock<ArcRwSignal<Option<Notifications>>> = LazyLock::new(ArcRwSignal::default);
static FAILURE: LazyLock<ArcRwSignal<Option<Failure>>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    /// How often the server was asked, or the person changed.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Follows what is known; absent until the first answer.
pub fn with<T>(read: impl FnOnce(Option<&Notifications>) -> T) -> T {
    TOLD.with(|told| read(told.as_ref()))
}

/// Follows why nothing is known.
pub fn failure() -> Option<Failure> {
    FAILURE.get()
}

/// Follows how many are unread; 100 means "or more".
pub fn unread() -> u32 {
    with(|told| told.map_or(0, |told| told.unread_count))
}

/// Follows whether there is something unread about a ticket that a test lets pass.
pub fn is_unread(ticket: TicketId, test: impl Fn(&NotificationView) -> bool) -> bool {
    with(|told| {
        told.is_some_and(|told| {
            told.items.iter().any(|it| it.ticket.as_ref().is_some_and(|it| it.id == ticket) && !it.read && test(it))
        })
    })
}

/// Another person is here, or nobody.
pub fn forget() {
    next_turn();
    TOLD.set(None);
    FAILURE.set(None);
}

/// Asks for what is shown anew.
pub fn look() {
    let shown = TOLD.with_untracked(|told| told.as_ref().map_or(0, |told| told.items.len()));
    ask(shown.clamp(AT_FIRST, usize::from(MAX_LIMIT)), String::new());
}

/// Asks for what comes after what is shown.
pub fn more() {
    let after = TOLD.with_untracked(|told| told.as_ref().and_then(|told| told.next_cursor.clone()));
    if let Some(after) = after {
        ask(AT_FIRST * 2, after);
    }
}

/// Marks all of them as read.
pub fn read_all() {
    mark_read(NotificationsRead { all: Some(true), ..NotificationsRead::default() });
}

/// Marks those of one ticket as read.
pub fn read_ticket(ticket: TicketId) {
    mark_read(NotificationsRead { ticket_id: Some(ticket), ..NotificationsRead::default() });
}

/// Marks one as read.
pub fn read_one(id: NotificationId) {
    mark_read(NotificationsRead { ids: Some(vec![id]), ..NotificationsRead::default() });
}

fn mark_read(read: NotificationsRead) {
    let is_asked = read.all.is_some();
    spawn(async move {
        match api::mark_read(read).await {
            Ok(()) => look(),
            // It comes by itself with what is looked at, and again when that is looked at again.
            Err(_) if !is_asked => {}
            Err(failure) => ui::failed(&failure),
        }
    });
}

fn ask(limit: usize, after: String) {
    let turn = next_turn();
    spawn(async move {
        let answer = api::list(limit, after.clone()).await;
        if TURN.get() != turn {
            return;
        }
        match answer {
            Ok(answer) => take(answer, !after.is_empty()),
            Err(failure) if !after.is_empty() => ui::failed(&failure),
            Err(failure) => FAILURE.set(Some(failure)),
        }
    });
}

fn next_turn() -> u32 {
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    turn
}

fn take(mut answer: Notifications, appends: bool) {
    FAILURE.set(None);
    if appends {
        let mut items = TOLD.with_untracked(|told| told.as_ref().map(|told| told.items.clone())).unwrap_or_default();
        items.append(&mut answer.items);
        answer.items = items;
    }
    if TOLD.with_untracked(|told| told.as_ref() != Some(&answer)) {
        TOLD.set(Some(answer));
    }
}
