//! The keys of one kind: what each may do, when it was used, and revoking it.
//!
//! Invariant: a key is revoked after a question, because nothing brings it back.

use std::sync::Arc;

use api_types::{
    api_keys::{ApiKeyId, ApiKeyKind, ApiKeyView},
    people::Role,
};
use leptos::prelude::*;

use super::{
    api,
    key_form::{maker, scope_words},
    words::{
        DESKS_KEYS, DESKS_KEYS_HINT, EXPIRED, EXPIRES, LAST_USED, MADE_BY, NEVER_EXPIRES, NEVER_USED, NO_KEYS,
        OWN_KEYS, OWN_KEYS_LEAD, PEOPLES_KEYS, PEOPLES_KEYS_HINT, REVOKE, REVOKE_NAME, REVOKE_TITLE, REVOKE_WHAT,
        REVOKED,
    },
};
use crate::{
    erased::{dynamic, on},
    i18n::{self, Words},
    pulse,
    ui::{self, Asking, Confirm, Day, Form, RelativeTime, draw, fetched, more, toast},
};

/// One list.
#[derive(Clone, Copy)]
struct List {
    kind: ApiKeyKind,
    /// `true` for one's own only.
    mine: &'static str,
    /// Counts what was made and revoked.
    changed: RwSignal<u32>,
    revoking: RwSignal<Option<(ApiKeyId, String)>>,
    asks: RwSignal<bool>,
}

/// In the account: those of whoever looks.
pub fn own_keys(role: Role) -> AnyView {
    section("api-keys", OWN_KEYS, OWN_KEYS_LEAD, "true", ApiKeyKind::Personal, Some(role))
}

/// Beside the settings: the desk's, and everybody's.
pub fn desk_keys() -> AnyView {
    view! {
        <div class="settings-list">
            {section("desk-keys", DESKS_KEYS, DESKS_KEYS_HINT, "", ApiKeyKind::Desk, Some(Role::Admin))}
            {section("peoples-keys", PEOPLES_KEYS, PEOPLES_KEYS_HINT, "", ApiKeyKind::Personal, None)}
        </div>
    }
    .into_any()
}

/// `maker` is the role of whoever may make one here.
fn section(
    id: &'static str,
    title: Words,
    lead: Words,
    mine: &'static str,
    kind: ApiKeyKind,
    maker_role: Option<Role>,
) -> AnyView {
    let list =
        List { kind, mine, changed: RwSignal::new(0), revoking: RwSignal::new(None), asks: RwSignal::new(false) };
    let form = Form::new();
    let confirmed = move |()| {
        let Some((key, name)) = list.revoking.get_untracked() else { return };
        form.run(api::revoke(key), move |()| {
            list.asks.set(false);
            list.changed.update(|changed| *changed += 1);
            toast::say_about(REVOKED, &name);
            // The button that was pressed is gone with its line.
            request_animation_frame(move || ui::focus(&format!("#{id}")));
        });
    };
    let what = move || list.revoking.get().map(|(_, name)| REVOKE_WHAT.with(&name));
    view! {
        <section class="section api-keys" aria-labelledby=id>
            <h2 id=id tabindex="-1">{title}</h2>
            <p class="quiet">{lead}</p>
            {fetched(move || {
                list.changed.track();
                list.ask(String::new())
            })}
            {maker_role.map(|role| maker(kind, role, "new-key", list.changed))}
            <Confirm
                open=list.asks
                id=if kind == ApiKeyKind::Desk { "revoke-desk-key" } else { "revoke-key" }
                title=REVOKE_TITLE
                act=REVOKE
                dangerous=true
                form
                confirmed
            >
                <p>{dynamic(what)}</p>
            </Confirm>
        </section>
    }
    .into_any()
}

impl List {
    fn ask(self, after: String) -> Asking {
        Box::pin(async move {
            let (keys, next) = api::list(self.kind.as_str(), self.mine, &after).await?;
            let keys = Arc::new(keys);
            Ok(draw(move || {
                if keys.is_empty() && after.is_empty() {
                    return view! { <p class="quiet">{NO_KEYS}</p> }.into_any();
                }
                let lines: Vec<AnyView> = keys.iter().map(|key| self.line(key)).collect();
                let rest = more(next.clone(), move |after| self.ask(after));
                if after.is_empty() {
                    view! { <ul class="things">{lines} {rest}</ul> }.into_any()
                } else {
                    view! { {lines} {rest} }.into_any()
                }
            }))
        })
    }

    fn line(self, key: &ApiKeyView) -> AnyView {
        let ApiKeyView { id, name, prefix, scopes, owner, expires_at, last_used_at, .. } = key.clone();
        let scopes: Vec<AnyView> = scopes
            .into_iter()
            .map(|scope| {
                view! { <li><span class="chip" title=scope_words(scope)>{scope.as_str()}</span></li> }.into_any()
            })
            .collect();
        let made_by = self.mine.is_empty().then(|| view! { <span>{move || MADE_BY.with(&owner.name)}</span> });
        let used = match last_used_at {
            Some(at) => view! { {LAST_USED} " " <RelativeTime at=Signal::stored(at) /> }.into_any(),
            None => view! { {NEVER_USED} }.into_any(),
        };
        let ends = match expires_at {
            Some(at) => dynamic(move || {
                let is_over = i18n::milliseconds(at) <= pulse::now();
                if is_over {
                    view! { <span class="chip" data-status="failed">{EXPIRED}</span> }.into_any()
                } else {
                    view! { {EXPIRES} " " <Day at /> }.into_any()
                }
            }),
            None => view! { {NEVER_EXPIRES} }.into_any(),
        };
        let called = name.clone();
        let revoke = move |_| {
            self.revoking.set(Some((id, called.clone())));
            self.asks.set(true);
        };
        view! {
            <li>
                <div class="thing-name">
                    <strong>{name.clone()}</strong>
                    <code class="quiet">{prefix} "…"</code>
                    <ul class="key-scopes">{scopes}</ul>
                    <p class="key-facts quiet">{made_by} <span>{used}</span> <span>{ends}</span></p>
                </div>
                <div class="thing-acts">
                    <button
                        class="button"
                        data-size="small"
                        type="button"
                        aria-label=move || REVOKE_NAME.with(&name)
                        on:click=on(revoke)
                    >
                        {REVOKE}
                    </button>
                </div>
            </li>
        }
        .into_any()
    }
}
