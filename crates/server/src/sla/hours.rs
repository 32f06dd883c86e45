//! Open hours, made ready for the clock: how much open time there was before a moment, without counting days.
//!
//! Invariant: open time is a difference of one function that never falls and never rises faster than time itself, so it
//! adds up, and is never longer than the time it lies in.

use std::cmp::Ordering;

use api_types::sla::{Calendar, DayTime};
use jiff::{Timestamp, tz::TimeZone};

/// Microseconds, since 1970 or just so many.
pub type Micros = i64;

pub const SECOND: Micros = 1_000_000;
pub const DAY: Micros = 86_400 * SECOND;

/// When a team is open. What summer time swallows or repeats counts as the seconds that it had.
#[derive(Debug)]
pub struct Hours {
    /// In order, the first of them without beginning. Rules of summer time beyond them are guesses.
    pub(super) eras: Vec<Era>,
    pub(super) week: OpenWeek,
    /// In order.
    pub(super) holidays: Vec<ClosedDay>,
}

/// A time in which the zone's clocks keep their distance from UTC.
#[derive(Debug)]
pub(super) struct Era {
    pub(super) starts: Micros,
    pub(super) offset: Micros,
    /// Open time before it.
    before: Micros,
    /// What [`Hours::on_clocks`] says of its beginning.
    on_clocks: Micros,
}

#[derive(Debug)]
pub(super) struct OpenWeek {
    days: [OpenDay; 7],
    total: Micros,
}

#[derive(Debug, Default)]
pub(super) struct OpenDay {
    pub(super) windows: Vec<(Micros, Micros)>,
    total: Micros,
    /// Open time of the week before it.
    before: Micros,
}

/// A day that a holiday takes away.
#[derive(Debug)]
pub(super) struct ClosedDay {
    pub(super) number: i64,
    pub(super) name: Option<String>,
    total: Micros,
    /// What the holidays before it take away.
    before: Micros,
}

/// No rules reach further.
const LAST_RULE: Micros = 4_102_444_800 * SECOND;

impl OpenDay {
    /// Open time of the day up to a time of day.
    fn until(&self, time: Micros) -> Micros {
        self.windows.iter().map(|(from, to)| (time - from).clamp(0, to - from)).sum()
    }
}

impl OpenWeek {
    fn new(calendar: &Calendar) -> Self {
        let mut total = 0;
        let days = calendar.hours.days().map(|windows| {
            let micros = |time: DayTime| i64::from(time.minutes()) * 60 * SECOND;
            let windows: Vec<_> = windows.iter().map(|window| (micros(window.from), micros(window.to))).collect();
            let day = OpenDay { total: windows.iter().map(|(from, to)| to - from).sum(), windows, before: total };
            total += day.total;
            day
        });
        Self { days, total }
    }

    /// The day of the week, and how many weeks began before it. 1970 began on a Thursday.
    pub(super) fn day(&self, number: i64) -> (i64, &OpenDay) {
        static CLOSED: OpenDay = OpenDay { windows: Vec::new(), total: 0, before: 0 };
        let place = usize::try_from((number + 3).rem_euclid(7)).unwrap_or_default();
        ((number + 3).div_euclid(7), self.days.get(place).unwrap_or(&CLOSED))
    }

    /// Open time up to a moment on the zone's clocks, as if they were never changed and there were no holidays.
    fn until(&self, clocks: Micros) -> Micros {
        let (weeks, day) = self.day(clocks.div_euclid(DAY));
        weeks * self.total + day.before + day.until(clocks.rem_euclid(DAY))
    }
}

impl Hours {
    /// `zone` is the calendar's.
    pub fn new(calendar: &Calendar, zone: &TimeZone) -> Self {
        let week = OpenWeek::new(calendar);
        let mut closed: Vec<_> = calendar.holidays.iter().map(|holiday| (holiday.date.number(), holiday)).collect();
        closed.sort_unstable_by_key(|(number, _)| *number);
        let mut before = 0;
        let holidays = closed
            .into_iter()
            .map(|(number, holiday)| {
                let total = week.day(number).1.total;
                before += total;
                let name = holiday.name.as_ref().map(ToString::to_string);
                ClosedDay { number, name, total, before: before - total }
            })
            .collect();
        let mut hours = Self { eras: Vec::new(), week, holidays };
        let offset = |seconds: i32| i64::from(seconds) * SECOND;
        let first = (Timestamp::MIN.as_microsecond(), offset(zone.to_offset(Timestamp::MIN).seconds()));
        let later = zone
            .following(Timestamp::MIN)
            .map(|change| (change.timestamp().as_microsecond(), offset(change.offset().seconds())))
            .take_while(|(at, _)| *at < LAST_RULE);
        for (starts, offset) in std::iter::once(first).chain(later) {
            let before = hours.until(starts);
            let on_clocks = hours.on_clocks(starts + offset);
            hours.eras.push(Era { starts, offset, before, on_clocks });
        }
        hours
    }

    /// Open time before a moment. Only the difference of two of them means something.
    pub fn until(&self, at: Micros) -> Micros {
        let place = self.eras.partition_point(|era| era.starts <= at);
        let Some(era) = self.eras.get(place.saturating_sub(1)) else {
            return 0;
        };
        era.before + self.on_clocks(at + era.offset) - era.on_clocks
    }

    /// Open time between two moments.
    pub fn between(&self, from: Micros, to: Micros) -> Micros {
        self.until(to.max(from)) - self.until(from)
    }

    /// The first moment by which the team was open so long since `from`, which is more than no time; nothing if it never
    /// opens long enough.
    pub fn reach(&self, from: Micros, open: Micros) -> Option<Micros> {
        let goal = self.until(from).checked_add(open)?;
        let place = self.eras.partition_point(|era| era.before < goal).checked_sub(1)?;
        let era = self.eras.get(place)?;
        let goal = era.on_clocks + goal - era.before;
        let at = self.reach_on_clocks(era.starts.max(from) + era.offset, goal)? - era.offset;
        (at <= Timestamp::MAX.as_microsecond()).then_some(at)
    }

    /// Open time up to a moment on the zone's clocks, as if they were never changed.
    fn on_clocks(&self, clocks: Micros) -> Micros {
        let day = clocks.div_euclid(DAY);
        let place = self.holidays.partition_point(|holiday| holiday.number < day);
        let lost = match (self.holidays.get(place), place.checked_sub(1).and_then(|last| self.holidays.get(last))) {
            (Some(today), _) if today.number == day => {
                today.before + self.week.day(day).1.until(clocks.rem_euclid(DAY))
            }
            (_, Some(last)) => last.before + last.total,
            _ => 0,
        };
        self.week.until(clocks) - lost
    }

    /// The first moment on the zone's clocks, after `from`, with this much open time before it.
    fn reach_on_clocks(&self, from: Micros, goal: Micros) -> Option<Micros> {
        if self.week.total == 0 {
            return None;
        }
        let mut low = from.div_euclid(DAY);
        let mut step = 1;
        while self.on_clocks((low + step) * DAY) < goal {
            low += step;
            step *= 2;
            if low * DAY > Timestamp::MAX.as_microsecond() {
                return None;
            }
        }
        let mut high = low + step;
        // The goal lies after the beginning of `low` and not after that of `high`.
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.on_clocks(middle * DAY).cmp(&goal) {
                Ordering::Less => low = middle,
                _ => high = middle,
            }
        }
        let mut rest = goal - self.on_clocks(low * DAY);
        for (from, to) in &self.week.day(low).1.windows {
            if rest <= to - from {
                return Some(low * DAY + from + rest);
            }
            rest -= to - from;
        }
        Some(high * DAY)
    }
}

#[cfg(test)]
mod tests {
    use api_types::sla::Calendar;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ZONES: [&str; 7] = [
        "UTC",
        "Europe/Paris",
        "America/New_York",
        // Half an hour of summer time.
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        // It left out 2011-12-30.
        "Pacific/Apia",
        // Its day begins at one on the first day of summer time.
        "America/Asuncion",
    ];

    fn calendar(week: &[Vec<(u32, u32)>], holidays: &[i64]) -> Calendar {
        let time = |minutes: &u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let day = |windows: &Vec<(u32, u32)>| {
            windows.iter().map(|(from, to)| json!({ "from": time(from), "to": time(to) })).collect::<Vec<_>>()
        };
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let hours: serde_json::Map<_, _> =
            names.iter().zip(week).map(|(name, it)| ((*name).to_owned(), json!(day(it)))).collect();
        let date = |number: &i64| {
            TimeZone::UTC.to_datetime(Timestamp::from_second(number * 86_400).unwrap()).date().to_string()
        };
        let holidays: Vec<_> = holidays.iter().map(|number| json!({ "date": date(number) })).collect();
        serde_json::from_value(json!({ "hours": hours, "holidays": holidays })).unwrap()
    }

    fn weekdays(windows: &[(u32, u32)]) -> Calendar {
        let mut week = vec![windows.to_vec(); 5];
        week.resize(7, Vec::new());
        calendar(&week, &[])
    }

    fn micros(at: &str) -> Micros {
        at.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn minutes(hours: &Hours, from: &str, to: &str) -> i64 {
        hours.between(micros(from), micros(to)) / SECOND / 60
    }

    #[test]
    fn summer_time_swallows_and_repeats_real_seconds() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        // Clocks went from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25, both Sundays.
        let (spring, autumn) =
            (("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
        for (windows, ordinary, swallowed, repeated) in [
            (vec![(0, 1440)], 1440, 1380, 1500),
            (vec![(120, 180)], 60, 0, 120),
            (vec![(90, 150)], 60, 30, 90),
            (vec![(150, 210)], 60, 30, 90),
            (vec![(130, 140), (170, 190)], 30, 10, 50),
            (vec![(540, 1020)], 480, 480, 480),
        ] {
            let hours = Hours::new(&calendar(&vec![windows.clone(); 7], &[]), &paris);
            assert_eq!(minutes(&hours, "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"), ordinary, "{windows:?}");
            assert_eq!(minutes(&hours, spring.0, spring.1), swallowed, "{windows:?}");
            assert_eq!(minutes(&hours, autumn.0, autumn.1), repeated, "{windows:?}");
        }
    }

    #[test]
    fn days_hours_and_holidays() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let mut office = weekdays(&[(540, 720), (780, 1020)]);
        office.holidays = calendar(&[], &[20_812]).holidays;
        let hours = Hours::new(&office, &paris);
        for (from, to, expected) in [
            ("2026-11-20T08:00:00Z", "2026-11-20T16:00:00Z", 420),
            // Friday evening to Monday morning.
            ("2026-11-20T15:30:00Z", "2026-11-23T08:30:00Z", 60),
            ("2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z", 0),
            // Christmas is a Friday.
            ("2026-12-24T15:00:00Z", "2026-12-28T09:00:00Z", 120),
            ("2026-12-25T00:00:00Z", "2026-12-25T22:00:00Z", 0),
            ("2016-01-01T00:00:00Z", "2016-01-01T00:00:00Z", 0),
        ] {
            assert_eq!(minutes(&hours, from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn who_never_opens_reaches_nothing() {
        let hours = Hours::new(&calendar(&[], &[]), &TimeZone::UTC);
        assert_eq!(hours.reach(0, 1), None);
        let office = Hours::new(&weekdays(&[(540, 1020)]), &TimeZone::UTC);
        assert_eq!(office.reach(0, i64::MAX / 4), None, "the end of time comes first");
    }

    #[test]
    fn a_moment_is_reached_when_the_last_second_is_spent() {
        let hours = Hours::new(&weekdays(&[(540, 1020)]), &TimeZone::UTC);
        let friday = micros("2026-11-20T16:00:00Z");
        let hour = 3600 * SECOND;
        assert_eq!(hours.reach(friday, hour), Some(micros("2026-11-20T17:00:00Z")), "not on Monday");
        assert_eq!(hours.reach(friday, hour + 1), Some(micros("2026-11-23T09:00:00Z") + 1));
    }

    /// Up to three windows a day, in order.
    fn some_day() -> impl Strategy<Value = Vec<(u32, u32)>> {
        prop::collection::btree_set(0_u32..=1440, 0..=6).prop_map(|edges| {
            let edges: Vec<_> = edges.into_iter().collect();
            edges.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
        })
    }

    prop_compose! {
        fn some_hours()(
            week in prop::collection::vec(some_day(), 7), holidays in prop::collection::btree_set(15_320_i64..15_380, 0..9),
            zone in prop::sample::select(&ZONES[..]),
        ) -> (Calendar, TimeZone) {
            (calendar(&week, &holidays.into_iter().collect::<Vec<_>>()), TimeZone::get(zone).unwrap())
        }
    }

    /// Opened minute by minute, from the zone's own reading of the clock.
    fn counted(calendar: &Calendar, zone: &TimeZone, from: i64, to: i64) -> i64 {
        let is_open = |minute: &i64| {
            let local = zone.to_datetime(Timestamp::from_second(minute * 60).unwrap());
            let days = jiff::civil::date(1970, 1, 1).until(local.date()).unwrap().get_days();
            let time = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
            let week = calendar.hours.days();
            let windows = week[usize::try_from(local.weekday().to_monday_zero_offset()).unwrap()];
            !calendar.holidays.iter().any(|holiday| holiday.date.number() == i64::from(days))
                && windows.iter().any(|window| (window.from.minutes()..window.to.minutes()).contains(&time))
        };
        (from..to).filter(is_open).count() as i64
    }

    /// Minutes about the end of 2011, when Apia left out a day, and half a year on both sides.
    const SOME: std::ops::Range<i64> = 22_000_000..22_200_000;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn it_is_what_one_would_count((calendar, zone) in some_hours(), from in SOME, long in 0_i64..6_000) {
            let hours = Hours::new(&calendar, &zone);
            let minute = |at: i64| at * 60 * SECOND;
            let expected = counted(&calendar, &zone, from, from + long);
            prop_assert_eq!(hours.between(minute(from), minute(from + long)), minute(expected));
        }

        #[test]
        fn it_adds_up_and_never_exceeds_the_time_itself(
            (calendar, zone) in some_hours(), mut at in prop::array::uniform3(0_i64..4_000_000_000_000_000),
        ) {
            let hours = Hours::new(&calendar, &zone);
            at.sort_unstable();
            let [a, b, c] = at;
            prop_assert_eq!(hours.between(a, b) + hours.between(b, c), hours.between(a, c));
            prop_assert!((0..=b - a).contains(&hours.between(a, b)));
            prop_assert!(hours.between(a, b) <= hours.between(a, c));
        }

        #[test]
        fn what_is_reached_is_reached_first_then((calendar, zone) in some_hours(), from in SOME, open in 1_i64..6_000_000_000_000) {
            let hours = Hours::new(&calendar, &zone);
            let from = from * 60 * SECOND;
            if let Some(at) = hours.reach(from, open) {
                prop_assert_eq!(hours.between(from, at), open);
                prop_assert!(hours.between(from, at - 1) < open);
            } else {
                prop_assert!(calendar.hours.is_closed());
            }
        }
    }
}
