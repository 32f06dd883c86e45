//! Changing a ticket's answers to custom fields.
//!
//! Invariant: they are checked against the fields of the department that the ticket is in at that moment.

use api_types::tickets::{NewAnswers, TicketId, TicketView};
use db::AsyncPgConnection;
use jiff::Timestamp;

use super::{Ticket, change::change};
use crate::{
    activity::{Kind, Record},
    auth::Team,
    error::{AppError, Result},
    fields::{self, Asked, Given},
    settings::InForce,
    state::Inner,
};

impl Ticket {
    /// Sets all answers of a ticket.
    pub async fn answer(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        team: &Team,
        id: TicketId,
        new: NewAnswers,
    ) -> Result<TicketView> {
        let in_force = desk.settings.now();
        let record = Record::of_ticket(Kind::FieldsChanged, &team.0, id, now);
        change(conn, desk, &team.0, id, record, |ticket| ticket.answered_anew(now, &in_force, &new)).await
    }

    fn answered_anew(&self, now: Timestamp, in_force: &InForce, new: &NewAnswers) -> Result<Self> {
        self.ensure_unresolved()?;
        let (asked, before) = (Asked::In(self.department_id), &self.custom_fields.answers);
        let answers = fields::check(&in_force.fields, asked, Some(before), &new.custom_fields);
        let answers = Given::new(answers.map_err(AppError::invalid)?);
        Ok(self.told(Self { custom_fields: answers, ..self.clone() }, now))
    }
}
