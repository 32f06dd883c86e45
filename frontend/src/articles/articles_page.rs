//! Every article, for the team: what it is called, where it stands, and how far each language is.

use api_types::{
    articles::{ArticleSummary, TextState},
    page::Page,
    people::Locale,
};
use leptos::prelude::*;

use super::{
    api::{self, Wanted},
    article::language,
    categories_dialog::CategoriesDialog,
    synonyms_dialog::SynonymsDialog,
    words::{
        ARTICLES, ARTICLES_SEARCH, CATEGORIES, CHANGED, CHANGED_SHORT, DRAFT, NEW_ARTICLE, NO_ARTICLES,
        NO_ARTICLES_TEAM_HINT, NO_CATEGORY, NO_TEXT, NOTHING_FOUND, PUBLISHED, SYNONYMS,
    },
};
use crate::{
    erased::on,
    i18n::{self, Words},
    paths,
    ui::{self, Asking, EmptyState, Glyph, Icon, RelativeTime, draw, fetched, more, search_field},
};

#[component]
pub fn ArticlesPage() -> impl IntoView {
    ui::title_page(|| ARTICLES.get().to_owned());
    let q = RwSignal::new(String::new());
    // Somebody has changed the categories, whose names stand in the list.
    let changed = RwSignal::new(());
    let (categories, synonyms) = (RwSignal::new(false), RwSignal::new(false));
    let search = move |words: String| drop(q.try_set(words));
    let opens = |open: RwSignal<bool>, label: Words| {
        view! {
            <button class="button" type="button" on:click=on(move |_| open.set(true))>
                {label}
            </button>
        }
    };
    view! {
        <div class="sheet" data-wide>
            <div class="list-head">
                <h1 tabindex="-1">{ARTICLES}</h1>
                <div class="head-acts">
                    {opens(categories, CATEGORIES)} {opens(synonyms, SYNONYMS)}
                    <a class="button" data-kind="primary" href=paths::NEW_ARTICLE>
                        <Icon glyph=Glyph::Plus />
                        {NEW_ARTICLE}
                    </a>
                </div>
            </div>
            <form role="search" class="search" on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
                <Icon glyph=Glyph::Search />
                {search_field(ARTICLES_SEARCH, q.into(), Box::new(search))}
            </form>
            {fetched(move || {
                changed.track();
                ask(Wanted { locale: Some(i18n::locale()), q: q.get(), drafts: true, ..Wanted::default() })
            })}
            <CategoriesDialog open=categories changed />
            <SynonymsDialog open=synonyms />
        </div>
    }
}

fn ask(wanted: Wanted) -> Asking {
    Box::pin(async move {
        let Page { items, next_cursor } = api::list(&wanted).await?;
        let first = wanted.after.is_empty();
        Ok(draw(move || {
            if items.is_empty() && first {
                return nothing(&wanted);
            }
            let shown: Vec<AnyView> = items.iter().map(line).collect();
            let wanted = wanted.clone();
            let rest = more(next_cursor.clone(), move |after| ask(Wanted { after, ..wanted.clone() }));
            if first {
                view! { <ul class="rows articles">{shown} {rest}</ul> }.into_any()
            } else {
                view! { {shown} {rest} }.into_any()
            }
        }))
    })
}

fn line(article: &ArticleSummary) -> AnyView {
    let category = article.category.as_ref().map(|category| category.name.clone());
    let states: Vec<AnyView> = Locale::ALL
        .iter()
        .map(|locale| {
            let state = article.texts.iter().find(|text| text.locale == *locale).map(|text| text.state);
            view! {
                <span class="article-state">
                    <span class="quiet" title=language(*locale)>
                        {locale.as_str().to_uppercase()}
                    </span>
                    {state_chip(state)}
                </span>
            }
            .into_any()
        })
        .collect();
    view! {
        <li class="row">
            <a href=paths::edit_article(&article.slug, article.locale.as_str())>
                <span class="row-title" lang=article.locale.as_str()>
                    {article.title.clone()}
                </span>
                <span class="row-facts">
                    <span class="row-creator">{category.unwrap_or_else(|| NO_CATEGORY.get().to_owned())}</span>
                </span>
                <span class="row-state">{states}</span>
                <span class="row-sla quiet">
                    <RelativeTime at=Signal::stored(article.updated_at) />
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// How far a language is, as an icon and a word.
pub fn state_chip(state: Option<TextState>) -> AnyView {
    let (words, long, glyph, tone) = match state {
        None => (NO_TEXT, NO_TEXT, Glyph::Minus, ""),
        Some(TextState::Draft) => (DRAFT, DRAFT, Glyph::Circle, "open"),
        Some(TextState::Published) => (PUBLISHED, PUBLISHED, Glyph::Check, "resolved"),
        Some(TextState::Changed) => (CHANGED_SHORT, CHANGED, Glyph::Half, "in_progress"),
    };
    view! {
        <span class="chip" data-status=tone title=long>
            <Icon glyph />
            {words}
        </span>
    }
    .into_any()
}

fn nothing(wanted: &Wanted) -> AnyView {
    if wanted.q.is_empty() {
        view! {
            <EmptyState glyph=Glyph::File title=NO_ARTICLES hint=NO_ARTICLES_TEAM_HINT>
                <a class="button" data-kind="primary" href=paths::NEW_ARTICLE>
                    {NEW_ARTICLE}
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <EmptyState glyph=Glyph::Search title=NOTHING_FOUND /> }.into_any()
    }
}
