//! Policies and tickets for the tests of this room.

use api_types::tickets::Priority;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Events, Ledger, Policy};

/// So many minutes after a Monday morning, 2026-11-16 at 09:00 UTC.
pub fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_794_819_600 + minutes * 60).unwrap()
}

/// Nothing has happened since it was opened.
pub fn ticket(minutes: i64, ledger: &Ledger) -> Events<'_> {
    let created_at = minute(minutes);
    Events { created_at, first_reply_at: None, resolved_at: None, priority: Priority::Medium, ledger }
}

/// Open around the clock: within 60, 30 and 240 minutes, or 120 for what is urgent.
pub fn always() -> Policy {
    policy(json!({}))
}

/// The same in office hours.
pub fn office(zone: &str) -> Policy {
    let day = json!([{ "from": "09:00", "to": "12:00" }, { "from": "12:00", "to": "17:00" }]);
    policy(json!({
        "time_zone": zone,
        "hours": { "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day },
        "holidays": [{ "date": "2026-12-25", "name": "Christmas" }, { "date": "2027-01-01" }],
    }))
}

fn policy(calendar: Value) -> Policy {
    let targets = json!({
        "medium": { "first_response": 60, "next_response": 30, "resolution": 240 },
        "high": { "resolution": 120 },
    });
    let settings = json!({ "targets": targets, "calendar": calendar });
    Policy::new(serde_json::from_value(settings).unwrap()).unwrap()
}
