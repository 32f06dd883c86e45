//! The assistant's ledger, for admins: what was answered, from what, how it was checked, what it cost.

use std::sync::Arc;

use crate::erased::derive;
use api_types::{assistant::AnswerState, page::Page};
use leptos::prelude::*;

use super::{
    api, entry,
    words::{ANSWERS, ANSWERS_LEAD, ANY_STATE, NO_ANSWERS, NO_ANSWERS_HINT, NONE_FOUND, STATE_FILTER},
};
use crate::ui::{self, Asking, Choice, EmptyState, Glyph, Select, draw, fetched, more};

#[component]
pub fn AnswersPage() -> impl IntoView {
    ui::title_page(|| ANSWERS.get().to_owned());
    let state = RwSignal::new(String::new());
    let choices = derive(|| {
        let mut choices = vec![Choice::new("", ANY_STATE)];
        choices.extend(AnswerState::ALL.iter().map(|it| Choice::new(it.as_str(), entry::state_words(*it))));
        choices
    });
    view! {
        <div class="sheet" data-wide>
            <h1 tabindex="-1">{ANSWERS}</h1>
            <p class="lead">{ANSWERS_LEAD}</p>
            <div class="filters">
                <Select
                    label=STATE_FILTER
                    hide_label=true
                    value=state
                    choices
                    chosen=move |word: String| state.set(word)
                />
            </div>
            {fetched(move || ask(state.get(), String::new()))}
        </div>
    }
}

fn ask(state: String, after: String) -> Asking {
    Box::pin(async move {
        let Page { items, next_cursor } = api::answers(&state, &after).await?;
        let items = Arc::new(items);
        Ok(draw(move || {
            if items.is_empty() && after.is_empty() {
                return if state.is_empty() {
                    view! { <EmptyState glyph=Glyph::Inbox title=NO_ANSWERS hint=NO_ANSWERS_HINT /> }.into_any()
                } else {
                    view! { <EmptyState glyph=Glyph::Search title=NONE_FOUND /> }.into_any()
                };
            }
            let lines: Vec<AnyView> = items.iter().map(entry::line).collect();
            let state = state.clone();
            let rest = more(next_cursor.clone(), move |after| ask(state.clone(), after));
            if after.is_empty() {
                view! { <ul class="rows entries">{lines} {rest}</ul> }.into_any()
            } else {
                view! { {lines} {rest} }.into_any()
            }
        }))
    })
}
