//! Lists of tickets, and how many there are.
//!
//! Invariant: a page costs the same however many tickets there are: it walks an index in its own order.

use api_types::{
    departments::DepartmentFilter,
    error::{ErrorCode, FieldCode},
    tickets::{AssigneeFilter, Stage, TicketCounts, TicketFilter, TicketId, TicketPage, TicketSort, TicketStatus},
};
use db::{AsyncPgConnection, schema::tickets};
use diesel::{
    dsl::{IntoBoxed, count_star},
    expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query as Statement, QueryFragment, QueryId},
    sql_types::{BigInt, Bool},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{
    Ticket, by_answer, search,
    sight::{Theirs, visible_to},
    ticket::{NamedTicket, load_named},
};
use crate::{
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::{AppError, Result},
    state::{Inner, State},
};

/// The team's counts stop here: nobody acts on the difference between 1,001 and 40,000.
const CAP: u32 = 1_000;

impl Ticket {
    /// A page of the tickets that somebody may see, newest first unless the team asks for the oldest.
    pub async fn list(state: &State, user: &CurrentUser, filter: &TicketFilter) -> Result<TicketPage> {
        let limit = cursor::limit(filter.limit)?;
        let after = Cursor::parse(filter.after.as_deref())?;
        let Part { rows, rest, did_you_mean } = Self::part(state, user, filter, after, limit).await?;
        let items = summaries(rows, state, state.clock.now(), user);
        Ok(TicketPage { items, next_cursor: rest.map(Cursor::encode), did_you_mean })
    }

    /// The same of any length, for whoever reads all of a list.
    pub async fn part(
        state: &State,
        user: &CurrentUser,
        filter: &TicketFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Part> {
        if let Some(words) = words_of(user, filter)? {
            return search::part(state, user, filter, words, after, limit).await;
        }
        if let Some(answer) = &filter.field {
            return by_answer::part(state, user, filter, answer, after, limit).await;
        }
        let walk = Walk { oldest_first: filter.sort == Some(TicketSort::Oldest), after, most: limit + 1 };
        let conn = state.db().await?;
        let rows = match parts(user, filter) {
            Some(parts) => {
                let pages = parts.into_iter().map(|part| load_named(&conn, walk.along(filtered(part, filter))));
                walk.merge(try_join_all(pages).await?)
            }
            None if lists_everything(user, filter) => {
                load_named(&conn, walk.along(visible(user, filter).filter(EveryTicket))).await?
            }
            None => load_named(&conn, walk.along(visible(user, filter))).await?,
        };
        let (rows, rest) = cursor::part(rows, limit, end_of);
        Ok(Part { rows, rest, did_you_mean: None })
    }

    /// How many tickets the caller has in each status.
    pub async fn counts(conn: &mut AsyncPgConnection, user: &CurrentUser) -> Result<TicketCounts> {
        if user.role.is_team() {
            let row: CappedCounts = match Theirs::of(user) {
                Some(theirs) => CountTheirsUpTo(theirs).get_result(conn).await?,
                None => CountUpTo.get_result(conn).await?,
            };
            return Ok(TicketCounts {
                open: row.open.unsigned_abs() as u32,
                in_progress: row.in_progress.unsigned_abs() as u32,
                resolved: row.resolved.unsigned_abs() as u32,
                cap: Some(CAP),
            });
        }
        let rows: Vec<(TicketStatus, i64)> = tickets::table
            .filter(tickets::creator_id.eq(user.id))
            .filter(tickets::archived_at.is_null())
            .group_by(tickets::status)
            .select((tickets::status, count_star()))
            .load(conn)
            .await?;
        let count = |status| rows.iter().find(|(found, _)| *found == status).map_or(0, |(_, count)| *count as u32);
        Ok(TicketCounts {
            open: count(TicketStatus::Open),
            in_progress: count(TicketStatus::InProgress),
            resolved: count(TicketStatus::Resolved),
            cap: None,
        })
    }
}

/// A part of a list.
pub struct Part {
    pub rows: Vec<NamedTicket>,
    /// Where it goes on, if it does.
    pub rest: Option<Cursor>,
    /// When a search finds nothing: its words corrected to ones that occur.
    pub did_you_mean: Option<String>,
}

type Query = IntoBoxed<'static, tickets::table, Pg>;

/// The order of a list, and where its page begins.
struct Walk {
    oldest_first: bool,
    after: Option<Cursor>,
    most: usize,
}

impl Walk {
    /// As many tickets of a query as the page takes.
    fn along(&self, query: Query) -> Query {
        let ordered = if self.oldest_first {
            query.order((tickets::created_at.asc(), tickets::id.asc()))
        } else {
            query.order((tickets::created_at.desc(), tickets::id.desc()))
        };
        let Some(after) = self.after else { return ordered.limit(self.most as i64) };
        // The first condition bounds the walk in the index; the second settles rows of the same moment.
        let (at, id) = (after.at.to_diesel(), TicketId(after.id));
        let rest = if self.oldest_first {
            ordered.filter(tickets::created_at.ge(at)).filter(tickets::created_at.gt(at).or(tickets::id.gt(id)))
        } else {
            ordered.filter(tickets::created_at.le(at)).filter(tickets::created_at.lt(at).or(tickets::id.lt(id)))
        };
        rest.limit(self.most as i64)
    }

    /// One page of several, which may have tickets in common.
    fn merge(&self, pages: Vec<Vec<NamedTicket>>) -> Vec<NamedTicket> {
        let place = |row: &NamedTicket| (row.ticket.created_at, row.ticket.id);
        let mut rows: Vec<NamedTicket> = pages.into_iter().flatten().collect();
        rows.sort_by_key(place);
        rows.dedup_by_key(|row| row.ticket.id);
        if !self.oldest_first {
            rows.reverse();
        }
        rows.truncate(self.most);
        rows
    }
}

/// Where an agent sees only theirs, the parts of that, unless the filter asks for so few that one walk finds them.
fn parts(user: &CurrentUser, filter: &TicketFilter) -> Option<Vec<Query>> {
    let few = filter.department.is_some() || filter.creator.is_some();
    let few = few || matches!(filter.assignee, Some(AssigneeFilter::Person(_)));
    Theirs::of(user).filter(|_| !few).map(|theirs| theirs.parts())
}

/// The tickets that somebody may see and that a filter lets through, its words left aside.
pub fn visible(user: &CurrentUser, filter: &TicketFilter) -> Query {
    filtered(visible_to(user), filter)
}

fn filtered(mut query: Query, filter: &TicketFilter) -> Query {
    if is_impossible(filter) {
        query = query.filter(tickets::id.eq_any(Vec::<TicketId>::new()));
    }
    if filter.archived == Some(true) {
        query = query.filter(tickets::archived_at.is_not_null());
    } else {
        query = query.filter(tickets::archived_at.is_null());
        if let Some(status) = filter.status.or_else(|| stage_of_somebody(filter).map(Stage::status)) {
            query = query.filter(tickets::status.eq(status));
        }
        if let Some(stage) = filter.stage {
            query = query.filter(tickets::stage.eq(stage));
        }
    }
    if let Some(priority) = filter.priority {
        query = query.filter(tickets::priority.eq(priority));
    }
    if filter.person_wanted == Some(true) {
        query = query.filter(tickets::person_wanted_at.is_not_null());
    }
    if let Some(creator) = filter.creator {
        query = query.filter(tickets::creator_id.eq(creator));
    }
    query = match filter.department {
        Some(DepartmentFilter::None) => query.filter(tickets::department_id.is_null()),
        Some(DepartmentFilter::Department(id)) => query.filter(tickets::department_id.eq(id)),
        None => query,
    };
    match filter.assignee {
        Some(AssigneeFilter::Nobody) => query.filter(tickets::assignee_id.is_null()),
        Some(AssigneeFilter::Person(id)) => query.filter(tickets::assignee_id.eq(id)),
        None => query,
    }
}

/// No ticket is like this, and to find that out would be to look at all of one kind: a stage has one status, only
/// resolved tickets are archived, and nobody waits for a person on those.
fn is_impossible(filter: &TicketFilter) -> bool {
    let archived = (filter.archived == Some(true)).then_some(TicketStatus::Resolved);
    let mut asked = [filter.status, filter.stage.map(Stage::status), archived].into_iter().flatten();
    let wanted = filter.person_wanted == Some(true);
    asked.next().is_some_and(|first| wanted && first == TicketStatus::Resolved || asked.any(|other| other != first))
}

/// What somebody, or a department, has on hold is found among their tickets in progress, which an index knows,
/// instead of among all that they ever had.
fn stage_of_somebody(filter: &TicketFilter) -> Option<Stage> {
    let person = matches!(filter.assignee, Some(AssigneeFilter::Person(_)));
    filter.stage.filter(|_| person || matches!(filter.department, Some(DepartmentFilter::Department(_))))
}

/// Nothing narrows the list, words aside, so that every ticket on the way is a row of the page.
fn lists_everything(user: &CurrentUser, filter: &TicketFilter) -> bool {
    let unfiltered = TicketFilter {
        q: filter.q.clone(),
        limit: filter.limit,
        after: filter.after.clone(),
        sort: filter.sort,
        archived: filter.archived.filter(|archived| !archived),
        person_wanted: filter.person_wanted.filter(|wanted| !wanted),
        ..TicketFilter::default()
    };
    user.role.is_team() && user.departments.is_none() && *filter == unfiltered
}

/// The words to find, if the filter can be one of this user's, which is told without reading anything.
pub fn words_of<'f>(user: &CurrentUser, filter: &'f TicketFilter) -> Result<Option<&'f str>> {
    refuse_team_filters(user, filter)?;
    let words = cursor::words(filter.q.as_deref())?;
    if words.is_some() && filter.sort == Some(TicketSort::Oldest) {
        return Err(AppError::field("?sort", FieldCode::NotPossible, "A search shows the newest first."));
    }
    Ok(words)
}

fn refuse_team_filters(user: &CurrentUser, filter: &TicketFilter) -> Result<()> {
    let asked = filter.stage.is_some()
        || filter.assignee.is_some()
        || filter.priority.is_some()
        || filter.creator.is_some()
        || filter.department.is_some()
        || filter.field.is_some()
        || filter.person_wanted.is_some()
        || filter.sort.is_some();
    if asked && !user.role.is_team() {
        return Err(AppError::new(ErrorCode::Forbidden)
            .detail("Only the team sorts, and filters by anything but status, words and archive."));
    }
    Ok(())
}

/// Where a page goes on after this row.
pub fn end_of(row: &NamedTicket) -> Cursor {
    Cursor { at: row.ticket.created_at, id: row.ticket.id.0 }
}

/// The rows as the viewer sees them.
fn summaries(
    rows: Vec<NamedTicket>,
    desk: &Inner,
    now: Timestamp,
    viewer: &CurrentUser,
) -> Vec<api_types::tickets::TicketSummary> {
    let in_force = desk.settings.now();
    rows.into_iter().map(|row| row.into_summary(&in_force, now, viewer)).collect()
}

/// It is always so, and lets the index of all tickets be used for the list of all tickets alone. Words of SQL in
/// the query itself would keep Diesel from preparing it once.
#[derive(Clone, Copy, QueryId)]
struct EveryTicket;

impl Expression for EveryTicket {
    type SqlType = Bool;
}

impl AppearsOnTable<tickets::table> for EveryTicket {}

impl ValidGrouping<()> for EveryTicket {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<Pg> for EveryTicket {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("tickets.number > 0");
        Ok(())
    }
}

/// Counts all tickets by status, each count up to [`CAP`].
#[derive(QueryId)]
struct CountUpTo;

#[derive(QueryableByName)]
struct CappedCounts {
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    in_progress: i64,
    #[diesel(sql_type = BigInt)]
    resolved: i64,
}

impl Statement for CountUpTo {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryFragment<Pg> for CountUpTo {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (place, status) in TicketStatus::ALL.iter().enumerate() {
            out.push_sql(if place == 0 { "select " } else { ", " });
            out.push_sql(&format!(
                "(select count(*) from (select from tickets where status = '{status}' and archived_at is null limit {CAP}) _) as {status}"
            ));
        }
        Ok(())
    }
}

/// The same of those that an agent sees.
struct CountTheirsUpTo(Theirs);

impl QueryId for CountTheirsUpTo {
    type QueryId = ();

    // The statement is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Statement for CountTheirsUpTo {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryFragment<Pg> for CountTheirsUpTo {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (place, status) in TicketStatus::ALL.iter().enumerate() {
            out.push_sql(if place == 0 { "select " } else { ", " });
            self.0.push_count(out.reborrow(), status.as_str(), CAP)?;
            out.push_sql(&format!(" as {status}"));
        }
        Ok(())
    }
}
