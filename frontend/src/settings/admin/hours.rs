//! The hours in which the clock runs: windows of each day, the time zone, and the days on which the team is closed.

use js_sys::{Array, Function, Intl, Reflect};
use leptos::{ev, prelude::*};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;

use super::{
    control::{Cell, Means, input, labelled, notes, select},
    draft::Draft,
    json as part,
    words::{
        ADD_HOLIDAY, ADD_WINDOW, ALWAYS, CLOSED, DATE, DAYS, FROM, HOLIDAY_NAME, HOLIDAYS, HOLIDAYS_HINT,
        HOLIDAYS_WRONG, HOURS, HOURS_HINT, HOURS_NEVER, HOURS_WRONG, IT_IS_NOW, LIKE_MONDAY, OFFICE_HOURS, REMOVE,
        TIME_ZONE, TIME_ZONE_HINT, TIME_ZONE_WRONG, TO, WHOLE_DAY, WINDOW,
    },
};
use crate::{
    erased::{derive, dynamic, memo, on},
    i18n::{self, Words},
    pulse,
    ui::{self, Choice, Glyph, Icon},
};

const HOURS_AT: &str = "/calendar/hours";
const HOLIDAYS_AT: &str = "/calendar/holidays";
const ZONE_AT: &str = "/calendar/time_zone";

/// A line that was added and left empty is no holiday.
pub fn without_blank_lines(sla: &mut Value) {
    let says = |day: &Value| ["/date", "/name"].iter().any(|at| !part::word(day, at).trim().is_empty());
    part::retain(sla, HOLIDAYS_AT, says);
}

/// As it would be without the holidays that have no date yet.
pub fn without_dateless(mut sla: Value) -> Value {
    part::retain(&mut sla, HOLIDAYS_AT, |day| !part::word(day, "/date").is_empty());
    sla
}

pub fn more(draft: Draft) -> AnyView {
    let days: Vec<AnyView> = DAYS.iter().map(|(name, words)| day(draft, name, *words)).collect();
    view! {
        <section class="section">
            <h2>{HOURS}</h2>
            <p class="field-hint">{HOURS_HINT}</p>
            {zone(draft)}
            <div class="head-acts">
                {preset(draft, OFFICE_HOURS, |_, place| if place < 5 { json!([{ "from": "09:00", "to": "17:00" }]) } else { json!([]) })}
                {preset(draft, LIKE_MONDAY, |monday, place| if place < 5 { monday.clone() } else { Value::Null })}
                {preset(draft, ALWAYS, |_, _| json!([{ "from": "00:00", "to": "24:00" }]))}
            </div>
            <div class="week">{days}</div>
            <p class="field-fault" role="status">
                {dynamic(move || draft.form.faults_all_of(&draft.name(HOURS_AT)).then(|| HOURS_NEVER.get()))}
            </p>
        </section>
        {holidays(draft)}
    }
    .into_any()
}

/// A button that sets all days at once; a day that it answers null for stays.
fn preset(draft: Draft, label: Words, hours: fn(&Value, usize) -> Value) -> AnyView {
    let pressed = move |_| {
        let monday = untrack(|| draft.read("/calendar/hours/monday"));
        for (place, (day, _)) in DAYS.iter().enumerate() {
            let windows = hours(&monday, place);
            if !windows.is_null() {
                draft.put(&format!("{HOURS_AT}/{day}"), windows);
            }
        }
    };
    view! {
        <button class="button" data-size="small" type="button" on:click=on(pressed)>
            {label}
        </button>
    }
    .into_any()
}

fn day(draft: Draft, name: &'static str, words: Words) -> AnyView {
    let at = format!("{HOURS_AT}/{name}");
    let whole = Cell::new(draft, at.clone()).wrong(HOURS_WRONG);
    let (place, list) = (at.clone(), at.clone());
    let count = memo(move || draft.len(&place));
    let add = move |_| {
        draft.edit(&list, |windows| {
            // After the last one, or as most offices are open.
            let from = windows
                .last()
                .map_or("09:00", |last| if part::word(last, "/to") < "14:00" { "14:00" } else { "20:00" });
            let to = if from == "09:00" {
                "12:00"
            } else if from == "14:00" {
                "18:00"
            } else {
                "22:00"
            };
            windows.push(json!({ "from": from, "to": to }));
        });
    };
    let windows = move || match count.get() {
        0 => view! { <span class="quiet">{CLOSED}</span> }.into_any(),
        count => (0..count).map(|place| window_of(draft, &at, place, words)).collect::<Vec<_>>().into_any(),
    };
    view! {
        <div class="day" role="group" aria-label=words>
            <strong>{words}</strong>
            <div class="windows">{dynamic(windows)}</div>
            <button
                class="icon-button"
                type="button"
                data-day=name
                title=ADD_WINDOW
                aria-label=move || format!("{} {}", words.get(), ADD_WINDOW.get())
                on:click=on(add)
            >
                <Icon glyph=Glyph::Plus />
            </button>
            {notes(&whole)}
        </div>
    }
    .into_any()
}

fn window_of(draft: Draft, at: &str, place: usize, day: Words) -> AnyView {
    let end = |name: &'static str, label: Words| {
        let at = format!("{at}/{place}/{name}");
        let (read, own) = (at.clone(), at.clone());
        // The end of a day is midnight to the browser's clock.
        let shown = move || draft.text(&read).replace("24:00", "00:00");
        let typed = move |event: ev::Event| {
            let time = event_target_value(&event);
            draft.put(&own, if name == "to" && time == "00:00" { "24:00".into() } else { time.into() });
        };
        view! {
            <input
                type="time"
                aria-label=move || format!("{} {}, {}", day.get(), place + 1, label.get())
                prop:value=shown
                on:change=on(typed)
            />
        }
        .into_any()
    };
    let (list, own) = (at.to_owned(), format!("{at}/{place}"));
    let remove = move |_| draft.edit(&list, |windows| drop(windows.remove(place)));
    let whole_day =
        move || draft.text(&format!("{own}/from")) == "00:00" && draft.text(&format!("{own}/to")) == "24:00";
    view! {
        <span class="window">
            {end("from", FROM)}
            "–"
            {end("to", TO)}
            {dynamic(move || whole_day().then(|| view! { <span class="quiet">{WHOLE_DAY}</span> }))}
            <button
                class="icon-button"
                type="button"
                aria-label=move || REMOVE.with(&format!("{} {} {}", WINDOW.get(), day.get(), place + 1))
                on:click=on(remove)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </span>
    }
    .into_any()
}

/// The time zones that the browser knows.
fn zones() -> Vec<String> {
    let of = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &"supportedValuesOf".into()));
    let known = of.ok().and_then(|of| {
        of.dyn_into::<Function>().ok()?.call1(&wasm_bindgen::JsValue::UNDEFINED, &"timeZone".into()).ok()
    });
    known.map(|known| Array::from(&known).iter().filter_map(|zone| zone.as_string()).collect()).unwrap_or_default()
}

/// Where this browser is.
fn own_zone() -> Option<String> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &js_sys::Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

fn zone(draft: Draft) -> AnyView {
    let cell = Cell::new(draft, ZONE_AT.to_owned()).hint(TIME_ZONE_HINT).wrong(TIME_ZONE_WRONG);
    let mut known = zones();
    known.extend(["UTC".to_owned()].into_iter().chain(own_zone()));
    known.push(untrack(|| draft.text(ZONE_AT)));
    known.sort();
    known.dedup();
    let choices: Vec<Choice> = known
        .into_iter()
        .filter(|zone| !zone.is_empty())
        .map(|zone| Choice { label: zone.replace('_', " "), value: zone })
        .collect();
    let now = move || {
        let now = api_types::time::Timestamp::from_millisecond(pulse::now() as i64).ok()?;
        Some(IT_IS_NOW.with(&i18n::moment_in(now, &draft.text(ZONE_AT))))
    };
    view! {
        {labelled(&cell, TIME_ZONE, select(&cell, derive(move || choices.clone())))}
        <p class="field-hint">{now}</p>
    }
    .into_any()
}

fn holidays(draft: Draft) -> AnyView {
    let count = memo(move || draft.len(HOLIDAYS_AT));
    let add = move |_| {
        draft.edit(HOLIDAYS_AT, |days| days.push(json!({ "date": "" })));
        request_animation_frame(|| ui::focus(".holiday:last-of-type input"));
    };
    view! {
        <section class="section">
            <h2>{HOLIDAYS}</h2>
            <p class="field-hint">{HOLIDAYS_HINT}</p>
            {dynamic(move || (0..count.get()).map(|place| holiday(draft, place)).collect::<Vec<_>>())}
            <p class="field-fault" role="status">
                {dynamic(move || draft.form.faults_all_of(&draft.name(HOLIDAYS_AT)).then(|| HOLIDAYS_WRONG.get()))}
            </p>
            <button class="button" data-size="small" data-add type="button" on:click=on(add)>
                <Icon glyph=Glyph::Plus />
                {ADD_HOLIDAY}
            </button>
        </section>
    }
    .into_any()
}

fn holiday(draft: Draft, place: usize) -> AnyView {
    let side = |name: &str, kind: &'static str, means: Means, label: Words| {
        let cell = Cell::new(draft, format!("{HOLIDAYS_AT}/{place}/{name}")).wrong(HOLIDAYS_WRONG);
        view! {
            <div class="field">
                <label class="hidden" for=cell.id()>{move || format!("{} {}", label.get(), place + 1)}</label>
                {input(&cell, kind, means, if name == "name" { "…" } else { "" }, "")}
                {notes(&cell)}
            </div>
        }
        .into_any()
    };
    let remove = move |_| {
        draft.edit(HOLIDAYS_AT, |days| drop(days.remove(place)));
        request_animation_frame(|| ui::focus("[data-add]"));
    };
    view! {
        <div class="row-line holiday">
            {side("date", "date", Means::Text, DATE)}
            {side("name", "text", Means::Words, HOLIDAY_NAME)}
            <button
                class="icon-button"
                type="button"
                aria-label=move || REMOVE.with(&format!("{} {}", HOLIDAYS.get(), place + 1))
                on:click=on(remove)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
    .into_any()
}
