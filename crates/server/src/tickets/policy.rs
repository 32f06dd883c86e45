//! Who may do what with a ticket they can see.

use api_types::tickets::{Can, Stage};

use super::Ticket;
use crate::auth::CurrentUser;

/// What a viewer of the ticket may do with it now.
pub fn can(user: &CurrentUser, ticket: &Ticket) -> Can {
    let resolved = ticket.stage == Stage::Resolved;
    let creator = ticket.creator_id == user.id;
    let answered = ticket.first_reply_at.is_some();
    Can {
        resolve: creator && !resolved && answered,
        delete: creator,
        reply: !resolved,
        follow_up: creator && resolved,
        manage: user.role.is_team(),
        propose: user.role.is_team() && !resolved && answered && ticket.proposed_at.is_none(),
    }
}
