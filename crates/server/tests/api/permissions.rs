//! THE permission table: who gets which status from which operation.
//!
//! Invariant: every operation of the document has a row, and every row an operation.

use std::collections::BTreeSet;

use api_types::{
    api_keys::{ApiKeyKind, ApiScope},
    articles::{CategoryId, CategoryView},
    attachments::AttachmentId,
    people::{PersonId, Role},
    tickets::{TicketId, TicketView},
    webhooks::{DeliveryId, DeliveryView, WebhookId, WebhookView},
};
use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Caller, actors::PASSWORD, contract, files::picture};

/// Who asks: nobody, the customer whose ticket it is, another customer, an agent, an admin, a key of the owner, and one
/// of the desk. Both keys have every scope that they can have.
const CALLERS: [&str; 7] = ["anonymous", "owner", "stranger", "agent", "admin", "owner's key", "desk's key"];

const TABLE: &[(&str, [u16; 7])] = &[
    ("get_health", [204, 204, 204, 204, 204, 204, 204]),
    ("register", [202, 202, 202, 202, 202, 403, 403]),
    ("verify", [410, 410, 410, 410, 410, 403, 403]),
    ("login", [401, 401, 401, 401, 401, 403, 403]),
    ("refresh", [401, 401, 401, 401, 401, 403, 403]),
    ("logout", [204, 204, 204, 204, 204, 403, 403]),
    ("forgot", [202, 202, 202, 202, 202, 403, 403]),
    ("reset", [410, 410, 410, 410, 410, 403, 403]),
    ("link", [202, 202, 202, 202, 202, 403, 403]),
    ("renew_link", [202, 202, 202, 202, 202, 403, 403]),
    ("sign_in_host_user", [401, 401, 401, 401, 401, 403, 403]),
    ("create_panel_secret", [401, 403, 403, 403, 201, 403, 403]),
    ("get_settings", [200, 200, 200, 200, 200, 200, 200]),
    ("get_challenge", [404, 404, 404, 404, 404, 404, 404]),
    ("get_all_settings", [401, 403, 403, 403, 200, 403, 200]),
    ("update_settings", [401, 403, 403, 403, 200, 403, 200]),
    ("create_logo", [401, 403, 403, 403, 201, 403, 201]),
    ("preview_sla", [401, 403, 403, 403, 200, 403, 200]),
    ("list_settings_changes", [401, 403, 403, 403, 200, 403, 200]),
    ("list_departments", [401, 403, 403, 403, 200, 403, 200]),
    ("create_department", [401, 403, 403, 403, 201, 403, 201]),
    ("get_department", [401, 403, 403, 403, 200, 403, 200]),
    ("update_department", [401, 403, 403, 403, 200, 403, 200]),
    ("list_fields", [401, 403, 403, 403, 200, 403, 200]),
    ("create_field", [401, 403, 403, 403, 201, 403, 201]),
    ("get_field", [401, 403, 403, 403, 200, 403, 200]),
    ("update_field", [401, 403, 403, 403, 200, 403, 200]),
    ("list_notifications", [401, 200, 200, 200, 200, 200, 200]),
    ("read_notifications", [401, 204, 204, 204, 204, 204, 204]),
    ("list_erasures", [401, 403, 403, 403, 200, 403, 200]),
    ("list_mails", [401, 403, 403, 403, 200, 403, 200]),
    ("resend_mail", [401, 403, 403, 403, 200, 403, 200]),
    ("get_me", [401, 200, 200, 200, 200, 200, 200]),
    ("update_me", [401, 200, 200, 200, 200, 403, 403]),
    ("change_address", [401, 202, 202, 202, 202, 403, 403]),
    ("list_api_keys", [401, 200, 200, 200, 200, 403, 403]),
    ("create_api_key", [401, 201, 201, 201, 201, 403, 403]),
    ("delete_api_key", [401, 204, 404, 404, 204, 403, 403]),
    ("create_ticket_on_behalf", [401, 403, 403, 403, 403, 403, 201]),
    ("create_comment_on_behalf", [401, 403, 403, 403, 403, 403, 201]),
    ("list_team", [401, 403, 403, 200, 200, 403, 200]),
    ("list_people", [401, 403, 403, 403, 200, 403, 200]),
    ("get_person", [401, 403, 403, 403, 200, 403, 200]),
    ("update_person", [401, 403, 403, 403, 200, 403, 200]),
    ("erase_person", [401, 403, 403, 403, 201, 403, 403]),
    ("export_me", [401, 202, 202, 202, 202, 403, 403]),
    ("get_my_export", [401, 200, 200, 200, 200, 403, 403]),
    ("export_person", [401, 403, 403, 403, 202, 403, 403]),
    ("get_person_export", [401, 403, 403, 403, 200, 403, 403]),
    ("export_tickets_csv", [401, 403, 403, 200, 200, 403, 200]),
    ("export_tickets_lines", [401, 403, 403, 200, 200, 403, 200]),
    ("create_csv_address", [401, 403, 403, 201, 201, 403, 403]),
    ("create_lines_address", [401, 403, 403, 201, 201, 403, 403]),
    ("preview_markdown", [401, 200, 200, 200, 200, 200, 200]),
    ("list_tickets", [401, 200, 200, 200, 200, 200, 200]),
    ("summarise_tickets", [401, 200, 200, 200, 200, 200, 200]),
    ("create_ticket", [401, 201, 201, 201, 201, 201, 201]),
    ("get_ticket", [401, 200, 404, 200, 200, 200, 200]),
    ("get_ticket_sla", [401, 200, 404, 200, 200, 200, 200]),
    ("delete_ticket", [401, 204, 404, 403, 403, 204, 403]),
    ("list_comments", [401, 200, 404, 200, 200, 200, 200]),
    ("create_comment", [401, 201, 404, 201, 201, 201, 201]),
    ("create_resolution", [401, 201, 404, 403, 403, 201, 403]),
    ("create_attachment", [401, 201, 201, 201, 201, 201, 201]),
    ("get_upload_limits", [401, 200, 200, 200, 200, 200, 200]),
    ("get_attachment", [401, 200, 404, 200, 200, 200, 200]),
    ("delete_attachment", [401, 204, 404, 404, 404, 204, 404]),
    ("open_live", [401, 200, 200, 200, 200, 200, 200]),
    ("attend_ticket", [401, 403, 403, 204, 204, 403, 204]),
    ("assign_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("prioritise_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("stage_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("move_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("set_ticket_fields", [401, 403, 403, 200, 200, 403, 200]),
    ("propose_resolution", [401, 403, 403, 200, 200, 403, 200]),
    ("rate_answer", [401, 204, 404, 403, 403, 204, 403]),
    ("want_person", [401, 200, 404, 403, 403, 200, 403]),
    ("assist_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("publish_answer", [401, 403, 403, 201, 201, 403, 201]),
    ("drop_answer", [401, 403, 403, 204, 204, 403, 204]),
    ("list_answers", [401, 403, 403, 403, 200, 403, 200]),
    ("archive_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("unarchive_ticket", [401, 403, 403, 200, 200, 403, 200]),
    ("list_articles", [200, 200, 200, 200, 200, 200, 200]),
    ("get_article", [200, 200, 200, 200, 200, 200, 200]),
    ("suggest_articles", [200, 200, 200, 200, 200, 200, 200]),
    ("get_synonyms", [401, 403, 403, 200, 200, 403, 200]),
    ("set_synonyms", [401, 403, 403, 200, 200, 403, 200]),
    ("list_categories", [200, 200, 200, 200, 200, 200, 200]),
    ("create_article", [401, 403, 403, 201, 201, 403, 201]),
    ("preview_article", [401, 403, 403, 200, 200, 403, 200]),
    ("update_article", [401, 403, 403, 200, 200, 403, 200]),
    ("delete_article", [401, 403, 403, 204, 204, 403, 204]),
    ("get_article_source", [401, 403, 403, 200, 200, 403, 200]),
    ("save_text", [401, 403, 403, 200, 200, 403, 200]),
    ("publish_text", [401, 403, 403, 200, 200, 403, 200]),
    ("take_back_text", [401, 403, 403, 200, 200, 403, 200]),
    ("list_revisions", [401, 403, 403, 200, 200, 403, 200]),
    ("create_category", [401, 403, 403, 201, 201, 403, 201]),
    ("get_category", [401, 403, 403, 200, 200, 403, 200]),
    ("update_category", [401, 403, 403, 200, 200, 403, 200]),
    ("delete_category", [401, 403, 403, 204, 204, 403, 204]),
    ("list_webhooks", [401, 403, 403, 403, 200, 403, 200]),
    ("create_webhook", [401, 403, 403, 403, 201, 403, 201]),
    ("get_webhook", [401, 403, 403, 403, 200, 403, 200]),
    ("update_webhook", [401, 403, 403, 403, 200, 403, 200]),
    ("delete_webhook", [401, 403, 403, 403, 204, 403, 204]),
    ("renew_webhook_secret", [401, 403, 403, 403, 201, 403, 201]),
    ("test_webhook", [401, 403, 403, 403, 201, 403, 201]),
    ("list_deliveries", [401, 403, 403, 403, 200, 403, 200]),
    ("redeliver", [401, 403, 403, 403, 200, 403, 200]),
];

/// A body that the operation accepts.
fn body(operation: &str, agent: &Actor) -> Option<Value> {
    Some(match operation {
        "register" => {
            json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": "en" })
        }
        "login" => json!({ "email": "nobody@example.org", "password": "wrong" }),
        "verify" | "renew_link" | "sign_in_host_user" => json!({ "token": "wrong" }),
        "read_notifications" => json!({ "all": true }),
        "reset" => json!({ "token": "wrong", "password": "a long enough one" }),
        "forgot" | "link" => json!({ "email": "nobody@example.org" }),
        "change_address" => json!({ "email": "elsewhere@example.org", "current_password": PASSWORD }),
        "erase_person" => json!({ "reason": "They asked for it" }),
        "update_me" => json!({ "locale": "fr" }),
        "update_person" | "update_settings" | "preview_sla" | "update_department" | "update_field"
        | "update_webhook" => json!({}),
        "create_department" => json!({ "name_en": "New", "name_fr": "Nouveau" }),
        "create_field" => json!({ "key": "new", "kind": "text", "label_en": "New", "label_fr": "Nouveau" }),
        "create_webhook" => json!({ "url": "http://127.0.0.1:9/" }),
        "move_ticket" => json!({ "department_id": null }),
        "set_ticket_fields" => json!({ "custom_fields": {} }),
        "preview_markdown" | "create_comment" => json!({ "message": "Hello" }),
        "create_ticket" => json!({ "title": "Hive", "message": "Help" }),
        "assign_ticket" => json!({ "person_id": agent.id() }),
        "create_api_key" => json!({ "name": "Mine", "kind": "personal", "scopes": ["tickets:read"] }),
        "create_ticket_on_behalf" => json!({
            "customer": { "email": "fern@example.org", "name": "Fern" },
            "ticket": { "title": "Hive", "message": "Help" },
        }),
        "create_comment_on_behalf" => json!({ "author": { "id": agent.id() }, "comment": { "message": "Hello" } }),
        "prioritise_ticket" => json!({ "priority": "low" }),
        "attend_ticket" => json!({ "attention": "viewing" }),
        "rate_answer" => json!({ "helpful": true }),
        "assist_ticket" => json!({ "mode": "draft", "muted": false }),
        "publish_answer" => json!({}),
        "stage_ticket" => json!({ "stage": "working" }),
        "create_article" => {
            json!({ "slug": format!("new-{}", PersonId::new()), "locale": "en", "title": "New", "body_markdown": "Text" })
        }
        "set_synonyms" => json!({ "groups": [["bee", "insect"]] }),
        "preview_article" => json!({ "body_markdown": "Text" }),
        "update_article" | "update_category" => json!({ "position": 1 }),
        "save_text" => json!({ "title": "Target", "body_markdown": "Text" }),
        "create_category" => json!({ "slug": format!("new-{}", PersonId::new()), "name_en": "New", "name_fr": "New" }),
        _ => return None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_each_caller_as_the_table_says() {
    let documented: BTreeSet<_> = contract::all().iter().map(|operation| operation.id.as_str()).collect();
    let listed: BTreeSet<_> = TABLE.iter().map(|(operation, _)| *operation).collect();
    assert_eq!(listed, documented);
    assert_eq!(listed.len(), TABLE.len(), "one row each");

    let app = App::start().await;
    let (owner, stranger) = (app.customer("owner").await, app.customer("stranger").await);
    let (agent, admin) = (app.agent("agent").await, app.admin("admin").await);
    let scopes =
        |kind, role| ApiScope::ALL.iter().copied().filter(|scope| scope.is_for(kind, role)).collect::<Vec<_>>();
    let own = owner.makes_key("personal", &scopes(ApiKeyKind::Personal, Role::Customer)).await;
    let desks = admin.makes_key("desk", &scopes(ApiKeyKind::Desk, Role::Admin)).await;
    let callers = [
        app.visitor(),
        owner.caller.clone(),
        stranger.caller.clone(),
        agent.caller.clone(),
        admin.caller.clone(),
        app.visitor().with_token(own.token),
        app.visitor().with_token(desks.token),
    ];
    // Somebody who is nobody's caller, so that changing them signs nobody out.
    let bystander = app.customer("bystander").await;
    let mut surprises = Vec::new();
    for (id, expected) in TABLE {
        let operation = contract::all().iter().find(|operation| operation.id == *id).unwrap();
        for (place, caller) in callers.iter().enumerate() {
            let ticket = ready_ticket(&owner, &agent, id).await;
            let mut target = match *id {
                "get_person" | "update_person" | "export_person" | "get_person_export" => bystander.id().to_string(),
                // Each time somebody else, because nobody can be erased twice.
                "erase_person" => app.customer(&format!("leaving-{place}")).await.id().to_string(),
                // The mail that says that the ticket is open has its id.
                "resend_mail" => {
                    app.run_jobs().await;
                    ticket.summary.id.to_string()
                }
                "get_attachment" => file_on_a_ticket(&owner).await.to_string(),
                "rate_answer" => app.ai_comment(&ticket).await.to_string(),
                "publish_answer" | "drop_answer" => app.draft(&ticket).await.to_string(),
                "delete_attachment" => owner.uploads("pending.txt", b"text").await.id.to_string(),
                "delete_api_key" => owner.makes_key("personal", &[ApiScope::TicketsRead]).await.key.id.to_string(),
                "get_department" | "update_department" => admin.founds("Target", &[]).await.id.to_string(),
                "get_field" | "update_field" => admin.asks_for("target", "text", json!({})).await.id.to_string(),
                "get_category" | "update_category" | "delete_category" => category(&agent).await.to_string(),
                _ => ticket.summary.id.to_string(),
            };
            let mut delivery = String::new();
            if operation.path.contains("/webhooks/{id}") {
                let (webhook, test) = told(&admin).await;
                (target, delivery) = (webhook.to_string(), test.to_string());
            }
            let mut path =
                operation.path.replace("{id}", &target).replace("{locale}", "en").replace("{delivery_id}", &delivery);
            if *id == "suggest_articles" {
                path.push_str("?text=my+bees+are+gone");
            }
            if path.contains("{slug}") {
                agent.shows_article("Target", "Text").await;
                path = path.replace("{slug}", "target");
            }
            let answer = match *id {
                "create_logo" => caller.upload_to("/admin/logos", "bee.png", picture(9, 9, ImageFormat::Png)).await,
                "create_attachment" => caller.upload("hive.txt", b"text".to_vec()).await,
                "open_live" => caller.knocks(None).await.0,
                _ => ask(caller, &operation.method, &path, body(id, &agent)).await,
            };
            if answer.status != expected[place] {
                surprises.push(format!("{id} by {}: {} instead of {}", CALLERS[place], answer.status, expected[place]));
            }
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

async fn file_on_a_ticket(owner: &Actor) -> AttachmentId {
    let file = owner.uploads("hive.txt", b"text").await.id;
    owner.opens_with("Hive", "Help", &[file]).await;
    file
}

/// A webhook that is told something.
async fn told(admin: &Actor) -> (WebhookId, DeliveryId) {
    let webhook = admin.post("/webhooks", json!({ "url": "http://127.0.0.1:9/" })).await.is(201).ok::<WebhookView>().id;
    let test = admin.call(&format!("/webhooks/{webhook}/test")).await.is(201).ok::<DeliveryView>().id;
    (webhook, test)
}

async fn category(agent: &Actor) -> CategoryId {
    let new = json!({ "slug": format!("target-{}", PersonId::new()), "name_en": "Target", "name_fr": "Target" });
    agent.post("/categories", new).await.is(201).ok::<CategoryView>().id
}

/// A ticket in a state in which the operation is possible.
async fn ready_ticket(owner: &Actor, agent: &Actor, operation: &str) -> TicketView {
    let ticket = owner.opens("Hive", "Help").await;
    if matches!(operation, "create_resolution" | "propose_resolution" | "archive_ticket" | "unarchive_ticket") {
        agent.comments(&ticket, "Done").await;
    }
    if matches!(operation, "archive_ticket" | "unarchive_ticket") {
        owner.resolves(&ticket).await;
    }
    ticket
}

async fn ask(caller: &Caller, method: &Method, path: &str, body: Option<Value>) -> Answer {
    let path = path.strip_prefix("/api/v1").expect("the document's paths are whole");
    caller
        .send(method.clone(), path, |request| match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_looks_like_what_is_not_there() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let ana = app.agent("ana").await;
    let hidden = carl.opens("Hive", "Help").await.summary.id;
    let absent = TicketId::new();
    for operation in contract::all().iter().filter(|operation| operation.path.contains("/tickets/{id}")) {
        let mut bodies = Vec::new();
        for id in [hidden, absent] {
            let path = operation.path.replace("{id}", &id.to_string());
            let answer = ask(&dora, &operation.method, &path, body(&operation.id, &ana)).await;
            let mut problem = answer.problem();
            problem.request_id.clear();
            bodies.push((answer.status, problem));
        }
        assert_eq!(bodies[0], bodies[1], "{}", operation.id);
    }
    let file = file_on_a_ticket(&carl).await;
    for method in [Method::GET, Method::DELETE] {
        let problems = [file, AttachmentId::new()].map(async |id| {
            let mut problem = ask(&dora, &method, &format!("/api/v1/attachments/{id}"), None).await.problem();
            problem.request_id.clear();
            problem
        });
        let [hidden, absent] = problems;
        assert_eq!(hidden.await, absent.await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_without_a_real_id_is_simply_not_there() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let root = app.admin("root").await;
    for id in ["0", "x", "%00", "..%2Fme", "00000000-0000-0000-0000-00000000000g", "%F0%9F%90%9D", "%FF"] {
        for path in [format!("/tickets/{id}"), format!("/tickets/{id}/comments"), format!("/attachments/{id}")] {
            carl.get(&path).await.is(404);
        }
        root.patch(&format!("/admin/people/{id}"), json!({})).await.is(404);
    }
}
