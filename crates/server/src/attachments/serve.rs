//! Serving files from the folder, to whoever holds a signed address.
//!
//! Invariant: the row is looked up each time, so that the addresses of an erased file end with it.

use actix_files::NamedFile;
use actix_web::{HttpRequest, HttpResponse, http::header, route, web};
use api_types::{attachments::AttachmentId, error::ErrorCode};
use serde::Deserialize;

use super::Attachment;
use crate::{
    error::{AppError, Result},
    outside::files::Form,
    state::State,
};

#[derive(Deserialize)]
struct Signature {
    expires: i64,
    signature: String,
}

#[route("/files/{id}/{form}", method = "GET", method = "HEAD")]
pub async fn serve_file(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let folder = state.files.folder().ok_or_else(AppError::not_found)?;
    let (id, form, expires) = permitted(&state, &path.0, &path.1, request.query_string()).ok_or_else(refused)?;
    let attachment = Attachment::load_for_signed_address(&mut *state.db().await?, id).await?;
    let path = folder.path(attachment.object(form));
    let file =
        web::block(move || NamedFile::open(path)).await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    let wrapping = attachment.wrapping(form);
    let content_type = wrapping.content_type.parse().map_err(AppError::internal)?;
    // The bytes never change; the address, and with it the permission, ends.
    let left = (expires - state.clock.now().as_second()).max(0);
    let mut response =
        file.set_content_type(content_type).disable_content_disposition().prefer_utf8(false).into_response(&request);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_DISPOSITION, wrapping.disposition),
        (header::CACHE_CONTROL, format!("private, max-age={left}, immutable")),
    ] {
        headers.insert(name, value.try_into().map_err(AppError::internal)?);
    }
    Ok(response)
}

/// The file and the form that the address was signed for, and until when.
fn permitted(state: &State, id: &str, form: &str, query: &str) -> Option<(AttachmentId, Form, i64)> {
    let id: AttachmentId = id.parse().ok()?;
    let form = Form::ALL.into_iter().find(|known| known.word() == form)?;
    let Signature { expires, signature } = serde_urlencoded::from_str(query).ok()?;
    let good = state.files.verify(state.clock.now(), id.0, form, expires, &signature);
    good.then_some((id, form, expires))
}

fn refused() -> AppError {
    AppError::new(ErrorCode::Forbidden).detail("This address has expired, or is not the one that was given out.")
}
