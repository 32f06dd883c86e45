//! The row of a file: how it is stored, loaded and shown.
//!
//! Invariant: a file is loaded through its viewer. While it waits it is its uploader's alone; afterwards it is
//! seen by whoever sees the comment it stands on.

use std::collections::HashMap;

use api_types::{
    attachments::{AttachmentId, AttachmentView, MAX_PER_COMMENT, Thumbnail, UploadLimits},
    comments::CommentId,
    error::{FieldCode, FieldError},
    people::PersonId,
};
use db::{
    AsyncPgConnection,
    schema::{attachments, comments, tickets},
};
use diesel::{
    dsl::sql,
    pg::Pg,
    prelude::*,
    sql_types::{BigInt, Nullable},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use uuid::Uuid;

use super::nature;
use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
    outside::files::{self, Files, Form, Object, Wrapping},
    tickets::Theirs,
};

/// A file, as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attachments, check_for_backend(Pg))]
pub struct Attachment {
    pub id: AttachmentId,
    pub storage_key: Uuid,
    pub comment_id: Option<CommentId>,
    pub filename: String,
    pub content_type: String,
    pub size: i64,
    pub thumbnail_type: Option<String>,
    pub thumbnail_width: Option<i32>,
    pub thumbnail_height: Option<i32>,
}

impl Attachment {
    /// Loads a file that the viewer may see.
    pub async fn load(conn: &mut AsyncPgConnection, viewer: &CurrentUser, id: AttachmentId) -> Result<Self> {
        let waiting = attachments::comment_id.is_null().and(attachments::uploader_id.eq(viewer.id));
        let query = attachments::table
            .left_join(comments::table.on(attachments::comment_id.eq(comments::id.nullable())))
            .left_join(tickets::table.on(tickets::id.nullable().eq(comments::ticket_id.nullable())))
            .filter(attachments::id.eq(id))
            .select(Self::as_select())
            .into_boxed();
        let query = if let Some(theirs) = Theirs::of(viewer) {
            query.filter(waiting.nullable().or(comments::id.nullable().is_not_null().and(theirs).nullable()))
        } else if viewer.role.is_team() {
            query.filter(waiting.or(attachments::comment_id.is_not_null()))
        } else {
            let on_own = tickets::creator_id.nullable().eq(viewer.id).and(comments::internal.nullable().eq(false));
            query.filter(waiting.nullable().or(on_own))
        };
        Ok(query.first(conn).await?)
    }

    /// Loads a file for an address that was signed for it, which is all the permission there is.
    pub async fn load_for_signed_address(conn: &mut AsyncPgConnection, id: AttachmentId) -> QueryResult<Self> {
        attachments::table.find(id).select(Self::as_select()).first(conn).await
    }

    /// The files of comments that the viewer was found to see, each comment's in its order.
    pub async fn of_comments(
        mut conn: &AsyncPgConnection,
        ids: &[CommentId],
    ) -> QueryResult<HashMap<CommentId, Vec<Self>>> {
        let rows: Vec<Self> = attachments::table
            .filter(attachments::comment_id.eq_any(ids))
            .order((attachments::comment_id, attachments::position))
            .select(Self::as_select())
            .load(&mut conn)
            .await?;
        let mut found: HashMap<CommentId, Vec<Self>> = HashMap::new();
        for row in rows {
            if let Some(comment) = row.comment_id {
                found.entry(comment).or_default().push(row);
            }
        }
        Ok(found)
    }

    /// Those of these files that the person cannot claim, as fields at fault.
    pub async fn unclaimable(
        conn: &mut AsyncPgConnection,
        uploader: PersonId,
        ids: &[AttachmentId],
    ) -> QueryResult<Vec<FieldError>> {
        let waiting: Vec<AttachmentId> = attachments::table
            .filter(attachments::id.eq_any(ids))
            .filter(attachments::uploader_id.eq(uploader))
            .filter(attachments::comment_id.is_null())
            .select(attachments::id)
            .load(conn)
            .await?;
        let gone = ids.iter().enumerate().filter(|(_, id)| !waiting.contains(id));
        Ok(gone
            .map(|(place, _)| FieldError {
                pointer: format!("/attachment_ids/{place}"),
                code: FieldCode::NotPossible,
                message: "This file is not waiting to be sent. Upload it again.".to_owned(),
            })
            .collect())
    }

    /// How much of their quota a person has used, in bytes.
    pub async fn used_by(conn: &mut AsyncPgConnection, person: PersonId) -> QueryResult<u64> {
        let used: Option<i64> = attachments::table
            .filter(attachments::uploader_id.eq(person))
            .select(sql::<Nullable<BigInt>>("sum(size)::bigint"))
            .get_result(conn)
            .await?;
        Ok(used.and_then(|used| u64::try_from(used).ok()).unwrap_or(0))
    }

    /// The file as somebody sees it now.
    pub fn view(&self, files: &Files, now: Timestamp) -> Result<AttachmentView> {
        let sign = |form| files.sign(now, self.id.0, form, self.object(form), &self.wrapping(form));
        let size = |pixels: i32| u32::try_from(pixels).unwrap_or_default();
        let thumbnail = match (self.thumbnail_width, self.thumbnail_height) {
            (Some(width), Some(height)) => {
                Some(Thumbnail { url: sign(Form::Thumbnail)?, width: size(width), height: size(height) })
            }
            _ => None,
        };
        let download_url = sign(Form::Download)?;
        // What is never shown has one address.
        let url = if self.is_inline() { sign(Form::Inline)? } else { download_url.clone() };
        Ok(AttachmentView {
            id: self.id,
            filename: self.filename.clone(),
            content_type: self.content_type.clone(),
            size: u64::try_from(self.size).unwrap_or_default(),
            url,
            download_url,
            inline: self.is_inline(),
            thumbnail,
            expires_at: files::expiry(now),
        })
    }

    /// Shown in the thread: a picture that could be drawn small. One that could not is a bomb, or broken, and
    /// no browser is asked to try.
    fn is_inline(&self) -> bool {
        nature::picture(&self.content_type).is_some() && self.thumbnail_type.is_some()
    }

    /// The object that a form of the file is.
    pub fn object(&self, form: Form) -> Object {
        match form {
            Form::Thumbnail => Object::Thumbnail(self.storage_key),
            Form::Inline | Form::Download => Object::File(self.storage_key),
        }
    }

    /// What a browser is told with that object.
    pub fn wrapping(&self, form: Form) -> Wrapping<'_> {
        let inline = match form {
            Form::Inline => self.is_inline(),
            Form::Download => false,
            Form::Thumbnail => true,
        };
        let content_type = match (form, &self.thumbnail_type) {
            (Form::Thumbnail, Some(drawn)) => drawn,
            _ => &self.content_type,
        };
        Wrapping { content_type, disposition: nature::disposition(inline, &self.filename).to_string() }
    }
}

/// What a person may upload.
pub async fn limits(conn: &mut AsyncPgConnection, rules: super::Rules, person: PersonId) -> Result<UploadLimits> {
    Ok(UploadLimits {
        max_size: rules.max_size,
        max_count: u32::try_from(MAX_PER_COMMENT).map_err(AppError::internal)?,
        quota: rules.quota,
        used: Attachment::used_by(conn, person).await?,
    })
}
