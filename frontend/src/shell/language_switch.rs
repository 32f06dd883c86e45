//! English or French, for everybody; the account follows when somebody is signed in.

use crate::erased::derive;
use api_types::people::{Locale, MeChange};
use leptos::prelude::*;

use super::words::LANGUAGE;
use crate::{
    i18n, people, session,
    ui::{Choice, Select},
};

#[component]
pub fn LanguageSwitch(#[prop(optional)] hide_label: bool) -> impl IntoView {
    // A language is named in itself, so that whoever needs it can read it.
    let choices = Signal::stored(vec![
        Choice { value: "en".to_owned(), label: "English".to_owned() },
        Choice { value: "fr".to_owned(), label: "Français".to_owned() },
    ]);
    let chosen = |word: String| {
        let Ok(locale) = word.parse::<Locale>() else { return };
        i18n::speak(locale);
        if untrack(session::me).is_some() {
            people::save_quietly(MeChange { locale: Some(locale), ..MeChange::default() });
        }
    };
    view! {
        <Select
            label=LANGUAGE
            hide_label
            value=derive(|| i18n::locale().to_string())
            choices
            chosen
        />
    }
}
