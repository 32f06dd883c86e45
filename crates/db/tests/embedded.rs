//! The embedded cluster on real Postgres programs: made, joined, left, killed and brought back.
//!
//! Invariant: each test has a data directory of its own and stops its cluster.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use db::embedded::{Cluster, Durability};
use nix::{sys::signal, unistd::Pid};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("waggle-embedded-{name}-{}", uuid::Uuid::new_v4().simple())))
    }

    async fn cluster(&self) -> Cluster {
        Cluster::start(&self.0, Durability::None).await.expect("the cluster starts")
    }

    fn postmaster(&self) -> Option<i32> {
        let text = fs::read_to_string(self.0.join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A test that failed leaves its cluster running.
        if let Some(pid) = self.postmaster() {
            let _ = signal::kill(Pid::from_raw(pid), signal::Signal::SIGQUIT);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("it connects");
    tokio::spawn(connection);
    client
}

async fn run(cluster: &Cluster, statements: &str) {
    client(&cluster.url("waggle")).await.batch_execute(statements).await.expect("the statements run");
}

async fn notes(cluster: &Cluster) -> i64 {
    client(&cluster.url("waggle")).await.query_one("select count(*) from notes", &[]).await.expect("it counts").get(0)
}

fn kill(pid: i32) {
    signal::kill(Pid::from_raw(pid), signal::Signal::SIGKILL).expect("the process is there");
}

#[tokio::test]
async fn a_stopped_cluster_keeps_its_data() {
    let folder = Folder::new("keep");
    let cluster = folder.cluster().await;
    run(&cluster, "create table notes (); insert into notes default values").await;
    assert!(cluster.stop().await.expect("it stops"));
    assert_eq!(folder.postmaster(), None);

    let cluster = folder.cluster().await;
    assert_eq!(notes(&cluster).await, 1);
    assert!(cluster.stop().await.expect("it stops"));
}

#[tokio::test]
async fn the_application_is_no_superuser_and_may_add_what_it_needs() {
    let folder = Folder::new("role");
    let cluster = Cluster::start(&folder.0, Durability::Full).await.expect("it starts");
    run(&cluster, "create extension unaccent; create extension pg_trgm; create extension btree_gin").await;
    let row = client(&cluster.url("waggle"))
        .await
        .query_one(
            "select rolsuper, rolcreaterole, current_setting('fsync'), current_setting('synchronous_commit'),
                    current_setting('full_page_writes'), lower('É'), pg_encoding_to_char(encoding)
             from pg_roles, pg_database where rolname = current_user and datname = current_database()",
            &[],
        )
        .await
        .expect("it answers");
    assert!(!row.get::<_, bool>(0) && !row.get::<_, bool>(1));
    let words: Vec<String> = (2..7).map(|column| row.get(column)).collect();
    assert_eq!(words, ["on", "on", "on", "é", "UTF8"]);
    cluster.stop().await.expect("it stops");
}

#[tokio::test]
async fn other_clients_understand_the_address() {
    let folder = Folder::new("psql");
    let cluster = folder.cluster().await;
    let psql = std::process::Command::new("psql").arg(cluster.url("waggle")).args(["-Atc", "select 1"]).output();
    // A machine may have the server's programs alone.
    if let Ok(output) = psql {
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1", "{output:?}");
    }
    cluster.stop().await.expect("it stops");
}

#[tokio::test]
async fn two_may_start_at_once_and_the_last_one_stops_it() {
    let folder = Folder::new("two");
    let (first, second) = tokio::join!(folder.cluster(), folder.cluster());
    assert!(!first.stop().await.expect("it leaves"));
    run(&second, "select 1").await;
    assert!(second.stop().await.expect("it stops"));
    assert_eq!(folder.postmaster(), None);
}

#[tokio::test]
async fn a_cluster_left_running_by_a_killed_process_is_taken_over() {
    let folder = Folder::new("left");
    drop(folder.cluster().await);
    let left = folder.postmaster().expect("it still runs");

    let cluster = folder.cluster().await;
    assert_eq!(folder.postmaster(), Some(left));
    assert!(cluster.stop().await.expect("it stops"));
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again_with_everything_that_was_committed() {
    let folder = Folder::new("killed");
    let mut cluster = Cluster::start(&folder.0, Durability::Full).await.expect("it starts");
    run(&cluster, "create table notes (); insert into notes default values").await;
    assert!(!cluster.revive().await.expect("it looks"));

    kill(folder.postmaster().expect("it runs"));
    while !cluster.revive().await.expect("it starts again") {}
    assert_eq!(notes(&cluster).await, 1);
    cluster.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_pid_file_that_names_another_process_is_overcome() {
    let folder = Folder::new("stale");
    folder.cluster().await.stop().await.expect("it stops");
    let pgdata = folder.0.join("postgres");
    let text = format!("{}\n{}\n0\n5432\n{}\n\n\nready\n", std::process::id(), pgdata.display(), pgdata.display());
    fs::write(pgdata.join("postmaster.pid"), text).expect("it writes");

    let cluster = folder.cluster().await;
    run(&cluster, "select 1").await;
    cluster.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_half_made_cluster_is_made_anew() {
    let folder = Folder::new("half");
    fs::create_dir_all(folder.0.join("postgres.new/base")).expect("it makes a directory");
    let cluster = folder.cluster().await;
    run(&cluster, "select 1").await;
    cluster.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_long_path_with_odd_letters_works() {
    let folder = Folder::new("long");
    let odd = Folder(folder.0.join("it's a \"fine\", $HOME long\\ päth").join("x".repeat(60)));
    let cluster = odd.cluster().await;
    run(&cluster, "select 1").await;
    let socket = socket_of(&odd.0);
    assert!(socket.starts_with(std::env::temp_dir()));
    cluster.stop().await.expect("it stops");
    assert!(!socket.exists());
}

fn socket_of(data_dir: &Path) -> PathBuf {
    let text = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).expect("it runs");
    text.lines().nth(4).expect("the fifth line").into()
}

#[tokio::test]
async fn a_cluster_of_another_version_is_left_alone() {
    let folder = Folder::new("version");
    folder.cluster().await.stop().await.expect("it stops");
    fs::write(folder.0.join("postgres/PG_VERSION"), "9\n").expect("it writes");
    let error = Cluster::start(&folder.0, Durability::None).await.expect_err("it is refused");
    assert!(error.to_string().contains("postgresql-9"), "{error}");
}
