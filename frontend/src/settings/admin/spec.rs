//! A field of a form, as a line of a table.
//!
//! Invariant: whoever can be refused says why in both languages, at the field.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    control::{Cell, Means, area, input, labelled, radios, switch},
    draft::Draft,
    words::{IN_ENGLISH, IN_FRENCH},
};
use crate::{erased::when, i18n::Words};

/// One way to choose; its value is empty for what is absent.
#[derive(Clone, Copy)]
pub struct Way {
    pub value: &'static str,
    pub label: Words,
    pub hint: Option<Words>,
}

pub const fn way(value: &'static str, label: Words) -> Way {
    Way { value, label, hint: None }
}

impl Way {
    pub const fn hint(self, hint: Words) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

#[derive(Clone, Copy)]
pub enum Kind {
    /// A line that has to say something.
    Line,
    /// A line in each language; the second is at this place.
    Both {
        french: &'static str,
        /// What stands there while nothing is said, in English and French.
        usual: [&'static str; 2],
        needed: bool,
    },
    /// Markdown in one language, or nothing.
    Markdown(&'static str),
    /// A whole number, or nothing.
    Count,
    Switch,
    One(&'static [Way]),
}

#[derive(Clone, Copy)]
pub struct Spec {
    pub at: &'static str,
    pub label: Words,
    pub kind: Kind,
    hint: Option<Words>,
    wrong: Option<Words>,
    shown: fn(&Value) -> bool,
}

pub const fn spec(at: &'static str, label: Words, kind: Kind) -> Spec {
    Spec { at, label, kind, hint: None, wrong: None, shown: |_| true }
}

impl Spec {
    pub const fn hint(self, hint: Words) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Why the server would find it impossible.
    pub const fn wrong(self, wrong: Words) -> Self {
        Self { wrong: Some(wrong), ..self }
    }

    /// Only while the rest of the topic makes it matter.
    pub const fn when(self, shown: fn(&Value) -> bool) -> Self {
        Self { shown, ..self }
    }

    fn draw(self, draft: Draft) -> AnyView {
        let Self { label, hint, wrong, .. } = self;
        let cell = |at: &str| Cell { draft, at: at.to_owned(), hint: None, wrong };
        let whole = Cell { hint, ..cell(self.at) };
        match self.kind {
            Kind::Line => labelled(&whole, label, input(&whole, "text", Means::Text, "", "")),
            Kind::Count => labelled(&whole, label, input(&whole, "number", Means::Count, "", "")),
            Kind::Markdown(lang) => labelled(&whole, label, area(&whole, lang)),
            Kind::Switch => switch(&whole, label),
            Kind::One(ways) => radios(&whole, label, ways),
            Kind::Both { french, usual: [en, fr], needed } => {
                let means = if needed { Means::Text } else { Means::Words };
                let sides = [(self.at, IN_ENGLISH, en, "en"), (french, IN_FRENCH, fr, "fr")];
                let sides = sides.map(|(at, label, usual, lang)| {
                    let cell = cell(at);
                    labelled(&cell, label, input(&cell, "text", means, usual, lang))
                });
                view! {
                    <fieldset class="both">
                        <legend>{label}</legend>
                        <div class="pair">{sides.into_iter().collect::<Vec<_>>()}</div>
                        <p class="field-hint">{hint.map(|hint| view! { {hint} })}</p>
                    </fieldset>
                }
                .into_any()
            }
        }
    }
}

/// The fields of a form, one below the other.
pub fn fields(draft: Draft, specs: &'static [Spec]) -> AnyView {
    let one = |spec: &'static Spec| when(move || draft.now.with(spec.shown), move || spec.draw(draft));
    specs.iter().map(one).collect::<Vec<_>>().into_any()
}
