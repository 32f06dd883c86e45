//! Signing in: by password, by a mailed link, and staying so by a refresh cookie.
//!
//! Invariant: no answer here tells whether an address has an account.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    people::{Locale, Me},
    text::{EmailAddress, Password, PersonName},
    tickets::TicketId,
};

/// `POST /auth/register`: the answer is always 202, and a mail follows.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    #[garde(dive)]
    pub name: PersonName,
    #[garde(dive)]
    pub email: EmailAddress,
    #[garde(dive)]
    pub password: Password,
    /// The language of the mail and of the account.
    #[garde(skip)]
    pub locale: Locale,
    /// The answer to the captcha, where the desk asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(max = 8192))]
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub captcha: Option<String>,
}

/// `POST /auth/login`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    #[garde(dive)]
    pub email: EmailAddress,
    /// Checked against the stored one only: old rules may have been other ones.
    #[garde(skip)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Password,
}

/// `POST /auth/forgot` and `POST /auth/link`: mail something to this address, if it has an account.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailRequest {
    #[garde(dive)]
    pub email: EmailAddress,
    /// The answer to the captcha, where the desk asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(max = 8192))]
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub captcha: Option<String>,
}

/// `POST /auth/verify`: confirms a registration or follows a sign-in link.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    /// The token of the mailed link, or the code that stands under it.
    #[garde(length(max = 200))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
}

/// `POST /auth/renew`: mails a new link in place of one that was used or has expired, to the same address.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkRenewal {
    /// The token of the old link.
    #[garde(length(max = 200))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
}

/// `POST /auth/reset`: sets a new password and ends every session of the account.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token of the mailed link.
    #[garde(length(max = 200))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
    #[garde(dive)]
    pub password: Password,
}

/// A signed-in session. The refresh token travels beside it in an HttpOnly cookie.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Send it as `Authorization: Bearer <access_token>`; keep it in memory only.
    pub access_token: String,
    /// Seconds until `access_token` expires.
    pub expires_in: u32,
    pub user: Me,
    /// After a mailed link: the ticket that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
}
