//! What the team does with a ticket besides answering. All of it can be taken back, so nothing asks
//! first.

use api_types::{
    departments::{DepartmentId, DepartmentName},
    people::PersonRef,
    tickets::{Priority, Stage, StageChange, TeamStage, TicketId, TicketStatus, TicketSummary, TicketView},
};
use leptos::prelude::*;

use super::{
    api,
    asked::departments,
    chips::{priority_words, stage_words},
    desk_filters::{department_choices, team_choices},
    hold_dialog::HoldDialog,
    open_ticket::OpenTicket,
    words::{
        ARCHIVE, ASSIGNED, ASSIGNEE, DEPARTMENT, MOVED, MOVED_OUT, NO_DEPARTMENT, NOBODY, NOW_ARCHIVED, NOW_UNARCHIVED,
        PRIORITY, PRIORITY_SET, PROPOSE, PROPOSED, STAGE, STAGE_SET, UNARCHIVE, UNASSIGNED,
    },
    workplace::Workplace,
};
use crate::{
    api::Failure,
    erased::{derive, memo, on, spawn, when},
    i18n::Words,
    pulse,
    ui::{self, Choice, Glyph, Icon, Select, toast},
};

/// Does something to the open ticket and says so, about something; `back` takes it back.
fn act(
    ticket: OpenTicket,
    call: impl Future<Output = Result<TicketView, Failure>> + 'static,
    said: (Words, String),
    back: Option<Back>,
) {
    spawn(async move {
        match call.await {
            Ok(view) => {
                ticket.accept(view);
                let (words, what) = said;
                match back {
                    Some(back) => toast::say_with_undo(words, &what, move || back.go(ticket.id)),
                    None => toast::say_about(words, &what),
                }
            }
            Err(failure) => ui::failed(&failure),
        }
    });
}

/// How a change is taken back, also when another ticket is open by then.
#[derive(Clone)]
enum Back {
    Assignee(Option<PersonRef>),
    Priority(Priority),
    Department(Option<DepartmentId>),
    Archived(bool),
}

impl Back {
    fn go(&self, id: TicketId) {
        let back = self.clone();
        spawn(async move {
            let answer = match back {
                Self::Assignee(person) => api::assign(id, person.map(|person| person.id)).await,
                Self::Priority(priority) => api::prioritise(id, priority).await,
                Self::Department(department) => api::move_to(id, department).await,
                Self::Archived(archived) => api::archive(id, archived).await,
            };
            match answer {
                Ok(_) => pulse::look_again(),
                Err(failure) => ui::failed(&failure),
            }
        });
    }
}

#[component]
pub fn Manage(ticket: OpenTicket) -> impl IntoView {
    let summary = derive(move || ticket.view.with(|view| view.as_ref().map(|view| view.summary.clone())));
    let stage = derive(move || summary.with(|it| it.as_ref().and_then(|it| it.stage)).unwrap_or(Stage::New));
    let resolved = memo(move || summary.with(|it| it.as_ref().is_some_and(|it| it.status == TicketStatus::Resolved)));
    view! {
        <div class="manage">
            <AssigneeSelect ticket summary />
            <PrioritySelect ticket summary />
            {when(move || !resolved.get(), move || view! {
                <StageSelect ticket stage />
                <DepartmentSelect ticket summary />
            })}
            <div class="manage-acts">
                {when(move || !resolved.get(), move || view! {
                    <ProposeButton ticket />
                })}
                {when(move || resolved.get(), move || view! {
                    <ArchiveButton ticket summary />
                })}
            </div>
        </div>
    }
}

#[component]
fn AssigneeSelect(ticket: OpenTicket, summary: Signal<Option<TicketSummary>>) -> impl IntoView {
    let here = Workplace::here();
    let assignee = move || summary.with(|it| it.as_ref().and_then(|it| it.assignee.clone()));
    let value = derive(move || assignee().map(|person| person.id.to_string()).unwrap_or_default());
    let choices = derive(move || {
        let mut choices = vec![Choice::new("", NOBODY)];
        choices.extend(team_choices(here));
        // Somebody who has left the team may still hold a ticket.
        if let Some(person) = assignee().filter(|person| choices.iter().all(|it| it.value != person.id.to_string())) {
            choices.push(Choice { value: person.id.to_string(), label: person.name });
        }
        choices
    });
    let chosen = move |word: String| {
        let person = here.team.get_untracked().into_iter().find(|person| person.id.to_string() == word);
        let said = person.as_ref().map_or((UNASSIGNED, String::new()), |person| (ASSIGNED, person.name.clone()));
        let back = Back::Assignee(untrack(assignee));
        act(ticket, api::assign(ticket.id, person.map(|person| person.id)), said, Some(back));
    };
    view! { <Select label=ASSIGNEE value choices chosen /> }
}

#[component]
fn PrioritySelect(ticket: OpenTicket, summary: Signal<Option<TicketSummary>>) -> impl IntoView {
    let priority = move || summary.with(|it| it.as_ref().map_or(Priority::Medium, |it| it.priority));
    let choices =
        derive(|| Priority::ALL.iter().map(|it| Choice::new(it.as_str(), priority_words(*it))).collect::<Vec<_>>());
    let chosen = move |word: String| {
        let Ok(wanted) = word.parse::<Priority>() else { return };
        let said = (PRIORITY_SET, priority_words(wanted).get().to_owned());
        act(ticket, api::prioritise(ticket.id, wanted), said, Some(Back::Priority(untrack(priority))));
    };
    view! { <Select label=PRIORITY value=derive(move || priority().to_string()) choices chosen /> }
}

/// Its new department is told.
#[component]
fn DepartmentSelect(ticket: OpenTicket, summary: Signal<Option<TicketSummary>>) -> impl IntoView {
    let department = memo(move || summary.with(|it| it.as_ref().and_then(|it| it.department.clone())));
    let id = |department: Option<DepartmentName>| department.map(|department| department.id);
    let value = derive(move || id(department.get()).map(|id| id.to_string()).unwrap_or_default());
    let choices = derive(move || {
        let mut choices = vec![Choice::new("", NO_DEPARTMENT)];
        choices.extend(department_choices());
        // A ticket may still be in one that is retired.
        if let Some(DepartmentName { id, name }) = department.get()
            && choices.iter().all(|it| it.value != id.to_string())
        {
            choices.push(Choice { value: id.to_string(), label: name });
        }
        choices
    });
    let chosen = move |word: String| {
        let name = untrack(|| choices.get()).into_iter().find(|choice| choice.value == word).map(|choice| choice.label);
        let to = word.parse().ok();
        let said = if to.is_some() { (MOVED, name.unwrap_or_default()) } else { (MOVED_OUT, String::new()) };
        act(ticket, api::move_to(ticket.id, to), said, Some(Back::Department(id(department.get_untracked()))));
    };
    let is_offered = move || department.with(Option::is_some) || !departments().is_empty();
    when(is_offered, move || view! { <Select label=DEPARTMENT value choices chosen /> })
}

#[component]
fn StageSelect(ticket: OpenTicket, stage: Signal<Stage>) -> impl IntoView {
    let hold = RwSignal::new(false);
    let choices = derive(move || {
        let mut choices: Vec<Choice> = Vec::new();
        // Nobody sets "new" by hand; it is shown while it lasts.
        if stage.get() == Stage::New {
            choices.push(Choice::new(Stage::New.as_str(), stage_words(Stage::New)));
        }
        choices.extend(
            [Stage::Working, Stage::WaitingCustomer, Stage::OnHold].map(|it| Choice::new(it.as_str(), stage_words(it))),
        );
        choices
    });
    let chosen = move |word: String| match word.parse::<TeamStage>() {
        Ok(TeamStage::OnHold) => hold.set(true),
        Ok(wanted) => {
            let name = word.parse::<Stage>().map(|stage| stage_words(stage).get()).unwrap_or_default();
            let change = StageChange { stage: wanted, reason: None, until: None };
            act(ticket, api::change_stage(ticket.id, change), (STAGE_SET, name.to_owned()), None);
        }
        Err(_) => {}
    };
    view! {
        <Select label=STAGE value=derive(move || stage.get().to_string()) choices chosen />
        <HoldDialog open=hold ticket />
    }
}

#[component]
fn ProposeButton(ticket: OpenTicket) -> impl IntoView {
    let offered = memo(move || ticket.view.with(|view| view.as_ref().is_some_and(|view| view.can.propose)));
    let propose = move |_| act(ticket, api::propose_resolution(ticket.id), (PROPOSED, String::new()), None);
    view! {
        {when(move || offered.get(), move || view! {
            <button class="button" type="button" on:click=on(propose)>
                <Icon glyph=Glyph::Check />
                {PROPOSE}
            </button>
        })}
    }
}

#[component]
fn ArchiveButton(ticket: OpenTicket, summary: Signal<Option<TicketSummary>>) -> impl IntoView {
    let archived = memo(move || summary.with(|it| it.as_ref().is_some_and(|it| it.archived)));
    let turn = move |_| {
        let now = archived.get_untracked();
        let said = if now { NOW_UNARCHIVED } else { NOW_ARCHIVED };
        act(ticket, api::archive(ticket.id, !now), (said, String::new()), Some(Back::Archived(now)));
    };
    view! {
        <button class="button" type="button" on:click=on(turn)>
            <Icon glyph=Glyph::Archive />
            {move || if archived.get() { UNARCHIVE.get() } else { ARCHIVE.get() }}
        </button>
    }
}
