//! The handlers of people.

use actix_web::{
    HttpRequest, HttpResponse, get, patch, post, put,
    web::{Data, Json},
};
use api_types::{
    error::FieldCode,
    page::{Page, PageFilter},
    people::{
        AddressChange, ErasureReceipt, Me, MeChange, NewErasure, PersonChange, PersonFilter, PersonId, PersonRef,
        PersonView, Role,
    },
    text::Password,
};

use super::{Person, receipt};
use crate::{
    auth::{
        self, Admin, CurrentUser, Place, Team,
        throttle::{self, MAIL_NETWORK, OWN_PASSWORD},
    },
    door::{Id, Query, Valid},
    error::{AppError, Result},
    etag::{IfMatch, Tagged},
    once::{self, IdempotencyKey},
    state::State,
};

/// Read one's own profile
///
/// Who the token belongs to, and what they prefer.
#[utoipa::path(
    tag = "people", operation_id = "get_me", security(("bearer" = [])),
    responses((status = 200, body = Me)),
)]
#[get("/me")]
pub async fn get_me(state: Data<State>, user: CurrentUser) -> Result<Tagged<Me>> {
    let me = Person::active(&mut *state.db().await?, user.id).await?.ok_or_else(AppError::not_found)?;
    Ok(Tagged(me.into_me()))
}

/// Change one's own profile
///
/// A new password needs the current one, and ends every other session.
#[utoipa::path(
    tag = "people", operation_id = "update_me", request_body = MeChange, security(("bearer" = [])),
    params(IfMatch),
    responses((status = 200, body = Me)),
)]
#[patch("/me")]
pub async fn update_me(
    state: Data<State>,
    user: CurrentUser,
    read: IfMatch,
    body: Valid<MeChange>,
) -> Result<Tagged<Me>> {
    let change = body.0;
    if change.name.is_some() {
        refuse_fixed_profile(&state, &user, "/name")?;
    }
    let password_hash = match &change.password {
        Some(password) => {
            check_current_password(&state, &user, change.current_password.as_ref()).await?;
            Some(state.hasher.hash(password, "/password").await?)
        }
        None => None,
    };
    let owned = state.get_ref().clone();
    let id = user.id;
    let person = state
        .write(async move {
            Person::change_own(&mut *owned.db().await?, owned.clock.now(), &user, &read, change, password_hash).await
        })
        .await?;
    state.accounts.forget(id);
    state.live.doubt();
    Ok(Tagged(person.into_me()))
}

/// Move to another address
///
/// The link that is mailed to it has to be followed in the same browser, or its code typed there. Until then the account
/// stays where it is. The answer is the same whether or not the address has an account.
#[utoipa::path(
    tag = "people", operation_id = "change_address", request_body = AddressChange, security(("bearer" = [])),
    responses((status = 202, description = "A mail follows")),
)]
#[put("/me/email")]
pub async fn change_address(
    state: Data<State>,
    place: Place,
    request: HttpRequest,
    user: CurrentUser,
    body: Valid<AddressChange>,
) -> Result<HttpResponse> {
    refuse_fixed_profile(&state, &user, "/email")?;
    let now = state.clock.now();
    throttle::enforce(&mut *state.db().await?, now, MAIL_NETWORK, &throttle::network(&state, &request)).await?;
    check_current_password(&state, &user, body.0.current_password.as_ref()).await?;
    let browser = auth::new_secret();
    let cookie = place.keep_registration(&state, &browser);
    let owned = state.get_ref().clone();
    let asked = async move { Person::ask_to_move(&mut *owned.db().await?, now, &user, &body.0.email, &browser).await };
    state.write(asked).await?;
    Ok(HttpResponse::Accepted().append_header(cookie).finish())
}

/// List the team
///
/// Everybody a ticket can be given to, by name.
#[utoipa::path(
    tag = "people", operation_id = "list_team", security(("bearer" = [])),
    responses((status = 200, body = Page<PersonRef>)),
)]
#[get("/team")]
pub async fn list_team(state: Data<State>, _team: Team) -> Result<Json<Page<PersonRef>>> {
    let items = Person::team(&mut *state.db().await?).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// List people
///
/// Newest first, found by role, or by part of a name or an address.
#[utoipa::path(
    tag = "people", operation_id = "list_people", security(("bearer" = [])), params(PersonFilter),
    responses((status = 200, body = Page<PersonView>)),
)]
#[get("/admin/people")]
pub async fn list_people(
    state: Data<State>,
    _admin: Admin,
    filter: Query<PersonFilter>,
) -> Result<Json<Page<PersonView>>> {
    Ok(Json(Person::list(&mut *state.db().await?, filter.0).await?))
}

/// Read a person
///
/// As it is now, with the `ETag` that a change can be made dependent on.
#[utoipa::path(
    tag = "people", operation_id = "get_person", security(("bearer" = [])), params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonView)),
)]
#[get("/admin/people/{id}")]
pub async fn get_person(state: Data<State>, _admin: Admin, id: Id<PersonId>) -> Result<Tagged<PersonView>> {
    Ok(Tagged(Person::read(&mut *state.db().await?, id.0).await?.into_view()))
}

/// Change a person
///
/// Their role, or whether they may sign in. It takes effect at once. The last active admin stays one.
#[utoipa::path(
    tag = "people", operation_id = "update_person",
    extensions(("x-error-codes" = json!(["last_admin"]))), request_body = PersonChange, security(("bearer" = [])), params(IfMatch, ("id" = PersonId, Path)),
    responses((status = 200, body = PersonView)),
)]
#[patch("/admin/people/{id}")]
pub async fn update_person(
    state: Data<State>,
    admin: Admin,
    read: IfMatch,
    id: Id<PersonId>,
    body: Valid<PersonChange>,
) -> Result<Tagged<PersonView>> {
    let owned = state.get_ref().clone();
    let person = state
        .write(async move {
            Person::change(&mut *owned.db().await?, owned.clock.now(), &admin.0, id.0, &read, body.0).await
        })
        .await?;
    state.accounts.forget(id.0);
    state.live.doubt();
    Ok(Tagged(person.into_view()))
}

/// Erase a person
///
/// For good, whatever they asked for. At once they cannot come in and nobody finds their name or address; within moments
/// their tickets go with threads and files, as if they had deleted them. What somebody of the team wrote on other
/// people's tickets stays, as a deleted person's, and what was assigned to them goes back to the queue. Their mails,
/// links, sessions, notifications and unconfirmed registrations go; mails that were sent stay where they were sent to.
/// The answer is the receipt: it tells how much was erased, and not whose it was. The reason is kept, so it may name
/// nobody. The last active admin (409) and oneself (403) cannot be erased; whoever was erased is not there (404).
#[utoipa::path(
    tag = "people", operation_id = "erase_person", extensions(("x-error-codes" = json!(["last_admin"]))), request_body = NewErasure, security(("bearer" = [])), params(IdempotencyKey, ("id" = PersonId, Path)),
    responses((status = 201, body = ErasureReceipt, description = "The receipt")),
)]
#[post("/admin/people/{id}/erasure")]
pub async fn erase_person(
    state: Data<State>,
    admin: Admin,
    id: Id<PersonId>,
    key: IdempotencyKey,
    body: Valid<NewErasure>,
) -> Result<HttpResponse> {
    let once = key.bind(&format!("erase_person {}", id.0), &body.0);
    let owned = state.get_ref().clone();
    let erased = state
        .write(async move {
            let (mut conn, now) = (owned.db().await?, owned.clock.now());
            let by = admin.0.clone();
            once::carry_out(&mut conn, now, admin.0.id, once, |conn| {
                Box::pin(async move { Person::erase(conn, now, &by, id.0, body.0).await })
            })
            .await
        })
        .await?;
    state.accounts.forget(id.0);
    state.live.doubt();
    Ok(HttpResponse::Created().json(erased))
}

/// List receipts of erased people
///
/// Newest first: how much was erased, when, why and by whom, and not whose it was. They are kept for ever.
#[utoipa::path(
    tag = "people", operation_id = "list_erasures", security(("bearer" = [])), params(PageFilter),
    responses((status = 200, body = Page<ErasureReceipt>)),
)]
#[get("/admin/erasures")]
pub async fn list_erasures(
    state: Data<State>,
    _admin: Admin,
    filter: Query<PageFilter>,
) -> Result<Json<Page<ErasureReceipt>>> {
    Ok(Json(receipt::list(&mut *state.db().await?, &filter.0).await?))
}

/// Where the desk says so, customers are called what the team calls them.
fn refuse_fixed_profile(state: &State, user: &CurrentUser, pointer: &str) -> Result<()> {
    if user.role == Role::Customer && !state.settings.now().settings.registration.profile_editing {
        let words = "On this desk the team keeps the customers' names and addresses.";
        return Err(AppError::field(pointer, FieldCode::NotPossible, words));
    }
    Ok(())
}

async fn check_current_password(state: &State, user: &CurrentUser, given: Option<&Password>) -> Result<()> {
    let mut conn = state.db().await?;
    throttle::enforce(&mut conn, state.clock.now(), OWN_PASSWORD, &user.id.to_string()).await?;
    let stored = Person::active(&mut conn, user.id).await?.and_then(|person| person.password_hash);
    drop(conn);
    if stored.is_none() {
        return Ok(());
    }
    let given = given.cloned().unwrap_or_default();
    if state.hasher.verify(&given, stored).await? {
        Ok(())
    } else {
        Err(AppError::field("/current_password", FieldCode::WrongPassword, "This is not the current password."))
    }
}
