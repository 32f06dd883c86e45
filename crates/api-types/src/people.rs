//! People: customers, agents and admins.

use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    notifications::NotifyPreferences,
    text::{EmailAddress, ErasureReason, Password, PersonName},
    time::Timestamp,
};

id! {
    /// A person.
    PersonId
}

wire_enum! {
    /// What a person may do here.
    Role {
        /// Opens tickets and sees their own.
        Customer = "customer",
        /// Answers every ticket.
        Agent = "agent",
        /// An agent who also manages people and settings.
        Admin = "admin",
    }
}

impl Role {
    /// Agents and admins answer tickets.
    pub fn is_team(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

wire_enum! {
    /// A language of the page and of mails.
    Locale {
        English = "en",
        French = "fr",
    }
}

wire_enum! {
    /// Which key sends a reply.
    SendKey {
        /// Enter starts a new line; Ctrl or Cmd with Enter sends.
        ModEnter = "mod_enter",
        /// Enter sends; Shift with Enter starts a new line.
        Enter = "enter",
    }
}

/// How one person likes the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preferences {
    /// Absent: as the desk has it for whoever has not chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_key: Option<SendKey>,
    /// Single-key shortcuts on the desk (J, K, R, ...).
    pub shortcuts: bool,
    /// What to be told of, and where.
    #[serde(default)]
    pub notify: NotifyPreferences,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { send_key: None, shortcuts: true, notify: NotifyPreferences::default() }
    }
}

/// A person as others on a ticket see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRef {
    pub id: PersonId,
    pub name: String,
}

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub locale: Locale,
    pub preferences: Preferences,
    /// False for somebody who only ever signed in by a mailed link.
    pub has_password: bool,
}

/// Changes to one's own profile; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub preferences: Option<Preferences>,
    /// Ends every other session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub password: Option<Password>,
    /// Required with `password`, unless no password was set so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub current_password: Option<Password>,
}

/// `PUT /me/email`: the answer is always 202, and a mail with a link goes to the address.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressChange {
    #[garde(dive)]
    pub email: EmailAddress,
    /// Required, unless no password was set so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub current_password: Option<Password>,
}

/// A person as an admin sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub locale: Locale,
    pub disabled: bool,
    pub created_at: Timestamp,
}

/// Which people to list, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PersonFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Part of a name or an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Search>, inline))]
    pub q: Option<String>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Cursor>, inline))]
    pub after: Option<String>,
}

/// What an admin changes about a person; what is absent stays.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub role: Option<Role>,
    /// A disabled person is signed out everywhere at once and cannot sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub disabled: Option<bool>,
}

/// `POST /admin/people/{id}/erasure`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewErasure {
    /// Why; it is kept, and names nobody.
    #[garde(dive)]
    pub reason: ErasureReason,
}

/// What shows that somebody was erased. It tells how much there was, why, and by whom, and not whose it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureReceipt {
    pub id: Uuid,
    pub erased_at: Timestamp,
    pub reason: String,
    /// Absent once that admin was erased, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_by: Option<PersonRef>,
    /// Those that they had opened.
    pub tickets: u64,
    /// On those, whoever wrote them.
    pub comments: u64,
    /// On those, and what they had not sent yet.
    pub files: u64,
    pub notifications: u64,
    pub mails: u64,
    pub sessions: u64,
}
