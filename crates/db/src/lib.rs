//! Postgres itself: the schema, the pool, the migrations, the embedded cluster and the job queue.
//!
//! Invariant: no SQL of a feature stands here; the rooms of the server know their own tables.

pub mod embedded;
pub mod jobs;
pub mod migrations;
pub mod pool;
mod prepared;
#[rustfmt::skip]
pub mod schema;
mod tls;

pub use diesel_async::AsyncPgConnection;
pub use pool::{Connection, Pools};
pub use prepared::{Prepared, prepared};

/// The address of a database, as in `DATABASE_URL`.
pub use tokio_postgres::Config as Address;
