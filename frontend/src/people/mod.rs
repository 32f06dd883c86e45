//! People: one's own account, and for admins everybody's.
//!
//! Invariant: what another room may call is [`save_quietly`] alone.

mod account_page;
mod address_form;
mod api;
mod choices;
mod data;
mod erase_dialog;
mod notify;
mod password_form;
mod people_page;
mod person_row;
mod preferences;
mod receipts;
mod words;

use api_types::people::MeChange;

pub use account_page::AccountPage;
pub use people_page::PeoplePage;

use crate::{erased::spawn, pulse, session, ui};

/// Saves a preference that already shows; only a failure is worth a word.
pub fn save_quietly(change: MeChange) {
    spawn(async move {
        match api::change_me(change).await {
            Ok(me) => {
                session::update(me);
                // The server says names of the desk's own in the reader's language.
                pulse::look_again();
            }
            Err(failure) => ui::failed(&failure),
        }
    });
}
