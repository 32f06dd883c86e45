//! Writing a planned import.
//!
//! Invariant: each text is its own transaction. What did not change in the folder makes no revision and undoes
//! nothing that the team did here meanwhile; what vanished from the folder is left and named.

use std::{collections::HashMap, fmt};

use api_types::{
    articles::{CategoryId, RevisionId},
    people::Locale,
};
use db::{
    AsyncPgConnection,
    schema::{article_categories, article_revisions, article_texts, articles, former_article_slugs},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;

use super::{
    folder::Refusal,
    plan::{Plan, Planned},
};
use crate::{
    articles::{
        article::Article,
        categories,
        text::{self, Words},
    },
    error::Result,
};

/// Who sees what was imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Readers see what is new or changed; what the team has taken back and is unchanged stays so.
    #[default]
    Written,
    /// Readers see all of it.
    Everything,
    /// The team only.
    Nothing,
}

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub refused: Vec<Refusal>,
    /// Files that say nothing.
    pub empty: Vec<String>,
    /// Texts that are here and no longer in the folder.
    pub left: Vec<(String, Locale)>,
    /// Texts that the team had changed here, and that the folder has changed too.
    pub overtaken: Vec<(String, Locale)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for refusal in &self.refused {
            writeln!(f, "refused {refusal}")?;
        }
        for path in &self.empty {
            writeln!(f, "skipped {path}: it has no text")?;
        }
        for (slug, locale) in &self.overtaken {
            writeln!(f, "replaced {slug} ({locale}): what was written here meanwhile is among its revisions")?;
        }
        for (slug, locale) in &self.left {
            writeln!(f, "left {slug} ({locale}): it is no longer in the folder")?;
        }
        let Self { added, changed, unchanged, refused, .. } = self;
        writeln!(f, "{added} added, {changed} changed, {unchanged} unchanged, {} refused", refused.len())
    }
}

enum Done {
    Added,
    Changed,
    Overtaken,
    Unchanged,
    Refused(String),
}

/// Carries out a plan.
pub async fn write(conn: &mut AsyncPgConnection, now: Timestamp, plan: Plan, show: Show) -> Result<Report> {
    let mut categories = HashMap::new();
    for category in &plan.categories {
        let names = (category.name_en.as_str(), category.name_fr.as_str());
        categories::insert(conn, CategoryId::new(), &category.slug, names).await?;
        let found = article_categories::table.filter(article_categories::slug.eq(&category.slug));
        let id: CategoryId = found.select(article_categories::id).first(conn).await?;
        categories.insert(category.slug.as_str(), id);
    }
    let mut report = Report { refused: plan.refused, empty: plan.empty, ..Report::default() };
    for text in &plan.texts {
        let category = text.category.as_deref().and_then(|slug| categories.get(slug).copied());
        let done = conn.transaction(async |conn| write_one(conn, now, &plan.name, text, category, show).await).await?;
        match done {
            Done::Added => report.added += 1,
            Done::Changed => report.changed += 1,
            Done::Overtaken => {
                report.changed += 1;
                report.overtaken.push((text.slug.clone(), text.locale));
            }
            Done::Unchanged => report.unchanged += 1,
            Done::Refused(why) => report.refused.push(Refusal::new(&text.path, None, why)),
        }
    }
    report.left = vanished(conn, &plan.name, &plan.texts, &report.refused).await?;
    Ok(report)
}

async fn write_one(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    name: &str,
    planned: &Planned,
    category: Option<CategoryId>,
    show: Show,
) -> Result<Done> {
    // The team may have given it another address since.
    let article = match Article::by_address(conn, &planned.slug).await.optional()? {
        Some(article) => article,
        None => match Article::insert(conn, now, &planned.slug, category, Some(name)).await? {
            Some(article) => article,
            None => Article::by_slug(conn, &planned.slug).await?,
        },
    };
    let owner: Option<String> = articles::table.find(article.id).select(articles::imported_from).first(conn).await?;
    match owner.as_deref() {
        Some(owner) if owner == name => {}
        Some(owner) => return Ok(Done::Refused(format!("the folder {owner:?} brought an article that has its slug"))),
        None => return Ok(Done::Refused("somebody wrote an article here that has its slug".to_owned())),
    }
    // The folder decides where its articles stand.
    diesel::update(articles::table.find(article.id))
        .set((articles::category_id.eq(category), articles::position.eq(planned.position)))
        .execute(conn)
        .await?;
    let words = Words { title: planned.title.as_str(), body: planned.body.as_str(), author: None };
    let newest = text::newest(conn, article.id, planned.locale).await?;
    let known = last_imported(conn, &article, planned.locale).await?;
    let is_known = known.as_ref().is_some_and(|(title, body)| title == words.title && body == words.body);
    let publishes = show != Show::Nothing && !planned.draft;
    if is_known {
        let hidden = newest.filter(|newest| newest.published.is_none()).map(|newest| newest.revision.id);
        return match hidden.filter(|_| publishes && show == Show::Everything) {
            Some(revision) => {
                text::publish(conn, now, article.id, planned.locale, revision).await?;
                Ok(Done::Changed)
            }
            None => Ok(Done::Unchanged),
        };
    }
    let revision: RevisionId = text::write(conn, now, article.id, planned.locale, &words).await?;
    if publishes {
        text::publish(conn, now, article.id, planned.locale, revision).await?;
    }
    Ok(match newest {
        None => Done::Added,
        Some(newest) if newest.revision.author_id.is_some() => Done::Overtaken,
        Some(_) => Done::Changed,
    })
}

/// What the folder said the last time that it said anything else.
async fn last_imported(
    conn: &mut AsyncPgConnection,
    article: &Article,
    locale: Locale,
) -> QueryResult<Option<(String, String)>> {
    article_revisions::table
        .filter(article_revisions::article_id.eq(article.id))
        .filter(article_revisions::locale.eq(locale))
        .filter(article_revisions::author_id.is_null())
        .order(article_revisions::number.desc())
        .select((article_revisions::title, article_revisions::body_markdown))
        .first(conn)
        .await
        .optional()
}

/// Texts that came from this folder and are not in it. Those of a refused file may be.
async fn vanished(
    conn: &mut AsyncPgConnection,
    name: &str,
    texts: &[Planned],
    refused: &[Refusal],
) -> QueryResult<Vec<(String, Locale)>> {
    let here: Vec<(String, Locale)> = articles::table
        .inner_join(article_texts::table.on(article_texts::article_id.eq(articles::id)))
        .filter(articles::imported_from.eq(name))
        .order((articles::slug, article_texts::locale))
        .select((articles::slug, article_texts::locale))
        .load(conn)
        .await?;
    let moved: Vec<(String, String)> = former_article_slugs::table
        .inner_join(articles::table.on(articles::id.eq(former_article_slugs::article_id)))
        .filter(articles::imported_from.eq(name))
        .select((former_article_slugs::slug, articles::slug))
        .load(conn)
        .await?;
    let is_at =
        |slug: &str, planned: &str| slug == planned || moved.iter().any(|(from, to)| from == planned && to == slug);
    let is_there = |slug: &str, locale| texts.iter().any(|text| text.locale == locale && is_at(slug, &text.slug));
    let may_be =
        |slug: &str| refused.iter().any(|refusal| crate::articles::slug::made_from(&refusal.path).contains(slug));
    Ok(here.into_iter().filter(|(slug, locale)| !is_there(slug, *locale) && !may_be(slug)).collect())
}
