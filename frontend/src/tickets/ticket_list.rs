//! The list of tickets that the filter selects, page after page.
//!
//! Invariant: an answer to an older filter is dropped, and looking again never shortens what is shown
//! nor empties it meanwhile.

use api_types::{
    page::{DEFAULT_LIMIT, MAX_LIMIT},
    tickets::{TicketFilter, TicketPage, TicketSummary},
};
use leptos::prelude::*;

use super::{api, chips::read_clock};
use crate::{api::Failure, live};

use crate::erased::{effect, spawn};

/// What an answer does to the list.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Replaces,
    Appends,
    /// The newest hundred are fresh; what lies further down stays as it was, and so does the cursor.
    Freshens,
}

#[derive(Clone, Copy)]
pub struct TicketList {
    filter: Memo<TicketFilter>,
    /// Absent until the first answer.
    pub items: RwSignal<Option<Vec<TicketSummary>>>,
    pub next: RwSignal<Option<String>>,
    pub did_you_mean: RwSignal<Option<String>>,
    pub failure: RwSignal<Option<Failure>>,
    /// True while another filter's tickets are on their way.
    pub stale: RwSignal<bool>,
}

impl TicketList {
    pub fn follow(filter: Memo<TicketFilter>) -> Self {
        let list = Self {
            filter,
            items: RwSignal::default(),
            next: RwSignal::default(),
            did_you_mean: RwSignal::default(),
            failure: RwSignal::default(),
            stale: RwSignal::default(),
        };
        list.begin(filter.get_untracked());
        let mut before = (filter.get_untracked(), untrack(live::tickets));
        effect(move || {
            let now = (filter.get(), live::tickets());
            let same_filter = before.0 == now.0;
            if std::mem::replace(&mut before, now.clone()) == now {
                return;
            }
            if same_filter { list.look(now.0, true) } else { list.begin(now.0) }
        });
        list
    }

    /// Asks for what another filter selects.
    fn begin(self, filter: TicketFilter) {
        self.stale.set(true);
        self.look(filter, false);
    }

    /// Asks again after a failure.
    pub fn again(self) {
        self.failure.set(None);
        self.look(self.filter.get_untracked(), true);
    }

    /// Appends the next page.
    pub fn more(self) {
        let filter = self.filter.get_untracked();
        if let Some(after) = self.next.get_untracked() {
            self.fetch(TicketFilter { after: Some(after), ..filter }, Answer::Appends);
        }
    }

    fn look(self, filter: TicketFilter, same: bool) {
        let shown = if same { self.items.with_untracked(|items| items.as_ref().map_or(0, Vec::len)) } else { 0 };
        let limit = u8::try_from(shown).unwrap_or(MAX_LIMIT).clamp(DEFAULT_LIMIT, MAX_LIMIT);
        let answer = if shown > usize::from(MAX_LIMIT) { Answer::Freshens } else { Answer::Replaces };
        self.fetch(TicketFilter { limit: Some(limit), ..filter }, answer);
    }

    fn fetch(self, asked: TicketFilter, role: Answer) {
        spawn(async move {
            let answer = api::list(&asked).await;
            let filter = TicketFilter { limit: None, after: None, ..asked };
            // The reader may have chosen another filter, or left the page.
            if self.filter.try_get_untracked() != Some(filter) {
                return;
            }
            match answer {
                Ok(page) => self.take(page, role),
                // A list that is already there is better than a message in its place.
                Err(failure) if self.stale.get_untracked() => self.failure.set(Some(failure)),
                Err(_) => {}
            }
            self.stale.set(false);
        });
    }

    fn take(self, page: TicketPage, role: Answer) {
        let mut shown = self.items.get_untracked().unwrap_or_default();
        let mut fresh = page.items;
        for ticket in &mut fresh {
            let old = shown.iter().find(|old| old.id == ticket.id);
            read_clock(ticket, old);
        }
        match role {
            Answer::Replaces => shown = fresh,
            Answer::Appends => {
                shown.retain(|old| fresh.iter().all(|new| new.id != old.id));
                shown.extend(fresh);
            }
            Answer::Freshens => {
                shown.drain(..usize::from(MAX_LIMIT).min(shown.len()));
                shown.retain(|old| fresh.iter().all(|new| new.id != old.id));
                shown.splice(..0, fresh);
            }
        }
        if role != Answer::Freshens {
            self.next.set(page.next_cursor);
        }
        self.items.set(Some(shown));
        self.did_you_mean.set(page.did_you_mean);
        self.failure.set(None);
    }
}
