//! The log of what webhooks were told, and sending it again.
//!
//! Invariant: what is sent again is the same message under the same id, so that a receiver which has it can tell.

use api_types::{
    error::ErrorCode,
    page::{Page, PageFilter},
    webhooks::{
        DeliveryId, DeliveryOutcome, DeliveryState, DeliveryView, TestData, WebhookEvent, WebhookId, WebhookPayload,
    },
};
use db::{AsyncPgConnection, prepared, schema::webhook_deliveries};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use super::webhook;
use crate::{
    cursor::{self, Cursor},
    error::{AppError, Result},
};

/// How long an admin can look up what was told.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: DeliveryId,
    event: WebhookEvent,
    payload: String,
    state: DeliveryState,
    attempts: i32,
    created_at: jiff_diesel::Timestamp,
    next_at: Option<jiff_diesel::Timestamp>,
    attempted_at: Option<jiff_diesel::Timestamp>,
    outcome: Option<DeliveryOutcome>,
}

impl Row {
    fn into_view(self) -> DeliveryView {
        let under_way = self.attempts > 0 && self.outcome.is_none();
        DeliveryView {
            id: self.id,
            event: self.event,
            payload: serde_json::from_str(&self.payload).unwrap_or_default(),
            state: self.state,
            attempts: self.attempts,
            outcome: self.outcome,
            created_at: self.created_at.to_jiff(),
            attempted_at: self.attempted_at.map(|at| at.to_jiff()),
            next_attempt_at: self.next_at.filter(|_| !under_way).map(|at| at.to_jiff()),
        }
    }
}

/// A page of what a webhook was told, newest first.
pub async fn list(conn: &mut AsyncPgConnection, webhook: WebhookId, filter: &PageFilter) -> Result<Page<DeliveryView>> {
    let limit = cursor::limit(filter.limit)?;
    let after = Cursor::parse(filter.after.as_deref())?;
    webhook::find(conn, webhook).await?;
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(after.older("webhook_deliveries"));
    }
    let rows: Vec<Row> = query
        .order((webhook_deliveries::created_at.desc(), webhook_deliveries::id.desc()))
        .limit(limit as i64 + 1)
        .load(conn)
        .await?;
    let (rows, next_cursor) =
        cursor::cut(rows, limit, |row: &Row| Cursor { at: row.created_at.to_jiff(), id: row.id.0 });
    Ok(Page { items: rows.into_iter().map(Row::into_view).collect(), next_cursor })
}

/// Tells a webhook something that happened nowhere.
pub async fn test(conn: &mut AsyncPgConnection, now: Timestamp, webhook: WebhookId) -> Result<DeliveryView> {
    conn.transaction(async |conn| {
        switched_on(conn, webhook).await?;
        let payload =
            WebhookPayload { event: WebhookEvent::Test, timestamp: now, data: TestData { webhook_id: webhook } };
        let row: Row = diesel::insert_into(webhook_deliveries::table)
            .values((
                webhook_deliveries::id.eq(DeliveryId::new()),
                webhook_deliveries::webhook_id.eq(webhook),
                webhook_deliveries::event.eq(WebhookEvent::Test),
                webhook_deliveries::payload.eq(serde_json::to_string(&payload).map_err(AppError::internal)?),
                webhook_deliveries::state.eq(DeliveryState::Waiting),
                webhook_deliveries::created_at.eq(now.to_diesel()),
                webhook_deliveries::next_at.eq(now.to_diesel()),
            ))
            .returning(Row::as_returning())
            .get_result(conn)
            .await?;
        Ok(row.into_view())
    })
    .await
}

/// Sends a message again, whatever came of it, and at once one that waits to be tried again.
pub async fn send_again(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<DeliveryView> {
    conn.transaction(async |conn| {
        switched_on(conn, webhook).await?;
        // One that is under way is left alone.
        prepared(
            "update webhook_deliveries set state = 'waiting', step = 0, next_at = $3
             where id = $1 and webhook_id = $2 and (attempts = 0 or outcome is not null)",
        )
        .bind::<sql_types::Uuid, _>(id)
        .bind::<sql_types::Uuid, _>(webhook)
        .bind::<sql_types::Timestamptz, _>(now.to_diesel())
        .execute(conn)
        .await?;
        let row: Row = webhook_deliveries::table
            .find(id)
            .filter(webhook_deliveries::webhook_id.eq(webhook))
            .select(Row::as_select())
            .first(conn)
            .await?;
        Ok(row.into_view())
    })
    .await
}

async fn switched_on(conn: &mut AsyncPgConnection, webhook: WebhookId) -> Result<()> {
    if webhook::find(conn, webhook).await?.is_disabled() {
        return Err(AppError::new(ErrorCode::WebhookDisabled));
    }
    Ok(())
}

/// Forgets what was told long ago, and what waited for a webhook that was off for so long.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let long_ago = now.saturating_sub(KEPT).unwrap_or(now);
    prepared(
        "delete from webhook_deliveries where id = any(array(
             select d.id from webhooks w cross join lateral (
                 select id from webhook_deliveries where webhook_id = w.id and created_at < $1
                 order by created_at, id limit 5000
             ) d
         ))",
    )
    .bind::<sql_types::Timestamptz, _>(long_ago.to_diesel())
    .execute(conn)
    .await?;
    Ok(())
}
