//! The page in the reader's language: words with an English and a French side, plurals, dates.
//!
//! Invariant: whatever a person reads is a [`Words`], so neither language can lack a sentence. Rooms
//! keep their own in `words.rs`.

mod dates;

use std::sync::{Arc, LazyLock, Mutex};

use api_types::people::Locale;
use leptos::{
    prelude::*,
    tachys::{reactive_graph::SharedReactiveFunction, view::IntoRender},
};

pub use dates::{
    ZoneClock, calendar_day, count, day, elapsed, exact, in_words, milliseconds, moment_in, number, relative, roughly,
    size,
};

use crate::storage;

const REMEMBERED: &str = "locale";

static LOCALE: LazyLock<ArcRwSignal<Locale>> = LazyLock::new(|| ArcRwSignal::new(Locale::English));

/// Follows the language of the page.
pub fn locale() -> Locale {
    LOCALE.get()
}

pub fn locale_untracked() -> Locale {
    LOCALE.get_untracked()
}

/// Switches the page's language and remembers it in this browser.
pub fn speak(locale: Locale) {
    storage::keep_word(REMEMBERED, locale.as_str());
    show(locale);
}

/// The remembered language, else the first one of the browser's that we have.
pub fn speak_at_first() {
    let remembered = storage::word(REMEMBERED).and_then(|word| word.parse().ok());
    let preferred = || {
        window()
            .navigator()
            .languages()
            .iter()
            .filter_map(|tag| {
                let tag = tag.as_string()?;
                tag.split('-').next()?.to_ascii_lowercase().parse().ok()
            })
            .next()
    };
    show(remembered.or_else(preferred).unwrap_or(Locale::English));
}

fn show(locale: Locale) {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute("lang", locale.as_str()));
    }
    LOCALE.set(locale);
}

/// A sentence in both languages. In a view it stands for itself and follows the language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Words {
    pub en: &'static str,
    pub fr: &'static str,
}

impl Words {
    pub fn get(self) -> &'static str {
        match locale() {
            Locale::English => self.en,
            Locale::French => self.fr,
        }
    }

    /// The sentence with `{}` replaced.
    pub fn with(self, what: &str) -> String {
        self.get().replace("{}", what)
    }
}

type Sentence = SharedReactiveFunction<&'static str>;

impl IntoRender for Words {
    type Output = Sentence;

    fn into_render(self) -> Self::Output {
        Arc::new(Mutex::new(move || self.get()))
    }
}

impl leptos::attr::IntoAttributeValue for Words {
    type Output = Sentence;

    fn into_attribute_value(self) -> Self::Output {
        Arc::new(Mutex::new(move || self.get()))
    }
}

/// A sentence about a number; `{}` is the number, or what it counts.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub one: Words,
    pub other: Words,
}

impl Counted {
    pub fn of(self, number: u32) -> String {
        self.about(number, &count(number))
    }

    /// The sentence about so many, with what stands for them.
    pub fn about(self, number: u32, what: &str) -> String {
        let words = if dates::is_one(number) { self.one } else { self.other };
        words.with(what)
    }
}

/// A room's sentences: `NAME: "English", "French";`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $fr:literal;)+) => {
        $($(#[$doc])* pub const $name: $crate::i18n::Words = $crate::i18n::Words { en: $en, fr: $fr };)+
    };
}
pub(crate) use words;
