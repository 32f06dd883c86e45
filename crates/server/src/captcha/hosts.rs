//! Where the captchas of others come from.
//!
//! Invariant: a host is named as its provider's own documentation names it, and only that provider's are.

use api_types::captcha::CaptchaProvider;

/// What the page's policy lets a captcha load.
#[derive(Default)]
pub struct Hosts {
    pub scripts: &'static str,
    pub frames: &'static str,
    /// Styles and calls.
    pub others: &'static str,
}

pub fn hosts(provider: CaptchaProvider) -> Hosts {
    match provider {
        CaptchaProvider::Off | CaptchaProvider::Altcha => Hosts::default(),
        CaptchaProvider::RecaptchaV2 | CaptchaProvider::RecaptchaV3 => Hosts {
            scripts: "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
            frames: "https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
            others: "https://www.google.com/recaptcha/",
        },
        CaptchaProvider::Hcaptcha => {
            let all = "https://hcaptcha.com https://*.hcaptcha.com";
            Hosts { scripts: all, frames: all, others: all }
        }
        CaptchaProvider::Turnstile => {
            let all = "https://challenges.cloudflare.com";
            Hosts { scripts: all, frames: all, others: all }
        }
    }
}
