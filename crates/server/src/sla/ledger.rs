//! What the clock remembers of a ticket beside the ticket's own times. It is written with the change that it tells of.
//!
//! Invariant: a round or a pause is written when it begins and when it ends, and what was told is told once.

use api_types::{
    sla::SlaTargetKind,
    tickets::{Priority, Stage},
};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Jsonb,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the clock needs to know of a ticket.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a> {
    pub created_at: Timestamp,
    /// The first public comment of the team.
    pub first_reply_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub priority: Priority,
    pub ledger: &'a Ledger,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(default)]
#[diesel(sql_type = Jsonb)]
pub struct Ledger {
    /// The last time that the creator wrote after the team's first response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// Rounds before it that may have been missed while nobody was there to record it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Round>,
    /// Oldest first; only the last may be open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The targets that were warned of. The next response's is of the last round.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warned: Vec<SlaTargetKind>,
    /// The targets whose breach is recorded, likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breached: Vec<SlaTargetKind>,
}

/// From the oldest comment that waits for an answer to the team's comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub asked_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

/// A time in which the resolution does not draw nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub stage: Stage,
    pub from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// A moment that is recorded once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: Timestamp,
    pub kind: SlaTargetKind,
    /// Otherwise a warning.
    pub breach: bool,
    /// The round it belongs to, if that is not the last.
    pub earlier: Option<Round>,
}

impl Ledger {
    /// The creator wrote. What they write while they wait for an answer does not make them wait anew.
    pub fn asked(&mut self, at: Timestamp) {
        if self.round.is_some_and(|round| round.answered_at.is_none()) {
            return;
        }
        let next = |kind: &SlaTargetKind| *kind == SlaTargetKind::NextResponse;
        let recorded = self.breached.iter().any(next);
        self.earlier.extend(self.round.filter(|_| !recorded));
        self.warned.retain(|kind| !next(kind));
        self.breached.retain(|kind| !next(kind));
        self.round = Some(Round { asked_at: at, answered_at: None });
    }

    /// The team wrote.
    pub fn answered(&mut self, at: Timestamp) {
        if let Some(round) = &mut self.round {
            round.answered_at = round.answered_at.or(Some(at));
        }
    }

    /// The ticket is in this stage from now on.
    pub fn entered(&mut self, stage: Stage, at: Timestamp) {
        if let Some(open) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            if open.stage == stage {
                return;
            }
            open.to = Some(at.max(open.from));
        }
        if matches!(stage, Stage::WaitingCustomer | Stage::OnHold) {
            self.pauses.push(Pause { stage, from: at, to: None });
        }
    }

    /// This moment is recorded.
    pub fn told(&mut self, mark: &Mark) {
        if let Some(round) = mark.earlier {
            self.earlier.retain(|earlier| *earlier != round);
        } else if mark.breach {
            self.breached.push(mark.kind);
        } else {
            self.warned.push(mark.kind);
        }
    }
}

impl ToSql<Jsonb, Pg> for Ledger {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for Ledger {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // The first byte is the version of the format.
        let bytes = value.as_bytes().get(1..).unwrap_or_default();
        if bytes == b"{}" { Ok(Self::default()) } else { Ok(serde_json::from_slice(bytes)?) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn later_comments_do_not_restart_a_round() {
        let mut ledger = Ledger::default();
        ledger.answered(at(0));
        assert_eq!(ledger, Ledger::default(), "nobody had asked");
        for minute in [1, 2, 3] {
            ledger.asked(at(minute));
        }
        ledger.answered(at(4));
        ledger.answered(at(5));
        assert_eq!(ledger.round, Some(Round { asked_at: at(1), answered_at: Some(at(4)) }));
    }

    #[test]
    fn a_round_is_kept_until_it_is_known_whether_it_was_missed() {
        let next = |breach| Mark { at: at(3), kind: SlaTargetKind::NextResponse, breach, earlier: None };
        let mut ledger = Ledger::default();
        ledger.asked(at(1));
        ledger.answered(at(4));
        let first = ledger.round;
        let mut told = ledger.clone();
        ledger.asked(at(5));
        assert_eq!(ledger.earlier, first.into_iter().collect::<Vec<_>>());
        ledger.told(&Mark { earlier: first, ..next(true) });
        assert_eq!((ledger.earlier.len(), ledger.breached.len()), (0, 0));
        told.told(&next(false));
        told.told(&next(true));
        assert_eq!((told.warned.len(), told.breached.len()), (1, 1));
        told.asked(at(5));
        assert_eq!(
            (told.earlier.len(), told.warned.len(), told.breached.len()),
            (0, 0, 0),
            "the next round is told anew"
        );
    }

    #[test]
    fn pauses_follow_the_stages() {
        let mut ledger = Ledger::default();
        let stages =
            [Stage::Working, Stage::OnHold, Stage::OnHold, Stage::WaitingCustomer, Stage::Working, Stage::Resolved];
        for (minute, stage) in (1..).zip(stages) {
            ledger.entered(stage, at(minute));
        }
        let pause = |stage, from, to| Pause { stage, from: at(from), to: Some(at(to)) };
        assert_eq!(ledger.pauses, [pause(Stage::OnHold, 2, 4), pause(Stage::WaitingCustomer, 4, 5)]);
    }

    #[test]
    fn an_empty_ledger_is_an_empty_object() {
        assert_eq!(serde_json::to_string(&Ledger::default()).unwrap(), "{}");
        let mut ledger = Ledger::default();
        ledger.asked(at(1));
        ledger.entered(Stage::OnHold, at(2));
        let text = serde_json::to_string(&ledger).unwrap();
        assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
    }
}
