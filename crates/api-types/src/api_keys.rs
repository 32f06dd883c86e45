//! API keys: what programs sign in with, and what each of them may do.
//!
//! Invariant: a token is told once, when it is made; afterwards a key is known by its name and how its token begins.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    people::{PersonRef, Role},
    text::Label,
    time::Timestamp,
};

id! {
    /// An API key.
    ApiKeyId
}

wire_enum! {
    /// Something that a key may do, as far as its owner may.
    ApiScope {
        /// Read tickets, their threads and files, and hear of changes.
        TicketsRead = "tickets:read",
        /// Open tickets, comment, and work on them; whoever changes a ticket is answered with it.
        TicketsWrite = "tickets:write",
        /// Open tickets for customers by their address, and comment in the name of a member of the team.
        TicketsBehalf = "tickets:behalf",
        /// Read help articles.
        ArticlesRead = "articles:read",
        /// Write, publish and delete help articles.
        ArticlesWrite = "articles:write",
        /// List people and the team, and the receipts of those who were erased.
        PeopleRead = "people:read",
        /// Make customers agents and agents customers, and close their accounts. Never an admin's.
        PeopleWrite = "people:write",
        /// Read the settings, their history, and the mails that were sent.
        SettingsRead = "settings:read",
        /// Change the settings, departments and fields.
        SettingsWrite = "settings:write",
        /// Manage webhooks.
        WebhooksManage = "webhooks:manage",
        /// Export tickets. People's data is for people who have signed in.
        ExportRead = "export:read",
    }
}

wire_enum! {
    /// Whose a key is.
    ApiKeyKind {
        /// The desk's: an admin makes it, and every admin sees and revokes it.
        Desk = "desk",
        /// One person's, for what that person sees.
        Personal = "personal",
    }
}

impl ApiScope {
    /// Whether a key of this kind can have it while its owner is this.
    pub fn is_for(self, kind: ApiKeyKind, owner: Role) -> bool {
        match (kind, self) {
            (ApiKeyKind::Desk, _) => owner == Role::Admin,
            (ApiKeyKind::Personal, Self::TicketsRead | Self::TicketsWrite | Self::ArticlesRead) => true,
            (ApiKeyKind::Personal, Self::ArticlesWrite | Self::PeopleRead) => owner.is_team(),
            (ApiKeyKind::Personal, _) => false,
        }
    }
}

/// A key, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyView {
    pub id: ApiKeyId,
    pub name: String,
    pub kind: ApiKeyKind,
    /// How its token begins.
    pub prefix: String,
    pub scopes: Vec<ApiScope>,
    /// Who made it. It may do no more than they.
    pub owner: PersonRef,
    pub created_at: Timestamp,
    /// From then on it is refused. Absent: it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// To the minute. Absent: it was never used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// `POST /api-keys`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApiKey {
    #[garde(dive)]
    pub name: Label,
    /// Only an admin makes one for the desk.
    #[garde(skip)]
    pub kind: ApiKeyKind,
    #[garde(custom(some_once))]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::some_scopes))]
    pub scopes: Vec<ApiScope>,
    /// When it is refused from then on: a moment to come. Absent: it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub expires_at: Option<Timestamp>,
}

/// A key that was made a moment ago.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeApiKey {
    pub key: ApiKeyView,
    /// Send it as `Authorization: Bearer <token>`. It is told this once.
    pub token: String,
}

/// Which keys to list, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ApiKeyFilter {
    /// The desk's, or those of single people.
    #[cfg_attr(feature = "openapi", param(inline))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ApiKeyKind>,
    /// True lists those that the caller made, which is all that anybody but an admin sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Cursor>, inline))]
    pub after: Option<String>,
}

fn some_once(scopes: &[ApiScope], (): &()) -> garde::Result {
    if scopes.is_empty() {
        return Err(broken(FieldCode::Required, "At least one scope."));
    }
    let is_repeated = |(place, scope): (usize, &ApiScope)| scopes.iter().skip(place + 1).any(|other| other == scope);
    if scopes.iter().enumerate().any(is_repeated) {
        return Err(broken(FieldCode::NotPossible, "Each scope once."));
    }
    Ok(())
}
