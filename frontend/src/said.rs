//! What the server said, read by the browser's own parser. Serde's way of reading one list more costs several kilobytes
//! of each page.
//!
//! Invariant: what is absent, or of another kind than is asked for, reads as absent.

use std::str::FromStr;

use api_types::time::Timestamp;
use js_sys::{Array, Date, JSON, Reflect};
use serde::de::DeserializeOwned;
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

    pub fn word(&self, name: &str) -> Option<String> {
        self.part(name)?.0.as_string()
    }

    /// A word that stands for something: an id, a kind.
    pub fn meant<T: FromStr>(&self, name: &str) -> Option<T> {
        self.part(name)?.meaning()
    }

    /// The same, where this is the word itself.
    pub fn meaning<T: FromStr>(&self) -> Option<T> {
        self.0.as_string()?.parse().ok()
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.part(name)?.0.as_f64()
    }

    pub fn holds(&self, name: &str) -> bool {
        self.part(name).is_some_and(|part| part.is_true())
    }

    pub fn is_true(&self) -> bool {
        self.0.is_truthy()
    }

    /// All of it as what it is. Its fields are asked of the browser by their names, which takes less code than to parse
    /// each kind of text.
    pub fn whole<T: DeserializeOwned>(self) -> Option<T> {
        serde_wasm_bindgen::from_value(self.0).ok()
    }

    /// All of it as JSON.
    pub fn text(&self) -> String {
        JSON::stringify(&self.0).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, which no calendar has too many of")]
        let milliseconds = Some(Date::parse(&self.word(name)?)).filter(|it| it.is_finite())? as i64;
        Timestamp::from_millisecond(milliseconds).ok()
    }

    pub fn list(&self, name: &str) -> impl Iterator<Item = Self> + use<> {
        self.part(name).into_iter().flat_map(|part| part.entries())
    }

    /// What this is a list of.
    pub fn entries(&self) -> impl Iterator<Item = Self> + use<> {
        Array::from(&self.0).into_iter().map(Self)
    }
}
