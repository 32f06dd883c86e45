//! Tickets as a sheet: one row each, for people and their spreadsheets.
//!
//! Invariant: no cell is taken for a formula, whatever somebody wrote into it and however the sheet is cut into cells.
//! Times are RFC 3339, and the first row names the columns: the fixed ones by words that never change, custom fields by
//! their label in the reader's language and their key.

use actix_web::web::Bytes;
use api_types::{
    fields::{Field, FieldKind, FieldValue},
    people::{Locale, Role},
    sla::{Sla, SlaTargetKind},
};
use csv::{Terminator, WriterBuilder};

use crate::{
    auth::CurrentUser,
    error::{AppError, Result},
    people::Person,
    state::State,
    tickets::NamedTicket,
};

/// Excel takes a file for the old alphabet of its country unless this stands before it; everybody else reads past it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const COLUMNS: [&str; 20] = [
    "id",
    "number",
    "title",
    "status",
    "stage",
    "priority",
    "department",
    "creator",
    "assignee",
    "created_at",
    "updated_at",
    "first_reply_at",
    "resolved_at",
    "archived_at",
    "your_turn",
    "person_wanted",
    "elapsed_seconds",
    "first_response",
    "next_response",
    "resolution",
];

/// A sheet that is being written.
pub struct Sheet {
    /// As they were when it was begun: a column is not to change its meaning half-way.
    fields: Vec<Field>,
    locale: Locale,
    /// Admins see people's addresses, and so find them here.
    with_addresses: bool,
    is_begun: bool,
}

impl Sheet {
    pub fn new(state: &State, user: &CurrentUser) -> Self {
        let fields = state.settings.now().fields.clone();
        Self { fields, locale: user.locale, with_addresses: user.role == Role::Admin, is_begun: false }
    }

    /// These tickets as rows, after the first row if they are the first.
    pub async fn write(&mut self, state: &State, user: &CurrentUser, rows: Vec<NamedTicket>) -> Result<Bytes> {
        let addresses = if self.with_addresses && !rows.is_empty() {
            let creators = rows.iter().map(|row| row.ticket.creator_id).collect();
            Person::addresses(&mut *state.db().await?, creators).await?
        } else {
            Default::default()
        };
        let begun = if self.is_begun { Vec::new() } else { BYTE_ORDER_MARK.as_bytes().to_vec() };
        let mut sheet = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begun);
        if !self.is_begun {
            self.is_begun = true;
            sheet.write_record(self.header()).map_err(AppError::internal)?;
        }
        let (in_force, now) = (state.settings.now(), state.clock.now());
        let mut cells = Vec::new();
        for row in rows {
            let address = addresses.get(&row.ticket.creator_id);
            let given = row.ticket.custom_fields.clone();
            let (replied, resolved, archived) =
                (row.ticket.first_reply_at, row.ticket.resolved_at, row.ticket.archived_at);
            let ticket = row.into_summary(&in_force, now, user);
            let when = |time: Option<jiff::Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
            cells.clear();
            cells.extend([
                ticket.id.to_string(),
                ticket.number.to_string(),
                safe(&ticket.title),
                ticket.status.to_string(),
                ticket.stage.map(|stage| stage.to_string()).unwrap_or_default(),
                ticket.priority.to_string(),
                ticket.department.map(|department| safe(&department.name)).unwrap_or_default(),
                safe(&ticket.creator.name),
                ticket.assignee.map(|assignee| safe(&assignee.name)).unwrap_or_default(),
                ticket.created_at.to_string(),
                ticket.updated_at.to_string(),
                when(replied),
                when(resolved),
                when(archived),
                ticket.your_turn.to_string(),
                ticket.person_wanted.to_string(),
                ticket.sla.elapsed_seconds.to_string(),
            ]);
            cells.extend(SlaTargetKind::ALL.iter().map(|kind| standing(&ticket.sla, *kind)));
            if self.with_addresses {
                cells.push(address.map(|address| safe(address)).unwrap_or_default());
            }
            cells.extend(self.fields.iter().map(|field| {
                given.answers.get(field.key.as_str()).map(|value| self.answer(field, value)).unwrap_or_default()
            }));
            sheet.write_record(&cells).map_err(AppError::internal)?;
        }
        let bytes = sheet.into_inner().map_err(|error| AppError::internal(error.into_error()))?;
        Ok(bytes.into())
    }

    fn header(&self) -> Vec<String> {
        let fixed = COLUMNS.into_iter().chain(self.with_addresses.then_some("creator_email")).map(str::to_owned);
        let asked = self.fields.iter().map(|field| safe(&format!("{} [{}]", field.label(self.locale), field.key)));
        fixed.chain(asked).collect()
    }

    fn answer(&self, field: &Field, value: &FieldValue) -> String {
        match (field.kind, value) {
            // Nobody can make a formula of a number, and a sheet is to add them up.
            (FieldKind::Number, FieldValue::Number(number)) => number.to_string(),
            _ => safe(&field.words(value, self.locale)),
        }
    }
}

/// How a ticket stands against one target, if that is promised.
fn standing(sla: &Sla, kind: SlaTargetKind) -> String {
    sla.targets.iter().find(|target| target.kind == kind).map(|target| target.state.to_string()).unwrap_or_default()
}

/// The words with an apostrophe before whatever a spreadsheet would calculate: at the beginning, and after everything
/// that some spreadsheet takes for the end of a cell, should it not see the quotation marks.
fn safe(words: &str) -> String {
    let mut made = String::with_capacity(words.len());
    let mut may_begin = true;
    for letter in words.chars() {
        if may_begin && begins_formula(letter) {
            made.push('\'');
        }
        made.push(letter);
        may_begin = ends_cell(letter) || may_begin && matches!(letter, '"' | ' ');
    }
    made
}

fn begins_formula(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

fn ends_cell(letter: char) -> bool {
    matches!(letter, ',' | ';' | '|' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_formula() {
        for (words, expected) in [
            ("The bees = gone", "The bees = gone"),
            ("=1+1", "'=1+1"),
            ("+33 1", "'+33 1"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("＝1", "'＝1"),
            (" =1", " '=1"),
            ("\"=1", "\"'=1"),
            ("a;=1", "a;'=1"),
            ("a, \"@b", "a, \"'@b"),
            ("a\n-b", "a\n'-b"),
            ("a-b=c", "a-b=c"),
            ("", ""),
        ] {
            assert_eq!(safe(words), expected, "{words:?}");
        }
    }
}
