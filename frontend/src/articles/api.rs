//! The calls of this room.

use api_types::{
    articles::{
        ArticleChange, ArticleDraft, ArticlePreview, ArticleSource, ArticleSummary, ArticleView, Categories,
        CategoryChange, CategoryId, CategoryView, NewArticle, NewCategory, RevisionView, Suggestions, Synonyms,
        TextChange,
    },
    page::Page,
    people::Locale,
};

use crate::{
    api::{Failure, delete, get, patch, post, put},
    paths::with_query,
};

type Answer<T> = Result<T, Failure>;

/// Which articles: words to find, a category, and for the team what is not published too.
#[derive(Clone, Default)]
pub struct Wanted {
    /// English when absent.
    pub locale: Option<Locale>,
    pub q: String,
    pub category: String,
    pub drafts: bool,
    pub after: String,
}

pub async fn list(wanted: &Wanted) -> Answer<Page<ArticleSummary>> {
    let pairs = [
        ("locale", wanted.locale.map(Locale::as_str).unwrap_or_default()),
        ("q", &wanted.q),
        ("category", &wanted.category),
        ("drafts", if wanted.drafts { "true" } else { "" }),
        ("limit", "100"),
        ("after", &wanted.after),
    ];
    get(with_query("/articles", &pairs)).await
}

pub async fn read(slug: &str, locale: Locale) -> Answer<ArticleView> {
    get(with_query(&article(slug), &[("locale", locale.as_str())])).await
}

pub async fn suggest(text: &str, locale: Locale) -> Answer<Suggestions> {
    get(with_query("/articles/suggest", &[("text", text), ("locale", locale.as_str())])).await
}

pub async fn source(slug: &str) -> Answer<ArticleSource> {
    get(format!("{}/source", article(slug))).await
}

pub async fn create(new: NewArticle) -> Answer<ArticleSource> {
    post("/articles".to_owned(), &new).await
}

pub async fn change(slug: String, change: ArticleChange) -> Answer<ArticleSource> {
    patch(article(&slug), &change).await
}

pub async fn erase(slug: String) -> Answer<()> {
    delete(article(&slug)).await
}

pub async fn save(slug: String, locale: Locale, change: TextChange) -> Answer<ArticleSource> {
    put(text(&slug, locale, ""), &change).await
}

pub async fn publish(slug: String, locale: Locale) -> Answer<ArticleSource> {
    put(text(&slug, locale, "/publication"), &()).await
}

pub async fn take_back(slug: String, locale: Locale) -> Answer<ArticleSource> {
    delete(text(&slug, locale, "/publication")).await
}

pub async fn revisions(slug: &str, locale: Locale, after: &str) -> Answer<Page<RevisionView>> {
    get(with_query(&text(slug, locale, "/revisions"), &[("limit", "20"), ("after", after)])).await
}

pub async fn preview(markdown: String) -> Answer<ArticlePreview> {
    post("/articles/preview".to_owned(), &ArticleDraft { body_markdown: markdown.into() }).await
}

pub async fn categories() -> Answer<Categories> {
    get("/categories".to_owned()).await
}

pub async fn add_category(new: NewCategory) -> Answer<CategoryView> {
    post("/categories".to_owned(), &new).await
}

pub async fn change_category(id: CategoryId, change: CategoryChange) -> Answer<CategoryView> {
    patch(format!("/categories/{id}"), &change).await
}

pub async fn remove_category(id: CategoryId) -> Answer<()> {
    delete(format!("/categories/{id}")).await
}

pub async fn synonyms() -> Answer<Synonyms> {
    get("/articles/synonyms".to_owned()).await
}

pub async fn keep_synonyms(synonyms: Synonyms) -> Answer<Synonyms> {
    put("/articles/synonyms".to_owned(), &synonyms).await
}

fn article(slug: &str) -> String {
    format!("/articles/{}", String::from(js_sys::encode_uri_component(slug)))
}

fn text(slug: &str, locale: Locale, rest: &str) -> String {
    format!("{}/texts/{locale}{rest}", article(slug))
}
