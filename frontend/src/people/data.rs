//! Somebody's data as a file, for themselves or for an admin: asked for, waited for, fetched.
//!
//! Invariant: the address is the one that the server made last, and is asked for anew when somebody follows it.

use api_types::people::{PersonId, PersonView};
use leptos::prelude::*;

use super::{
    api,
    words::{DATA, DATA_ASK, DATA_FETCH, DATA_LEAD, DATA_OF, DATA_OF_LEAD, DATA_TAKEN, DATA_WAITING},
};
use crate::{
    address_bar,
    api::{Failure, act_and_hear, ask_for},
    erased::{derive, dynamic, effect, on, spawn},
    live, paths,
    said::Said,
    ui::{self, CLOSE, Dialog},
};

/// How far it is.
#[derive(Clone, Default, PartialEq)]
enum Made {
    #[default]
    Unknown,
    Not,
    Waiting,
    /// Where it is, and whether another may be asked for.
    Ready(String, bool),
}

impl Made {
    fn read(said: &Said) -> Self {
        let Some(latest) = said.part("latest") else { return Self::Not };
        match latest.part("address").and_then(|address| address.word("url")) {
            Some(url) => Self::Ready(url, said.word("again_at").is_none()),
            None => Self::Waiting,
        }
    }
}

async fn hear(call: impl Future<Output = Result<Said, Failure>>, made: RwSignal<Made>) {
    match call.await {
        Ok(said) => drop(made.try_set(Made::read(&said))),
        Err(failure) => ui::failed(&failure),
    }
}

pub fn own_data() -> AnyView {
    // Where the bell and mails lead to.
    if paths::DATA.ends_with(&format!("{}{}", untrack(address_bar::path), untrack(address_bar::hash))) {
        request_animation_frame(|| ui::focus("#data h2"));
    }
    view! {
        <section class="section" id="data" aria-labelledby="data-title">
            <h2 id="data-title" tabindex="-1">{DATA}</h2>
            <p class="quiet">{DATA_LEAD}</p>
            {file("/me/export".to_owned())}
        </section>
    }
    .into_any()
}

/// The data of whomever `whom` holds, for an admin.
pub fn data_dialog(whom: RwSignal<Option<PersonView>>) -> AnyView {
    let open = RwSignal::new(false);
    effect(move || {
        if whom.with(Option::is_some) {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            whom.set(None);
        }
    });
    let lead = derive(move || {
        let name = whom.with(|whom| whom.as_ref().map(|person| person.name.clone()));
        name.map(|name| DATA_OF_LEAD.with(&name)).unwrap_or_default()
    });
    let theirs = move || match whom.with(|whom| whom.as_ref().map(|person| person.id)) {
        Some(id) => file(format!("/admin/people/{id}/export")),
        None => ().into_any(),
    };
    view! {
        <Dialog open id="data-of" title=DATA_OF>
            <p>{lead}</p>
            {dynamic(theirs)}
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=on(move |_| open.set(false))>{CLOSE}</button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Opens the dialog for the person whom the address names.
pub fn follow_address(whom: RwSignal<Option<PersonView>>) {
    effect(move || {
        let Some(id) = address_bar::query()(paths::DATA_OF).and_then(|id| id.parse::<PersonId>().ok()) else { return };
        spawn(async move {
            match api::find(id).await {
                Ok(person) => drop(whom.try_set(Some(person))),
                Err(failure) => ui::failed(&failure),
            }
        });
    });
}

/// The file that is asked for at an address of the API.
fn file(path: String) -> AnyView {
    let (made, path) = (RwSignal::new(Made::default()), StoredValue::new(path));
    let look = move || hear(ask_for(path.get_value()), made);
    effect(move || {
        // The bell rings when it is ready.
        live::notifications();
        spawn(look());
    });
    let ask = move || {
        let act = on(move |_| spawn(hear(act_and_hear(path.get_value()), made)));
        view! { <button class="button" type="button" on:click=act>{DATA_ASK}</button> }.into_any()
    };
    // An address is good for an hour, and the page may have stood open for longer.
    let fetch = move |_| {
        spawn(async move {
            look().await;
            if let Some(Made::Ready(url, _)) = made.try_get_untracked() {
                ui::save(&url);
            }
        });
    };
    dynamic(move || match made.get() {
        Made::Unknown => ().into_any(),
        Made::Not => view! { <div class="filters">{ask()}</div> }.into_any(),
        Made::Waiting => view! { <p role="status">{DATA_WAITING}</p> }.into_any(),
        Made::Ready(_, again) => view! {
            <div class="filters">
                <button class="button" data-kind="primary" type="button" on:click=on(fetch)>{DATA_FETCH}</button>
                {again.then(ask)}
            </div>
            {(!again).then(|| view! { <p class="quiet">{DATA_TAKEN}</p> })}
        }
        .into_any(),
    })
}
