//! The migrations, compiled into the binary.
//!
//! Invariant: one process migrates at a time, however many start together.

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::pool;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// "waggle" on a telephone's keys: the advisory lock that migrating processes queue for.
const LOCK: i64 = 924_453;

/// Why the database could not be migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("cannot connect to the database")]
    Connection(#[from] diesel::ConnectionError),
    #[error("cannot take the migration lock")]
    Lock(#[from] diesel::result::Error),
    #[error("a migration failed: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
}

/// Applies every pending migration; tells how many there were.
///
/// It needs a multi-threaded runtime: the harness blocks its thread.
pub async fn run(url: &str) -> Result<usize, MigrationError> {
    let mut harness = lock(url).await?;
    harness.run_pending_migrations(MIGRATIONS).map(|applied| applied.len()).map_err(MigrationError::Migration)
}

/// Takes every migration back; tells how many there were. It destroys all data.
pub async fn revert(url: &str) -> Result<usize, MigrationError> {
    let mut harness = lock(url).await?;
    harness.revert_all_migrations(MIGRATIONS).map(|reverted| reverted.len()).map_err(MigrationError::Migration)
}

/// The lock belongs to the connection, and goes with it.
async fn lock(url: &str) -> Result<AsyncMigrationHarness<AsyncPgConnection>, MigrationError> {
    let mut connection = pool::connect(url, "").await?;
    diesel::sql_query(format!("select pg_advisory_lock({LOCK})")).execute(&mut connection).await?;
    Ok(AsyncMigrationHarness::new(connection))
}
