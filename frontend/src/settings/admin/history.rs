//! Who changed what of the settings, when, from what and to what.

use std::sync::Arc;

use api_types::{page::Page, settings::SettingsChangeView};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    api,
    difference::{self, Names},
    json::{self, word},
    topics,
    words::{ADDED, BECAME, HISTORY_HINT, NO_HISTORY, NOW_BACK, NOW_RETIRED, WAS},
};
use crate::{
    i18n,
    ui::{Asking, EmptyState, Glyph, RelativeTime, draw, fetched, more},
};

pub fn page() -> AnyView {
    fetched(|| {
        Box::pin(async {
            let names = Arc::new(Names::of(&api::things("/admin/departments").await?));
            ask(names, String::new()).await
        })
    })
}

fn ask(names: Arc<Names>, after: String) -> Asking {
    Box::pin(async move {
        let Page { items, next_cursor } = api::history(&after).await?;
        let items = Arc::new(items);
        Ok(draw(move || {
            if items.is_empty() && after.is_empty() {
                return view! { <EmptyState glyph=Glyph::Clock title=NO_HISTORY hint=HISTORY_HINT /> }.into_any();
            }
            let lines: Vec<AnyView> = items.iter().map(|change| entry(change, &names)).collect();
            let known = Arc::clone(&names);
            let rest = more(next_cursor.clone(), move |after| ask(Arc::clone(&known), after));
            if after.is_empty() {
                view! { <ol class="changes">{lines} {rest}</ol> }.into_any()
            } else {
                view! { {lines} {rest} }.into_any()
            }
        }))
    })
}

/// Which department, field or webhook a change is about.
fn subject(change: &SettingsChangeView) -> String {
    let locale = i18n::locale();
    let name = |at: &str| word(&change.after, &format!("/{at}_{locale}")).to_owned();
    [name("name"), name("label"), word(&change.after, "/url").to_owned()].concat()
}

fn entry(change: &SettingsChangeView, names: &Names) -> AnyView {
    let SettingsChangeView { topic, before, after, author, created_at, .. } = change;
    let title = topics::named(topic).map_or_else(|| topic.clone(), |topic| topic.title.get().to_owned());
    let is_new = before.as_object().is_some_and(serde_json::Map::is_empty);
    let subject = subject(change);
    let named = if subject.is_empty() { title } else { format!("{title} · {subject}") };
    let made = is_new.then(|| view! { <span class="chip" data-tone="accent">{ADDED}</span> });
    let turned = (!is_new && json::flag(before, "/retired") != json::flag(after, "/retired"))
        .then(|| if json::flag(after, "/retired") { NOW_RETIRED } else { NOW_BACK });
    let turned = turned.map(|words| view! { <p>{words.with(&subject)}</p> });
    let lines: Vec<AnyView> = difference::between(topic, before, after)
        .into_iter()
        .map(|(at, before, after)| line(topic, &at, (!is_new).then_some(before), after, names))
        .collect();
    view! {
        <li class="change">
            <p class="change-head">
                <strong>{named}</strong>
                {made}
                <span class="quiet">{author.name.clone()} " · " <RelativeTime at=Signal::stored(*created_at) /></span>
            </p>
            {turned}
            <dl class="change-parts">{lines}</dl>
        </li>
    }
    .into_any()
}

fn line(topic: &str, at: &str, before: Option<&Value>, after: &Value, names: &Names) -> AnyView {
    let say = |value: &Value| difference::said(topic, at, value, names);
    let before = before.map(|before| {
        view! {
            <del><span class="hidden">{WAS}</span>{say(before)}</del>
            " "
        }
    });
    view! {
        <dt>{difference::label(topic, at)}</dt>
        <dd>
            {before}
            <ins><span class="hidden">{BECAME}</span>{say(after)}</ins>
        </dd>
    }
    .into_any()
}
