//! Lists of the tickets with one answer to a custom field.
//!
//! Invariant: a page costs much the same whether every second ticket gives the answer or one in a million: they are
//! looked for week by week, each by the index of answers, and the walk ends with the page.

use api_types::{
    fields::FieldFilter,
    tickets::{TicketFilter, TicketId, TicketSort},
};
use db::{prepared, schema::tickets};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Jsonb, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{
    list::{Part, end_of, visible},
    ticket::load_named,
};
use crate::{
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::Result,
    fields,
    state::State,
};

/// So many tickets with the answer one page looks at. The rest of the filter may reject them all; then the page ends
/// early and says where to go on.
const REACH: usize = 500;

/// The direction of a walk, in the words of SQL.
macro_rules! walk {
    ($first:literal, $last:literal, $nearer:literal, $step:literal, $beyond:literal, $order:literal) => {
        concat!(
            "select t.id, t.created_at
             from (select generate_series(",
            $nearer,
            "(week_of($2), (select week_of(",
            $first,
            "(created_at)) from tickets where custom_fields <> '{}')),
                 (select week_of(",
            $last,
            "(created_at)) from tickets where custom_fields <> '{}'), ",
            $step,
            ") as week offset 0) w
             cross join lateral (
                 select id, created_at from tickets
                 where week_of(created_at) = w.week and custom_fields @> $1 and custom_fields <> '{}'
                     and (archived_at is not null) = $4 and (created_at, id) ",
            $beyond,
            " ($2, $3)
                 order by created_at ",
            $order,
            ", id ",
            $order,
            " offset 0
             ) t limit $5"
        )
    };
}

const NEWEST_FIRST: &str = walk!("max", "min", "least", "-1", "<", "desc");
const OLDEST_FIRST: &str = walk!("min", "max", "greatest", "1", ">", "asc");

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Uuid)]
    id: TicketId,
    #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
}

/// A part of the tickets with the answer that the filter asks for.
pub async fn part(
    state: &State,
    user: &CurrentUser,
    filter: &TicketFilter,
    answer: &FieldFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Part> {
    let answer = fields::containing(&state.settings.now().fields, answer)?;
    let oldest_first = filter.sort == Some(TicketSort::Oldest);
    let start = match after {
        Some(after) => Cursor { at: after.at.min(cursor::END_OF_TIME), ..after },
        None if oldest_first => Cursor { at: Timestamp::UNIX_EPOCH, id: uuid::Uuid::nil() },
        None => Cursor { at: cursor::END_OF_TIME, id: uuid::Uuid::max() },
    };
    let mut conn = state.db().await?;
    let found: Vec<Found> = prepared(if oldest_first { OLDEST_FIRST } else { NEWEST_FIRST })
        .bind::<Jsonb, _>(answer)
        .bind::<Timestamptz, _>(start.at.to_diesel())
        .bind::<Uuid, _>(start.id)
        .bind::<Bool, _>(filter.archived == Some(true))
        .bind::<BigInt, _>(REACH as i64)
        .load(&mut conn)
        .await?;
    let rest = found.last().filter(|_| found.len() == REACH);
    let rest = rest.map(|last| Cursor { at: last.created_at, id: last.id.0 });
    let ids: Vec<TicketId> = found.into_iter().map(|found| found.id).collect();
    let query = visible(user, filter).filter(tickets::id.eq_any(ids));
    let query = if oldest_first {
        query.order((tickets::created_at.asc(), tickets::id.asc()))
    } else {
        query.order((tickets::created_at.desc(), tickets::id.desc()))
    };
    let rows = load_named(&conn, query.limit(limit as i64 + 1)).await?;
    let (rows, next) = cursor::part(rows, limit, end_of);
    Ok(Part { rows, rest: next.or(rest), did_you_mean: None })
}
