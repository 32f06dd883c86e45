//! An article's text in one language: its revisions, and the one that readers see.
//!
//! Invariant: a revision is never changed. The passages are those of the published one, written in the same
//! transaction.

use api_types::{
    articles::{ArticleSource, RevisionId, RevisionView, TextChange},
    error::ErrorCode,
    page::{Page, PageFilter},
    people::{Locale, PersonId},
};
use db::{
    AsyncPgConnection,
    schema::{article_revisions, article_texts, articles, people},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use super::{
    article::{Article, Revision},
    passages, render,
};
use crate::{
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::{AppError, Result},
};

/// What somebody wrote, or a command.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub title: &'a str,
    pub body: &'a str,
    pub author: Option<PersonId>,
}

impl Words<'_> {
    /// A revision says the same.
    pub fn are(&self, revision: &RevisionView) -> bool {
        self.title == revision.title && self.body == revision.body_markdown
    }
}

/// The newest revision of a text, and the published one.
#[derive(Clone, Debug)]
pub struct Newest {
    pub revision: Revision,
    pub published: Option<RevisionId>,
}

/// Reads a text that there may be, as the team sees it.
pub async fn newest(conn: &mut AsyncPgConnection, article: Uuid, locale: Locale) -> QueryResult<Option<Newest>> {
    let row: Option<(Revision, Option<RevisionId>)> = article_texts::table
        .find((article, locale))
        .inner_join(article_revisions::table.on(article_revisions::id.eq(article_texts::newest_id)))
        .select((Revision::as_select(), article_texts::published_id))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(revision, published)| Newest { revision, published }))
}

/// Saves what somebody wrote as the newest revision. What is there already is not saved twice; what rests on an
/// older revision than the newest is refused.
pub async fn save(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: &CurrentUser,
    slug: &str,
    locale: Locale,
    change: TextChange,
) -> Result<ArticleSource> {
    conn.transaction(async |conn| {
        let article = Article::by_slug(conn, slug).await?;
        let newest = newest(conn, article.id, locale).await?;
        let words =
            Words { title: change.title.as_str(), body: change.body_markdown.as_str(), author: Some(author.id) };
        let known = newest.as_ref().map(|newest| &newest.revision);
        let revision = match known {
            Some(known) if known.title == words.title && known.body_markdown == words.body => known.id,
            _ if known.map(|known| known.id) != change.based_on => return Err(AppError::new(ErrorCode::TextChanged)),
            _ => write(conn, now, article.id, locale, &words).await?,
        };
        if change.publish && newest.and_then(|newest| newest.published) != Some(revision) {
            publish(conn, now, article.id, locale, revision).await?;
        }
        article.source(conn).await
    })
    .await
}

/// Adds a revision and makes it the newest. The article is held by the transaction.
pub async fn write(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    article: Uuid,
    locale: Locale,
    words: &Words<'_>,
) -> Result<RevisionId> {
    let rendered = render::render(words.body);
    let id = RevisionId::new();
    let last: Option<i32> = article_revisions::table
        .filter(article_revisions::article_id.eq(article))
        .filter(article_revisions::locale.eq(locale))
        .select(diesel::dsl::max(article_revisions::number))
        .first(conn)
        .await?;
    diesel::insert_into(article_revisions::table)
        .values((
            article_revisions::id.eq(id),
            article_revisions::article_id.eq(article),
            article_revisions::locale.eq(locale),
            article_revisions::number.eq(last.unwrap_or(0) + 1),
            article_revisions::title.eq(words.title),
            article_revisions::body_markdown.eq(words.body),
            article_revisions::body_html.eq(&rendered.html),
            article_revisions::sections.eq(serde_json::json!(rendered.sections)),
            article_revisions::summary.eq(&rendered.summary),
            article_revisions::author_id.eq(words.author),
            article_revisions::created_at.eq(now.to_diesel()),
        ))
        .execute(conn)
        .await?;
    diesel::insert_into(article_texts::table)
        .values((
            article_texts::article_id.eq(article),
            article_texts::locale.eq(locale),
            article_texts::newest_id.eq(id),
        ))
        .on_conflict((article_texts::article_id, article_texts::locale))
        .do_update()
        .set(article_texts::newest_id.eq(id))
        .execute(conn)
        .await?;
    Ok(id)
}

/// Shows a revision to readers.
pub async fn publish(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    article: Uuid,
    locale: Locale,
    revision: RevisionId,
) -> Result<()> {
    let (title, body): (String, String) = article_revisions::table
        .find(revision)
        .select((article_revisions::title, article_revisions::body_markdown))
        .first(conn)
        .await?;
    diesel::update(article_texts::table.find((article, locale)))
        .set((article_texts::published_id.eq(revision), article_texts::published_at.eq(now.to_diesel())))
        .execute(conn)
        .await?;
    passages::replace(conn, article, locale, Some((revision, &title, &body))).await
}

/// Shows the newest revision to readers, or nothing any more.
pub async fn show(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    slug: &str,
    locale: Locale,
    shown: bool,
) -> Result<ArticleSource> {
    conn.transaction(async |conn| {
        let article = Article::by_slug(conn, slug).await?;
        let text = newest(conn, article.id, locale).await?.ok_or_else(AppError::not_found)?;
        if shown && text.published != Some(text.revision.id) {
            publish(conn, now, article.id, locale, text.revision.id).await?;
        } else if !shown && text.published.is_some() {
            diesel::update(article_texts::table.find((article.id, locale)))
                .set((
                    article_texts::published_id.eq(None::<RevisionId>),
                    article_texts::published_at.eq(None::<jiff_diesel::Timestamp>),
                ))
                .execute(conn)
                .await?;
            passages::replace(conn, article.id, locale, None).await?;
        }
        article.source(conn).await
    })
    .await
}

/// A page of a text's revisions, newest first.
pub async fn revisions(
    conn: &mut AsyncPgConnection,
    slug: &str,
    locale: Locale,
    filter: &PageFilter,
) -> Result<Page<RevisionView>> {
    let limit = cursor::limit(filter.limit)?;
    let after = Cursor::parse(filter.after.as_deref())?;
    let (article, published): (Uuid, Option<RevisionId>) = article_texts::table
        .inner_join(articles::table.on(articles::id.eq(article_texts::article_id)))
        .filter(articles::slug.eq(slug))
        .filter(article_texts::locale.eq(locale))
        .select((article_texts::article_id, article_texts::published_id))
        .first(conn)
        .await?;
    let mut query = article_revisions::table
        .left_join(people::table.on(people::id.nullable().eq(article_revisions::author_id)))
        .filter(article_revisions::article_id.eq(article))
        .filter(article_revisions::locale.eq(locale))
        .select((Revision::as_select(), people::name.nullable()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(after.older("article_revisions"));
    }
    let rows: Vec<(Revision, Option<String>)> = query
        .order((article_revisions::created_at.desc(), article_revisions::id.desc()))
        .limit(limit as i64 + 1)
        .load(conn)
        .await?;
    let (rows, next_cursor) = cursor::cut(rows, limit, |(row, _)| Cursor { at: row.created_at, id: row.id.0 });
    let items = rows.into_iter().map(|(row, author)| row.into_view(author, published)).collect();
    Ok(Page { items, next_cursor })
}

/// Whether readers see each of these revisions now.
pub async fn still_published(conn: &mut AsyncPgConnection, revisions: &[RevisionId]) -> Result<bool> {
    let mut distinct: Vec<RevisionId> = revisions.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let shown: i64 =
        article_texts::table.filter(article_texts::published_id.eq_any(&distinct)).count().get_result(conn).await?;
    Ok(usize::try_from(shown) == Ok(distinct.len()))
}
