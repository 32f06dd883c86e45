//! Settings: how this desk differs from others.
//!
//! Invariant: what stands here is public.

use serde::{Deserialize, Serialize};

use crate::assistant::AssistantMode;

wire_enum! {
    /// Who may open a ticket.
    RegistrationMode {
        /// People with an account, which everybody can make.
        Required = "required",
        /// Everybody with an address, which a mailed link confirms.
        Passwordless = "passwordless",
    }
}

/// `GET /settings`: what the page needs to know before anybody has signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicSettings {
    pub registration: RegistrationMode,
    pub assistant_name: String,
    pub assistant_mode: AssistantMode,
}
