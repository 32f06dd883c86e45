//! "Did you mean": the words of a search that found nothing, corrected to words that occur.
//!
//! Invariant: a suggestion says nothing that the reader may not read, and finds something.

use api_types::people::Locale;
use db::{AsyncPgConnection, prepared};
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
    from unnest($1::text[]) with ordinality as words (typed, place) order by place";

/// The same among the words whose stem stands in what the reader may read: their own tickets' public words.
const FOR_CREATOR: &str = "
    select typed, (
        select word from (
            select word, similarity(word, unaccent(lower(typed))) as nearness from search_words
            where word % unaccent(lower(typed))
            order by nearness desc, word limit 50
        ) near
        where exists (
            select from ticket_search s
            where s.creator_id = $2 and s.document @@ plainto_tsquery($3::text::regconfig, word)
                and ts_filter(s.document, '{a,b}') @@ plainto_tsquery($3::text::regconfig, word)
        )
        order by nearness desc, word limit 1) as word
    from unnest($1::text[]) with ordinality as words (typed, place) order by place";

/// The search with its words corrected, if that makes it another search.
pub async fn correct(conn: &mut AsyncPgConnection, user: &CurrentUser, words: &str) -> Result<Option<String>> {
    let typed: Vec<&str> = words
        .split_whitespace()
        .filter(|word| !word.starts_with('-'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(8)
        .collect();
    // To look through what an agent who sees only some tickets may read would take too long for a suggestion.
    if typed.is_empty() || user.departments.is_some() {
        return Ok(None);
    }
    let before = typed.join(" ");
    let rows: Vec<Corrected> = if user.role.is_team() {
        prepared(FOR_TEAM).bind::<Array<Text>, _>(typed).load(conn).await?
    } else {
        let stems = match user.locale {
            Locale::English => "waggle_en",
            Locale::French => "waggle_fr",
        };
        let query = prepared(FOR_CREATOR).bind::<Array<Text>, _>(typed).bind::<Uuid, _>(user.id);
        query.bind::<Text, _>(stems).load(conn).await?
    };
    let corrected: Vec<String> = rows.into_iter().map(|row| row.word.unwrap_or(row.typed)).collect();
    let corrected = corrected.join(" ");
    Ok((corrected.to_lowercase() != before.to_lowercase()).then_some(corrected))
}
