//! Receiving a file: streamed past the limits to the disk, looked at, stored, and written down.
//!
//! Invariant: a file is acknowledged only after its bytes are in the store and its row is in the database; a
//! refused one leaves neither.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, http::header, web};
use api_types::{
    attachments::{AttachmentId, Uploaded},
    error::{ErrorCode, FieldCode},
    people::PersonId,
};
use db::{
    AsyncPgConnection,
    schema::{attachments, people},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use futures_util::{Stream, StreamExt};
use jiff_diesel::ToDiesel;
use tokio::{
    sync::Semaphore,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::{
    Attachment, nature,
    thumbnail::{self, Drawn},
};
use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
    outside::files::{Object, Received},
    state::State,
};

/// So many uploads of one person may run at once: what one comment can carry.
const AT_ONCE: usize = api_types::attachments::MAX_PER_COMMENT;

/// So many files of one person may wait to be sent.
const WAITING: i64 = 50;

/// What stands around a file in a form.
const ENVELOPE: u64 = 16 * 1024;

/// After a minute, an upload slower than so many bytes a second is cut, or it could hold its place for ever.
const SLOWEST: u64 = 2 * 1024;

/// Drawing takes a picture's whole memory: one at a time.
static DRAWING: Semaphore = Semaphore::const_new(1);

const MEGABYTE: u64 = 1024 * 1024;

/// Counts the uploads that each person has under way.
#[derive(Clone, Default)]
pub struct Slots(Arc<Mutex<HashMap<PersonId, usize>>>);

/// The place of one upload.
struct Slot(Slots, PersonId);

impl Slots {
    fn take(&self, person: PersonId) -> Result<Slot> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(person).or_default();
        if *count >= AT_ONCE {
            return Err(AppError::too_many(2).detail("Too many uploads at once. Wait until one is done."));
        }
        *count += 1;
        Ok(Slot(self.clone(), person))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// Receives the one file of a form, and stores it.
pub async fn receive(
    state: &State,
    user: &CurrentUser,
    key: Option<String>,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Uploaded> {
    let _slot = state.uploads.take(user.id)?;
    let (name, received) = read(state, user.id, request, payload).await?;
    let (owned, uploader) = (state.clone(), user.id);
    let given = Given { name, received, key };
    state.write(async move { store(&owned, uploader, given).await }).await
}

async fn read(
    state: &State,
    uploader: PersonId,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<(String, Received)> {
    let rules = state.rules;
    let header = |name| request.headers().get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if !header(header::CONTENT_TYPE).is_some_and(|media| media.to_ascii_lowercase().starts_with("multipart/form-data"))
    {
        return Err(AppError::new(ErrorCode::UnsupportedMediaType).detail("Send `Content-Type: multipart/form-data`."));
    }
    let declared = header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > rules.max_size.saturating_add(ENVELOPE)) {
        return Err(too_large(rules.max_size));
    }
    let room = room(&mut *state.db().await?, state, uploader).await?;
    let mut pace = Pace { started: Instant::now(), patience: rules.patience, arrived: 0 };
    let mut form = Multipart::new(request.headers(), payload);
    let mut found = None;
    while let Some(mut field) = pace.next(&mut form).await? {
        let name = expected(&field, found.is_some())?;
        let mut incoming = state.files.receive();
        while let Some(bytes) = pace.next(&mut field).await? {
            let size = incoming.size() + bytes.len() as u64;
            if size > rules.max_size {
                return Err(too_large(rules.max_size));
            }
            if size > room {
                return Err(full(rules.quota));
            }
            incoming.push(&bytes).await.map_err(AppError::unavailable)?;
            pace.arrived = incoming.size();
        }
        if incoming.size() == 0 {
            return Err(AppError::field("/file", FieldCode::Required, "The file is empty."));
        }
        found = Some((name, incoming.finish().await.map_err(AppError::unavailable)?));
    }
    found.ok_or_else(|| AppError::field("/file", FieldCode::Required, "The form holds no file."))
}

/// The name of the one field that is expected.
fn expected(field: &Field, have_one: bool) -> Result<String> {
    let disposition = field.content_disposition().filter(|_| field.name() == Some("file"));
    let Some(disposition) = disposition else {
        return Err(AppError::field("/", FieldCode::UnknownField, "The form has one field: `file`."));
    };
    if have_one {
        return Err(AppError::field("/file", FieldCode::NotPossible, "One file at a time."));
    }
    nature::clean_name(&nature::name_in_form(disposition)).map_err(|error| AppError::invalid(vec![error]))
}

/// How an upload comes along.
struct Pace {
    started: Instant,
    patience: Duration,
    arrived: u64,
}

impl Pace {
    /// What comes next, unless nothing has come for too long, or too little.
    async fn next<T>(&self, stream: &mut (impl Stream<Item = Result<T, MultipartError>> + Unpin)) -> Result<Option<T>> {
        let slowest = self.started + Duration::from_secs(60 + self.arrived / SLOWEST);
        let deadline = slowest.min(Instant::now() + self.patience);
        match timeout_at(deadline, stream.next()).await {
            Ok(Some(Ok(next))) => Ok(Some(next)),
            Ok(None) => Ok(None),
            Ok(Some(Err(error))) => {
                tracing::debug!(%error, "an upload broke");
                Err(AppError::new(ErrorCode::Malformed).detail("The form is not whole, or not a form."))
            }
            Err(_) => Err(AppError::new(ErrorCode::Malformed).detail("The upload stopped on its way.")),
        }
    }
}

/// A file that was received, and what is known of it.
pub struct Given {
    pub name: String,
    pub received: Received,
    /// Its `Idempotency-Key`.
    pub key: Option<String>,
}

/// Looks at a received file, stores it, and writes it down as waiting.
pub async fn store(state: &State, uploader: PersonId, given: Given) -> Result<Uploaded> {
    if let Some(earlier) = again(&mut *state.db().await?, uploader, &given).await? {
        return Ok(earlier);
    }
    let (content_type, drawn) = look(&given).await?;
    let key = Uuid::new_v4();
    match keep(state, uploader, key, &given, content_type, drawn).await {
        Ok(uploaded) => Ok(uploaded),
        Err(error) => {
            for object in [Object::File(key), Object::Thumbnail(key)] {
                if let Err(error) = state.files.remove(object).await {
                    tracing::warn!(%error, "a failed upload may have left an object; `waggle files sweep` finds it");
                }
            }
            // The same upload, sent twice at once: the other one was faster by a moment.
            let earlier = again(&mut *state.db().await?, uploader, &given).await?;
            earlier.ok_or(error)
        }
    }
}

/// The type, and the small picture if it is a picture that can be drawn.
async fn look(given: &Given) -> Result<(&'static str, Option<Drawn>)> {
    let (path, name) = (given.received.path().to_owned(), given.name.clone());
    let content_type =
        spawn_blocking(move || nature::content_type_of(&path, &name)).await.map_err(AppError::internal)?;
    let content_type = content_type.map_err(AppError::unavailable)?;
    let Some(format) = nature::picture(content_type) else {
        return Ok((content_type, None));
    };
    let _turn = DRAWING.acquire().await.map_err(AppError::internal)?;
    let path = given.received.path().to_owned();
    // A decoder that panics has met a picture that cannot be drawn.
    let drawn = spawn_blocking(move || thumbnail::draw(&path, format)).await;
    match drawn {
        Ok(Ok(drawn)) => Ok((content_type, Some(drawn))),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a picture could not be drawn small");
            Ok((content_type, None))
        }
        Err(panic) => {
            tracing::warn!(%panic, "a picture could not be drawn small");
            Ok((content_type, None))
        }
    }
}

async fn keep(
    state: &State,
    uploader: PersonId,
    key: Uuid,
    given: &Given,
    content_type: &'static str,
    drawn: Option<Drawn>,
) -> Result<Uploaded> {
    let Given { name, received, key: once } = given;
    state.files.keep(received, Object::File(key)).await?;
    if let Some(drawn) = &drawn {
        let mut incoming = state.files.receive();
        incoming.push(&drawn.bytes).await.map_err(AppError::unavailable)?;
        let small = incoming.finish().await.map_err(AppError::unavailable)?;
        state.files.keep(&small, Object::Thumbnail(key)).await?;
    }
    let pixels = |side: fn(&Drawn) -> u32| drawn.as_ref().and_then(|drawn| i32::try_from(side(drawn)).ok());
    let id = AttachmentId::new();
    let row = (
        attachments::id.eq(id),
        attachments::storage_key.eq(key),
        attachments::uploader_id.eq(uploader),
        attachments::filename.eq(name),
        attachments::content_type.eq(content_type),
        attachments::size.eq(i64::try_from(received.size).map_err(AppError::internal)?),
        attachments::sha256.eq(received.sha256.to_vec()),
        attachments::thumbnail_type.eq(drawn.as_ref().map(|drawn| drawn.content_type)),
        attachments::thumbnail_width.eq(pixels(|drawn| drawn.width)),
        attachments::thumbnail_height.eq(pixels(|drawn| drawn.height)),
        attachments::created_at.eq(state.clock.now().to_diesel()),
        attachments::idempotency_key.eq(once),
    );
    let mut conn = state.db().await?;
    conn.transaction(async |conn| {
        // Uploads of one person that end at once are counted one after the other.
        people::table.find(uploader).select(people::id).for_no_key_update().execute(conn).await?;
        if received.size > room(conn, state, uploader).await? {
            return Err(full(state.rules.quota));
        }
        diesel::insert_into(attachments::table).values(row).execute(conn).await?;
        Ok(())
    })
    .await?;
    Ok(Uploaded { id, filename: name.clone(), content_type: content_type.to_owned(), size: received.size })
}

/// The answer to an upload that came before with the same key. The same key with another file is refused.
async fn again(conn: &mut AsyncPgConnection, uploader: PersonId, given: &Given) -> Result<Option<Uploaded>> {
    let Some(key) = &given.key else {
        return Ok(None);
    };
    let earlier: Option<(Attachment, Vec<u8>)> = attachments::table
        .filter(attachments::uploader_id.eq(uploader))
        .filter(attachments::idempotency_key.eq(key))
        .select((Attachment::as_select(), attachments::sha256))
        .first(conn)
        .await
        .optional()?;
    match earlier {
        None => Ok(None),
        Some((row, hash)) if hash == given.received.sha256 && row.filename == given.name => Ok(Some(Uploaded {
            id: row.id,
            filename: row.filename,
            content_type: row.content_type,
            size: given.received.size,
        })),
        Some(_) => Err(AppError::new(ErrorCode::IdempotencyKeyReused)),
    }
}

/// How many bytes the person may still store. Nobody may pile up files without sending them.
async fn room(conn: &mut AsyncPgConnection, state: &State, uploader: PersonId) -> Result<u64> {
    let waiting: i64 = attachments::table
        .filter(attachments::uploader_id.eq(uploader))
        .filter(attachments::comment_id.is_null())
        .count()
        .get_result(conn)
        .await?;
    if waiting >= WAITING {
        let words = format!("{WAITING} of your files wait to be sent. Send or remove some first.");
        return Err(AppError::field("/file", FieldCode::NotPossible, &words));
    }
    let room = state.rules.quota.saturating_sub(Attachment::used_by(conn, uploader).await?);
    if room == 0 { Err(full(state.rules.quota)) } else { Ok(room) }
}

fn too_large(max: u64) -> AppError {
    AppError::new(ErrorCode::TooLarge).detail(format!("A file may have at most {} MB.", max / MEGABYTE))
}

fn full(quota: u64) -> AppError {
    let words = format!("Your files may take {} MB together, and this one does not fit.", quota / MEGABYTE);
    AppError::field("/file", FieldCode::NotPossible, &words)
}
