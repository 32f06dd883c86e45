//! Finding the passages that may answer a question.
//!
//! Invariant: one question costs a fixed number of statements, and reads a bounded part of the index.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use api_types::{articles::RevisionId, people::Locale};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Float, Integer, Nullable, Text, Uuid},
};
use diesel_async::RunQueryDsl;

pub use super::question::{Question, Sought};
use super::{
    embed::{self, Meaning, Near},
    question::Form,
    rank::{self, Care},
    synonyms,
};
use crate::{error::Result, outside::model::Model};

/// A piece of a published article that may answer.
#[derive(Clone, Debug)]
pub struct Passage {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub locale: Locale,
    pub revision_id: RevisionId,
    pub heading: Option<String>,
    pub anchor: Option<String>,
    pub body: String,
    /// Comparable within one answer only.
    pub score: f32,
    /// What it was found for.
    pub sought: Arc<Sought>,
}

/// So many passages are weighed against each other.
const CANDIDATES: i32 = 60;
/// So many passages that lie near are weighed with them.
const NEAREST: usize = 40;
/// So many words are compared with those that look alike.
const MOST_LOOKALIKES: usize = 8;
/// So many entries of the index one question may read, and so many while somebody is typing. The rarest words come first.
const MOST_ENTRIES: i32 = 8_000;
const MOST_WHILE_TYPING: i32 = 3_000;
/// What a text in another language than the question's is worth.
pub const FOREIGN: f32 = 0.7;

/// The passages that answer best, best first: by their words, and by their meaning where a model tells it. The
/// connection waits meanwhile; who cannot spare it asks for the [`embed::meaning`] before.
pub async fn find(
    conn: &mut AsyncPgConnection,
    model: Option<&Model>,
    question: &Question,
    limit: usize,
) -> Result<Vec<Passage>> {
    let meaning = embed::meaning(model, question).await;
    by_meaning(conn, meaning.as_ref(), question, limit).await
}

/// The passages that answer best, best first.
pub async fn by_meaning(
    conn: &mut AsyncPgConnection,
    meaning: Option<&Meaning>,
    question: &Question,
    limit: usize,
) -> Result<Vec<Passage>> {
    let near = match meaning {
        Some(meaning) => embed::nearest(conn, meaning, NEAREST).await?,
        None => Vec::new(),
    };
    search(conn, question, &near, Care::Reading, limit).await
}

/// The passages that share the question's words, best first: quickly, for who waits while typing.
pub async fn by_words(conn: &mut AsyncPgConnection, question: &Question, limit: usize) -> Result<Vec<Passage>> {
    search(conn, question, &[], Care::Counting, limit).await
}

async fn search(
    conn: &mut AsyncPgConnection,
    question: &Question,
    near: &[Near],
    care: Care,
    limit: usize,
) -> Result<Vec<Passage>> {
    let mut sought = question.sought();
    if sought.terms.is_empty() && near.is_empty() {
        return Ok(Vec::new());
    }
    sought.expand(&synonyms::parsed(conn).await?);
    weigh(conn, &mut sought).await?;
    if add_lookalikes(conn, &mut sought).await? {
        weigh(conn, &mut sought).await?;
    }
    let language = question.language();
    let found = candidates(conn, &sought, language, near, care).await?;
    Ok(rank::rank(found, near, sought, language, care, limit))
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    locale: Locale,
    #[diesel(sql_type = Text)]
    stem: String,
    #[diesel(sql_type = Integer)]
    passages: i32,
}

/// Learns how rare each word is.
async fn weigh(conn: &mut AsyncPgConnection, sought: &mut Sought) -> Result<()> {
    let mut stems: HashSet<&str> = HashSet::from([""]);
    stems.extend(sought.terms.iter().flat_map(|term| &term.forms).map(|form| form.stem.as_str()));
    let counts: Vec<Count> =
        prepared("select locale, stem, passages from article_word_counts where stem = any($2) and locale = any($1)")
            .bind::<Array<Text>, _>(Locale::ALL)
            .bind::<Array<Text>, _>(stems.into_iter().collect::<Vec<_>>())
            .load(conn)
            .await?;
    let counts: HashMap<(Locale, String), i32> =
        counts.into_iter().map(|count| ((count.locale, count.stem), count.passages)).collect();
    for form in sought.terms.iter_mut().flat_map(|term| &mut term.forms) {
        let all = counts.get(&(form.locale, String::new())).copied().unwrap_or(0) as f32;
        let holding = counts.get(&(form.locale, form.stem.clone())).copied().unwrap_or(0);
        form.passages = holding;
        form.rarity = (holding > 0).then(|| (1.0 + (all - holding as f32 + 0.5) / (holding as f32 + 0.5)).ln());
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Spelling {
    #[diesel(sql_type = Text)]
    typed: String,
    #[diesel(sql_type = Text)]
    locale: Locale,
    #[diesel(sql_type = Text)]
    stem: String,
    #[diesel(sql_type = Float)]
    nearness: f32,
}

/// Adds the words that look most like those which no article holds. Tells whether there are any.
async fn add_lookalikes(conn: &mut AsyncPgConnection, sought: &mut Sought) -> Result<bool> {
    let typed: Vec<&str> = sought
        .terms
        .iter()
        .filter(|term| !term.is_name && term.word.len() > 4 && !term.is_known())
        .map(|term| term.word.as_str())
        .take(MOST_LOOKALIKES)
        .collect();
    if typed.is_empty() {
        return Ok(false);
    }
    let near: Vec<Spelling> = prepared(
        "select typed, locale, stem, nearness
         from unnest($1) as words (typed) cross join lateral (
             select s.locale, s.stem, similarity(s.word, typed) as nearness
             from article_spellings s join article_word_counts c on c.locale = s.locale and c.stem = s.stem
             where s.word % typed and c.passages > 0
             order by nearness desc, s.word limit 2
         ) near
         where nearness >= 0.5",
    )
    .bind::<Array<Text>, _>(typed)
    .load(conn)
    .await?;
    let found = !near.is_empty();
    for Spelling { typed, locale, stem, nearness } in near {
        if let Some(term) = sought.terms.iter_mut().find(|term| term.word == typed) {
            term.forms.push(Form { locale, stem, closeness: nearness, is_guess: true, rarity: None, passages: 0 });
        }
    }
    Ok(found)
}

/// A passage that shares words or meaning with a question.
#[derive(QueryableByName)]
pub struct Candidate {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub slug: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub locale: Locale,
    #[diesel(sql_type = Uuid)]
    pub revision_id: RevisionId,
    #[diesel(sql_type = Nullable<Text>)]
    pub heading: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub anchor: Option<String>,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Float)]
    pub score: f32,
    #[diesel(sql_type = Array<Integer>)]
    pub places: Vec<i32>,
    #[diesel(sql_type = Array<Float>)]
    pub worths: Vec<f32>,
}

async fn candidates(
    conn: &mut AsyncPgConnection,
    sought: &Sought,
    language: Locale,
    near: &[Near],
    care: Care,
) -> Result<Vec<Candidate>> {
    let most = if care == Care::Reading { MOST_ENTRIES } else { MOST_WHILE_TYPING };
    let (mut locales, mut stems, mut weights, mut places) = (vec![], vec![], vec![], vec![]);
    let mut entries = 0;
    for (place, form, weight) in by_weight(sought, language) {
        // The rarest word is always read.
        if entries > 0 && entries + form.passages > most {
            continue;
        }
        entries += form.passages;
        locales.push(form.locale);
        stems.push(form.stem.as_str());
        weights.push(weight);
        places.push(place);
    }
    // The arrays are gathered for the best alone: for all who share a word they would not fit into memory.
    let found = prepared(
        "with met as materialized (
             select w.passage_id, q.place, sum(q.weight * w.weight)::real as worth
             from unnest($1, $2, $3, $4) as q (locale, stem, weight, place)
             join article_words w on w.locale = q.locale and w.stem = q.stem
             group by w.passage_id, q.place
         )
         select p.id, a.slug, r.title, p.locale, p.revision_id, p.heading, p.anchor, p.body, best.score, best.places,
             best.worths
         from (
             select coalesce(words.passage_id, near.id) as passage_id, coalesce(score, 0) as score,
                 coalesce(places, '{}') as places, coalesce(worths, '{}') as worths
             from (
                 select top.passage_id, top.score, array_agg(place) as places, array_agg(worth) as worths
                 from (
                     select passage_id, sum(worth)::real as score from met
                     group by passage_id order by score desc, passage_id limit $5
                 ) top
                 join met on met.passage_id = top.passage_id
                 group by top.passage_id, top.score
             ) words
             full join unnest($6) as near (id) on near.id = words.passage_id
         ) best
         join article_passages p on p.id = best.passage_id
         join article_revisions r on r.id = p.revision_id
         join articles a on a.id = p.article_id
         order by best.score desc, p.id",
    )
    .bind::<Array<Text>, _>(locales)
    .bind::<Array<Text>, _>(stems)
    .bind::<Array<Float>, _>(weights)
    .bind::<Array<Integer>, _>(places)
    .bind::<Integer, _>(CANDIDATES)
    .bind::<Array<BigInt>, _>(near.iter().map(|near| near.id).collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(found)
}

/// Every form that occurs, with what it is worth, best first.
fn by_weight(sought: &Sought, language: Locale) -> Vec<(i32, &Form, f32)> {
    let mut forms: Vec<(i32, &Form, f32)> = Vec::new();
    for (place, term) in (0..).zip(&sought.terms) {
        for form in &term.forms {
            let Some(rarity) = form.rarity else {
                continue;
            };
            let fit = if form.locale == language { 1.0 } else { FOREIGN };
            forms.push((place, form, term.weight * form.closeness * rarity * fit));
        }
    }
    forms.sort_by(|(_, _, one), (_, _, other)| other.total_cmp(one));
    forms
}
