//! The topics as they are stored: one row for each that an admin has set.
//!
//! Invariant: a change and its entry in the history are one transaction, and changes come one after the other.

use api_types::{
    error::{FieldCode, FieldError},
    people::PersonId,
    settings::{Settings, SettingsChange},
};
use db::{AsyncPgConnection, schema::settings};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    history::{self, Entry},
    logo,
};
use crate::{
    departments,
    error::{AppError, Result},
    etag::IfMatch,
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

/// Sets whole topics, and tells the other processes. Answers all settings. One refusal names every field at fault,
/// those that were found before too.
pub async fn change(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    defaults: &Settings,
    author: PersonId,
    read: &IfMatch,
    change: &SettingsChange,
    mut faults: Vec<FieldError>,
) -> Result<Settings> {
    conn.transaction(async |conn| {
        history::take_turn(conn).await?;
        let before = load(conn, defaults).await?;
        read.check(&before)?;
        if let Some(form) = &change.form {
            faults.extend(departments::faults_of(form, &departments::all(conn).await?));
        }
        if let Some(brand) = &change.brand
            && !logo::is_there(conn, brand).await?
        {
            let (pointer, message) = ("/brand/logo".to_owned(), "There is no such logo. Upload it first.".to_owned());
            faults.push(FieldError { pointer, code: FieldCode::NotPossible, message });
        }
        if !faults.is_empty() {
            return Err(AppError::invalid(faults));
        }
        if let (Some(brand), Some(logo)) = (&change.brand, before.brand.logo)
            && brand.logo != Some(logo)
        {
            logo::replaced(conn, now, logo).await?;
        }
        let mut all = object(&before)?;
        let mut changes: Vec<Entry> = Vec::new();
        for (topic, after) in object(change)? {
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
        let promises = changes.iter().any(|(topic, ..)| topic == "sla");
        history::record(conn, now, author, changes).await?;
        if promises {
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
