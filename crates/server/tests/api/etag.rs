//! `ETag` and `If-Match`: nobody writes over what they have not seen.

use std::collections::BTreeSet;

use api_types::error::ErrorCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, contract};

async fn change(who: &Actor, path: &str, read: &str, body: &Value) -> Answer {
    who.send(Method::PATCH, path, |request| request.header("If-Match", read).json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_since_it_was_read_is_not_changed() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let department = root.founds("Billing", &[]).await.id;
    let field = root.asks_for("hive", "text", json!({})).await.id;
    let category = json!({ "name_en": "Bees", "name_fr": "Abeilles" });
    let category: Value = root.post("/categories", category).await.is(201).ok();
    root.shows_article("Feed", "Sugar.").await;
    let webhook: Value = root.post("/webhooks", json!({ "url": "http://127.0.0.1:9/" })).await.is(201).ok();
    let webhook = webhook["id"].as_str().unwrap();
    let mut tried = BTreeSet::new();
    for (reads, changes, first, second) in [
        ("/me".to_owned(), "/me".to_owned(), json!({ "name": "Ruth" }), json!({ "locale": "fr" })),
        (
            format!("/admin/people/{}", carl.id()),
            format!("/admin/people/{}", carl.id()),
            json!({ "role": "agent" }),
            json!({ "role": "admin" }),
        ),
        (
            "/admin/settings".to_owned(),
            "/admin/settings".to_owned(),
            json!({ "archiving": { "after_days": 30 } }),
            json!({ "archiving": { "after_days": 60 } }),
        ),
        (
            format!("/admin/departments/{department}"),
            format!("/admin/departments/{department}"),
            json!({ "name_en": "Bills" }),
            json!({ "name_fr": "Factures" }),
        ),
        (
            format!("/admin/fields/{field}"),
            format!("/admin/fields/{field}"),
            json!({ "label_en": "Colony" }),
            json!({ "label_fr": "Colonie" }),
        ),
        (
            format!("/categories/{}", category["id"].as_str().unwrap()),
            format!("/categories/{}", category["id"].as_str().unwrap()),
            json!({ "name_en": "Colonies" }),
            json!({ "name_fr": "Colonies" }),
        ),
        (
            format!("/webhooks/{webhook}"),
            format!("/webhooks/{webhook}"),
            json!({ "description": "For the bees" }),
            json!({ "enabled": false }),
        ),
        (
            "/articles/feed/source".to_owned(),
            "/articles/feed".to_owned(),
            json!({ "position": 7 }),
            json!({ "position": 8 }),
        ),
    ] {
        tried.extend(
            contract::find(&Method::PATCH, &format!("/api/v1{changes}")).map(|operation| operation.id.as_str()),
        );
        let read = root.get(&reads).await.is(200).header("etag").to_owned();
        assert_eq!(root.get(&reads).await.header("etag"), read, "{reads}");
        let changed = change(&root, &changes, &read, &first).await.is(200);
        assert_ne!(changed.header("etag"), read, "{changes}");
        let before = root.get(&reads).await;
        assert_eq!(before.header("etag"), changed.header("etag"), "{reads}");
        // Whoever read the older one is told so, and nothing is changed.
        change(&root, &changes, &read, &second).await.is(412).refused(ErrorCode::Changed);
        change(&root, &changes, &format!("W/{}", changed.header("etag")), &second).await.is(412);
        assert_eq!(root.get(&reads).await.text(), before.text(), "{changes}");
        // One of several, whatever there is, and nothing said are all good.
        let several = format!("\"other\", {}", changed.header("etag"));
        change(&root, &changes, &several, &second).await.is(200);
        change(&root, &changes, "*", &first).await.is(200);
        root.patch(&changes, second).await.is(200);
    }
    assert_eq!(tried, contract::with_header("If-Match"));
    change(&root, "/me", "not in quotes", &json!({ "name": "Eve" })).await.is(412);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_have_read_the_same_one_changes_it() {
    let app = App::start().await;
    let root = app.admin("root").await;
    for round in 0..5 {
        let read = root.get("/admin/settings").await.header("etag").to_owned();
        let (left, right) = (
            json!({ "archiving": { "after_days": 30 + round } }),
            json!({ "archiving": { "after_days": 90 + round } }),
        );
        let (left, right) = tokio::join!(
            change(&root, "/admin/settings", &read, &left),
            change(&root, "/admin/settings", &read, &right)
        );
        let mut met = [left.status, right.status];
        met.sort_unstable();
        assert_eq!(met, [200, 412]);
    }
}
