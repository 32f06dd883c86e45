//! Measures how fast webhooks are told, and what one that hangs costs the others:
//! `cargo run --release -p server --example webhooks -- DIRECTORY`, where the directory is for a Postgres of its own.
//!
//! Invariant: each message goes through the queue, the signature, HTTP and the log as it does on a desk, with Postgres as
//! durable as in production; only the guard lets this machine count as public.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and stops at the first surprise")]

use std::{
    net::TcpListener,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use db::{
    Pools,
    embedded::{Cluster, Durability},
    pool::Limits,
    prepared,
};
use diesel::sql_types::{Integer, Text, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use server::{
    assistant,
    attachments::{Rules, Slots},
    auth::{accounts::AccountCache, passwords::Hasher, quota::Quota, tokens::Keys},
    captcha::Work,
    clock::Clock,
    live::{Live, Pace},
    once::UnderWay,
    outside::{
        files::Files,
        mail::{Mailer, Post},
        webhook::{Courier, Net, PATIENCE},
    },
    panel,
    settings::Kept,
    state::{Inner, State},
    webhooks,
    worker::{self, Wake},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};
use uuid::Uuid;

const MESSAGES: i32 = 10_000;

const PAYLOAD: &str = r#"{"type":"ticket.created","timestamp":"2026-03-02T09:00:00Z","data":{"ticket":{"id":"019c9f6e-0000-7000-8000-000000000000","number":1,"title":"Where are my bees? They left the hive in the morning","status":"open","priority":"medium","archived":false,"creator_id":"019c9f6e-0000-7000-8000-000000000001","assignee_id":null,"department_id":null,"created_at":"2026-03-02T09:00:00Z"}}}"#;

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let directory = std::env::args().nth(1).unwrap();
    let cluster = Cluster::start(Path::new(&directory), Durability::Full).await.unwrap();
    db::migrations::run(&cluster.url("waggle")).await.unwrap();
    let state = state(&cluster.url("waggle"), Path::new(&directory));
    let (quick, stuck) = (receiver(false), receiver(true));
    let mut times = Vec::new();
    for round in 0..3 {
        let alone = tell(&state, quick, None).await;
        let beside = tell(&state, quick, Some(stuck)).await;
        let rate = f64::from(MESSAGES) / alone.as_secs_f64();
        let ratio = beside.as_secs_f64() / alone.as_secs_f64();
        println!("round {round}: {rate:.0} messages/s; beside one that hangs {ratio:.2} times as long");
        times.push((rate, ratio));
    }
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    println!("median: {:.0} messages/s", times.get(1).unwrap().0);
    state.close();
    cluster.stop().await.unwrap();
}

/// How long it takes until one has taken all messages, perhaps while another takes as many and answers none.
async fn tell(state: &State, quick: u16, stuck: Option<u16>) -> Duration {
    let mut conn = state.db().await.unwrap();
    conn.batch_execute("truncate webhooks cascade").await.unwrap();
    let told = add(&mut conn, quick).await;
    if let Some(stuck) = stuck {
        add(&mut conn, stuck).await;
    }
    conn.batch_execute("analyze webhooks; analyze webhook_deliveries").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let working = {
        let state = state.clone();
        tokio::spawn(async move {
            worker::work(state, async {
                stopped.await.ok();
            })
            .await;
        })
    };
    let began = Instant::now();
    let waiting = "select 1 as one from webhook_deliveries where webhook_id = $1 and state = 'waiting' limit 1";
    while prepared(waiting).bind::<SqlUuid, _>(told).execute(&mut conn).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = began.elapsed();
    stop.send(()).unwrap();
    working.await.unwrap();
    took
}

async fn add(conn: &mut db::AsyncPgConnection, port: u16) -> Uuid {
    let id = Uuid::now_v7();
    prepared("insert into webhooks (id, url, description, secret_number, created_at) values ($1, $2, '', 1, now())")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(format!("http://127.0.0.1:{port}/"))
        .execute(conn)
        .await
        .unwrap();
    prepared(
        "insert into webhook_deliveries (id, webhook_id, event, payload, state, created_at, next_at)
         select gen_random_uuid(), $1, 'ticket.created', $2, 'waiting', now(), now() from generate_series(1, $3)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(PAYLOAD)
    .bind::<Integer, _>(MESSAGES)
    .execute(conn)
    .await
    .unwrap();
    id
}

/// Somebody on a thread of their own who takes messages, or keeps their senders waiting.
fn receiver(hangs: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, hangs));
            }
        });
    });
    port
}

async fn take(mut stream: TcpStream, hangs: bool) {
    let (mut buffer, mut held) = ([0; 8192], Vec::new());
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        held.extend_from_slice(buffer.get(..count).unwrap());
        // So the payload ends, and each message waits for the answer to the one before.
        if !hangs && held.ends_with(b"}}}") {
            held.clear();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.ok();
        }
    }
}

fn state(url: &str, directory: &Path) -> State {
    let secret = b"a secret that only this measurement knows";
    let net = Net::StandIn { lookup: Arc::new(|_| Vec::new()), this_machine: true };
    let patience = Duration::from_secs(10);
    let shared = Inner {
        clock: Clock::System,
        quota: Quota::new(0, Clock::System),
        under_way: UnderWay::default(),
        keys: Keys::new(secret),
        hasher: Hasher::default(),
        accounts: AccountCache::default(),
        mailer: Mailer::new("Waggle <desk@example.org>".parse().unwrap(), Post::Folder(directory.join("mail"))),
        files: Files::new(&directory.join("files"), None, secret),
        rules: Rules { max_size: 1, quota: 1, patience },
        uploads: Slots::default(),
        settings: Kept::new(Default::default()),
        limits: assistant::Limits::default(),
        model: None,
        panel: panel::Secrets::new(secret),
        demo_host: false,
        work: Work::new(secret),
        judge: None,
        webhook_secrets: webhooks::Secrets::new(secret),
        courier: Courier::new(net, PATIENCE).unwrap(),
        wake: Wake::default(),
        live: Live::new(Pace::default()),
        public_url: "http://localhost:8080".to_owned(),
        behind_proxy: false,
    };
    State::new(shared, Pools::open(url, Limits { by_key: 4, search: 2, patience, search_patience: patience }))
}
