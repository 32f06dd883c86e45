//! The door before a page: who is not signed in goes to sign in and comes back.
//!
//! Invariant: a page behind the door is drawn once per person, not again for each change of theirs;
//! a page of another role looks like one that does not exist.

use api_types::{
    people::{PersonId, Role},
    settings::RegistrationMode,
};
use leptos::prelude::*;

use super::words::UNREACHABLE;
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, effect, memo, spawn},
    paths,
    session::{self, Who},
    settings::{self, Known},
    shell::NotFoundPage,
    ui::{FailureState, Skeleton},
};

#[derive(Clone, Copy, PartialEq)]
enum Door {
    Waiting,
    Unreachable,
    Closed,
    /// To somebody who needs no account.
    Ajar,
    Open(PersonId, Role),
}

/// Who may come in.
#[derive(Clone, Copy, PartialEq)]
pub enum Whom {
    Anybody,
    Team,
    Admin,
}

impl Whom {
    fn includes(self, role: Role) -> bool {
        match self {
            Self::Anybody => true,
            Self::Team => role.is_team(),
            Self::Admin => role == Role::Admin,
        }
    }
}

#[component]
pub fn SignedIn(
    whom: Whom,
    page: fn() -> AnyView,
    /// What a visitor sees instead, where the desk does without accounts.
    #[prop(optional)]
    visitors: Option<fn() -> AnyView>,
) -> impl IntoView {
    let door = memo(move || match session::who() {
        Who::Unknown => Door::Waiting,
        Who::Unreachable => Door::Unreachable,
        Who::Nobody if visitors.is_some() && !asks_for_a_ticket() => match settings::registration() {
            Known::NotYet => Door::Waiting,
            Known::Unreachable => Door::Unreachable,
            Known::Registration(RegistrationMode::Passwordless) => Door::Ajar,
            Known::Registration(RegistrationMode::Required | RegistrationMode::Closed) => Door::Closed,
        },
        Who::Nobody => Door::Closed,
        Who::Somebody(me) => Door::Open(me.id, me.role),
    });
    effect(move || {
        if door.get() == Door::Closed {
            let here = untrack(|| format!("{}{}{}", address_bar::path(), address_bar::search(), address_bar::hash()));
            // Whoever asks for a ticket has been here before.
            if visitors.is_some() && untrack(|| !asks_for_a_ticket() && settings::begins_with_registration()) {
                address_bar::replace(paths::REGISTER);
            } else {
                address_bar::replace(&paths::sign_in_then(&here));
            }
        }
    });
    dynamic(move || match door.get() {
        Door::Waiting => view! { <div class="sheet"><Skeleton /></div> }.into_any(),
        Door::Unreachable => view! {
            <div class="sheet">
                <h1 class="hidden" tabindex="-1">
                    {UNREACHABLE}
                </h1>
                <FailureState
                    failure=Failure::Unreachable
                    retry=|()| {
                        settings::fetch();
                        spawn(session::resume());
                    }
                />
            </div>
        }
        .into_any(),
        Door::Closed => ().into_any(),
        Door::Ajar => visitors.map_or_else(|| ().into_any(), |page| page()),
        Door::Open(_, role) if whom.includes(role) => page(),
        Door::Open(..) => view! { <NotFoundPage /> }.into_any(),
    })
}

/// Whether the address names a ticket, which is somebody's.
fn asks_for_a_ticket() -> bool {
    address_bar::query()("ticket").is_some_and(|ticket| ticket != paths::NEW_TICKET)
}
