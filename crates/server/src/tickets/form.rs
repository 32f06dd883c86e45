//! The form for a new ticket, as the desk has set it.
//!
//! Invariant: the page asks for what is required here and for nothing else, and one answer names every field at fault.

use api_types::{
    error::{FieldCode, FieldError},
    settings::{Need, TicketForm},
    tickets::NewTicket,
};

use crate::error::{AppError, Result};

/// Checks a new ticket against its own rules and the desk's form.
pub fn check(form: &TicketForm, new: &NewTicket) -> Result<()> {
    let mut errors = FieldError::all_of(new);
    errors.extend(need(form.priority, new.priority.is_some(), "/priority"));
    if new.visitor.is_some() {
        // Files and earlier tickets are somebody's.
        if new.follows.is_some() {
            errors.push(fault("/follows", FieldCode::NotPossible, "Sign in to go on from an earlier ticket."));
        }
        if !new.attachment_ids.is_empty() {
            errors.push(fault("/attachment_ids", FieldCode::NotPossible, "Files can be sent once the ticket is open."));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::invalid(errors)) }
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
