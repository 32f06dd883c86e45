//! Whether the window is as wide as a design needs, where the markup itself depends on it.

use leptos::{prelude::*, reactive::owner::LocalStorage};
use wasm_bindgen::{JsCast, closure::Closure};

/// Follows whether the window is as wide as a media query says.
pub fn wide_enough(query: &str) -> Signal<bool> {
    let Ok(Some(query)) = window().match_media(query) else {
        return Signal::stored(true);
    };
    let wide = RwSignal::new(query.matches());
    let watched = query.clone();
    let changed = Closure::<dyn FnMut()>::new(move || wide.set(watched.matches()));
    query.set_onchange(Some(changed.as_ref().unchecked_ref()));
    // The listener lives as long as the component that asked.
    StoredValue::<_, LocalStorage>::new_local((query, changed));
    wide.into()
}
