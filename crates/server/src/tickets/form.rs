//! The form for a new ticket, as the desk has set it.
//!
//! Invariant: the page asks for what is required here and for nothing else, and one answer names every field at fault.

use api_types::{
    departments::DepartmentId,
    error::{FieldCode, FieldError},
    settings::Need,
    tickets::NewTicket,
};

use crate::{
    departments,
    error::{AppError, Result},
    fields::{self, Asked},
    settings::InForce,
};

/// Checks a new ticket against its own rules and the desk's form. Its answers to custom fields come out as they are
/// kept, and it names its department if it goes on from a ticket that is in one, `inherited`.
pub fn check(in_force: &InForce, new: &mut NewTicket, inherited: Option<DepartmentId>) -> Result<()> {
    let form = &in_force.settings.form;
    let mut errors = FieldError::all_of(new);
    errors.extend(need(form.priority, new.priority.is_some(), "/priority"));
    let inherited =
        inherited.filter(|id| new.department_id.is_none() && departments::is_open(&in_force.departments, *id));
    let misplaced = if inherited.is_some() { None } else { department(in_force, new) };
    let asked = match &misplaced {
        None => Asked::In(inherited.or_else(|| departments::destination(in_force, new.department_id))),
        Some(_) => Asked::Anywhere,
    };
    errors.extend(misplaced);
    match fields::check(&in_force.fields, asked, None, &new.custom_fields) {
        Ok(answers) => new.custom_fields = answers,
        Err(faults) => errors.extend(faults),
    }
    if new.visitor.is_some() {
        // Files and earlier tickets are somebody's.
        if new.follows.is_some() {
            errors.push(fault("/follows", FieldCode::NotPossible, "Sign in to go on from an earlier ticket."));
        }
        if !new.attachment_ids.is_empty() {
            errors.push(fault("/attachment_ids", FieldCode::NotPossible, "Files can be sent once the ticket is open."));
        }
    }
    if !errors.is_empty() {
        return Err(AppError::invalid(errors));
    }
    new.department_id = new.department_id.or(inherited);
    Ok(())
}

/// A ticket that names no department goes to the default, which is as good as naming it.
fn department(in_force: &InForce, new: &NewTicket) -> Option<FieldError> {
    let pointer = "/department_id";
    match new.department_id {
        None if departments::destination(in_force, None).is_some() => None,
        Some(id) if in_force.settings.form.department != Need::Off => {
            let is_open = departments::is_open(&in_force.departments, id);
            (!is_open).then(|| fault(pointer, FieldCode::NotPossible, "There is no such department, or it is retired."))
        }
        named => need(in_force.settings.form.department, named.is_some(), pointer),
    }
}

fn need(need: Need, is_given: bool, pointer: &str) -> Option<FieldError> {
    match (need, is_given) {
        (Need::Required, false) => Some(fault(pointer, FieldCode::Required, "This desk asks for it.")),
        (Need::Off, true) => Some(fault(pointer, FieldCode::NotPossible, "This desk does not ask for it.")),
        _ => None,
    }
}

fn fault(pointer: &str, code: FieldCode, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code, message: message.to_owned() }
}
