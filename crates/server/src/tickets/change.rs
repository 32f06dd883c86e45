//! What happens to a ticket after it was opened, other than comments.
//!
//! Invariant: each verb reads the ticket through its caller, decides by a pure function, and writes the
//! new state with its activity row in one statement. It answers the ticket as it is afterwards.

use api_types::{
    assistant::AssistantChange,
    error::{ErrorCode, FieldCode},
    tickets::{Assignment, PriorityChange, StageChange, TicketId, TicketView},
};
use db::{AsyncPgConnection, schema::tickets};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;

use super::{Ticket, policy, save::With, search};
use crate::{
    activity::{self, Actor, Kind, Record},
    attachments,
    auth::{CurrentUser, Team},
    error::{AppError, Result},
    exports, mails,
    once::Once,
    people::Person,
    state::{Inner, State},
    worker::Job,
};

impl Ticket {
    /// Resolves a ticket, for good. Sending the same key twice resolves once.
    pub async fn resolve(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        user: &CurrentUser,
        id: TicketId,
        once: Option<Once>,
    ) -> Result<TicketView> {
        if activity::replay(conn, user.id, once.as_ref()).await?.is_some() {
            return Self::open(conn, desk, now, user, id).await;
        }
        let record = Record::of_ticket(Kind::TicketResolved, user, id, now).once(once.clone());
        match change(conn, desk, user, id, record, |ticket| ticket.resolved(now, user)).await {
            // The same request, sent twice at once: the other one did it a moment ago.
            Err(refused) if refused.code() == ErrorCode::AlreadyResolved => {
                match activity::replay(conn, user.id, once.as_ref()).await? {
                    Some(_) => Self::open(conn, desk, now, user, id).await,
                    None => Err(refused),
                }
            }
            done => done,
        }
    }

    /// Gives a ticket to a member of the team, or back to the queue.
    pub async fn assign(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        to: Assignment,
    ) -> Result<TicketView> {
        if let Some(person) = to.person_id
            && Person::on_team(conn, person).await?.is_none()
        {
            return Err(AppError::field("/person_id", FieldCode::NotPossible, "Not an active member of the team."));
        }
        let record = Record { person: to.person_id, ..Record::of_ticket(Kind::TicketAssigned, &team.0, id, now) };
        change(conn, desk, &team.0, id, record, |ticket| ticket.assigned(now, to.person_id)).await
    }

    pub async fn prioritise(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        to: PriorityChange,
    ) -> Result<TicketView> {
        let record = Record::of_ticket(Kind::TicketPrioritised, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.prioritised(now, to.priority)).await
    }

    /// Moves a ticket to another stage. A date to go back to work becomes a job in the same transaction.
    pub async fn stage(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        to: StageChange,
    ) -> Result<TicketView> {
        let record = Record::of_ticket(Kind::TicketStaged, &team.0, id, now);
        conn.transaction(async |conn| {
            let ticket = change(conn, desk, &team.0, id, record, |ticket| ticket.staged(now, &to)).await?;
            if let Some(until) = to.until {
                Job::ResumeTicket { ticket_id: id }.enqueue(conn, until).await?;
            }
            Ok(ticket)
        })
        .await
    }

    /// Asks the creator to resolve.
    pub async fn propose_resolution(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
    ) -> Result<TicketView> {
        let record = Record::of_ticket(Kind::ResolutionProposed, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.proposed(now)).await
    }

    /// Its creator asks for a person.
    pub async fn want_person(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        user: &CurrentUser,
        id: TicketId,
    ) -> Result<TicketView> {
        let record = Record::of_ticket(Kind::PersonWanted, user, id, now);
        change(conn, desk, user, id, record, |ticket| ticket.person_wanted(now, user)).await
    }

    /// Switches the assistant, or takes its silence away.
    pub async fn assist(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        to: AssistantChange,
    ) -> Result<TicketView> {
        let record = Record::of_ticket(Kind::AssistantChanged, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.assisted(to)).await
    }

    /// Hides a resolved ticket from the lists, or shows it again.
    pub async fn archive(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        archived: bool,
    ) -> Result<TicketView> {
        let kind = if archived { Kind::TicketArchived } else { Kind::TicketUnarchived };
        let record = Record::of_ticket(kind, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.archived(now, archived)).await
    }

    /// Erases a ticket with its whole thread. Only its creator may.
    pub async fn delete(conn: &mut AsyncPgConnection, now: Timestamp, user: &CurrentUser, id: TicketId) -> Result<()> {
        conn.transaction(async |conn| {
            let ticket = Self::load(conn, user, id).await?;
            if !policy::can(user, &ticket).delete {
                return Err(AppError::new(ErrorCode::Forbidden).detail("Only the creator of a ticket can delete it."));
            }
            if !erase(conn, now, user.into(), id).await? {
                return Err(AppError::not_found());
            }
            Ok(())
        })
        .await
    }

    /// Whether a ticket was here and is erased.
    pub async fn was_erased(conn: &mut AsyncPgConnection, id: TicketId) -> QueryResult<bool> {
        activity::tells(conn, Kind::TicketDeleted, id).await
    }

    /// Erases a ticket of somebody who is erased with all that is theirs.
    pub async fn erase_unscoped(conn: &mut AsyncPgConnection, now: Timestamp, id: TicketId) -> Result<()> {
        conn.transaction(async |conn| erase(conn, now, Actor::NOBODY, id).await.map(drop)).await
    }
}

/// Erases a ticket, on the caller's transaction. Tells whether it was there.
async fn erase(conn: &mut AsyncPgConnection, now: Timestamp, actor: Actor, id: TicketId) -> Result<bool> {
    // From here on nobody adds a comment, whose files would be overlooked.
    tickets::table.find(id).select(tickets::id).for_update().execute(conn).await?;
    mails::hold_of_ticket(conn, id).await?;
    search::forget(conn, id).await?;
    attachments::erase_with_ticket(conn, now, id).await?;
    exports::erase_with_ticket(conn, now, id).await?;
    // The comments, the files' rows and the search document go by their foreign keys.
    if diesel::delete(tickets::table.find(id)).execute(conn).await? == 0 {
        return Ok(false);
    }
    activity::record(conn, Record::of_ticket(Kind::TicketDeleted, actor, id, now)).await?;
    Ok(true)
}

/// The job: takes a parked ticket back to work when its date has come.
pub async fn resume(state: &State, id: TicketId) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let Some(ticket) = Ticket::load_for_job_unscoped(&mut conn, id).await? else {
        return Ok(());
    };
    let Some(resumed) = ticket.resumed(now) else {
        return Ok(());
    };
    let record = Record::of_ticket(Kind::TicketResumed, Actor::NOBODY, id, now);
    match resumed.save(&mut conn, &With::only(&record, &state.settings.now().sla)).await? {
        Some(_) => Ok(()),
        None => Err(AppError::unavailable(anyhow::anyhow!("the ticket changed meanwhile"))),
    }
}

/// Decides over a ticket, writes what comes of it, and answers the ticket as it is afterwards.
pub async fn change(
    conn: &mut AsyncPgConnection,
    desk: &Inner,
    user: &CurrentUser,
    id: TicketId,
    record: Record,
    decide: impl Fn(&Ticket) -> Result<Ticket> + Send + Sync,
) -> Result<TicketView> {
    Ticket::write(conn, user, id, With::only(&record, &desk.settings.now().sla), decide).await?;
    match Ticket::open(conn, desk, record.at, user, id).await {
        // Whoever gave a ticket out of their sight still sees what they did, and none of its neighbours.
        Err(gone) if gone.code() == ErrorCode::NotFound && user.departments.is_some() => {
            let as_before = CurrentUser { departments: None, ..user.clone() };
            let view = Ticket::open(conn, desk, record.at, &as_before, id).await?;
            Ok(TicketView { follows: None, followed_by: None, ..view })
        }
        opened => opened,
    }
}
