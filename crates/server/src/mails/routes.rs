//! The handlers of mails, for admins.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use api_types::{
    mails::{MailFilter, MailId, MailView},
    page::Page,
};

use super::list;
use crate::{
    auth::Admin,
    door::{Id, Query},
    error::Result,
    state::State,
};

/// List mails
///
/// What was sent, what waits and what could not be sent, newest first.
#[utoipa::path(
    tag = "mails", operation_id = "list_mails", security(("bearer" = [])), params(MailFilter),
    responses((status = 200, body = Page<MailView>)),
)]
#[get("/admin/mails")]
pub async fn list_mails(state: Data<State>, _admin: Admin, filter: Query<MailFilter>) -> Result<Json<Page<MailView>>> {
    Ok(Json(list::list(&mut *state.db().await?, filter.0).await?))
}

/// Send a mail again
///
/// One that was given up is tried anew, under the same Message-ID; one that waits is tried at once. What was sent
/// stays sent.
#[utoipa::path(
    tag = "mails", operation_id = "resend_mail", security(("bearer" = [])), params(("id" = MailId, Path)),
    responses((status = 200, body = MailView)),
)]
#[post("/admin/mails/{id}/resend")]
pub async fn resend_mail(state: Data<State>, _admin: Admin, id: Id<MailId>) -> Result<Json<MailView>> {
    let owned = state.get_ref().clone();
    let mail = state.write(async move { list::resend(&mut *owned.db().await?, owned.clock.now(), id.0).await }).await?;
    Ok(Json(mail))
}
