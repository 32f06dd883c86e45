//! That an answer is being written.

use leptos::prelude::*;

use super::{on_ticket::OnTicket, words::WRITING};
use crate::erased::when;

#[component]
pub fn Writing() -> impl IntoView {
    let here = OnTicket::here();
    view! {
        <div role="status">
            {when(
                move || here.is_some_and(OnTicket::writes),
                || {
                    view! {
                        <p class="writing">
                            <span class="writing-dots" aria-hidden="true"></span>
                            {WRITING}
                        </p>
                    }
                },
            )}
        </div>
    }
}
