//! The SLA: what the team promises, and how a ticket stands against it.
//!
//! Invariant: what is not promised is not measured. A desk without targets shows how long ago a ticket was opened, and
//! nothing else.

mod calendar;

pub use calendar::{Calendar, Day, DayTime, Holiday, Week, Window};

use garde::{Path, Report, Validate};
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    tickets::{Priority, Stage},
    time::Timestamp,
};

/// What the team promises, and when it is open to keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaSettings {
    pub targets: SlaTargets,
    pub calendar: Calendar,
}

/// The targets of each priority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaTargets {
    #[garde(dive)]
    pub low: TargetMinutes,
    #[garde(dive)]
    pub medium: TargetMinutes,
    #[garde(dive)]
    pub high: TargetMinutes,
}

/// How many minutes of open time each target allows; what is absent is not promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetMinutes {
    /// From the opening of a ticket to the first public comment of the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(custom(possible))]
    pub first_response: Option<u32>,
    /// From the oldest comment of the creator that waits for an answer, after the first response, to the team's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(custom(possible))]
    pub next_response: Option<u32>,
    /// From the opening of a ticket to its resolution, the customer's turns and the time on hold left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(custom(possible))]
    pub resolution: Option<u32>,
}

/// A year.
const MOST_MINUTES: u32 = 366 * 24 * 60;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "garde passes a reference to the field")]
fn possible(minutes: &Option<u32>, (): &()) -> garde::Result {
    match minutes {
        Some(0 | MOST_MINUTES..) => Err(broken(FieldCode::NotPossible, "Between one minute and a year.")),
        _ => Ok(()),
    }
}

impl SlaTargets {
    /// The targets of one priority.
    pub fn of(&self, priority: Priority) -> TargetMinutes {
        match priority {
            Priority::Low => self.low,
            Priority::Medium => self.medium,
            Priority::High => self.high,
        }
    }

    /// Nothing is promised.
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Validate for SlaSettings {
    type Context = ();

    fn validate_into(&self, (): &(), parent: &mut dyn FnMut() -> Path, report: &mut Report) {
        self.targets.validate_into(&(), &mut || parent().join("targets"), report);
        self.calendar.validate_into(&(), &mut || parent().join("calendar"), report);
        if !self.targets.are_none() && self.calendar.hours.is_closed() {
            let closed =
                broken(FieldCode::NotPossible, "Open at some hour, or promise nothing: no target would fall due.");
            report.append(parent().join("calendar").join("hours"), closed);
        }
    }
}

wire_enum! {
    /// What is promised.
    SlaTargetKind {
        FirstResponse = "first_response",
        NextResponse = "next_response",
        Resolution = "resolution",
    }
}

wire_enum! {
    /// How a ticket stands against one target.
    SlaState {
        OnTrack = "on_track",
        /// Three quarters of the time are spent.
        AtRisk = "at_risk",
        /// The clock stands still: it is the customer's turn, or the ticket is on hold.
        Paused = "paused",
        /// The time is up and it is not done.
        Overdue = "overdue",
        /// It was done in time.
        Met = "met",
        /// It was done too late.
        Missed = "missed",
    }
}

/// A ticket against one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaTarget {
    pub kind: SlaTargetKind,
    pub state: SlaState,
    /// When the time is up, or was; absent while the clock is paused and when the target was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// In open time.
    pub target_seconds: i64,
    /// Of open time, pauses left out.
    pub spent_seconds: i64,
}

/// How long a ticket has been waiting, and how it stands against what is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sla {
    /// Seconds since creation; it stops when the ticket is resolved.
    pub elapsed_seconds: i64,
    /// False once the ticket is resolved.
    pub running: bool,
    /// At most one of each kind, by the ticket's present priority; none where nothing is promised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<SlaTarget>,
}

wire_enum! {
    /// Why a stretch of time counts, or does not.
    SlaSegmentKind {
        Counted = "counted",
        OutOfHours = "out_of_hours",
        Holiday = "holiday",
        Paused = "paused",
    }
}

/// A stretch of time, all of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaSegment {
    pub from: Timestamp,
    pub to: Timestamp,
    pub kind: SlaSegmentKind,
    pub seconds: i64,
    /// The stage that paused the clock: the customer's turn, or for the team that the ticket was on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The name of the holiday, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday: Option<String>,
}

/// What lies before the segments that are told one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaEarlier {
    pub until: Timestamp,
    pub counted_seconds: i64,
    /// Out of hours, holidays and pauses.
    pub not_counted_seconds: i64,
}

/// One target, and how its time was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaAccount {
    pub target: SlaTarget,
    /// From when on.
    pub since: Timestamp,
    /// Absent when the segments begin where the clock does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<SlaEarlier>,
    /// Oldest first, without gaps, up to now or to when it was done; the newest 200.
    pub segments: Vec<SlaSegment>,
}

/// `GET /tickets/{id}/sla`: why a ticket stands as it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaView {
    pub elapsed_seconds: i64,
    pub running: bool,
    /// The time zone that the open hours are in.
    pub time_zone: String,
    pub targets: Vec<SlaAccount>,
}

/// When one answer would be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaDue {
    pub priority: Priority,
    pub kind: SlaTargetKind,
    pub due_at: Timestamp,
}

/// `POST /admin/sla/preview`: what settings that are not in force would mean for a ticket or a comment of next Friday at
/// 17:50, in their time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaPreview {
    pub written_at: Timestamp,
    /// Of each target that is promised; without pauses.
    pub due: Vec<SlaDue>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;

    /// The pointers of the fields at fault.
    fn faults(settings: serde_json::Value) -> Vec<String> {
        let settings: SlaSettings = serde_json::from_value(settings).unwrap();
        let mut pointers: Vec<_> = FieldError::all_of(&settings).into_iter().map(|fault| fault.pointer).collect();
        pointers.sort();
        pointers
    }

    #[test]
    fn nothing_is_promised_around_the_clock_by_default() {
        let settings: SlaSettings = serde_json::from_value(serde_json::json!({})).unwrap();
        assert_eq!(settings, SlaSettings::default());
        assert!(settings.targets.are_none() && !settings.calendar.hours.is_closed());
        assert_eq!(FieldError::all_of(&settings), []);
        let again: SlaSettings = serde_json::from_value(serde_json::to_value(&settings).unwrap()).unwrap();
        assert_eq!(again, settings);
    }

    #[test]
    fn a_target_is_between_a_minute_and_a_year() {
        for (minutes, ok) in [(0, false), (1, true), (527_039, true), (527_040, false)] {
            let faults = faults(serde_json::json!({ "targets": { "high": { "next_response": minutes } } }));
            assert_eq!(faults, if ok { vec![] } else { vec!["/targets/high/next_response"] }, "{minutes}");
        }
    }

    #[test]
    fn who_promises_has_to_open() {
        let never = serde_json::json!({ "hours": {} });
        assert_eq!(faults(serde_json::json!({ "calendar": never })), Vec::<String>::new());
        let promised = serde_json::json!({ "targets": { "low": { "resolution": 60 } }, "calendar": never });
        assert_eq!(faults(promised), ["/calendar/hours"]);
    }

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let window = |from: &str, to: &str| serde_json::json!({ "from": from, "to": to });
        let found = faults(serde_json::json!({
            "targets": { "low": { "first_response": 0 }, "medium": { "resolution": 0 } },
            "calendar": {
                "time_zone": "Europe/Paris; drop table",
                "hours": {
                    "monday": [window("09:00", "12:00"), window("11:59", "14:00")],
                    "tuesday": [window("14:00", "18:00"), window("09:00", "12:00")],
                    "wednesday": [window("09:00", "09:00")],
                    "thursday": [window("09:00", "12:00"), window("12:00", "24:00")],
                    "friday": (0..7).map(|hour| window(&format!("0{hour}:00"), &format!("0{hour}:30"))).collect::<Vec<_>>(),
                },
                "holidays": [{ "date": "2026-12-25" }, { "date": "2026-12-25", "name": "a\nb" }],
            },
        }));
        assert_eq!(
            found,
            [
                "/calendar/holidays",
                "/calendar/holidays/1/name",
                "/calendar/hours/friday",
                "/calendar/hours/monday",
                "/calendar/hours/tuesday",
                "/calendar/hours/wednesday",
                "/calendar/time_zone",
                "/targets/low/first_response",
                "/targets/medium/resolution",
            ]
        );
    }
}
