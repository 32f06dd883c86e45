//! Why the clock says what it says: the chips are a button, and it opens the account that the server gives.
//!
//! Invariant: asked for when it is opened, and again when the ticket changes meanwhile. Its times are the desk's, and
//! say so.

use api_types::{
    sla::{SlaSegmentKind, SlaState, SlaTargetKind},
    tickets::{Stage, TicketId, TicketSummary},
    time::Timestamp,
};
use leptos::{ev::Event, prelude::*};

use super::{
    chip::{elapsed, long_name, standing_chip, state_chip},
    standing::{rank, standing},
    words::{
        COUNTED, DUE_AT, EARLIER, EARLIER_NOT, HOLIDAY, IN_ZONE, ON_HOLD, OUT_OF_HOURS, PAUSE, PRIORITY, PROMISE,
        PROMISED, SINCE, WAITS, WHY, YOURS,
    },
};
use crate::{
    api,
    erased::{derive, dynamic, on, when},
    i18n::{self, Words, ZoneClock},
    said::Said,
    site,
    ui::{Asking, draw, fetched},
};

/// A ticket's chips, and where anything is promised the way to why they say so. `priority` names the policy.
#[component]
pub fn Why(
    id: TicketId,
    ticket: Signal<Option<TicketSummary>>,
    priority: fn(&TicketSummary) -> Words,
) -> impl IntoView {
    let is_promised = move || ticket.with(|it| it.as_ref().is_some_and(|it| !it.sla.targets.is_empty()));
    // The chips move on with the time; the button around them stays, and keeps its focus.
    let chips = move || {
        dynamic(move || {
            ticket.with(|it| {
                it.as_ref().map(|it| {
                    let target = standing(&it.sla).map(|target| standing_chip(it, target, false));
                    view! {
                        {elapsed(it)}
                        {target}
                    }
                })
            })
        })
    };
    let open = RwSignal::new(false);
    let is_open = |event: &Event| js_sys::Reflect::get(event, &"newState".into()).is_ok_and(|state| state == "open");
    let turned = move |event: Event| open.set(is_open(&event));
    let policy = derive(move || ticket.with(|it| it.as_ref().map(priority)));
    let ask = move || -> Asking {
        ticket.track();
        Box::pin(async move {
            let account = Account::read(&api::ask_for(format!("/tickets/{id}/sla")).await?);
            Ok(draw(move || account.view(policy.get())))
        })
    };
    view! {
        {when(move || !is_promised(), chips)}
        {when(is_promised, move || view! {
            <button
                class="why-button"
                type="button"
                popovertarget="why"
                aria-expanded=derive(move || open.get().to_string())
                title=WHY
            >
                {chips()}
            </button>
            <div id="why" class="menu" popover="auto" role="dialog" aria-label=WHY on:toggle=on(turned)>
                {when(move || open.get(), move || view! {
                    <h2>{WHY}</h2>
                    {fetched(ask)}
                })}
            </div>
        })}
    }
}

/// What the server answers.
struct Account {
    time_zone: String,
    targets: Vec<Target>,
}

struct Target {
    kind: SlaTargetKind,
    state: SlaState,
    since: Option<Timestamp>,
    due_at: Option<Timestamp>,
    promised: i64,
    spent: i64,
    /// Seconds before the stretches, counted and not.
    earlier: Option<(i64, i64)>,
    stretches: Vec<Stretch>,
}

struct Stretch {
    from: Timestamp,
    to: Timestamp,
    kind: SlaSegmentKind,
    seconds: i64,
    stage: Option<Stage>,
    holiday: Option<String>,
}

fn seconds(said: &Said, name: &str) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let seconds = said.number(name).unwrap_or_default() as i64;
    seconds
}

impl Account {
    fn read(said: &Said) -> Self {
        Self {
            time_zone: said.word("time_zone").unwrap_or_default(),
            targets: said.list("targets").filter_map(|it| Target::read(&it)).collect(),
        }
    }

    fn view(&self, priority: Option<Words>) -> AnyView {
        // What the chip says is what was asked about.
        let asked = self.targets.iter().min_by_key(|it| (rank(it.state), it.due_at)).map(|it| it.kind);
        let clock = ZoneClock::of(&self.time_zone);
        let targets: Vec<_> = self.targets.iter().map(|it| it.view(&clock, Some(it.kind) == asked)).collect();
        let priority = priority.map(|words| PRIORITY.with(words.get()));
        view! {
            <p class="quiet">{priority} " · " {IN_ZONE.with(&self.time_zone.replace('_', " "))}</p>
            {targets}
        }
        .into_any()
    }
}

impl Target {
    fn read(said: &Said) -> Option<Self> {
        let target = said.part("target")?;
        Some(Self {
            kind: target.meant("kind")?,
            state: target.meant("state")?,
            since: said.moment("since"),
            due_at: target.moment("due_at"),
            promised: seconds(&target, "target_seconds"),
            spent: seconds(&target, "spent_seconds"),
            earlier: said
                .part("earlier")
                .map(|it| (seconds(&it, "counted_seconds"), seconds(&it, "not_counted_seconds"))),
            stretches: said.list("segments").filter_map(|it| Stretch::read(&it)).collect(),
        })
    }

    fn view(&self, clock: &ZoneClock, is_open: bool) -> AnyView {
        let moment = |at: Option<Timestamp>| at.map(|at| clock.between(at, at));
        let facts = [
            (PROMISED, Some(PROMISE.with(&i18n::elapsed(self.promised)))),
            (COUNTED, Some(i18n::elapsed(self.spent))),
            (SINCE, moment(self.since)),
            (DUE_AT, moment(self.due_at)),
        ];
        let facts = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
        let facts: Vec<_> = facts.map(|(name, fact)| view! { <dt>{name}</dt><dd>{fact}</dd> }).collect();
        let earlier = self.earlier.iter().flat_map(|(counted, not)| {
            [(SlaSegmentKind::Counted, EARLIER, *counted), (SlaSegmentKind::OutOfHours, EARLIER_NOT, *not)]
        });
        let line = |kind: SlaSegmentKind, what: String, when: String, seconds: i64| {
            view! {
                <li data-kind=kind.as_str()>
                    <span>{what}</span>
                    <span class="quiet">{when}</span>
                    <span>{i18n::elapsed(seconds)}</span>
                </li>
            }
            .into_any()
        };
        let mut lines: Vec<AnyView> =
            earlier.map(|(kind, what, seconds)| line(kind, what.get().to_owned(), String::new(), seconds)).collect();
        lines.extend(
            self.stretches.iter().map(|it| line(it.kind, it.words(), clock.between(it.from, it.to), it.seconds)),
        );
        view! {
            <details class="why-target" open=is_open>
                <summary>{long_name(self.kind).get()} " " {state_chip(self.state)}</summary>
                <dl class="facts">{facts}</dl>
                <ol class="why-stretches">{lines}</ol>
            </details>
        }
        .into_any()
    }
}

impl Stretch {
    fn read(said: &Said) -> Option<Self> {
        Some(Self {
            from: said.moment("from")?,
            to: said.moment("to")?,
            kind: said.meant("kind")?,
            seconds: seconds(said, "seconds"),
            stage: said.meant("stage"),
            holiday: said.word("holiday"),
        })
    }

    fn words(&self) -> String {
        let words = match self.kind {
            SlaSegmentKind::Counted => COUNTED,
            SlaSegmentKind::OutOfHours => OUT_OF_HOURS,
            SlaSegmentKind::Holiday => HOLIDAY,
            SlaSegmentKind::Paused => PAUSE,
        };
        let why = match self.stage {
            Some(Stage::WaitingCustomer) if site::is_desk() => Some(WAITS.get()),
            Some(Stage::WaitingCustomer) => Some(YOURS.get()),
            Some(Stage::OnHold) => Some(ON_HOLD.get()),
            _ => self.holiday.as_deref(),
        };
        why.map_or_else(|| words.get().to_owned(), |why| format!("{} ({why})", words.get()))
    }
}
