//! The parameters that all lists share: page size, words to find, and the cursor, which is the time and id
//! of a page's last row, opaque to clients.
//!
//! Invariant: a cursor says where to go on, never what one may see; the list's own filter decides that.

use api_types::{error::FieldCode, page};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use diesel::{
    expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{self, Bool, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use crate::error::{AppError, Result};

const YEAR_ONE: i64 = -62_135_596_800;

/// Postgres knows no year 9999 and a bit; any moment to come will do.
pub const END_OF_TIME: Timestamp = Timestamp::constant(32_503_680_000, 0);

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: Uuid,
}

impl Cursor {
    /// Reads the `after` parameter of a list.
    pub fn parse(after: Option<&str>) -> Result<Option<Self>> {
        after.map(|text| Self::decode(text).ok_or_else(wrong_cursor)).transpose()
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 24] = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (at, id) = bytes.split_first_chunk::<8>()?;
        let at = Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()?;
        // Postgres knows no time before 4713 BC, and no row is older than the calendar.
        (at >= Timestamp::from_second(YEAR_ONE).ok()?).then_some(Self { at, id: Uuid::from_slice(id).ok()? })
    }

    /// The rows of this table that come after this one in a list with the newest first.
    pub fn older(self, table: &'static str) -> Beyond {
        Beyond { table, sign: " < (", at: self.at.to_diesel(), id: self.id }
    }

    /// The rows of this table that come after this one in a list with the oldest first.
    pub fn newer(self, table: &'static str) -> Beyond {
        Beyond { sign: " > (", ..self.older(table) }
    }

    /// The `next_cursor` of a page that ends here.
    pub fn encode(self) -> String {
        let mut bytes = self.at.as_microsecond().to_be_bytes().to_vec();
        bytes.extend_from_slice(self.id.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// A condition on `created_at` and `id`, as one comparison of both: Postgres walks an index of the two by no other.
#[derive(Clone, Copy, Debug)]
pub struct Beyond {
    table: &'static str,
    sign: &'static str,
    at: jiff_diesel::Timestamp,
    id: Uuid,
}

impl Expression for Beyond {
    type SqlType = Bool;
}

impl<Source> AppearsOnTable<Source> for Beyond {}

impl ValidGrouping<()> for Beyond {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Beyond {
    type QueryId = ();

    // The statement is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Beyond {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in ["(", self.table, ".created_at, ", self.table, ".id)", self.sign] {
            out.push_sql(part);
        }
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<sql_types::Uuid, _>(&self.id)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The page size that a request asked for, in rows.
pub fn limit(asked: Option<u8>) -> Result<usize> {
    match asked.unwrap_or(page::DEFAULT_LIMIT) {
        limit @ 1..=page::MAX_LIMIT => Ok(usize::from(limit)),
        _ => Err(AppError::field("?limit", FieldCode::NotPossible, "Between 1 and 100.")),
    }
}

/// The words of a search, or nothing to search for.
pub fn words(q: Option<&str>) -> Result<Option<&str>> {
    let Some(words) = q.map(str::trim).filter(|words| !words.is_empty()) else {
        return Ok(None);
    };
    if words.contains('\0') {
        return Err(AppError::field("?q", FieldCode::ForbiddenCharacter, "NUL is not accepted."));
    }
    if words.chars().count() > api_types::text::MAX_SEARCH {
        return Err(AppError::field("?q", FieldCode::TooLong, "At most 200 characters."));
    }
    Ok(Some(words))
}

/// `%` and `_` mean themselves in a search.
pub fn escape_like(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Cuts a page from `limit + 1` loaded rows: the extra row only tells that there is a next page.
pub fn cut<T>(rows: Vec<T>, limit: usize, cursor_of: impl Fn(&T) -> Cursor) -> (Vec<T>, Option<String>) {
    let (rows, rest) = part(rows, limit, cursor_of);
    (rows, rest.map(Cursor::encode))
}

/// The same for whoever goes on at once.
pub fn part<T>(mut rows: Vec<T>, limit: usize, cursor_of: impl Fn(&T) -> Cursor) -> (Vec<T>, Option<Cursor>) {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let rest = rows.last().filter(|_| more).map(cursor_of);
    (rows, rest)
}

fn wrong_cursor() -> AppError {
    AppError::field("?after", FieldCode::NotPossible, "Use the next_cursor of an earlier answer.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(row: &u128) -> Cursor {
        Cursor { at: Timestamp::UNIX_EPOCH, id: Uuid::from_u128(*row) }
    }

    #[test]
    fn a_cursor_survives_the_trip() {
        let cursor = Cursor { at: Timestamp::from_microsecond(1_700_000_000_123_456).unwrap(), id: Uuid::now_v7() };
        assert_eq!(Cursor::parse(Some(&cursor.encode())).unwrap(), Some(cursor));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "x", "AAAA", "../../etc", &"A".repeat(500)] {
            assert!(Cursor::parse(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_page_names_no_next() {
        assert_eq!(cut(vec![1, 2], 2, at), (vec![1, 2], None));
        let (rows, next) = cut(vec![1, 2, 3], 2, at);
        assert_eq!(rows, vec![1, 2]);
        assert_eq!(Cursor::parse(next.as_deref()).unwrap(), Some(at(&2)));
        assert_eq!(cut(Vec::<u128>::new(), 2, at), (vec![], None));
    }
}
