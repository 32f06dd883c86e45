//! How a ticket stands at this moment, from what the server said a while ago.
//!
//! Invariant: what is shown moves on with the time and without asking. It says "overdue" from the very moment on, and
//! never "at risk" of what is not.

use api_types::{
    sla::{Sla, SlaState, SlaTarget, SlaTargetKind},
    time::Timestamp,
};

use crate::{i18n, pulse};

/// One target at this moment.
#[derive(Clone, Copy, PartialEq)]
pub struct Standing {
    pub kind: SlaTargetKind,
    pub state: SlaState,
    /// Absent while the clock is paused and when the target was met.
    pub due_at: Option<Timestamp>,
    /// Seconds until the time is up, or since then.
    pub seconds: i64,
}

/// The target that matters now: what is late, else what will be first, else how it ended.
pub fn standing(sla: &Sla) -> Option<Standing> {
    sla.targets.iter().map(Standing::of).min_by_key(|it| (rank(it.state), it.due_at))
}

/// What matters most comes first.
pub fn rank(state: SlaState) -> u8 {
    match state {
        SlaState::Overdue => 0,
        SlaState::AtRisk => 1,
        SlaState::OnTrack => 2,
        SlaState::Paused => 3,
        SlaState::Missed => 4,
        SlaState::Met => 5,
    }
}

impl Standing {
    /// Follows the time.
    pub fn of(target: &SlaTarget) -> Self {
        let SlaTarget { kind, state, due_at, target_seconds, .. } = *target;
        #[expect(clippy::cast_possible_truncation, reason = "seconds from now")]
        let left = due_at.map_or(0, |due| ((i18n::milliseconds(due) - pulse::now()) / 1000.0) as i64);
        let state = match state {
            SlaState::OnTrack | SlaState::AtRisk if due_at.is_some() && left <= 0 => SlaState::Overdue,
            // No more than this is left of the open time either. Where the desk closes in between, the server tells.
            SlaState::OnTrack if due_at.is_some() && left <= target_seconds / 4 => SlaState::AtRisk,
            said => said,
        };
        Self { kind, state, due_at, seconds: left.abs() }
    }
}
