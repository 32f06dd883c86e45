//! A form as customers will see it, drawn and not to be filled in.

use api_types::people::Locale;
use leptos::prelude::*;
use serde_json::Value;

use super::{
    json,
    words::{CHOOSE, SAMPLE_OPTIONAL},
};

/// What is not written yet has a place all the same.
fn or_place(words: &str) -> String {
    if words.trim().is_empty() { "…".to_owned() } else { words.to_owned() }
}

/// One field of the sketch.
pub struct Sample {
    pub label: String,
    pub help: String,
    pub required: bool,
    /// As the API names kinds.
    pub kind: String,
    pub choices: Vec<String>,
}

impl Sample {
    pub fn line(label: String, kind: &str, required: bool) -> Self {
        Self { label, help: String::new(), required, kind: kind.to_owned(), choices: Vec::new() }
    }

    /// A custom field in a language.
    pub fn of(field: &Value, locale: Locale) -> Self {
        let word = |at: &str| json::word(field, &format!("{at}{locale}")).to_owned();
        let choices = json::list(json::part(field, "/choices")).iter().filter(|choice| !json::flag(choice, "/retired"));
        Self {
            label: or_place(&word("/label_")),
            help: word("/help_"),
            required: json::flag(field, "/required"),
            kind: json::word(field, "/kind").to_owned(),
            choices: choices.map(|choice| or_place(json::word(choice, &format!("/{locale}")))).collect(),
        }
    }

    pub fn draw(self, locale: Locale) -> AnyView {
        let Self { label, help, required, kind, choices } = self;
        let english = locale == Locale::English;
        let say = move |words: crate::i18n::Words| if english { words.en } else { words.fr };
        let optional = (!required && kind != "checkbox")
            .then(|| view! { <span class="quiet">" (" {say(SAMPLE_OPTIONAL)} ")"</span> });
        let several = kind == "multi_select";
        let body = match kind.as_str() {
            "checkbox" => {
                view! { <span class="sample-line"><span class="sample-tick"></span>{label.clone()}</span> }.into_any()
            }
            "multi_select" => {
                let line = |choice: String| {
                    view! { <span class="sample-line"><span class="sample-tick"></span>{choice}</span> }.into_any()
                };
                choices.into_iter().map(line).collect::<Vec<_>>().into_any()
            }
            "select" => {
                let offered = choices.join(" · ");
                view! {
                    <span class="sample-box" data-kind="select">{say(CHOOSE)}</span>
                    <span class="field-hint">{offered}</span>
                }
                .into_any()
            }
            "long_text" => view! { <span class="sample-box" data-kind="long_text"></span> }.into_any(),
            "date" => {
                view! { <span class="sample-box quiet">{if english { "dd/mm/yyyy" } else { "jj/mm/aaaa" }}</span> }
                    .into_any()
            }
            "url" => view! { <span class="sample-box quiet">"https://"</span> }.into_any(),
            _ => view! { <span class="sample-box"></span> }.into_any(),
        };
        let name = (kind != "checkbox").then(|| view! { <strong class="sample-name">{label} {optional}</strong> });
        view! {
            <div class="sample" data-several=several.to_string()>
                {name}
                {body}
                {(!help.is_empty()).then(|| view! { <span class="field-hint">{help}</span> })}
            </div>
        }
        .into_any()
    }
}

/// A form of such fields.
pub fn samples(samples: Vec<Sample>, locale: Locale, button: Option<&'static str>) -> AnyView {
    let rows: Vec<AnyView> = samples.into_iter().map(|sample| sample.draw(locale)).collect();
    view! {
        <div class="look-card samples" lang=locale.as_str()>
            {rows}
            {button.map(|button| view! { <span class="sample-button">{button}</span> })}
        </div>
    }
    .into_any()
}
