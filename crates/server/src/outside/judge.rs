//! Whoever elsewhere judges a captcha: the `siteverify` that reCAPTCHA, hCaptcha and Turnstile share.
//!
//! Invariant: an answer is accepted only when the provider says so, for this desk's host and for what is being done. The
//! address asked is the provider's own, whatever an admin sets.

use std::time::Duration;

use api_types::captcha::{CaptchaAction, CaptchaProvider};
use reqwest::{Client, Url, redirect::Policy};
use serde::Deserialize;

const PATIENCE: Duration = Duration::from_secs(5);
/// The largest judgement, in bytes.
const MOST: usize = 64 * 1024;
/// Of reCAPTCHA v3, which guesses: 0 for a program, 1 for a person.
const LEAST_SCORE: f64 = 0.5;

/// Somebody who can be asked.
#[derive(Clone)]
pub struct Judge {
    http: Client,
    secret: String,
    /// Where this desk's pages are.
    host: String,
    /// Asked instead of the provider's own address.
    instead: Option<Url>,
}

#[derive(Deserialize)]
struct Judgement {
    success: bool,
    hostname: Option<String>,
    action: Option<String>,
    score: Option<f64>,
}

impl Judge {
    /// Opens no connection yet.
    pub fn new(secret: String, public_url: &str, instead: Option<&str>) -> anyhow::Result<Self> {
        let host = public_url.parse::<Url>()?.host_str().unwrap_or_default().to_owned();
        let http = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { http, secret, host, instead: instead.map(str::parse).transpose()? })
    }

    /// Whether the provider accepts an answer. Fails when it cannot be asked.
    pub async fn accepts(
        &self,
        provider: CaptchaProvider,
        action: CaptchaAction,
        answer: &str,
    ) -> anyhow::Result<bool> {
        let address = match &self.instead {
            Some(address) => address.clone(),
            None => address(provider).parse()?,
        };
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", &self.secret)
            .append_pair("response", answer)
            .finish();
        let request = self.http.post(address).header("Content-Type", "application/x-www-form-urlencoded").body(form);
        let mut response = request.send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            anyhow::ensure!(body.len() + chunk.len() <= MOST, "the judgement is too large");
            body.extend_from_slice(&chunk);
        }
        let judgement: Judgement = serde_json::from_slice(&body)?;
        Ok(judgement.holds(provider, action, &self.host))
    }
}

impl Judgement {
    fn holds(&self, provider: CaptchaProvider, action: CaptchaAction, host: &str) -> bool {
        // Those tell what the riddle was solved for.
        let tells_action = matches!(provider, CaptchaProvider::RecaptchaV3 | CaptchaProvider::Turnstile);
        let right_action = !tells_action || self.action.as_deref() == Some(action.as_str());
        let likely = provider != CaptchaProvider::RecaptchaV3 || self.score.is_some_and(|score| score >= LEAST_SCORE);
        self.success && self.hostname.as_deref() == Some(host) && right_action && likely
    }
}

fn address(provider: CaptchaProvider) -> &'static str {
    match provider {
        CaptchaProvider::Hcaptcha => "https://api.hcaptcha.com/siteverify",
        CaptchaProvider::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        _ => "https://www.google.com/recaptcha/api/siteverify",
    }
}
