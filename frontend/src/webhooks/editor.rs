//! One webhook: where it is and what it is told, beside what it was told and what else can be done with it.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    PATH, TOPIC,
    list::Hooks,
    log, standing,
    words::{
        ADDED, ADDRESS, ADDRESS_HINT, ADDRESS_WRONG, ALL, ALL_HINT, ALL_WEBHOOKS, BOTH_SIGN, DESCRIPTION, EVENT_WORDS,
        EVENTS, MAKE, MESSAGES, NEW_SECRET, NEW_SECRET_WHAT, REMOVE, REMOVE_TITLE, REMOVE_WHAT, REMOVED, SECRET_ONCE,
        SWITCH_OFF, SWITCH_ON, TOO_MANY, VERIFY, VERIFY_LEAD, off_because,
    },
};
use crate::{
    address_bar,
    api::{act, delete},
    erased::{dynamic, on, spawn, when},
    i18n, paths,
    settings::admin::{
        api,
        control::{Cell, Means, checks, input, labelled},
        draft::Draft,
        json::{flag, part, word},
        page::beside,
        panel::copied,
        sheet::sheet,
        spec::{self, Kind, Spec},
        words::SAVED,
    },
    shell::NotFoundPage,
    ui::{self, Confirm, Form, toast},
};

const SPECS: &[Spec] =
    &[spec::spec("/description", DESCRIPTION, Kind::Line), spec::spec("/all", ALL, Kind::Switch).hint(ALL_HINT)];

pub fn page(hooks: Hooks, id: &str) -> AnyView {
    let known = hooks.find(id);
    let is_new = id == "new";
    if known.is_none() && !is_new {
        return view! { <NotFoundPage /> }.into_any();
    }
    let draft = Draft::begin(format!("{TOPIC}/{id}"), "", typed(&known.unwrap_or_default()));
    let own = id.to_owned();
    let save = move || {
        let (sent, id) = (draft.now.get_untracked(), own.clone());
        let value = asked(&sent);
        let call = async move {
            if is_new { api::add_thing(PATH, value).await } else { api::change_thing(PATH, id, value).await }
        };
        draft.form.run(call, move |item: Value| {
            draft.settle(&sent, typed(if is_new { &Value::Null } else { &item }));
            toast::say(if is_new { ADDED } else { SAVED });
            let (id, secret) = (word(&item, "/id").to_owned(), word(&item, "/secret").to_owned());
            hooks.take(item);
            if is_new {
                hooks.made.set(Some((id.clone(), secret)));
                address_bar::go(&paths::setting(TOPIC, &id));
            }
        });
    };
    let form = sheet(draft, is_new.then_some(TOO_MANY), save, fields(draft));
    let body = if is_new {
        beside(form, VERIFY, view! { <p>{VERIFY_LEAD}</p> }.into_any())
    } else {
        beside(form, MESSAGES, acts(hooks, id))
    };
    view! {
        <p class="crumbs"><a href=paths::settings(TOPIC)>{ALL_WEBHOOKS}</a></p>
        {body}
    }
    .into_any()
}

/// What is typed of what the server has.
fn typed(item: &Value) -> Value {
    let events = part(item, "/events");
    json!({
        "url": word(item, "/url"), "description": word(item, "/description"), "all": events.is_null(),
        "events": events.as_array().cloned().unwrap_or_default(),
    })
}

/// What the server is asked for of what is typed.
fn asked(typed: &Value) -> Value {
    let events = if flag(typed, "/all") { &Value::Null } else { part(typed, "/events") };
    json!({ "url": part(typed, "/url"), "description": part(typed, "/description"), "events": events })
}

fn fields(draft: Draft) -> AnyView {
    let url = Cell::new(draft, "/url".to_owned()).hint(ADDRESS_HINT).wrong(ADDRESS_WRONG);
    let events = Cell::new(draft, "/events".to_owned());
    view! {
        {labelled(&url, ADDRESS, input(&url, "url", Means::Text, "https://example.org/webhook", ""))}
        {spec::fields(draft, SPECS)}
        {when(move || !draft.flag("/all"), move || {
            let choices = EVENT_WORDS.iter().map(|(name, words)| ((*name).to_owned(), format!("{} ({name})", words.get())));
            checks(&events, EVENTS, choices.collect())
        })}
    }
    .into_any()
}

fn acts(hooks: Hooks, id: &str) -> AnyView {
    let (own, whose) = (id.to_owned(), id.to_owned());
    let now = move || hooks.find(&own).unwrap_or_default();
    let secret = move || {
        let made = hooks.made.get().filter(|(id, _)| *id == whose);
        made.map(|(_, secret)| {
            view! {
                <p class="notice" data-tone="accent">{SECRET_ONCE}</p>
                {copied(secret)}
            }
        })
    };
    let (id, again) = (id.to_owned(), RwSignal::new(()));
    view! {
        <div role="status">{dynamic(secret)}</div>
        {dynamic(move || {
            hooks.items.track();
            let now = now();
            let off = part(&now, "/disabled");
            let why = (!off.is_null()).then(|| view! { <p class="notice" data-tone="warn">{off_because(word(off, "/because"))}</p> });
            let both = standing::moment(&now, "/former_secret_until");
            let both = both.map(|until| view! { <p class="quiet">{BOTH_SIGN} " " {move || i18n::exact(until)}</p> });
            view! { {why} {both} {buttons(hooks, word(&now, "/id"), off.is_null(), again)} }
        })}
        {log::log(id, again)}
    }
    .into_any()
}

fn buttons(hooks: Hooks, id: &str, is_on: bool, again: RwSignal<()>) -> AnyView {
    let (removing, renewing) = (RwSignal::new(false), RwSignal::new(false));
    let (remove, renew) = (Form::new(), Form::new());
    let (turned, gone, renewed) = (id.to_owned(), id.to_owned(), id.to_owned());
    let turn = move |_| {
        let id = turned.clone();
        spawn(async move {
            match api::change_thing(PATH, id, json!({ "enabled": !is_on })).await {
                Ok(item) => hooks.take(item),
                Err(failure) => ui::failed(&failure),
            }
        });
    };
    let removed = move |()| {
        let id = gone.clone();
        remove.run(delete(format!("{PATH}/{id}")), move |()| {
            hooks.drop(&id);
            toast::say(REMOVED);
            address_bar::go(&paths::settings(TOPIC));
        });
    };
    let renewed = move |()| {
        let id = renewed.clone();
        renew.run(act(format!("{PATH}/{id}/secret")), move |made: Value| {
            renewing.set(false);
            hooks.made.set(Some((id.clone(), word(&made, "/secret").to_owned())));
            if let Some(mut item) = hooks.find(&id) {
                crate::settings::admin::json::put(
                    &mut item,
                    "/former_secret_until",
                    part(&made, "/former_secret_until").clone(),
                );
                hooks.take(item);
            }
        });
    };
    let test = is_on.then(|| log::test(id.to_owned(), again));
    view! {
        <div class="thing-acts">
            {test}
            {button(if is_on { SWITCH_OFF } else { SWITCH_ON }, "", turn)}
            {button(NEW_SECRET, "", move |_| renewing.set(true))}
            {button(REMOVE, "plain-danger", move |_| removing.set(true))}
        </div>
        <Confirm open=renewing id="new-secret" title=NEW_SECRET act=MAKE form=renew confirmed=renewed>
            <p>{NEW_SECRET_WHAT}</p>
        </Confirm>
        <Confirm open=removing id="remove-webhook" title=REMOVE_TITLE act=REMOVE dangerous=true form=remove confirmed=removed>
            <p>{REMOVE_WHAT}</p>
        </Confirm>
    }
    .into_any()
}

pub fn button(label: i18n::Words, kind: &'static str, pressed: impl Fn(leptos::ev::MouseEvent) + 'static) -> AnyView {
    view! {
        <button class="button" data-size="small" data-kind=kind type="button" on:click=on(pressed)>
            {label}
        </button>
    }
    .into_any()
}
