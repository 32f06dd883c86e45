//! Keeping the search documents up to date, behind the writes.
//!
//! Invariant: a document built from an older reading of a thread never replaces a newer one.

use std::sync::LazyLock;

use api_types::tickets::TicketId;
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Uuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};

use tokio::task::JoinSet;

use crate::{error::Result, state::State};

/// A bucket that holds so many tickets is full.
const FULL: i32 = 32_768;

/// The documents as rows of `ticket_search`, without the words that choose the tickets. What is kept as the number of
/// comments also counts the changes of the ticket, because the answers to its custom fields change without a comment.
const DOCUMENTS: &str = "\
    select t.id, t.creator_id, t.created_at,
        (select bucket from search_buckets where starts_at <= t.created_at order by starts_at desc limit 1),
        c.comments + t.version as comments,
        setweight(search_document(t.title), 'A')
            || setweight(search_document(concat_ws(' ', c.public, (
                select string_agg(answer.value #>> '{}', ' ' order by answer.key)
                from jsonb_each(t.custom_fields) answer join fields f on f.key = answer.key
                where f.definition ->> 'kind' in ('text', 'long_text', 'url', 'email')
            ))), 'B')
            || setweight(search_document(coalesce(c.internal, '')), 'D')
    from tickets t cross join lateral (
        select count(*) as comments,
            string_agg(body_markdown, ' ' order by created_at, id) filter (where not internal) as public,
            string_agg(body_markdown, ' ' order by created_at, id) filter (where internal) as internal
        from comments where ticket_id = t.id
    ) c";

/// Builds or renews the documents of some tickets.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "with built as (
             insert into ticket_search (ticket_id, creator_id, created_at, bucket, comments, document)
             {DOCUMENTS}
             where t.id = any($1)
             order by t.id
             on conflict (ticket_id) do update
                 set document = excluded.document, comments = excluded.comments
                 where ticket_search.comments < excluded.comments
             returning bucket, xmax = 0 as is_new
         )
         update search_buckets b set tickets = b.tickets + n.tickets
         from (select bucket, count(*) as tickets from built where is_new group by bucket) n
         where b.bucket = n.bucket"
    )
});

/// Builds the documents of the tickets that some changes touched, and learns the words of their comments.
/// It may run twice, and on tickets that are gone.
pub async fn fold(conn: &mut AsyncPgConnection, activities: &[i64]) -> Result<()> {
    let touched = touched(conn, activities).await?;
    if touched.is_empty() {
        return Ok(());
    }
    conn.transaction(async |conn| {
        build(conn, &touched).await?;
        learn(conn, activities).await
    })
    .await?;
    Ok(())
}

/// Builds the documents of tickets that were changed without activity, on the caller's transaction.
pub async fn refold(conn: &mut AsyncPgConnection, tickets: &[TicketId]) -> QueryResult<()> {
    build(conn, &tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>()).await
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Uuid)]
    ticket_id: uuid::Uuid,
}

/// Only new words and new answers change a document.
async fn touched(conn: &mut AsyncPgConnection, activities: &[i64]) -> QueryResult<Vec<uuid::Uuid>> {
    let rows: Vec<Touched> = prepared(
        "select distinct ticket_id from activity
         where id = any($1) and (comment_id is not null or kind = 'ticket.fields_changed') order by ticket_id",
    )
    .bind::<Array<BigInt>, _>(activities)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.ticket_id).collect())
}

async fn build(conn: &mut AsyncPgConnection, tickets: &[uuid::Uuid]) -> QueryResult<()> {
    prepared(&BUILD).bind::<Array<Uuid>, _>(tickets).execute(conn).await?;
    // The next bucket starts behind the newest ticket of a full one, so that buckets follow each other.
    prepared(
        "insert into search_buckets (bucket, starts_at)
         select b.bucket + 1, (select max(created_at) + interval '1 microsecond' from ticket_search where bucket = b.bucket)
         from search_buckets b
         where b.tickets >= $1 and b.bucket = (select max(bucket) from search_buckets)
         on conflict do nothing",
    )
    .bind::<Integer, _>(FULL)
    .execute(conn)
    .await?;
    Ok(())
}

/// The words of the touched comments and titles, for "did you mean". They are inserted in order, so that two
/// workers do not wait for each other in a circle.
async fn learn(conn: &mut AsyncPgConnection, activities: &[i64]) -> QueryResult<()> {
    prepared(
        "insert into search_words (word)
         select distinct word
         from activity a
         join tickets t on t.id = a.ticket_id
         join comments c on c.id = a.comment_id
         cross join lateral unnest(tsvector_to_array(to_tsvector('waggle_words', left(t.title || ' ' || c.body_markdown, 200000)))) word
         where a.id = any($1) and word ~ '^[[:alpha:]]{4,30}$'
         order by word
         on conflict do nothing",
    )
    .bind::<Array<BigInt>, _>(activities)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the words of a ticket that is about to be erased, but for those that other tickets use.
///
/// It must be part of a transaction.
pub async fn forget(conn: &mut AsyncPgConnection, ticket: TicketId) -> QueryResult<()> {
    // A sample of the tickets with a common word is enough to keep the word; all of them may be a million.
    diesel::sql_query("set local gin_fuzzy_search_limit = 1000").execute(conn).await?;
    diesel::sql_query(
        "delete from search_words w
         using (
             select distinct word
             from tickets t
             join comments c on c.ticket_id = t.id
             cross join lateral unnest(tsvector_to_array(to_tsvector('waggle_words', left(t.title || ' ' || c.body_markdown, 200000)))) word
             where t.id = $1
         ) gone
         where w.word = gone.word and not exists (
             select from ticket_search s
             where s.document @@ plainto_tsquery('waggle_en', w.word) and s.ticket_id <> $1
         )",
    )
    .bind::<Uuid, _>(ticket)
    .execute(conn)
    .await?;
    Ok(())
}

/// Builds what is missing at once, on all cores, for tickets that were loaded without activity.
pub async fn fold_all(state: &State) -> Result<()> {
    let mut conn = state.db().await?;
    diesel::sql_query(
        "insert into search_buckets (bucket, starts_at)
         select (rank - 1) / $1, created_at
         from (select created_at, row_number() over (order by created_at, id) as rank from tickets) ranked
         where rank > 1 and (rank - 1) % $1 = 0
         on conflict do nothing",
    )
    .bind::<Integer, _>(FULL)
    .execute(&mut conn)
    .await?;
    let parts = std::thread::available_parallelism().map_or(1, |cores| cores.get() as i32);
    let mut building = JoinSet::new();
    for part in 0..parts {
        let state = state.clone();
        building.spawn(async move { build_part(&mut *state.db().await?, part, parts).await });
    }
    for built in building.join_all().await {
        built?;
    }
    for step in [
        "update search_buckets b set tickets = (select count(*) from ticket_search s where s.bucket = b.bucket)",
        "insert into search_words (word)
         select distinct word
         from (select id, title from tickets order by created_at desc limit 20000) t
         join comments c on c.ticket_id = t.id
         cross join lateral unnest(tsvector_to_array(to_tsvector('waggle_words', t.title || ' ' || c.body_markdown))) word
         where word ~ '^[[:alpha:]]{4,30}$'
         order by word
         on conflict do nothing",
    ] {
        diesel::sql_query(step).execute(&mut conn).await?;
    }
    Ok(())
}

async fn build_part(conn: &mut AsyncPgConnection, part: i32, parts: i32) -> Result<()> {
    conn.transaction(async |conn| {
        // A million documents take minutes.
        diesel::sql_query("set local statement_timeout = 0").execute(conn).await?;
        diesel::sql_query(format!(
            "insert into ticket_search (ticket_id, creator_id, created_at, bucket, comments, document)
             {DOCUMENTS}
             where t.number % $2 = $1 and not exists (select from ticket_search s where s.ticket_id = t.id)"
        ))
        .bind::<Integer, _>(part)
        .bind::<Integer, _>(parts)
        .execute(conn)
        .await?;
        Ok(())
    })
    .await
}
