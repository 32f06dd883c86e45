//! The webhooks, with how each of them does.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    PATH, TOPIC, editor, standing,
    words::{ADD, NONE_YET, OPEN, WEBHOOKS},
};
use crate::{
    address_bar,
    erased::dynamic,
    paths,
    settings::admin::{api, json::word},
    ui::{Glyph, Icon, draw, fetched},
};

/// All of them, as the server last said they are.
#[derive(Clone, Copy)]
pub struct Hooks {
    pub items: RwSignal<Vec<Value>>,
    /// The secret that was just made, and whose it is.
    pub made: RwSignal<Option<(String, String)>>,
}

impl Hooks {
    pub fn find(self, id: &str) -> Option<Value> {
        self.items.with_untracked(|items| items.iter().find(|it| word(it, "/id") == id).cloned())
    }

    /// Takes in what the server has now.
    pub fn take(self, new: Value) {
        self.items.try_update(|items| match items.iter_mut().find(|it| word(it, "/id") == word(&new, "/id")) {
            Some(old) => *old = new,
            None => items.push(new),
        });
    }

    pub fn drop(self, id: &str) {
        self.items.try_update(|items| items.retain(|it| word(it, "/id") != id));
    }
}

pub fn page() -> AnyView {
    let made = RwSignal::new(None);
    fetched(move || {
        // What came of messages is news whenever one comes back to the list.
        let edited = address_bar::query()("edit");
        Box::pin(async move {
            let items = RwSignal::new(api::things(PATH).await?);
            let hooks = Hooks { items, made };
            Ok(draw(move || match &edited {
                None => list(hooks),
                Some(id) => editor::page(hooks, id),
            }))
        })
    })
}

fn list(hooks: Hooks) -> AnyView {
    view! {
        <div class="settings-list">
            {dynamic(move || {
                let lines: Vec<AnyView> = hooks.items.with(|items| items.iter().map(line).collect());
                if lines.is_empty() {
                    view! { <p class="quiet">{NONE_YET}</p> }.into_any()
                } else {
                    view! { <ul class="things" aria-label=WEBHOOKS>{lines}</ul> }.into_any()
                }
            })}
            <a class="button" data-kind="primary" href=paths::setting(TOPIC, "new")>
                <Icon glyph=Glyph::Plus />
                {ADD}
            </a>
        </div>
    }
    .into_any()
}

fn line(webhook: &Value) -> AnyView {
    let url = word(webhook, "/url").to_owned();
    view! {
        <li>
            <div class="thing-name">
                <strong class="webhook-url">{url.clone()}</strong>
                <span class="quiet">{word(webhook, "/description").to_owned()}</span>
            </div>
            <div class="thing-acts">
                {standing::of_webhook(webhook)}
                <a
                    class="button"
                    data-size="small"
                    href=paths::setting(TOPIC, word(webhook, "/id"))
                    aria-label=OPEN.with(&url)
                >
                    {OPEN.with("")}
                </a>
            </div>
        </li>
    }
    .into_any()
}
