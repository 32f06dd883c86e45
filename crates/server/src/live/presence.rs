//! Who of the team looks at which ticket, as far as this process has heard.
//!
//! Invariant: it is kept nowhere else, and what is not said again within 30 seconds is forgotten.

use std::collections::HashMap;

use api_types::{
    live::{Attention, LiveEvent, Viewer},
    people::PersonRef,
    tickets::TicketId,
};
use jiff::{SignedDuration, Timestamp};

const LASTS: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug, Default)]
pub struct Presence(HashMap<TicketId, Vec<Attending>>);

#[derive(Debug)]
struct Attending {
    viewer: Viewer,
    until: Timestamp,
}

impl Presence {
    /// Notes what somebody does. Answers an event if that changes what others see.
    pub fn note(
        &mut self,
        now: Timestamp,
        ticket: TicketId,
        person: PersonRef,
        attention: Attention,
    ) -> Option<LiveEvent> {
        let viewer = Viewer { typing: attention == Attention::Typing, person };
        let all = self.0.entry(ticket).or_default();
        let place = all.iter().position(|other| other.viewer.person.id == viewer.person.id);
        let known = place.map(|place| all.swap_remove(place).viewer);
        let noted = (attention != Attention::Gone).then_some(viewer);
        let changed = known != noted;
        all.extend(noted.map(|viewer| Attending { viewer, until: now.saturating_add(LASTS).unwrap_or(now) }));
        let event = changed.then(|| event(ticket, all));
        if all.is_empty() {
            self.0.remove(&ticket);
        }
        event
    }

    /// Forgets what was not said again. Answers what changes by it.
    pub fn expire(&mut self, now: Timestamp) -> Vec<LiveEvent> {
        let mut events = Vec::new();
        self.0.retain(|ticket, all| {
            let before = all.len();
            all.retain(|attending| attending.until > now);
            if all.len() < before {
                events.push(event(*ticket, all));
            }
            !all.is_empty()
        });
        events
    }

    /// All of it, for somebody who has just come.
    pub fn all(&self) -> impl Iterator<Item = LiveEvent> {
        self.0.iter().map(|(ticket, all)| event(*ticket, all))
    }
}

/// In the order of their ids, so that nobody moves when somebody starts to write.
fn event(ticket_id: TicketId, all: &[Attending]) -> LiveEvent {
    let mut viewers: Vec<Viewer> = all.iter().map(|attending| attending.viewer.clone()).collect();
    viewers.sort_by_key(|viewer| viewer.person.id);
    LiveEvent::Presence { ticket_id, viewers }
}

#[cfg(test)]
mod tests {
    use api_types::people::PersonId;

    use super::*;

    #[test]
    fn only_what_others_would_see_is_told() {
        let (mut presence, ticket) = (Presence::default(), TicketId::new());
        let [ana, bob] = ["Ana", "Bob"].map(|name| PersonRef { id: PersonId::new(), name: name.to_owned() });
        let start = Timestamp::from_second(1_000_000).unwrap();
        let at = |seconds: i64| start.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
        let told = |viewers: &[(&PersonRef, bool)]| LiveEvent::Presence {
            ticket_id: ticket,
            viewers: viewers
                .iter()
                .map(|(person, typing)| Viewer { person: (*person).clone(), typing: *typing })
                .collect(),
        };
        let mut note =
            |seconds, person: &PersonRef, attention| presence.note(at(seconds), ticket, person.clone(), attention);
        assert_eq!(note(0, &bob, Attention::Gone), None);
        assert_eq!(note(0, &bob, Attention::Viewing), Some(told(&[(&bob, false)])));
        assert_eq!(note(10, &ana, Attention::Typing), Some(told(&[(&ana, true), (&bob, false)])));
        assert_eq!(note(20, &ana, Attention::Typing), None);
        assert_eq!(note(20, &ana, Attention::Viewing), Some(told(&[(&ana, false), (&bob, false)])));
        assert_eq!(presence.expire(at(29)), vec![]);
        assert_eq!(presence.expire(at(30)), vec![told(&[(&ana, false)])]);
        assert_eq!(presence.all().collect::<Vec<_>>(), vec![told(&[(&ana, false)])]);
        assert_eq!(presence.note(at(30), ticket, ana.clone(), Attention::Gone), Some(told(&[])));
        assert_eq!(presence.all().count(), 0);
    }
}
