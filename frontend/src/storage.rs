//! What this browser remembers between visits: drafts, the language, the theme.
//!
//! Invariant: never a token or a password. Storage that is full or forbidden is not an error, it
//! only forgets.

use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

use crate::said::Said;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub fn word(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub fn keep_word(key: &str, value: &str) {
    if let Some(storage) = storage() {
        drop(storage.set_item(key, value));
    }
}

pub fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    Said::read(&word(key)?)?.whole()
}

pub fn keep<T: Serialize>(key: &str, value: &T) {
    if let Ok(text) = serde_json::to_string(value) {
        keep_word(key, &text);
    }
}

pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(key));
    }
}

/// Forgets everything whose key starts so.
pub fn forget_all(prefix: &str) {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or(0);
    let keys: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for key in keys.iter().filter(|key| key.starts_with(prefix)) {
        drop(storage.remove_item(key));
    }
}
