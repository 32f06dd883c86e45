//! Receiving a file: streamed past the limits to the disk.
//!
//! Invariant: a file that breaks a limit is refused as soon as it does, whatever its form says of itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, http::header, web};
use api_types::{
    attachments::Uploaded,
    error::{ErrorCode, FieldCode},
    people::PersonId,
};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::{
    nature,
    store::{self, Given, MEGABYTE},
};
use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
    once::IdempotencyKey,
    outside::files::Received,
    state::State,
};

/// So many uploads of one person may run at once: what one comment can carry.
const AT_ONCE: usize = api_types::attachments::MAX_PER_COMMENT;

/// What stands around a file in a form.
const ENVELOPE: u64 = 16 * 1024;

/// After a minute, an upload slower than so many bytes a second is cut, or it could hold its place for ever.
const SLOWEST: u64 = 2 * 1024;

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
    key: IdempotencyKey,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Uploaded> {
    let _slot = state.uploads.take(user.id)?;
    let (name, received) = read(state, user.id, request, payload).await?;
    let (owned, uploader) = (state.clone(), user.id);
    let given = Given { name, received, key: key.word() };
    state
        .write(async move {
            let stored = store::store(&owned, uploader, given).await;
            drop(key);
            stored
        })
        .await
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
    let room = store::room(&mut *state.db().await?, state, uploader).await?;
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
                return Err(store::full(rules.quota));
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

fn too_large(max: u64) -> AppError {
    AppError::new(ErrorCode::TooLarge).detail(format!("A file may have at most {} MB.", max / MEGABYTE))
}
