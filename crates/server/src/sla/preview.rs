//! What settings would mean, before they are in force.
//!
//! Invariant: it is the clock's own arithmetic, so that what is shown here is what tickets will say.

use api_types::{
    error::FieldError,
    sla::{SlaDue, SlaPreview, SlaSettings, SlaTargetKind},
    tickets::Priority,
};
use jiff::{Timestamp, civil::Weekday};

use super::{
    hours::SECOND,
    policy::{Policy, zone_of},
};

/// Shortly before a week's end, where open hours and closed ones both show.
const WRITTEN: (Weekday, i8, i8) = (Weekday::Friday, 17, 50);

/// When the answers to what is written next Friday would be due.
pub fn of(settings: SlaSettings, now: Timestamp) -> Result<SlaPreview, FieldError> {
    let zone = zone_of(&settings)?;
    let policy = Policy::new(settings)?;
    let (weekday, hour, minute) = WRITTEN;
    let today = zone.to_datetime(now).date();
    // The calendar does not end next week.
    let friday = today.nth_weekday(1, weekday).unwrap_or(today);
    let written_at = zone.to_ambiguous_timestamp(friday.at(hour, minute, 0, 0)).compatible().unwrap_or(now);
    let due = Priority::ALL.iter().flat_map(|priority| {
        let targets = policy.settings().targets.of(*priority);
        let kinds = [
            (SlaTargetKind::FirstResponse, targets.first_response),
            (SlaTargetKind::NextResponse, targets.next_response),
            (SlaTargetKind::Resolution, targets.resolution),
        ];
        kinds.map(|(kind, minutes)| {
            let open = i64::from(minutes?) * 60 * SECOND;
            let due = policy.hours().reach(written_at.as_microsecond(), open)?;
            Some(SlaDue { priority: *priority, kind, due_at: Timestamp::from_microsecond(due).ok()? })
        })
    });
    Ok(SlaPreview { written_at, due: due.flatten().collect() })
}
