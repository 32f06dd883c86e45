//! Storing a file that was received: looked at, handed to the store, and written down.
//!
//! Invariant: a file is acknowledged only after its bytes are in the store and its row is in the database. What
//! came into the store without a row is erased by a job that was written before it.

use std::{fs::File, io::BufReader};

use api_types::{
    attachments::{AttachmentId, Uploaded},
    error::{ErrorCode, FieldCode},
    people::PersonId,
};
use db::{
    AsyncPgConnection, jobs,
    schema::{attachments, people},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff_diesel::ToDiesel;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    Attachment, erase, nature,
    thumbnail::{self, Drawn},
};
use crate::{
    error::{AppError, Result},
    outside::files::{Object, Received},
    state::State,
};

/// So many files of one person may wait to be sent.
const WAITING: i64 = 50;

pub const MEGABYTE: u64 = 1024 * 1024;

/// A file that was received, and what is known of it.
pub struct Given {
    pub name: String,
    pub received: Received,
    /// The digest of its `Idempotency-Key`.
    pub key: Option<String>,
}

/// Looks at a received file, stores it, and writes it down as waiting.
pub async fn store(state: &State, uploader: PersonId, given: Given) -> Result<Uploaded> {
    if let Some(earlier) = again(&mut *state.db().await?, uploader, &given).await? {
        return Ok(earlier);
    }
    let (content_type, drawn) = look(&given).await?;
    let key = Uuid::new_v4();
    let erasure = erase::erase_unless_kept(state, key).await?;
    match keep(state, uploader, key, erasure, &given, content_type, drawn).await {
        Ok(uploaded) => Ok(uploaded),
        Err(error) => {
            jobs::hasten(&mut *state.db().await?, erasure, state.clock.now()).await?;
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
    let path = given.received.path().to_owned();
    let drawn = thumbnail::draw_in_turn(move || Ok(BufReader::new(File::open(path)?)), format).await?;
    Ok((content_type, drawn))
}

async fn keep(
    state: &State,
    uploader: PersonId,
    key: Uuid,
    erasure: i64,
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
        erase::kept(conn, erasure).await
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
pub async fn room(conn: &mut AsyncPgConnection, state: &State, uploader: PersonId) -> Result<u64> {
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

pub fn full(quota: u64) -> AppError {
    let words = format!("Your files may take {} MB together, and this one does not fit.", quota / MEGABYTE);
    AppError::field("/file", FieldCode::NotPossible, &words)
}
