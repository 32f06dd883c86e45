//! The handlers of departments.

use actix_web::{
    HttpResponse, get, patch, post,
    web::{Data, Json},
};
use api_types::{
    departments::{DepartmentChange, DepartmentId, DepartmentView, Departments, NewDepartment},
    error::Problem,
};

use super::department;
use crate::{
    auth::Admin,
    door::{Id, Valid},
    error::Result,
    state::State,
};

/// List departments
///
/// All of them, in order, with the people who belong to them. The page knows those that are not retired from the
/// settings.
#[utoipa::path(
    tag = "settings", operation_id = "list_departments", security(("bearer" = [])),
    responses((status = 200, body = Departments), (status = "4XX", body = Problem, content_type = "application/problem+json")),
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
    responses((status = 201, body = DepartmentView), (status = "4XX", body = Problem, content_type = "application/problem+json")),
)]
#[post("/admin/departments")]
pub async fn create_department(state: Data<State>, admin: Admin, body: Valid<NewDepartment>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    let made = state.write(async move {
        let mut conn = owned.db().await?;
        let made = department::create(&mut conn, owned.clock.now(), admin.0.id, &body.0).await?;
        owned.settings.reload(&mut conn).await?;
        Ok(made)
    });
    Ok(HttpResponse::Created().json(made.await?))
}

/// Change a department
///
/// Its names, its place, its people, or whether it is retired; what is absent stays. The default department, and the
/// last one while the form requires one, cannot be retired.
#[utoipa::path(
    tag = "settings", operation_id = "update_department", request_body = DepartmentChange, security(("bearer" = [])), params(("id" = DepartmentId, Path)),
    responses((status = 200, body = DepartmentView), (status = "4XX", body = Problem, content_type = "application/problem+json")),
)]
#[patch("/admin/departments/{id}")]
pub async fn update_department(
    state: Data<State>,
    admin: Admin,
    id: Id<DepartmentId>,
    body: Valid<DepartmentChange>,
) -> Result<Json<DepartmentView>> {
    let owned = state.get_ref().clone();
    let changed = state.write(async move {
        let (mut conn, now) = (owned.db().await?, owned.clock.now());
        let changed = department::change(&mut conn, now, owned.settings.defaults(), admin.0.id, id.0, &body.0).await?;
        owned.settings.reload(&mut conn).await?;
        Ok(changed)
    });
    Ok(Json(changed.await?))
}
