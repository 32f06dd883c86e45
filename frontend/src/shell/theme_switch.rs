//! Light, dark, or as the system has it. `index.html` applies the remembered one before the first
//! drawing.

use crate::erased::derive;
use leptos::prelude::*;

use super::words::{THEME, THEME_DARK, THEME_LIGHT, THEME_SYSTEM};
use crate::{
    storage,
    ui::{Choice, Select},
};

const REMEMBERED: &str = "theme";

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(storage::word(REMEMBERED).unwrap_or_else(|| "system".to_owned()));
    let chosen = move |word: String| {
        storage::keep_word(REMEMBERED, &word);
        if let Some(root) = document().document_element() {
            drop(root.set_attribute("data-theme", &word));
        }
        theme.set(word);
    };
    let choices = derive(|| {
        vec![Choice::new("system", THEME_SYSTEM), Choice::new("light", THEME_LIGHT), Choice::new("dark", THEME_DARK)]
    });
    view! { <Select label=THEME value=theme choices chosen /> }
}
