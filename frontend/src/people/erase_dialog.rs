//! Erasing a person, which cannot be undone: a question that names what goes and what stays, and asks for a reason.

use api_types::people::{NewErasure, PersonView};
use leptos::prelude::*;

use super::{
    api,
    words::{ERASE_ACT, ERASE_GOES, ERASE_REASON, ERASE_REASON_HINT, ERASE_STAYS, ERASE_TITLE, ERASED},
};
use crate::{
    erased::effect,
    ui::{Confirm, Form, TextField, toast},
};

/// Asks about whomever `whom` holds; `erased` hears when they are gone.
pub fn erase_dialog(whom: RwSignal<Option<PersonView>>, erased: Callback<PersonView>) -> AnyView {
    let (open, reason, form) = (RwSignal::new(false), RwSignal::new(String::new()), Form::new());
    effect(move || {
        if whom.with(Option::is_some) {
            form.clear();
            reason.set(String::new());
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            whom.set(None);
        }
    });
    let name = move || whom.with(|whom| whom.as_ref().map(|person| person.name.clone()).unwrap_or_default());
    let confirmed = move |()| {
        if let Some(person) = whom.get_untracked() {
            let new = NewErasure { reason: reason.get_untracked().into() };
            form.send(&new, api::erase(person.id, new.clone()), move |_| {
                open.set(false);
                toast::say(ERASED);
                erased.run(person);
            });
        }
    };
    view! {
        <Confirm open id="erase-title" title=ERASE_TITLE act=ERASE_ACT dangerous=true form confirmed>
            <p>{move || ERASE_GOES.with(&name())}</p>
            <p>{ERASE_STAYS}</p>
            <TextField form name="reason" label=ERASE_REASON hint=ERASE_REASON_HINT value=reason />
        </Confirm>
    }
    .into_any()
}
