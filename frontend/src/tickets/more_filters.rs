//! Filters by custom fields, behind a disclosure: a desk has up to fifty of them.
//!
//! Invariant: what is filtered by stands in the URL, and whatever stands there is shown.

use api_types::fields::{Field, FieldFilter, FieldKind};
use leptos::{ev::Event, html, prelude::*};

use super::{
    custom,
    words::{ANSWER_FILTER, ANY_ANSWER, ANY_FIELD, FIELD_FILTER, MORE_FILTERS, NO, YES},
    workplace::Workplace,
};
use crate::{
    erased::{derive, dynamic, effect, memo, on, when},
    i18n::locale,
    ui::{Choice, Select},
};

#[component]
pub fn MoreFilters() -> impl IntoView {
    let here = Workplace::here();
    let asked = memo(move || here.address.with(|address| address.filter.field.clone()));
    // A field that is chosen filters nothing until there is an answer to look for.
    let chosen = RwSignal::new(String::new());
    effect(move || {
        if let Some(asked) = asked.get() {
            chosen.set(asked.key);
        }
    });
    let node = NodeRef::<html::Details>::new();
    effect(move || {
        if asked.with(Option::is_some)
            && let Some(details) = node.get()
        {
            details.set_open(true);
        }
    });
    let fields = derive(|| {
        let mut choices = vec![Choice::new("", ANY_FIELD)];
        let choice = |field: Field| Choice { value: field.key.to_string(), label: field.label(locale()).to_owned() };
        choices.extend(custom::all().into_iter().map(choice));
        choices
    });
    let choose = move |key: String| {
        chosen.set(key);
        here.filter(false, |filter| filter.field = None);
    };
    when(
        || !custom::all().is_empty(),
        move || {
            view! {
                <details class="more-filters" node_ref=node>
                    <summary class="button" data-size="small">{MORE_FILTERS}</summary>
                    <div class="filters">
                        <Select label=FIELD_FILTER hide_label=true value=chosen choices=fields chosen=choose />
                        {dynamic(move || {
                            let key = chosen.get();
                            custom::all().iter().find(|field| field.key.as_str() == key).map(|field| answer(here, field))
                        })}
                    </div>
                </details>
            }
        },
    )
}

/// Where the answer to look for is chosen or written.
fn answer(here: Workplace, field: &Field) -> AnyView {
    let key = field.key.to_string();
    let value = {
        let key = key.clone();
        memo(move || {
            here.address.with(|address| {
                let asked = address.filter.field.as_ref().filter(|asked| asked.key == key);
                asked.map(|asked| asked.value.clone()).unwrap_or_default()
            })
        })
    };
    let look = move |value: String| {
        let value = value.trim().to_owned();
        let asked = (!value.is_empty()).then(|| FieldFilter { key: key.clone(), value });
        here.filter(false, |filter| filter.field = asked);
    };
    let choices = match field.kind {
        FieldKind::Select | FieldKind::MultiSelect => field
            .choices
            .iter()
            .map(|choice| Choice { value: choice.key.to_string(), label: choice.label(locale()).to_owned() })
            .collect(),
        FieldKind::Checkbox => vec![Choice::new("true", YES), Choice::new("false", NO)],
        kind => {
            let kind = match kind {
                FieldKind::Date => "date",
                FieldKind::Number => "number",
                _ => "search",
            };
            return view! {
                <input
                    type=kind
                    step="any"
                    aria-label=ANSWER_FILTER
                    placeholder=ANSWER_FILTER
                    prop:value=value
                    on:change=on(move |event: Event| look(event_target_value(&event)))
                />
            }
            .into_any();
        }
    };
    let choices: Vec<Choice> = std::iter::once(Choice::new("", ANY_ANSWER)).chain(choices).collect();
    view! { <Select label=ANSWER_FILTER hide_label=true value choices=Signal::stored(choices) chosen=look /> }
        .into_any()
}
