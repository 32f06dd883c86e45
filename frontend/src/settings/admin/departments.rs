//! Departments: their names, their order and their people.

use api_types::people::PersonRef;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    api,
    control::{Cell, checks},
    draft::Draft,
    json::{self, word},
    page::beside,
    sample::{Sample, samples},
    sheet::sheet,
    spec::{self, Kind, Spec},
    things::Things,
    words::{
        ADD_DEPARTMENT, ALL_DEPARTMENTS, DEPARTMENT, DEPARTMENT_ADDED, DEPARTMENT_CROWDED, DEPARTMENT_KEPT,
        DEPARTMENT_NAME, DEPARTMENT_PEOPLE, DEPARTMENT_PEOPLE_HINT, LOOK, NAME_TAKEN, NO_DEPARTMENTS_YET, NO_PEOPLE,
        SAVED, TOO_MANY_DEPARTMENTS,
    },
};
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, when},
    i18n, paths,
    shell::NotFoundPage,
    ui::{Glyph, Icon, draw, fetched, toast},
};

const PATH: &str = "/admin/departments";

const SPECS: &[Spec] =
    &[spec::spec("/name_en", DEPARTMENT_NAME, Kind::Both { french: "/name_fr", usual: ["", ""], needed: true })
        .wrong(NAME_TAKEN)];

pub fn page() -> AnyView {
    fetched(|| {
        Box::pin(async {
            let (found, team) = (api::things(PATH).await?, api::team().await?);
            Ok::<_, Failure>(draw(move || {
                let things =
                    Things::new("departments", PATH, "name_", [DEPARTMENT_KEPT, DEPARTMENT_CROWDED], found.clone());
                let team = team.clone();
                dynamic(move || match address_bar::query()("edit") {
                    None => list(things),
                    Some(id) => editor(things, &id, &team),
                })
            }))
        })
    })
}

fn list(things: Things) -> AnyView {
    view! {
        <div class="settings-list">
            {when(move || things.items.with(Vec::is_empty), || view! { <p class="quiet">{NO_DEPARTMENTS_YET}</p> })}
            {things.list(people)}
            <a class="button" data-kind="primary" href=paths::setting("departments", "new")>
                <Icon glyph=Glyph::Plus />
                {ADD_DEPARTMENT}
            </a>
        </div>
    }
    .into_any()
}

fn people(department: &Value) -> AnyView {
    let names: Vec<&str> = json::list(json::part(department, "/people")).iter().map(|it| word(it, "/name")).collect();
    let names = names.join(", ");
    view! { <span class="quiet">{if names.is_empty() { NO_PEOPLE.get().to_owned() } else { names }}</span> }.into_any()
}

fn editor(things: Things, id: &str, team: &[PersonRef]) -> AnyView {
    let known = things.find(id);
    if known.is_none() && id != "new" {
        return view! { <NotFoundPage /> }.into_any();
    }
    let (id, own, is_new) = (id.to_owned(), id.to_owned(), known.is_none());
    let of = |item: &Value| {
        let people: Vec<Value> =
            json::list(json::part(item, "/people")).iter().map(|it| json::part(it, "/id").clone()).collect();
        json!({ "name_en": word(item, "/name_en"), "name_fr": word(item, "/name_fr"), "people": people })
    };
    let draft = Draft::begin(format!("departments/{id}"), "", of(&known.unwrap_or_default()));
    let save = move || {
        let (value, id) = (draft.now.get_untracked(), id.clone());
        let sent = value.clone();
        let call = async move {
            if is_new { api::add_thing(PATH, value).await } else { api::change_thing(PATH, id, value).await }
        };
        draft.form.run(call, move |item: Value| {
            draft.settle(&sent, of(&if is_new { Value::Null } else { item.clone() }));
            things.take(item);
            toast::say(if is_new { DEPARTMENT_ADDED } else { SAVED });
            if is_new {
                address_bar::go(&paths::settings("departments"));
            }
        });
    };
    let choices = team.iter().map(|person| (person.id.to_string(), person.name.clone())).collect();
    let people = Cell::new(draft, "/people".to_owned()).hint(DEPARTMENT_PEOPLE_HINT);
    let body = view! {
        {spec::fields(draft, SPECS)}
        {checks(&people, DEPARTMENT_PEOPLE, choices)}
    }
    .into_any();
    let look = dynamic(move || {
        let locale = i18n::locale();
        let others = things.items.with(|items| {
            let open = items.iter().filter(|it| !json::flag(it, "/retired") && word(it, "/id") != own);
            open.map(|it| word(it, &format!("/name_{locale}")).to_owned()).collect::<Vec<_>>()
        });
        let mut choices = others;
        choices.extend(Some(draft.text(&format!("/name_{locale}"))).filter(|name| !name.trim().is_empty()));
        let row = Sample::line(DEPARTMENT.get().to_owned(), "select", true);
        samples(vec![Sample { choices, ..row }], locale, None)
    });
    view! {
        <p class="crumbs"><a href=paths::settings("departments")>{ALL_DEPARTMENTS}</a></p>
        {beside(sheet(draft, Some(TOO_MANY_DEPARTMENTS), save, body), LOOK, look)}
    }
    .into_any()
}
