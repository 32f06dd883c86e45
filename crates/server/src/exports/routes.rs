//! The handlers of exports.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, HeaderValue},
    post,
    web::{Data, Path},
};
use api_types::{
    error::{ErrorCode, Problem},
    exports::{ExportAddress, TicketLine},
    tickets::TicketFilter,
};

use super::{
    address,
    tickets::{self, Format},
};
use crate::{
    auth::Team,
    door::Query,
    error::{AppError, Result},
    state::State,
};

/// Export tickets as CSV
///
/// Every ticket that the list shows with the same filter, in its order, as rows of RFC 4180 in UTF-8 with a byte order
/// mark. The first row names the columns; custom fields follow the fixed ones, as `Label [key]`. Addresses of creators
/// are for admins. An apostrophe stands before whatever a spreadsheet would take for a formula; where that matters, take
/// JSON Lines. `limit` and `after` are refused (422). Tickets that are opened or changed meanwhile may be in it or not,
/// none is in it twice. An export that fails half-way is cut off without its last chunk (over HTTP/2, reset), which every client
/// reports as an error; one that ends is whole. Only so many are written at a time (503, with Retry-After).
#[utoipa::path(
    tag = "exports", operation_id = "export_tickets_csv", security(("bearer" = [])), params(TicketFilter),
    responses(
        (status = 200, body = String, content_type = "text/csv", description = "The rows, as they are read"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Not signed in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "Not of the team"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A filter that cannot be"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Others are exporting"),
    ),
)]
#[get("/tickets/export.csv")]
pub async fn export_tickets_csv(state: Data<State>, team: Team, filter: Query<TicketFilter>) -> Result<HttpResponse> {
    tickets::answer(&state, team.0, filter.0, Format::Csv).await
}

/// Export tickets as JSON Lines
///
/// Every ticket that the list shows with the same filter, in its order: each line is a `TicketLine` with the whole thread,
/// internal notes included, and without the bytes of files. `waggle import` reads such a file. What holds of the export
/// as CSV holds here too; nothing is changed in the words.
#[utoipa::path(
    tag = "exports", operation_id = "export_tickets_lines", security(("bearer" = [])), params(TicketFilter),
    responses(
        (status = 200, body = TicketLine, content_type = "application/jsonl", description = "The lines, as they are read"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Not signed in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "Not of the team"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A filter that cannot be"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Others are exporting"),
    ),
)]
#[get("/tickets/export.jsonl")]
pub async fn export_tickets_lines(state: Data<State>, team: Team, filter: Query<TicketFilter>) -> Result<HttpResponse> {
    tickets::answer(&state, team.0, filter.0, Format::Lines).await
}

/// Make an address for an export as CSV
///
/// For a browser, which saves a file of any size by itself and sends no token then. The address takes the same filter,
/// begins a download for a minute, and works as long as the session that asked for it.
#[utoipa::path(
    tag = "exports", operation_id = "create_csv_address", security(("bearer" = [])), params(TicketFilter),
    responses(
        (status = 201, body = ExportAddress, description = "The address"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Not signed in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "Not of the team"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A filter that cannot be"),
    ),
)]
#[post("/tickets/export.csv")]
pub async fn create_csv_address(
    state: Data<State>,
    team: Team,
    filter: Query<TicketFilter>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    create_address(&state, &team, &filter.0, Format::Csv, &request)
}

/// Make an address for an export as JSON Lines
///
/// As for the one as CSV.
#[utoipa::path(
    tag = "exports", operation_id = "create_lines_address", security(("bearer" = [])), params(TicketFilter),
    responses(
        (status = 201, body = ExportAddress, description = "The address"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Not signed in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "Not of the team"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A filter that cannot be"),
    ),
)]
#[post("/tickets/export.jsonl")]
pub async fn create_lines_address(
    state: Data<State>,
    team: Team,
    filter: Query<TicketFilter>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    create_address(&state, &team, &filter.0, Format::Lines, &request)
}

fn create_address(
    state: &State,
    team: &Team,
    filter: &TicketFilter,
    format: Format,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    tickets::check(&team.0, filter)?;
    Ok(HttpResponse::Created().json(address::make(state, &team.0, format, request.query_string())?))
}

/// The export that an address was made for.
#[get("/exports/tickets.{ending}")]
pub async fn serve_export(state: Data<State>, ending: Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let format = [Format::Csv, Format::Lines].into_iter().find(|format| format.ending() == ending.as_str());
    let format = format.ok_or_else(AppError::not_found)?;
    let refused = || {
        AppError::new(ErrorCode::Forbidden).detail("This address has expired, or is not the one that was given out.")
    };
    let (user, filter) = address::holder(&state, format, request.query_string()).await?.ok_or_else(refused)?;
    let filter = Query::<TicketFilter>::read(filter)?;
    let mut answer = tickets::answer(&state, user, filter.0, format).await?;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
