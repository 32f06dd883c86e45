//! Who may do what with a ticket they can see.

use api_types::tickets::{Can, Stage};

use super::Ticket;
use crate::auth::CurrentUser;

/// What a viewer of the ticket may do with it now.
pub fn can(user: &CurrentUser, ticket: &Ticket) -> Can {
    let resolved = ticket.stage == Stage::Resolved;
    let creator = ticket.creator_id == user.id;
    Can {
        resolve: creator && !resolved && ticket.first_reply_at.is_some(),
        delete: creator,
        reply: !resolved,
        follow_up: creator && resolved,
        manage: user.role.is_team(),
    }
}
