//! The captcha: what tells people from programs where somebody comes in without an account.
//!
//! Invariant: without a valid answer the server refuses, also while whoever judges the answers is out of reach.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    text::Label,
};

wire_enum! {
    /// Who sets and judges the riddle.
    CaptchaProvider {
        /// Nobody.
        Off = "off",
        /// This desk: the browser works for a moment (ALTCHA, proof of work). Nobody else hears of the visitor.
        Altcha = "altcha",
        RecaptchaV2 = "recaptcha_v2",
        RecaptchaV3 = "recaptcha_v3",
        Hcaptcha = "hcaptcha",
        Turnstile = "turnstile",
    }
}

wire_enum! {
    /// What somebody who answers is about to do. It is checked where the provider tells it.
    CaptchaAction {
        Register = "register",
        /// Have a link mailed.
        Link = "link",
        /// Open a ticket without an account.
        Ticket = "ticket",
    }
}

/// Settings of the captcha.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaptchaTopic {
    /// Absent: `altcha` while registration is passwordless, and otherwise none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub provider: Option<CaptchaProvider>,
    /// The public key of a provider elsewhere. Its secret stands in the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive, custom(with_its_key(self.provider)))]
    pub site_key: Option<Label>,
}

impl CaptchaProvider {
    /// Whether somebody else judges.
    pub fn is_elsewhere(self) -> bool {
        !matches!(self, Self::Off | Self::Altcha)
    }
}

fn with_its_key(provider: Option<CaptchaProvider>) -> impl FnOnce(&Option<Label>, &()) -> garde::Result {
    move |key, ()| {
        if provider.is_some_and(CaptchaProvider::is_elsewhere) && key.is_none() {
            return Err(broken(FieldCode::Required, "This provider needs its site key."));
        }
        Ok(())
    }
}

/// What the page needs to know, in `GET /settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Captcha {
    pub provider: CaptchaProvider,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_key: Option<String>,
}

/// `GET /captcha/challenge`, with the provider `altcha`: what its widget solves. It is good for ten minutes, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// What is to be worked out, as ALTCHA's protocol 2 has it.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub parameters: serde_json::Value,
    pub signature: String,
}
