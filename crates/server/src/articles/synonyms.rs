//! Words that mean the same to the search of articles, by the team's own list.
//!
//! Invariant: the list is replaced as a whole.

use std::sync::{Arc, Mutex, PoisonError};

use api_types::articles::Synonyms;
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, Jsonb, Text},
};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::question::{self, Group};
use crate::error::{AppError, Result};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Array<Text>)]
    words: Vec<String>,
}

/// The groups, in the order that they were written in.
pub async fn load(conn: &mut AsyncPgConnection) -> Result<Vec<Vec<String>>> {
    let rows: Vec<Row> = prepared("select words from article_synonyms order by id").load(conn).await?;
    Ok(rows.into_iter().map(|row| row.words).collect())
}

/// The groups as they are compared with a question. Stemming them costs more than the rest of a search, so the list
/// that was parsed last is kept.
pub async fn parsed(conn: &mut AsyncPgConnection) -> Result<Arc<Vec<Group>>> {
    type Parsed = (Vec<Vec<String>>, Arc<Vec<Group>>);
    static LAST: Mutex<Option<Parsed>> = Mutex::new(None);
    let list = load(conn).await?;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, groups)) = last.as_ref().filter(|(parsed, _)| *parsed == list) {
        return Ok(Arc::clone(groups));
    }
    let groups: Arc<Vec<Group>> = Arc::new(list.iter().map(|group| question::parse(group)).collect());
    *last = Some((list, Arc::clone(&groups)));
    Ok(groups)
}

/// Writes the list anew.
pub async fn replace(conn: &mut AsyncPgConnection, list: Synonyms) -> Result<Synonyms> {
    let groups: Vec<Vec<String>> =
        list.groups.into_iter().map(|group| group.iter().map(|word| word.trim().to_owned()).collect()).collect();
    let written = serde_json::to_value(&groups).map_err(AppError::internal)?;
    conn.transaction(async |conn| {
        // Two who save at once follow each other, and the later list is whole.
        prepared("lock table article_synonyms in exclusive mode").execute(conn).await?;
        prepared("delete from article_synonyms").execute(conn).await?;
        prepared(
            "insert into article_synonyms (words)
             select array(select jsonb_array_elements_text(words))
             from jsonb_array_elements($1) with ordinality as groups (words, place) order by place",
        )
        .bind::<Jsonb, _>(written)
        .execute(conn)
        .await?;
        Ok::<_, AppError>(())
    })
    .await?;
    Ok(Synonyms { groups })
}
