//! The newest changes that this process has heard of, for readers who come back.
//!
//! Invariant: in the order in which Postgres delivers them, which is the same in every process. Whoever names a place
//! in it is told everything that came after the first time this place was passed.

use std::collections::VecDeque;

use super::change::Change;

/// How many are kept.
const KEPT: usize = 4_096;

#[derive(Debug, Default)]
pub struct Recent {
    /// The newest activity when listening began; absent while nobody listens.
    begin: Option<i64>,
    changes: VecDeque<Change>,
    /// The last place that was passed.
    newest: Option<i64>,
}

impl Recent {
    /// Begins anew: what came before is not known.
    pub fn begin(&mut self, newest: i64) {
        *self = Self { begin: Some(newest), changes: VecDeque::new(), newest: Some(newest) };
    }

    pub fn add(&mut self, change: Change) {
        if self.changes.len() == KEPT {
            self.changes.pop_front();
            self.begin = None;
        }
        if let Change::Ticket { activity, .. } = change {
            self.newest = Some(activity);
        }
        self.changes.push_back(change);
    }

    /// The place to name for what comes from now on.
    pub fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// What came after a place, unless that is not known any more.
    pub fn after(&self, place: i64) -> Option<impl Iterator<Item = &Change>> {
        let passed = |change: &Change| matches!(change, Change::Ticket { activity, .. } if *activity == place);
        let skip = match self.begin {
            Some(begin) if begin == place => 0,
            _ => self.changes.iter().position(passed)? + 1,
        };
        Some(self.changes.iter().skip(skip))
    }
}

#[cfg(test)]
mod tests {
    use api_types::{people::PersonId, tickets::TicketId};

    use super::*;

    fn change(activity: i64) -> Change {
        Change::Ticket { activity, ticket: TicketId::new(), creator: None, department: None, assignee: None }
    }

    fn after(recent: &Recent, place: i64) -> Option<Vec<Option<i64>>> {
        let number = |change: &Change| match change {
            Change::Ticket { activity, .. } => Some(*activity),
            Change::Notified(_) => None,
        };
        recent.after(place).map(|changes| changes.map(number).collect())
    }

    #[test]
    fn a_place_that_was_passed_is_gone_on_from() {
        let mut recent = Recent::default();
        assert_eq!((after(&recent, 7), recent.newest()), (None, None));
        recent.begin(7);
        assert_eq!((after(&recent, 7), after(&recent, 6)), (Some(vec![]), None));
        // Delivered in another order than numbered, and one of them twice.
        for activity in [9, 8, 9] {
            recent.add(change(activity));
        }
        recent.add(Change::Notified(PersonId::new()));
        assert_eq!(after(&recent, 7), Some(vec![Some(9), Some(8), Some(9), None]));
        assert_eq!(after(&recent, 8), Some(vec![Some(9), None]));
        assert_eq!(after(&recent, 9), Some(vec![Some(8), Some(9), None]));
        assert_eq!((after(&recent, 10), recent.newest()), (None, Some(9)));
    }

    #[test]
    fn what_is_too_old_is_not_known() {
        let mut recent = Recent::default();
        recent.begin(0);
        for activity in 1..=KEPT as i64 + 1 {
            recent.add(change(activity));
        }
        assert_eq!((after(&recent, 0), after(&recent, 1)), (None, None));
        assert_eq!(after(&recent, 2).unwrap().len(), KEPT - 1);
    }
}
