//! Categories: how the help centre is ordered.
//!
//! Invariant: a category that goes takes no article with it.

use api_types::{
    articles::{CategoryChange, CategoryId, CategoryView, NewCategory},
    error::{ErrorCode, FieldCode},
};
use db::{AsyncPgConnection, prepared, schema::article_categories};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::slug;
use crate::{
    error::{AppError, Result},
    etag::IfMatch,
};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = sql_types::Uuid)]
    id: CategoryId,
    #[diesel(sql_type = sql_types::Text)]
    slug: String,
    #[diesel(sql_type = sql_types::Text)]
    name_en: String,
    #[diesel(sql_type = sql_types::Text)]
    name_fr: String,
    #[diesel(sql_type = sql_types::Integer)]
    position: i32,
    #[diesel(sql_type = sql_types::BigInt)]
    articles: i64,
}

/// All of them, in order, or the one that is asked for.
pub async fn list(conn: &mut AsyncPgConnection, only: Option<CategoryId>) -> Result<Vec<CategoryView>> {
    let rows: Vec<Counted> = prepared(
        "select c.id, c.slug, c.name_en, c.name_fr, c.position,
                (select count(*) from articles a where a.category_id = c.id
                 and exists (select from article_texts t where t.article_id = a.id and t.published_id is not null))
                as articles
         from article_categories c where $1::uuid is null or c.id = $1 order by c.position, c.id",
    )
    .bind::<sql_types::Nullable<sql_types::Uuid>, _>(only)
    .load(conn)
    .await?;
    let view = |row: Counted| CategoryView {
        id: row.id,
        slug: row.slug,
        name_en: row.name_en,
        name_fr: row.name_fr,
        position: row.position,
        articles: row.articles,
    };
    Ok(rows.into_iter().map(view).collect())
}

pub async fn view(conn: &mut AsyncPgConnection, id: CategoryId) -> Result<CategoryView> {
    list(conn, Some(id)).await?.pop().ok_or_else(AppError::not_found)
}

/// Adds a category after the last. Adding the same twice makes one.
pub async fn create(conn: &mut AsyncPgConnection, new: &NewCategory) -> Result<CategoryView> {
    let slug = new.slug.as_ref().map_or_else(|| slug::made_from(new.name_en.as_str()), ToString::to_string);
    if !slug::valid(&slug) {
        return Err(AppError::field("/slug", FieldCode::Required, "No address can be made from this name. Give one."));
    }
    conn.transaction(async |conn| {
        let (names, id) = ((new.name_en.as_str(), new.name_fr.as_str()), CategoryId::new());
        let added = insert(conn, id, &slug, names).await?;
        let found = if added { view(conn, id).await? } else { named(conn, &slug).await? };
        let same = (found.name_en.as_str(), found.name_fr.as_str()) == names;
        if same { Ok(found) } else { Err(AppError::new(ErrorCode::SlugTaken)) }
    })
    .await
}

async fn named(conn: &mut AsyncPgConnection, slug: &str) -> Result<CategoryView> {
    let found = article_categories::table.filter(article_categories::slug.eq(slug)).select(article_categories::id);
    let id = found.first(conn).await?;
    view(conn, id).await
}

/// Adds a row after the last, unless the slug is taken.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    id: CategoryId,
    slug: &str,
    (name_en, name_fr): (&str, &str),
) -> QueryResult<bool> {
    let last: Option<i32> =
        article_categories::table.select(diesel::dsl::max(article_categories::position)).first(conn).await?;
    let added = diesel::insert_into(article_categories::table)
        .values((
            article_categories::id.eq(id),
            article_categories::slug.eq(slug),
            article_categories::name_en.eq(name_en),
            article_categories::name_fr.eq(name_fr),
            article_categories::position.eq(last.map_or(0, |last| last.saturating_add(1))),
        ))
        .on_conflict(article_categories::slug)
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Renames a category, or moves it.
pub async fn change(
    conn: &mut AsyncPgConnection,
    id: CategoryId,
    read: &IfMatch,
    change: CategoryChange,
) -> Result<CategoryView> {
    conn.transaction(async |conn| {
        article_categories::table.find(id).select(article_categories::id).for_no_key_update().execute(conn).await?;
        read.check(&view(conn, id).await?)?;
        diesel::update(article_categories::table.find(id))
            .set((
                change.name_en.map(|name| article_categories::name_en.eq(name.to_string())),
                change.name_fr.map(|name| article_categories::name_fr.eq(name.to_string())),
                change.position.map(|position| article_categories::position.eq(position)),
                // An update of nothing is an error in Diesel; this keeps the statement whole.
                article_categories::id.eq(id),
            ))
            .execute(conn)
            .await?;
        view(conn, id).await
    })
    .await
}

/// Removes a category. Its articles stay, outside all categories.
pub async fn delete(conn: &mut AsyncPgConnection, id: CategoryId) -> Result<()> {
    match diesel::delete(article_categories::table.find(id)).execute(conn).await? {
        0 => Err(AppError::not_found()),
        _ => Ok(()),
    }
}
