//! `Idempotency-Key`: a request that is sent again is carried out once.

use api_types::{comments::CommentView, error::ErrorCode, tickets::TicketView};
use serde_json::json;

use crate::support::{App, at};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_sent_again_is_opened_once() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let body = json!({ "title": "Hive", "message": "Help" });
    let first: TicketView = carl.post_once("key", "/tickets", body.clone()).await.is(201).ok();
    let again: TicketView = carl.post_once("key", "/tickets", body.clone()).await.is(201).ok();
    assert_eq!(first, again);
    let other = json!({ "title": "Hive", "message": "Help!" });
    carl.post_once("key", "/tickets", other).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    let others: TicketView = dora.post_once("key", "/tickets", body.clone()).await.is(201).ok();
    assert_ne!(others.summary.id, first.summary.id, "a key is its sender's");
    carl.post_once("another key", "/tickets", body).await.is(201);
    assert_eq!(carl.titles("").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_sent_twice_at_once_is_opened_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for round in 0..5 {
        let body = json!({ "title": format!("Hive {round}"), "message": "Help" });
        let key = format!("key {round}");
        let (left, right) =
            tokio::join!(carl.post_once(&key, "/tickets", body.clone()), carl.post_once(&key, "/tickets", body));
        let (left, right): (TicketView, TicketView) = (left.is(201).ok(), right.is(201).ok());
        assert_eq!(left, right);
    }
    assert_eq!(carl.titles("").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_is_sent_again_is_posted_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/comments", at(&ticket));
    let body = json!({ "message": "Hello?" });
    let first: CommentView = carl.post_once("key", &path, body.clone()).await.is(201).ok();
    let again: CommentView = carl.post_once("key", &path, body.clone()).await.is(201).ok();
    assert_eq!(first, again);
    carl.post_once("key", &path, json!({ "message": "Hello!" })).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    let elsewhere = carl.opens("Hive 2", "Help").await;
    let path2 = format!("{}/comments", at(&elsewhere));
    carl.post_once("key", &path2, body.clone()).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    let (left, right) = tokio::join!(carl.post_once("new", &path, body.clone()), carl.post_once("new", &path, body));
    let (left, right): (CommentView, CommentView) = (left.is(201).ok(), right.is(201).ok());
    assert_eq!(left, right);
    assert_eq!(carl.thread(&ticket).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_that_is_sent_again_is_made_once() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let other = carl.opens("Hive 2", "Help").await;
    for ticket in [&ticket, &other] {
        ana.comments(ticket, "Done").await;
    }
    let path = format!("{}/resolution", at(&ticket));
    let first: TicketView = carl.post_once("key", &path, json!(null)).await.is(201).ok();
    let again: TicketView = carl.post_once("key", &path, json!(null)).await.is(201).ok();
    assert_eq!(first, again);
    carl.post_once("other key", &path, json!(null)).await.is(409).refused(ErrorCode::AlreadyResolved);
    let path = format!("{}/resolution", at(&other));
    carl.post_once("key", &path, json!(null)).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    let (left, right) =
        tokio::join!(carl.post_once("new", &path, json!(null)), carl.post_once("new", &path, json!(null)));
    let (left, right): (TicketView, TicketView) = (left.is(201).ok(), right.is(201).ok());
    assert_eq!(left, right);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_leaves_its_key_free() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.post_once("key", "/tickets", json!({ "title": "", "message": "Help" })).await.is(422);
    carl.post_once("key", "/tickets", json!({ "title": "Hive", "message": "Help" })).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_must_be_a_short_word() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for key in ["", &"k".repeat(256)] {
        let answer = carl.post_once(key, "/tickets", json!({ "title": "Hive", "message": "Help" })).await;
        answer.is(400).refused(ErrorCode::Malformed);
    }
}
