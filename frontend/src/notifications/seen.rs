//! A ticket that is open and in sight has been seen, and so has what the bell tells of it.
//!
//! Invariant: nothing is marked as read before it is on the screen.

use api_types::{comments::CommentView, tickets::TicketId};
use leptos::prelude::*;
use web_sys::VisibilityState;

use super::told;
use crate::{erased::effect, pulse};

/// Marks what is told of a ticket as read, as long as the component that shows it is there. `complete` says that its
/// whole thread is.
pub fn follow(ticket: TicketId, comments: RwSignal<Vec<CommentView>>, complete: RwSignal<bool>) {
    let mut opened = false;
    effect(move || {
        // It moves on when the page comes back to sight.
        pulse::time();
        let is_shown = |id| comments.with(|comments| comments.iter().any(|comment| comment.id == id));
        let news = told::is_unread(ticket, |it| it.comment_id.is_none_or(is_shown));
        let in_sight = document().visibility_state() == VisibilityState::Visible;
        // At first whatever the bell says: it may not list all, and what is seen now is not mailed either.
        if complete.get() && in_sight && (news || !opened) {
            opened = true;
            told::read_ticket(ticket);
        }
    });
}
