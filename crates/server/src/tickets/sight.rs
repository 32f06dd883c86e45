//! Which tickets somebody may see: their own; for the team all; and for agents, where the desk wants it so, theirs.
//!
//! Invariant: every query that reads tickets for somebody, or what belongs to them, asks here. Those that are asked for
//! many people at once say the same in their own words: the badge, who is told, whose mail is sent, and who hears live.

use api_types::{departments::DepartmentId, people::PersonId};
use db::schema::tickets;
use diesel::{
    dsl::IntoBoxed,
    expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bool, Uuid},
};

use crate::auth::CurrentUser;

/// The tickets that somebody may see.
pub fn visible_to(user: &CurrentUser) -> IntoBoxed<'static, tickets::table, Pg> {
    let query = tickets::table.into_boxed();
    match Theirs::of(user) {
        Some(theirs) => query.filter(theirs),
        None if user.role.is_team() => query,
        None => query.filter(tickets::creator_id.eq(user.id)),
    }
}

/// A ticket of an agent who sees only theirs: for one of their departments or for none, assigned to them, or opened by
/// them.
#[derive(Clone, Debug)]
pub struct Theirs {
    agent: PersonId,
    departments: Vec<DepartmentId>,
    /// What the query calls the tickets.
    name: &'static str,
}

impl Theirs {
    /// The condition, unless this person does not need it.
    pub fn of(user: &CurrentUser) -> Option<Self> {
        let departments = user.departments.as_ref()?.to_vec();
        Some(Self { agent: user.id, departments, name: "tickets" })
    }

    /// The same where the tickets have another name.
    pub fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// The same tickets, as parts of which each is a walk along an index of its own. They overlap.
    pub fn parts(&self) -> Vec<IntoBoxed<'static, tickets::table, Pg>> {
        let all = || tickets::table.into_boxed();
        let mut parts = vec![
            all().filter(tickets::department_id.is_null()),
            all().filter(tickets::assignee_id.eq(self.agent)),
            all().filter(tickets::creator_id.eq(self.agent)),
        ];
        parts.extend(self.departments.iter().map(|id| all().filter(tickets::department_id.eq(*id))));
        parts
    }

    /// The number of each status, each up to `cap`.
    pub fn push_count<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>, status: &str, cap: u32) -> QueryResult<()> {
        let part = format!("select id from tickets where status = '{status}' and archived_at is null and ");
        let limit = format!(" limit {cap})");
        out.push_sql(&format!(
            "(select count(*) from (select from (({part}department_id is null{limit} union ({part}assignee_id = "
        ));
        out.push_bind_param::<Uuid, _>(&self.agent)?;
        out.push_sql(&format!("{limit} union ({part}creator_id = "));
        out.push_bind_param::<Uuid, _>(&self.agent)?;
        out.push_sql(&format!("{limit} union ({part}department_id = any("));
        out.push_bind_param::<Array<Uuid>, _>(&self.departments)?;
        out.push_sql(&format!("){limit}) parts limit {cap}) _)"));
        Ok(())
    }
}

impl Expression for Theirs {
    type SqlType = Bool;
}

impl<Source> AppearsOnTable<Source> for Theirs {}

impl ValidGrouping<()> for Theirs {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Theirs {
    type QueryId = ();

    // The statement is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Theirs {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let name = self.name;
        out.push_sql(&format!("({name}.department_id is null or {name}.department_id = any("));
        out.push_bind_param::<Array<Uuid>, _>(&self.departments)?;
        // Said so that it is never unknown: `not` and the checks around may stand on it.
        out.push_sql(&format!(") or {name}.assignee_id is not distinct from "));
        out.push_bind_param::<Uuid, _>(&self.agent)?;
        out.push_sql(&format!(" or {name}.creator_id = "));
        out.push_bind_param::<Uuid, _>(&self.agent)?;
        out.push_sql(")");
        Ok(())
    }
}
