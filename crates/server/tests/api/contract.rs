//! The document itself: complete, consistent, and served.

use std::collections::BTreeSet;

use api_types::{
    error::{ErrorCode, FieldCode},
    webhooks::WebhookEvent,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, contract};

#[tokio::test(flavor = "multi_thread")]
async fn the_served_document_is_the_one_made_from_the_routes() {
    let app = App::start().await;
    let answer = app.visitor().send_raw(Method::GET, "/api/v1/openapi.json", |request| request).await.is(200);
    let served: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(served, *contract::DOCUMENT);
}

#[test]
fn every_operation_says_what_it_takes_and_what_it_refuses() {
    for operation in contract::all() {
        let definition = &operation.definition;
        let id = &operation.id;
        assert!(operation.path.starts_with("/api/v1/"), "{id}");
        assert!(definition["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{id} has no summary");
        assert!(definition["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{id} has no tag");
        let public = [
            "register",
            "verify",
            "login",
            "refresh",
            "logout",
            "forgot",
            "reset",
            "link",
            "get_health",
            "get_settings",
            "get_challenge",
            "renew_link",
            "suggest_articles",
            "sign_in_host_user",
        ];
        assert_eq!(definition["security"] == json!([]), public.contains(&id.as_str()), "{id}");
        let bodiless = [
            "refresh",
            "logout",
            "create_resolution",
            "propose_resolution",
            "want_person",
            "archive_ticket",
            "publish_text",
            "resend_mail",
            "create_panel_secret",
            "renew_webhook_secret",
            "test_webhook",
            "redeliver",
            "create_csv_address",
            "export_me",
            "export_person",
            "create_lines_address",
        ];
        let takes_body =
            [Method::POST, Method::PUT, Method::PATCH].contains(&operation.method) && !bodiless.contains(&id.as_str());
        assert_eq!(definition.get("requestBody").is_some(), takes_body, "{id}");
        for name in operation.path.split('/').filter(|part| part.starts_with('{')) {
            let parameters = definition["parameters"].as_array().unwrap_or_else(|| panic!("{id} names no parameters"));
            assert!(
                parameters
                    .iter()
                    .any(|known| known["in"] == "path" && format!("{{{}}}", known["name"].as_str().unwrap()) == name),
                "{id}"
            );
        }
    }
    let ids: BTreeSet<_> = contract::all().iter().map(|operation| &operation.id).collect();
    assert_eq!(ids.len(), contract::all().len(), "operation ids are unique");
}

#[test]
fn every_part_is_described() {
    let described = |value: &Value| value["description"].as_str().is_some_and(|words| !words.trim().is_empty());
    let tags = contract::DOCUMENT["tags"].as_array().unwrap();
    assert!(tags.iter().all(described));
    for operation in contract::all() {
        let (id, definition) = (&operation.id, &operation.definition);
        assert!(described(definition), "{id}");
        assert!(definition.get("x-error-codes").is_none(), "{id} lists a code that is none");
        assert!(tags.iter().any(|tag| tag["name"] == definition["tags"][0]), "{id} has a tag without words");
        for parameter in definition["parameters"].as_array().into_iter().flatten() {
            assert!(described(parameter), "{id}: {}", parameter["name"]);
        }
        for (status, response) in definition["responses"].as_object().unwrap() {
            assert!(described(contract::follow(response)), "{id}: {status}");
        }
    }
}

#[test]
fn every_body_has_an_example_that_keeps_its_schema() {
    for operation in contract::all() {
        let (id, definition) = (&operation.id, &operation.definition);
        let answers = definition["responses"].as_object().unwrap().iter();
        let bodies = answers.map(|(status, response)| (status.as_str(), &contract::follow(response)["content"]));
        for (what, content) in bodies.chain([("request", &definition["requestBody"]["content"])]) {
            for (media, content) in
                content.as_object().into_iter().flatten().filter(|(media, _)| media.ends_with("json"))
            {
                let examples =
                    content["examples"].as_object().unwrap_or_else(|| panic!("{id}: {what} as {media} has none"));
                for (name, example) in examples {
                    let value = &contract::follow(example)["value"];
                    contract::check_example(&format!("{id}: {what} {name}"), &content["schema"], value);
                }
            }
        }
    }
}

#[test]
fn every_event_is_a_webhook_with_an_example() {
    for event in WebhookEvent::ALL {
        let told = &contract::DOCUMENT["webhooks"][event.as_str()]["post"];
        let content = &told["requestBody"]["content"]["application/json"];
        let (_, example) = content["examples"].as_object().and_then(|all| all.iter().next()).expect("an example");
        contract::check_example(event.as_str(), &content["schema"], &contract::follow(example)["value"]);
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    references(&contract::DOCUMENT, &mut found);
    assert!(found.len() > 30, "the document has references");
    for reference in found {
        assert!(contract::DOCUMENT.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn codes_are_documented_by_their_words() {
    let words = |name: &str| contract::DOCUMENT["components"]["schemas"][name]["enum"].clone();
    assert_eq!(words("ErrorCode"), json!(ErrorCode::ALL));
    assert_eq!(words("FieldCode"), json!(FieldCode::ALL));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_can_be_read_in_the_browser() {
    let app = App::start().await;
    let page = app.visitor().send_raw(Method::GET, "/docs/", |request| request).await.is(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let start = app.visitor().send_raw(Method::GET, "/docs/swagger-initializer.js", |request| request).await.is(200);
    assert!(start.text().contains("/api/v1/openapi.json"));
    for text in [page.text(), start.text()] {
        assert!(!text.contains("https://unpkg") && !text.contains("https://cdn"), "everything comes from here");
    }
}
