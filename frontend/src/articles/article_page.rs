//! One article of the help centre.
//!
//! Invariant: the URL says all of it: the article, `?lang=`, and `#` the section.

use crate::erased::memo;
use api_types::{articles::ArticleView, error::ErrorCode, people::Locale};
use leptos::prelude::*;

use super::{
    api,
    article::{about, body, contents, language},
    place::anchor_of,
    words::{EDIT, GONE, GONE_HINT, HELP, LANGUAGE, TO_HELP},
};
use crate::{
    address_bar, i18n, paths,
    ui::{self, Draw, EmptyState, Glyph, draw, fetched},
};

#[component]
pub fn ArticlePage(slug: String) -> impl IntoView {
    let asked = memo(|| address_bar::query()("lang").and_then(|lang| lang.parse::<Locale>().ok()));
    view! {
        <div class="article-page">
            {fetched(move || {
                let slug = slug.clone();
                let locale = asked.get().unwrap_or_else(i18n::locale);
                Box::pin(async move {
                    match api::read(&slug, locale).await {
                        Ok(article) => {
                            // It was asked for by a former address.
                            if article.slug != slug {
                                address_bar::replace(&paths::article(
                                    &article.slug,
                                    article.locale.as_str(),
                                    &anchor_of(&address_bar::hash()),
                                ));
                            }
                            Ok(page(article))
                        }
                        Err(failure) if failure.code() == Some(ErrorCode::NotFound) => Ok(draw(gone)),
                        Err(failure) => Err(failure),
                    }
                })
            })}
        </div>
    }
}

fn page(article: ArticleView) -> Draw {
    draw(move || {
        let title = article.title.clone();
        ui::title_page(move || title.clone());
        let lang = article.locale.as_str();
        let path = paths::article(&article.slug, lang, "");
        let category = article.category.clone().map(|category| {
            let href = paths::with_query(paths::HELP, &[("category", &category.slug)]);
            view! { <a href=href>{category.name}</a> }
        });
        let edit = article.can_edit.then(|| {
            view! {
                <a class="button" data-size="small" href=paths::edit_article(&article.slug, lang)>
                    {EDIT}
                </a>
            }
        });
        view! {
            <article class="article">
                <header class="article-head">
                    <p class="crumbs">
                        <a href=paths::HELP>{HELP}</a>
                        {category}
                    </p>
                    <h1 tabindex="-1" lang=lang>
                        {article.title.clone()}
                    </h1>
                    <div class="article-line">{about(&article)} {languages(&article)} {edit}</div>
                </header>
                {contents(&path, &article.sections)}
                {body(article.body_html.clone(), article.locale, move || (anchor_of(&address_bar::hash()), String::new()))}
            </article>
        }
        .into_any()
    })
}

/// The way to the other language, when there is one.
fn languages(article: &ArticleView) -> Option<AnyView> {
    (article.locales.len() > 1).then(|| {
        let links: Vec<AnyView> = article
            .locales
            .iter()
            .map(|locale| {
                let current = (*locale == article.locale).then_some("true");
                view! {
                    <a
                        href=paths::article(&article.slug, locale.as_str(), "")
                        lang=locale.as_str()
                        hreflang=locale.as_str()
                        aria-current=current
                    >
                        {language(*locale)}
                    </a>
                }
                .into_any()
            })
            .collect();
        view! {
            <nav class="switch" aria-label=LANGUAGE>
                {links}
            </nav>
        }
        .into_any()
    })
}

fn gone() -> AnyView {
    ui::title_page(|| GONE.get().to_owned());
    view! {
        <h1 class="hidden" tabindex="-1">
            {GONE}
        </h1>
        <EmptyState glyph=Glyph::Search title=GONE hint=GONE_HINT>
            <a class="button" href=paths::HELP>
                {TO_HELP}
            </a>
        </EmptyState>
    }
    .into_any()
}
