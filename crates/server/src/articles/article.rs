//! The row of an article, and its verbs.

use api_types::{
    articles::{
        ArticleChange, ArticleSource, ArticleText, ArticleView, CategoryId, CategoryRef, NewArticle, RevisionId,
        RevisionView, Section, TextState,
    },
    error::{ErrorCode, FieldCode},
    people::{Locale, PersonId, PersonRef},
};
use db::{
    AsyncPgConnection, prepared,
    schema::{article_revisions, article_texts, articles, former_article_slugs, people},
};
use diesel::{pg::Pg, prelude::*, result::Error as DieselError, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use super::{
    slug,
    text::{self, Words},
};
use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
    etag::IfMatch,
};

/// An article, as stored, without its texts.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = articles, check_for_backend(Pg))]
pub struct Article {
    pub id: Uuid,
    pub slug: String,
    pub category_id: Option<CategoryId>,
    pub position: i32,
}

impl Article {
    /// Writes a new article, after the last of its category. Writing the same twice makes one.
    pub async fn create(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        author: &CurrentUser,
        new: NewArticle,
    ) -> Result<ArticleSource> {
        let slug = new.slug.as_ref().map_or_else(|| slug::made_from(new.title.as_str()), ToString::to_string);
        if !slug::valid(&slug) {
            let words = "No address can be made from this title. Give one.";
            return Err(AppError::field("/slug", FieldCode::Required, words));
        }
        let words = Words { title: new.title.as_str(), body: new.body_markdown.as_str(), author: Some(author.id) };
        conn.transaction(async |conn| {
            match Self::insert(conn, now, &slug, new.category_id, None).await? {
                Some(article) => {
                    diesel::delete(former_article_slugs::table.find(&slug)).execute(conn).await?;
                    let revision = text::write(conn, now, article.id, new.locale, &words).await?;
                    if new.publish {
                        text::publish(conn, now, article.id, new.locale, revision).await?;
                    }
                    article.source(conn).await
                }
                // The answer to an earlier request may have been lost.
                None => {
                    let source = Self::by_slug(conn, &slug).await?.source(conn).await?;
                    let made = |text: &ArticleText| text.locale == new.locale && text.revision.number == 1;
                    let same = |text: &ArticleText| {
                        let by = text.revision.author.as_ref().map(|by| by.id);
                        words.are(&text.revision) && by == Some(author.id)
                    };
                    match source.texts.as_slice() {
                        [text] if made(text) && same(text) => Ok(source),
                        _ => Err(AppError::new(ErrorCode::SlugTaken)),
                    }
                }
            }
        })
        .await
    }

    /// A row after the last of its category, unless the slug is taken.
    pub async fn insert(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        slug: &str,
        category_id: Option<CategoryId>,
        imported_from: Option<&str>,
    ) -> Result<Option<Self>> {
        let last: Option<i32> = articles::table
            .filter(articles::category_id.is_not_distinct_from(category_id))
            .select(diesel::dsl::max(articles::position))
            .first(conn)
            .await?;
        diesel::insert_into(articles::table)
            .values((
                articles::id.eq(Uuid::now_v7()),
                articles::slug.eq(slug),
                articles::category_id.eq(category_id),
                articles::position.eq(last.map_or(0, |last| last.saturating_add(1))),
                articles::created_at.eq(now.to_diesel()),
                articles::imported_from.eq(imported_from),
            ))
            .on_conflict(articles::slug)
            .do_nothing()
            .returning(Self::as_returning())
            .get_result(conn)
            .await
            .optional()
            .map_err(refused)
    }

    /// The article at this address now or before, held until the transaction ends.
    pub async fn by_address(conn: &mut AsyncPgConnection, slug: &str) -> QueryResult<Self> {
        let former = former_article_slugs::table.filter(former_article_slugs::slug.eq(slug));
        let moved: Option<Uuid> = former.select(former_article_slugs::article_id).first(conn).await.optional()?;
        match moved {
            Some(id) => articles::table.find(id).select(Self::as_select()).for_update().first(conn).await,
            None => Self::by_slug(conn, slug).await,
        }
    }

    /// The article at this address, held until the transaction ends.
    pub async fn by_slug(conn: &mut AsyncPgConnection, slug: &str) -> QueryResult<Self> {
        articles::table.filter(articles::slug.eq(slug)).select(Self::as_select()).for_update().first(conn).await
    }

    /// Moves an article, or gives it another address.
    pub async fn change(
        conn: &mut AsyncPgConnection,
        slug: &str,
        read: &IfMatch,
        change: ArticleChange,
    ) -> Result<ArticleSource> {
        conn.transaction(async |conn| {
            let locked = articles::table.filter(articles::slug.eq(slug)).select(articles::id).for_no_key_update();
            locked.execute(conn).await?;
            let article = Self::by_slug(conn, slug).await?;
            read.check(&Self::read_source(conn, slug).await?)?;
            if let Some(to) = change.slug.as_ref().map(ToString::to_string).filter(|to| *to != article.slug) {
                Self::leave(conn, &article, &to).await?;
            }
            let changed: Self = diesel::update(articles::table.find(article.id))
                .set((
                    change.slug.map(|slug| articles::slug.eq(slug.to_string())),
                    change.category_id.map(|category| articles::category_id.eq(category)),
                    change.position.map(|position| articles::position.eq(position)),
                    // An update of nothing is an error in Diesel; this keeps the statement whole.
                    articles::id.eq(article.id),
                ))
                .returning(Self::as_returning())
                .get_result(conn)
                .await
                .map_err(refused)?;
            changed.source(conn).await
        })
        .await
    }

    /// From now on its address leads to the article's next one.
    async fn leave(conn: &mut AsyncPgConnection, article: &Self, to: &str) -> Result<()> {
        diesel::delete(former_article_slugs::table.find(to)).execute(conn).await?;
        diesel::insert_into(former_article_slugs::table)
            .values((former_article_slugs::slug.eq(&article.slug), former_article_slugs::article_id.eq(article.id)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Deletes an article with all its texts and revisions.
    pub async fn delete(conn: &mut AsyncPgConnection, slug: &str) -> Result<()> {
        conn.transaction(async |conn| {
            let found = articles::table.filter(articles::slug.eq(slug)).select(articles::id);
            let id: uuid::Uuid = found.first(conn).await?;
            // So that the counts of its words go with it.
            for locale in Locale::ALL {
                super::passages::replace(conn, id, *locale, None).await?;
            }
            diesel::delete(articles::table.find(id)).execute(conn).await?;
            Ok(())
        })
        .await
    }

    /// The article as the team writes it, by its address.
    pub async fn read_source(conn: &mut AsyncPgConnection, slug: &str) -> Result<ArticleSource> {
        let found = articles::table.filter(articles::slug.eq(slug)).select(Self::as_select());
        let article: Self = found.first(conn).await?;
        article.source(conn).await
    }

    /// The article as the team writes it.
    pub async fn source(self, conn: &mut AsyncPgConnection) -> Result<ArticleSource> {
        let rows: Vec<(Locale, Option<RevisionId>, Revision, Option<String>)> = article_texts::table
            .inner_join(article_revisions::table.on(article_revisions::id.eq(article_texts::newest_id)))
            .left_join(people::table.on(people::id.nullable().eq(article_revisions::author_id)))
            .filter(article_texts::article_id.eq(self.id))
            .order(article_texts::locale)
            .select((
                article_texts::locale,
                article_texts::published_id,
                Revision::as_select(),
                people::name.nullable(),
            ))
            .load(conn)
            .await?;
        let texts = rows.into_iter().map(|(locale, published, revision, author)| ArticleText {
            locale,
            state: state(published, revision.id),
            revision: revision.into_view(author, published),
        });
        let texts = texts.collect();
        Ok(ArticleSource { slug: self.slug, category_id: self.category_id, position: self.position, texts })
    }

    /// The article as readers see it: in their language if it is published in it, or else in the other.
    pub async fn read(conn: &mut AsyncPgConnection, slug: &str, locale: Locale, can_edit: bool) -> Result<ArticleView> {
        let row: Published = prepared(
            "select a.slug, r.id, t.locale, r.title, r.body_html, r.sections, t.published_at, c.slug as category,
                    case $2 when 'fr' then c.name_fr else c.name_en end as category_name,
                    array(select o.locale from article_texts o
                          where o.article_id = a.id and o.published_id is not null order by o.locale) as locales
             from articles a
             join article_texts t on t.article_id = a.id
             join article_revisions r on r.id = t.published_id
             left join article_categories c on c.id = a.category_id
             where a.id = coalesce((select id from articles where slug = $1),
                                   (select article_id from former_article_slugs where slug = $1))
             order by t.locale = $2 desc limit 1",
        )
        .bind::<sql_types::Text, _>(slug)
        .bind::<sql_types::Text, _>(locale)
        .get_result(conn)
        .await?;
        Ok(ArticleView {
            slug: row.slug,
            title: row.title,
            locale: row.locale,
            locales: row.locales,
            revision_id: row.id,
            body_html: row.body_html,
            sections: serde_json::from_value::<Vec<Section>>(row.sections).map_err(AppError::internal)?,
            category: row.category.zip(row.category_name).map(|(slug, name)| CategoryRef { slug, name }),
            updated_at: row.published_at,
            can_edit,
        })
    }
}

/// How far a text is.
pub fn state(published: Option<RevisionId>, newest: RevisionId) -> TextState {
    match published {
        None => TextState::Draft,
        Some(published) if published == newest => TextState::Published,
        Some(_) => TextState::Changed,
    }
}

/// The constraints that a request can run into.
fn refused(error: DieselError) -> AppError {
    if AppError::violates(&error, "articles_slug_key") {
        return AppError::new(ErrorCode::SlugTaken);
    }
    if AppError::violates(&error, "articles_category_id_fkey") {
        return AppError::field("/category_id", FieldCode::NotPossible, "There is no such category.");
    }
    error.into()
}

#[derive(QueryableByName)]
struct Published {
    #[diesel(sql_type = sql_types::Text)]
    slug: String,
    #[diesel(sql_type = sql_types::Uuid)]
    id: RevisionId,
    #[diesel(sql_type = sql_types::Text)]
    locale: Locale,
    #[diesel(sql_type = sql_types::Text)]
    title: String,
    #[diesel(sql_type = sql_types::Text)]
    body_html: String,
    #[diesel(sql_type = sql_types::Jsonb)]
    sections: serde_json::Value,
    #[diesel(sql_type = sql_types::Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    published_at: Timestamp,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category_name: Option<String>,
    #[diesel(sql_type = sql_types::Array<sql_types::Text>)]
    locales: Vec<Locale>,
}

/// A state of a text, as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = article_revisions, check_for_backend(Pg))]
pub struct Revision {
    pub id: RevisionId,
    pub number: i32,
    pub title: String,
    pub body_markdown: String,
    pub author_id: Option<PersonId>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
}

impl Revision {
    pub fn into_view(self, author: Option<String>, published: Option<RevisionId>) -> RevisionView {
        RevisionView {
            id: self.id,
            number: self.number,
            title: self.title,
            body_markdown: self.body_markdown,
            author: self.author_id.zip(author).map(|(id, name)| PersonRef { id, name }),
            created_at: self.created_at,
            published: published == Some(self.id),
        }
    }
}
