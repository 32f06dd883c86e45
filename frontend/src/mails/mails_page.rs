//! The admin's page of mails, newest first.
//!
//! Invariant: the filter is in the URL.

use std::sync::Arc;

use api_types::{mails::MailState, page::DEFAULT_LIMIT};
use leptos::prelude::*;

use super::{
    api, mail_row,
    words::{
        ABOUT, ANY_STATE, MAILS, MAILS_LEAD, NO_MAILS, NO_MAILS_HINT, NONE_FOUND, STATE, STATE_FILTER, TO, WRITTEN,
    },
};
use crate::{
    address_bar,
    erased::{derive, memo},
    paths,
    ui::{self, Asking, Choice, EmptyState, Glyph, Select, draw, fetched, more},
};

#[component]
pub fn MailsPage() -> impl IntoView {
    ui::title_page(|| MAILS.get().to_owned());
    let state = memo(|| {
        let state = address_bar::query()("state").and_then(|word| word.parse().ok());
        state.map(MailState::as_str).unwrap_or_default().to_owned()
    });
    let choices = derive(|| {
        let mut choices = vec![Choice::new("", ANY_STATE)];
        choices.extend(MailState::ALL.iter().map(|it| Choice::new(it.as_str(), mail_row::state_words(*it))));
        choices
    });
    let chosen = |word: String| address_bar::refine(&paths::with_query(paths::MAILS, &[("state", &word)]), false);
    view! {
        <div class="sheet" data-wide>
            <h1 tabindex="-1">{MAILS}</h1>
            <p class="lead">{MAILS_LEAD}</p>
            <div class="filters">
                <Select label=STATE_FILTER hide_label=true value=state choices chosen />
            </div>
            {fetched(move || ask(state.get(), String::new()))}
        </div>
    }
}

fn ask(state: String, after: String) -> Asking {
    Box::pin(async move {
        let (mails, next) = api::list(&state, &after, DEFAULT_LIMIT).await?;
        let mails = Arc::new(mails);
        Ok(draw(move || {
            if mails.is_empty() && after.is_empty() {
                return if state.is_empty() {
                    view! { <EmptyState glyph=Glyph::Mail title=NO_MAILS hint=NO_MAILS_HINT /> }.into_any()
                } else {
                    view! { <EmptyState glyph=Glyph::Mail title=NONE_FOUND /> }.into_any()
                };
            }
            let rows: Vec<AnyView> = mails.iter().map(mail_row::row).collect();
            let state = state.clone();
            let rest = more(next.clone(), move |after| ask(state.clone(), after));
            match (after.is_empty(), next.is_some()) {
                (true, false) => table(rows),
                (true, true) => view! { {table(rows)} <ul class="mails-rest">{rest}</ul> }.into_any(),
                (false, _) => view! { <li>{table(rows)}</li> {rest} }.into_any(),
            }
        }))
    })
}

/// Each page is a table of its own, so that a button can stand between them; their columns are as wide.
fn table(rows: Vec<AnyView>) -> AnyView {
    let heads = [TO, ABOUT, STATE, WRITTEN].map(|words| view! { <th scope="col">{words}</th> }.into_any());
    view! {
        <table class="people mails">
            <thead>
                <tr>{heads.into_iter().collect::<Vec<_>>()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
