//! That the server is out of reach, for as long as it is.

use leptos::prelude::*;

use super::words::OFFLINE;
use crate::{
    erased::when,
    live,
    ui::{Glyph, Icon},
};

#[component]
pub fn Offline() -> impl IntoView {
    view! {
        <div role="status">
            {when(
                live::is_offline,
                || {
                    view! {
                        <p class="offline">
                            <Icon glyph=Glyph::Alert />
                            {OFFLINE}
                        </p>
                    }
                },
            )}
        </div>
    }
}
