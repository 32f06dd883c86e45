//! The rows of fields.
//!
//! Invariant: what is stored is possible, and keys, kinds and the keys of choices only ever grow in number.

use api_types::{
    error::{FieldCode, FieldError},
    fields::{Field, FieldChange, FieldId, MAX_FIELDS, NewField},
    people::PersonId,
    text::HelpText,
};
use db::{AsyncPgConnection, schema::fields};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    departments,
    error::{AppError, Result},
    etag::IfMatch,
    settings,
};

/// All of them, in order.
pub async fn all(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Field>> {
    let rows: Vec<(FieldId, Value)> = fields::table.select((fields::id, fields::definition)).load(conn).await?;
    let mut all: Vec<Field> = rows
        .into_iter()
        .filter_map(|(id, definition)| {
            // A newer process may have written what this one does not know.
            serde_json::from_value(definition)
                .inspect_err(|error| tracing::error!(%error, %id, "a field is not understood"))
                .ok()
        })
        .collect();
    all.sort_by_key(|field| (field.position, field.id));
    Ok(all)
}

/// Adds a field after the last. Adding the same twice makes one.
pub async fn create(conn: &mut AsyncPgConnection, now: Timestamp, author: PersonId, new: NewField) -> Result<Field> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let others = all(conn).await?;
        let made = Field {
            id: FieldId::new(),
            key: new.key,
            kind: new.kind,
            label_en: new.label_en,
            label_fr: new.label_fr,
            help_en: said(new.help_en),
            help_fr: said(new.help_fr),
            required: new.required,
            departments: new.departments,
            rules: new.rules,
            choices: new.choices,
            in_queue: new.in_queue,
            position: others.last().map_or(0, |last| last.position.saturating_add(1)),
            retired: false,
        };
        let mut faults = Vec::new();
        if let Some(other) = others.iter().find(|other| other.key == made.key) {
            if *other == (Field { id: other.id, position: other.position, ..made.clone() }) {
                return Ok(other.clone());
            }
            faults.push(fault("/key", "Another field has this key, or had it before it was retired."));
        }
        if others.iter().filter(|other| !other.retired).count() >= MAX_FIELDS {
            faults.push(fault("/", "At most 50 fields."));
        }
        save(conn, now, author, None, &made, faults).await?;
        Ok(made)
    })
    .await
}

/// One of them.
pub async fn read(conn: &mut AsyncPgConnection, id: FieldId) -> Result<Field> {
    all(conn).await?.into_iter().find(|field| field.id == id).ok_or_else(AppError::not_found)
}

/// Changes a field.
pub async fn change(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: PersonId,
    id: FieldId,
    read: &IfMatch,
    change: FieldChange,
) -> Result<Field> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let others = all(conn).await?;
        let before = others.iter().find(|other| other.id == id).ok_or_else(AppError::not_found)?.clone();
        read.check(&before)?;
        let mut faults = Vec::new();
        if let Some(choices) = &change.choices {
            let left_out = |key| choices.iter().all(|choice| choice.key != key);
            if before.choices.iter().any(|choice| left_out(choice.key.clone())) {
                faults.push(fault("/choices", "A choice can be retired, not left out."));
            }
        }
        let open = others.iter().filter(|other| !other.retired && other.id != id).count();
        if before.retired && change.retired == Some(false) && open >= MAX_FIELDS {
            faults.push(fault("/retired", "At most 50 fields."));
        }
        let after = Field {
            label_en: change.label_en.unwrap_or(before.label_en.clone()),
            label_fr: change.label_fr.unwrap_or(before.label_fr.clone()),
            help_en: change.help_en.map_or(before.help_en.clone(), |help| said(Some(help))),
            help_fr: change.help_fr.map_or(before.help_fr.clone(), |help| said(Some(help))),
            required: change.required.unwrap_or(before.required),
            departments: change.departments.unwrap_or(before.departments.clone()),
            rules: change.rules.unwrap_or(before.rules.clone()),
            choices: change.choices.unwrap_or(before.choices.clone()),
            in_queue: change.in_queue.unwrap_or(before.in_queue),
            position: change.position.unwrap_or(before.position),
            retired: change.retired.unwrap_or(before.retired),
            ..before.clone()
        };
        save(conn, now, author, Some(&before), &after, faults).await?;
        Ok(after)
    })
    .await
}

fn said(help: Option<HelpText>) -> Option<HelpText> {
    help.filter(|help| !help.as_str().is_empty())
}

/// Writes a field that nothing is wrong with.
async fn save(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: PersonId,
    before: Option<&Field>,
    after: &Field,
    mut faults: Vec<FieldError>,
) -> Result<()> {
    faults.extend(after.faults());
    let known = departments::all(conn).await?;
    let strange = after.departments.iter().enumerate().filter(|(_, id)| known.iter().all(|it| it.names.id != **id));
    faults.extend(strange.map(|(place, _)| fault(&format!("/departments/{place}"), "There is no such department.")));
    if !faults.is_empty() {
        return Err(AppError::invalid(faults));
    }
    let definition = serde_json::to_value(after).map_err(AppError::internal)?;
    let values = (fields::key.eq(after.key.as_str()), fields::definition.eq(&definition));
    match before {
        None => diesel::insert_into(fields::table).values((fields::id.eq(after.id), values)).execute(conn),
        Some(_) => diesel::update(fields::table.find(after.id)).set(values).execute(conn),
    }
    .await?;
    let before = before.map_or(Ok(json!({})), serde_json::to_value).map_err(AppError::internal)?;
    settings::record(conn, now, author, [("fields".to_owned(), before, definition)]).await?;
    Ok(())
}

fn fault(pointer: &str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: FieldCode::NotPossible, message: message.to_owned() }
}
