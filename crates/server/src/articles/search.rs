//! Finding articles by words, for people who look for them.
//!
//! Invariant: what is found are passages, and only what is published has any.

use api_types::{
    articles::{ArticleFilter, ArticleSummary, CategoryRef},
    error::FieldCode,
    page::Page,
    people::Locale,
};
use db::{AsyncPgConnection, prepared};
use diesel::{QueryableByName, sql_types};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    render::shorten,
    retrieve::{self, Passage, Question},
};
use crate::{
    cursor,
    error::{AppError, Result},
};

/// So many passages are looked at, whatever the page takes.
const PASSAGES: usize = 60;
/// The length of a snippet, in characters, and how much of it stands before the words.
const SNIPPET: usize = 240;
const BEFORE: usize = 60;

/// What a list shows of an article beside its passage.
#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = sql_types::Uuid)]
    revision_id: api_types::articles::RevisionId,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    category_name: Option<String>,
    #[diesel(sql_type = sql_types::Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    published_at: Timestamp,
}

/// The articles whose passages fit best, on one page.
pub async fn page(conn: &mut AsyncPgConnection, filter: &ArticleFilter, words: &str) -> Result<Page<ArticleSummary>> {
    let limit = cursor::limit(filter.limit)?;
    if filter.after.is_some() {
        return Err(AppError::field("?after", FieldCode::NotPossible, "A search has one page."));
    }
    let locale = filter.locale.unwrap_or(Locale::English);
    let question = Question { turns: vec![words.to_owned()], locale };
    let mut passages = retrieve::by_words(conn, &question, PASSAGES).await?;
    let mut seen = Vec::new();
    passages.retain(|passage| {
        let is_new = !seen.contains(&passage.slug);
        seen.push(passage.slug.clone());
        is_new
    });
    let shown = shown(conn, &passages, locale).await?;
    let items = passages.into_iter().filter_map(|passage| {
        let shown = shown.iter().find(|shown| shown.revision_id == passage.revision_id)?;
        let in_category = filter.category.is_none() || filter.category == shown.category;
        in_category.then(|| summary(passage, shown, words))
    });
    Ok(Page { items: items.take(limit).collect(), next_cursor: None })
}

async fn shown(conn: &mut AsyncPgConnection, passages: &[Passage], locale: Locale) -> Result<Vec<Shown>> {
    let revisions: Vec<_> = passages.iter().map(|passage| passage.revision_id).collect();
    let rows = prepared(
        "select t.published_id as revision_id, t.published_at,
                c.slug as category, case $2 when 'fr' then c.name_fr else c.name_en end as category_name
         from article_texts t
         join articles a on a.id = t.article_id
         left join article_categories c on c.id = a.category_id
         where t.published_id = any($1)",
    )
    .bind::<sql_types::Array<sql_types::Uuid>, _>(revisions)
    .bind::<sql_types::Text, _>(locale)
    .load(conn)
    .await?;
    Ok(rows)
}

fn summary(passage: Passage, shown: &Shown, words: &str) -> ArticleSummary {
    let category = shown.category.clone().zip(shown.category_name.clone());
    ArticleSummary {
        summary: snippet(&passage.body, words),
        slug: passage.slug,
        title: passage.title,
        locale: passage.locale,
        category: category.map(|(slug, name)| CategoryRef { slug, name }),
        updated_at: shown.published_at,
        texts: Vec::new(),
    }
}

/// What surrounds the first of the words, cut between words.
fn snippet(body: &str, words: &str) -> String {
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let sought: Vec<String> = words.split_whitespace().map(plain).filter(|word| word.chars().count() > 2).collect();
    let mut at = 0;
    let mut first = None;
    for word in body.split(' ') {
        let said = plain(word);
        if sought.iter().any(|sought| said.starts_with(sought.as_str()) || said.len() > 3 && sought.starts_with(&said))
        {
            first = Some(at);
            break;
        }
        at += word.len() + 1;
    }
    // From the beginning when all of it fits.
    let fits = body.chars().count() <= SNIPPET;
    let start = first.filter(|_| !fits).map_or(0, |first| {
        let before = body.get(..first).unwrap_or_default();
        let from = before.char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
        before.get(from..).and_then(|rest| rest.find(' ')).filter(|_| from > 0).map_or(0, |space| from + space + 1)
    });
    let shortened = shorten(body.get(start..).unwrap_or_default(), SNIPPET);
    if start > 0 { format!("…{shortened}") } else { shortened }
}

/// A word without case, accents and what surrounds it.
fn plain(word: &str) -> String {
    super::slug::made_from(word).replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::snippet;

    #[test]
    fn a_snippet_shows_the_words() {
        assert_eq!(snippet("Short and\nsweet.", "nothing"), "Short and sweet.");
        let long = format!("{}the Hélices, turn. {}", "before ".repeat(60), "after ".repeat(60));
        let found = snippet(&long, "helice");
        assert!(found.starts_with("…before") && found.contains("the Hélices, turn.") && found.ends_with("after…"));
        assert!(found.chars().count() <= super::SNIPPET + 2, "{found}");
        assert!(snippet(&long, "nothing").starts_with("before"));
        assert_eq!(snippet("", "x"), "");
    }
}
