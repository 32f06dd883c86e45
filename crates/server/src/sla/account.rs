//! Why the clock says what it says: the stretches of time that it counted, and those that it did not.
//!
//! Invariant: the stretches of a target follow each other without a gap, and those that count add up to what was spent.

use api_types::{
    sla::{SlaAccount, SlaEarlier, SlaSegment, SlaSegmentKind, SlaTargetKind},
    tickets::Stage,
};
use jiff::Timestamp;

use super::{
    hours::{DAY, Hours, Micros, SECOND},
    ledger::{Events, Ledger},
    measure::{Run, timestamp},
    policy::Policy,
};

/// So many are told one by one, the newest.
const MOST: usize = 200;

/// A stretch of time, all of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece<'a> {
    from: Micros,
    to: Micros,
    what: What<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What<'a> {
    Counted,
    OutOfHours,
    Holiday(Option<&'a str>),
    Paused(Stage),
}

impl Policy {
    /// Accounts for the targets of a ticket. Who parked it, or that it was, is the team's business: for anybody else
    /// `is_team` is false, and such a pause is one without a stage.
    pub fn account(&self, events: &Events<'_>, now: Timestamp, is_team: bool) -> Vec<SlaAccount> {
        let now = now.as_microsecond();
        let account = |run: Run| {
            let until = run.ended.unwrap_or(now).max(run.since);
            let mut pieces = self.pieces(&run, events.ledger, until);
            let cut = pieces.len() > MOST;
            pieces.truncate(MOST);
            let starts = pieces.last().map_or(until, |oldest| oldest.from);
            let counted = self.spent(&run, starts);
            let earlier = cut.then(|| SlaEarlier {
                until: timestamp(starts).unwrap_or(Timestamp::MIN),
                counted_seconds: counted / SECOND,
                not_counted_seconds: (starts - run.since - counted) / SECOND,
            });
            let segments = pieces.iter().rev().filter_map(|piece| piece.tell(is_team)).collect();
            let since = timestamp(run.since)?;
            Some(SlaAccount { target: self.stand(&run, now), since, earlier, segments })
        };
        self.runs(events).into_iter().filter_map(account).collect()
    }

    /// The pieces of one target's time, newest first, one more than are told if there are so many.
    fn pieces<'a>(&'a self, run: &Run, ledger: &Ledger, until: Micros) -> Vec<Piece<'a>> {
        let mut stretches: Vec<_> = run.spans.iter().map(|(from, to)| (*from, to.unwrap_or(until), None)).collect();
        if run.kind == SlaTargetKind::Resolution {
            stretches.extend(ledger.pauses.iter().map(|pause| {
                let to = pause.to.map_or(until, Timestamp::as_microsecond);
                (pause.from.as_microsecond(), to, Some(pause.stage))
            }));
            stretches.sort_by_key(|(from, to, _)| (*from, *to));
        }
        let mut pieces = Vec::new();
        for (from, to, pause) in stretches.into_iter().rev() {
            let to = to.min(until);
            match pause {
                Some(stage) if from < to => push(&mut pieces, Piece { from, to, what: What::Paused(stage) }),
                Some(_) => {}
                None => self.hours().pieces(from, to, &mut pieces),
            }
            if pieces.len() > MOST {
                break;
            }
        }
        pieces
    }
}

impl Hours {
    /// Adds the pieces between two moments, newest first, until there are more than are told.
    fn pieces<'a>(&'a self, from: Micros, to: Micros, pieces: &mut Vec<Piece<'a>>) {
        let mut to = to;
        for era in self.eras.iter().rev() {
            let starts = era.starts.max(from);
            if starts >= to {
                continue;
            }
            let (first, last) = (starts + era.offset, to + era.offset);
            for day in (first.div_euclid(DAY)..=(last - 1).div_euclid(DAY)).rev() {
                for (from, to, what) in self.day_pieces(day).into_iter().rev() {
                    let (from, to) = ((day * DAY + from).max(first), (day * DAY + to).min(last));
                    if from < to {
                        push(pieces, Piece { from: from - era.offset, to: to - era.offset, what });
                    }
                }
                if pieces.len() > MOST {
                    return;
                }
            }
            to = starts;
        }
    }

    /// A day on the zone's clocks.
    fn day_pieces(&self, number: i64) -> Vec<(Micros, Micros, What<'_>)> {
        if let Ok(place) = self.holidays.binary_search_by_key(&number, |holiday| holiday.number) {
            let name = self.holidays.get(place).and_then(|holiday| holiday.name.as_deref());
            return vec![(0, DAY, What::Holiday(name))];
        }
        let (mut pieces, mut done) = (Vec::new(), 0);
        for (from, to) in &self.week.day(number).1.windows {
            pieces.push((done, *from, What::OutOfHours));
            pieces.push((*from, *to, What::Counted));
            done = *to;
        }
        pieces.push((done, DAY, What::OutOfHours));
        pieces.retain(|(from, to, _)| from < to);
        pieces
    }
}

/// Adds an older piece, to the one after it if both are of one kind.
fn push<'a>(pieces: &mut Vec<Piece<'a>>, piece: Piece<'a>) {
    match pieces.last_mut() {
        Some(next) if next.what == piece.what && next.from == piece.to => next.from = piece.from,
        _ => pieces.push(piece),
    }
}

impl Piece<'_> {
    fn tell(&self, is_team: bool) -> Option<SlaSegment> {
        let (kind, stage, holiday) = match self.what {
            What::Counted => (SlaSegmentKind::Counted, None, None),
            What::OutOfHours => (SlaSegmentKind::OutOfHours, None, None),
            What::Holiday(name) => (SlaSegmentKind::Holiday, None, name.map(ToOwned::to_owned)),
            What::Paused(stage) => {
                let told = is_team || stage == Stage::WaitingCustomer;
                (SlaSegmentKind::Paused, told.then_some(stage), None)
            }
        };
        let (from, to) = (timestamp(self.from)?, timestamp(self.to)?);
        Some(SlaSegment { from, to, kind, seconds: (self.to - self.from) / SECOND, stage, holiday })
    }
}

#[cfg(test)]
mod tests {
    use api_types::sla::SlaState;
    use proptest::prelude::*;

    use super::*;
    use crate::sla::testing::{minute, office, ticket};

    proptest! {
        #[test]
        fn the_stretches_have_no_gaps_and_add_up(
            start in 0_i64..400_000, steps in prop::collection::vec((1_i64..9_000, 0..3_usize), 0..12), rest in 1_i64..90_000,
            is_resolved: bool,
        ) {
            let policy = office("Europe/Paris");
            let (mut ledger, mut at) = (Ledger::default(), start);
            for (minutes, stage) in steps {
                at += minutes;
                ledger.entered([Stage::Working, Stage::OnHold, Stage::WaitingCustomer][stage], minute(at));
            }
            let now = minute(at + rest);
            if is_resolved {
                ledger.entered(Stage::Resolved, now);
            }
            let events = Events { resolved_at: is_resolved.then_some(now), ..ticket(start, &ledger) };
            for account in policy.account(&events, now, true) {
                let segments = &account.segments;
                prop_assert!(segments.len() <= MOST);
                prop_assert!(segments.windows(2).all(|two| two[0].to == two[1].from && two[0].kind != two[1].kind
                    || two[0].stage != two[1].stage || two[0].holiday != two[1].holiday));
                let begins = account.earlier.map_or(account.since, |earlier| earlier.until);
                prop_assert_eq!(segments.first().map(|first| first.from), Some(begins));
                prop_assert_eq!(segments.last().map(|last| last.to), Some(now));
                let counted: i64 = segments.iter().filter(|it| it.kind == SlaSegmentKind::Counted).map(|it| it.seconds).sum();
                let all: i64 = segments.iter().map(|it| it.seconds).sum();
                let (before, not_before) = account.earlier.map_or((0, 0), |it| (it.counted_seconds, it.not_counted_seconds));
                prop_assert_eq!(counted + before, account.target.spent_seconds);
                prop_assert_eq!(all + before + not_before, now.duration_since(account.since).as_secs());
            }
        }
    }

    #[test]
    fn a_weekend_a_holiday_and_a_pause_are_told_by_their_names() {
        // From Thursday 2026-12-24, 16:00 in Paris, over Christmas and the weekend to Monday, 10:00.
        let policy = office("Europe/Paris");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut ledger = Ledger::default();
        ledger.entered(Stage::OnHold, at("2026-12-24T15:30:00Z"));
        ledger.entered(Stage::WaitingCustomer, at("2026-12-24T15:40:00Z"));
        ledger.entered(Stage::Working, at("2026-12-24T15:50:00Z"));
        let events = Events { created_at: at("2026-12-24T15:00:00Z"), ..ticket(0, &ledger) };
        let told = |is_team| {
            let accounts = policy.account(&events, at("2026-12-28T09:00:00Z"), is_team);
            let resolution = accounts.into_iter().find(|it| it.target.kind == SlaTargetKind::Resolution).unwrap();
            assert_eq!((resolution.target.state, resolution.target.spent_seconds), (SlaState::OnTrack, 100 * 60));
            let tell = |it: SlaSegment| {
                (
                    it.kind.as_str(),
                    it.seconds / 60,
                    it.stage.map(Stage::as_str).or(it.holiday.as_deref()).map(str::to_owned),
                )
            };
            resolution.segments.into_iter().map(tell).collect::<Vec<_>>()
        };
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            told(true),
            [
                ("counted", 30, None),
                ("paused", 10, name("on_hold")),
                ("paused", 10, name("waiting_customer")),
                ("counted", 10, None),
                ("out_of_hours", 7 * 60, None),
                ("holiday", 24 * 60, name("Christmas")),
                ("out_of_hours", 57 * 60, None),
                ("counted", 60, None),
            ]
        );
        assert_eq!(told(false)[1], ("paused", 10, None), "that it was parked is the team's business");
        assert_eq!(told(false)[2], ("paused", 10, name("waiting_customer")));
    }

    #[test]
    fn the_newest_stretches_of_a_long_wait_are_told_and_the_rest_is_summed() {
        let policy = office("UTC");
        let ledger = Ledger::default();
        let account = policy.account(&ticket(0, &ledger), minute(3 * 366 * 24 * 60), true).remove(0);
        assert_eq!(account.segments.len(), MOST);
        let earlier = account.earlier.unwrap();
        let counted: i64 =
            account.segments.iter().filter(|it| it.kind == SlaSegmentKind::Counted).map(|it| it.seconds).sum();
        assert_eq!(earlier.counted_seconds + counted, account.target.spent_seconds);
    }
}
