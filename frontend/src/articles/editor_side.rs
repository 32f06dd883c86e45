//! Beside the text: where the article stands, what its text was before, and its end.

use api_types::articles::{ArticleChange, ArticleSource, Categories, RevisionView};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    editor::Editor,
    revisions::Revisions,
    words::{
        CATEGORY, DELETE, DELETE_ACT, DELETE_TITLE, DELETE_WHAT, DELETED, NO_CATEGORY, POSITION, REVISIONS, SAVE,
        SETTINGS, SETTINGS_SAVED, SLUG, SLUG_HINT,
    },
};
use crate::{
    address_bar,
    erased::{derive, on, spawn},
    i18n, paths,
    ui::{Choice, Confirm, Form, FormFailure, Glyph, Icon, Select, SubmitButton, TextField, toast},
};

#[component]
pub fn EditorSide(editor: Editor, is_new: bool, theirs: RwSignal<Option<RevisionView>>) -> impl IntoView {
    if is_new {
        return view! {
            <aside class="editor-side">
                <CategorySelect editor />
            </aside>
        }
        .into_any();
    }
    view! {
        <aside class="editor-side">
            <Settings editor />
            <section class="section">
                <h2>{REVISIONS}</h2>
                <Revisions editor shown=theirs />
            </section>
            <Deletion editor />
        </aside>
    }
    .into_any()
}

#[component]
fn CategorySelect(editor: Editor) -> impl IntoView {
    let known: RwSignal<Categories> = RwSignal::default();
    spawn(async move {
        if let Ok(found) = api::categories().await {
            known.try_set(found);
        }
    });
    let choices = derive(move || {
        let english = i18n::locale() == api_types::people::Locale::English;
        let mut choices = vec![Choice::new("", NO_CATEGORY)];
        choices.extend(
            known
                .get()
                .items
                .into_iter()
                .map(|it| Choice { value: it.id.to_string(), label: if english { it.name_en } else { it.name_fr } }),
        );
        choices
    });
    let value = derive(move || editor.category.get().map(|id| id.to_string()).unwrap_or_default());
    let chosen = move |word: String| editor.category.set(word.parse().ok());
    view! { <Select label=CATEGORY value choices chosen /> }
}

#[component]
fn Settings(editor: Editor) -> impl IntoView {
    let (before, place) = editor.source.with_untracked(|source| {
        source.as_ref().map(|it| (it.slug.clone(), it.position.to_string())).unwrap_or_default()
    });
    let (slug, position) = (RwSignal::new(before.clone()), RwSignal::new(place));
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = ArticleChange {
            slug: Some(slug.get_untracked().trim().to_owned().into()),
            category_id: Some(editor.category.get_untracked()),
            position: position.get_untracked().trim().parse().ok(),
        };
        let before = untrack(|| editor.slug());
        form.run(api::change(before.clone(), change), move |source: ArticleSource| {
            let moved = source.slug != before;
            let to = paths::edit_article(&source.slug, editor.locale.get_untracked().as_str());
            editor.source.set(Some(source));
            toast::say(SETTINGS_SAVED);
            if moved {
                address_bar::replace(&to);
            }
        });
    };
    view! {
        <form class="section" novalidate node_ref=form.node on:submit=on(submit)>
            <h2>{SETTINGS}</h2>
            <CategorySelect editor />
            <TextField form name="position" label=POSITION value=position kind="number" />
            <TextField form name="slug" label=SLUG hint=SLUG_HINT value=slug />
            <FormFailure form />
            <SubmitButton form label=SAVE />
        </form>
    }
}

#[component]
fn Deletion(editor: Editor) -> impl IntoView {
    let open = RwSignal::new(false);
    let form = Form::new();
    let title = move || editor.newest().map(|text| text.revision.title).unwrap_or_else(|| editor.slug());
    let erase = move |()| {
        form.run(api::erase(untrack(|| editor.slug())), move |()| {
            editor.discard();
            toast::say(DELETED);
            address_bar::go(paths::ARTICLES);
        });
    };
    view! {
        <div class="section">
            <button class="button" data-kind="plain-danger" type="button" on:click=on(move |_| open.set(true))>
                <Icon glyph=Glyph::Trash />
                {DELETE}
            </button>
            <Confirm
                open
                id="delete-article"
                title=DELETE_TITLE
                act=DELETE_ACT
                dangerous=true
                form
                confirmed=erase
            >
                <p>{move || DELETE_WHAT.with(&title())}</p>
            </Confirm>
        </div>
    }
}
