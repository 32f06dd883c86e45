//! The team's desk: the queue with its filters, and the ticket that is open.

use leptos::prelude::*;

use super::{panes::Panes, shortcuts::Shortcuts, words::DESK, workplace::Workplace};

#[component]
pub fn DeskPage() -> impl IntoView {
    Workplace::begin();
    view! {
        <Panes heading=DESK />
        <Shortcuts />
    }
}
