//! The handlers of the SLA.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use api_types::{
    sla::{SlaPreview, SlaSettings, SlaView},
    tickets::TicketId,
};

use super::preview;
use crate::{
    auth::{Admin, CurrentUser},
    door::{Id, Valid},
    error::{AppError, Result},
    state::State,
    tickets::Ticket,
};

/// Read why a ticket stands as it does
///
/// For each target the stretches of time that were counted and those that were not: out of hours, holidays, pauses.
#[utoipa::path(
    tag = "tickets", operation_id = "get_ticket_sla", security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = SlaView)),
)]
#[get("/tickets/{id}/sla")]
pub async fn get_ticket_sla(state: Data<State>, user: CurrentUser, id: Id<TicketId>) -> Result<Json<SlaView>> {
    let ticket = Ticket::load(&mut *state.db().await?, &user, id.0).await?;
    let (now, in_force) = (state.clock.now(), state.settings.now());
    let policy = &in_force.sla;
    let sla = ticket.sla(policy, now);
    Ok(Json(SlaView {
        elapsed_seconds: sla.elapsed_seconds,
        running: sla.running,
        time_zone: policy.settings().calendar.time_zone.to_string(),
        targets: policy.account(&ticket.events(), now, user.role.is_team()),
    }))
}

/// Preview response targets
///
/// What settings would mean that are not in force: when the answers would be due to what somebody writes next Friday at
/// 17:50, in their time zone.
#[utoipa::path(
    tag = "settings", operation_id = "preview_sla", request_body = SlaSettings, security(("bearer" = [])),
    responses((status = 200, body = SlaPreview)),
)]
#[post("/admin/sla/preview")]
pub async fn preview_sla(state: Data<State>, _admin: Admin, body: Valid<SlaSettings>) -> Result<Json<SlaPreview>> {
    let preview = preview::of(body.0, state.clock.now()).map_err(|fault| AppError::invalid(vec![fault]))?;
    Ok(Json(preview))
}
