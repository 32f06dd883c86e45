//! What the list and the ticket beside it share: the address, the list, the counts, the team.
//!
//! Invariant: going somewhere means changing the URL; nothing else opens or filters.

use api_types::{
    people::PersonRef,
    tickets::{TicketCounts, TicketFilter, TicketId},
};
use leptos::prelude::*;

use super::{
    address::{Address, Open},
    api,
    ticket_list::TicketList,
};
use crate::{
    address_bar,
    erased::{memo, spawn},
    live, paths, pulse, site,
};

#[derive(Clone, Copy)]
pub struct Workplace {
    pub address: Memo<Address>,
    pub open: Memo<Open>,
    pub list: TicketList,
    pub counts: RwSignal<Option<TicketCounts>>,
    /// Who can be given a ticket; empty for a customer.
    pub team: RwSignal<Vec<PersonRef>>,
}

impl Workplace {
    /// Opens the workplace for the components below.
    pub fn begin() -> Self {
        let address = memo(|| Address::read(address_bar::query()));
        let filter = memo(move || address.with(|address| address.filter.clone()));
        let here = Self {
            address,
            open: memo(move || address.with(|address| address.open)),
            list: TicketList::follow(filter),
            counts: RwSignal::default(),
            team: RwSignal::default(),
        };
        here.follow_counts();
        if site::is_desk() {
            here.fetch_team();
        }
        provide_context(here);
        here
    }

    /// The workplace around this component.
    pub fn here() -> Self {
        expect_context()
    }

    /// The same list with something else beside it.
    pub fn href(self, open: Open) -> String {
        let address = Address { open, ..self.address.get() };
        address.href(self.base())
    }

    pub fn go(self, open: Open) {
        let href = untrack(|| self.href(open));
        address_bar::go(&href);
    }

    /// Changes the filter. A search that is being typed replaces the entry in the history.
    pub fn filter(self, replace: bool, change: impl FnOnce(&mut TicketFilter)) {
        let mut address = self.address.get_untracked();
        change(&mut address.filter);
        address_bar::refine(&address.href(self.base()), replace);
    }

    /// Whether the list leaves anything out; its order does not.
    pub fn is_filtered(self) -> bool {
        self.address.with(|address| {
            let all = TicketFilter { sort: address.filter.sort, ..TicketFilter::default() };
            address.filter != all
        })
    }

    pub fn clear_filters(self) {
        self.filter(false, |filter| *filter = TicketFilter { sort: filter.sort, ..TicketFilter::default() });
    }

    /// The ticket so many places further down the list.
    pub fn neighbour(self, step: isize) -> Option<TicketId> {
        self.list.items.with_untracked(|items| {
            let items = items.as_ref()?;
            let open = self.open.get_untracked();
            let at = items.iter().position(|ticket| Open::Ticket(ticket.id) == open);
            let to = at.map_or(Some(0), |at| at.checked_add_signed(step))?;
            items.get(to).map(|ticket| ticket.id)
        })
    }

    fn base(self) -> &'static str {
        paths::home(site::is_desk())
    }

    fn follow_counts(self) {
        pulse::at_each(live::tickets, move || {
            spawn(async move {
                if let Ok(counts) = api::counts().await {
                    self.counts.try_set(Some(counts));
                }
            });
        });
    }

    fn fetch_team(self) {
        spawn(async move {
            if let Ok(page) = api::team().await {
                self.team.try_set(page.items);
            }
        });
    }
}
