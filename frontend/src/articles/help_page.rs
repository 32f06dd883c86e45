//! The help centre: its subjects and their articles, and the search.
//!
//! Invariant: what is searched and which subject is open stand in the URL.

use std::sync::Arc;

use api_types::{articles::ArticleSummary, page::Page};
use leptos::prelude::*;

use super::{
    api::{self, Wanted},
    words::{
        ALL_HELP, HELP, HELP_LEAD, NO_ARTICLES, NO_ARTICLES_HINT, NOTHING_FOUND, NOTHING_FOUND_HINT, OTHERS, RESULTS,
        SEARCH, TO_SUPPORT,
    },
};
use crate::{
    address_bar,
    erased::{derive, dynamic, memo, on, when},
    i18n, paths,
    ui::{self, Asking, EmptyState, Glyph, Icon, draw, fetched, more, search_field},
};

#[component]
pub fn HelpPage() -> impl IntoView {
    ui::title_page(|| HELP.get().to_owned());
    let asked = memo(|| {
        let query = address_bar::query();
        let word = |name: &str| query(name).unwrap_or_default();
        (word("q"), word("category"))
    });
    let narrowed = move || asked.with(|(q, category)| !q.is_empty() || !category.is_empty());
    view! {
        <div class="help">
            <div class="help-head">
                <h1 tabindex="-1">{HELP}</h1>
                <p class="lead">{HELP_LEAD}</p>
                <Finder asked />
                {when(narrowed, || view! { <a href=paths::HELP>{ALL_HELP}</a> })}
            </div>
            {fetched(move || {
                let (q, category) = asked.get();
                ask(Wanted { locale: Some(i18n::locale()), q, category, ..Wanted::default() })
            })}
        </div>
    }
}

#[component]
fn Finder(asked: Memo<(String, String)>) -> impl IntoView {
    let search = move |words: String| {
        let category = asked.with_untracked(|(_, category)| category.clone());
        let to = paths::with_query(paths::HELP, &[("q", &words), ("category", &category)]);
        address_bar::refine(&to, true);
    };
    view! {
        <form role="search" class="search" on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Icon glyph=Glyph::Search />
            {search_field(SEARCH, derive(move || asked.get().0), Box::new(search))}
        </form>
    }
}

fn ask(wanted: Wanted) -> Asking {
    Box::pin(async move {
        let Page { items, next_cursor } = api::list(&wanted).await?;
        let (items, first) = (Arc::new(items), wanted.after.is_empty());
        Ok(draw(move || {
            if items.is_empty() && first {
                return nothing(&wanted);
            }
            let rest = {
                let wanted = wanted.clone();
                more(next_cursor.clone(), move |after| ask(Wanted { after, ..wanted.clone() }))
            };
            let shown = if wanted.q.is_empty() { by_category(&items) } else { vec![found(&wanted.q, &items, first)] };
            view! {
                {shown}
                <ul class="help-more">{rest}</ul>
            }
            .into_any()
        }))
    })
}

/// The list comes in the order of the categories, so one category is one run of it.
fn by_category(items: &[ArticleSummary]) -> Vec<AnyView> {
    items
        .chunk_by(|one, next| one.category == next.category)
        .map(|run| {
            let category = run.first().and_then(|article| article.category.clone());
            let heading = match category {
                Some(category) => {
                    let href = paths::with_query(paths::HELP, &[("category", &category.slug)]);
                    view! { <a href=href>{category.name}</a> }.into_any()
                }
                None => view! { {OTHERS} }.into_any(),
            };
            let lines: Vec<AnyView> = run.iter().map(|article| line(article, false)).collect();
            view! {
                <section class="help-category">
                    <h2>{heading}</h2>
                    <ul class="help-list">{lines}</ul>
                </section>
            }
            .into_any()
        })
        .collect()
}

fn found(q: &str, items: &[ArticleSummary], first: bool) -> AnyView {
    let lines: Vec<AnyView> = items.iter().map(|article| line(article, true)).collect();
    let q = q.to_owned();
    view! {
        <section class="help-category" data-results>
            {first.then(|| view! { <div role="status"><h2>{dynamic(move || RESULTS.with(&q))}</h2></div> })}
            <ul class="help-list">{lines}</ul>
        </section>
    }
    .into_any()
}

fn line(article: &ArticleSummary, with_category: bool) -> AnyView {
    let foreign = (article.locale != i18n::locale()).then(|| article.locale.as_str());
    let href = paths::article(&article.slug, foreign.unwrap_or_default(), "");
    let category = article.category.clone().filter(|_| with_category);
    view! {
        <li>
            <a href=href lang=foreign>
                <span class="help-title">{article.title.clone()}</span>
                <span class="help-summary">{article.summary.clone()}</span>
                {category.map(|category| view! { <span class="chip">{category.name}</span> })}
            </a>
        </li>
    }
    .into_any()
}

fn nothing(wanted: &Wanted) -> AnyView {
    if wanted.q.is_empty() {
        return view! { <EmptyState glyph=Glyph::File title=NO_ARTICLES hint=NO_ARTICLES_HINT /> }.into_any();
    }
    view! {
        <EmptyState glyph=Glyph::Search title=NOTHING_FOUND hint=NOTHING_FOUND_HINT>
            <a class="button" href=paths::SUPPORT>
                {TO_SUPPORT}
            </a>
        </EmptyState>
    }
    .into_any()
}
