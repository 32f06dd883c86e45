//! One person in the admin's table: their role and whether they may sign in. Both can be undone.

use api_types::people::{PersonChange, PersonId, PersonView, Role};
use leptos::prelude::*;

use super::{
    api,
    words::{
        ACTIVE, ADMIN, AGENT, CUSTOMER, DATA_NAME, DATA_SHORT, DISABLE, DISABLE_NAME, DISABLED, EMAIL, ENABLE,
        ENABLE_NAME, ERASE, ERASE_NAME, NOW_DISABLED, NOW_ENABLED, ROLE, ROLE_CHANGED, SINCE, STATE,
    },
};
use crate::{
    erased::{derive, memo, on, spawn, when},
    i18n::Words,
    session,
    ui::{self, Choice, Day, Select, toast},
};

/// Every role, to choose from; follows the language.
pub fn role_choices() -> Vec<Choice> {
    [(Role::Customer, CUSTOMER), (Role::Agent, AGENT), (Role::Admin, ADMIN)]
        .map(|(role, words)| Choice::new(role.as_str(), words))
        .into()
}

/// Makes a change and offers to take it back.
fn change(id: PersonId, wanted: PersonChange, back: PersonChange, said: Words, changed: Callback<PersonView>) {
    spawn(async move {
        match api::change(id, wanted).await {
            Ok(person) => {
                toast::say_with_undo(said, &person.name, move || change(id, back, wanted, said_of(&back), changed));
                changed.try_run(person);
            }
            Err(failure) => ui::failed(&failure),
        }
    });
}

fn said_of(change: &PersonChange) -> Words {
    match change.disabled {
        Some(true) => NOW_DISABLED,
        Some(false) => NOW_ENABLED,
        None => ROLE_CHANGED,
    }
}

#[component]
pub fn PersonRow(
    person: Memo<Option<PersonView>>,
    #[prop(into)] changed: Callback<PersonView>,
    /// Whose data the admin wants.
    exporting: RwSignal<Option<PersonView>>,
    /// Whom the admin wants to erase.
    leaving: RwSignal<Option<PersonView>>,
) -> impl IntoView {
    let Some(PersonView { id, email, created_at, .. }) = person.get_untracked() else {
        return ().into_any();
    };
    let name = move || person.with(|person| person.as_ref().map(|person| person.name.clone()).unwrap_or_default());
    let role = derive(move || person.with(|person| person.as_ref().map_or(Role::Customer, |person| person.role)));
    let disabled = derive(move || person.with(|person| person.as_ref().is_some_and(|person| person.disabled)));
    // Nobody locks themselves out by a slip.
    let myself = memo(move || session::me().is_some_and(|me| me.id == id));

    let turn = move |_| {
        let now = disabled.get_untracked();
        let wanted = PersonChange { disabled: Some(!now), ..PersonChange::default() };
        let back = PersonChange { disabled: Some(now), ..PersonChange::default() };
        change(id, wanted, back, said_of(&wanted), changed);
    };
    let chosen = move |word: String| {
        let back = PersonChange { role: Some(role.get_untracked()), ..PersonChange::default() };
        let wanted = PersonChange { role: word.parse().ok(), ..PersonChange::default() };
        change(id, wanted, back, ROLE_CHANGED, changed);
    };
    view! {
        <tr data-disabled=move || disabled.get().to_string()>
            <th scope="row">{name}</th>
            <td data-label=EMAIL>{email}</td>
            <td data-label=ROLE>
                <Select
                    label=ROLE
                    hide_label=true
                    value=derive(move || role.get().to_string())
                    choices=derive(role_choices)
                    chosen
                    disabled=myself
                />
            </td>
            <td data-label=SINCE>
                <Day at=created_at />
            </td>
            <td data-label=STATE class="person-state">
                <span class="chip">{move || if disabled.get() { DISABLED.get() } else { ACTIVE.get() }}</span>
                {when(move || !myself.get(), move || view! {
                    <button
                        class="button"
                        data-size="small"
                        type="button"
                        aria-label=move || if disabled.get() { ENABLE_NAME } else { DISABLE_NAME }.with(&name())
                        on:click=on(turn)
                    >
                        {move || if disabled.get() { ENABLE.get() } else { DISABLE.get() }}
                    </button>
                    <button
                        class="button"
                        data-size="small"
                        type="button"
                        aria-label=move || DATA_NAME.with(&name())
                        on:click=on(move |_| exporting.set(person.get_untracked()))
                    >
                        {DATA_SHORT}
                    </button>
                    <button
                        class="button"
                        data-kind="plain-danger"
                        data-size="small"
                        type="button"
                        aria-label=move || ERASE_NAME.with(&name())
                        on:click=on(move |_| leaving.set(person.get_untracked()))
                    >
                        {ERASE}
                    </button>
                })}
            </td>
        </tr>
    }
    .into_any()
}
