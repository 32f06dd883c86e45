//! Departments and fields: what is added, put in order and retired one by one.
//!
//! Invariant: the list is as the server last said it is; nothing is deleted.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    api,
    json::{self, word},
    topics,
    words::{BRING_BACK, EDIT, MOVE_DOWN, MOVE_UP, NOW_BACK, NOW_RETIRED, RETIRE, RETIRED},
};
use crate::{
    api::Failure,
    erased::{dynamic, on, spawn},
    i18n::{self, Words},
    paths,
    ui::{self, Glyph, Icon, toast},
};

#[derive(Clone, Copy)]
pub struct Things {
    /// Where the API has them.
    pub path: &'static str,
    pub topic: &'static str,
    /// What a name begins with: it goes on with the language.
    pub name: &'static str,
    pub items: RwSignal<Vec<Value>>,
    /// Why one could not be retired.
    pub kept: Words,
    /// Why one could not be brought back.
    pub crowded: Words,
    refused: RwSignal<Option<Words>>,
}

impl Things {
    pub fn new(
        topic: &'static str,
        path: &'static str,
        name: &'static str,
        [kept, crowded]: [Words; 2],
        items: Vec<Value>,
    ) -> Self {
        Self { path, topic, name, items: RwSignal::new(items), kept, crowded, refused: RwSignal::new(None) }
    }

    /// The name in the reader's language.
    pub fn name_of(self, item: &Value) -> String {
        word(item, &format!("/{}{}", self.name, i18n::locale())).to_owned()
    }

    pub fn find(self, id: &str) -> Option<Value> {
        self.items.with_untracked(|items| items.iter().find(|it| word(it, "/id") == id).cloned())
    }

    /// Takes in what the server has now.
    pub fn take(self, new: Value) {
        self.items.try_update(|items| {
            let id = word(&new, "/id").to_owned();
            match items.iter_mut().find(|it| word(it, "/id") == id) {
                Some(old) => *old = new,
                None => items.push(new),
            }
            items.sort_by_key(|it| json::part(it, "/position").as_i64());
        });
    }

    fn retire(self, item: &Value, wanted: bool) {
        let (id, name) = (word(item, "/id").to_owned(), untrack(|| self.name_of(item)));
        self.refused.try_set(None);
        spawn(async move {
            match api::change_thing(self.path, id, json!({ "retired": wanted })).await {
                Ok(item) => {
                    let back = item.clone();
                    self.take(item);
                    let said = if wanted { NOW_RETIRED } else { NOW_BACK };
                    toast::say_with_undo(said, &name, move || self.retire(&back, !wanted));
                }
                Err(Failure::Refused(problem)) if !problem.errors.is_empty() => {
                    // Brought back, it meets another of its name, or too many others.
                    self.refused.try_set(Some(if wanted { self.kept } else { self.crowded }));
                }
                Err(failure) => ui::failed(&failure),
            }
        });
    }

    /// Moves one before its neighbour; what has another place after it is told to the server.
    fn shift(self, id: String, down: bool) {
        let mut order: Vec<(String, Value)> = self.items.with_untracked(|items| {
            let open = items.iter().filter(|it| !json::flag(it, "/retired"));
            open.map(|it| (word(it, "/id").to_owned(), json::part(it, "/position").clone())).collect()
        });
        let Some(place) = order.iter().position(|(other, _)| *other == id) else { return };
        let Some(other) = (if down { Some(place + 1) } else { place.checked_sub(1) }).filter(|it| *it < order.len())
        else {
            return;
        };
        order.swap(place, other);
        spawn(async move {
            for (place, (id, position)) in order.into_iter().enumerate() {
                if position.as_u64() == u64::try_from(place).ok() {
                    continue;
                }
                match api::change_thing(self.path, id, json!({ "position": place })).await {
                    Ok(item) => self.take(item),
                    Err(failure) => return ui::failed(&failure),
                }
            }
            // The line has moved, and with it the button that was pressed.
            let direction = if down { "down" } else { "up" };
            request_animation_frame(move || ui::focus(&format!("[data-move='{direction}-{id}']")));
        });
    }

    /// The open ones in order, and below them the retired ones. `detail` says more of each.
    pub fn list(self, detail: fn(&Value) -> AnyView) -> AnyView {
        dynamic(move || {
            let items = self.items.get();
            let (retired, open): (Vec<_>, Vec<_>) = items.iter().partition(|it| json::flag(it, "/retired"));
            let last = open.len().saturating_sub(1);
            let lines: Vec<AnyView> =
                open.iter().enumerate().map(|(place, item)| self.line(item, place > 0, place < last, detail)).collect();
            let title = topics::named(self.topic).map(|topic| topic.title.get());
            let count = retired.len();
            let retired: Vec<AnyView> = retired.iter().map(|item| self.line(item, false, false, detail)).collect();
            view! {
                <div role="alert">
                    {dynamic(move || self.refused.get().map(|why| view! {
                        <p class="notice" data-tone="bad">
                            <Icon glyph=Glyph::Alert />
                            <span>{why} " " <a href=paths::settings("form")>{super::words::FORM}</a></span>
                        </p>
                    }))}
                </div>
                <ul class="things" aria-label=title>{lines}</ul>
                {(count > 0).then(|| view! {
                    <details class="things-retired">
                        <summary>{RETIRED.with(&count.to_string())}</summary>
                        <ul class="things" aria-label=RETIRED.with(&count.to_string())>{retired}</ul>
                    </details>
                })}
            }
        })
    }

    fn line(self, item: &Value, up: bool, down: bool, detail: fn(&Value) -> AnyView) -> AnyView {
        let (id, name, retired) = (word(item, "/id").to_owned(), self.name_of(item), json::flag(item, "/retired"));
        let mover = |can: bool, is_down: bool, glyph: Glyph, label: Words| {
            let (own, which) = (id.clone(), if is_down { "down" } else { "up" });
            view! {
                <button
                    class="icon-button"
                    type="button"
                    aria-label=label.with(&name)
                    aria-disabled=(!can).to_string()
                    data-move=format!("{which}-{id}")
                    on:click=on(move |_| self.shift(own.clone(), is_down))
                >
                    <Icon glyph />
                </button>
            }
            .into_any()
        };
        let movers = (!retired).then(|| {
            view! {
                {mover(up, false, Glyph::Up, MOVE_UP)}
                {mover(down, true, Glyph::Down, MOVE_DOWN)}
            }
        });
        let own = item.clone();
        let act = if retired { BRING_BACK } else { RETIRE };
        let edit = (!retired).then(|| {
            view! {
                <a class="button" data-size="small" href=paths::setting(self.topic, &id) aria-label=EDIT.with(&name)>
                    {EDIT.with("")}
                </a>
            }
        });
        view! {
            <li>
                <div class="thing-name">
                    <strong>{name.clone()}</strong>
                    {detail(item)}
                </div>
                <div class="thing-acts">
                    {movers}
                    {edit}
                    <button
                        class="button"
                        data-size="small"
                        data-kind="plain"
                        type="button"
                        aria-label=act.with(&name)
                        on:click=on(move |_| self.retire(&own, !retired))
                    >
                        {act.with("")}
                    </button>
                </div>
            </li>
        }
        .into_any()
    }
}
