//! Webhooks: addresses of programs that are told what happens on the desk, as Standard Webhooks describes it.
//!
//! Invariant: what is told holds identifiers and what everybody on the ticket may see; a secret is in one answer only,
//! the one that made it.

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::{FieldCode, broken},
    text::{WebhookDescription, WebhookUrl},
    time::Timestamp,
};

mod events;

pub use events::{
    CommentData, DeletedTicketData, PersonData, SlaData, TestData, TicketData, TicketEventData, WebhookEvent,
    WebhookPayload,
};

id! {
    /// A webhook.
    WebhookId
}

id! {
    /// One message to one webhook. It is the `webhook-id` of each of its attempts.
    DeliveryId
}

wire_enum! {
    /// Why a webhook is told nothing.
    DisabledBecause {
        /// An admin switched it off.
        SwitchedOff = "switched_off",
        /// It answered 410 Gone.
        Gone = "gone",
        /// It took nothing for three days.
        Failing = "failing",
    }
}

wire_enum! {
    /// How far a delivery is.
    DeliveryState {
        /// To be tried, now or later.
        Waiting = "waiting",
        /// The receiver has taken it.
        Delivered = "delivered",
        /// Given up. An admin may send it again.
        Failed = "failed",
    }
}

wire_enum! {
    /// What came of an attempt: the class of the answer's status, or why there was none.
    DeliveryOutcome {
        /// Taken.
        Taken = "2xx",
        /// Sent elsewhere, which is not followed.
        Redirected = "3xx",
        /// Refused.
        Refused = "4xx",
        /// The receiver failed.
        Broken = "5xx",
        /// There was no answer within ten seconds.
        TimedOut = "timed_out",
        /// The host's name has no address.
        UnknownHost = "unknown_host",
        /// The address is one that webhooks may not reach; no connection was made.
        ForbiddenAddress = "forbidden_address",
        /// No connection could be made.
        NoConnection = "no_connection",
        /// The receiver's certificate, or its TLS, was not good.
        TlsFailed = "tls_failed",
        /// What came was no answer in HTTP, or the connection ended before one.
        NoAnswer = "no_answer",
    }
}

/// That a webhook is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disabled {
    pub because: DisabledBecause,
    pub at: Timestamp,
}

/// What came of a webhook's newest delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastDelivery {
    pub state: DeliveryState,
    /// Of its last attempt, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<DeliveryOutcome>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    pub id: WebhookId,
    /// Where it is told.
    pub url: String,
    /// What it is for, in an admin's words; may be empty.
    pub description: String,
    /// What it is told of; null for everything, also what comes with later versions.
    pub events: Option<Vec<WebhookEvent>>,
    pub created_at: Timestamp,
    /// Absent while it is told what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
    /// When an attempt first failed, since one last succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Until then each message carries two signatures: by the secret and by the one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_secret_until: Option<Timestamp>,
    /// Absent while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_delivery: Option<LastDelivery>,
    /// What its messages are signed with: only in the answer to its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// All webhooks, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhooks {
    pub items: Vec<WebhookView>,
}

/// `POST /webhooks`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWebhook {
    #[garde(dive)]
    pub url: WebhookUrl,
    #[serde(default)]
    #[garde(dive)]
    pub description: WebhookDescription,
    /// Absent for everything, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(some_events)))]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::some_events))]
    pub events: Option<Vec<WebhookEvent>>,
}

/// `PATCH /webhooks/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub url: Option<WebhookUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub description: Option<WebhookDescription>,
    /// Null for everything.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::given")]
    #[garde(inner(inner(custom(some_events))))]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::some_events))]
    pub events: Option<Option<Vec<WebhookEvent>>>,
    /// Whether it is told what happens. What waited while it was not is sent then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub enabled: Option<bool>,
}

fn some_events(events: &[WebhookEvent], (): &()) -> garde::Result {
    if events.is_empty() {
        return Err(broken(FieldCode::Required, "At least one event, or null for all of them."));
    }
    if events.contains(&WebhookEvent::Test) {
        return Err(broken(FieldCode::NotPossible, "A test is sent in any case."));
    }
    Ok(())
}

/// `POST /webhooks/{id}/secret`: what messages are signed with from now on. It is told this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSecret {
    pub secret: String,
    /// Until then the secret before signs as well.
    pub former_secret_until: Timestamp,
}

/// One message to a webhook, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// The `webhook-id` of its attempts.
    pub id: DeliveryId,
    pub event: WebhookEvent,
    /// What is sent: `type`, `timestamp` and `data`, a [`WebhookPayload`].
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub payload: Value,
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// What came of the last attempt; absent before the first and while one is under way. The body of an answer is
    /// never kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<DeliveryOutcome>,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempted_at: Option<Timestamp>,
    /// When it is tried next, if it waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
}
