//! The handlers that only the team may call.

use actix_web::{
    HttpResponse, delete, get, patch, post, put,
    web::{Data, Json},
};
use api_types::{
    articles::{
        ArticleChange, ArticleDraft, ArticlePreview, ArticleSource, CategoryChange, CategoryId, CategoryView,
        NewArticle, NewCategory, RevisionView, Synonyms, TextChange,
    },
    page::{Page, PageFilter},
    people::Locale,
};

use super::{article::Article, categories, render, synonyms, text};
use crate::{
    auth::Team,
    door::{ARTICLE_LIMIT, Id, Named, NamedText, Query, Valid},
    error::Result,
    etag::{IfMatch, Tagged},
    once::{self, IdempotencyKey},
    state::State,
};

/// Write an article
///
/// With its first text, which readers see at once if `publish` says so, and otherwise once it is published.
#[utoipa::path(
    tag = "articles", operation_id = "create_article",
    extensions(("x-error-codes" = json!(["slug_taken"]))), request_body = NewArticle, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = ArticleSource)),
)]
#[post("/articles")]
pub async fn create_article(
    state: Data<State>,
    team: Team,
    key: IdempotencyKey,
    body: Valid<NewArticle, ARTICLE_LIMIT>,
) -> Result<HttpResponse> {
    let once = key.bind("create_article", &body.0);
    let owned = state.get_ref().clone();
    let source = state
        .write(async move {
            let (mut conn, now, author) = (owned.db().await?, owned.clock.now(), team.0);
            once::carry_out::<ArticleSource, _>(&mut conn, now, author.id, once, move |conn| {
                Box::pin(async move { Article::create(conn, now, &author, body.0).await })
            })
            .await
        })
        .await?;
    Ok(HttpResponse::Created().json(source))
}

/// Preview an article
///
/// Renders and cleans it as readers would see it.
#[utoipa::path(
    tag = "articles", operation_id = "preview_article", request_body = ArticleDraft, security(("bearer" = [])),
    responses((status = 200, body = ArticlePreview)),
)]
#[post("/articles/preview")]
pub async fn preview_article(_team: Team, body: Valid<ArticleDraft, ARTICLE_LIMIT>) -> Result<Json<ArticlePreview>> {
    let rendered = render::render(body.0.body_markdown.as_str());
    Ok(Json(ArticlePreview { body_html: rendered.html, sections: rendered.sections }))
}

/// Move an article
///
/// To another category, place or address. What is absent stays.
#[utoipa::path(
    tag = "articles", operation_id = "update_article",
    extensions(("x-error-codes" = json!(["slug_taken"]))), request_body = ArticleChange, security(("bearer" = [])), params(IfMatch, ("slug" = api_types::text::Slug, Path)),
    responses((status = 200, body = ArticleSource)),
)]
#[patch("/articles/{slug}")]
pub async fn update_article(
    state: Data<State>,
    _team: Team,
    read: IfMatch,
    slug: Named,
    body: Valid<ArticleChange>,
) -> Result<Tagged<ArticleSource>> {
    let owned = state.get_ref().clone();
    let change = async move { Article::change(&mut *owned.db().await?, &slug.0, &read, body.0).await };
    Ok(Tagged(state.write(change).await?))
}

/// Delete an article
///
/// With all its texts and revisions, for good.
#[utoipa::path(
    tag = "articles", operation_id = "delete_article", security(("bearer" = [])), params(("slug" = api_types::text::Slug, Path)),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/articles/{slug}")]
pub async fn delete_article(state: Data<State>, _team: Team, slug: Named) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state.write(async move { Article::delete(&mut *owned.db().await?, &slug.0).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read an article as it is written
///
/// Every language, published or not, in Markdown, with what the team needs to go on writing.
#[utoipa::path(
    tag = "articles", operation_id = "get_article_source", security(("bearer" = [])), params(("slug" = api_types::text::Slug, Path)),
    responses((status = 200, body = ArticleSource)),
)]
#[get("/articles/{slug}/source")]
pub async fn get_article_source(state: Data<State>, _team: Team, slug: Named) -> Result<Tagged<ArticleSource>> {
    Ok(Tagged(Article::read_source(&mut *state.db().await?, &slug.0).await?))
}

/// Save a text
///
/// As a new revision, which readers see once it is published.
#[utoipa::path(
    tag = "articles", operation_id = "save_text",
    extensions(("x-error-codes" = json!(["text_changed"]))), request_body = TextChange, security(("bearer" = [])),
    params(("slug" = api_types::text::Slug, Path), ("locale" = Locale, Path)),
    responses((status = 200, body = ArticleSource)),
)]
#[put("/articles/{slug}/texts/{locale}")]
pub async fn save_text(
    state: Data<State>,
    team: Team,
    at: NamedText,
    body: Valid<TextChange, ARTICLE_LIMIT>,
) -> Result<Json<ArticleSource>> {
    let owned = state.get_ref().clone();
    let saved = state.write(async move {
        text::save(&mut *owned.db().await?, owned.clock.now(), &team.0, &at.slug, at.locale, body.0).await
    });
    Ok(Json(saved.await?))
}

/// Publish a text
///
/// Readers see its newest revision from now on.
#[utoipa::path(
    tag = "articles", operation_id = "publish_text", security(("bearer" = [])),
    params(("slug" = api_types::text::Slug, Path), ("locale" = Locale, Path)),
    responses((status = 200, body = ArticleSource)),
)]
#[put("/articles/{slug}/texts/{locale}/publication")]
pub async fn publish_text(state: Data<State>, _team: Team, at: NamedText) -> Result<Json<ArticleSource>> {
    show(&state, at, true).await
}

/// Take a text back
///
/// Readers see it no longer.
#[utoipa::path(
    tag = "articles", operation_id = "take_back_text", security(("bearer" = [])),
    params(("slug" = api_types::text::Slug, Path), ("locale" = Locale, Path)),
    responses((status = 200, body = ArticleSource)),
)]
#[delete("/articles/{slug}/texts/{locale}/publication")]
pub async fn take_back_text(state: Data<State>, _team: Team, at: NamedText) -> Result<Json<ArticleSource>> {
    show(&state, at, false).await
}

async fn show(state: &Data<State>, at: NamedText, shown: bool) -> Result<Json<ArticleSource>> {
    let owned = state.get_ref().clone();
    let showing = state
        .write(async move { text::show(&mut *owned.db().await?, owned.clock.now(), &at.slug, at.locale, shown).await });
    Ok(Json(showing.await?))
}

/// List a text's revisions
///
/// Newest first.
#[utoipa::path(
    tag = "articles", operation_id = "list_revisions", security(("bearer" = [])),
    params(("slug" = api_types::text::Slug, Path), ("locale" = Locale, Path), PageFilter),
    responses((status = 200, body = Page<RevisionView>)),
)]
#[get("/articles/{slug}/texts/{locale}/revisions")]
pub async fn list_revisions(
    state: Data<State>,
    _team: Team,
    at: NamedText,
    filter: Query<PageFilter>,
) -> Result<Json<Page<RevisionView>>> {
    Ok(Json(text::revisions(&mut *state.db().await?, &at.slug, at.locale, &filter.0).await?))
}

/// Add a category
///
/// It goes behind the others.
#[utoipa::path(
    tag = "articles", operation_id = "create_category",
    extensions(("x-error-codes" = json!(["slug_taken"]))), request_body = NewCategory, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = CategoryView)),
)]
#[post("/categories")]
pub async fn create_category(
    state: Data<State>,
    team: Team,
    key: IdempotencyKey,
    body: Valid<NewCategory>,
) -> Result<HttpResponse> {
    let once = key.bind("create_category", &body.0);
    let owned = state.get_ref().clone();
    let added = state.write(async move {
        let (mut conn, now) = (owned.db().await?, owned.clock.now());
        once::carry_out::<CategoryView, _>(&mut conn, now, team.0.id, once, move |conn| {
            Box::pin(async move { categories::create(conn, &body.0).await })
        })
        .await
    });
    let added = added.await?;
    Ok(HttpResponse::Created().json(added))
}

/// Read a category
///
/// As it is now, with the `ETag` that a change can be made dependent on.
#[utoipa::path(
    tag = "articles", operation_id = "get_category", security(("bearer" = [])), params(("id" = CategoryId, Path)),
    responses((status = 200, body = CategoryView)),
)]
#[get("/categories/{id}")]
pub async fn get_category(state: Data<State>, _team: Team, id: Id<CategoryId>) -> Result<Tagged<CategoryView>> {
    Ok(Tagged(categories::view(&mut *state.db().await?, id.0).await?))
}

/// Rename or move a category
///
/// What is absent stays.
#[utoipa::path(
    tag = "articles", operation_id = "update_category", request_body = CategoryChange, security(("bearer" = [])), params(IfMatch, ("id" = CategoryId, Path)),
    responses((status = 200, body = CategoryView)),
)]
#[patch("/categories/{id}")]
pub async fn update_category(
    state: Data<State>,
    _team: Team,
    read: IfMatch,
    id: Id<CategoryId>,
    body: Valid<CategoryChange>,
) -> Result<Tagged<CategoryView>> {
    let owned = state.get_ref().clone();
    let change = async move { categories::change(&mut *owned.db().await?, id.0, &read, body.0).await };
    Ok(Tagged(state.write(change).await?))
}

/// Delete a category
///
/// Its articles stay, outside all categories.
#[utoipa::path(
    tag = "articles", operation_id = "delete_category", security(("bearer" = [])), params(("id" = CategoryId, Path)),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/categories/{id}")]
pub async fn delete_category(state: Data<State>, _team: Team, id: Id<CategoryId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state.write(async move { categories::delete(&mut *owned.db().await?, id.0).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read the synonyms
///
/// Words that mean the same to the search of articles.
#[utoipa::path(
    tag = "articles", operation_id = "get_synonyms", security(("bearer" = [])),
    responses((status = 200, body = Synonyms)),
)]
#[get("/articles/synonyms")]
pub async fn get_synonyms(state: Data<State>, _team: Team) -> Result<Json<Synonyms>> {
    Ok(Json(Synonyms { groups: synonyms::load(&mut *state.db().await?).await? }))
}

/// Write the synonyms
///
/// The whole list anew.
#[utoipa::path(
    tag = "articles", operation_id = "set_synonyms", request_body = Synonyms, security(("bearer" = [])),
    responses((status = 200, body = Synonyms)),
)]
#[put("/articles/synonyms")]
pub async fn set_synonyms(
    state: Data<State>,
    _team: Team,
    body: Valid<Synonyms, ARTICLE_LIMIT>,
) -> Result<Json<Synonyms>> {
    let owned = state.get_ref().clone();
    let synonyms = state.write(async move { synonyms::replace(&mut *owned.db().await?, body.0).await }).await?;
    Ok(Json(synonyms))
}
