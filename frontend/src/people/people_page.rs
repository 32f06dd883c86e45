//! Everybody with an account, for admins.

use api_types::people::{PersonFilter, PersonId, PersonView, Role};
use leptos::prelude::*;

use super::{
    api,
    data::{data_dialog, follow_address},
    erase_dialog::erase_dialog,
    person_row::{PersonRow, role_choices},
    receipts::receipts,
    words::{ANY_ROLE, EMAIL, NAME, NOBODY_FOUND, NOBODY_FOUND_HINT, PEOPLE, ROLE, ROLE_FILTER, SEARCH, SINCE, STATE},
};
use crate::{
    api::Failure,
    erased::{derive, dynamic, each, effect, memo, on, spawn, when},
    ui::{self, Choice, EmptyState, FailureState, Glyph, LOAD_MORE, Select, Skeleton, search_field},
};

#[derive(Clone, Copy)]
struct People {
    filter: RwSignal<PersonFilter>,
    items: RwSignal<Option<Vec<PersonView>>>,
    next: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
}

impl People {
    /// Fetches the first page of the filter, or the page after the last one.
    fn fetch(self, after: Option<String>) {
        let filter = self.filter.get_untracked();
        spawn(async move {
            let answer = api::list(PersonFilter { after: after.clone(), ..filter.clone() }).await;
            let current = self.filter.try_get_untracked();
            // The admin may have typed on, or left.
            if !current.is_some_and(|current| current.q == filter.q && current.role == filter.role) {
                return;
            }
            match answer {
                Ok(page) => {
                    let mut items =
                        if after.is_some() { self.items.get_untracked().unwrap_or_default() } else { Vec::new() };
                    items.extend(page.items);
                    self.items.set(Some(items));
                    self.next.set(page.next_cursor);
                    self.failure.set(None);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    fn drop(self, gone: PersonId) {
        self.items.update(|items| items.iter_mut().for_each(|items| items.retain(|person| person.id != gone)));
    }

    fn replace(self, person: PersonView) {
        self.items.update(|items| {
            let shown = items.iter_mut().flatten().find(|shown| shown.id == person.id);
            if let Some(shown) = shown {
                *shown = person;
            }
        });
    }
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    ui::title_page(|| PEOPLE.get().to_owned());
    let people = People {
        filter: RwSignal::default(),
        items: RwSignal::default(),
        next: RwSignal::default(),
        failure: RwSignal::default(),
    };
    effect(move || {
        people.filter.track();
        people.fetch(None);
    });
    let (exporting, erased) = (RwSignal::new(None), RwSignal::new(()));
    follow_address(exporting);
    let state = memo(move || (people.items.with(Option::is_some), people.failure.get()));
    view! {
        <div class="sheet" data-wide>
            <h1 tabindex="-1">{PEOPLE}</h1>
            <Finder filter=people.filter />
            {dynamic(move || match state.get() {
                (_, Some(failure)) => {
                    view! { <FailureState failure retry=move |()| people.fetch(None) /> }.into_any()
                }
                (false, None) => view! { <Skeleton lines=6 /> }.into_any(),
                (true, None) => view! { <Table people exporting erased /> }.into_any(),
            })}
            {receipts(erased)}
            {data_dialog(exporting)}
        </div>
    }
}

#[component]
fn Finder(filter: RwSignal<PersonFilter>) -> impl IntoView {
    let asked = derive(move || filter.with(|filter| filter.q.clone().unwrap_or_default()));
    let search = move |words: String| {
        filter.update(|filter| filter.q = Some(words).filter(|words| !words.is_empty()));
    };
    let role = derive(move || filter.with(|filter| filter.role.map(|role| role.to_string()).unwrap_or_default()));
    let choices = derive(|| {
        let mut choices = vec![Choice::new("", ANY_ROLE)];
        choices.extend(role_choices());
        choices
    });
    let chosen = move |word: String| filter.update(|filter| filter.role = word.parse::<Role>().ok());
    view! {
        <form role="search" class="filters" on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            {search_field(SEARCH, asked, Box::new(search))}
            <Select label=ROLE_FILTER hide_label=true value=role choices chosen />
        </form>
    }
}

#[component]
fn Table(people: People, exporting: RwSignal<Option<PersonView>>, erased: RwSignal<()>) -> impl IntoView {
    let ids = move || people.items.with(|items| items.iter().flatten().map(|person| person.id.0).collect::<Vec<_>>());
    let leaving = RwSignal::new(None::<PersonView>);
    let nobody = memo(move || people.items.with(|items| items.as_ref().is_some_and(Vec::is_empty)));
    let row = move |id| {
        let person =
            memo(move || people.items.with(|items| items.iter().flatten().find(|person| person.id.0 == id).cloned()));
        view! { <PersonRow person changed=move |person| people.replace(person) exporting leaving /> }
    };
    let gone = move |gone: PersonView| {
        people.drop(gone.id);
        erased.set(());
    };
    view! {
        {when(move || nobody.get(), || view! { <EmptyState glyph=Glyph::User title=NOBODY_FOUND hint=NOBODY_FOUND_HINT /> })}
        {when(move || !nobody.get(), move || view! {
            <table class="people">
                <thead>
                    <tr>
                        <th scope="col">{NAME}</th>
                        <th scope="col">{EMAIL}</th>
                        <th scope="col">{ROLE}</th>
                        <th scope="col">{SINCE}</th>
                        <th scope="col">{STATE}</th>
                    </tr>
                </thead>
                <tbody>
                    {each(ids, row)}
                </tbody>
            </table>
        })}
        {erase_dialog(leaving, Callback::new(gone))}
        {when(move || people.next.with(Option::is_some), move || view! {
            <button class="button" type="button" on:click=on(move |_| people.fetch(people.next.get_untracked()))>
                {LOAD_MORE}
            </button>
        })}
    }
}
