//! Moving a ticket from one department to another.
//!
//! Invariant: a ticket is moved to departments that are open, and a move to where it is already is none.

use api_types::{
    departments::DepartmentId,
    error::FieldCode,
    tickets::{TicketId, TicketMove, TicketView},
};
use db::AsyncPgConnection;
use jiff::Timestamp;

use super::{Ticket, change::change};
use crate::{
    activity::{Kind, Record},
    auth::Team,
    departments,
    error::{AppError, Result},
    state::Inner,
};

impl Ticket {
    /// Moves a ticket to a department, or out of all.
    pub async fn move_to(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        to: TicketMove,
    ) -> Result<TicketView> {
        if Self::load(conn, &team.0, id).await?.department_id == to.department_id {
            return Self::open(conn, desk, now, &team.0, id).await;
        }
        let in_force = desk.settings.now();
        if to.department_id.is_some_and(|department| !departments::is_open(&in_force.departments, department)) {
            let message = "There is no such department, or it is retired.";
            return Err(AppError::field("/department_id", FieldCode::NotPossible, message));
        }
        let record = Record::of_ticket(Kind::TicketMoved, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.moved(now, to.department_id)).await
    }

    /// In another department.
    fn moved(&self, now: Timestamp, to: Option<DepartmentId>) -> Result<Self> {
        self.ensure_unresolved()?;
        Ok(self.told(Self { department_id: to, ..self.clone() }, now))
    }
}
