//! The handlers of what a program does in others' names.

use actix_web::{HttpResponse, post, web::Data};
use api_types::{
    behalf::{CommentOnBehalf, TicketOnBehalf},
    comments::{CommentId, CommentView},
    error::{ErrorCode, FieldCode, FieldError},
    tickets::{TicketId, TicketView},
};
use diesel_async::AsyncConnection;

use super::named;
use crate::{
    auth::OnBehalf,
    comments::CommentRow,
    door::{Id, Unchecked, Valid},
    error::{AppError, Result},
    once::{self, IdempotencyKey},
    state::State,
    tickets::{self, Ticket},
};

/// Open a ticket for a customer
///
/// By their address. Somebody without an account gets one, and a mail with a link that shows that the address is theirs;
/// until then no mail to it holds words of the ticket. Only an API key with `tickets:behalf`, which the desk's alone can
/// have: without it 403 `missing_scope`. An address of the team, or of a closed account, is refused with 422, as is what
/// the desk's form does not allow.
#[utoipa::path(
    tag = "tickets", operation_id = "create_ticket_on_behalf", request_body = TicketOnBehalf, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = TicketView)),
)]
#[post("/behalf/tickets")]
pub async fn create_ticket_on_behalf(
    state: Data<State>,
    program: OnBehalf,
    key: IdempotencyKey,
    mut body: Unchecked<TicketOnBehalf>,
) -> Result<HttpResponse> {
    let once = key.bind("create_ticket_on_behalf", &body.0);
    let mut faults = FieldError::all_of(&body.0);
    let ticket = &mut body.0.ticket;
    for (is_there, field) in [
        (ticket.visitor.is_some(), "visitor"),
        (ticket.captcha.is_some(), "captcha"),
        (ticket.follows.is_some(), "follows"),
    ] {
        if is_there {
            let (code, message) = (FieldCode::NotPossible, "Not in somebody else's name.".to_owned());
            faults.push(FieldError { pointer: format!("/ticket/{field}"), code, message });
        }
    }
    if let Err(refused) = tickets::check_form(&state.settings.now(), ticket, None) {
        faults.extend_from_slice(refused.below("/ticket").errors());
    }
    if !faults.is_empty() {
        return Err(AppError::invalid(faults));
    }
    let owned = state.get_ref().clone();
    let ticket = state
        .write(async move {
            let (mut conn, now) = (owned.db().await?, owned.clock.now());
            let (desk, by, asked) = (owned.clone(), program.0.clone(), body.0);
            // The key is the program's, whomever it names.
            let made: TicketId = once::carry_out(&mut conn, now, program.0.id, once, |conn| {
                Box::pin(async move {
                    // Nobody gets an account by a ticket that is refused.
                    conn.transaction(async |conn| {
                        let customer = named::customer(conn, now, &by, &asked.customer).await?;
                        let made = Ticket::create(conn, &desk, now, &customer, asked.ticket, None).await;
                        Ok(made.map_err(|error| error.below("/ticket"))?.summary.id)
                    })
                    .await
                })
            })
            .await?;
            // As the program sees it, not as its customer does.
            Ticket::open(&conn, &owned, now, &program.0, made).await
        })
        .await?;
    Ok(HttpResponse::Created().json(ticket))
}

/// Comment in the name of a member of the team
///
/// Only an API key with `tickets:behalf`: without it 403 `missing_scope`. Somebody who is not an active member of the
/// team, or does not see the ticket, is refused with 422.
#[utoipa::path(
    tag = "comments", operation_id = "create_comment_on_behalf",
    extensions(("x-error-codes" = json!(["already_resolved", "id_taken", "newer_comments"]))), request_body = CommentOnBehalf, security(("bearer" = [])),
    params(("id" = TicketId, Path), IdempotencyKey),
    responses((status = 201, body = CommentView)),
)]
#[post("/behalf/tickets/{id}/comments")]
pub async fn create_comment_on_behalf(
    state: Data<State>,
    program: OnBehalf,
    id: Id<TicketId>,
    key: IdempotencyKey,
    body: Valid<CommentOnBehalf>,
) -> Result<HttpResponse> {
    let once = key.bind(&format!("create_comment_on_behalf {}", id.0), &body.0);
    Ticket::load(&mut *state.db().await?, &program.0, id.0).await?;
    let author = named::author(&state, &program.0, &body.0.author).await?;
    if Ticket::load(&mut *state.db().await?, &author, id.0)
        .await
        .is_err_and(|error| error.code() == ErrorCode::NotFound)
    {
        return Err(named::not_possible("They do not see this ticket."));
    }
    let owned = state.get_ref().clone();
    let comment = state
        .write(async move {
            let (mut conn, now) = (owned.db().await?, owned.clock.now());
            let (desk, by, new) = (owned.clone(), author.clone(), body.0.comment);
            let made: CommentId = once::carry_out(&mut conn, now, program.0.id, once, |conn| {
                Box::pin(async move {
                    let made = CommentRow::post(conn, &desk, now, &by, id.0, new, None).await;
                    Ok(made.map_err(|error| error.below("/comment"))?.id)
                })
            })
            .await?;
            CommentRow::written(&mut conn, &owned, now, &author, made).await
        })
        .await?;
    Ok(HttpResponse::Created().json(comment))
}
