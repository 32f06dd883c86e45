//! THE clock: how a ticket stands against its targets, as a pure function of what happened, the policy, and now.
//!
//! Invariant: a target is missed from the moment at which its time is spent. The same moments say so everywhere: in
//! lists, in what is recorded, and in what falls due.

use api_types::sla::{SlaState, SlaTarget, SlaTargetKind};
use jiff::Timestamp;

use super::{
    hours::{Micros, SECOND},
    ledger::{Events, Ledger, Mark, Round},
    policy::Policy,
};

/// One target of one ticket.
#[derive(Debug)]
pub struct Run {
    pub kind: SlaTargetKind,
    pub target: Micros,
    pub since: Micros,
    /// Absent while it goes on.
    pub ended: Option<Micros>,
    /// When its clock ran, in order. The last may be open; if none is, it ended or is paused.
    pub spans: Vec<(Micros, Option<Micros>)>,
}

impl Run {
    fn whole(kind: SlaTargetKind, target: Micros, since: Timestamp, ended: Option<Timestamp>) -> Self {
        let (since, ended) = (since.as_microsecond(), ended.map(Timestamp::as_microsecond));
        Self { kind, target, since, ended, spans: vec![(since, ended)] }
    }

    /// Without the pauses.
    fn paused(self, ledger: &Ledger) -> Self {
        let (mut spans, mut from) = (Vec::with_capacity(ledger.pauses.len() + 1), Some(self.since));
        for pause in &ledger.pauses {
            spans.extend(from.map(|from| (from, Some(pause.from.as_microsecond().max(from)))));
            from = pause.to.map(Timestamp::as_microsecond);
        }
        spans.extend(from.map(|from| (from, self.ended)));
        Self { spans, ..self }
    }

    fn is_paused(&self) -> bool {
        self.ended.is_none() && self.spans.last().is_none_or(|(_, to)| to.is_some())
    }
}

impl Policy {
    /// The targets of a ticket, each with when its clock ran.
    pub fn runs(&self, events: &Events<'_>) -> Vec<Run> {
        let minutes = self.settings().targets.of(events.priority);
        let micros = |minutes: u32| i64::from(minutes) * 60 * SECOND;
        let mut runs = Vec::new();
        if let Some(target) = minutes.first_response {
            let ended = events.first_reply_at.or(events.resolved_at);
            runs.push(Run::whole(SlaTargetKind::FirstResponse, micros(target), events.created_at, ended));
        }
        if let (Some(target), Some(round)) = (minutes.next_response, events.ledger.round) {
            let ended = round.answered_at.or(events.resolved_at);
            runs.push(Run::whole(SlaTargetKind::NextResponse, micros(target), round.asked_at, ended));
        }
        if let Some(target) = minutes.resolution {
            let whole = Run::whole(SlaTargetKind::Resolution, micros(target), events.created_at, events.resolved_at);
            runs.push(whole.paused(events.ledger));
        }
        runs
    }

    /// How a ticket stands.
    pub fn targets(&self, events: &Events<'_>, now: Timestamp) -> Vec<SlaTarget> {
        self.runs(events).iter().map(|run| self.stand(run, now.as_microsecond())).collect()
    }

    /// How it stands against one target.
    pub fn stand(&self, run: &Run, now: Micros) -> SlaTarget {
        let (due, spent) = (self.reach(run, run.target), self.spent(run, now));
        let state = match (run.ended, due) {
            (Some(_), Some(_)) => SlaState::Missed,
            (Some(_), None) => SlaState::Met,
            (None, Some(due)) if due <= now => SlaState::Overdue,
            (None, _) if run.is_paused() => SlaState::Paused,
            (None, _) if spent >= warning(run.target) => SlaState::AtRisk,
            (None, _) => SlaState::OnTrack,
        };
        SlaTarget {
            kind: run.kind,
            state,
            due_at: due.and_then(timestamp),
            target_seconds: run.target / SECOND,
            spent_seconds: spent / SECOND,
        }
    }

    /// What is to be recorded next of a ticket, and when; it may be overdue. A warning is worth nothing once the target
    /// is met or missed.
    pub fn next_mark(&self, events: &Events<'_>, now: Timestamp) -> Option<Mark> {
        if self.settings().targets.are_none() {
            return None;
        }
        let (ledger, now) = (events.ledger, now.as_microsecond());
        let mark = |kind, breach, at: Micros, earlier| Some(Mark { at: timestamp(at)?, kind, breach, earlier });
        let runs = self.runs(events);
        let marks = runs.iter().filter(|run| !ledger.breached.contains(&run.kind)).filter_map(|run| {
            let due = self.reach(run, run.target);
            let is_missed = due.is_some_and(|due| due <= now || run.ended.is_some());
            if !is_missed && run.ended.is_none() && !ledger.warned.contains(&run.kind) {
                return mark(run.kind, false, self.reach(run, warning(run.target))?, None);
            }
            mark(run.kind, true, due?, None)
        });
        let earlier = ledger.earlier.iter().filter_map(|round| {
            let run = self.earlier(round, events)?;
            mark(run.kind, true, self.reach(&run, run.target)?, Some(*round))
        });
        marks.chain(earlier).min_by_key(|mark| mark.at)
    }

    /// Promises anew, after the settings have changed: what was told of moments that are still to come is forgotten.
    pub fn promise(&self, ledger: &mut Ledger, events: &Events<'_>, now: Timestamp) {
        for run in self.runs(events) {
            let is_past = |open| self.reach(&run, open).is_some_and(|at| at <= now.as_microsecond());
            if !is_past(run.target) {
                ledger.breached.retain(|kind| *kind != run.kind);
            }
            if !is_past(warning(run.target)) {
                ledger.warned.retain(|kind| *kind != run.kind);
            }
        }
    }

    /// Forgets the earlier rounds that were kept.
    pub fn settle(&self, ledger: &mut Ledger, events: &Events<'_>) {
        ledger
            .earlier
            .retain(|round| self.earlier(round, events).is_some_and(|run| self.reach(&run, run.target).is_some()));
    }

    fn earlier(&self, round: &Round, events: &Events<'_>) -> Option<Run> {
        let target = i64::from(self.settings().targets.of(events.priority).next_response?) * 60 * SECOND;
        Some(Run::whole(SlaTargetKind::NextResponse, target, round.asked_at, round.answered_at))
    }

    /// Open time spent by now.
    pub fn spent(&self, run: &Run, now: Micros) -> Micros {
        run.spans.iter().map(|(from, to)| self.hours().between(*from, to.unwrap_or(now).min(now))).sum()
    }

    /// When so much was spent, or will be if nothing happens; nothing if it ended or paused before.
    fn reach(&self, run: &Run, mut open: Micros) -> Option<Micros> {
        for (from, to) in &run.spans {
            let spent = to.map_or(Micros::MAX, |to| self.hours().between(*from, to));
            if open <= spent {
                return self.hours().reach(*from, open);
            }
            open -= spent;
        }
        None
    }
}

/// Three quarters.
fn warning(target: Micros) -> Micros {
    target / 4 * 3
}

pub fn timestamp(at: Micros) -> Option<Timestamp> {
    Timestamp::from_microsecond(at).ok()
}

#[cfg(test)]
mod tests {
    use api_types::tickets::{Priority, Stage};
    use proptest::prelude::*;

    use super::*;
    use crate::sla::testing::{always, minute, office, ticket};

    use SlaState::{AtRisk, Met, Missed, OnTrack, Overdue, Paused};
    use SlaTargetKind::{FirstResponse, NextResponse, Resolution};

    /// What happened at which minute.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Asks,
        Answers,
        Enters(Stage),
        Resolves,
    }

    use Step::{Answers, Asks, Enters, Resolves};

    #[derive(Clone, Debug, Default)]
    struct Story {
        ledger: Ledger,
        first_reply_at: Option<Timestamp>,
        resolved_at: Option<Timestamp>,
    }

    impl Story {
        fn of(steps: &[(i64, Step)]) -> Self {
            let mut story = Self::default();
            for (at, step) in steps {
                story.goes_on(minute(*at), *step);
            }
            story
        }

        fn goes_on(&mut self, at: Timestamp, step: Step) {
            match step {
                Asks if self.first_reply_at.is_some() => self.ledger.asked(at),
                Asks => {}
                Answers => {
                    self.first_reply_at = self.first_reply_at.or(Some(at));
                    self.ledger.answered(at);
                }
                Enters(stage) => self.ledger.entered(stage, at),
                Resolves => {
                    self.ledger.entered(Stage::Resolved, at);
                    self.resolved_at = Some(at);
                }
            }
        }

        fn events(&self) -> Events<'_> {
            Events { first_reply_at: self.first_reply_at, resolved_at: self.resolved_at, ..ticket(0, &self.ledger) }
        }
    }

    /// The targets are 60, 30 and 240 minutes; the ticket was opened at minute 0.
    #[test]
    fn states() {
        let (hold, wait, work) = (Enters(Stage::OnHold), Enters(Stage::WaitingCustomer), Enters(Stage::Working));
        type Expected = Option<(SlaState, i64, Option<i64>)>;
        type Row<'a> = (&'a [(i64, Step)], i64, SlaTargetKind, Expected);
        let table: &[Row<'_>] = &[
            (&[], 0, FirstResponse, Some((OnTrack, 0, Some(60)))),
            (&[], 44, FirstResponse, Some((OnTrack, 44, Some(60)))),
            (&[], 45, FirstResponse, Some((AtRisk, 45, Some(60)))),
            (&[], 59, FirstResponse, Some((AtRisk, 59, Some(60)))),
            (&[], 60, FirstResponse, Some((Overdue, 60, Some(60)))),
            (&[(20, hold)], 70, FirstResponse, Some((Overdue, 70, Some(60)))),
            (&[(59, Answers)], 99, FirstResponse, Some((Met, 59, None))),
            (&[(60, Answers)], 99, FirstResponse, Some((Missed, 60, Some(60)))),
            (&[(75, Answers)], 99, FirstResponse, Some((Missed, 75, Some(60)))),
            (&[], 10, NextResponse, None),
            (&[(5, Asks)], 10, NextResponse, None),
            (&[(5, Answers)], 10, NextResponse, None),
            (&[(5, Answers), (10, Asks)], 20, NextResponse, Some((OnTrack, 10, Some(40)))),
            (&[(5, Answers), (10, Asks), (20, Asks)], 33, NextResponse, Some((AtRisk, 23, Some(40)))),
            (&[(5, Answers), (10, Asks), (20, wait)], 45, NextResponse, Some((Overdue, 35, Some(40)))),
            (&[(5, Answers), (10, Asks), (20, Answers)], 45, NextResponse, Some((Met, 10, None))),
            (&[(5, Answers), (10, Asks), (50, Answers)], 55, NextResponse, Some((Missed, 40, Some(40)))),
            (&[(5, Answers), (10, Asks), (50, Answers), (60, Asks)], 65, NextResponse, Some((OnTrack, 5, Some(90)))),
            (&[(5, Answers), (10, Asks), (20, Resolves)], 65, NextResponse, Some((Met, 10, None))),
            (&[(5, Answers), (10, Asks), (45, Resolves)], 65, NextResponse, Some((Missed, 35, Some(40)))),
            (&[], 179, Resolution, Some((OnTrack, 179, Some(240)))),
            (&[], 180, Resolution, Some((AtRisk, 180, Some(240)))),
            (&[], 240, Resolution, Some((Overdue, 240, Some(240)))),
            (&[(100, wait)], 900, Resolution, Some((Paused, 100, None))),
            (&[(100, hold), (300, wait)], 900, Resolution, Some((Paused, 100, None))),
            (&[(100, hold), (300, work)], 310, Resolution, Some((OnTrack, 110, Some(440)))),
            (&[(100, hold), (300, wait), (400, work)], 410, Resolution, Some((OnTrack, 110, Some(540)))),
            (&[(200, hold)], 900, Resolution, Some((Paused, 200, None))),
            (&[(250, hold)], 900, Resolution, Some((Overdue, 250, Some(240)))),
            (&[(100, hold), (300, work), (450, wait)], 900, Resolution, Some((Overdue, 250, Some(440)))),
            (&[(100, hold), (300, Resolves)], 900, Resolution, Some((Met, 100, None))),
            (&[(100, hold), (300, work), (450, Resolves)], 900, Resolution, Some((Missed, 250, Some(440)))),
        ];
        for (steps, now, kind, expected) in table {
            let story = Story::of(steps);
            let found = always().targets(&story.events(), minute(*now)).into_iter().find(|target| target.kind == *kind);
            let found = found.map(|it| (it.state, it.spent_seconds / 60, it.due_at));
            assert_eq!(
                found,
                expected.map(|(state, spent, due)| (state, spent, due.map(minute))),
                "{steps:?} {now} {kind}"
            );
        }
    }

    #[test]
    fn another_priority_counts_from_the_same_start() {
        let story = Story::of(&[(100, Enters(Stage::OnHold)), (150, Enters(Stage::Working))]);
        for (priority, due) in [(Priority::Medium, 290), (Priority::High, 170)] {
            let events = Events { priority, ..story.events() };
            let target = always().targets(&events, minute(160)).into_iter().find(|it| it.kind == Resolution).unwrap();
            assert_eq!((target.spent_seconds, target.due_at), (110 * 60, Some(minute(due))));
        }
        let low = Events { priority: Priority::Low, ..story.events() };
        assert_eq!(always().targets(&low, minute(160)), [], "nothing is promised");
        assert_eq!(always().next_mark(&low, minute(160)), None);
    }

    /// Records what is due at each of these minutes, or later if nobody was there.
    fn recorded(steps: &[(i64, Step)], looks: impl Iterator<Item = i64>) -> Vec<(SlaTargetKind, bool, Timestamp)> {
        let (mut story, mut steps, mut told, policy) =
            (Story::default(), steps.iter().peekable(), Vec::new(), always());
        for look in looks {
            while let Some((at, step)) = steps.next_if(|(at, _)| *at <= look) {
                story.goes_on(minute(*at), *step);
            }
            let mut ledger = story.ledger.clone();
            policy.settle(&mut ledger, &story.events());
            story.ledger = ledger;
            while let Some(mark) = policy.next_mark(&story.events(), minute(look)).filter(|it| it.at <= minute(look)) {
                story.ledger.told(&mark);
                told.push((mark.kind, mark.breach, mark.at));
            }
        }
        told
    }

    #[test]
    fn warnings_and_breaches_are_told_once_and_late_rather_than_never() {
        let steps = [
            (50, Answers),
            (60, Asks),
            (100, Answers),
            (110, Asks),
            (120, Answers),
            (130, Asks),
            (170, Answers),
            (180, Enters(Stage::WaitingCustomer)),
            (380, Enters(Stage::Working)),
            (400, Resolves),
        ];
        let (warned, breached) = (|kind, at| (kind, false, minute(at)), |kind, at| (kind, true, minute(at)));
        assert_eq!(
            recorded(&steps, 0..1000),
            [
                warned(FirstResponse, 45),
                // Half a minute is not looked at.
                (NextResponse, false, minute(82).checked_add(jiff::SignedDuration::from_secs(30)).unwrap()),
                breached(NextResponse, 90),
                (NextResponse, false, minute(152).checked_add(jiff::SignedDuration::from_secs(30)).unwrap()),
                breached(NextResponse, 160),
                warned(Resolution, 180),
            ]
        );
        // Nobody was there the whole time. The warnings are worth nothing any more; the breaches stand.
        assert_eq!(recorded(&steps, [999].into_iter()), [breached(NextResponse, 90), breached(NextResponse, 160)]);
        assert_eq!(recorded(&[], [999].into_iter()), [breached(FirstResponse, 60), breached(Resolution, 240)]);
        assert_eq!(recorded(&steps[..1], [999].into_iter()), [breached(Resolution, 240)]);
    }

    #[test]
    fn without_targets_nothing_is_measured() {
        let policy = Policy::new(api_types::sla::SlaSettings::default()).unwrap();
        let story = Story::of(&[(5, Answers), (10, Asks), (20, Enters(Stage::OnHold))]);
        assert_eq!(
            (policy.targets(&story.events(), minute(9)), policy.next_mark(&story.events(), minute(9))),
            (vec![], None)
        );
    }

    fn some_steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
        let step = prop::sample::select(vec![
            Asks,
            Answers,
            Enters(Stage::Working),
            Enters(Stage::WaitingCustomer),
            Enters(Stage::OnHold),
        ]);
        prop::collection::vec((1_i64..2_000, step), 0..15).prop_map(|steps| {
            let mut at = 0;
            steps
                .into_iter()
                .map(|(pause, step)| {
                    at += pause;
                    (at, step)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn pauses_never_count_and_the_oldest_question_does(steps in some_steps(), start in 0_i64..500_000, rest in 0_i64..9_000) {
            let policy = office("America/New_York");
            let moved: Vec<_> = steps.iter().map(|(at, step)| (at + start, *step)).collect();
            let now = start + moved.last().map_or(0, |(at, _)| at - start) + rest;
            let story = Story::of(&moved);
            let events = Events { created_at: minute(start), ..story.events() };
            // Told from the steps alone, one after the other.
            let (mut running, mut since, mut spent, mut asked, mut replied) = (true, start, 0, None, false);
            let open = |from, to| policy.hours().between(minute(from).as_microsecond(), minute(to).as_microsecond());
            for (at, step) in &moved {
                match step {
                    Enters(stage) => {
                        if running { spent += open(since, *at); }
                        (running, since) = (*stage == Stage::Working, *at);
                    }
                    Asks if replied => asked = match asked { Some((from, None)) => Some((from, None)), _ => Some((*at, None)) },
                    Answers => { replied = true; asked = asked.map(|(from, to): (i64, Option<i64>)| (from, to.or(Some(*at)))); }
                    _ => {}
                }
            }
            if running { spent += open(since, now); }
            let targets = policy.targets(&events, minute(now));
            let seconds = |kind| targets.iter().find(|target| target.kind == kind).map(|target| target.spent_seconds);
            prop_assert_eq!(seconds(Resolution), Some(spent / SECOND));
            prop_assert_eq!(seconds(NextResponse), asked.map(|(from, to)| open(from, to.unwrap_or(now)) / SECOND));
        }

        #[test]
        fn what_is_due_turns_over_then_and_not_before(steps in some_steps(), rest in 0_i64..9_000) {
            let policy = office("Europe/Paris");
            let story = Story::of(&steps);
            let now = minute(steps.last().map_or(0, |(at, _)| *at) + rest);
            for target in policy.targets(&story.events(), now) {
                let Some(due) = target.due_at else { continue };
                prop_assert_eq!(due <= now, matches!(target.state, Overdue | Missed));
                let before = due - jiff::SignedDuration::from_micros(1);
                let then = |at| policy.targets(&story.events(), at).into_iter().find(|it| it.kind == target.kind).unwrap().state;
                if matches!(target.state, OnTrack | AtRisk) {
                    prop_assert_eq!((then(before), then(due)), (AtRisk, Overdue));
                }
            }
        }

        #[test]
        fn whoever_looks_late_finds_the_same_breaches(steps in some_steps(), every in 1_i64..5_000) {
            let end = steps.last().map_or(0, |(at, _)| *at) + 3_000;
            let breaches = |looks: Vec<i64>| {
                let told = recorded(&steps, looks.into_iter());
                told.into_iter().filter(|(_, breach, _)| *breach).collect::<std::collections::BTreeSet<_>>()
            };
            prop_assert_eq!(breaches((0..=end).collect()), breaches((0..end).step_by(every as usize).chain([end]).collect()));
        }
    }
}
