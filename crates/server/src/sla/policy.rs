//! The settings of the SLA, made ready for the clock.
//!
//! Invariant: a policy never changes. Other settings are another policy, which takes its place.

use api_types::{
    error::{FieldCode, FieldError},
    sla::SlaSettings,
};
use jiff::tz::TimeZone;

use super::hours::Hours;

/// What is promised, and the hours in which it is kept.
#[derive(Debug)]
pub struct Policy {
    settings: SlaSettings,
    hours: Hours,
}

impl Policy {
    /// Makes settings ready. Answers the field at fault, within them, if the time zone is not one.
    pub fn new(settings: SlaSettings) -> Result<Self, FieldError> {
        let zone = zone_of(&settings)?;
        Ok(Self { hours: Hours::new(&settings.calendar, &zone), settings })
    }

    /// The same when nobody can be told that the time zone is not one.
    pub fn or_in_utc(settings: &SlaSettings) -> Self {
        Self::new(settings.clone()).unwrap_or_else(|_| {
            tracing::error!(zone = settings.calendar.time_zone.as_str(), "not a time zone; the hours are taken as UTC");
            Self { hours: Hours::new(&settings.calendar, &TimeZone::UTC), settings: settings.clone() }
        })
    }

    pub fn settings(&self) -> &SlaSettings {
        &self.settings
    }

    pub fn hours(&self) -> &Hours {
        &self.hours
    }
}

/// The time zone that the open hours are in.
pub fn zone_of(settings: &SlaSettings) -> Result<TimeZone, FieldError> {
    let name = settings.calendar.time_zone.as_str();
    // `Etc/Unknown` is found as well, and is no zone.
    TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some()).ok_or_else(|| FieldError {
        pointer: "/calendar/time_zone".to_owned(),
        code: FieldCode::NotPossible,
        message: "There is no such time zone. Give a name such as Europe/Paris.".to_owned(),
    })
}
