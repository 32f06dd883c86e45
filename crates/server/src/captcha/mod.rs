//! The captcha: asked where somebody comes in without an account.
//!
//! Invariant: an answer is good once, and nobody gets in while nobody can judge it.

mod hosts;
mod routes;
mod spent;
mod work;

use api_types::{
    captcha::{Captcha, CaptchaAction, CaptchaProvider},
    error::FieldCode,
    settings::{RegistrationMode, Settings},
};
use utoipa_actix_web::service_config::ServiceConfig;

pub use hosts::{Hosts, hosts};
pub use spent::sweep;
pub use work::Work;

use crate::{
    error::{AppError, Result},
    once::Once,
    state::State,
};

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(routes::get_challenge);
}

/// Who sets the riddles of a desk with these settings.
pub fn of(settings: &Settings) -> Captcha {
    let passwordless = settings.registration.mode == RegistrationMode::Passwordless;
    let ordinary = if passwordless { CaptchaProvider::Altcha } else { CaptchaProvider::Off };
    Captcha {
        provider: settings.captcha.provider.unwrap_or(ordinary),
        site_key: settings.captcha.site_key.as_ref().map(ToString::to_string),
    }
}

/// Lets somebody in who has solved the riddle, or refuses them at the field `captcha`. The same request, sent again
/// with its key, needs no other answer.
pub async fn check(state: &State, action: CaptchaAction, answer: Option<&str>, once: Option<&Once>) -> Result<()> {
    let provider = of(&state.settings.now().settings).provider;
    if provider == CaptchaProvider::Off {
        return Ok(());
    }
    let Some(answer) = answer.filter(|answer| !answer.is_empty()) else {
        return Err(AppError::field("/captcha", FieldCode::Required, "Show that you are not a program."));
    };
    let is_right = match provider {
        CaptchaProvider::Off => true,
        CaptchaProvider::Altcha => state.work.is_done(state.clock.now(), answer),
        elsewhere => {
            let judge = state.judge.as_ref().ok_or_else(|| {
                AppError::unavailable(anyhow::anyhow!("WAGGLE_CAPTCHA_SECRET is missing, so no answer can be judged"))
            })?;
            judge.accepts(elsewhere, action, answer).await.map_err(AppError::unavailable)?
        }
    };
    let fresh = is_right && spent::spend(&mut *state.db().await?, state.clock.now(), answer, once).await?;
    if fresh { Ok(()) } else { Err(AppError::field("/captcha", FieldCode::NotPossible, "Try again.")) }
}
