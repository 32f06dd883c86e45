//! The door before a page: who is not signed in goes to sign in and comes back.
//!
//! Invariant: a page behind the door is drawn once per person, not again for each change of theirs;
//! a page of another role looks like one that does not exist.

use api_types::people::{PersonId, Role};
use leptos::prelude::*;

use super::words::UNREACHABLE;
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, effect, memo, spawn},
    paths,
    session::{self, Who},
    shell::NotFoundPage,
    ui::{FailureState, Skeleton},
};

#[derive(Clone, Copy, PartialEq)]
enum Door {
    Waiting,
    Unreachable,
    Closed,
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
pub fn SignedIn(whom: Whom, page: fn() -> AnyView) -> impl IntoView {
    let door = memo(|| match session::who() {
        Who::Unknown => Door::Waiting,
        Who::Unreachable => Door::Unreachable,
        Who::Nobody => Door::Closed,
        Who::Somebody(me) => Door::Open(me.id, me.role),
    });
    effect(move || {
        if door.get() == Door::Closed {
            let here = untrack(|| format!("{}{}", address_bar::path(), address_bar::search()));
            address_bar::replace(&paths::sign_in_then(&here));
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
                    retry=|()| spawn(session::resume())
                />
            </div>
        }
        .into_any(),
        Door::Closed => ().into_any(),
        Door::Open(_, role) if whom.includes(role) => page(),
        Door::Open(..) => view! { <NotFoundPage /> }.into_any(),
    })
}
