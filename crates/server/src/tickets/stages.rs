//! The stages of a ticket: pure functions from one state to the next.
//!
//! Invariant: nothing leaves `resolved`, and only [`Ticket::resolved`] enters it.

use api_types::{
    assistant::{AssistantChange, MutedBy},
    error::{ErrorCode, FieldCode},
    people::PersonId,
    tickets::{Priority, Stage, StageChange, TeamStage},
};
use jiff::Timestamp;

use super::{Ticket, policy};
use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
};

impl Ticket {
    /// After a comment. The team's first public one takes the ticket up; the customer's ends a pause.
    pub fn after_comment(&self, now: Timestamp, author: &CurrentUser, internal: bool) -> Result<Self> {
        if internal {
            // A note is the team's, and changes nothing that the customer could see.
            return if author.role.is_team() { Ok(self.clone()) } else { Err(AppError::new(ErrorCode::Forbidden)) };
        }
        self.ensure_unresolved()?;
        let mut next = Self { updated_at: now, ..self.clone() };
        // On a ticket of their own, a member of the team is its customer.
        if author.role.is_team() && author.id != self.creator_id {
            next.first_reply_at = self.first_reply_at.or(Some(now));
            // Where a person speaks, the assistant is silent.
            next.assistant_muted_by = Some(MutedBy::Team);
            next.person_wanted_at = None;
            next.sla.answered(now);
            if self.stage == Stage::New {
                next.stage = Stage::Working;
            }
        } else {
            // Until the first response, that is what is promised.
            if self.first_reply_at.is_some() {
                next.sla.asked(now);
            }
            if matches!(self.stage, Stage::WaitingCustomer | Stage::OnHold) {
                next.enter(Stage::Working, now);
            }
        }
        Ok(next)
    }

    /// After a comment of the assistant, which takes nothing up and counts as no reply of the team.
    pub fn answered(&self, now: Timestamp) -> Self {
        Self { updated_at: now, ..self.clone() }
    }

    /// Its creator wants a person, and no more of the assistant.
    pub fn person_wanted(&self, now: Timestamp, user: &CurrentUser) -> Result<Self> {
        if self.creator_id != user.id {
            return Err(
                AppError::new(ErrorCode::Forbidden).detail("Only the creator of a ticket can ask for a person.")
            );
        }
        self.ensure_unresolved()?;
        Ok(Self {
            person_wanted_at: self.person_wanted_at.or(Some(now)),
            assistant_muted_by: self.assistant_muted_by.or(Some(MutedBy::Creator)),
            ..self.clone()
        })
    }

    /// The team switches the assistant, on this ticket.
    pub fn assisted(&self, change: AssistantChange) -> Result<Self> {
        self.ensure_unresolved()?;
        let muted_by = change.muted.then(|| self.assistant_muted_by.unwrap_or(MutedBy::Team));
        Ok(Self { assistant_mode: change.mode, assistant_muted_by: muted_by, ..self.clone() })
    }

    /// After its creator says that it is settled.
    pub fn resolved(&self, now: Timestamp, user: &CurrentUser) -> Result<Self> {
        if self.creator_id != user.id {
            return Err(AppError::new(ErrorCode::Forbidden).detail("Only the creator of a ticket can resolve it."));
        }
        self.ensure_unresolved()?;
        if !policy::can(user, self).resolve {
            return Err(AppError::new(ErrorCode::NoTeamReply));
        }
        let mut next = self.clone();
        next.enter(Stage::Resolved, now);
        next.person_wanted_at = None;
        next.resolved_at = Some(now);
        Ok(self.told(next, now))
    }

    /// Given to somebody, or back to the queue.
    pub fn assigned(&self, now: Timestamp, to: Option<PersonId>) -> Result<Self> {
        self.ensure_unresolved()?;
        let mut next = Self { assignee_id: to, ..self.clone() };
        if to.is_some() && self.stage == Stage::New {
            next.stage = Stage::Working;
        }
        Ok(self.told(next, now))
    }

    pub fn prioritised(&self, now: Timestamp, priority: Priority) -> Result<Self> {
        self.ensure_unresolved()?;
        Ok(self.told(Self { priority, ..self.clone() }, now))
    }

    /// Moved by the team.
    pub fn staged(&self, now: Timestamp, change: &StageChange) -> Result<Self> {
        self.ensure_unresolved()?;
        let on_hold = change.stage == TeamStage::OnHold;
        match (on_hold, &change.reason, change.until) {
            (true, None, _) => {
                return Err(AppError::field("/reason", FieldCode::Required, "Say why the ticket is parked."));
            }
            (false, Some(_), _) => {
                return Err(AppError::field("/reason", FieldCode::NotPossible, "Only a parked ticket has a reason."));
            }
            (false, _, Some(_)) => {
                return Err(AppError::field("/until", FieldCode::NotPossible, "Only a parked ticket has a date."));
            }
            (true, _, Some(until)) if until <= now => {
                return Err(AppError::field("/until", FieldCode::NotPossible, "A date in the future."));
            }
            _ => {}
        }
        let mut next = self.clone();
        let stage = match change.stage {
            TeamStage::Working => Stage::Working,
            TeamStage::WaitingCustomer => Stage::WaitingCustomer,
            TeamStage::OnHold => Stage::OnHold,
        };
        next.enter(stage, now);
        next.hold_reason = change.reason.as_ref().map(ToString::to_string);
        next.hold_until = change.until;
        Ok(self.told(next, now))
    }

    /// The date until which it was parked has come; the clock runs from then on, even if nobody was there to see it.
    /// Nothing to do if it was moved meanwhile.
    pub fn resumed(&self, now: Timestamp) -> Option<Self> {
        let until = self.hold_until.filter(|until| self.stage == Stage::OnHold && *until <= now)?;
        let mut next = self.clone();
        next.enter(Stage::Working, until);
        Some(self.told(next, now))
    }

    /// The team thinks it is settled and asks the creator.
    pub fn proposed(&self, now: Timestamp) -> Result<Self> {
        self.ensure_unresolved()?;
        if self.first_reply_at.is_none() {
            return Err(AppError::new(ErrorCode::NoTeamReply));
        }
        let mut next = self.clone();
        next.enter(Stage::WaitingCustomer, now);
        next.proposed_at = Some(now);
        Ok(self.told(next, now))
    }

    /// Hidden from lists, or shown again. Its stage stays.
    pub fn archived(&self, now: Timestamp, archived: bool) -> Result<Self> {
        if self.stage != Stage::Resolved {
            return Err(AppError::new(ErrorCode::NotArchivable));
        }
        let next = Self { archived_at: archived.then(|| self.archived_at.unwrap_or(now)), ..self.clone() };
        Ok(self.told(next, now))
    }

    pub fn ensure_unresolved(&self) -> Result<()> {
        if self.stage == Stage::Resolved { Err(AppError::new(ErrorCode::AlreadyResolved)) } else { Ok(()) }
    }

    /// The next state, with the time of the change if its creator can see that there was one. Who works on a
    /// ticket and why it is parked is the team's business.
    pub fn told(&self, next: Self, now: Timestamp) -> Self {
        let seen = |ticket: &Self| {
            let your_turn = ticket.stage == Stage::WaitingCustomer;
            (ticket.stage.status(), your_turn, ticket.priority, ticket.proposed_at, ticket.archived_at)
        };
        let same_form =
            self.department_id == next.department_id && self.custom_fields.answers == next.custom_fields.answers;
        if same_form && seen(self) == seen(&next) { next } else { Self { updated_at: now, ..next } }
    }

    /// A pause and a proposal end with the stage they belong to.
    fn enter(&mut self, stage: Stage, at: Timestamp) {
        self.stage = stage;
        self.sla.entered(stage, at);
        self.hold_reason = None;
        self.hold_until = None;
        self.proposed_at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Given;
    use crate::sla::Ledger;
    use api_types::{
        people::{Locale, Role},
        text::HoldReason,
        tickets::TicketId,
    };
    use jiff::SignedDuration;
    use uuid::Uuid;

    fn user(role: Role) -> CurrentUser {
        let (id, name, locale) = (PersonId::new(), "N".to_owned(), Locale::English);
        CurrentUser { id, name, role, locale, departments: None, session: Uuid::nil(), key: None }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn ticket(creator: &CurrentUser, stage: Stage) -> Ticket {
        Ticket {
            id: TicketId::new(),
            number: 1,
            title: "T".to_owned(),
            creator_id: creator.id,
            assignee_id: None,
            stage,
            priority: Priority::Medium,
            created_at: now(),
            updated_at: now(),
            first_reply_at: (stage != Stage::New).then(now),
            proposed_at: None,
            hold_reason: (stage == Stage::OnHold).then(|| "parts".to_owned()),
            hold_until: None,
            resolved_at: (stage == Stage::Resolved).then(now),
            archived_at: None,
            follows_id: None,
            version: 0,
            assistant_mode: None,
            assistant_muted_by: None,
            person_wanted_at: None,
            sla: Ledger::default(),
            department_id: None,
            custom_fields: Given::default(),
        }
    }

    fn to(stage: TeamStage) -> StageChange {
        let reason = (stage == TeamStage::OnHold).then(|| HoldReason::from("parts".to_owned()));
        StageChange { stage, reason, until: None }
    }

    #[test]
    fn nothing_leaves_resolved() {
        let (customer, agent) = (user(Role::Customer), user(Role::Agent));
        let ticket = ticket(&customer, Stage::Resolved);
        assert!(ticket.after_comment(now(), &customer, false).is_err());
        assert!(ticket.after_comment(now(), &agent, false).is_err());
        assert!(ticket.resolved(now(), &customer).is_err());
        assert!(ticket.assigned(now(), Some(agent.id)).is_err());
        assert!(ticket.prioritised(now(), Priority::High).is_err());
        assert!(ticket.proposed(now()).is_err());
        assert!(ticket.resumed(now()).is_none());
        for stage in TeamStage::ALL {
            assert!(ticket.staged(now(), &to(*stage)).is_err());
        }
        assert_eq!(ticket.after_comment(now(), &agent, true).unwrap().stage, Stage::Resolved);
        assert_eq!(ticket.archived(now(), true).unwrap().stage, Stage::Resolved);
    }

    #[test]
    fn only_the_creator_resolves_and_only_after_a_reply() {
        let (customer, agent) = (user(Role::Customer), user(Role::Admin));
        let fresh = ticket(&customer, Stage::New);
        assert_eq!(fresh.resolved(now(), &customer).unwrap_err().code(), ErrorCode::NoTeamReply);
        assert_eq!(fresh.after_comment(now(), &agent, true).unwrap().first_reply_at, None);
        let replied = fresh.after_comment(now(), &agent, false).unwrap();
        assert_eq!(replied.stage, Stage::Working);
        assert_eq!(replied.resolved(now(), &agent).unwrap_err().code(), ErrorCode::Forbidden);
        let own = ticket(&agent, Stage::New).after_comment(now(), &agent, false).unwrap();
        assert_eq!(own.resolved(now(), &agent).unwrap_err().code(), ErrorCode::NoTeamReply);
        let resolved = replied.resolved(now(), &customer).unwrap();
        assert_eq!((resolved.stage, resolved.resolved_at), (Stage::Resolved, Some(now())));
    }

    #[test]
    fn a_customer_comment_ends_a_pause_and_a_proposal() {
        let customer = user(Role::Customer);
        for stage in [Stage::WaitingCustomer, Stage::OnHold] {
            let after = ticket(&customer, stage).after_comment(now(), &customer, false).unwrap();
            assert_eq!((after.stage, after.hold_reason), (Stage::Working, None));
        }
        let proposed = ticket(&customer, Stage::Working).proposed(now()).unwrap();
        assert_eq!((proposed.stage, proposed.proposed_at), (Stage::WaitingCustomer, Some(now())));
        assert_eq!(proposed.after_comment(now(), &customer, false).unwrap().proposed_at, None);
        assert_eq!(ticket(&customer, Stage::New).after_comment(now(), &customer, false).unwrap().stage, Stage::New);
    }

    #[test]
    fn where_a_person_speaks_the_assistant_is_silent() {
        let (customer, agent) = (user(Role::Customer), user(Role::Agent));
        let fresh = ticket(&customer, Stage::New);
        let wanted = fresh.person_wanted(now(), &customer).unwrap();
        assert_eq!((wanted.assistant_muted_by, wanted.person_wanted_at), (Some(MutedBy::Creator), Some(now())));
        assert!(fresh.person_wanted(now(), &agent).is_err());
        let noted = wanted.after_comment(now(), &agent, true).unwrap();
        assert_eq!(noted.person_wanted_at, Some(now()), "a note is no answer");
        let answered = noted.after_comment(now(), &agent, false).unwrap();
        assert_eq!((answered.assistant_muted_by, answered.person_wanted_at), (Some(MutedBy::Team), None));
        let own = fresh.after_comment(now(), &customer, false).unwrap();
        assert_eq!(own.assistant_muted_by, None);
        let on = answered.assisted(AssistantChange { mode: None, muted: false }).unwrap();
        assert_eq!(on.assistant_muted_by, None);
        let by_assistant = fresh.answered(now());
        assert_eq!((by_assistant.stage, by_assistant.first_reply_at), (Stage::New, None));
    }

    #[test]
    fn parking_needs_a_reason_and_may_have_a_date() {
        let customer = user(Role::Customer);
        let working = ticket(&customer, Stage::Working);
        let without = StageChange { stage: TeamStage::OnHold, reason: None, until: None };
        assert!(working.staged(now(), &without).is_err());
        let past = StageChange { until: Some(now()), ..to(TeamStage::OnHold) };
        assert!(working.staged(now(), &past).is_err());
        let later = now() + SignedDuration::from_hours(1);
        let parked = working.staged(now(), &StageChange { until: Some(later), ..to(TeamStage::OnHold) }).unwrap();
        assert!(parked.resumed(now()).is_none());
        assert_eq!(parked.resumed(later).unwrap().stage, Stage::Working);
    }

    #[test]
    fn taking_a_new_ticket_starts_the_work() {
        let (customer, agent) = (user(Role::Customer), user(Role::Agent));
        let fresh = ticket(&customer, Stage::New);
        assert_eq!(fresh.assigned(now(), Some(agent.id)).unwrap().stage, Stage::Working);
        assert_eq!(fresh.assigned(now(), None).unwrap().stage, Stage::New);
    }

    #[test]
    fn what_the_customer_cannot_see_does_not_show_in_the_time() {
        let (customer, agent) = (user(Role::Customer), user(Role::Agent));
        let later = now() + SignedDuration::from_hours(1);
        let working = ticket(&customer, Stage::Working);
        assert_eq!(working.assigned(later, Some(agent.id)).unwrap().updated_at, now());
        assert_eq!(working.staged(later, &to(TeamStage::OnHold)).unwrap().updated_at, now());
        assert_eq!(working.staged(later, &to(TeamStage::WaitingCustomer)).unwrap().updated_at, later);
        assert_eq!(working.prioritised(later, Priority::High).unwrap().updated_at, later);
    }

    #[test]
    fn a_customer_writes_no_notes() {
        let customer = user(Role::Customer);
        assert!(ticket(&customer, Stage::New).after_comment(now(), &customer, true).is_err());
    }
}
