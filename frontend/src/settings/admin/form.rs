//! The form for a new ticket: where tickets go that name no department, and the form as customers will see it.

use api_types::people::Locale;
use leptos::prelude::*;
use serde_json::Value;

use super::{
    api,
    control::{Cell, labelled, select},
    draft::Draft,
    json,
    sample::{Sample, samples},
    words::{
        ASKED_FOR, DEFAULT_DEPARTMENT, DEFAULT_DEPARTMENT_HINT, DEFAULT_DEPARTMENT_WRONG, DEPARTMENT, DEPARTMENTS,
        FIELDS, LOOK_FR, NO_DEFAULT, NO_DEPARTMENTS, PRIORITY, PRIORITY_WAYS, SEND_SAMPLE,
    },
};
use crate::{
    erased::{derive, dynamic, on, when},
    i18n, paths,
    ui::{Choice, Glyph, Icon, draw, fetched},
};

/// The departments that a ticket can be for, to choose from.
fn choices(departments: &[Value], locale: Locale) -> Vec<Choice> {
    let choice = |it: &Value| Choice {
        value: json::word(it, "/id").to_owned(),
        label: json::word(it, &format!("/name_{locale}")).to_owned(),
    };
    departments.iter().map(choice).collect()
}

pub fn more(draft: Draft) -> AnyView {
    fetched(move || {
        Box::pin(async move {
            let departments = json::list(json::part(&api::public().await?, "/departments")).to_vec();
            Ok(draw(move || default_department(draft, departments.clone())))
        })
    })
}

fn default_department(draft: Draft, departments: Vec<Value>) -> AnyView {
    let cell = Cell::new(draft, "/default_department".to_owned())
        .hint(DEFAULT_DEPARTMENT_HINT)
        .wrong(DEFAULT_DEPARTMENT_WRONG);
    let none = departments.is_empty();
    let offered = derive(move || {
        let mut offered = vec![Choice::new("", NO_DEFAULT)];
        offered.extend(choices(&departments, i18n::locale()));
        offered
    });
    view! {
        {when(move || none && draft.text("/department") != "off", || view! {
            <p class="notice" data-tone="bad">
                <Icon glyph=Glyph::Alert />
                <span>{NO_DEPARTMENTS} " " <a href=paths::settings("departments")>{DEPARTMENTS}</a></span>
            </p>
        })}
        {labelled(&cell, DEFAULT_DEPARTMENT, select(&cell, offered))}
    }
    .into_any()
}

pub fn look(draft: Draft) -> AnyView {
    fetched(move || {
        Box::pin(async move {
            let public = api::public().await?;
            Ok(draw(move || sketch(draft, public.clone())))
        })
    })
}

fn sketch(draft: Draft, public: Value) -> AnyView {
    let french = RwSignal::new(i18n::locale_untracked() == Locale::French);
    let department = RwSignal::new(String::new());
    let offered = json::list(json::part(&public, "/departments")).to_vec();
    let fields = json::list(json::part(&public, "/fields")).to_vec();
    let divided = fields.iter().any(|field| !json::list(json::part(field, "/departments")).is_empty());
    let known = offered.clone();
    let asked_for = divided.then(move || {
        let options = derive(move || {
            let mut options = vec![Choice::new("", NO_DEFAULT)];
            options.extend(choices(&offered, i18n::locale()));
            options
        });
        view! { <crate::ui::Select label=ASKED_FOR value=department choices=options chosen=move |id: String| department.set(id) /> }
    });
    let form = move || {
        let locale = if french.get() { Locale::French } else { Locale::English };
        let own = |at: &str, usual: [&str; 2]| {
            let own = draft.text(&format!("{at}/{locale}"));
            if own.is_empty() {
                usual.get(usize::from(french.get())).copied().unwrap_or_default().to_owned()
            } else {
                own
            }
        };
        let word = |words: i18n::Words| if french.get() { words.fr } else { words.en };
        let mut rows = vec![
            Sample::line(own("/title", ["Title", "Titre"]), "text", true),
            Sample::line(own("/message", ["Message", "Message"]), "long_text", true),
        ];
        let asked = [
            ("/department", DEPARTMENT, choices(&known, locale).into_iter().map(|it| it.label).collect()),
            ("/priority", PRIORITY, PRIORITY_WAYS.iter().map(|words| word(*words).to_owned()).collect::<Vec<_>>()),
        ];
        for (at, label, choices) in asked {
            let need = draft.text(at);
            if need != "off" {
                let row = Sample::line(word(label).to_owned(), "select", need == "required");
                rows.push(Sample { choices, ..row });
            }
        }
        let chosen = department.get();
        let belongs = |field: &&Value| {
            let own = json::list(json::part(field, "/departments"));
            own.is_empty() || own.iter().any(|id| id.as_str() == Some(chosen.as_str()))
        };
        rows.extend(fields.iter().filter(belongs).map(|field| Sample::of(field, locale)));
        samples(rows, locale, Some(word(SEND_SAMPLE)))
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || french.get() on:change=on(move |event| french.set(event_target_checked(&event))) />
            <span>{LOOK_FR}</span>
        </label>
        {asked_for}
        {dynamic(form)}
        <p class="quiet"><a href=paths::settings("fields")>{FIELDS}</a></p>
    }
    .into_any()
}
