//! What the server said, read by the browser's own parser. Serde's way of reading one list more costs several kilobytes
//! of each page.
//!
//! Invariant: what is absent, or of another kind than is asked for, reads as absent.

use std::str::FromStr;

use api_types::time::Timestamp;
use js_sys::{Array, Date, JSON, Reflect};
use wasm_bindgen::JsValue;

pub struct Said(JsValue);

impl Said {
    pub fn read(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }

    pub fn part(&self, name: &str) -> Option<Self> {
        let part = Reflect::get(&self.0, &name.into()).ok()?;
        (!part.is_undefined() && !part.is_null()).then_some(Self(part))
    }

    /// A word that is an entry of a list.
    pub fn itself(&self) -> Option<String> {
        self.0.as_string()
    }

    pub fn word(&self, name: &str) -> Option<String> {
        self.part(name)?.itself()
    }

    /// A word that stands for something: an id, a kind.
    pub fn meant<T: FromStr>(&self, name: &str) -> Option<T> {
        self.word(name)?.parse().ok()
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.part(name)?.0.as_f64()
    }

    pub fn holds(&self, name: &str) -> bool {
        self.part(name).is_some_and(|part| part.0.is_truthy())
    }

    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, which no calendar has too many of")]
        let milliseconds = Date::parse(&self.word(name)?) as i64;
        Timestamp::from_millisecond(milliseconds).ok()
    }

    pub fn list(&self, name: &str) -> impl Iterator<Item = Self> + use<> {
        let list = self.part(name).map(|part| Array::from(&part.0)).unwrap_or_default();
        list.into_iter().map(Self)
    }
}
