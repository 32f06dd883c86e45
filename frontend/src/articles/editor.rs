//! An article in the editor: what the server has, what is written, and how the two come together.
//!
//! Invariant: what is written is never replaced by what the server has, except when the writer asks for it.

use api_types::{
    articles::{ArticleSource, ArticleText, CategoryId, NewArticle, RevisionId, RevisionView, TextChange},
    error::ErrorCode,
    people::Locale,
};
use leptos::prelude::*;

use super::{
    api,
    unsaved::{self, Unsaved},
    words::{NOW_PUBLISHED, SAVED, TAKEN_BACK},
};
use crate::{
    api::Failure,
    erased::effect,
    i18n::Words,
    storage,
    ui::{Form, toast},
};

/// What the writer has to know before going on.
#[derive(Clone, Copy, PartialEq)]
pub enum Note {
    /// What was written at another time is back.
    Restored,
    /// The server has a newer text than the one that was edited.
    Conflict,
    /// The writer has seen that, and goes on with their own.
    KeepMine,
}

#[derive(Clone, Copy)]
pub struct Editor {
    /// Absent for an article that is not there yet.
    pub source: RwSignal<Option<ArticleSource>>,
    pub locale: RwSignal<Locale>,
    pub title: RwSignal<String>,
    pub body: RwSignal<String>,
    pub category: RwSignal<Option<CategoryId>>,
    pub note: RwSignal<Option<Note>>,
    pub form: Form,
    based_on: StoredValue<Option<RevisionId>>,
    created: Callback<(String, Locale)>,
}

impl Editor {
    /// `created` hears the address of a new article.
    pub fn begin(source: Option<ArticleSource>, locale: Locale, created: Callback<(String, Locale)>) -> Self {
        let editor = Self {
            category: RwSignal::new(source.as_ref().and_then(|source| source.category_id)),
            source: RwSignal::new(source),
            locale: RwSignal::new(locale),
            title: RwSignal::default(),
            body: RwSignal::default(),
            note: RwSignal::default(),
            form: Form::new(),
            based_on: StoredValue::default(),
            created,
        };
        editor.load(true);
        effect(move || editor.keep());
        editor
    }

    /// The newest text of the language that is edited; follows it.
    pub fn newest(self) -> Option<ArticleText> {
        let locale = self.locale.get();
        self.source.with(|source| source.as_ref()?.texts.iter().find(|text| text.locale == locale).cloned())
    }

    pub fn slug(self) -> String {
        self.source.with(|source| source.as_ref().map(|source| source.slug.clone()).unwrap_or_default())
    }

    /// Whether something is written that the server has not.
    pub fn dirty(self) -> bool {
        let (title, body) = self.newest().map(|it| (it.revision.title, it.revision.body_markdown)).unwrap_or_default();
        self.title.with(|it| it.trim() != title) || self.body.with(|it| it.trim() != body.trim())
    }

    pub fn turn_to(self, locale: Locale) {
        if self.locale.get_untracked() != locale {
            self.form.clear();
            self.locale.set(locale);
            self.load(true);
        }
    }

    /// Takes what the server has in the place of what is written.
    pub fn discard(self) {
        self.load(false);
    }

    /// Puts a revision into the editor. With the newest one, a conflict is over.
    pub fn restore(self, revision: RevisionView) {
        if untrack(|| self.newest()).is_some_and(|text| text.revision.id == revision.id) {
            self.based_on.set_value(Some(revision.id));
            self.note.set(None);
        }
        self.put(revision.title, revision.body_markdown);
    }

    fn put(self, title: String, body: String) {
        self.title.set(title);
        self.body.set(body);
    }

    /// Goes on from the newer text, with one's own words.
    pub fn keep_mine(self) {
        self.based_on.set_value(untrack(|| self.newest()).map(|text| text.revision.id));
        self.note.set(Some(Note::KeepMine));
    }

    fn load(self, with_unsaved: bool) {
        let newest = untrack(|| self.newest()).map(|text| text.revision);
        let (slug, locale) = (untrack(|| self.slug()), self.locale.get_untracked());
        let server_has = newest.as_ref().map(|it| it.id);
        let (title, body) = newest.map(|it| (it.title, it.body_markdown)).unwrap_or_default();
        let kept = unsaved::read(&slug, locale).filter(|_| with_unsaved);
        let kept = kept.filter(|kept| kept.title.trim() != title || kept.body.trim() != body.trim());
        self.note.set(kept.as_ref().map(
            |kept| {
                if kept.based_on == server_has { Note::Restored } else { Note::Conflict }
            },
        ));
        let kept = kept.unwrap_or(Unsaved { title, body, based_on: server_has });
        self.based_on.set_value(kept.based_on);
        self.put(kept.title, kept.body);
    }

    fn keep(self) {
        let place = unsaved::place(&self.slug(), self.locale.get());
        if self.dirty() {
            let (title, body) = (self.title.get(), self.body.get());
            storage::keep(&place, &Unsaved { title, body, based_on: self.based_on.get_value() });
        } else {
            storage::forget(&place);
        }
    }

    pub fn save(self, publish: bool) {
        let (slug, locale) = (untrack(|| self.slug()), self.locale.get_untracked());
        let said = if publish { NOW_PUBLISHED } else { SAVED };
        if slug.is_empty() {
            self.create(publish, said);
            return;
        }
        if !untrack(|| self.dirty()) {
            if publish {
                self.form.run(api::publish(slug, locale), move |source| self.accept(source, said));
            }
            return;
        }
        let change = TextChange {
            title: self.title.get_untracked().into(),
            body_markdown: self.body.get_untracked().into(),
            based_on: self.based_on.get_value(),
            publish,
        };
        let call = async move {
            match api::save(slug.clone(), locale, change).await {
                // Nothing is lost by looking at what the other has written.
                Err(failure) if failure.code() == Some(ErrorCode::TextChanged) => {
                    api::source(&slug).await.map(|source| (source, false))
                }
                answer => answer.map(|source| (source, true)),
            }
        };
        self.form.run(call, move |(source, saved)| {
            if saved {
                self.accept(source, said);
            } else {
                self.source.set(Some(source));
                self.note.set(Some(Note::Conflict));
            }
        });
    }

    pub fn take_back(self) {
        let call = api::take_back(untrack(|| self.slug()), self.locale.get_untracked());
        self.form.run(call, move |source| self.accept(source, TAKEN_BACK));
    }

    fn create(self, publish: bool, said: Words) {
        let locale = self.locale.get_untracked();
        let new = NewArticle {
            slug: None,
            category_id: self.category.get_untracked(),
            locale,
            title: self.title.get_untracked().into(),
            body_markdown: self.body.get_untracked().into(),
            publish,
        };
        let call = async move { Ok::<_, Failure>(api::create(new).await?.slug) };
        self.form.run(call, move |slug| {
            storage::forget(&unsaved::place("", locale));
            toast::say(said);
            self.created.try_run((slug, locale));
        });
    }

    fn accept(self, source: ArticleSource, said: Words) {
        self.source.set(Some(source));
        self.based_on.set_value(untrack(|| self.newest()).map(|text| text.revision.id));
        self.note.set(None);
        toast::say(said);
    }
}
