//! What a webhook was told, newest first, and sending it again.

use std::time::Duration;

use js_sys::JSON;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::{
    PATH,
    editor::button,
    standing::{self, moment},
    words::{AGAIN, AGAIN_DONE, MESSAGES_LEAD, NEXT, NO_MESSAGES, REFRESH, TEST, TESTED, TRIES},
};
use crate::{
    api::{act, get},
    erased::spawn,
    i18n::Words,
    paths,
    settings::admin::json::{list, part, word},
    ui::{self, Asking, RelativeTime, draw, fetched, more, toast},
};

/// After so long most receivers have answered.
const SOON: Duration = Duration::from_millis(1500);

pub fn log(id: String, again: RwSignal<()>) -> AnyView {
    view! {
        <p class="quiet">{MESSAGES_LEAD}</p>
        {fetched(move || {
            again.track();
            ask(id.clone(), again, String::new())
        })}
    }
    .into_any()
}

fn ask(id: String, again: RwSignal<()>, after: String) -> Asking {
    Box::pin(async move {
        let path = format!("{PATH}/{id}/deliveries");
        let page: Value = get(paths::with_query(&path, &[("after", &after), ("limit", "10")])).await?;
        Ok(draw(move || {
            let entries: Vec<AnyView> = list(part(&page, "/items")).iter().map(|it| entry(&id, it, again)).collect();
            let next = part(&page, "/next_cursor").as_str().map(str::to_owned);
            let own = id.clone();
            let rest = more(next, move |after| ask(own.clone(), again, after));
            if !after.is_empty() {
                return view! { {entries} {rest} }.into_any();
            }
            if entries.is_empty() {
                return view! { <p>{NO_MESSAGES}</p> }.into_any();
            }
            view! {
                {button(REFRESH, "plain", move |_| again.set(()))}
                <ol class="webhook-log">{entries} {rest}</ol>
            }
            .into_any()
        }))
    })
}

fn entry(webhook: &str, message: &Value, again: RwSignal<()>) -> AnyView {
    let time = |at: &str| moment(message, at).map(|at| view! { <RelativeTime at=Signal::stored(at) /> });
    let next = moment(message, "/next_attempt_at")
        .map(|_| view! { <p class="quiet">{NEXT} " " {time("/next_attempt_at")}</p> });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let tries = part(message, "/attempts").as_f64().unwrap_or_default() as u32;
    let tries = if tries > 1 { format!(" · {}", TRIES.of(tries)) } else { String::new() };
    let path = format!("{PATH}/{webhook}/deliveries/{}/redelivery", word(message, "/id"));
    view! {
        <li>
            <details>
                <summary>
                    <code>{word(message, "/event").to_owned()}</code>
                    {standing::of_message(message)}
                    <span class="quiet">{time("/created_at")} {tries}</span>
                </summary>
                {next}
                <pre class="code-line" tabindex="0"><code>{indented(part(message, "/payload"))}</code></pre>
                {button(AGAIN, "", move |_| send(path.clone(), AGAIN_DONE, again))}
            </details>
        </li>
    }
    .into_any()
}

/// The button that sends a test.
pub fn test(id: String, again: RwSignal<()>) -> AnyView {
    button(TEST, "", move |_| send(format!("{PATH}/{id}/test"), TESTED, again))
}

/// Asks for a message, and shows it as soon as something may have come of it.
fn send(path: String, done: Words, again: RwSignal<()>) {
    spawn(async move {
        match act::<Value>(path).await {
            Ok(_) => {
                toast::say(done);
                set_timeout(
                    move || {
                        again.try_set(());
                    },
                    SOON,
                );
            }
            Err(failure) => ui::failed(&failure),
        }
    });
}

fn indented(value: &Value) -> String {
    let parsed = JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL);
    let text = JSON::stringify_with_replacer_and_space(&parsed, &JsValue::NULL, &2.into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
