//! The calls of this room.

use api_types::{
    comments::MarkdownPreview, page::Page, people::PersonRef, settings::SettingsChangeView, sla::SlaPreview,
};
use serde_json::{Value, json};
use web_sys::File;

use crate::{
    api::{Failure, Sending, act, get, patch, post, upload},
    paths::with_query,
};

type Answer<T> = Result<T, Failure>;

pub async fn all() -> Answer<Value> {
    get("/admin/settings".to_owned()).await
}

pub async fn change(topic: &str, value: Value) -> Answer<Value> {
    patch("/admin/settings".to_owned(), &json!({ topic: value })).await
}

/// What everybody may know.
pub async fn public() -> Answer<Value> {
    get("/settings".to_owned()).await
}

pub async fn history(after: &str) -> Answer<Page<SettingsChangeView>> {
    get(with_query("/admin/settings/changes", &[("after", after)])).await
}

pub async fn things(path: &'static str) -> Answer<Vec<Value>> {
    let answer: Value = get(path.to_owned()).await?;
    Ok(answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
}

pub async fn add_thing(path: &'static str, new: Value) -> Answer<Value> {
    post(path.to_owned(), &new).await
}

pub async fn change_thing(path: &'static str, id: String, change: Value) -> Answer<Value> {
    patch(format!("{path}/{id}"), &change).await
}

pub async fn team() -> Answer<Vec<PersonRef>> {
    let page: Page<PersonRef> = get("/team".to_owned()).await?;
    Ok(page.items)
}

pub async fn rendered(markdown: String) -> Answer<String> {
    let answer: MarkdownPreview = post("/markdown/preview".to_owned(), &json!({ "message": markdown })).await?;
    Ok(answer.body_html)
}

pub async fn preview_sla(sla: Value) -> Answer<SlaPreview> {
    post("/admin/sla/preview".to_owned(), &sla).await
}

pub async fn send_logo(file: File) -> Answer<Value> {
    let key = uuid::Uuid::new_v4().to_string();
    upload("/admin/logos", file, key, Sending::default(), |_| ()).await
}

pub async fn make_secret() -> Answer<Value> {
    act("/admin/panel/secret".to_owned()).await
}
