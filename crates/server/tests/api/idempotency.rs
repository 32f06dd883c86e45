//! `Idempotency-Key`: a request that is sent again is carried out once.

use api_types::{
    api_keys::{ApiScope, MadeApiKey},
    comments::CommentView,
    error::ErrorCode,
    tickets::TicketView,
    webhooks::WebhookView,
};
use image::ImageFormat;
use jiff::SignedDuration;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Debug};

use crate::support::{Answer, App, at, contract, database::until, files::picture};

/// Each of the two made it, or was told that the other is at it.
pub fn one_did_it<T: DeserializeOwned + PartialEq + Debug>(answers: [Answer; 2], made: &T) {
    let (done, waiting): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert!(!done.is_empty());
    for answer in done {
        assert_eq!(&answer.ok::<T>(), made);
    }
    for answer in waiting {
        assert_eq!(answer.header("retry-after"), "1");
        answer.is(409).refused(ErrorCode::RequestUnderWay);
    }
}

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
        let (left, right) = tokio::join!(
            carl.post_once(&key, "/tickets", body.clone()),
            carl.post_once(&key, "/tickets", body.clone())
        );
        let again: TicketView = carl.post_once(&key, "/tickets", body).await.is(201).ok();
        one_did_it([left, right], &again);
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
    let (left, right) =
        tokio::join!(carl.post_once("new", &path, body.clone()), carl.post_once("new", &path, body.clone()));
    let again: CommentView = carl.post_once("new", &path, body).await.is(201).ok();
    one_did_it([left, right], &again);
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
    let again: TicketView = carl.post_once("new", &path, json!(null)).await.is(201).ok();
    one_did_it([left, right], &again);
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

#[tokio::test(flavor = "multi_thread")]
async fn while_a_request_is_carried_out_its_key_is_taken() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let body = json!({ "title": "Hive", "message": "Help" });
    let (database, mut lock) = (app.database.connect().await, app.database.connect().await);
    let locked = lock.transaction().await.unwrap();
    locked.batch_execute("lock table activity in exclusive mode").await.unwrap();
    let waits = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
    let (first, ()) = tokio::join!(carl.post_once("key", "/tickets", body.clone()), async {
        until(&database, waits).await;
        let again = carl.post_once("key", "/tickets", body.clone()).await;
        again.is(409).refused(ErrorCode::RequestUnderWay);
        locked.commit().await.unwrap();
    });
    let first: TicketView = first.is(201).ok();
    assert_eq!(carl.post_once("key", "/tickets", body.clone()).await.is(201).ok::<TicketView>(), first);
    // A key is its sender's.
    assert_ne!(dora.post_once("key", "/tickets", body).await.is(201).ok::<TicketView>(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_taken_in_every_process() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let (open, done) = (carl.opens("Hive", "Help").await, carl.opens("Hive 2", "Help").await);
    ana.comments(&done, "Done").await;
    let file = carl.uploads("hive.txt", b"text").await.id;
    let elsewhere = app.second_process();
    let (database, mut lock) = (app.database.connect().await, app.database.connect().await);
    let waits = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
    // A new ticket refers to its creator.
    let (people, tickets) = ("select from people for update", "select from tickets for update");
    let categories = "lock table article_categories in share mode";
    for (who, path, body, hold) in [
        (
            &carl,
            "/tickets".to_owned(),
            json!({ "title": "Hive 3", "message": "Help", "attachment_ids": [file] }),
            people,
        ),
        (&carl, format!("{}/comments", at(&open)), json!({ "message": "Hello?" }), tickets),
        (&carl, format!("{}/resolution", at(&done)), json!(null), tickets),
        (&root, "/categories".to_owned(), json!({ "name_en": "Bees", "name_fr": "Abeilles" }), categories),
    ] {
        let there = elsewhere.visitor().with_token(who.token.clone().unwrap());
        let locked = lock.transaction().await.unwrap();
        locked.batch_execute(hold).await.unwrap();
        let (first, ()) = tokio::join!(who.post_once(&path, &path, body.clone()), async {
            until(&database, waits).await;
            let again = there.post_once(&path, &path, body.clone()).await;
            assert_eq!(again.header("retry-after"), "1", "{path}");
            again.is(409).refused(ErrorCode::RequestUnderWay);
            locked.commit().await.unwrap();
        });
        let first: Value = first.is(201).ok();
        let again: Value = there.post_once(&path, &path, body).await.is(201).ok();
        assert_eq!(first["id"], again["id"], "{path}");
    }
    assert_eq!(carl.titles("").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_of_one_person_do_not_share_their_keys() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let mut made = BTreeSet::new();
    for (round, title) in ["Hive", "Hive", "Wax"].into_iter().enumerate() {
        let program = app.visitor().with_token(root.makes_key("desk", &[ApiScope::TicketsWrite]).await.token);
        let body = json!({ "title": title, "message": "Help" });
        let first: TicketView = program.post_once("order-1", "/tickets", body.clone()).await.is(201).ok();
        let again: TicketView = program.post_once("order-1", "/tickets", body).await.is(201).ok();
        assert_eq!(first.summary.id, again.summary.id, "{round}");
        made.insert(first.summary.id);
    }
    assert_eq!(made.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_created_is_created_once() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let draft = app.draft(&carl.opens("Hive", "Help").await).await;
    let new = json!({ "url": "http://127.0.0.1:9/", "events": ["ticket.deleted"] });
    let webhook = root.post("/webhooks", new).await.is(201).ok::<WebhookView>().id;
    let bodies = [
        ("/admin/departments".to_owned(), json!({ "name_en": "Bills", "name_fr": "Factures", "people": [] })),
        ("/admin/fields".to_owned(), json!({ "key": "hive", "kind": "text", "label_en": "Hive", "label_fr": "Ruche" })),
        ("/articles".to_owned(), json!({ "locale": "en", "title": "Feed", "body_markdown": "Sugar." })),
        ("/categories".to_owned(), json!({ "name_en": "Bees", "name_fr": "Abeilles" })),
        (format!("/answers/{draft}/publication"), json!({ "message": "In other words." })),
        ("/admin/panel/secret".to_owned(), json!(null)),
        ("/webhooks".to_owned(), json!({ "url": "http://127.0.0.1:9/", "events": ["ticket.created"] })),
        ("/api-keys".to_owned(), json!({ "name": "Robot", "kind": "desk", "scopes": ["tickets:read"] })),
        (format!("/webhooks/{webhook}/test"), json!(null)),
        (format!("/webhooks/{webhook}/secret"), json!(null)),
    ];
    // The others have a test of their own.
    let mut tried = BTreeSet::from([
        "create_attachment",
        "create_comment",
        "create_comment_on_behalf",
        "create_logo",
        "create_resolution",
        "create_ticket",
        "create_ticket_on_behalf",
        "erase_person",
    ]);
    let ids = bodies.iter().filter_map(|(path, _)| contract::find(&Method::POST, &format!("/api/v1{path}")));
    tried.extend(ids.map(|operation| operation.id.as_str()));
    assert_eq!(tried, contract::with_header("Idempotency-Key"));
    for (path, body) in &bodies {
        let key = path.replace('/', "-");
        let first = root.post_once(&key, path, body.clone()).await.is(201);
        assert_eq!(root.post_once(&key, path, body.clone()).await.is(201).text(), first.text(), "{path}");
        let other = json!({ "name_en": "Other", "name_fr": "Autre" });
        root.post_once(&key, "/categories", other).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    }
    let logo = async |key: &'static str, side: u32| {
        let part = Part::bytes(picture(side, side, ImageFormat::Png)).file_name("logo.png");
        let form = Form::new().part("file", part);
        root.send(Method::POST, "/admin/logos", |request| request.header("Idempotency-Key", key).multipart(form)).await
    };
    let first = logo("logo", 8).await.is(201);
    assert_eq!(logo("logo", 8).await.is(201).text(), first.text());
    logo("logo", 9).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    let made = app.database.connect().await;
    let key = json!({ "name": "Another", "kind": "personal", "scopes": ["tickets:read"] });
    let token = root.post_once("secret", "/api-keys", key).await.is(201).ok::<MadeApiKey>().token;
    let kept = "select count(*) from kept_answers where position($1 in answer::text) > 0";
    assert_eq!(made.query_one(kept, &[&token]).await.unwrap().get::<_, i64>(0), 0, "a secret is kept nowhere");
    assert_eq!(app.visitor().with_token(token).get("/tickets").await.status, 200);
    let counts = "select (select count(*) from departments), (select count(*) from articles), (select count(*) from article_categories), (select count(*) from logos)";
    let row = made.query_one(counts, &[]).await.unwrap();
    assert_eq!((0..4).map(|at| row.get::<_, i64>(at)).collect::<Vec<_>>(), [1, 1, 1, 1]);

    // A refused request leaves its key free, and a day later nobody sends it again.
    root.post_once("refused", "/categories", json!({ "name_en": "", "name_fr": "" })).await.is(422);
    root.post_once("refused", "/categories", json!({ "name_en": "Wax", "name_fr": "Cire" })).await.is(201);
    app.advance(SignedDuration::from_hours(25));
    server::once::sweep(&mut app.state.db().await.unwrap(), app.now()).await.unwrap();
    let left: Value = json!(made.query_one("select count(*) from kept_answers", &[]).await.unwrap().get::<_, i64>(0));
    assert_eq!(left, 0);
}
