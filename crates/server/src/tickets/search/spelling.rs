//! "Did you mean": the words of a search that found nothing, corrected to words that occur.
//!
//! Invariant: a suggestion comes from what the reader may read. For a customer those are their own tickets.

use db::AsyncPgConnection;
use diesel::{
    prelude::*,
    sql_types::{Array, Nullable, Text, Uuid},
};
use diesel_async::RunQueryDsl;

use crate::{auth::CurrentUser, error::Result};

#[derive(QueryableByName)]
struct Corrected {
    #[diesel(sql_type = Text)]
    typed: String,
    #[diesel(sql_type = Nullable<Text>)]
    word: Option<String>,
}

/// The nearest word that the team has ever used or received, word by word. A word that occurs stays.
const FOR_TEAM: &str = "
    select typed, coalesce(
        (select word from search_words where word = unaccent(lower(typed))),
        (select word from search_words where word % unaccent(lower(typed))
         order by similarity(word, unaccent(lower(typed))) desc, word limit 1)) as word
    from unnest($1) with ordinality as words (typed, place) order by place";

/// The same among the public words of the reader's newest tickets.
const FOR_CREATOR: &str = "
    with own as materialized (
        select distinct word
        from (select id, title from tickets where creator_id = $2 and archived_at is null
              order by created_at desc, id desc limit 100) t
        join comments c on c.ticket_id = t.id and not c.internal
        cross join lateral unnest(tsvector_to_array(to_tsvector('waggle_words', t.title || ' ' || c.body_markdown))) word
        where word ~ '^[[:alpha:]]{4,30}$'
    )
    select typed, (
        select word from own where similarity(word, unaccent(lower(typed))) >= 0.3
        order by similarity(word, unaccent(lower(typed))) desc, word limit 1) as word
    from unnest($1) with ordinality as words (typed, place) order by place";

/// The search with its words corrected, if that makes it another search.
pub async fn correct(conn: &mut AsyncPgConnection, user: &CurrentUser, words: &str) -> Result<Option<String>> {
    let typed: Vec<&str> = words
        .split_whitespace()
        .filter(|word| !word.starts_with('-'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(8)
        .collect();
    if typed.is_empty() {
        return Ok(None);
    }
    let before = typed.join(" ");
    let rows: Vec<Corrected> = if user.role.is_team() {
        diesel::sql_query(FOR_TEAM).bind::<Array<Text>, _>(typed).load(conn).await?
    } else {
        diesel::sql_query(FOR_CREATOR).bind::<Array<Text>, _>(typed).bind::<Uuid, _>(user.id).load(conn).await?
    };
    let corrected: Vec<String> = rows.into_iter().map(|row| row.word.unwrap_or(row.typed)).collect();
    let corrected = corrected.join(" ");
    Ok((corrected.to_lowercase() != before.to_lowercase()).then_some(corrected))
}
