//! The rows of webhooks.
//!
//! Invariant: a change of them is in the history of what admins changed, in the same transaction; a webhook that was
//! switched off by itself has told the admins so.

use api_types::{
    error::FieldCode,
    mails::MailKind,
    people::{PersonId, Role},
    webhooks::{
        DeliveryOutcome, DeliveryState, Disabled, DisabledBecause, LastDelivery, NewWebhook, WebhookChange,
        WebhookEvent, WebhookId, WebhookView,
    },
};
use db::{
    AsyncPgConnection, prepared,
    schema::{people, webhooks},
};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use serde_json::{Value, json};

use super::schedule;
use crate::{
    error::{AppError, Result},
    etag::IfMatch,
    mails::{self, To},
    settings,
};

/// So many there are at most. Each has a share of what is under way, which bounds that as well.
const MOST: usize = 50;

/// The number of a webhook's first secret.
pub const FIRST_SECRET: i32 = 1;

/// How long the former secret signs beside a new one.
const BOTH_SECRETS: SignedDuration = SignedDuration::from_hours(24);

/// A webhook, with its newest delivery.
#[derive(Clone, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: WebhookId,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    events: Option<Vec<String>>,
    #[diesel(sql_type = Integer)]
    secret_number: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    former_secret_until: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    disabled_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    disabled_because: Option<DisabledBecause>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    failing_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<DeliveryState>,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<DeliveryOutcome>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    told_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    pub fn into_view(self, now: Timestamp) -> WebhookView {
        let last = self.state.zip(self.told_at);
        WebhookView {
            id: self.id,
            url: self.url,
            description: self.description,
            // An older process may not know what a newer one has written.
            events: self.events.map(|events| events.iter().filter_map(|event| event.parse().ok()).collect()),
            created_at: self.created_at.to_jiff(),
            disabled: self
                .disabled_because
                .zip(self.disabled_at)
                .map(|(because, at)| Disabled { because, at: at.to_jiff() }),
            failing_since: self.failing_since.map(|at| at.to_jiff()),
            former_secret_until: self.former_secret_until.map(|at| at.to_jiff()).filter(|until| *until > now),
            last_delivery: last.map(|(state, at)| LastDelivery {
                state,
                outcome: self.outcome,
                created_at: at.to_jiff(),
            }),
            secret: None,
        }
    }

    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// What an admin has set, as the history of changes says it.
    pub fn set(&self) -> Value {
        json!({
            "url": self.url, "description": self.description, "events": self.events.clone().map_or(json!("all"), Value::from),
            "enabled": self.disabled_at.is_none(), "secret": self.secret_number,
        })
    }
}

/// All of them, oldest first.
pub async fn list(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Row>> {
    load(conn, None).await
}

/// One of them.
pub async fn find(conn: &mut AsyncPgConnection, id: WebhookId) -> Result<Row> {
    load(conn, Some(id)).await?.pop().ok_or_else(AppError::not_found)
}

async fn load(conn: &mut AsyncPgConnection, id: Option<WebhookId>) -> QueryResult<Vec<Row>> {
    prepared(
        "select w.id, w.url, w.description, w.events, w.secret_number, w.former_secret_until, w.created_at, w.disabled_at,
             w.disabled_because, w.failing_since, d.state, d.outcome, d.created_at as told_at
         from webhooks w
         left join lateral (
             select state, outcome, created_at from webhook_deliveries where webhook_id = w.id
             order by created_at desc, id desc limit 1
         ) d on true
         where $1 is null or w.id = $1
         order by w.created_at, w.id",
    )
    .bind::<Nullable<SqlUuid>, _>(id)
    .load(conn)
    .await
}

fn words(events: &[WebhookEvent]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}

/// Adds a webhook at an address that was judged.
pub async fn create(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    admin: PersonId,
    url: &str,
    new: &NewWebhook,
) -> Result<Row> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        if list(conn).await?.len() >= MOST {
            return Err(AppError::field("/", FieldCode::NotPossible, "At most 50 webhooks."));
        }
        let id = WebhookId::new();
        diesel::insert_into(webhooks::table)
            .values((
                webhooks::id.eq(id),
                webhooks::url.eq(url),
                webhooks::description.eq(new.description.as_str()),
                webhooks::events.eq(new.events.as_deref().map(words)),
                webhooks::secret_number.eq(FIRST_SECRET),
                webhooks::created_at.eq(now.to_diesel()),
            ))
            .execute(conn)
            .await?;
        let made = find(conn, id).await?;
        settings::record(conn, now, admin, [("webhooks".to_owned(), json!({}), made.set())]).await?;
        Ok(made)
    })
    .await
}

/// Changes a webhook; `url` is the address asked for, which was judged.
pub async fn change(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    admin: PersonId,
    id: WebhookId,
    url: Option<&str>,
    read: &IfMatch,
    change: &WebhookChange,
) -> Result<Row> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let before = find(conn, id).await?;
        read.check(&before.set())?;
        let row = webhooks::table.find(id);
        if let Some(url) = url.filter(|url| *url != before.url) {
            // What another address did not take says nothing of this one.
            let fresh = (webhooks::url.eq(url), webhooks::failing_since.eq(None::<jiff_diesel::Timestamp>));
            diesel::update(row).set(fresh).execute(conn).await?;
        }
        if let Some(description) = &change.description {
            diesel::update(row).set(webhooks::description.eq(description.as_str())).execute(conn).await?;
        }
        if let Some(events) = &change.events {
            diesel::update(row).set(webhooks::events.eq(events.as_deref().map(words))).execute(conn).await?;
        }
        if change.enabled == Some(true) {
            enable(conn, id).await?;
        } else if change.enabled == Some(false) {
            disable(conn, now, id, DisabledBecause::SwitchedOff).await?;
        }
        let after = find(conn, id).await?;
        settings::record(conn, now, admin, [("webhooks".to_owned(), before.set(), after.set())]).await?;
        Ok(after)
    })
    .await
}

async fn enable(conn: &mut AsyncPgConnection, id: WebhookId) -> QueryResult<()> {
    let never = None::<jiff_diesel::Timestamp>;
    let on = (
        webhooks::disabled_at.eq(never),
        webhooks::disabled_because.eq(None::<DisabledBecause>),
        webhooks::failing_since.eq(never),
    );
    diesel::update(webhooks::table.find(id).filter(webhooks::disabled_at.is_not_null())).set(on).execute(conn).await?;
    Ok(())
}

/// Tells whether it was on until now.
async fn disable(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    id: WebhookId,
    because: DisabledBecause,
) -> QueryResult<bool> {
    let off = (webhooks::disabled_at.eq(now.to_diesel()), webhooks::disabled_because.eq(because));
    let on = webhooks::table.find(id).filter(webhooks::disabled_at.is_null());
    Ok(diesel::update(on).set(off).execute(conn).await? > 0)
}

/// Goes on to the next secret. Answers its number, and until when the one before signs as well.
pub async fn renew_secret(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    admin: PersonId,
    id: WebhookId,
) -> Result<(i32, Timestamp)> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let before = find(conn, id).await?;
        let until = now.saturating_add(BOTH_SECRETS).unwrap_or(now);
        diesel::update(webhooks::table.find(id))
            .set((
                webhooks::secret_number.eq(before.secret_number + 1),
                webhooks::former_secret_until.eq(until.to_diesel()),
            ))
            .execute(conn)
            .await?;
        let after = find(conn, id).await?;
        settings::record(conn, now, admin, [("webhooks".to_owned(), before.set(), after.set())]).await?;
        Ok((after.secret_number, until))
    })
    .await
}

/// Removes a webhook, with all that it was told and was to be told.
pub async fn delete(conn: &mut AsyncPgConnection, now: Timestamp, admin: PersonId, id: WebhookId) -> Result<()> {
    conn.transaction(async |conn| {
        settings::take_turn(conn).await?;
        let before = find(conn, id).await?;
        diesel::delete(webhooks::table.find(id)).execute(conn).await?;
        settings::record(conn, now, admin, [("webhooks".to_owned(), before.set(), json!({}))]).await?;
        Ok(())
    })
    .await
}

/// Switches a webhook off that is gone, or that took nothing for three days, and tells the admins. One that has another
/// address meanwhile, or took something, goes on.
pub async fn give_up(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    id: WebhookId,
    url: &str,
    because: DisabledBecause,
) -> Result<()> {
    let long_ago = now.saturating_sub(schedule::LONGEST).unwrap_or(now);
    let (there, failing): (bool, Option<jiff_diesel::Timestamp>) = match webhooks::table
        .find(id)
        .select((webhooks::url.eq(url), webhooks::failing_since))
        .for_update()
        .first(conn)
        .await
        .optional()?
    {
        Some(found) => found,
        None => return Ok(()),
    };
    let gone = because == DisabledBecause::Gone || failing.is_some_and(|since| since.to_jiff() <= long_ago);
    if !there || !gone || !disable(conn, now, id, because).await? {
        return Ok(());
    }
    let admins: Vec<PersonId> = people::table
        .filter(people::role.eq(Role::Admin))
        .filter(people::disabled_at.is_null())
        .order(people::id)
        .select(people::id)
        .load(conn)
        .await?;
    for admin in admins {
        mails::queue(conn, now, MailKind::WebhookDisabled, To::Person(admin), None).await?;
    }
    Ok(())
}
