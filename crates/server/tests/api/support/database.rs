//! Databases for tests: each a copy of one that was migrated once.
//!
//! Invariant: no two tests share a database, and none is left behind.

use std::{
    hash::{DefaultHasher, Hasher},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use db::embedded::{Cluster, Durability};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// The server that `cargo xtask test` names, or one of our own.
struct Server {
    superuser_url: String,
    template: String,
    /// Held for its lock on the data directory.
    _cluster: Option<Cluster>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// One test's database.
pub struct Database {
    name: String,
    server: &'static Server,
}

impl Database {
    /// A migrated database.
    pub async fn create() -> Self {
        let server = server().await;
        Self::make(server, &format!("template {} strategy file_copy", server.template)).await
    }

    /// A database without tables.
    pub async fn create_empty() -> Self {
        Self::make(server().await, "template template0").await
    }

    async fn make(server: &'static Server, from: &str) -> Self {
        let name = format!("waggle_test_{}", uuid::Uuid::new_v4().simple());
        let statement = format!("create database {name} owner waggle {from}");
        connect(&server.superuser_url).await.batch_execute(&statement).await.unwrap();
        Self { name, server }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// As the application's role.
    pub fn url(&self) -> String {
        role_url(&self.server.superuser_url, &self.name)
    }

    /// A connection as superuser.
    pub async fn connect(&self) -> Client {
        connect(&in_database(&self.server.superuser_url, &self.name)).await
    }

    /// Ends all connections of the application, and with `yes` lets no new ones in.
    pub async fn forbid_connections(&self, yes: bool) {
        let admin = connect(&self.server.superuser_url).await;
        admin.batch_execute(&format!("alter database {} with allow_connections {}", self.name, !yes)).await.unwrap();
        self.end_connections().await;
    }

    /// Ends all connections of the application and waits until they are gone; tells how many there were.
    pub async fn end_connections(&self) -> i64 {
        let sql = "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where datname = $1 and application_name = 'waggle'";
        connect(&self.server.superuser_url).await.query_one(sql, &[&self.name]).await.unwrap().get(0)
    }

    pub async fn remove(&self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        connect(&self.server.superuser_url).await.batch_execute(&statement).await.unwrap();
    }
}

/// A connection as superuser, outside of all tests' databases.
pub async fn superuser() -> Client {
    connect(&server().await.superuser_url).await
}

/// Looks until it is so. Each look is a round trip, which is pause enough.
pub async fn until(client: &Client, condition: &str) {
    let look = async || client.query_one(&format!("select {condition}"), &[]).await.unwrap().get::<_, bool>(0);
    let looks = async { while !look().await {} };
    let came = tokio::time::timeout(Duration::from_secs(60), looks).await;
    assert!(came.is_ok(), "it never came to be that {condition}");
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("Postgres takes the connection");
    tokio::spawn(connection);
    client
}

async fn server() -> &'static Server {
    SERVER.get_or_init(Server::start).await
}

impl Server {
    async fn start() -> Self {
        let (superuser_url, cluster) = match std::env::var("WAGGLE_TEST_DATABASE_URL") {
            Ok(url) => (url, None),
            Err(_) => own_cluster().await,
        };
        let template = format!("waggle_template_{:016x}", migrations_hash());
        make_template(&superuser_url, &template).await;
        Self { superuser_url, template, _cluster: cluster }
    }
}

/// A cluster for this process alone. A shell waits for our end, however it comes, and clears it away.
async fn own_cluster() -> (String, Option<Cluster>) {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{}", std::process::id()));
    let cluster = Cluster::start(&directory, Durability::None).await.expect("Postgres starts");
    let mut caretaker = Command::new("sh");
    caretaker.arg("-c").arg(
        r#"read _; pid=$(head -n 1 "$0/postgres/postmaster.pid"); kill -INT "$pid"
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; rm -rf "$0""#,
    );
    caretaker.arg(&directory).stdin(Stdio::piped()).process_group(0);
    // Its standard input closes when this process ends.
    std::mem::forget(caretaker.spawn().expect("a shell starts"));
    (cluster.superuser_url("postgres"), Some(cluster))
}

/// Several test processes may come at once: the first makes it, the others wait for the lock.
async fn make_template(superuser_url: &str, template: &str) {
    let admin = connect(superuser_url).await;
    admin.batch_execute("select pg_advisory_lock(924453)").await.unwrap();
    let known = admin.query_opt("select from pg_database where datname = $1", &[&template]).await.unwrap();
    if known.is_none() {
        let new = format!("{template}_new");
        let statements = [
            "do $$ begin create role waggle login; exception when duplicate_object then null; end $$".to_owned(),
            "create extension if not exists pg_stat_statements".to_owned(),
            format!("drop database if exists {new}"),
            format!("create database {new} owner waggle template template0"),
        ];
        for statement in statements {
            admin.batch_execute(&statement).await.unwrap();
        }
        db::migrations::run(&role_url(superuser_url, &new)).await.expect("the migrations run");
        admin.batch_execute(&format!("alter database {new} rename to {template}")).await.unwrap();
    }
}

fn migrations_hash() -> u64 {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    for folder in std::fs::read_dir(root).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files {
        hash.write(file.to_string_lossy().as_bytes());
        hash.write(&std::fs::read(file).unwrap());
    }
    hash.finish()
}

fn role_url(superuser_url: &str, database: &str) -> String {
    in_database(superuser_url, database).replacen("postgres://postgres@", "postgres://waggle@", 1)
}

fn in_database(url: &str, database: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("an address names a database");
    format!("{server}/{database}")
}
