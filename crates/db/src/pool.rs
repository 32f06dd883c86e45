//! The pools of connections, with the settings that every connection shares.
//!
//! Invariant: nobody waits for a connection without end. A pool that stays empty is an error within
//! seconds, which the caller sees as "try again".

use std::{error::Error, time::Duration};

use deadpool::{
    Runtime,
    managed::{Object, PoolError, Timeouts},
};
use diesel::ConnectionError;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod},
};
use tokio_postgres::{NoTls, config::SslMode};

use crate::tls;

/// A pool of connections to one database.
pub type Pool = deadpool::managed::Pool<AsyncDieselConnectionManager<AsyncPgConnection>>;

/// A connection borrowed from the pool.
pub type Connection = Object<AsyncDieselConnectionManager<AsyncPgConnection>>;

/// Why a connection could not be borrowed.
pub type BorrowError = PoolError<diesel_async::pooled_connection::PoolError>;

/// How long to wait for a free connection, or for a new one.
const WAIT: Duration = Duration::from_secs(2);

/// Settings of every connection. Generic plans: a bound `limit` otherwise makes Postgres plan the same
/// query again each time, which costs half of the list's speed. Random pages cost little more than others on
/// today's disks and in memory: without that, small tables are read whole for every row of a list. The
/// timeout on an idle transaction frees its locks should this process hang.
const OPTIONS: &str =
    "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c idle_in_transaction_session_timeout=30s";

/// The connections of one thread.
#[derive(Clone)]
pub struct Pools {
    limits: Limits,
    url: String,
    /// For reads by key and for writes.
    pub by_key: Pool,
    /// For searches, with a short statement timeout, so that a bad word cannot hold up the rest.
    pub search: Pool,
}

/// How many connections a thread has, and how long one of their statements may take.
#[derive(Clone, Copy)]
pub struct Limits {
    pub by_key: usize,
    pub search: usize,
    pub patience: Duration,
    pub search_patience: Duration,
}

impl Pools {
    /// Opens them. No connection is made before the first is borrowed.
    pub fn open(url: &str, limits: Limits) -> Self {
        Self {
            by_key: open(url, limits.by_key, limits.patience),
            search: open(url, limits.search, limits.search_patience),
            url: url.to_owned(),
            limits,
        }
    }

    /// The same for another thread.
    pub fn anew(&self) -> Self {
        Self::open(&self.url, self.limits)
    }

    /// Makes a connection that belongs to none of them, for somebody who keeps it.
    pub async fn connect(&self) -> Result<AsyncPgConnection, ConnectionError> {
        connect(&self.url, &options(self.limits.patience)).await
    }

    pub fn close(&self) {
        self.by_key.close();
        self.search.close();
    }
}

#[expect(clippy::expect_used, reason = "only a missing runtime is an error, and it is named")]
fn open(url: &str, size: usize, statement_timeout: Duration) -> Pool {
    let options = options(statement_timeout);
    let mut config = ManagerConfig::<AsyncPgConnection>::default();
    // A test query before each use would double the round trips; a closed connection is noticed anyway.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |url| {
        let (url, options) = (url.to_owned(), options.clone());
        Box::pin(async move { connect(&url, &options).await })
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .timeouts(Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) })
        .runtime(Runtime::Tokio1)
        .build()
        .expect("a pool")
}

fn options(statement_timeout: Duration) -> String {
    format!("{OPTIONS} -c statement_timeout={}ms", statement_timeout.as_millis())
}

/// Makes one connection, with these options of Postgres.
pub async fn connect(url: &str, options: &str) -> Result<AsyncPgConnection, ConnectionError> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(words_of(&error));
    let mut config: tokio_postgres::Config = url.parse().map_err(bad)?;
    // What the address itself sets comes last and wins.
    let options = [Some(options), config.get_options()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    config.application_name("waggle").options(options);
    if config.get_ssl_mode() == SslMode::Require {
        let tls = tls::connector().map_err(ConnectionError::BadConnection)?;
        let (client, connection) = config.connect(tls).await.map_err(bad)?;
        return AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    }
    let (client, connection) = config.connect(NoTls).await.map_err(bad)?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// The error with its cause, which it does not name by itself.
fn words_of(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
