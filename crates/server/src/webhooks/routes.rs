//! The handlers of webhooks, for admins.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use api_types::{
    error::FieldCode,
    page::{Page, PageFilter},
    text::WebhookUrl,
    webhooks::{DeliveryId, DeliveryView, NewWebhook, WebhookChange, WebhookId, WebhookSecret, WebhookView, Webhooks},
};

use jiff::Timestamp;
use serde_json::Value;

use super::{deliveries, webhook};
use crate::{
    auth::Admin,
    door::{Id, Query, SecondId, Valid},
    error::{AppError, Result},
    etag::{IfMatch, TaggedBy},
    once::{self, IdempotencyKey},
    state::State,
};

/// List webhooks
///
/// All of them, oldest first, each with what came of its newest message. There are at most 50.
#[utoipa::path(
    tag = "webhooks", operation_id = "list_webhooks", security(("bearer" = [])),
    responses((status = 200, description = "The webhooks", body = Webhooks)),
)]
#[get("/webhooks")]
pub async fn list_webhooks(state: Data<State>, _admin: Admin) -> Result<Json<Webhooks>> {
    let (rows, now) = (webhook::list(&mut *state.db().await?).await?, state.clock.now());
    Ok(Json(Webhooks { items: rows.into_iter().map(|row| row.into_view(now)).collect() }))
}

/// Add a webhook
///
/// From now on it is told what happens, as Standard Webhooks describes: a POST of JSON (`type`, `timestamp`, `data`) with
/// `webhook-id`, `webhook-timestamp` and `webhook-signature`. Anything but a status of 2xx within ten seconds is a
/// failure; it is tried again after 5 seconds, 1, 5 and 30 minutes, 2, 5, 10, 14, 18 and 22.5 hours, under the same
/// `webhook-id`. Messages may come twice and out of order. One that answers 410, or takes nothing for three days, is
/// switched off, and the admins are told.
///
/// The host has to be on the public internet, with all of its addresses, now and at each attempt. There can be 50. The
/// answer holds the secret that messages are signed with; it is told this once.
#[utoipa::path(
    tag = "webhooks", operation_id = "create_webhook", request_body = NewWebhook, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, description = "The webhook, with its secret", body = WebhookView)),
)]
#[post("/webhooks")]
pub async fn create_webhook(
    state: Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    body: Valid<NewWebhook>,
) -> Result<HttpResponse> {
    let url = judge(&state, &body.0.url).await?;
    let (once, owned) = (key.bind("create_webhook", &body.0), state.get_ref().clone());
    let made = state.write(async move {
        let (now, admin) = (owned.clock.now(), admin.0.id);
        once::carry_out::<WebhookView, _>(&mut *owned.db().await?, now, admin, once, move |conn| {
            Box::pin(async move { Ok(webhook::create(conn, now, admin, &url, &body.0).await?.into_view(now)) })
        })
        .await
    });
    let made = made.await?;
    let secret = state.webhook_secrets.of(made.id, webhook::FIRST_SECRET);
    Ok(HttpResponse::Created().json(WebhookView { secret: Some(secret), ..made }))
}

/// Get a webhook
///
/// How it stands, with what came of its newest message. Its secret is never told again.
#[utoipa::path(
    tag = "webhooks", operation_id = "get_webhook", security(("bearer" = [])), params(("id" = WebhookId, Path)),
    responses((status = 200, description = "The webhook, without its secret", body = WebhookView)),
)]
#[get("/webhooks/{id}")]
pub async fn get_webhook(state: Data<State>, _admin: Admin, id: Id<WebhookId>) -> Result<TaggedBy<WebhookView, Value>> {
    let row = webhook::find(&mut *state.db().await?, id.0).await?;
    let set = row.set();
    Ok(TaggedBy(row.into_view(state.clock.now()), set))
}

/// Change a webhook
///
/// Its address, description or events, or whether it is on; what is absent stays. Nothing that happens while it is off is
/// told. What waited when it was switched off is sent when it is on again, unless that is 30 days later.
#[utoipa::path(
    tag = "webhooks", operation_id = "update_webhook", request_body = WebhookChange, security(("bearer" = [])), params(IfMatch, ("id" = WebhookId, Path)),
    responses((status = 200, description = "The webhook as it is now", body = WebhookView)),
)]
#[patch("/webhooks/{id}")]
pub async fn update_webhook(
    state: Data<State>,
    admin: Admin,
    read: IfMatch,
    id: Id<WebhookId>,
    body: Valid<WebhookChange>,
) -> Result<TaggedBy<WebhookView, Value>> {
    let url = match &body.0.url {
        Some(url) => Some(judge(&state, url).await?),
        None => None,
    };
    let owned = state.get_ref().clone();
    let changed = state.write(async move {
        let (mut conn, now) = (owned.db().await?, owned.clock.now());
        let row = webhook::change(&mut conn, now, admin.0.id, id.0, url.as_deref(), &read, &body.0).await?;
        let set = row.set();
        Ok(TaggedBy(row.into_view(now), set))
    });
    let changed = changed.await?;
    state.wake.poke_webhooks();
    Ok(changed)
}

/// Remove a webhook
///
/// With its log, and with what it was still to be told.
#[utoipa::path(
    tag = "webhooks", operation_id = "delete_webhook", security(("bearer" = [])), params(("id" = WebhookId, Path)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/webhooks/{id}")]
pub async fn delete_webhook(state: Data<State>, admin: Admin, id: Id<WebhookId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    let gone =
        state.write(async move { webhook::delete(&mut *owned.db().await?, owned.clock.now(), admin.0.id, id.0).await });
    gone.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Renew a webhook's secret
///
/// Messages are signed with the new one from now on, and for 24 hours by the one before as well: `webhook-signature` then
/// holds two, and a receiver accepts either. It is told this once.
#[utoipa::path(
    tag = "webhooks", operation_id = "renew_webhook_secret", security(("bearer" = [])), params(IdempotencyKey, ("id" = WebhookId, Path)),
    responses((status = 201, description = "The new secret", body = WebhookSecret)),
)]
#[post("/webhooks/{id}/secret")]
pub async fn renew_webhook_secret(
    state: Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    id: Id<WebhookId>,
) -> Result<HttpResponse> {
    let (once, owned) = (key.bind("renew_webhook_secret", &id.0), state.get_ref().clone());
    let renewed = state.write(async move {
        let (now, admin) = (owned.clock.now(), admin.0.id);
        once::carry_out::<(i32, Timestamp), _>(&mut *owned.db().await?, now, admin, once, move |conn| {
            Box::pin(webhook::renew_secret(conn, now, admin, id.0))
        })
        .await
    });
    let (number, former_secret_until) = renewed.await?;
    let secret = state.webhook_secrets.of(id.0, number);
    Ok(HttpResponse::Created().json(WebhookSecret { secret, former_secret_until }))
}

/// Test a webhook
///
/// It is sent a `webhook.test`, whatever events it wants. The log tells what came of it.
#[utoipa::path(
    tag = "webhooks", operation_id = "test_webhook", extensions(("x-error-codes" = json!(["webhook_disabled"]))), security(("bearer" = [])), params(IdempotencyKey, ("id" = WebhookId, Path)),
    responses((status = 201, description = "What is sent", body = DeliveryView)),
)]
#[post("/webhooks/{id}/test")]
pub async fn test_webhook(
    state: Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    id: Id<WebhookId>,
) -> Result<HttpResponse> {
    let (once, owned) = (key.bind("test_webhook", &id.0), state.get_ref().clone());
    let sent = state.write(async move {
        let now = owned.clock.now();
        once::carry_out::<DeliveryView, _>(&mut *owned.db().await?, now, admin.0.id, once, move |conn| {
            Box::pin(deliveries::test(conn, now, id.0))
        })
        .await
    });
    let sent = sent.await?;
    state.wake.poke_webhooks();
    Ok(HttpResponse::Created().json(sent))
}

/// List what a webhook was told
///
/// Newest first, with what is still to be tried. It is kept for 30 days, and what was told of a ticket only as long as
/// the ticket.
#[utoipa::path(
    tag = "webhooks", operation_id = "list_deliveries", security(("bearer" = [])), params(("id" = WebhookId, Path), PageFilter),
    responses((status = 200, description = "A page of messages", body = Page<DeliveryView>)),
)]
#[get("/webhooks/{id}/deliveries")]
pub async fn list_deliveries(
    state: Data<State>,
    _admin: Admin,
    id: Id<WebhookId>,
    filter: Query<PageFilter>,
) -> Result<Json<Page<DeliveryView>>> {
    Ok(Json(deliveries::list(&mut *state.db().await?, id.0, &filter.0).await?))
}

/// Send a message again
///
/// The same, under the same `webhook-id`, at once, whether it was taken or not; its attempts begin anew. One that is
/// under way is left alone.
#[utoipa::path(
    tag = "webhooks", operation_id = "redeliver", extensions(("x-error-codes" = json!(["webhook_disabled"]))), security(("bearer" = [])), params(("id" = WebhookId, Path), ("delivery_id" = DeliveryId, Path)),
    responses((status = 200, description = "The message, which waits", body = DeliveryView)),
)]
#[post("/webhooks/{id}/deliveries/{delivery_id}/redelivery")]
pub async fn redeliver(
    state: Data<State>,
    _admin: Admin,
    id: Id<WebhookId>,
    delivery: SecondId<DeliveryId>,
) -> Result<Json<DeliveryView>> {
    let owned = state.get_ref().clone();
    let again = state.write(async move {
        deliveries::send_again(&mut *owned.db().await?, owned.clock.now(), id.0, delivery.0).await
    });
    let again = again.await?;
    state.wake.poke_webhooks();
    Ok(Json(again))
}

/// Refuses an address that messages could not be taken to, at its field. Answers the address as it is asked.
async fn judge(state: &State, url: &WebhookUrl) -> Result<String> {
    let judged = state.courier.judge(url.as_str()).await;
    judged.map_err(|refusal| AppError::field("/url", FieldCode::NotPossible, &refusal.to_string()))
}
