//! What a program does in somebody else's name.
//!
//! Invariant: whom it means is named in the body; which program it was, its key tells.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    comments::NewComment,
    people::{Locale, PersonId},
    text::{EmailAddress, PersonName},
    tickets::NewTicket,
};

/// A customer for whom a program opens a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Customer {
    #[garde(dive)]
    pub email: EmailAddress,
    /// Of somebody who has no account yet. Who has one keeps their name.
    #[garde(dive)]
    pub name: PersonName,
    /// The language of their mails, if they have no account yet. Absent: English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
}

/// `POST /behalf/tickets`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketOnBehalf {
    #[garde(dive)]
    pub customer: Customer,
    /// Its rules and the desk's are checked together, so that one answer names every field at fault.
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::ticket_for_another))]
    pub ticket: NewTicket,
}

/// A member of the team, by either.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(rename_all = "snake_case")]
pub enum TeamAuthor {
    Id(#[garde(skip)] PersonId),
    Email(#[garde(dive)] EmailAddress),
}

/// `POST /behalf/tickets/{id}/comments`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentOnBehalf {
    /// An active member of the team, who sees the ticket.
    #[garde(dive)]
    pub author: TeamAuthor,
    #[garde(dive)]
    pub comment: NewComment,
}
