//! What was changed of the settings, of the departments and of the fields, by whom, from what and to what.
//!
//! Invariant: whoever changes one of them has the turn, and the change, its entry here and its announcement are one
//! transaction.

use api_types::{
    page::{Page, PageFilter},
    people::{PersonId, PersonRef},
    settings::{SettingsChangeId, SettingsChangeView},
};
use db::{
    AsyncPgConnection,
    schema::{people, settings_changes},
};
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::Value;

use super::CHANNEL;
use crate::{
    cursor::{self, Cursor},
    error::Result,
};

/// One entry to be: the topic, from what, and to what.
pub type Entry = (String, Value, Value);

/// Waits until nobody else changes settings, departments or fields, and keeps others waiting until the transaction
/// ends. Readers go on reading what was.
pub async fn take_turn(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("lock table settings in exclusive mode").await
}

/// Records changes, leaving out those that change nothing, and tells the other processes.
pub async fn record(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: PersonId,
    entries: impl IntoIterator<Item = Entry>,
) -> QueryResult<()> {
    let changes = entries.into_iter().filter(|(_, before, after)| before != after);
    let rows: Vec<_> = changes
        .map(|(topic, before, after)| {
            (
                settings_changes::id.eq(SettingsChangeId::new()),
                settings_changes::topic.eq(topic),
                settings_changes::before.eq(before),
                settings_changes::after.eq(after),
                settings_changes::author_id.eq(author),
                settings_changes::created_at.eq(now.to_diesel()),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(settings_changes::table).values(rows).execute(conn).await?;
    conn.batch_execute(&format!("notify {CHANNEL}")).await
}

/// A page of what was changed, newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: &PageFilter) -> Result<Page<SettingsChangeView>> {
    let limit = cursor::limit(filter.limit)?;
    let mut query = settings_changes::table
        .inner_join(people::table.on(people::id.eq(settings_changes::author_id)))
        .select((
            settings_changes::id,
            settings_changes::topic,
            settings_changes::before,
            settings_changes::after,
            people::id,
            people::name,
            settings_changes::created_at,
        ))
        .into_boxed();
    if let Some(after) = Cursor::parse(filter.after.as_deref())? {
        query = query.filter(after.older("settings_changes"));
    }
    type Row = (SettingsChangeId, String, Value, Value, PersonId, String, jiff_diesel::Timestamp);
    let rows: Vec<Row> = query
        .order((settings_changes::created_at.desc(), settings_changes::id.desc()))
        .limit(limit as i64 + 1)
        .load(conn)
        .await?;
    let (rows, next_cursor) = cursor::cut(rows, limit, |row: &Row| Cursor { at: row.6.to_jiff(), id: row.0.0 });
    let items = rows.into_iter().map(|(id, topic, before, after, person, name, at)| SettingsChangeView {
        id,
        topic,
        before,
        after,
        author: PersonRef { id: person, name },
        created_at: at.to_jiff(),
    });
    Ok(Page { items: items.collect(), next_cursor })
}
