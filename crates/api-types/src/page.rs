//! A page of a list, by keyset.
//!
//! Invariant: never an offset and never a total. `next_cursor` is opaque and is absent on the last page.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it as `after` to get the next page; absent when this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// The page size when a request names none.
pub const DEFAULT_LIMIT: u8 = 25;

/// The largest page size.
pub const MAX_LIMIT: u8 = 100;
