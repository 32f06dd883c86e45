//! Settings: what the page needs to know of this desk before anybody has signed in.
//!
//! Invariant: what is answered here is public.

use actix_web::{
    get,
    web::{Data, Json},
};
use api_types::settings::PublicSettings;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::state::State;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_settings);
}

/// Read how this desk works
#[utoipa::path(tag = "settings", operation_id = "get_settings", responses((status = 200, body = PublicSettings)))]
#[get("/settings")]
async fn get_settings(state: Data<State>) -> Json<PublicSettings> {
    Json(PublicSettings {
        registration: state.registration,
        assistant_name: state.assistant.name.clone(),
        assistant_mode: state.assistant.mode,
    })
}
