//! Mails, as an admin sees them: what was sent, what waits, and what could not be sent.
//!
//! Invariant: no secret and no text of a mail is shown.

use serde::{Deserialize, Serialize};

use crate::{tickets::TicketId, time::Timestamp};

id! {
    /// A mail.
    MailId
}

wire_enum! {
    /// What a mail is about.
    MailKind {
        /// Confirm an address: of a registration, or of an account that moves there.
        Register = "register",
        /// A link that signs in.
        SignIn = "sign_in",
        /// A link for a new password.
        Reset = "reset",
        /// Confirm a ticket that was opened without an account.
        ConfirmTicket = "confirm_ticket",
        /// To its creator: the ticket was opened.
        TicketOpened = "ticket_opened",
        /// What notifications tell.
        Notification = "notification",
        /// To the address before: the account has moved.
        AddressChanged = "address_changed",
        /// To admins: a webhook was switched off, because it took nothing.
        WebhookDisabled = "webhook_disabled",
        /// To whoever has asked for somebody's data: it is ready.
        ExportReady = "export_ready",
    }
}

wire_enum! {
    /// How far a mail is.
    MailState {
        /// Waiting for its time, or to be tried again.
        Queued = "queued",
        /// The mail server has taken it.
        Sent = "sent",
        /// Nothing was left to say when its time came.
        Skipped = "skipped",
        /// Given up; an admin may send it again.
        Dead = "dead",
    }
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailView {
    pub id: MailId,
    pub kind: MailKind,
    pub state: MailState,
    /// The address it goes to.
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// How often it was tried.
    pub attempts: i32,
    /// What the mail server answered last, if it did not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

/// `GET /admin/mails`: which to list, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct MailFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<MailState>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Cursor>, inline))]
    pub after: Option<String>,
}
