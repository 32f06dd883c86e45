//! The subjects of the help centre, in both languages.

use api_types::articles::{CategoryChange, CategoryId, CategoryView, NewCategory};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    words::{
        ADD_CATEGORY, CATEGORIES, CATEGORY_ADDED, CATEGORY_LEAD, CATEGORY_REMOVED, CATEGORY_SAVED, CLOSE, NAME_EN,
        NAME_FR, REMOVE, REMOVE_CATEGORY, RENAME,
    },
};
use crate::{
    erased::{on, spawn, when},
    i18n::Words,
    ui::{self, Dialog, Form, FormFailure, SubmitButton, TextField, draw, fetched, toast},
};

#[component]
pub fn CategoriesDialog(open: RwSignal<bool>, changed: RwSignal<()>) -> impl IntoView {
    view! {
        <Dialog open id="categories" title=CATEGORIES>
            {when(move || open.get(), move || {
                view! {
                    <p class="quiet">{CATEGORY_LEAD}</p>
                    {fetched(move || {
                        changed.track();
                        Box::pin(async move {
                            let found = api::categories().await?.items;
                            Ok(draw(move || {
                                found.iter().map(|it| line(it, changed)).collect::<Vec<_>>().into_any()
                            }))
                        })
                    })}
                    <Add changed />
                }
            })}
            <div class="dialog-actions">
                <button class="button" type="button" on:click=on(move |_| open.set(false))>
                    {CLOSE}
                </button>
            </div>
        </Dialog>
    }
}

fn line(category: &CategoryView, changed: RwSignal<()>) -> AnyView {
    let CategoryView { id, name_en, name_fr, .. } = category.clone();
    let (en, fr) = (RwSignal::new(name_en.clone()), RwSignal::new(name_fr.clone()));
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = CategoryChange {
            name_en: Some(en.get_untracked().into()),
            name_fr: Some(fr.get_untracked().into()),
            position: None,
        };
        form.run(api::change_category(id, change), move |_| said(CATEGORY_SAVED, changed));
    };
    let (before, name) = ((name_en.clone(), name_fr), name_en);
    let touched = move || (en.get(), fr.get()) != before;
    view! {
        <form class="category-line" novalidate node_ref=form.node on:submit=on(submit)>
            <input aria-label=NAME_EN lang="en" maxlength="60" bind:value=en />
            <input aria-label=NAME_FR lang="fr" maxlength="60" bind:value=fr />
            {when(touched.clone(), move || view! { <SubmitButton form label=RENAME /> })}
            {when(move || !touched(), move || {
                let name = name.clone();
                view! {
                    <button
                        class="button"
                        data-kind="plain-danger"
                        type="button"
                        aria-label=move || REMOVE_CATEGORY.with(&name)
                        on:click=on(move |_| remove(id, changed))
                    >
                        {REMOVE}
                    </button>
                }
            })}
            <FormFailure form />
        </form>
    }
    .into_any()
}

fn remove(id: CategoryId, changed: RwSignal<()>) {
    spawn(async move {
        match api::remove_category(id).await {
            Ok(()) => said(CATEGORY_REMOVED, changed),
            Err(failure) => ui::failed(&failure),
        }
    });
}

#[component]
fn Add(changed: RwSignal<()>) -> impl IntoView {
    let (en, fr) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let new = NewCategory { slug: None, name_en: en.get_untracked().into(), name_fr: fr.get_untracked().into() };
        form.run(api::add_category(new), move |_| {
            en.set(String::new());
            fr.set(String::new());
            said(CATEGORY_ADDED, changed);
        });
    };
    view! {
        <form class="section" novalidate node_ref=form.node on:submit=on(submit)>
            <div class="pair">
                <TextField form name="name_en" label=NAME_EN value=en />
                <TextField form name="name_fr" label=NAME_FR value=fr />
            </div>
            <FormFailure form />
            <SubmitButton form label=ADD_CATEGORY />
        </form>
    }
}

fn said(words: Words, changed: RwSignal<()>) {
    toast::say(words);
    changed.try_set(());
}
