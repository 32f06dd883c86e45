//! The handlers of settings.

use actix_web::{
    HttpResponse, get,
    http::header::ContentType,
    patch,
    web::{Data, Json},
};
use api_types::{
    error::{FieldCode, FieldError},
    page::{Page, PageFilter},
    settings::{PublicSettings, Settings, SettingsChange, SettingsChangeView},
};

use super::{history, topics};
use crate::{
    auth::Admin,
    door::{Query, Unchecked},
    error::Result,
    etag::{IfMatch, Tagged},
    sla,
    state::State,
};

/// Read how this desk works
///
/// What every page needs to know before anybody has signed in: name, colour, form, registration.
#[utoipa::path(tag = "settings", operation_id = "get_settings", responses((status = 200, body = PublicSettings)))]
#[get("/settings")]
pub async fn get_settings(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(state.settings.now().public.clone())
}

/// Read all settings
///
/// Every topic as it is now, for admins. What concerns everybody is in `get_settings`.
#[utoipa::path(
    tag = "settings", operation_id = "get_all_settings", security(("bearer" = [])),
    responses((status = 200, body = Settings)),
)]
#[get("/admin/settings")]
pub async fn get_all_settings(state: Data<State>, _admin: Admin) -> Result<Tagged<Settings>> {
    Ok(Tagged(topics::load(&mut *state.db().await?, state.settings.defaults()).await?))
}

/// Change settings
///
/// Whole topics; what is absent stays. Every process of the desk works by them within seconds.
#[utoipa::path(
    tag = "settings", operation_id = "update_settings", request_body = SettingsChange, security(("bearer" = [])),
    params(IfMatch),
    responses((status = 200, body = Settings)),
)]
#[patch("/admin/settings")]
pub async fn update_settings(
    state: Data<State>,
    admin: Admin,
    read: IfMatch,
    body: Unchecked<SettingsChange>,
) -> Result<Tagged<Settings>> {
    let faults = faults(&state, &body.0);
    let owned = state.get_ref().clone();
    let changed = state.write(async move {
        let mut conn = owned.db().await?;
        let now = owned.clock.now();
        let settings =
            topics::change(&mut conn, now, owned.settings.defaults(), admin.0.id, &read, &body.0, faults).await?;
        owned.settings.reload(&mut conn).await?;
        Ok(settings)
    });
    Ok(Tagged(changed.await?))
}

/// What is wrong with a change by its own rules, and by what only the server knows.
fn faults(state: &State, change: &SettingsChange) -> Vec<FieldError> {
    let mut errors = FieldError::all_of(change);
    let elsewhere = change.captcha.as_ref().and_then(|captcha| captcha.provider).is_some_and(|it| it.is_elsewhere());
    if elsewhere && state.judge.is_none() {
        errors.push(FieldError {
            pointer: "/captcha/provider".to_owned(),
            code: FieldCode::NotPossible,
            message: "Set WAGGLE_CAPTCHA_SECRET first: without it no answer could be judged.".to_owned(),
        });
    }
    if let Some(Err(fault)) = change.sla.clone().map(sla::Policy::new) {
        let pointer = format!("/sla{}", fault.pointer);
        if errors.iter().all(|error| error.pointer != pointer) {
            errors.push(FieldError { pointer, ..fault });
        }
    }
    errors
}

/// List changes of settings
///
/// Newest first: who changed which topic, from what and to what.
#[utoipa::path(
    tag = "settings", operation_id = "list_settings_changes", security(("bearer" = [])), params(PageFilter),
    responses((status = 200, body = Page<SettingsChangeView>)),
)]
#[get("/admin/settings/changes")]
pub async fn list_settings_changes(
    state: Data<State>,
    _admin: Admin,
    filter: Query<PageFilter>,
) -> Result<Json<Page<SettingsChangeView>>> {
    Ok(Json(history::list(&mut *state.db().await?, &filter.0).await?))
}
