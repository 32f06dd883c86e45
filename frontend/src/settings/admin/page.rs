//! The pages of settings: the topics at the side, and the one that the address names.

use leptos::{ev, prelude::*};
use serde_json::Value;

use super::{
    api,
    draft::{self, Draft},
    json,
    sheet::sheet,
    spec,
    topics::{Body, GROUPS, Topic, named},
    words::{LEAD, NOT_SAVED, SAVED, SETTINGS, TOPIC, TOPICS},
};
use crate::{
    address_bar,
    erased::{dynamic, memo, on, when},
    i18n::Words,
    paths, settings,
    shell::NotFoundPage,
    ui::{self, draw, fetched, toast},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    draft::guard();
    let slug = memo(|| paths::slug_below(&address_bar::path(), paths::SETTINGS).unwrap_or_default().to_owned());
    view! {
        <div class="settings">
            {dynamic(move || {
                let slug = slug.get();
                if slug.is_empty() {
                    return overview();
                }
                match named(&slug) {
                    Some(topic) => view! {
                        <nav class="settings-nav" aria-label=TOPICS>{topics(Some(topic))}</nav>
                        {chooser(topic)}
                        {page(topic)}
                    }
                    .into_any(),
                    None => view! { <NotFoundPage /> }.into_any(),
                }
            })}
        </div>
    }
}

fn overview() -> AnyView {
    ui::title_page(|| SETTINGS.get().to_owned());
    view! {
        <div class="sheet settings-overview" data-wide>
            <h1 tabindex="-1">{SETTINGS}</h1>
            <p class="lead">{LEAD}</p>
            <nav aria-label=TOPICS>{topics(None)}</nav>
        </div>
    }
    .into_any()
}

/// Links to all topics; beside the one that is open, without what each is for.
fn topics(open: Option<&'static Topic>) -> AnyView {
    let link = |topic: &'static Topic| {
        let lead = open.is_none().then(|| view! { <span class="quiet">{topic.lead}</span> });
        let current = open.is_some_and(|open| open.slug == topic.slug).then_some("page");
        let unsaved = when(
            || draft::is_unsaved(topic.slug),
            || view! { <span class="link-mark"><span class="hidden">{NOT_SAVED}</span></span> },
        );
        view! {
            <li>
                <a href=paths::settings(topic.slug) aria-current=current>
                    <span>{topic.title} {unsaved}</span>
                    {lead}
                </a>
            </li>
        }
        .into_any()
    };
    let group = |(name, topics): &(_, &'static [Topic])| {
        let links: Vec<AnyView> = topics.iter().map(link).collect();
        view! {
            <section>
                <h2>{*name}</h2>
                <ul class="settings-links">{links}</ul>
            </section>
        }
        .into_any()
    };
    GROUPS.iter().map(group).collect::<Vec<_>>().into_any()
}

/// The same on a narrow screen.
fn chooser(open: &'static Topic) -> AnyView {
    let all = GROUPS.iter().flat_map(|(_, topics)| topics.iter());
    let option = |topic: &'static Topic| {
        let chosen = topic.slug == open.slug;
        view! {
            <option value=topic.slug selected=chosen>
                {topic.title}
            </option>
        }
        .into_any()
    };
    let options: Vec<AnyView> = all.map(option).collect();
    let changed = |event: ev::Event| address_bar::go(&paths::settings(&event_target_value(&event)));
    view! {
        <div class="field settings-chooser">
            <label for="topic">{TOPIC}</label>
            <select id="topic" on:change=on(changed)>
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn page(topic: &'static Topic) -> AnyView {
    ui::title_page(|| topic.title.get().to_owned());
    let body = match topic.body {
        Body::Page(draw) => draw(),
        Body::Form { .. } => fetched(move || {
            Box::pin(async move {
                let all = api::all().await?;
                Ok(draw(move || editing(topic, json::part(&all, &format!("/{}", topic.slug)).clone())))
            })
        }),
    };
    view! {
        <div class="settings-topic">
            <header>
                <h1 tabindex="-1">{topic.title}</h1>
                <p class="lead">{topic.lead}</p>
            </header>
            {body}
        </div>
    }
    .into_any()
}

fn editing(topic: &'static Topic, saved: Value) -> AnyView {
    let Body::Form { specs, more, look, beside: called, tidy } = topic.body else {
        return ().into_any();
    };
    let slug = topic.slug;
    let draft = Draft::begin(slug.to_owned(), slug, saved);
    let save = move || {
        let sent = draft.now.get_untracked();
        let mut value = sent.clone();
        tidy(&mut value);
        draft.form.run(api::change(slug, value), move |all: Value| {
            draft.settle(&sent, json::part(&all, &format!("/{slug}")).clone());
            // This page goes by some of them itself.
            settings::fetch();
            toast::say(SAVED);
        });
    };
    let body = view! {
        {spec::fields(draft, specs)}
        {more(draft)}
    }
    .into_any();
    beside(sheet(draft, None, save, body), called, look(draft))
}

/// A form beside a look at what it does.
pub fn beside(form: AnyView, called: Words, look: AnyView) -> AnyView {
    view! {
        <div class="settings-split">
            {form}
            <section class="settings-look" aria-labelledby="look">
                <h2 id="look">{called}</h2>
                {look}
            </section>
        </div>
    }
    .into_any()
}
