//! Response targets: how soon for each priority, counted in which hours, and what that means.

use std::time::Duration;

use api_types::{
    sla::{SlaPreview, SlaTargetKind},
    tickets::Priority,
};
use leptos::{ev, leptos_dom::helpers::debounce, prelude::*};
use serde_json::Value;

use super::{
    api,
    control::{Cell, notes},
    draft::Draft,
    hours,
    words::{
        DUE_NONE, DUE_NOT, EXAMPLE, FIRST_RESPONSE, HIGH, LOW, MEDIUM, NEXT_RESPONSE, RESOLUTION, TARGET_WRONG,
        TARGETS, TARGETS_HINT, TICKET_OF, UNIT, UNITS,
    },
};
use crate::{
    erased::{dynamic, effect, on, spawn},
    i18n::{self, Words},
    ui::Skeleton,
};

pub const PRIORITIES: [(Priority, Words); 3] =
    [(Priority::High, HIGH), (Priority::Medium, MEDIUM), (Priority::Low, LOW)];

pub const KINDS: [(SlaTargetKind, Words); 3] = [
    (SlaTargetKind::FirstResponse, FIRST_RESPONSE),
    (SlaTargetKind::NextResponse, NEXT_RESPONSE),
    (SlaTargetKind::Resolution, RESOLUTION),
];

pub fn more(draft: Draft) -> AnyView {
    let priorities: Vec<AnyView> =
        PRIORITIES.iter().map(|(priority, label)| targets(draft, *priority, *label)).collect();
    view! {
        <section class="section">
            <h2>{TARGETS}</h2>
            <p class="field-hint">{TARGETS_HINT}</p>
            {priorities}
        </section>
        {hours::more(draft)}
    }
    .into_any()
}

fn targets(draft: Draft, priority: Priority, label: Words) -> AnyView {
    let cells: Vec<AnyView> = KINDS
        .iter()
        .map(|(kind, words)| {
            target(Cell::new(draft, format!("/targets/{priority}/{kind}")).wrong(TARGET_WRONG), *words)
        })
        .collect();
    view! {
        <fieldset class="targets">
            <legend>{move || TICKET_OF.with(label.get())}</legend>
            {cells}
        </fieldset>
    }
    .into_any()
}

/// The largest unit that says so many minutes in whole numbers.
fn unit_of(minutes: f64) -> f64 {
    UNITS.iter().map(|(unit, _)| *unit).find(|unit| minutes % unit == 0.0).unwrap_or(1.0)
}

/// So much of a unit; empty for no target.
fn target(cell: Cell, label: Words) -> AnyView {
    let Cell { draft, at, .. } = cell.clone();
    let minutes = {
        let at = at.clone();
        move || draft.read(&at).as_f64()
    };
    let unit = RwSignal::new(untrack(&minutes).map_or(60.0, unit_of));
    let number = RwSignal::new(String::new());
    let meant =
        move || number.with_untracked(|it| it.trim().parse::<f64>().ok()).map(|it| (it * unit.get_untracked()).round());
    effect(move || {
        let now = minutes();
        if meant() != now {
            let new = now.map_or(60.0, unit_of);
            unit.set(new);
            number.set(now.map(|now| (now / new).to_string()).unwrap_or_default());
        }
    });
    let write = move || {
        #[expect(clippy::cast_possible_truncation, reason = "what is larger is refused by the server")]
        let value = meant().map_or(Value::Null, |minutes| (minutes as i64).into());
        draft.put(&at, value);
    };
    let again = write.clone();
    let typed = move |event: ev::Event| {
        number.set(event_target_value(&event));
        write();
    };
    let chosen = move |event: ev::Event| {
        unit.set(event_target_value(&event).parse().unwrap_or(60.0));
        again();
    };
    let options: Vec<AnyView> = UNITS
        .iter()
        .rev()
        .map(|(value, words)| {
            view! { <option value=value.to_string() prop:selected=move || unit.get() == *value>{*words}</option> }
                .into_any()
        })
        .collect();
    let fault = cell.fault();
    let id = cell.id();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="amount">
                <input
                    id=id.clone()
                    type="number"
                    min="0"
                    step="any"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-invalid=move || fault.get().is_some().to_string()
                    aria-describedby=format!("{id}-fault")
                    prop:value=move || number.get()
                    on:input=on(typed)
                />
                <select aria-label=move || format!("{}, {}", label.get(), UNIT.get()) on:change=on(chosen)>
                    {options}
                </select>
            </div>
            {notes(&cell)}
        </div>
    }
    .into_any()
}

/// What the settings would mean, by the server's own clock.
pub fn look(draft: Draft) -> AnyView {
    let shown: RwSignal<Option<Option<SlaPreview>>> = RwSignal::new(None);
    let mut ask = debounce(Duration::from_millis(350), move |sla: Value| {
        spawn(async move {
            // What is impossible is said at its field, when it is saved.
            let answer = api::preview_sla(hours::without_dateless(sla.clone())).await.ok();
            if draft.now.try_get_untracked() == Some(sla) {
                shown.try_set(Some(answer));
            }
        });
    });
    effect(move || ask(draft.now.get()));
    dynamic(move || match shown.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(None) => view! { <p class="quiet">{DUE_NOT}</p> }.into_any(),
        Some(Some(preview)) if preview.due.is_empty() => view! { <p class="quiet">{DUE_NONE}</p> }.into_any(),
        Some(Some(preview)) => due(&preview, &draft.text("/calendar/time_zone")),
    })
}

fn due(preview: &SlaPreview, zone: &str) -> AnyView {
    let say = |at| i18n::moment_in(at, zone);
    let of = |(priority, label): &(Priority, Words)| {
        let lines: Vec<AnyView> = KINDS
            .iter()
            .filter_map(|(kind, words)| {
                let due = preview.due.iter().find(|due| due.priority == *priority && due.kind == *kind)?;
                Some(view! { <dt>{*words}</dt> <dd>{say(due.due_at)}</dd> }.into_any())
            })
            .collect();
        let label = *label;
        (!lines.is_empty()).then(|| {
            view! {
                <h3>{move || TICKET_OF.with(label.get())}</h3>
                <dl class="facts">{lines}</dl>
            }
            .into_any()
        })
    };
    let priorities: Vec<AnyView> = PRIORITIES.iter().filter_map(of).collect();
    view! {
        <p>{EXAMPLE.with(&say(preview.written_at))}</p>
        {priorities}
    }
    .into_any()
}
