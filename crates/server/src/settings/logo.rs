//! The picture that stands for the desk.
//!
//! Invariant: it is drawn anew from what was sent, small, and anybody may read it.

use std::{io::Cursor, time::Duration};

use actix_multipart::Multipart;
use actix_web::{HttpResponse, get, http::header, post, web};
use api_types::{
    error::{ErrorCode, FieldCode},
    settings::{Brand, Logo, LogoId},
};
use db::{AsyncPgConnection, schema::logos};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;
use image::ImageFormat;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::topics;
use crate::{
    attachments::{self, Drawn},
    auth::Admin,
    error::{AppError, Result},
    once::{self, IdempotencyKey},
    state::State,
};

/// The largest that may be sent, in bytes.
const MOST: usize = 1024 * 1024;

/// So long an upload may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One that no brand names is dropped afterwards.
const UNUSED: SignedDuration = SignedDuration::from_hours(24);

/// The form that an upload is.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it stands for the form in the document; the bytes are read from it as they come")]
struct LogoForm {
    /// A PNG, JPEG, GIF or WebP of 1 MB at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a logo
///
/// It is drawn anew, 480 pixels long at most, and waits a day for `PATCH /admin/settings` to name it in `brand.logo`.
#[utoipa::path(
    tag = "settings", operation_id = "create_logo", security(("bearer" = [])),
    request_body(content = LogoForm, content_type = "multipart/form-data"),
    params(IdempotencyKey),
    responses((status = 201, body = Logo)),
)]
#[post("/admin/logos")]
pub async fn create_logo(
    state: web::Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    form: Multipart,
) -> Result<HttpResponse> {
    let stopped = |_| AppError::new(ErrorCode::Malformed).detail("The upload stopped on its way.");
    let sent = timeout(PATIENCE, read(form)).await.map_err(stopped)??;
    let once = key.bind("create_logo", &Sha256::digest(&sent).as_slice());
    let refused = || {
        AppError::field(
            "/file",
            FieldCode::NotPossible,
            "A PNG, JPEG, GIF or WebP that can be drawn, not larger than 16,384 pixels.",
        )
    };
    let format = image::guess_format(&sent).map_err(|_| refused())?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP) {
        return Err(refused());
    }
    let drawn = attachments::draw_in_turn(move || Ok(Cursor::new(sent)), format).await?;
    let Drawn { bytes, content_type, .. } = drawn.ok_or_else(refused)?;
    let owned = state.get_ref().clone();
    let kept = state.write(async move {
        let (mut conn, now) = (owned.db().await?, owned.clock.now());
        once::carry_out::<LogoId, _>(&mut conn, now, admin.0.id, once, move |conn| {
            Box::pin(keep(conn, now, bytes, content_type))
        })
        .await
    });
    let id = kept.await?;
    Ok(HttpResponse::Created().json(Logo { id, url: format!("/logos/{id}") }))
}

async fn keep(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    picture: Vec<u8>,
    content_type: &'static str,
) -> Result<LogoId> {
    let id = LogoId::new();
    let row = (
        logos::id.eq(id.0),
        logos::picture.eq(picture),
        logos::content_type.eq(content_type),
        logos::unused_since.eq(now.to_diesel()),
    );
    diesel::insert_into(logos::table).values(row).execute(conn).await?;
    Ok(id)
}

/// The bytes of the form's file.
async fn read(mut form: Multipart) -> Result<Vec<u8>> {
    let broken = |_| AppError::new(ErrorCode::Malformed).detail("The form is not whole, or not a form.");
    let mut field = form
        .try_next()
        .await
        .map_err(broken)?
        .filter(|field| field.name() == Some("file"))
        .ok_or_else(|| AppError::field("/file", FieldCode::Required, "The form holds no file."))?;
    let mut sent = Vec::new();
    while let Some(bytes) = field.try_next().await.map_err(broken)? {
        if sent.len() + bytes.len() > MOST {
            return Err(AppError::new(ErrorCode::TooLarge).detail("A logo may have at most 1 MB."));
        }
        sent.extend_from_slice(&bytes);
    }
    drop(field);
    if form.try_next().await.map_err(broken)?.is_some() {
        return Err(AppError::field("/file", FieldCode::UnknownField, "The form holds something beside one file."));
    }
    Ok(sent)
}

#[get("/logos/{id}")]
pub async fn serve_logo(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse> {
    let id: LogoId = id.parse().map_err(|_| AppError::not_found())?;
    let (picture, content_type): (Vec<u8>, String) =
        logos::table.find(id.0).select((logos::picture, logos::content_type)).first(&mut *state.db().await?).await?;
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(picture))
}

/// Whether a brand can name its logo: it has none, or one that is there.
pub async fn is_there(conn: &mut AsyncPgConnection, brand: &Brand) -> QueryResult<bool> {
    let Some(logo) = brand.logo else { return Ok(true) };
    diesel::select(diesel::dsl::exists(logos::table.find(logo.0))).get_result(conn).await
}

/// Another one has taken its place: from now on it is unused.
pub async fn replaced(conn: &mut AsyncPgConnection, now: Timestamp, logo: LogoId) -> QueryResult<()> {
    diesel::update(logos::table.find(logo.0)).set(logos::unused_since.eq(now.to_diesel())).execute(conn).await?;
    Ok(())
}

/// Drops those that no brand names.
pub async fn sweep(state: &State, conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let before = now.saturating_sub(UNUSED).unwrap_or(now);
    // What another process has set a moment ago counts too.
    let used = topics::load(conn, state.settings.defaults()).await?.brand.logo.map(|logo| logo.0);
    diesel::delete(
        logos::table
            .filter(logos::unused_since.lt(before.to_diesel()))
            .filter(logos::id.nullable().is_distinct_from(used)),
    )
    .execute(conn)
    .await?;
    Ok(())
}
