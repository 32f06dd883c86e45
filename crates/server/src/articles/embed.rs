//! Passages and questions as vectors, by the configured model: what means the same lies near.
//!
//! Invariant: vectors are compared only with those of the same model.

use db::{AsyncPgConnection, prepared};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Float, Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::question::Question;
use crate::{
    error::{AppError, Result},
    outside::model::{Model, Purpose},
    state::State,
    worker::Job,
};

/// So many passages are sent at once.
const BATCH: i32 = 64;
/// So many characters of a passage or of a question are sent.
const MOST_CHARACTERS: usize = 2_000;
/// So many vectors are compared at a time.
const PAGE: i32 = 2_000;

#[derive(QueryableByName)]
struct Unembedded {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Nullable<Text>)]
    heading: Option<String>,
    #[diesel(sql_type = Text)]
    body: String,
}

/// Asks for [`embed`], on the caller's transaction, unless it waits already.
pub async fn ask(conn: &mut AsyncPgConnection) -> Result<()> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        jobs: i64,
    }
    let waiting: Waiting = prepared(
        "select count(*) as jobs from jobs
         where kind = 'embed_passages' and leased_until is null and dead_at is null",
    )
    .get_result(conn)
    .await?;
    if waiting.jobs == 0 {
        // Due at once, whatever time it is.
        Job::EmbedPassages {}.enqueue(conn, Timestamp::UNIX_EPOCH).await?;
    }
    Ok(())
}

/// Embeds some of the passages that the configured model has not seen, and asks for another turn if there are more.
pub async fn embed(state: &State) -> Result<()> {
    let Some(model) = state.model.as_ref().filter(|model| model.has_embeddings()) else {
        return Ok(());
    };
    let vectors_are_of = model.vectors_are_of();
    let passages: Vec<Unembedded> = prepared(
        "select p.id, r.title, p.heading, p.body
         from article_passages p join article_revisions r on r.id = p.revision_id
         where p.embedding_model is distinct from $1 order by p.id limit $2",
    )
    .bind::<Text, _>(&vectors_are_of)
    .bind::<Integer, _>(BATCH)
    .load(&mut *state.db().await?)
    .await?;
    if passages.is_empty() {
        return Ok(());
    }
    let text = |passage: &Unembedded| {
        start(&format!("{}\n{}\n{}", passage.title, passage.heading.as_deref().unwrap_or_default(), passage.body))
    };
    let vectors = model.embed(Purpose::Passage, &passages.iter().map(text).collect::<Vec<_>>()).await;
    let vectors = vectors.map_err(AppError::internal)?;
    let dimensions = vectors.as_slice().first().map_or(0, Vec::len);
    if dimensions == 0 || vectors.len() != passages.len() || vectors.iter().any(|vector| vector.len() != dimensions) {
        return Err(AppError::internal(anyhow::anyhow!("the model answered other vectors than it was asked for")));
    }
    let mut conn = state.db().await?;
    prepared(
        "update article_passages p
         set embedding = ($2::real[])[(place - 1) * $3 + 1 : place * $3], embedding_model = $4
         from unnest($1) with ordinality as embedded (id, place)
         where p.id = embedded.id",
    )
    .bind::<Array<BigInt>, _>(passages.iter().map(|passage| passage.id).collect::<Vec<_>>())
    .bind::<Array<Float>, _>(vectors.into_iter().flatten().collect::<Vec<_>>())
    .bind::<Integer, _>(i32::try_from(dimensions).map_err(AppError::internal)?)
    .bind::<Text, _>(&vectors_are_of)
    .execute(&mut conn)
    .await?;
    ask(&mut conn).await
}

fn start(text: &str) -> String {
    text.chars().take(MOST_CHARACTERS).collect()
}

#[derive(QueryableByName)]
struct Embedded {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Array<Float>)]
    embedding: Vec<f32>,
}

/// A passage that lies near, from 0 for an ordinary one to 1 for the nearest of all.
pub struct Near {
    pub id: i64,
    pub nearness: f32,
}

/// What a question means to a model.
pub struct Meaning {
    /// The passages' vectors that it can be compared with.
    vectors_are_of: String,
    vector: Vec<f32>,
}

/// Asks the model, if it embeds. Nothing when it does not answer: words alone are worth an answer.
pub async fn meaning(model: Option<&Model>, question: &Question) -> Option<Meaning> {
    let model = model.filter(|model| model.has_embeddings())?;
    match model.embed(Purpose::Question, &[start(&question.turns.join("\n"))]).await {
        Ok(vectors) => {
            vectors.into_iter().next().map(|vector| Meaning { vectors_are_of: model.vectors_are_of(), vector })
        }
        Err(error) => {
            tracing::warn!(%error, "the question could not be embedded");
            None
        }
    }
}

/// The passages that lie nearest to the question, nearest first. All are compared.
pub async fn nearest(conn: &mut AsyncPgConnection, meaning: &Meaning, most: usize) -> Result<Vec<Near>> {
    let wanted = meaning.vector.as_slice();
    let mut all: Vec<Near> = Vec::new();
    let mut after = 0;
    loop {
        let page: Vec<Embedded> = prepared(
            "select id, embedding from article_passages
             where id > $1 and embedding_model = $2 order by id limit $3",
        )
        .bind::<BigInt, _>(after)
        .bind::<Text, _>(&meaning.vectors_are_of)
        .bind::<Integer, _>(PAGE)
        .load(conn)
        .await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        all.extend(page.iter().map(|one| Near { id: one.id, nearness: cosine(wanted, &one.embedding) }));
    }
    Ok(scaled(all, most))
}

/// Models differ in how near anything lies to anything, so nearness is told between the mean and the best.
fn scaled(mut all: Vec<Near>, most: usize) -> Vec<Near> {
    let mean = all.iter().map(|near| near.nearness).sum::<f32>() / all.len().max(1) as f32;
    all.sort_by(|one, other| other.nearness.total_cmp(&one.nearness));
    let best = all.as_slice().first().map_or(0.0, |near| near.nearness);
    all.truncate(most);
    for near in &mut all {
        near.nearness = (near.nearness - mean) / (best - mean).max(f32::EPSILON);
    }
    all
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt().max(f32::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_angle_counts_and_not_the_length() {
        assert!((cosine(&[1.0, 0.0], &[5.0, 0.0]) - 1.0).abs() < 1e-6);
        assert!(cosine(&[1.0, 0.0], &[0.0, 2.0]).abs() < 1e-6);
        assert!(cosine(&[1.0], &[0.0, 2.0]).abs() < 1e-6);
    }

    #[test]
    fn nearness_is_told_between_the_mean_and_the_best() {
        let near = |id, nearness| Near { id, nearness };
        let scaled = scaled(vec![near(1, 0.7), near(2, 0.9), near(3, 0.8)], 2);
        assert_eq!(scaled.iter().map(|near| near.id).collect::<Vec<_>>(), [2, 3]);
        assert!((scaled[0].nearness - 1.0).abs() < 1e-5 && scaled[1].nearness.abs() < 1e-5);
    }
}
