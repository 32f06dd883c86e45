//! Finding tickets by the words of their threads.
//!
//! Invariant: nobody finds what they may not read. A customer searches their own tickets' public words
//! only, and is offered no word from anywhere else.

mod fold;
mod spelling;

use api_types::people::Locale;
use api_types::tickets::{TicketFilter, TicketId, TicketPage};
use db::schema::tickets;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Text, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{
    list::{end_of, filtered, summaries},
    ticket::load_named,
};
use crate::{auth::CurrentUser, cursor::Cursor, error::Result, state::State};

pub use fold::{fold, fold_all, forget};

/// A page of the tickets that hold all of the words, newest first.
pub async fn page(
    state: &State,
    user: &CurrentUser,
    filter: &TicketFilter,
    words: &str,
    after: Option<Cursor>,
    limit: usize,
) -> Result<TicketPage> {
    let now = state.clock.now();
    let mut conn = state.search_db().await?;
    if let Some(number) = ticket_number(words) {
        let rows = load_named(&conn, filtered(user, filter).filter(tickets::number.eq(number))).await?;
        if !rows.is_empty() {
            return Ok(TicketPage { items: summaries(rows, now, user), next_cursor: None, did_you_mean: None });
        }
    }
    let first_page = after.is_none();
    let found: Vec<Found> = Search::new(user, filter, words, after, limit + 1).load(&mut conn).await?;
    if found.is_empty() && first_page {
        // A suggestion is worth no refusal.
        let did_you_mean = spelling::correct(&mut conn, user, words).await.unwrap_or_default();
        return Ok(TicketPage { items: Vec::new(), next_cursor: None, did_you_mean });
    }
    let ids: Vec<TicketId> = found.iter().map(|found| found.ticket_id).collect();
    let query =
        filtered(user, filter).filter(tickets::id.eq_any(ids)).order((tickets::created_at.desc(), tickets::id.desc()));
    let mut rows = load_named(&conn, query).await?;
    drop(conn);
    // A hit may be gone by now; the search before says whether there are more.
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| found.len() > limit).map(|row| end_of(row).encode());
    Ok(TicketPage { items: summaries(rows, now, user), next_cursor, did_you_mean: None })
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
}

/// The identifiers of the newest tickets that hold all of the words.
struct Search<'a> {
    user: &'a CurrentUser,
    filter: &'a TicketFilter,
    words: String,
    before: jiff_diesel::Timestamp,
    before_id: uuid::Uuid,
    assignee: Option<uuid::Uuid>,
    limit: usize,
}

impl<'a> Search<'a> {
    fn new(user: &'a CurrentUser, filter: &'a TicketFilter, words: &str, after: Option<Cursor>, limit: usize) -> Self {
        let start = Cursor { at: Timestamp::MAX, id: uuid::Uuid::max() };
        let after = after.unwrap_or(start);
        // Postgres knows no year 9999 and a bit; any moment to come will do.
        let end_of_time = Timestamp::from_second(32_503_680_000).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            user,
            filter,
            words: plain(words),
            before: after.at.min(end_of_time).to_diesel(),
            before_id: after.id,
            assignee: match filter.assignee {
                Some(api_types::tickets::AssigneeFilter::Person(id)) => Some(id.0),
                Some(api_types::tickets::AssigneeFilter::Nobody) | None => None,
            },
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
        out.push_bind_param::<Timestamptz, _>(&self.before)?;
        out.push_sql(", ");
        out.push_bind_param::<Uuid, _>(&self.before_id)?;
        out.push_sql(")");
        Ok(())
    }

    /// The rest of the filter, checked for one candidate at a time from the newest on, until the page is full.
    /// `offset 0` keeps the planner from turning that into a join with all tickets.
    fn push_check<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("cross join lateral (select from tickets t where t.id = c.ticket_id and t.archived_at is ");
        out.push_sql(if self.filter.archived == Some(true) { "not null" } else { "null" });
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
        out.push_sql(" offset 0) ok");
        Ok(())
    }

    /// Walks the buckets newest first. Inside a bucket the words' index bounds the work; the outer limit
    /// stops the walk.
    fn push_team<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select f.ticket_id from (select bucket from search_buckets where starts_at <= ");
        out.push_bind_param::<Timestamptz, _>(&self.before)?;
        out.push_sql(
            " order by starts_at desc offset 0) b cross join lateral (select c.ticket_id from (\
             select s.ticket_id, s.created_at from ticket_search s where s.bucket = b.bucket and s.document @@ ",
        );
        self.push_query(out)?;
        if let Some(creator) = &self.filter.creator {
            out.push_sql(" and s.creator_id = ");
            out.push_bind_param::<Uuid, _>(creator)?;
        }
        out.push_sql(" and ");
        self.push_cursor(out)?;
        out.push_sql(" order by s.created_at desc, s.ticket_id desc offset 0) c ");
        self.push_check(out)?;
        out.push_sql(&format!(" order by c.created_at desc, c.ticket_id desc limit {0}) f limit {0}", self.limit));
        Ok(())
    }

    /// One person's tickets are few enough to look at all that match. The words must occur in what the
    /// person may read, not in a note.
    fn push_own<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "select c.ticket_id from (select s.ticket_id, s.created_at from ticket_search s where s.creator_id = ",
        );
        out.push_bind_param::<Uuid, _>(&self.user.id)?;
        // The index knows notes as well, so it may only choose among documents that hold a word, never among
        // those that lack one: "-word" would tell what a note says.
        if !self.negates() {
            out.push_sql(" and s.document @@ ");
            self.push_query(out)?;
        }
        out.push_sql(" and ts_filter(s.document, '{a,b}') @@ ");
        self.push_query(out)?;
        out.push_sql(" and ");
        self.push_cursor(out)?;
        out.push_sql(" order by s.created_at desc, s.ticket_id desc offset 0) c ");
        self.push_check(out)?;
        out.push_sql(&format!(" order by c.created_at desc, c.ticket_id desc limit {}", self.limit));
        Ok(())
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
        if self.user.role.is_team() { self.push_team(&mut out) } else { self.push_own(&mut out) }
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
