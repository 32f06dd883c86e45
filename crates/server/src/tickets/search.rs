//! Finding tickets by the words of their threads.
//!
//! Invariant: nobody finds what they may not read. A customer searches their own tickets' public words
//! only, and is offered no word from anywhere else.

mod fold;
mod spelling;

use api_types::departments::{DepartmentFilter, DepartmentId};
use api_types::people::Locale;
use api_types::tickets::{TicketFilter, TicketId};
use db::schema::tickets;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Bool, Jsonb, Text, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::Value;

use super::{
    list::{Part, visible},
    sight::Theirs,
    ticket::load_named,
};
use crate::{
    auth::CurrentUser,
    cursor::{Cursor, END_OF_TIME},
    error::Result,
    fields,
    state::State,
};

pub use fold::{fold, fold_all, forget, refold};

/// How many tickets that hold the words one search looks at, from the newest on. The rest of the filter may
/// reject them all; then the page ends early and says where to go on.
const TEAM_REACH: usize = 10_000;
/// For a customer each one's document is read, to leave out what only notes say.
const OWN_REACH: usize = 2_000;

/// A part of the tickets that hold all of the words, newest first. Before the first part comes the ticket
/// whose number the words are.
pub async fn part(
    state: &State,
    user: &CurrentUser,
    filter: &TicketFilter,
    words: &str,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Part> {
    let mut conn = state.search_db().await?;
    let number = ticket_number(words);
    let answer = filter.field.as_ref().map(|field| fields::containing(&state.settings.now().fields, field));
    let answer = answer.transpose()?;
    let mut rows = match number.filter(|_| after.is_none()) {
        Some(number) => {
            let mut query = visible(user, filter).filter(tickets::number.eq(number));
            if let Some(answer) = &answer {
                query = query.filter(tickets::custom_fields.contains(answer.clone()));
            }
            load_named(&conn, query).await?
        }
        None => Vec::new(),
    };
    let room = limit - rows.len();
    let search = Search { answer, ..Search::new(user, filter, words, number, after, room + 1) };
    let start = search.before;
    let mut found: Vec<Found> = search.load(&mut conn).await?;
    let mut rest = found.pop_if(|last| !last.holds).map(|last| last.cursor());
    if found.is_empty() && rest.is_none() && rows.is_empty() && after.is_none() {
        // A suggestion is worth no refusal.
        let did_you_mean = spelling::correct(&mut conn, user, words).await.unwrap_or_default();
        return Ok(Part { rows, rest: None, did_you_mean });
    }
    if found.len() > room {
        found.truncate(room);
        rest = Some(found.last().map_or(start, Found::cursor));
    }
    let ids: Vec<TicketId> = found.iter().map(|found| found.ticket_id).collect();
    let query =
        visible(user, filter).filter(tickets::id.eq_any(ids)).order((tickets::created_at.desc(), tickets::id.desc()));
    rows.extend(load_named(&conn, query).await?);
    Ok(Part { rows, rest, did_you_mean: None })
}

/// `#1234` or `1234` means the ticket of that number.
fn ticket_number(words: &str) -> Option<i64> {
    let digits = words.strip_prefix('#').unwrap_or(words);
    (digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Uuid)]
    ticket_id: TicketId,
    #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    /// False in the last ticket that was looked at, when there are more.
    #[diesel(sql_type = Bool)]
    holds: bool,
}

impl Found {
    fn cursor(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.ticket_id.0 }
    }
}

/// The newest tickets that hold all of the words.
struct Search<'a> {
    user: &'a CurrentUser,
    filter: &'a TicketFilter,
    words: String,
    /// Not the ticket of this number.
    but: Option<i64>,
    before: Cursor,
    before_at: jiff_diesel::Timestamp,
    assignee: Option<uuid::Uuid>,
    department: Option<DepartmentId>,
    /// What the answers to custom fields contain.
    answer: Option<Value>,
    theirs: Option<Theirs>,
    limit: usize,
}

impl<'a> Search<'a> {
    fn new(
        user: &'a CurrentUser,
        filter: &'a TicketFilter,
        words: &str,
        but: Option<i64>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Self {
        let after = after.unwrap_or(Cursor { at: END_OF_TIME, id: uuid::Uuid::max() });
        let before = Cursor { at: after.at.min(END_OF_TIME), id: after.id };
        Self {
            user,
            filter,
            words: plain(words),
            but,
            before,
            before_at: before.at.to_diesel(),
            assignee: match filter.assignee {
                Some(api_types::tickets::AssigneeFilter::Person(id)) => Some(id.0),
                Some(api_types::tickets::AssigneeFilter::Nobody) | None => None,
            },
            department: match filter.department {
                Some(DepartmentFilter::Department(id)) => Some(id),
                Some(DepartmentFilter::None) | None => None,
            },
            answer: None,
            theirs: Theirs::of(user).map(|theirs| theirs.named("t")),
            limit,
        }
    }

    fn negates(&self) -> bool {
        self.words.split_whitespace().any(|word| word.starts_with('-'))
    }

    fn push_query<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(match self.user.locale {
            Locale::English => "websearch_to_tsquery('waggle_en', ",
            Locale::French => "websearch_to_tsquery('waggle_fr', ",
        });
        out.push_bind_param::<Text, _>(&self.words)?;
        out.push_sql(")");
        Ok(())
    }

    fn push_cursor<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(s.created_at, s.ticket_id) < (");
        out.push_bind_param::<Timestamptz, _>(&self.before_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Uuid, _>(&self.before.id)?;
        out.push_sql(")");
        Ok(())
    }

    /// What the index of words does not know, checked for one candidate at a time from the newest on, until the
    /// page is full. `offset 0` keeps the planner from turning that into a join with all tickets.
    fn push_check<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("cross join lateral (select from tickets t where t.id = c.ticket_id and t.archived_at is ");
        out.push_sql(if self.filter.archived == Some(true) { "not null" } else { "null" });
        if let Some(number) = &self.but {
            out.push_sql(" and t.number <> ");
            out.push_bind_param::<BigInt, _>(number)?;
        }
        if let Some(status) = &self.filter.status {
            out.push_sql(" and t.status = ");
            out.push_bind_param::<Text, _>(status)?;
        }
        if let Some(stage) = &self.filter.stage {
            out.push_sql(" and t.stage = ");
            out.push_bind_param::<Text, _>(stage)?;
        }
        if let Some(priority) = &self.filter.priority {
            out.push_sql(" and t.priority = ");
            out.push_bind_param::<Text, _>(priority)?;
        }
        if let Some(assignee) = &self.assignee {
            out.push_sql(" and t.assignee_id = ");
            out.push_bind_param::<Uuid, _>(assignee)?;
        } else if self.filter.assignee.is_some() {
            out.push_sql(" and t.assignee_id is null");
        }
        if let Some(department) = &self.department {
            out.push_sql(" and t.department_id = ");
            out.push_bind_param::<Uuid, _>(department)?;
        } else if self.filter.department.is_some() {
            out.push_sql(" and t.department_id is null");
        }
        if let Some(answer) = &self.answer {
            out.push_sql(" and t.custom_fields @> ");
            out.push_bind_param::<Jsonb, _>(answer)?;
        }
        if let Some(theirs) = &self.theirs {
            out.push_sql(" and ");
            theirs.walk_ast(out.reborrow())?;
        }
        out.push_sql(" offset 0) ok");
        if !self.user.role.is_team() {
            // The words must occur in what the person may read, not in a note.
            out.push_sql(" cross join lateral (select from ticket_search d where d.ticket_id = c.ticket_id");
            out.push_sql(" and ts_filter(d.document, '{a,b}') @@ ");
            self.push_query(out)?;
            out.push_sql(" offset 0) readable");
        }
        Ok(())
    }

    /// The buckets newest first. Inside a bucket the words' index bounds the work; the limit around it stops
    /// the walk.
    fn push_all<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select f.ticket_id, f.created_at from (select bucket from search_buckets where starts_at <= ");
        out.push_bind_param::<Timestamptz, _>(&self.before_at)?;
        out.push_sql(
            " order by starts_at desc offset 0) b cross join lateral (\
             select s.ticket_id, s.created_at from ticket_search s where s.bucket = b.bucket and s.document @@ ",
        );
        self.push_query(out)?;
        if let Some(creator) = &self.filter.creator {
            out.push_sql(" and s.creator_id = ");
            out.push_bind_param::<Uuid, _>(creator)?;
        }
        out.push_sql(" and ");
        self.push_cursor(out)?;
        out.push_sql(" order by s.created_at desc, s.ticket_id desc offset 0) f");
        Ok(())
    }

    /// One person's tickets are few enough to sort all that match.
    fn push_own<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select s.ticket_id, s.created_at from ticket_search s where s.creator_id = ");
        out.push_bind_param::<Uuid, _>(&self.user.id)?;
        // The index knows notes as well, so it may only choose among documents that hold a word, never among
        // those that lack one: "-word" would tell what a note says.
        if !self.negates() {
            out.push_sql(" and s.document @@ ");
            self.push_query(out)?;
        }
        out.push_sql(" and ");
        self.push_cursor(out)?;
        out.push_sql(" order by s.created_at desc, s.ticket_id desc");
        Ok(())
    }

    fn push_candidates<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.user.role.is_team() { self.push_all(out) } else { self.push_own(out) }
    }
}

impl QueryId for Search<'_> {
    type QueryId = ();

    // The text differs with the filter, so the statement is cached by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Search<'_> {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryFragment<Pg> for Search<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let reach = if self.user.role.is_team() { TEAM_REACH } else { OWN_REACH };
        out.push_sql("(select c.ticket_id, c.created_at, true as holds from (");
        self.push_candidates(&mut out)?;
        out.push_sql(&format!(" limit {reach}) c "));
        self.push_check(&mut out)?;
        // Only a page that is not full makes Postgres look for the last candidate.
        out.push_sql(&format!(" limit {0}) union all (select e.ticket_id, e.created_at, false from (", self.limit));
        self.push_candidates(&mut out)?;
        out.push_sql(&format!(" offset {} limit 1) e) limit {}", reach - 1, self.limit));
        Ok(())
    }
}

/// Phrases are searched as their words: a phrase that never occurs would read every document that holds
/// them. A hyphen inside a word would make a phrase too; one before a word still means "without".
fn plain(words: &str) -> String {
    let unquoted = words.replace('"', " ");
    let mut text = String::with_capacity(unquoted.len());
    let mut before = ' ';
    for c in unquoted.chars() {
        text.push(if c == '-' && !before.is_whitespace() { ' ' } else { c });
        before = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_become_words() {
        assert_eq!(plain("\"queen bee\" -wasp co-operate"), " queen bee  -wasp co operate");
    }

    #[test]
    fn a_number_means_a_ticket() {
        assert_eq!(ticket_number("#42"), Some(42));
        assert_eq!(ticket_number("42"), Some(42));
        assert_eq!(ticket_number("42 hives"), None);
        assert_eq!(ticket_number("#"), None);
        assert_eq!(ticket_number("9999999999999"), None);
    }
}
