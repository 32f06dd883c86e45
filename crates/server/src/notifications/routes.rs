//! The handlers of notifications.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use api_types::{
    notifications::{Notifications, NotificationsRead},
    page::PageFilter,
};

use super::list;
use crate::{
    auth::CurrentUser,
    door::{Query, Valid},
    error::Result,
    live,
    state::State,
};

/// List one's notifications
///
/// Newest first, with the number of unread ones.
#[utoipa::path(
    tag = "notifications", operation_id = "list_notifications", security(("bearer" = [])), params(PageFilter),
    responses((status = 200, body = Notifications)),
)]
#[get("/notifications")]
pub async fn list_notifications(
    state: Data<State>,
    user: CurrentUser,
    filter: Query<PageFilter>,
) -> Result<Json<Notifications>> {
    Ok(Json(list::list(&*state.db().await?, &user, filter.0).await?))
}

/// Mark notifications as read
///
/// Those of a ticket, some, or all. What was read in time is not mailed.
#[utoipa::path(
    tag = "notifications", operation_id = "read_notifications", request_body = NotificationsRead, security(("bearer" = [])),
    responses((status = 204, description = "Marked")),
)]
#[post("/notifications/read")]
pub async fn read_notifications(
    state: Data<State>,
    user: CurrentUser,
    body: Valid<NotificationsRead>,
) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state
        .write(async move {
            let mut conn = owned.db().await?;
            // The other tabs of the reader, and other devices.
            if list::mark_read(&mut conn, owned.clock.now(), &user, body.0).await? {
                live::announce_people(&mut conn, &[user.id]).await?;
            }
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
