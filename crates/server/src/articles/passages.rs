//! What readers see, cut into passages that a question can be compared with.
//!
//! Invariant: the passages of a text are exactly those of its published revision: they are written anew in the
//! transaction that publishes it or takes it back.

use std::collections::BTreeSet;

use api_types::{articles::RevisionId, people::Locale};
use db::{AsyncPgConnection, prepared};
use diesel::sql_types::{Array, Float, Integer, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use super::{
    embed,
    index::{self, Entries},
    plain::{self, Block, Part},
};
use crate::error::Result;

/// A passage ends before the block that would make it longer than so many words.
const MOST: usize = 200;
/// From so many words on it ends at the next paragraph.
const ENOUGH: usize = 120;

/// A piece of an article.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut {
    /// The one that it stands under; absent before the first.
    pub heading: Option<String>,
    /// The headings above that one.
    pub above: Vec<String>,
    pub anchor: Option<String>,
    /// Without formatting: an item or a row is a line, and lines of code begin with four spaces.
    pub body: String,
}

/// Cuts a text by its headings, and what is long between sentences or blocks.
pub fn cut(markdown: &str) -> Vec<Cut> {
    plain::parts(markdown).into_iter().flat_map(cut_part).collect()
}

fn cut_part(part: Part) -> Vec<Cut> {
    let mut bodies = Vec::new();
    let mut body = String::new();
    let mut words = 0;
    // What ends with a colon belongs to what follows.
    let mut announces = false;
    for Block { text, before } in part.blocks {
        let more = text.split_whitespace().count();
        let full = words + more > MOST || words >= ENOUGH && before == "\n\n";
        if words > 0 && full && !announces {
            bodies.push(std::mem::take(&mut body));
            words = 0;
        }
        if words > 0 {
            body.push_str(before);
        }
        announces = text.ends_with(':') && words + more <= 2 * MOST;
        body.push_str(&text);
        words += more;
    }
    if words > 0 {
        bodies.push(body);
    }
    let mut above = part.headings;
    let heading = above.pop();
    let whole = |body| Cut { heading: heading.clone(), above: above.clone(), anchor: part.anchor.clone(), body };
    bodies.into_iter().map(whole).collect()
}

/// Replaces the passages of an article's text by those of what is published now; `None` when nothing is.
///
/// It must be part of the transaction that publishes.
pub async fn replace(
    conn: &mut AsyncPgConnection,
    article_id: uuid::Uuid,
    locale: Locale,
    text: Option<(RevisionId, &str, &str)>,
) -> Result<()> {
    // Two who publish would wait for each other's counts in a circle.
    prepared("select pg_advisory_xact_lock(hashtext('article_words'))").execute(conn).await?;
    forget(conn, article_id, locale).await?;
    let Some((revision_id, title, markdown)) = text else {
        return Ok(());
    };
    let cuts = cut(markdown);
    let entries: Vec<Entries> = cuts.iter().map(|cut| index::entries(locale, title, cut)).collect();
    insert(conn, (article_id, revision_id, locale), &cuts, &entries).await?;
    embed::ask(conn).await?;
    let spellings: BTreeSet<&(String, String)> = entries.iter().flat_map(|entries| &entries.spellings).collect();
    let (stems, words): (Vec<&str>, Vec<&str>) =
        spellings.into_iter().map(|(stem, word)| (stem.as_str(), word.as_str())).unzip();
    prepared(
        "insert into article_spellings (locale, stem, word) select $1, * from unnest($2, $3) on conflict do nothing",
    )
    .bind::<Text, _>(locale)
    .bind::<Array<Text>, _>(stems)
    .bind::<Array<Text>, _>(words)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a text's passages, and their words with them.
async fn forget(conn: &mut AsyncPgConnection, article_id: uuid::Uuid, locale: Locale) -> Result<()> {
    for statement in [
        "update article_word_counts c set passages = c.passages - gone.passages
         from (
             select w.stem, count(*) as passages from article_passages p join article_words w on w.passage_id = p.id
             where p.article_id = $1 and p.locale = $2 group by w.stem
         ) gone
         where c.locale = $2 and c.stem = gone.stem",
        "delete from article_passages where article_id = $1 and locale = $2",
    ] {
        prepared(statement).bind::<Uuid, _>(article_id).bind::<Text, _>(locale).execute(conn).await?;
    }
    Ok(())
}

/// Writes the passages, their words, and how many passages hold each word.
async fn insert(
    conn: &mut AsyncPgConnection,
    (article_id, revision_id, locale): (uuid::Uuid, RevisionId, Locale),
    cuts: &[Cut],
    entries: &[Entries],
) -> Result<()> {
    let (mut places, mut stems, mut weights) = (vec![], vec![], vec![]);
    for (place, entries) in (1..).zip(entries) {
        for (stem, weight) in &entries.weights {
            places.push(place);
            stems.push(stem.as_str());
            weights.push(*weight);
        }
    }
    prepared(
        "with passages as (
             insert into article_passages (article_id, revision_id, locale, position, heading, anchor, body)
             select $1, $2, $3, place, heading, anchor, body
             from unnest($4, $5, $6) with ordinality as cuts (heading, anchor, body, place)
             returning id, position
         ), words as (
             insert into article_words (locale, stem, passage_id, weight)
             select $3, stem, id, weight
             from unnest($7, $8, $9) as words (place, stem, weight) join passages on position = place
             returning stem
         )
         insert into article_word_counts (locale, stem, passages)
         select $3, stem, count(*) from words group by stem
         on conflict (locale, stem) do update set passages = article_word_counts.passages + excluded.passages",
    )
    .bind::<Uuid, _>(article_id)
    .bind::<Uuid, _>(revision_id.0)
    .bind::<Text, _>(locale)
    .bind::<Array<Nullable<Text>>, _>(cuts.iter().map(|cut| cut.heading.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(cuts.iter().map(|cut| cut.anchor.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(cuts.iter().map(|cut| cut.body.as_str()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(places)
    .bind::<Array<Text>, _>(stems)
    .bind::<Array<Float>, _>(weights)
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_text_is_cut_by_its_headings() {
        let cuts =
            cut("Hello *you*.\n\n## A `b`\n\nOne.\n\n### C\n\n- x\n- y\n  - z\n\n## A `b`\n\n```\nlet x;\n```\n");
        let shown: Vec<_> =
            cuts.iter().map(|cut| (cut.heading.as_deref(), cut.anchor.as_deref(), cut.body.as_str())).collect();
        assert_eq!(
            shown,
            [
                (None, None, "Hello you."),
                (Some("A b"), Some("a-b"), "One."),
                (Some("C"), Some("c"), "- x\n- y\n  - z"),
                (Some("A b"), Some("a-b-1"), "    let x;"),
            ]
        );
        assert_eq!(cuts[2].above, ["A b"]);
    }

    #[test]
    fn tables_are_lines() {
        assert_eq!(cut("| A | B |\n|---|---|\n| 1 | **2** |")[0].body, "A | B\n1 | 2");
    }

    #[test]
    fn long_text_is_cut_between_sentences_and_nothing_is_lost() {
        let text = "Seven words make up this short sentence. ".repeat(100);
        let cuts = cut(&text);
        assert!(cuts.len() > 3);
        for piece in &cuts {
            assert!(piece.body.ends_with("sentence."));
            assert!(piece.body.split_whitespace().count() <= super::MOST);
        }
        let joined: Vec<_> = cuts.iter().map(|cut| cut.body.as_str()).collect();
        assert_eq!(joined.join(" "), text.trim());
    }

    #[test]
    fn a_block_of_code_stays_whole() {
        let text = format!("So:\n\n```\n{}```\n\nDone.", "a b c\n".repeat(300));
        let cuts = cut(&text);
        assert_eq!(cuts[0].body.lines().filter(|line| *line == "    a b c").count(), 300);
        assert_eq!(cuts[1].body, "Done.");
    }
}
