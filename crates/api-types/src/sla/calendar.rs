//! When the team is open: a week of hours, a time zone, and the days on which it stays closed.
//!
//! Invariant: the windows of a day that passed its rule are in order and share no minute.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    text::{HolidayName, TimeZoneName},
};

/// When the team is open. Around the clock, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calendar {
    /// The name of the IANA database, such as `Europe/Paris`; `UTC` when absent.
    #[garde(dive)]
    pub time_zone: TimeZoneName,
    #[garde(dive)]
    pub hours: Week,
    /// Days on which the team is closed, at most 400, each named once.
    #[garde(custom(each_once), dive)]
    pub holidays: Vec<Holiday>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { time_zone: TimeZoneName::from("UTC".to_owned()), hours: Week::default(), holidays: Vec::new() }
    }
}

/// The windows of each day, at most six; a day that is absent is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Week {
    #[serde(default)]
    #[garde(custom(in_order))]
    pub monday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub tuesday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub wednesday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub thursday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub friday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub saturday: Vec<Window>,
    #[serde(default)]
    #[garde(custom(in_order))]
    pub sunday: Vec<Window>,
}

impl Week {
    /// The same windows on every day.
    pub fn daily(windows: &[Window]) -> Self {
        let day = || windows.to_vec();
        Self {
            monday: day(),
            tuesday: day(),
            wednesday: day(),
            thursday: day(),
            friday: day(),
            saturday: day(),
            sunday: day(),
        }
    }

    /// The days from Monday on.
    pub fn days(&self) -> [&[Window]; 7] {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self;
        [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
    }

    /// It opens at no hour of the week.
    pub fn is_closed(&self) -> bool {
        self.days().iter().all(|windows| windows.is_empty())
    }
}

impl Default for Week {
    fn default() -> Self {
        Self::daily(&[Window { from: DayTime(0), to: DayTime::MIDNIGHT }])
    }
}

/// From one time of a day to a later one, which is outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    pub from: DayTime,
    pub to: DayTime,
}

const MOST_WINDOWS: usize = 6;
const MOST_HOLIDAYS: usize = 400;

fn in_order(windows: &[Window], (): &()) -> garde::Result {
    let lasts = windows.iter().all(|window| window.from < window.to);
    let apart = windows.iter().zip(windows.iter().skip(1)).all(|(before, after)| before.to <= after.from);
    if windows.len() > MOST_WINDOWS {
        Err(broken(FieldCode::TooLong, "At most six windows a day."))
    } else if !lasts {
        Err(broken(FieldCode::NotPossible, "A window ends after it begins."))
    } else if !apart {
        Err(broken(FieldCode::NotPossible, "One window after the other, without overlap."))
    } else {
        Ok(())
    }
}

fn each_once(holidays: &[Holiday], (): &()) -> garde::Result {
    let mut days: Vec<Day> = holidays.iter().map(|holiday| holiday.date).collect();
    days.sort_unstable();
    days.dedup();
    if holidays.len() > MOST_HOLIDAYS {
        Err(broken(FieldCode::TooLong, "At most 400 holidays."))
    } else if days.len() < holidays.len() {
        Err(broken(FieldCode::NotPossible, "Name each day once."))
    } else {
        Ok(())
    }
}

/// A time of day in whole minutes, such as `09:30`. `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))]
pub struct DayTime(u16);

impl DayTime {
    /// The end of the day.
    pub const MIDNIGHT: Self = Self(24 * 60);

    /// Minutes since the day began.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for DayTime {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let minutes = text.split_once(':').and_then(|(hours, minutes)| {
            let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
            (hours < 24 && minutes < 60 || hours == 24 && minutes == 0).then_some(hours * 60 + minutes)
        });
        minutes.map(Self).ok_or("expected a time of day such as 09:30")
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        format!("{:02}:{:02}", time.0 / 60, time.0 % 60)
    }
}

/// A day without its time zone, such as `2026-12-25`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
pub struct Day((u16, u16, u16));

impl Day {
    /// How many days after 1970-01-01; earlier ones are negative.
    pub fn number(self) -> i64 {
        // Years begin in March here, so that the odd day is the last of its year.
        let (year, month, day) = self.0;
        let (year, month) = (i64::from(year), i64::from(month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        days + (153 * month + 2) / 5 + i64::from(day) - 1 - 719_468
    }
}

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parse = || {
            let (century, rest) = text.split_at_checked(2)?;
            let (year, rest) = rest.split_at_checked(2)?;
            let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
            let year = two_digits(century)? * 100 + two_digits(year)?;
            let (month, day) = (two_digits(month)?, two_digits(day)?);
            let leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = match month {
                2 => 28 + u16::from(leaps),
                4 | 6 | 9 | 11 => 30,
                1..=12 => 31,
                _ => 0,
            };
            (1..=days).contains(&day).then_some(Self((year, month, day)))
        };
        parse().ok_or("expected a day such as 2026-12-25")
    }
}

impl From<Day> for String {
    fn from(Day((year, month, day)): Day) -> Self {
        format!("{year:04}-{month:02}-{day:02}")
    }
}

fn two_digits(text: &str) -> Option<u16> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A day on which the team is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holiday {
    #[garde(skip)]
    pub date: Day,
    /// What everybody may read about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name: Option<HolidayName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        for (text, minutes) in [("00:00", 0), ("09:30", 570), ("23:59", 1439), ("24:00", 1440)] {
            let time = DayTime::try_from(text.to_owned()).unwrap();
            assert_eq!((time.minutes(), String::from(time).as_str()), (minutes, text));
        }
        for text in ["", "9:30", "09:60", "24:01", "25:00", "+9:30", "09:3", "0930", "09:30:00"] {
            assert!(DayTime::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn days() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2026-11-21", 20_778),
            ("2100-03-01", 47_541),
        ] {
            let day = Day::try_from(text.to_owned()).unwrap();
            assert_eq!((day.number(), String::from(day).as_str()), (number, text));
        }
        for text in ["", "2026-02-29", "2100-02-29", "2026-00-01", "2026-13-01", "2026-04-31", "2026-1-1", "é026-01-01"]
        {
            assert!(Day::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
