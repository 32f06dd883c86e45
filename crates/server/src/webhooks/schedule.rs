//! When a message is tried again that was not taken.
//!
//! Invariant: the last attempt comes three days after the first, or a little later.

use jiff::{SignedDuration, Timestamp};

/// What lies between two attempts, as Standard Webhooks advises.
const PAUSES: [SignedDuration; 10] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(18),
    SignedDuration::from_mins(22 * 60 + 30),
];

/// A webhook that takes nothing for so long is switched off.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(72);

/// When the next attempt is due after so many that failed; nothing after the last. `chance` in 0..1 adds up to a tenth,
/// so that what failed together does not come back together.
pub fn next(now: Timestamp, failed: i32, chance: f64) -> Option<Timestamp> {
    let pause = usize::try_from(failed).ok()?.checked_sub(1).and_then(|step| PAUSES.get(step))?;
    let later = SignedDuration::from_millis((pause.as_millis() as f64 * (1.0 + chance / 10.0)) as i64);
    now.checked_add(later).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_for_three_days() {
        for (chance, minutes) in [(0.0, 72 * 60 + 6), (1.0, 79 * 60 + 18)] {
            let (mut at, mut failed) = (Timestamp::UNIX_EPOCH, 1);
            while let Some(later) = next(at, failed, chance) {
                assert!(later > at);
                (at, failed) = (later, failed + 1);
            }
            assert_eq!((failed, at.as_second() / 60), (11, minutes));
            assert!(Timestamp::UNIX_EPOCH + LONGEST <= at);
        }
    }
}
