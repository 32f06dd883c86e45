//! Live events: hints that something changed, without its content.
//!
//! Invariant: an event holds identifiers only. Whoever hears it asks for the rest, and is then shown what they
//! may see.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{people::PersonRef, tickets::TicketId};

/// One event of `GET /live`. Its `event:` line is the kind, its `data:` this object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LiveEvent {
    /// A ticket, or its thread, is not what it was; or it is gone.
    TicketChanged { ticket_id: TicketId },
    /// The reader has other notifications than before.
    NotificationsChanged,
    /// For the team: who of them looks at a ticket now. Without an `id:` line.
    Presence { ticket_id: TicketId, viewers: Vec<Viewer> },
    /// Something was missed: ask for everything that is shown.
    Reset,
}

/// Somebody of the team who looks at a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Viewer {
    pub person: PersonRef,
    pub typing: bool,
}

wire_enum! {
    /// What a member of the team does with an open ticket.
    Attention {
        Viewing = "viewing",
        Typing = "typing",
        Gone = "gone",
    }
}

/// `PUT /tickets/{id}/presence`, for the team. It lasts 30 seconds unless it is sent again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Presence {
    #[garde(skip)]
    pub attention: Attention,
}
