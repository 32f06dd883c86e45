//! The team's filters of the queue: stage, assignee, priority, department, archived.

use api_types::{
    departments::DepartmentFilter,
    tickets::{AssigneeFilter, Priority, Stage, TicketFilter, TicketSort},
};
use leptos::prelude::*;

use super::{
    asked::departments,
    chips::{priority_words, stage_words},
    export::export_menu,
    more_filters::MoreFilters,
    words::{
        ANY_DEPARTMENT, ANY_PRIORITY, ANY_STAGE, ANYBODY, ARCHIVED, ASSIGNEE_FILTER, CLEAR, DEPARTMENT_FILTER, FILTERS,
        ME, NEWEST, NO_DEPARTMENT, NOBODY, OLDEST, PRIORITY_FILTER, SORT, STAGE_FILTER,
    },
    workplace::Workplace,
};
use crate::{
    assistant::PERSON_WANTED_FILTER,
    erased::{derive, memo, on, when},
    i18n::{Words, locale},
    session,
    ui::{Choice, Select},
};

#[component]
pub fn DeskFilters() -> impl IntoView {
    let here = Workplace::here();
    let filter = move || here.address.get().filter;
    let stage = derive(move || filter().stage.map(|stage| stage.to_string()).unwrap_or_default());
    let priority = derive(move || filter().priority.map(|priority| priority.to_string()).unwrap_or_default());
    let assignee = derive(move || filter().assignee.map(String::from).unwrap_or_default());
    let department = derive(move || filter().department.map(String::from).unwrap_or_default());
    let sort = derive(move || filter().sort.map(|sort| sort.to_string()).unwrap_or_default());
    let orders = derive(|| vec![Choice::new("", NEWEST), Choice::new(TicketSort::Oldest.as_str(), OLDEST)]);
    let toggle = move |label: Words, part: fn(&mut TicketFilter) -> &mut Option<bool>| {
        let pressed = memo(move || *part(&mut filter()) == Some(true));
        view! {
            <button
                class="button"
                data-size="small"
                type="button"
                aria-pressed=move || pressed.get().to_string()
                on:click=on(move |_| {
                    let wanted = (!pressed.get_untracked()).then_some(true);
                    here.filter(false, |filter| *part(filter) = wanted);
                })
            >
                {label}
            </button>
        }
    };

    let stages = derive(|| {
        let mut choices = vec![Choice::new("", ANY_STAGE)];
        choices.extend(Stage::ALL.iter().map(|stage| Choice::new(stage.as_str(), stage_words(*stage))));
        choices
    });
    let priorities = derive(|| {
        let mut choices = vec![Choice::new("", ANY_PRIORITY)];
        choices.extend(Priority::ALL.iter().map(|it| Choice::new(it.as_str(), priority_words(*it))));
        choices
    });
    let people = derive(move || {
        let mut choices = vec![Choice::new("", ANYBODY), Choice::new("none", NOBODY)];
        choices.extend(team_choices(here));
        choices
    });
    let which = derive(|| {
        let mut choices = vec![Choice::new("", ANY_DEPARTMENT), Choice::new("none", NO_DEPARTMENT)];
        choices.extend(department_choices());
        choices
    });
    view! {
        <div class="filters" role="group" aria-label=FILTERS>
            <Select
                label=STAGE_FILTER
                hide_label=true
                value=stage
                choices=stages
                chosen=move |word: String| {
                    here.filter(
                        false,
                        |filter| {
                            filter.stage = word.parse().ok();
                            let status = filter.stage.map(Stage::status);
                            filter.status = filter.status.filter(|kept| status.is_none_or(|status| status == *kept));
                        },
                    );
                }
            />
            <Select
                label=ASSIGNEE_FILTER
                hide_label=true
                value=assignee
                choices=people
                chosen=move |word: String| {
                    here.filter(false, |filter| filter.assignee = AssigneeFilter::try_from(word).ok());
                }
            />
            <Select
                label=PRIORITY_FILTER
                hide_label=true
                value=priority
                choices=priorities
                chosen=move |word: String| here.filter(false, |filter| filter.priority = word.parse().ok())
            />
            {when(
                || !departments().is_empty(),
                move || view! {
                    <Select
                        label=DEPARTMENT_FILTER
                        hide_label=true
                        value=department
                        choices=which
                        chosen=move |word: String| {
                            here.filter(false, |filter| filter.department = DepartmentFilter::try_from(word).ok());
                        }
                    />
                },
            )}
            <Select
                label=SORT
                hide_label=true
                value=sort
                choices=orders
                chosen=move |word: String| here.filter(false, |filter| filter.sort = word.parse().ok())
            />
            {toggle(PERSON_WANTED_FILTER, |filter| &mut filter.person_wanted)}
            {toggle(ARCHIVED, |filter| &mut filter.archived)}
            {when(move || here.is_filtered(), move || view! {
                <button
                    class="button"
                    data-kind="plain"
                    data-size="small"
                    type="button"
                    on:click=on(move |_| here.clear_filters())
                >
                    {CLEAR}
                </button>
            })}
            <MoreFilters />
            {export_menu(here)}
        </div>
    }
}

/// The departments as choices; follows the language.
pub fn department_choices() -> impl Iterator<Item = Choice> {
    departments().into_iter().map(|it| Choice { value: it.id.to_string(), label: it.name(locale()).to_owned() })
}

/// The team as choices, oneself first; follows the language.
pub fn team_choices(here: Workplace) -> Vec<Choice> {
    let me = session::me().map(|me| me.id);
    let (mine, others): (Vec<_>, Vec<_>) = here.team.get().into_iter().partition(|person| Some(person.id) == me);
    let mine = mine.into_iter().map(|person| Choice { value: person.id.to_string(), label: ME.with(&person.name) });
    let others = others.into_iter().map(|person| Choice { value: person.id.to_string(), label: person.name });
    mine.chain(others).collect()
}
