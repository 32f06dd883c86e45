//! Every code of the two closed lists is one that a client can meet.
//!
//! Invariant: a code that no request produces is not in the list, and the other way round.

use std::collections::BTreeSet;

use api_types::{
    api_keys::ApiScope,
    error::{ErrorCode, FieldCode},
    webhooks::WebhookView,
};
use reqwest::Method;
use serde_json::json;

use crate::support::{Actor, Answer, App, actors::PASSWORD, at, database::until};

#[tokio::test(flavor = "multi_thread")]
async fn every_error_code_is_met() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let (ticket, fresh) = (carl.opens("Hive", "Help").await, carl.opens("Fresh", "Help").await);
    ana.comments(&ticket, "Done").await;
    let taken = carl.comments(&ticket, "Thanks").await.id;
    carl.resolves(&ticket).await;
    let ask = json!({ "title": "Hive", "message": "Help" });
    carl.post_once("key", "/tickets", ask.clone()).await.is(201);
    let settled = format!("/answers/{}", app.draft(&fresh).await);
    ana.delete(&settled).await.is(204);
    let key = carl.makes_key("personal", &[ApiScope::ArticlesRead]).await;
    let mut answers: Vec<Answer> = vec![
        ana.delete(&settled).await,
        carl.send(Method::POST, "/tickets", |request| request.header("Content-Type", "application/json").body("{"))
            .await,
        app.visitor().get("/me").await,
        app.visitor().post("/auth/login", json!({ "email": "a@example.org", "password": "wrong" })).await,
        carl.get("/team").await,
        app.visitor().with_token(key.token).get("/tickets").await,
        carl.get("/nothing").await,
        carl.delete("/me").await,
        carl.call(&format!("{}/resolution", at(&ticket))).await,
        carl.call(&format!("{}/resolution", at(&fresh))).await,
        carl.post("/tickets", json!({ "title": "a", "message": "b", "follows": fresh.summary.id })).await,
        ana.put(&format!("{}/archive", at(&fresh)), json!(null)).await,
        carl.post(&format!("{}/comments", at(&fresh)), json!({ "id": taken, "message": "a" })).await,
        ana.post(&format!("{}/comments", at(&fresh)), json!({ "after": taken, "message": "a" })).await,
        root.patch(&format!("/admin/people/{}", root.id()), json!({ "disabled": true })).await,
        app.visitor().post("/auth/verify", json!({ "token": "x" })).await,
        carl.post("/tickets", json!({ "title": "a".repeat(300_000) })).await,
        carl.send(Method::POST, "/tickets", |request| request.body("{}")).await,
        carl.post("/tickets", json!({})).await,
        carl.post_once("key", "/tickets", json!({ "title": "Other", "message": "Help" })).await,
    ];
    ana.shows_article("Feed", "Sugar.").await;
    let article = json!({ "locale": "en", "title": "Feed", "body_markdown": "Honey." });
    answers.push(ana.post("/articles", article).await);
    answers.push(ana.put("/articles/feed/texts/en", json!({ "title": "Feed", "body_markdown": "Honey." })).await);
    let webhook: WebhookView = root.post("/webhooks", json!({ "url": "http://127.0.0.1:9/" })).await.is(201).ok();
    root.patch(&format!("/webhooks/{}", webhook.id), json!({ "enabled": false })).await.is(200);
    answers.push(root.call(&format!("/webhooks/{}/test", webhook.id)).await);
    for _ in 0..11 {
        answers.push(app.visitor().post("/auth/login", json!({ "email": "b@example.org", "password": "wrong" })).await);
    }
    let stale =
        |request: reqwest::RequestBuilder| request.header("If-Match", "\"old\"").json(&json!({ "name": "Carla" }));
    answers.push(carl.send(Method::PATCH, "/me", stale).await);
    answers.push(while_it_is_at_it(&app, &carl).await);
    app.run_jobs().await;
    // Two faults that no request can cause by itself.
    let database = app.database.connect().await;
    database.batch_execute("alter table tickets rename to gone").await.unwrap();
    let internal = carl.send_raw(Method::GET, "/api/v1/tickets", |request| request).await.is(500);
    for word in ["tickets", "relation", "select", "src/"] {
        assert!(!internal.text().to_lowercase().contains(word), "{}", internal.text());
    }
    answers.push(internal);
    database.batch_execute("alter table gone rename to tickets").await.unwrap();
    drop(database);
    app.database.forbid_connections(true).await;
    answers.push(carl.get("/tickets").await.is(503));
    app.database.forbid_connections(false).await;
    carl.get("/tickets").await.is(200);

    let met: BTreeSet<ErrorCode> = answers.iter().map(|answer| answer.problem().code).collect();
    let listed: BTreeSet<ErrorCode> = ErrorCode::ALL.iter().copied().collect();
    assert_eq!(met, listed);
}

/// What somebody is told who sends a request again before it is done.
async fn while_it_is_at_it(app: &App, carl: &Actor) -> Answer {
    let (database, mut lock) = (app.database.connect().await, app.database.connect().await);
    let locked = lock.transaction().await.unwrap();
    locked.batch_execute("lock table activity in exclusive mode").await.unwrap();
    let waits = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
    let ask = json!({ "title": "Hive", "message": "Help" });
    let (first, second) = tokio::join!(carl.post_once("twice", "/tickets", ask.clone()), async {
        until(&database, waits).await;
        let second = carl.post_once("twice", "/tickets", ask.clone()).await;
        locked.commit().await.unwrap();
        second
    });
    first.is(201);
    second
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_code_is_met() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = |title: &str| json!({ "title": title, "message": "Help" });
    let register =
        |email: &str, password: &str| json!({ "name": "Eve", "email": email, "password": password, "locale": "en" });
    let answers = [
        carl.post("/tickets", ticket("")).await,
        app.visitor().post("/auth/register", register("eve@example.org", "short")).await,
        carl.post("/tickets", ticket(&"a".repeat(201))).await,
        carl.post("/tickets", ticket("a\0b")).await,
        app.visitor().post("/auth/register", register("eve", "a long enough one")).await,
        app.visitor().post("/auth/register", register("eve@example.org", "password1234")).await,
        carl.patch("/me", json!({ "password": "a new long password", "current_password": format!("not {PASSWORD}") }))
            .await,
        carl.post("/tickets", json!({ "x": 1 })).await,
        carl.post("/tickets", json!({ "title": 1 })).await,
        carl.get("/tickets?limit=0").await,
    ];
    let met: BTreeSet<FieldCode> =
        answers.iter().flat_map(|answer| answer.refused(ErrorCode::Invalid).errors).map(|error| error.code).collect();
    let listed: BTreeSet<FieldCode> = FieldCode::ALL.iter().copied().collect();
    assert_eq!(met, listed);
}
