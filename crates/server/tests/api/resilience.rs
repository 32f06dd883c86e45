//! What happens when somebody leaves in the middle: a client, or Postgres.
//!
//! Invariant: what was acknowledged is there, and what was written is whole.

use api_types::comments::CommentId;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{Answer, App, at, database::until};

const WAITING: &str = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
const WORKING: &str = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and state <> 'idle')";

/// Posts over a connection that is closed without waiting for the answer.
async fn post_and_leave(app: &App, token: &str, path: &str, body: &str, database: &tokio_postgres::Client) {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let request = format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    until(database, WAITING).await;
    // Closing with a reset, as a client that is killed would.
    stream.set_zero_linger().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_whole_though_its_client_went_away() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "Done").await;
    carl.get("/me").await.is(200);
    let token = carl.token.as_deref().unwrap();
    let (database, mut lock) = (app.database.connect().await, app.database.connect().await);
    for (path, body) in [
        ("/tickets".to_owned(), r#"{"title":"Second","message":"Help"}"#),
        (format!("{}/comments", at(&ticket)), r#"{"message":"Thanks"}"#),
        (format!("{}/resolution", at(&ticket)), ""),
    ] {
        let transaction = lock.transaction().await.unwrap();
        transaction.batch_execute("lock table activity in exclusive mode").await.unwrap();
        post_and_leave(&app, token, &path, body, &database).await;
        transaction.commit().await.unwrap();
        until(&database, &format!("not {WORKING}")).await;
    }
    assert_eq!(carl.titles("").await.len(), 2);
    let thread = carl.thread(&ticket).await;
    assert_eq!(thread.len(), 3);
    assert!(carl.sees(&ticket).await.resolved_at.is_some());
    let whole = database
        .query_one(
            "select (select count(*) from activity) = 5 and (select count(*) from jobs where kind = 'react') = 5
                 and (select count(*) from comments) = 4",
            &[],
        )
        .await
        .unwrap();
    assert!(whole.get::<_, bool>(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_postgres_closed_are_replaced() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    let comments = format!("{}/comments", at(&ticket));
    for round in 0..4 {
        // Several connections at once, so that the pool holds several.
        let mut reads = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let caller = carl.caller.clone();
            reads.spawn(async move { caller.get("/tickets").await.is(200) });
        }
        reads.join_all().await;
        assert!(app.database.end_connections().await > 0);
        let ask = async || match round {
            0 => carl.get("/tickets").await,
            1 => carl.get(&at(&ticket)).await,
            2 => carl.post(&comments, json!({ "message": "Hello" })).await,
            _ => carl.get("/tickets?q=hive").await,
        };
        let first = ask().await;
        assert!(first.status < 300 || first.status == 503, "{}: {}", first.status, first.text());
        if first.status == 503 {
            let second = ask().await;
            assert!(second.status < 300, "{}: {}", second.status, second.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_comment_is_lost_when_connections_break() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/comments", at(&ticket));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (caller, path) = (carl.caller.clone(), path.clone());
        writers.spawn(async move {
            let mut broken = 0;
            for number in 0..10 {
                let body = json!({ "id": CommentId::new(), "message": format!("{writer} {number}") });
                // As a client does: the same again until it is acknowledged.
                loop {
                    let answer: Answer = caller.post(&path, body.clone()).await;
                    match answer.status {
                        201 => break,
                        503 => broken += 1,
                        other => panic!("{other}: {}", answer.text()),
                    }
                    assert!(broken < 200, "it never recovers");
                }
            }
        });
    }
    for _ in 0..5 {
        app.database.end_connections().await;
        // A few comments later, again.
        for _ in 0..3 {
            carl.get(&path).await;
        }
    }
    writers.join_all().await;
    let mut said: Vec<_> = carl.thread(&ticket).await.into_iter().map(|comment| comment.body_markdown).collect();
    said.sort();
    let mut expected: Vec<_> =
        (0..8).flat_map(|writer| (0..10).map(move |number| format!("{writer} {number}"))).collect();
    expected.push("Help".to_owned());
    expected.sort();
    assert_eq!(said, expected, "each is there, and once");
}
