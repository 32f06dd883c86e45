//! Many random tickets, fast: made inside Postgres, in large steps.
//!
//! Invariant: the same shape as real ones, with every stage, and with words of every frequency, from one in
//! all tickets to one in ten thousand. Ids follow from the ticket's place, so that a load can name them.

use db::{AsyncPgConnection, schema::tickets};
use diesel::{
    dsl::max,
    prelude::*,
    sql_types::{BigInt, Integer, Timestamptz},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff_diesel::ToDiesel;

use crate::{state::State, tickets::search};

/// So many tickets are made in one statement.
const STEP: i32 = 50_000;

/// A hundred customers per ten thousand tickets, and ten agents, all without passwords.
const PEOPLE: &str = "
    insert into people (id, name, email, role, locale, created_at)
    select gen_random_uuid(), 'Customer ' || n, 'customer' || n || '@load.example', 'customer', (array['en', 'fr'])[1 + n % 2], $2
    from generate_series(1, greatest($1 / 100, 10)) n
    union all
    select gen_random_uuid(), 'Agent ' || n, 'agent' || n || '@load.example', 'agent', 'en', $2 from generate_series(1, 10) n
    on conflict do nothing";

/// Tickets number $1 + 1 to $2 of $3, one a minute up to now ($4). Every word of the list stands in about one
/// ticket of `rarity`.
const TICKETS: &str = "
    with customers as (select array_agg(id order by email) as ids from people where email like 'customer%@load.example'),
    agents as (select array_agg(id order by email) as ids from people where email like 'agent%@load.example'),
    numbered as (
        select n, $4 - ($3 - n) * interval '1 minute' as created_at,
            (array['new', 'working', 'waiting_customer', 'on_hold', 'resolved', 'resolved', 'resolved', 'resolved', 'resolved', 'resolved'])[1 + n % 10] as stage,
            hashint4(n) & 2147483647 as dice
        from generate_series($1 + 1, $2) n
    )
    insert into tickets (id, title, creator_id, assignee_id, stage, priority, created_at, updated_at, first_reply_at, hold_reason, resolved_at, sla)
    select md5('ticket ' || n)::uuid,
        'Ticket ' || n || ' about the ' || (array['hive', 'queen', 'swarm', 'frame', 'smoker', 'invoice', 'sensor', 'export'])[1 + dice % 8]
            || case when dice % 15 = 0 then ' varroa' else '' end || case when dice % 10000 = 0 then ' quarantine' else '' end,
        customers.ids[1 + dice % cardinality(customers.ids)],
        case when stage <> 'new' then agents.ids[1 + dice % cardinality(agents.ids)] end,
        stage, (array['low', 'medium', 'high'])[1 + dice % 3], created_at, created_at,
        case when stage <> 'new' then created_at + interval '1 hour' end,
        case when stage = 'on_hold' then 'Waiting for parts' end,
        case when stage = 'resolved' then created_at + interval '1 day' end,
        case when stage in ('waiting_customer', 'on_hold')
            then jsonb_build_object('pauses', jsonb_build_array(jsonb_build_object('stage', stage, 'from', created_at + interval '1 hour')))
            else '{}' end
    from numbered, customers, agents";

const COMMENTS: &str = "
    insert into comments (id, ticket_id, author_id, author_kind, internal, body_markdown, body_html, created_at)
    select gen_random_uuid(), t.id, case when team then t.assignee_id else t.creator_id end,
        case when team then 'admin' else 'user' end, false, body, '<p>' || body || '</p>', t.created_at + k * interval '10 minutes'
    from (select * from tickets where number > $1 and number <= $2) t
    cross join generate_series(0, $3 - 1) k
    cross join lateral (select k % 2 = 1 and t.assignee_id is not null as team) a
    cross join lateral (select 'Bonjour, the ' || (array['colony', 'ruche', 'honey', 'wax', 'pollen', 'entrance', 'temperature', 'weight'])[1 + (hashint8(t.number * 7 + k) & 2147483647) % 8]
        || ' reads ' || (hashint8(t.number + k) & 1023) || ' since this morning. ' || repeat('I have looked at the sensor twice and it still says the same. ', 1 + k % 3)
        || case when (hashint8(t.number * 31 + k) & 2147483647) % 10000 = 0 then 'propolis' else '' end as body) b";

/// Adds this many tickets, each with this many comments.
pub async fn fill(state: &State, tickets: u32, comments: u32) -> anyhow::Result<()> {
    let now = state.clock.now().to_diesel();
    let (total, comments) = (i32::try_from(tickets)?, i32::try_from(comments)?);
    let mut conn = state.db().await?;
    diesel::sql_query(PEOPLE).bind::<Integer, _>(total).bind::<Timestamptz, _>(now).execute(&mut conn).await?;
    let mut done = 0;
    while done < total {
        let upto = total.min(done + STEP);
        conn.transaction(async |conn| add(conn, now, done, upto, total, comments).await).await?;
        done = upto;
        tracing::info!("{done} of {total} tickets");
    }
    drop(conn);
    tracing::info!("building the search index");
    search::fold_all(state).await?;
    diesel::sql_query("analyze").execute(&mut state.db().await?).await?;
    Ok(())
}

/// Adds the tickets after the first `done` up to `upto` of `total`.
async fn add(
    conn: &mut AsyncPgConnection,
    now: jiff_diesel::Timestamp,
    done: i32,
    upto: i32,
    total: i32,
    comments: i32,
) -> QueryResult<()> {
    // Steps this large take longer than any request may.
    diesel::sql_query("set local statement_timeout = 0").execute(conn).await?;
    let before = newest(conn).await?;
    diesel::sql_query(TICKETS)
        .bind::<Integer, _>(done)
        .bind::<Integer, _>(upto)
        .bind::<Integer, _>(total)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    let after = newest(conn).await?;
    diesel::sql_query(COMMENTS)
        .bind::<BigInt, _>(before)
        .bind::<BigInt, _>(after)
        .bind::<Integer, _>(comments)
        .execute(conn)
        .await?;
    Ok(())
}

async fn newest(conn: &mut AsyncPgConnection) -> QueryResult<i64> {
    let number: Option<i64> = tickets::table.select(max(tickets::number)).first(conn).await?;
    Ok(number.unwrap_or(0))
}
