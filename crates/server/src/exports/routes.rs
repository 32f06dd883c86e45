//! The handlers of exports.

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue},
    post,
    web::{self, Data, Json, Path},
};
use api_types::{
    error::ErrorCode,
    exports::{ExportAddress, PersonExports, TicketLine},
    people::PersonId,
    tickets::TicketFilter,
};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};
use uuid::Uuid;

use super::{
    address, person,
    tickets::{self, Format},
};
use crate::{
    auth::{Admin, CurrentUser, Team},
    door::{Id, Query},
    error::{AppError, Result},
    outside::files::Object,
    state::State,
};

/// What the list of tickets takes, but for what makes pages of it.
struct ExportFilter;

impl IntoParams for ExportFilter {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = TicketFilter::into_params(place);
        all.retain(|parameter| !["limit", "after"].contains(&parameter.name.as_str()));
        all
    }
}

/// Export tickets as CSV
///
/// Every ticket that the list shows with the same filter, in its order, as rows of RFC 4180 in UTF-8 with a byte order
/// mark. The first row names the columns; custom fields follow the fixed ones, as `Label [key]`. Addresses of creators
/// are for admins. An apostrophe stands before whatever a spreadsheet would take for a formula; where that matters, take
/// JSON Lines. Tickets that are opened or changed meanwhile may be in it or not,
/// none is in it twice. An export that fails half-way is cut off without its last chunk (over HTTP/2, reset), which every client
/// reports as an error; one that ends is whole. Only so many are written at a time (503, with Retry-After).
#[utoipa::path(
    tag = "exports", operation_id = "export_tickets_csv", security(("bearer" = [])), params(ExportFilter),
    responses((status = 200, body = String, content_type = "text/csv", description = "The rows, as they are read")),
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
    tag = "exports", operation_id = "export_tickets_lines", security(("bearer" = [])), params(ExportFilter),
    responses((status = 200, body = TicketLine, content_type = "application/jsonl", description = "The lines, as they are read")),
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
    tag = "exports", operation_id = "create_csv_address", security(("bearer" = [])), params(ExportFilter),
    responses((status = 201, body = ExportAddress, description = "The address")),
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
    tag = "exports", operation_id = "create_lines_address", security(("bearer" = [])), params(ExportFilter),
    responses((status = 201, body = ExportAddress, description = "The address")),
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

/// Ask for one's own data
///
/// All that the desk has of the caller, in one zip: profile, sessions, notifications and mails without their words, their
/// tickets as they see them, and the files. A job makes it and a mail without content says that it is ready; it is kept
/// for seven days. While one is being made, that is the answer; after that the next can be asked for a day later (429,
/// with Retry-After and the time).
#[utoipa::path(
    tag = "exports", operation_id = "export_me", security(("bearer" = [])),
    responses((status = 202, body = PersonExports, description = "It is being made")),
)]
#[post("/me/export")]
pub async fn export_me(state: Data<State>, user: CurrentUser) -> Result<HttpResponse> {
    ask(&state, user.id, user.id).await
}

/// Look for one's own data
///
/// The last archive that the caller has asked for, with an address that is good for an hour from now.
#[utoipa::path(
    tag = "exports", operation_id = "get_my_export", security(("bearer" = [])),
    responses((status = 200, body = PersonExports, description = "How far it is")),
)]
#[get("/me/export")]
pub async fn get_my_export(state: Data<State>, user: CurrentUser) -> Result<Json<PersonExports>> {
    Ok(Json(person::view(&state, user.id, user.id).await?))
}

/// Ask for a person's data
///
/// For an admin who has to answer for it: what the person would get. The mail goes to the admin.
#[utoipa::path(
    tag = "exports", operation_id = "export_person", security(("bearer" = [])), params(("id" = PersonId, Path)),
    responses((status = 202, body = PersonExports, description = "It is being made")),
)]
#[post("/admin/people/{id}/export")]
pub async fn export_person(state: Data<State>, admin: Admin, id: Id<PersonId>) -> Result<HttpResponse> {
    ask(&state, id.0, admin.0.id).await
}

/// Look for a person's data
///
/// The last archive that this admin has asked for.
#[utoipa::path(
    tag = "exports", operation_id = "get_person_export", security(("bearer" = [])), params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonExports, description = "How far it is")),
)]
#[get("/admin/people/{id}/export")]
pub async fn get_person_export(state: Data<State>, admin: Admin, id: Id<PersonId>) -> Result<Json<PersonExports>> {
    Ok(Json(person::view(&state, id.0, admin.0.id).await?))
}

async fn ask(state: &State, person: PersonId, asker: PersonId) -> Result<HttpResponse> {
    let owned = state.clone();
    let asked = state
        .write(async move { person::ask(&mut *owned.db().await?, owned.clock.now(), person, asker).await })
        .await?;
    Ok(HttpResponse::Accepted().json(asked))
}

/// The archive that an address was made for, from the folder.
#[get("/exports/{id}/data.zip")]
pub async fn serve_archive(state: Data<State>, id: Id<Uuid>, request: HttpRequest) -> Result<HttpResponse> {
    let folder = state.files.folder().ok_or_else(AppError::not_found)?;
    if !address::allows(&state, id.0, request.query_string()) {
        return Err(refused());
    }
    let row = person::load_for_sealed_address(&mut *state.db().await?, id.0).await?;
    let path = folder.path(Object::File(row.storage_key.ok_or_else(AppError::not_found)?));
    let file = web::block(move || NamedFile::open(path)).await.map_err(AppError::internal)?;
    let file = file.map_err(AppError::internal)?.disable_content_disposition().prefer_utf8(false);
    let wrapping = address::wrapping();
    let content_type = wrapping.content_type.parse().map_err(AppError::internal)?;
    let mut answer = file.set_content_type(content_type).into_response(&request);
    let disposition = wrapping.disposition.try_into().map_err(AppError::internal)?;
    answer.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn refused() -> AppError {
    AppError::new(ErrorCode::Forbidden).detail("This address has expired, or is not the one that was given out.")
}

/// The export that an address was made for.
#[get("/exports/tickets.{ending}")]
pub async fn serve_export(state: Data<State>, ending: Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let format = [Format::Csv, Format::Lines].into_iter().find(|format| format.ending() == ending.as_str());
    let format = format.ok_or_else(AppError::not_found)?;
    let (user, filter) = address::holder(&state, format, request.query_string()).await?.ok_or_else(refused)?;
    let filter = Query::<TicketFilter>::read(filter)?;
    let mut answer = tickets::answer(&state, user, filter.0, format).await?;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
