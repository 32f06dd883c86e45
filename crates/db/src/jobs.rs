//! The job queue: a table, claimed by leases.
//!
//! Invariant: a job is in the same transaction as the change that asked for it, and stays until a worker
//! that still holds its lease has finished it, or until it is given up and kept to be looked at.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;

use crate::{prepared, schema::jobs};

/// How long a worker may hold a job. A job that takes longer may run twice, which every job survives.
pub const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// After this many failures a job is given up.
pub const MAX_ATTEMPTS: i32 = 12;

/// A leased job.
#[derive(Debug, Clone, QueryableByName)]
pub struct Job {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub payload: serde_json::Value,
    /// This one included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = BigInt)]
    fence: i64,
}

/// Puts a job into the queue, on the caller's transaction.
///
/// The payload tells the worker what to do; `kind` lets it choose which jobs to take. Answers the job's number.
pub async fn enqueue(
    conn: &mut AsyncPgConnection,
    kind: &str,
    payload: serde_json::Value,
    run_at: Timestamp,
) -> QueryResult<i64> {
    diesel::insert_into(jobs::table)
        .values((jobs::kind.eq(kind), jobs::payload.eq(payload), jobs::run_at.eq(run_at.to_diesel())))
        .returning(jobs::id)
        .get_result(conn)
        .await
}

/// Takes a job out of the queue that nobody has begun. Tells whether it was there.
pub async fn withdraw(conn: &mut AsyncPgConnection, id: i64) -> QueryResult<bool> {
    let waiting = jobs::table.filter(jobs::id.eq(id)).filter(jobs::attempts.eq(0));
    Ok(diesel::delete(waiting).execute(conn).await? > 0)
}

/// Makes a job due that nobody has begun.
pub async fn hasten(conn: &mut AsyncPgConnection, id: i64, now: Timestamp) -> QueryResult<()> {
    let waiting = jobs::table.filter(jobs::id.eq(id)).filter(jobs::attempts.eq(0));
    diesel::update(waiting).set(jobs::run_at.eq(now.to_diesel())).execute(conn).await?;
    Ok(())
}

/// Leases up to `limit` jobs of these kinds that are due and that nobody holds.
pub async fn claim(conn: &mut AsyncPgConnection, now: Timestamp, kinds: &[&str], limit: i32) -> QueryResult<Vec<Job>> {
    prepared(
        "update jobs set leased_until = $2, attempts = attempts + 1, fence = fence + 1
         where id in (
             select id from jobs
             where dead_at is null and run_at <= $1 and (leased_until is null or leased_until <= $1)
                 and kind = any($4) and attempts < $5
             order by run_at, id limit $3 for update skip locked
         )
         returning id, payload, attempts, fence",
    )
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(now.saturating_add(LEASE).unwrap_or(now).to_diesel())
    .bind::<Integer, _>(limit)
    .bind::<diesel::sql_types::Array<Text>, _>(kinds)
    .bind::<Integer, _>(MAX_ATTEMPTS)
    .load(conn)
    .await
}

/// When the first of the jobs of these kinds is due that nobody holds; nothing when there is none.
pub async fn next_due(conn: &mut AsyncPgConnection, kinds: &[&str]) -> QueryResult<Option<Timestamp>> {
    #[derive(QueryableByName)]
    struct Next {
        #[diesel(sql_type = diesel::sql_types::Nullable<Timestamptz>)]
        run_at: Option<jiff_diesel::Timestamp>,
    }
    let next: Next = prepared(
        "select min(run_at) as run_at from jobs where dead_at is null and leased_until is null and kind = any($1)",
    )
    .bind::<diesel::sql_types::Array<Text>, _>(kinds)
    .get_result(conn)
    .await?;
    Ok(next.run_at.map(|at| at.to_jiff()))
}

/// Takes finished jobs out of the queue, those whose lease still holds. Tells how many it took.
pub async fn finish(conn: &mut AsyncPgConnection, finished: &[&Job]) -> QueryResult<usize> {
    let ids: Vec<i64> = finished.iter().map(|job| job.id).collect();
    let fences: Vec<i64> = finished.iter().map(|job| job.fence).collect();
    prepared(
        "delete from jobs using unnest($1, $2) as done (id, fence)
         where jobs.id = done.id and jobs.fence = done.fence",
    )
    .bind::<diesel::sql_types::Array<BigInt>, _>(ids)
    .bind::<diesel::sql_types::Array<BigInt>, _>(fences)
    .execute(conn)
    .await
}

/// Puts a failed job back for later, or gives it up after its last attempt.
pub async fn fail(conn: &mut AsyncPgConnection, now: Timestamp, job: &Job, error: &str) -> QueryResult<()> {
    let given_up = job.attempts >= MAX_ATTEMPTS;
    let run_at = now.saturating_add(backoff(job.attempts, rand::rng().random())).unwrap_or(now);
    prepared(
        "update jobs set leased_until = null, last_error = $3, run_at = $4,
             dead_at = case when $5 then $6 end
         where id = $1 and fence = $2",
    )
    .bind::<BigInt, _>(job.id)
    .bind::<BigInt, _>(job.fence)
    .bind::<Text, _>(error)
    .bind::<Timestamptz, _>(run_at.to_diesel())
    .bind::<diesel::sql_types::Bool, _>(given_up)
    .bind::<Timestamptz, _>(now.to_diesel())
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up the jobs that took their worker down with them at every attempt.
pub async fn bury(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<()> {
    diesel::update(jobs::table)
        .filter(jobs::dead_at.is_null())
        .filter(jobs::attempts.ge(MAX_ATTEMPTS))
        .filter(jobs::leased_until.le(now.to_diesel()))
        .set((jobs::dead_at.eq(now.to_diesel()), jobs::last_error.eq("no worker lived to say why")))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many jobs are due or leased, for a test that wants none left.
pub async fn due(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<i64> {
    jobs::table.filter(jobs::dead_at.is_null().and(jobs::run_at.le(now.to_diesel()))).count().get_result(conn).await
}

/// Two seconds, doubled by each attempt up to an hour; `chance` in 0..1 takes up to half of it away, so
/// that jobs which failed together do not come back together.
fn backoff(attempts: i32, chance: f64) -> SignedDuration {
    let doublings = attempts.clamp(1, 20).unsigned_abs() - 1;
    let longest = (2_u64 << doublings).min(3600);
    SignedDuration::from_millis((longest as f64 * 1000.0 * (1.0 - chance / 2.0)) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_an_hour_and_varies_downwards_only() {
        assert_eq!(backoff(1, 0.0).as_secs(), 2);
        assert_eq!(backoff(2, 0.0).as_secs(), 4);
        assert_eq!(backoff(30, 0.0).as_secs(), 3600);
        assert_eq!(backoff(2, 1.0).as_secs(), 2);
    }
}
