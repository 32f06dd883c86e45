//! Articles that may answer what somebody is still writing.
//!
//! Invariant: what is being written is read and forgotten: it is neither stored nor logged.

use api_types::{
    articles::{Suggestion, SuggestionQuery, Suggestions},
    people::Locale,
};
use db::AsyncPgConnection;

use super::{
    render::shorten,
    retrieve::{self, Question},
};
use crate::error::Result;

/// So many characters are read, so many words are needed, so many articles suggested.
const MOST_CHARACTERS: usize = 2_000;
const LEAST_WORDS: usize = 3;
const MOST: usize = 5;
/// The length of an excerpt, in characters.
const EXCERPT: usize = 200;
/// What is so much worse than the best is not worth a look.
const WORTH: f32 = 0.4;

/// One passage of each of the articles that fit best.
pub async fn suggest(conn: &mut AsyncPgConnection, query: SuggestionQuery) -> Result<Suggestions> {
    let text: String = query.text.chars().take(MOST_CHARACTERS).collect();
    if text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() < LEAST_WORDS {
        return Ok(Suggestions::default());
    }
    let locale = query.locale.unwrap_or(Locale::English);
    let mut passages = retrieve::by_words(conn, &Question { turns: vec![text], locale }, 4 * MOST).await?;
    let least = passages.first().map_or(0.0, |best| best.score * WORTH);
    let mut seen: Vec<String> = Vec::new();
    passages.retain(|passage| {
        let is_new = passage.score >= least && !seen.contains(&passage.slug);
        seen.push(passage.slug.clone());
        is_new
    });
    let items = passages.into_iter().take(MOST).map(|passage| Suggestion {
        slug: passage.slug,
        locale: passage.locale,
        title: passage.title,
        heading: passage.heading,
        anchor: passage.anchor,
        excerpt: shorten(&passage.body.split_whitespace().collect::<Vec<_>>().join(" "), EXCERPT),
    });
    Ok(Suggestions { items: items.collect() })
}
