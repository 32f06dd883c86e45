//! The editor: one article, a language at a time.
//!
//! Invariant: nothing written is lost by a reload, a look at the preview, the other language, or somebody
//! else's newer version.

use api_types::{
    articles::{ArticleSource, RevisionView, TextState},
    error::ErrorCode,
    people::Locale,
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    article::language,
    articles_page::state_chip,
    editor::{Editor, Note},
    editor_side::EditorSide,
    revisions::RevisionDialog,
    words::{
        BACK_TO_ARTICLES, BODY, BODY_HINT, CONFLICT, DISCARD, KEEP_MINE_SAID, LANGUAGE, NEW_ARTICLE,
        NOTHING_TO_PREVIEW, PREVIEW, PUBLISH, RESTORED, SAVE_DRAFT, SAVE_OVER, SEE_PAGE, SEE_THEIRS, TAKE_BACK, TITLE,
        UNSAVED, VIEW, WRITE,
    },
};
use crate::{
    address_bar,
    erased::{dynamic, memo, on, when},
    i18n::{self, Words},
    paths,
    shell::NotFoundPage,
    ui::{self, FormFailure, Glyph, Icon, TextArea, TextField, draw, fetched},
};

#[component]
pub fn EditorPage() -> impl IntoView {
    let path = untrack(address_bar::path);
    let slug = paths::slug_below(&path, paths::ARTICLES).map(str::to_owned);
    let asked = untrack(address_bar::query)("lang").and_then(|lang| lang.parse::<Locale>().ok());
    let created = Callback::new(|(slug, locale): (String, Locale)| {
        address_bar::replace(&paths::edit_article(&slug, locale.as_str()));
    });
    let Some(slug) = slug else {
        return view! { <Editing source=None locale=asked.unwrap_or_else(i18n::locale_untracked) created /> }
            .into_any();
    };
    fetched(move || {
        let slug = slug.clone();
        Box::pin(async move {
            match api::source(&slug).await {
                Ok(source) => Ok(draw(move || {
                    let has = |locale: &Locale| source.texts.iter().any(|text| text.locale == *locale);
                    let mine = i18n::locale_untracked();
                    let first = || source.texts.first().map_or(mine, |text| text.locale);
                    let locale = asked.unwrap_or_else(|| if has(&mine) { mine } else { first() });
                    view! { <Editing source=Some(source.clone()) locale created /> }.into_any()
                })),
                Err(failure) if failure.code() == Some(ErrorCode::NotFound) => {
                    Ok(draw(|| view! { <NotFoundPage /> }.into_any()))
                }
                Err(failure) => Err(failure),
            }
        })
    })
}

#[component]
fn Editing(source: Option<ArticleSource>, locale: Locale, created: Callback<(String, Locale)>) -> impl IntoView {
    let is_new = source.is_none();
    let editor = Editor::begin(source, locale, created);
    let heading = move || {
        let saved = editor.newest().map(|text| text.revision.title);
        saved
            .or_else(|| Some(editor.title.get()).filter(|it| !it.is_empty()))
            .unwrap_or_else(|| NEW_ARTICLE.get().to_owned())
    };
    ui::title_page(heading);
    let preview = RwSignal::new(false);
    let theirs = RwSignal::new(None);
    let form = editor.form;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        editor.save(false);
    };
    view! {
        <div class="editor">
            <header class="editor-head">
                <p class="crumbs">
                    <a href=paths::ARTICLES>{BACK_TO_ARTICLES}</a>
                </p>
                <h1 tabindex="-1">{heading}</h1>
                <div class="editor-line">
                    <Languages editor />
                    {dynamic(move || state_chip(editor.newest().map(|text| text.state)))}
                    {when(move || editor.dirty(), || view! { <span class="chip" data-tone="accent">{UNSAVED}</span> })}
                </div>
            </header>
            <form class="editor-form" novalidate node_ref=form.node on:submit=on(submit)>
                <Notes editor theirs />
                <Views preview />
                {when(move || !preview.get(), move || view! {
                    <TextField form name="title" label=TITLE value=editor.title />
                    <TextArea form name="body_markdown" label=BODY hint=BODY_HINT value=editor.body rows=16 />
                })}
                {when(move || preview.get(), move || shown(editor))}
                <FormFailure form />
                <Acts editor />
            </form>
            <EditorSide editor is_new theirs />
            <RevisionDialog editor shown=theirs />
        </div>
    }
}

#[component]
fn Languages(editor: Editor) -> impl IntoView {
    let tab = move |locale: Locale| {
        view! {
            <button
                type="button"
                lang=locale.as_str()
                aria-pressed=move || (editor.locale.get() == locale).to_string()
                on:click=on(move |_| editor.turn_to(locale))
            >
                {language(locale)}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=LANGUAGE>
            {tab(Locale::English)} {tab(Locale::French)}
        </div>
    }
}

#[component]
fn Views(preview: RwSignal<bool>) -> impl IntoView {
    let tab = move |wanted: bool, label: Words| {
        view! {
            <button
                type="button"
                aria-pressed=move || (preview.get() == wanted).to_string()
                on:click=on(move |_| preview.set(wanted))
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=VIEW>
            {tab(false, WRITE)} {tab(true, PREVIEW)}
        </div>
    }
}

/// As readers will see it.
fn shown(editor: Editor) -> AnyView {
    let (title, markdown) = (editor.title.get_untracked(), editor.body.get_untracked());
    let lang = editor.locale.get_untracked().as_str();
    if markdown.trim().is_empty() {
        return view! { <p class="quiet preview">{NOTHING_TO_PREVIEW}</p> }.into_any();
    }
    fetched(move || {
        let (title, markdown) = (title.clone(), markdown.clone());
        Box::pin(async move {
            let html = api::preview(markdown).await?.body_html;
            Ok(draw(move || {
                view! {
                    <div class="preview" lang=lang>
                        <h2 class="reader-title">{title.clone()}</h2>
                        <div class="prose article-body" inner_html=html.clone()></div>
                    </div>
                }
                .into_any()
            }))
        })
    })
}

#[component]
fn Notes(editor: Editor, theirs: RwSignal<Option<RevisionView>>) -> impl IntoView {
    let button = move |label: Words, pressed: fn(Editor, RwSignal<Option<RevisionView>>)| {
        view! {
            <button class="button" data-size="small" type="button" on:click=on(move |_| pressed(editor, theirs))>
                {label}
            </button>
        }
    };
    view! {
        <div role="status">
            {dynamic(move || match editor.note.get() {
                None => ().into_any(),
                Some(Note::Restored) => view! {
                    <div class="notice" data-tone="accent">
                        <span>{RESTORED}</span>
                        {button(DISCARD, |editor, _| editor.discard())}
                    </div>
                }
                .into_any(),
                Some(Note::Conflict) => view! {
                    <div class="notice" data-tone="bad">
                        <Icon glyph=Glyph::Alert />
                        <span>{CONFLICT}</span>
                        {button(SEE_THEIRS, |editor, theirs| theirs.set(untrack(|| editor.newest()).map(|text| text.revision)))}
                        {button(SAVE_OVER, |editor, _| editor.keep_mine())}
                    </div>
                }
                .into_any(),
                Some(Note::KeepMine) => view! { <p class="notice">{KEEP_MINE_SAID}</p> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn Acts(editor: Editor) -> impl IntoView {
    let state = memo(move || editor.newest().map(|text| text.state));
    let public = move || matches!(state.get(), Some(TextState::Published | TextState::Changed));
    let publishable = move || state.get() != Some(TextState::Published) || editor.dirty();
    let busy = move || editor.form.busy().to_string();
    view! {
        <div class="editor-acts">
            {when(publishable, move || view! {
                <button
                    class="button"
                    data-kind="primary"
                    type="button"
                    aria-disabled=busy
                    on:click=on(move |_| editor.save(true))
                >
                    {PUBLISH}
                </button>
            })}
            {when(move || editor.dirty(), move || view! {
                <button class="button" type="submit" aria-disabled=busy>
                    {SAVE_DRAFT}
                </button>
            })}
            {when(public, move || view! {
                <a class="button" data-kind="plain" href=move || paths::article(&editor.slug(), editor.locale.get().as_str(), "")>
                    {SEE_PAGE}
                </a>
                <button class="button" data-kind="plain-danger" type="button" aria-disabled=busy on:click=on(move |_| editor.take_back())>
                    {TAKE_BACK}
                </button>
            })}
        </div>
    }
}
