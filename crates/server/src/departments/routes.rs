//! The handlers of departments.

use actix_web::{
    HttpResponse, get, patch, post,
    web::{Data, Json},
};
use api_types::departments::{DepartmentChange, DepartmentId, DepartmentView, Departments, NewDepartment};

use super::department;
use crate::{
    auth::Admin,
    door::{Id, Valid},
    error::Result,
    etag::{IfMatch, Tagged},
    once::{self, IdempotencyKey},
    state::State,
};

/// List departments
///
/// All of them, in order, with the people who belong to them. The page knows those that are not retired from the
/// settings.
#[utoipa::path(
    tag = "settings", operation_id = "list_departments", security(("bearer" = [])),
    responses((status = 200, body = Departments)),
)]
#[get("/admin/departments")]
pub async fn list_departments(state: Data<State>, _admin: Admin) -> Result<Json<Departments>> {
    Ok(Json(Departments { items: department::list(&mut *state.db().await?).await? }))
}

/// Add a department
///
/// Adding the same twice makes one.
#[utoipa::path(
    tag = "settings", operation_id = "create_department", request_body = NewDepartment, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = DepartmentView)),
)]
#[post("/admin/departments")]
pub async fn create_department(
    state: Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    body: Valid<NewDepartment>,
) -> Result<HttpResponse> {
    let once = key.bind("create_department", &body.0);
    let owned = state.get_ref().clone();
    let made = state.write(async move {
        let mut conn = owned.db().await?;
        let (now, admin) = (owned.clock.now(), admin.0.id);
        let made = once::carry_out::<DepartmentView, _>(&mut conn, now, admin, once, move |conn| {
            Box::pin(async move { department::create(conn, now, admin, &body.0).await })
        })
        .await?;
        owned.settings.reload(&mut conn).await?;
        Ok(made)
    });
    Ok(HttpResponse::Created().json(made.await?))
}

/// Read a department
///
/// As it is now, with the `ETag` that a change can be made dependent on.
#[utoipa::path(
    tag = "settings", operation_id = "get_department", security(("bearer" = [])), params(("id" = DepartmentId, Path)),
    responses((status = 200, body = DepartmentView)),
)]
#[get("/admin/departments/{id}")]
pub async fn get_department(state: Data<State>, _admin: Admin, id: Id<DepartmentId>) -> Result<Tagged<DepartmentView>> {
    Ok(Tagged(department::read(&mut *state.db().await?, id.0).await?))
}

/// Change a department
///
/// Its names, its place, its people, or whether it is retired; what is absent stays. The default department, and the
/// last one while the form requires one, cannot be retired.
#[utoipa::path(
    tag = "settings", operation_id = "update_department", request_body = DepartmentChange, security(("bearer" = [])), params(IfMatch, ("id" = DepartmentId, Path)),
    responses((status = 200, body = DepartmentView)),
)]
#[patch("/admin/departments/{id}")]
pub async fn update_department(
    state: Data<State>,
    admin: Admin,
    read: IfMatch,
    id: Id<DepartmentId>,
    body: Valid<DepartmentChange>,
) -> Result<Tagged<DepartmentView>> {
    let owned = state.get_ref().clone();
    let changed = state.write(async move {
        let (mut conn, now) = (owned.db().await?, owned.clock.now());
        let changed =
            department::change(&mut conn, now, owned.settings.defaults(), admin.0.id, id.0, &read, &body.0).await?;
        owned.settings.reload(&mut conn).await?;
        Ok(changed)
    });
    Ok(Tagged(changed.await?))
}
