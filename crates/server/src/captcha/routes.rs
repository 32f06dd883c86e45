//! The handler of the captcha.

use actix_web::{
    get,
    web::{Data, Json},
};
use api_types::captcha::{CaptchaProvider, Challenge};

use crate::{
    error::{AppError, Result},
    state::State,
};

/// Set a riddle
///
/// Where the desk's own captcha is on.
#[utoipa::path(
    tag = "settings", operation_id = "get_challenge",
    extensions(("x-error-codes" = json!(["not_found"]))),
    responses((status = 200, body = Challenge)),
)]
#[get("/captcha/challenge")]
pub async fn get_challenge(state: Data<State>) -> Result<Json<Challenge>> {
    if super::of(&state.settings.now().settings).provider != CaptchaProvider::Altcha {
        return Err(AppError::not_found());
    }
    Ok(Json(state.work.set(state.clock.now())?))
}
