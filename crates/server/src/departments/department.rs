//! The rows of departments and of their people.
//!
//! Invariant: a change that would leave the form impossible is refused at the field that asks for it.

use api_types::{
    departments::{DepartmentChange, DepartmentId, DepartmentRef, DepartmentView, NewDepartment},
    error::{FieldCode, FieldError},
    people::{PersonId, PersonRef, Role},
    settings::Settings,
};
use db::{
    AsyncPgConnection,
    schema::{department_people, departments, people},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::{Value, json};

use super::{Department, faults_of};
use crate::{
    error::{AppError, Result},
    etag::IfMatch,
    settings,
};

/// So many departments there are at most, beside the retired ones.
const MOST: usize = 100;

type Row = (DepartmentId, String, String, i32, bool);

async fn rows(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Row>> {
    departments::table
        .order((departments::position, departments::id))
        .select((
            departments::id,
            departments::name_en,
            departments::name_fr,
            departments::position,
            departments::retired_at.is_not_null(),
        ))
        .load(conn)
        .await
}

/// All of them, in order, as each process keeps them.
pub async fn all(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Department>> {
    let keep =
        |(id, name_en, name_fr, _, retired): Row| Department { names: DepartmentRef { id, name_en, name_fr }, retired };
    Ok(rows(conn).await?.into_iter().map(keep).collect())
}

/// All of them, in order, with their people.
pub async fn list(conn: &mut AsyncPgConnection) -> QueryResult<Vec<DepartmentView>> {
    let members: Vec<(DepartmentId, PersonId, String)> = department_people::table
        .inner_join(people::table.on(people::id.eq(department_people::person_id)))
        .filter(people::role.eq_any([Role::Agent, Role::Admin]))
        .filter(people::disabled_at.is_null())
        .order((people::name, people::id))
        .select((department_people::department_id, people::id, people::name))
        .load(conn)
        .await?;
    let view = |(id, name_en, name_fr, position, retired): Row| {
        let people = members.iter().filter(|(department, ..)| *department == id);
        let people = people.map(|(_, id, name)| PersonRef { id: *id, name: name.clone() }).collect();
        DepartmentView { id, name_en, name_fr, position, retired, people }
    };
    Ok(rows(conn).await?.into_iter().map(view).collect())
}

/// Adds a department after the last.
pub async fn create(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: PersonId,
    new: &NewDepartment,
) -> Result<DepartmentView> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let others = list(conn).await?;
        let (people, mut faults) = members(conn, &new.people).await?;
        let made = DepartmentView {
            id: DepartmentId::new(),
            name_en: new.name_en.to_string(),
            name_fr: new.name_fr.to_string(),
            position: others.last().map_or(0, |last| last.position.saturating_add(1)),
            retired: false,
            people,
        };
        let same = others.iter().find(|other| {
            (&other.name_en, &other.name_fr, &other.people, other.retired)
                == (&made.name_en, &made.name_fr, &made.people, false)
        });
        if let Some(same) = same {
            return Ok(same.clone());
        }
        faults.extend(names_at_fault(&made, &others));
        if others.iter().filter(|other| !other.retired).count() >= MOST {
            faults.push(fault("/", "At most 100 departments."));
        }
        save(conn, now, author, None, &made, faults).await?;
        Ok(made)
    })
    .await
}

/// One of them, with its people.
pub async fn read(conn: &mut AsyncPgConnection, id: DepartmentId) -> Result<DepartmentView> {
    list(conn).await?.into_iter().find(|department| department.id == id).ok_or_else(AppError::not_found)
}

/// Changes a department.
pub async fn change(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    defaults: &Settings,
    author: PersonId,
    id: DepartmentId,
    read: &IfMatch,
    change: &DepartmentChange,
) -> Result<DepartmentView> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let mut others = list(conn).await?;
        let place = others.iter().position(|other| other.id == id).ok_or_else(AppError::not_found)?;
        let before = others.remove(place);
        read.check(&before)?;
        let mut after = before.clone();
        let mut faults = Vec::new();
        if let Some(ids) = &change.people {
            (after.people, faults) = members(conn, ids).await?;
        }
        after.name_en = change.name_en.as_ref().map_or(after.name_en, ToString::to_string);
        after.name_fr = change.name_fr.as_ref().map_or(after.name_fr, ToString::to_string);
        after.position = change.position.unwrap_or(after.position);
        after.retired = change.retired.unwrap_or(after.retired);
        if !after.retired {
            faults.extend(names_at_fault(&after, &others));
            if before.retired && others.iter().filter(|other| !other.retired).count() >= MOST {
                faults.push(fault("/retired", "At most 100 departments."));
            }
        } else if !before.retired {
            let form = settings::load(conn, defaults).await?.form;
            let mut rest = all(conn).await?;
            rest.retain(|department| department.names.id != id);
            if form.default_department == Some(id) {
                faults.push(fault("/retired", "It is the default department. Choose another default first."));
            } else if !faults_of(&form, &rest).is_empty() {
                faults.push(fault("/retired", "The form requires a department, and this is the last one."));
            }
        }
        save(conn, now, author, Some(&before), &after, faults).await?;
        Ok(after)
    })
    .await
}

/// Writes a department that nothing is wrong with.
async fn save(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    author: PersonId,
    before: Option<&DepartmentView>,
    after: &DepartmentView,
    faults: Vec<FieldError>,
) -> Result<()> {
    if !faults.is_empty() {
        return Err(AppError::invalid(faults));
    }
    let values = (
        departments::name_en.eq(&after.name_en),
        departments::name_fr.eq(&after.name_fr),
        departments::position.eq(after.position),
        departments::retired_at.eq(after.retired.then(|| now.to_diesel())),
    );
    match before {
        None => diesel::insert_into(departments::table).values((departments::id.eq(after.id), values)).execute(conn),
        Some(_) => diesel::update(departments::table.find(after.id)).set(values).execute(conn),
    }
    .await?;
    if before.is_none_or(|before| before.people != after.people) {
        let former = department_people::table.filter(department_people::department_id.eq(after.id));
        diesel::delete(former).execute(conn).await?;
        let members: Vec<_> = after
            .people
            .iter()
            .map(|person| (department_people::department_id.eq(after.id), department_people::person_id.eq(person.id)))
            .collect();
        diesel::insert_into(department_people::table).values(members).execute(conn).await?;
    }
    let before = before.map_or(Ok(json!({})), serde_json::to_value).map_err(AppError::internal)?;
    let after: Value = serde_json::to_value(after).map_err(AppError::internal)?;
    settings::record(conn, now, author, [("departments".to_owned(), before, after)]).await?;
    Ok(())
}

/// The active members of the team among these people, by name, and what is wrong with the others.
async fn members(conn: &mut AsyncPgConnection, ids: &[PersonId]) -> QueryResult<(Vec<PersonRef>, Vec<FieldError>)> {
    let found: Vec<(PersonId, String)> = people::table
        .filter(people::id.eq_any(ids))
        .filter(people::role.eq_any([Role::Agent, Role::Admin]))
        .filter(people::disabled_at.is_null())
        .order((people::name, people::id))
        .select((people::id, people::name))
        .load(conn)
        .await?;
    let strangers = ids.iter().enumerate().filter(|(_, id)| found.iter().all(|(known, _)| known != *id));
    let faults = strangers.map(|(place, _)| fault(&format!("/people/{place}"), "Not an active member of the team."));
    let faults = faults.collect();
    Ok((found.into_iter().map(|(id, name)| PersonRef { id, name }).collect(), faults))
}

/// Two departments of one name could not be told apart where one is to be chosen.
fn names_at_fault(department: &DepartmentView, others: &[DepartmentView]) -> Vec<FieldError> {
    let open = || others.iter().filter(|other| !other.retired);
    let taken = "Another department is called so.";
    let mut faults = Vec::new();
    if open().any(|other| other.name_en.to_lowercase() == department.name_en.to_lowercase()) {
        faults.push(fault("/name_en", taken));
    }
    if open().any(|other| other.name_fr.to_lowercase() == department.name_fr.to_lowercase()) {
        faults.push(fault("/name_fr", taken));
    }
    faults
}

fn fault(pointer: &str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: FieldCode::NotPossible, message: message.to_owned() }
}
