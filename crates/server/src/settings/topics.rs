//! The topics as they are stored: one row for each that an admin has set.
//!
//! Invariant: a change and its entry in the history are one transaction, and changes come one after the other.

use api_types::{
    page::Page,
    people::{PersonId, PersonRef},
    settings::{Settings, SettingsChange, SettingsChangeFilter, SettingsChangeId, SettingsChangeView},
};
use db::{
    AsyncPgConnection,
    schema::{people, settings, settings_changes},
};
use diesel::{dsl::sql, prelude::*, sql_types, upsert::excluded};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::{Map, Value};

use super::CHANNEL;
use crate::{
    cursor::{self, Cursor},
    error::{AppError, Result},
    tickets,
};

/// The settings: what is stored over what holds without.
pub async fn load(conn: &mut AsyncPgConnection, defaults: &Settings) -> Result<Settings> {
    let stored: Vec<(String, Value)> = settings::table.select((settings::topic, settings::value)).load(conn).await?;
    let mut all = object(defaults)?;
    for (topic, value) in stored {
        // An older process may have known what this one does not.
        if let Some(known) = all.get_mut(&topic) {
            lay_over(known, value);
        }
    }
    serde_json::from_value(Value::Object(all)).map_err(AppError::internal)
}

/// A topic that was stored before it had all of its fields takes the others from the default.
fn lay_over(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => below.extend(above),
        (below, above) => *below = above,
    }
}

/// Sets whole topics, and tells the other processes. Answers all settings.
pub async fn change(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    defaults: &Settings,
    author: PersonId,
    change: &SettingsChange,
) -> Result<Settings> {
    let change = object(change)?;
    conn.transaction(async |conn| {
        // Readers go on reading what was.
        conn.batch_execute("lock table settings in exclusive mode").await?;
        let mut all = object(&load(conn, defaults).await?)?;
        let mut changes = Vec::new();
        for (topic, after) in change {
            let before = all.insert(topic.clone(), after.clone()).unwrap_or_default();
            if before != after {
                changes.push((topic, before, after));
            }
        }
        // Written in full, so that a default that changes later changes no desk.
        let rows: Vec<_> =
            changes.iter().map(|(topic, _, after)| (settings::topic.eq(topic), settings::value.eq(after))).collect();
        diesel::insert_into(settings::table)
            .values(rows)
            .on_conflict(settings::topic)
            .do_update()
            .set(settings::value.eq(excluded(settings::value)))
            .execute(conn)
            .await?;
        let history: Vec<_> = changes
            .iter()
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
        diesel::insert_into(settings_changes::table).values(history).execute(conn).await?;
        if !changes.is_empty() {
            conn.batch_execute(&format!("notify {CHANNEL}")).await?;
        }
        if changes.iter().any(|(topic, _, _)| topic == "sla") {
            tickets::sla_changed(conn, now).await?;
        }
        serde_json::from_value(Value::Object(all)).map_err(AppError::internal)
    })
    .await
}

fn object(topics: &impl serde::Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(topics).map_err(AppError::internal)? {
        Value::Object(topics) => Ok(topics),
        other => Err(AppError::internal(anyhow::anyhow!("settings are {other}"))),
    }
}

/// A page of what was changed, newest first.
pub async fn history(conn: &mut AsyncPgConnection, filter: &SettingsChangeFilter) -> Result<Page<SettingsChangeView>> {
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
        query = query.filter(
            sql::<sql_types::Bool>("(settings_changes.created_at, settings_changes.id) < (")
                .bind::<sql_types::Timestamptz, _>(after.at.to_diesel())
                .sql(", ")
                .bind::<sql_types::Uuid, _>(after.id)
                .sql(")"),
        );
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
