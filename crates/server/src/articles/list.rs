//! The help centre's lists, in the order of categories and of places in them.
//!
//! Invariant: without the team's own switch, only what is published is listed. A page walks the index of each
//! category from where the page before ended.

use api_types::{
    articles::{ArticleFilter, ArticleSummary, ArticleView, CategoryRef},
    error::{ErrorCode, FieldCode},
    page::Page,
    people::Locale,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use db::{AsyncPgConnection, prepared};
use diesel::{prelude::*, sql_types};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use uuid::Uuid;

use super::{article::Article, search};
use crate::{
    auth::Reader,
    cursor,
    error::{AppError, Result},
    state::State,
};

/// Where an article stands: its category's place and id, its own place and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    category: (i32, Uuid),
    article: (i32, Uuid),
}

impl Place {
    const START: Self = Self { category: (i32::MIN, Uuid::nil()), article: (i32::MIN, Uuid::nil()) };

    fn parse(after: Option<&str>) -> Result<Self> {
        let Some(text) = after else { return Ok(Self::START) };
        let wrong = || AppError::field("?after", FieldCode::NotPossible, "Use the next_cursor of an earlier answer.");
        Self::decode(text).ok_or_else(wrong)
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 40] = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (category, article) = bytes.split_at(20);
        let part = |bytes: &[u8]| {
            let (place, id) = bytes.split_first_chunk::<4>()?;
            Some((i32::from_be_bytes(*place), Uuid::from_slice(id).ok()?))
        };
        Some(Self { category: part(category)?, article: part(article)? })
    }

    fn encode(self) -> String {
        let mut bytes = Vec::with_capacity(40);
        for (place, id) in [self.category, self.article] {
            bytes.extend_from_slice(&place.to_be_bytes());
            bytes.extend_from_slice(id.as_bytes());
        }
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = sql_types::Text)]
    slug: String,
    #[diesel(sql_type = sql_types::Text)]
    title: String,
    #[diesel(sql_type = sql_types::Text)]
    locale: Locale,
    #[diesel(sql_type = sql_types::Text)]
    summary: String,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category_name: Option<String>,
    #[diesel(sql_type = sql_types::Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
    /// Of every language, for who sees drafts.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Jsonb>)]
    texts: Option<serde_json::Value>,
    #[diesel(sql_type = sql_types::Integer)]
    category_position: i32,
    #[diesel(sql_type = sql_types::Uuid)]
    category_key: Uuid,
    #[diesel(sql_type = sql_types::Integer)]
    position: i32,
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
}

impl Row {
    fn place(&self) -> Place {
        Place { category: (self.category_position, self.category_key), article: (self.position, self.id) }
    }

    fn into_summary(self) -> Result<ArticleSummary> {
        Ok(ArticleSummary {
            slug: self.slug,
            title: self.title,
            locale: self.locale,
            summary: self.summary,
            category: self.category.zip(self.category_name).map(|(slug, name)| CategoryRef { slug, name }),
            updated_at: self.updated_at,
            texts: self.texts.map(serde_json::from_value).transpose().map_err(AppError::internal)?.unwrap_or_default(),
        })
    }
}

/// A page of the articles that a reader may see. With drafts, the words are looked for in titles and addresses.
pub async fn page(
    conn: &mut AsyncPgConnection,
    filter: &ArticleFilter,
    words: Option<&str>,
) -> Result<Page<ArticleSummary>> {
    let limit = cursor::limit(filter.limit)?;
    let after = Place::parse(filter.after.as_deref())?;
    let drafts = filter.drafts.unwrap_or(false);
    // Articles without a category come last.
    let mut rows: Vec<Row> = prepared(
        "select a.slug, r.title, t.locale, r.summary, c.slug as category,
                case $1 when 'fr' then c.name_fr else c.name_en end as category_name,
                coalesce(case when $3 then r.created_at end, t.published_at, r.created_at) as updated_at,
                case when $3 then (
                    select jsonb_agg(jsonb_build_object('locale', s.locale, 'state',
                        case when s.published_id is null then 'draft' when s.published_id = s.newest_id then 'published'
                        else 'changed' end) order by s.locale)
                    from article_texts s where s.article_id = a.id) end as texts,
                c.position as category_position, c.key as category_key, a.position, a.id
         from (select id, id as key, slug, name_en, name_fr, position from article_categories
               union all
               select null, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, null, null, null, 2147483647::integer) c
         cross join lateral (
             select c.position as category_position, c.key,
                    case when (c.position, c.key) = ($5::integer, $6::uuid) then $7::integer else -2147483648 end as position,
                    case when (c.position, c.key) = ($5::integer, $6::uuid) then $8::uuid
                    else '00000000-0000-0000-0000-000000000000'::uuid end as id
             offset 0) start
         cross join lateral (
             (select a.id, a.slug, a.position from articles a
              where a.category_id = c.id and (a.position, a.id) > (start.position, start.id)
              and exists (select from article_texts t join article_revisions r on r.id = t.newest_id
                          where t.article_id = a.id and (t.published_id is not null or $3)
                          and ($4::text is null or r.title ilike $4 or a.slug ilike $4))
              order by a.position, a.id limit $9)
             union all
             (select a.id, a.slug, a.position from articles a
              where c.id is null and a.category_id is null and (a.position, a.id) > (start.position, start.id)
              and exists (select from article_texts t join article_revisions r on r.id = t.newest_id
                          where t.article_id = a.id and (t.published_id is not null or $3)
                          and ($4::text is null or r.title ilike $4 or a.slug ilike $4))
              order by a.position, a.id limit $9)) a
         cross join lateral (
             select * from article_texts t where t.article_id = a.id and (t.published_id is not null or $3)
             order by t.locale = $1 desc limit 1) t
         join article_revisions r on r.id = case when $3 then t.newest_id else t.published_id end
         where ($2::text is null or c.slug = $2) and (c.position, c.key) >= ($5::integer, $6::uuid)
         order by c.position, c.key, a.position, a.id limit $9",
    )
    .bind::<sql_types::Text, _>(filter.locale.unwrap_or(Locale::English))
    .bind::<sql_types::Nullable<sql_types::Text>, _>(filter.category.as_deref())
    .bind::<sql_types::Bool, _>(drafts)
    .bind::<sql_types::Nullable<sql_types::Text>, _>(words.map(|words| format!("%{}%", cursor::escape_like(words))))
    .bind::<sql_types::Integer, _>(after.category.0)
    .bind::<sql_types::Uuid, _>(after.category.1)
    .bind::<sql_types::Integer, _>(after.article.0)
    .bind::<sql_types::Uuid, _>(after.article.1)
    .bind::<sql_types::BigInt, _>(limit as i64 + 1)
    .load(conn)
    .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.place().encode());
    Ok(Page { items: rows.into_iter().map(Row::into_summary).collect::<Result<_>>()?, next_cursor })
}

/// Drafts are the team's.
pub fn refuse_drafts(reader: &Reader, filter: &ArticleFilter) -> Result<()> {
    if filter.drafts == Some(true) && !reader.is_team() {
        let code = if reader.0.is_some() { ErrorCode::Forbidden } else { ErrorCode::Unauthenticated };
        return Err(AppError::new(code).detail("Only the team lists drafts."));
    }
    if filter.category.as_deref().is_some_and(|slug| slug.contains('\0')) {
        return Err(AppError::field("?category", FieldCode::ForbiddenCharacter, "NUL is not accepted."));
    }
    Ok(())
}

/// Finds articles: those that answer the words best, or a page of the list.
pub async fn find(state: &State, reader: &Reader, filter: &ArticleFilter) -> Result<Page<ArticleSummary>> {
    refuse_drafts(reader, filter)?;
    let words = cursor::words(filter.q.as_deref())?;
    match words.filter(|_| filter.drafts != Some(true)) {
        Some(words) => search::page(&mut *state.search_db().await?, filter, words).await,
        None => page(&mut *state.db().await?, filter, words).await,
    }
}

/// Reads an article in this language, or in the other if it is not published in it.
pub async fn read(state: &State, slug: &str, locale: Locale, can_edit: bool) -> Result<ArticleView> {
    Article::read(&mut *state.db().await?, slug, locale, can_edit).await
}
