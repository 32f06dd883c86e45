//! What shows that somebody was erased, for as long as the desk stands.
//!
//! Invariant: a receipt tells how much there was, why and by whom it was erased, and nothing of whose it was.

use api_types::{
    page::{Page, PageFilter},
    people::{ErasureReceipt, PersonId, PersonRef},
};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use crate::{
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::Result,
};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    erased_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    by_id: Option<PersonId>,
    #[diesel(sql_type = Nullable<Text>)]
    by_name: Option<String>,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
    #[diesel(sql_type = BigInt)]
    comments: i64,
    #[diesel(sql_type = BigInt)]
    files: i64,
    #[diesel(sql_type = BigInt)]
    notifications: i64,
    #[diesel(sql_type = BigInt)]
    mails: i64,
    #[diesel(sql_type = BigInt)]
    sessions: i64,
}

impl Row {
    fn into_receipt(self) -> ErasureReceipt {
        ErasureReceipt {
            id: self.id,
            erased_at: self.erased_at.to_jiff(),
            reason: self.reason,
            erased_by: self.by_id.zip(self.by_name).map(|(id, name)| PersonRef { id, name }),
            tickets: self.tickets.unsigned_abs(),
            comments: self.comments.unsigned_abs(),
            files: self.files.unsigned_abs(),
            notifications: self.notifications.unsigned_abs(),
            mails: self.mails.unsigned_abs(),
            sessions: self.sessions.unsigned_abs(),
        }
    }
}

/// Counts what there is of somebody who is about to be erased, on the caller's transaction.
pub async fn write(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    admin: &CurrentUser,
    id: PersonId,
    reason: &str,
) -> Result<ErasureReceipt> {
    let row: Row = prepared(
        "with theirs as materialized (select id from tickets where creator_id = $1),
         counted as (
             select (select count(*) from theirs) as tickets,
                 (select count(*) from comments where ticket_id in (select id from theirs)) as comments,
                 (select count(*) from attachments a left join comments c on c.id = a.comment_id
                  where c.ticket_id in (select id from theirs) or a.uploader_id = $1 and a.comment_id is null) as files,
                 (select count(*) from notifications where person_id = $1) as notifications,
                 (select count(*) from mails where person_id = $1) as mails,
                 (select count(*) from sessions where person_id = $1) as sessions
         ),
         written as (
             insert into erasures (id, reason, erased_by, erased_at, counts)
             select $2, $3, $4, $5, to_jsonb(counted) from counted
         )
         select $2 as id, $5 as erased_at, $3 as reason, $4 as by_id, $6 as by_name, counted.* from counted",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(reason)
    .bind::<SqlUuid, _>(admin.id)
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Text, _>(&admin.name)
    .get_result(conn)
    .await?;
    Ok(row.into_receipt())
}

/// A page of them, newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: &PageFilter) -> Result<Page<ErasureReceipt>> {
    let limit = cursor::limit(filter.limit)?;
    let after = Cursor::parse(filter.after.as_deref())?;
    let rows: Vec<Row> = prepared(
        "select e.id, e.erased_at, e.reason, p.id as by_id, p.name as by_name, c.*
         from erasures e
         cross join jsonb_to_record(e.counts)
             as c (tickets bigint, comments bigint, files bigint, notifications bigint, mails bigint, sessions bigint)
         left join people p on p.id = e.erased_by and p.erased_at is null
         where $1 is null or (e.erased_at, e.id) < ($1, $2)
         order by e.erased_at desc, e.id desc
         limit $3",
    )
    .bind::<Nullable<Timestamptz>, _>(after.map(|after| after.at.to_diesel()))
    .bind::<Nullable<SqlUuid>, _>(after.map(|after| after.id))
    .bind::<BigInt, _>(limit as i64 + 1)
    .load(conn)
    .await?;
    let (rows, next_cursor) = cursor::cut(rows, limit, |row: &Row| Cursor { at: row.erased_at.to_jiff(), id: row.id });
    Ok(Page { items: rows.into_iter().map(Row::into_receipt).collect(), next_cursor })
}
