//! The admin's page of mails, newest first.
//!
//! Invariant: the filter is in the URL, and an answer to an older question is dropped.

use api_types::{
    mails::{MailState, MailView},
    page::{DEFAULT_LIMIT, MAX_LIMIT},
};
use leptos::prelude::*;

use super::{
    api, given_up, mail_row,
    words::{
        ABOUT, ANY_STATE, MAILS, MAILS_LEAD, NO_MAILS, NO_MAILS_HINT, NONE_FOUND, RESENT, STATE, STATE_FILTER, TO,
        WRITTEN,
    },
};
use crate::{
    address_bar,
    api::Failure,
    erased::{derive, dynamic, each, effect, memo, on, spawn, when},
    paths, pulse,
    ui::{self, Choice, EmptyState, FailureState, Glyph, LOAD_MORE, Select, Skeleton, toast},
};

#[derive(Clone, Copy)]
struct Mails {
    state: Memo<Option<MailState>>,
    items: RwSignal<Option<Vec<MailView>>>,
    next: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
    asked: StoredValue<u32>,
}

impl Mails {
    /// Asks for what is shown anew.
    fn look(self) {
        let shown = self.items.with_untracked(|items| items.as_ref().map_or(0, Vec::len));
        self.ask(shown.clamp(usize::from(DEFAULT_LIMIT), usize::from(MAX_LIMIT)), String::new());
    }

    fn ask(self, limit: usize, after: String) {
        let turn = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(turn);
        let state = self.state.get_untracked();
        spawn(async move {
            let answer = api::list(state, limit, &after).await;
            if self.asked.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(mut page) => {
                    if !after.is_empty() {
                        let mut items = self.items.get_untracked().unwrap_or_default();
                        items.append(&mut page.items);
                        page.items = items;
                    }
                    self.items.set(Some(page.items));
                    self.next.set(page.next_cursor);
                    self.failure.set(None);
                }
                Err(failure) if after.is_empty() => self.failure.set(Some(failure)),
                Err(failure) => ui::failed(&failure),
            }
        });
    }

    fn resend(self, mail: MailView) {
        spawn(async move {
            match api::resend(mail.id).await {
                Ok(mail) => {
                    given_up::look();
                    toast::say_about(RESENT, &mail.to);
                    let place = format!("[data-mail='{}']", mail.id);
                    self.items.try_update(|items| {
                        if let Some(shown) = items.iter_mut().flatten().find(|shown| shown.id == mail.id) {
                            *shown = mail;
                        }
                    });
                    // The button is gone.
                    request_animation_frame(move || ui::focus(&place));
                }
                Err(failure) => ui::failed(&failure),
            }
        });
    }
}

#[component]
pub fn MailsPage() -> impl IntoView {
    ui::title_page(|| MAILS.get().to_owned());
    let mails = Mails {
        state: memo(|| address_bar::query()("state").and_then(|word| word.parse().ok())),
        items: RwSignal::default(),
        next: RwSignal::default(),
        failure: RwSignal::default(),
        asked: StoredValue::default(),
    };
    let mut before = None;
    effect(move || {
        // Nobody announces mails.
        pulse::time();
        let state = mails.state.get();
        if before.replace(state) != Some(state) {
            mails.items.set(None);
        }
        mails.look();
    });
    view! {
        <div class="sheet" data-wide>
            <h1 tabindex="-1">{MAILS}</h1>
            <p class="lead">{MAILS_LEAD}</p>
            <Finder mails />
            <Table mails />
        </div>
    }
}

#[component]
fn Finder(mails: Mails) -> impl IntoView {
    let choices = derive(|| {
        let mut choices = vec![Choice::new("", ANY_STATE)];
        choices.extend(MailState::ALL.iter().map(|it| Choice::new(it.as_str(), mail_row::state_words(*it))));
        choices
    });
    let value = derive(move || mails.state.get().map(MailState::as_str).unwrap_or_default().to_owned());
    let chosen = |word: String| address_bar::refine(&paths::with_query(paths::MAILS, &[("state", &word)]), false);
    view! {
        <div class="filters">
            <Select label=STATE_FILTER hide_label=true value choices chosen />
        </div>
    }
}

#[component]
fn Table(mails: Mails) -> impl IntoView {
    // What is drawn changes only with this: a look that fails leaves what is shown.
    let state = memo(move || match mails.items.with(|items| items.as_ref().map(Vec::is_empty)) {
        None => (None, mails.failure.get()),
        known => (known, None),
    });
    dynamic(move || match state.get() {
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
        (None, Some(failure)) => view! { <FailureState failure retry=move |()| mails.look() /> }.into_any(),
        (Some(true), _) if mails.state.get_untracked().is_none() => {
            view! { <EmptyState glyph=Glyph::Mail title=NO_MAILS hint=NO_MAILS_HINT /> }.into_any()
        }
        (Some(true), _) => view! { <EmptyState glyph=Glyph::Mail title=NONE_FOUND /> }.into_any(),
        (Some(false), _) => rows(mails),
    })
}

fn rows(mails: Mails) -> AnyView {
    let ids = move || mails.items.with(|items| items.iter().flatten().map(|mail| mail.id.0).collect());
    let resend = Callback::new(move |mail| mails.resend(mail));
    let row = move |id| {
        let mail = memo(move || mails.items.with(|items| items.iter().flatten().find(|it| it.id.0 == id).cloned()));
        mail_row::row(mail, resend)
    };
    let more = move |_| {
        if let Some(after) = mails.next.get_untracked() {
            mails.ask(usize::from(DEFAULT_LIMIT), after);
        }
    };
    view! {
        <table class="people mails">
            <thead>
                <tr>
                    <th scope="col">{TO}</th>
                    <th scope="col">{ABOUT}</th>
                    <th scope="col">{STATE}</th>
                    <th scope="col">{WRITTEN}</th>
                </tr>
            </thead>
            <tbody>{each(ids, row)}</tbody>
        </table>
        {when(move || mails.next.with(Option::is_some), move || view! {
            <button class="button" type="button" on:click=on(more)>
                {LOAD_MORE}
            </button>
        })}
    }
    .into_any()
}
