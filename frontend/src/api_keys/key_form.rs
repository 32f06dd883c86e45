//! Making a key, and showing its token once.

use api_types::{
    api_keys::{ApiKeyKind, ApiScope, NewApiKey},
    people::Role,
    time::Timestamp,
};
use js_sys::Date;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    words::{
        ARTICLES_READ, ARTICLES_WRITE, DONE, EXPORT_READ, IN_30_DAYS, IN_90_DAYS, IN_A_YEAR, LIFETIME, MAKE, NAME,
        NAME_HINT, NEVER, NEW_KEY, PEOPLE_READ, PEOPLE_WRITE, SCOPES, SCOPES_MISSING, SETTINGS_READ, SETTINGS_WRITE,
        TICKETS_BEHALF, TICKETS_READ, TICKETS_WRITE, TOKEN, TOKEN_ONCE, WEBHOOKS_MANAGE,
    },
};
use crate::{
    erased::{derive, dynamic, effect, on},
    i18n::Words,
    ui::{self, CANCEL, Choice, Copied, Dialog, Form, FormFailure, Glyph, Icon, Select, SubmitButton, TextField},
};

const DAYS: [(&str, Words); 4] = [("30", IN_30_DAYS), ("90", IN_90_DAYS), ("365", IN_A_YEAR), ("", NEVER)];

pub fn scope_words(scope: ApiScope) -> Words {
    match scope {
        ApiScope::TicketsRead => TICKETS_READ,
        ApiScope::TicketsWrite => TICKETS_WRITE,
        ApiScope::TicketsBehalf => TICKETS_BEHALF,
        ApiScope::ArticlesRead => ARTICLES_READ,
        ApiScope::ArticlesWrite => ARTICLES_WRITE,
        ApiScope::PeopleRead => PEOPLE_READ,
        ApiScope::PeopleWrite => PEOPLE_WRITE,
        ApiScope::SettingsRead => SETTINGS_READ,
        ApiScope::SettingsWrite => SETTINGS_WRITE,
        ApiScope::WebhooksManage => WEBHOOKS_MANAGE,
        ApiScope::ExportRead => EXPORT_READ,
    }
}

/// What is typed for a new key, and then its token.
#[derive(Clone, Copy)]
struct Draft {
    form: Form,
    name: RwSignal<String>,
    scopes: RwSignal<Vec<ApiScope>>,
    days: RwSignal<String>,
    token: RwSignal<Option<String>>,
}

impl Draft {
    fn now(self, kind: ApiKeyKind) -> NewApiKey {
        let days: Option<f64> = self.days.get_untracked().parse().ok();
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, which no calendar has too many of")]
        let end = days.map(|days| (Date::now() + days * 86_400_000.0) as i64);
        NewApiKey {
            name: self.name.get_untracked().into(),
            kind,
            scopes: self.scopes.get_untracked(),
            expires_at: end.and_then(|end| Timestamp::from_millisecond(end).ok()),
        }
    }

    fn tick(self, scope: ApiScope) -> AnyView {
        let changed = move |_| {
            self.scopes.update(|scopes| {
                let before = scopes.len();
                scopes.retain(|other| *other != scope);
                if scopes.len() == before {
                    scopes.push(scope);
                }
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    aria-invalid=move || self.form.fault("scopes").is_some().to_string()
                    prop:checked=move || self.scopes.with(|scopes| scopes.contains(&scope))
                    on:change=on(changed)
                />
                <span>
                    {scope_words(scope)} " "
                    <code class="quiet">{scope.as_str()}</code>
                </span>
            </label>
        }
        .into_any()
    }
}

/// The button that opens the dialog, and the dialog. `made` hears that there is a new key.
pub fn maker(kind: ApiKeyKind, role: Role, id: &'static str, made: RwSignal<u32>) -> AnyView {
    let open = RwSignal::new(false);
    let draft = Draft {
        form: Form::new(),
        name: RwSignal::default(),
        scopes: RwSignal::default(),
        days: RwSignal::default(),
        token: RwSignal::default(),
    };
    let begin = move |_| {
        draft.form.clear();
        draft.name.set(String::new());
        draft.scopes.set(Vec::new());
        draft.days.set("90".to_owned());
        draft.token.set(None);
        open.set(true);
    };
    let inside = move || match draft.token.get() {
        Some(token) => shown_once(token, open),
        None if open.get() => asked(draft, kind, role, open, made),
        // A token does not stay on the page when its dialog is closed.
        None => ().into_any(),
    };
    // Closed in whatever way, it forgets.
    effect(move || {
        if !open.get() {
            draft.token.set(None);
        }
    });
    view! {
        <button class="button" type="button" on:click=on(begin)>
            <Icon glyph=Glyph::Plus />
            {MAKE}
        </button>
        <Dialog open id title=NEW_KEY>
            {dynamic(inside)}
        </Dialog>
    }
    .into_any()
}

fn asked(draft: Draft, kind: ApiKeyKind, role: Role, open: RwSignal<bool>, made: RwSignal<u32>) -> AnyView {
    let form = draft.form;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let new = draft.now(kind);
        form.send(&new, api::make(new.clone()), move |token| {
            draft.token.try_set(Some(token));
            made.try_update(|made| *made += 1);
        });
    };
    let ticks: Vec<AnyView> =
        ApiScope::ALL.iter().filter(|scope| scope.is_for(kind, role)).map(|scope| draft.tick(*scope)).collect();
    let choices = derive(|| DAYS.map(|(days, words)| Choice::new(days, words)).into());
    view! {
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="name" id="key-name" label=NAME value=draft.name hint=NAME_HINT />
            <fieldset class="checks" aria-describedby="key-scopes-fault">
                <legend>{SCOPES}</legend>
                {ticks}
                <p class="field-fault" id="key-scopes-fault">
                    {move || form.fault("scopes").map(|_| SCOPES_MISSING.get())}
                </p>
            </fieldset>
            <Select label=LIFETIME value=draft.days choices chosen=move |days| draft.days.set(days) />
            <FormFailure form />
            <div class="dialog-actions">
                <button class="button" type="button" on:click=on(move |_| open.set(false))>
                    {CANCEL}
                </button>
                <SubmitButton form label=MAKE />
            </div>
        </form>
    }
    .into_any()
}

fn shown_once(token: String, open: RwSignal<bool>) -> AnyView {
    request_animation_frame(|| ui::focus("dialog[open] .code-line"));
    view! {
        <p class="notice" data-tone="accent">{TOKEN_ONCE}</p>
        <Copied line=token label=TOKEN />
        <div class="dialog-actions">
            <button class="button" data-kind="primary" type="button" on:click=on(move |_| open.set(false))>
                {DONE}
            </button>
        </div>
    }
    .into_any()
}
