//! The handlers of live updates.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{HeaderName, HeaderValue},
    put,
    web::Data,
};
use api_types::{
    live::{LiveEvent, Presence},
    people::PersonRef,
    tickets::TicketId,
};

use super::announce::{self, Announcement};
use crate::{
    auth::{Lasting, Team},
    door::{Id, Valid},
    error::Result,
    state::State,
    tickets::Ticket,
};

/// Hear of changes
///
/// A stream of server-sent events, without an end of its own: it ends when the access token expires or the session
/// does. Each event's `data` is a `LiveEvent`; it holds identifiers only, and what they mean is asked for elsewhere.
/// A stream that begins with `Last-Event-ID` tells what was missed, or `reset` if that is not known. A line without
/// an event comes at least every 15 seconds.
#[utoipa::path(
    tag = "live", operation_id = "open_live", security(("bearer" = [])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` that an earlier stream named last")),
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream")),
)]
#[get("/live")]
pub async fn open_live(state: Data<State>, reader: Lasting, request: HttpRequest) -> Result<HttpResponse> {
    // A place that cannot be read is one that is not known.
    let place = |value: &HeaderValue| value.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(-1);
    let from = request.headers().get("last-event-id").map(place);
    let body = state.live.open(&reader, from)?;
    // A proxy in front is not to gather what it is to pass on.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    Ok(HttpResponse::Ok().content_type("text/event-stream").insert_header(unbuffered).body(body))
}

/// Tell what one does with a ticket
///
/// For the team, so that no two answer at once. It lasts 30 seconds unless it is sent again.
#[utoipa::path(
    tag = "live", operation_id = "attend_ticket", request_body = Presence, security(("bearer" = [])),
    params(("id" = TicketId, Path)),
    responses((status = 204, description = "The others are told")),
)]
#[put("/tickets/{id}/presence")]
pub async fn attend_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<Presence>,
) -> Result<HttpResponse> {
    let mut conn = state.db().await?;
    let ticket = Ticket::load(&mut conn, &team.0, id.0).await?.id;
    let person = PersonRef { id: team.0.id, name: team.0.name };
    announce::send(&mut conn, &Announcement::Attends { ticket, person, attention: body.0.attention }).await?;
    Ok(HttpResponse::NoContent().finish())
}
