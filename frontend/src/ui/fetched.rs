//! What is fetched and then drawn: a page's answer, a list and what follows it.
//!
//! Invariant: an answer to an older question is dropped, and what is shown stays until the newer one has
//! come. Answers become views at once, so that the reactive code is compiled for views alone and not anew
//! for each type of answer.

use std::{pin::Pin, sync::Arc};

use leptos::prelude::*;

use super::{
    empty_state::FailureState,
    loading::{Skeleton, failed},
    words::LOAD_MORE,
};
use crate::{
    api::Failure,
    erased::{dynamic, effect, on, spawn},
};

/// Draws an answer, again whenever a signal that it reads changes.
pub type Draw = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// A question that is on its way.
pub type Asking = Pin<Box<dyn Future<Output = Result<Draw, Failure>>>>;

pub fn draw(view: impl Fn() -> AnyView + Send + Sync + 'static) -> Draw {
    Arc::new(view)
}

/// Shows the answer to a question, which is asked again whenever a signal that `ask` reads changes.
pub fn fetched(ask: impl Fn() -> Asking + 'static) -> AnyView {
    begin(Box::new(ask))
}

fn begin(ask: Box<dyn Fn() -> Asking>) -> AnyView {
    let shown: RwSignal<Option<Result<Draw, Failure>>> = RwSignal::new(None);
    let again = RwSignal::new(());
    let turn = StoredValue::new(0_u32);
    effect(move || {
        again.track();
        let asking = ask();
        let mine = turn.get_value().wrapping_add(1);
        turn.set_value(mine);
        spawn(async move {
            let answer = asking.await;
            if turn.try_get_value() == Some(mine) {
                shown.try_set(Some(answer));
            }
        });
    });
    dynamic(move || match shown.get() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(Ok(draw)) => draw(),
        Some(Err(failure)) => view! { <FailureState failure retry=move |()| again.set(()) /> }.into_any(),
    })
}

/// The end of a list: a button that gives way to what follows.
pub fn more(next: Option<String>, ask: impl Fn(String) -> Asking + 'static) -> AnyView {
    next.map(|next| follow(next, Box::new(ask))).into_any()
}

fn follow(next: String, ask: Box<dyn Fn(String) -> Asking>) -> AnyView {
    let shown: RwSignal<Option<Draw>> = RwSignal::new(None);
    let ask = StoredValue::new_local(ask);
    dynamic(move || match shown.get() {
        Some(draw) => draw(),
        None => {
            let next = next.clone();
            let pressed = move |_| {
                let asking = ask.with_value(|ask| ask(next.clone()));
                spawn(async move {
                    match asking.await {
                        Ok(draw) => drop(shown.try_set(Some(draw))),
                        Err(failure) => failed(&failure),
                    }
                });
            };
            view! {
                <li class="list-more">
                    <button class="button" type="button" on:click=on(pressed)>
                        {LOAD_MORE}
                    </button>
                </li>
            }
            .into_any()
        }
    })
}
