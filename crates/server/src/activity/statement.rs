//! Recording as one statement, alone or together with the change that it records.
//!
//! Invariant: the change, its row and its job are written by one statement or not at all. On the hot paths
//! that statement is the whole transaction, which saves four round trips.

use api_types::api_keys::ApiKeyId;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Bytea, Nullable, Text, Timestamptz, Uuid},
};
use jiff_diesel::ToDiesel;

use super::Record;

/// A part of a statement.
pub type Part<'a> = &'a (dyn QueryFragment<Pg> + Send + Sync);

/// The statement that records a change and asks for its reactions.
pub struct Recording<'a> {
    record: &'a Record,
    /// The one it was made with, or that it is about.
    key: Option<ApiKeyId>,
    at: jiff_diesel::Timestamp,
    turn: Option<i64>,
    change: Option<Part<'a>>,
}

/// What a [`Recording`] returns when the change took place.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Recorded {
    /// The number of the changed ticket; 0 when the recording carried no change.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

impl<'a> Recording<'a> {
    /// Records what other statements of the transaction did.
    pub fn alone(record: &'a Record) -> Self {
        Self {
            record,
            key: record.actor.key.map(|key| key.id).or(record.about_key),
            at: record.at.to_diesel(),
            turn: record.turn(),
            change: None,
        }
    }

    /// Records what this very statement does. `change` is a list of common table expressions, one of them
    /// named `changed`, which returns the ticket's `number` if and only if the change took place. Without
    /// that row nothing is recorded and nothing is returned. Its first writes take place [`in_turn`].
    pub fn of(record: &'a Record, change: Part<'a>) -> Self {
        Self { change: Some(change), ..Self::alone(record) }
    }
}

/// The condition on a change's first writes: no other process is at the same request. It follows another condition.
pub fn in_turn(record: &Record, out: &mut AstPass<'_, '_, Pg>) {
    if record.turn().is_some() {
        out.push_sql(" and (select is_ours from turn)");
    }
}

impl QueryId for Recording<'_> {
    type QueryId = ();

    // The text differs with the change, so the statement is cached by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Recording<'_> {
    type SqlType = diesel::sql_types::Untyped;
}

impl<C> RunQueryDsl<C> for Recording<'_> {}

impl QueryFragment<Pg> for Recording<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Record { kind, actor, ticket, comment, person, sla_target, once, .. } = self.record;
        out.push_sql("with ");
        if let Some(change) = self.change {
            if let Some(turn) = &self.turn {
                out.push_sql("turn as materialized (select pg_try_advisory_xact_lock(");
                out.push_bind_param::<BigInt, _>(turn)?;
                out.push_sql(") as is_ours), ");
            }
            change.walk_ast(out.reborrow())?;
            out.push_sql(", ");
        }
        out.push_sql("recorded as (insert into activity (kind, actor_id, ticket_id, comment_id, person_id, at");
        if sla_target.is_some() {
            out.push_sql(", sla_target");
        }
        if once.is_some() {
            out.push_sql(", idempotency_key, request_hash");
        }
        if self.key.is_some() {
            out.push_sql(", api_key_id");
        }
        out.push_sql(") select ");
        out.push_bind_param::<Text, _>(kind.word())?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Uuid>, _>(&actor.person)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Uuid>, _>(ticket)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Uuid>, _>(comment)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Uuid>, _>(person)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        if let Some(target) = sla_target {
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(target)?;
        }
        if let Some(once) = once {
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(&once.key)?;
            out.push_sql(", ");
            out.push_bind_param::<Bytea, _>(&once.request_hash)?;
        }
        if let Some(key) = &self.key {
            out.push_sql(", ");
            out.push_bind_param::<Uuid, _>(key)?;
        }
        if self.change.is_some() {
            out.push_sql(" from changed");
        }
        out.push_sql(
            " returning id, at), queued as (insert into jobs (kind, payload, run_at) \
             select 'react', jsonb_build_object('kind', 'react', 'activity_id', id), at from recorded) select ",
        );
        out.push_sql(if self.change.is_some() { "number from changed" } else { "0::bigint as number" });
        Ok(())
    }
}
