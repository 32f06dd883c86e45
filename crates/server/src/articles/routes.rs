//! The handlers of the public help centre.

use actix_web::{
    get,
    web::{Data, Json},
};
use api_types::{
    articles::{ArticleFilter, ArticleSummary, ArticleView, Categories, ReaderLocale, SuggestionQuery, Suggestions},
    page::Page,
    people::Locale,
};

use super::{categories, list, suggest};
use crate::{
    auth::Reader,
    door::{Named, Query},
    error::Result,
    state::State,
};

/// List articles
///
/// What is published, in the order of categories and of places in them. With `q`, what answers best first, on one page.
#[utoipa::path(
    tag = "articles", operation_id = "list_articles", security((), ("bearer" = [])), params(ArticleFilter),
    responses((status = 200, body = Page<ArticleSummary>)),
)]
#[get("/articles")]
pub async fn list_articles(
    state: Data<State>,
    reader: Reader,
    filter: Query<ArticleFilter>,
) -> Result<Json<Page<ArticleSummary>>> {
    Ok(Json(list::find(&state, &reader, &filter.0).await?))
}

/// Read an article
///
/// In the reader's language if it is published in it, or else in the other.
#[utoipa::path(
    tag = "articles", operation_id = "get_article", security((), ("bearer" = [])),
    params(("slug" = api_types::text::Slug, Path), ReaderLocale),
    responses((status = 200, body = ArticleView)),
)]
#[get("/articles/{slug}")]
pub async fn get_article(
    state: Data<State>,
    reader: Reader,
    slug: Named,
    locale: Query<ReaderLocale>,
) -> Result<Json<ArticleView>> {
    let locale = locale.0.locale.unwrap_or(Locale::English);
    Ok(Json(list::read(&state, &slug.0, locale, reader.is_team()).await?))
}

/// List the categories
///
/// In the order in which readers see them, with the number of published articles in each.
#[utoipa::path(
    tag = "articles", operation_id = "list_categories", security((), ("bearer" = [])),
    responses((status = 200, body = Categories)),
)]
#[get("/categories")]
pub async fn list_categories(state: Data<State>, _reader: Reader) -> Result<Json<Categories>> {
    Ok(Json(Categories { items: categories::list(&mut *state.db().await?, None).await? }))
}

/// Suggest articles
///
/// For what somebody is writing. It is neither stored nor logged; fewer than three words find nothing.
#[utoipa::path(
    tag = "articles", operation_id = "suggest_articles", params(SuggestionQuery),
    responses((status = 200, body = Suggestions)),
)]
#[get("/articles/suggest")]
pub async fn suggest_articles(state: Data<State>, query: Query<SuggestionQuery>) -> Result<Json<Suggestions>> {
    Ok(Json(suggest::suggest(&mut *state.search_db().await?, query.0).await?))
}
