//! A moment in time: RFC 3339 in UTC on the wire.
//!
//! Invariant: server and page share the name and the methods that both use. The browser has a calendar of
//! its own, and a second one would add a tenth to what it downloads.

#[cfg(not(target_arch = "wasm32"))]
pub use jiff::Timestamp;

#[cfg(target_arch = "wasm32")]
pub use browser::Timestamp;

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use wasm_bindgen::JsValue;

    /// A moment, in milliseconds, which is what browsers keep.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Timestamp(i64);

    /// A moment that no calendar has.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OutOfRange;

    /// What the browser's calendar can hold, in milliseconds either side of 1970.
    const FARTHEST: i64 = 8_640_000_000_000_000;

    impl Timestamp {
        pub fn from_millisecond(milliseconds: i64) -> Result<Self, OutOfRange> {
            if milliseconds.abs() <= FARTHEST { Ok(Self(milliseconds)) } else { Err(OutOfRange) }
        }

        pub fn as_millisecond(self) -> i64 {
            self.0
        }
    }

    impl std::fmt::Display for Timestamp {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let date = Date::new(&JsValue::from_f64(self.0 as f64));
            f.write_str(&String::from(date.to_iso_string()))
        }
    }

    impl Serialize for Timestamp {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for Timestamp {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let milliseconds = Date::parse(&String::deserialize(deserializer)?);
            if milliseconds.is_nan() { Err(D::Error::custom("not a time")) } else { Ok(Self(milliseconds as i64)) }
        }
    }
}
