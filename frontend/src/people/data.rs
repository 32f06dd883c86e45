//! One's own data as a file: asked for, waited for, fetched.
//!
//! Invariant: the address is the one that the server made last, and is asked for anew when one comes back.

use leptos::prelude::*;

use super::words::{DATA, DATA_ASK, DATA_FETCH, DATA_LEAD, DATA_LOOK, DATA_TAKEN, DATA_WAITING};
use crate::{
    api::{self, Failure},
    erased::{dynamic, on, spawn},
    said::Said,
    ui,
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
            Some(url) => Self::Ready(url, said.part("again_at").is_none()),
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

pub fn data_section() -> AnyView {
    let made = RwSignal::new(Made::default());
    let look = move || spawn(hear(api::ask_for("/me/export".to_owned()), made));
    look();
    let ask = move || {
        let act = on(move |_| spawn(hear(api::act_and_hear("/me/export".to_owned()), made)));
        view! { <button class="button" type="button" on:click=act>{DATA_ASK}</button> }.into_any()
    };
    // An address is good for an hour, and the page may have stood open for longer.
    let fetch = move |_| {
        spawn(async move {
            hear(api::ask_for("/me/export".to_owned()), made).await;
            if let Some(Made::Ready(url, _)) = made.try_get_untracked() {
                ui::save(&url);
            }
        });
    };
    view! {
        <section class="section">
            <h2>{DATA}</h2>
            <p class="quiet">{DATA_LEAD}</p>
            {dynamic(move || match made.get() {
                Made::Unknown => ().into_any(),
                Made::Not => ask(),
                Made::Waiting => {
                    view! {
                        <p role="status">{DATA_WAITING}</p>
                        <button class="button" type="button" on:click=on(move |_| look())>{DATA_LOOK}</button>
                    }
                    .into_any()
                }
                Made::Ready(_, again) => {
                    view! {
                        <div class="filters">
                            <button class="button" data-kind="primary" type="button" on:click=on(fetch)>{DATA_FETCH}</button>
                            {again.then(ask)}
                        </div>
                        {(!again).then(|| view! { <p class="quiet">{DATA_TAKEN}</p> })}
                    }
                    .into_any()
                }
            })}
        </section>
    }
    .into_any()
}
