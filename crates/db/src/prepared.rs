//! SQL in its own words that each connection prepares once.
//!
//! Invariant: the text is fixed and everything that varies is a parameter, so the number of prepared
//! statements stays that of the texts. Diesel's own `sql_query` would be parsed and planned at every call.

use diesel::{
    expression::{AsExpression, TypedExpressionType},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{SqlType, Untyped},
};

/// A statement with its parameters.
pub struct Prepared<'a> {
    text: &'static str,
    parameters: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
}

/// A statement in which `$1`, `$2` and so on stand for parameters, each as often as needed.
pub fn prepared<'a>(text: &'static str) -> Prepared<'a> {
    Prepared { text, parameters: Vec::new() }
}

impl<'a> Prepared<'a> {
    /// Adds the next parameter, with its type in SQL.
    pub fn bind<T, V>(mut self, value: V) -> Self
    where
        T: SqlType + TypedExpressionType,
        V: AsExpression<T>,
        V::Expression: QueryFragment<Pg> + Send + 'a,
    {
        self.parameters.push(Box::new(value.as_expression()));
        self
    }
}

impl QueryFragment<Pg> for Prepared<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut pieces = self.text.split('$');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (digits, rest) = piece.split_at(piece.bytes().take_while(u8::is_ascii_digit).count());
            let Some(place) = digits.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) else {
                out.push_sql("$");
                out.push_sql(piece);
                continue;
            };
            let parameter = self.parameters.get(place);
            let missing =
                || diesel::result::Error::QueryBuilderError(format!("no parameter in place of ${piece}").into());
            parameter.ok_or_else(missing)?.walk_ast(out.reborrow())?;
            out.push_sql(rest);
        }
        Ok(())
    }
}

impl QueryId for Prepared<'_> {
    type QueryId = ();

    // The statement is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Prepared<'_> {
    type SqlType = Untyped;
}

#[cfg(test)]
mod tests {
    use diesel::{debug_query, sql_types::Integer};

    use super::*;

    #[test]
    fn a_parameter_may_stand_twice() {
        let statement = prepared("select '^a$', $2, $1 + $2").bind::<Integer, _>(7).bind::<Integer, _>(8);
        assert_eq!(debug_query::<Pg, _>(&statement).to_string(), "select '^a$', $1, $2 + $3 -- binds: [8, 7, 8]");
    }

    #[test]
    fn there_may_be_more_than_nine() {
        let statement = (10..21).fold(prepared("select $11, $1"), |statement, n| statement.bind::<Integer, _>(n));
        assert_eq!(debug_query::<Pg, _>(&statement).to_string(), "select $1, $2 -- binds: [20, 10]");
    }

    #[test]
    fn a_missing_parameter_is_an_error() {
        assert!(prepared("select $1").to_sql(&mut Default::default(), &Pg).is_err());
    }
}
