//! The panel: the support page inside somebody else's website.
//!
//! Invariant: it opens in no website but those that an admin named, and signs nobody of the team in.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    text::WebOrigin,
};

/// So many websites at most.
const MOST: usize = 50;

/// Settings of the panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PanelTopic {
    /// The websites that may show it, at most 50; none for none.
    #[garde(custom(so_many), dive)]
    pub origins: Vec<WebOrigin>,
}

fn so_many(origins: &[WebOrigin], (): &()) -> garde::Result {
    if origins.len() <= MOST { Ok(()) } else { Err(broken(FieldCode::TooLong, "At most 50 websites.")) }
}

/// `POST /auth/host`: the token that a website made for the person it knows.
///
/// A JWT signed by HS256 with the panel's secret. Its claims: `aud`, this desk's address; `email` and `name` of the
/// person; `iat` and `exp`, at most ten minutes apart; `jti`, unlike that of every other token; perhaps `locale`, in
/// which somebody new is written to.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostToken {
    /// At most 2,000 characters.
    #[garde(length(max = 2000))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub token: String,
}

/// `POST /admin/panel/secret`: what the websites' servers sign with from now on. It is told this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PanelSecret {
    pub secret: String,
}
