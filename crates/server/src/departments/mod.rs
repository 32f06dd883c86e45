//! Departments: the parts of the team that tickets are for, and who belongs to them.
//!
//! Invariant: nothing is deleted. The name of a retired department goes on being shown on its tickets, from what each
//! process keeps, so that a list asks no other table.

mod department;
mod routes;

use api_types::{
    departments::{DepartmentId, DepartmentName, DepartmentRef},
    error::{FieldCode, FieldError},
    people::Locale,
    settings::{Need, TicketForm},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::settings::InForce;

pub use department::{all, create};

/// A department, as each process keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    pub names: DepartmentRef,
    pub retired: bool,
}

/// The name of a ticket's department.
pub fn name(all: &[Department], id: Option<DepartmentId>, locale: Locale) -> Option<DepartmentName> {
    let department = all.iter().find(|department| Some(department.names.id) == id)?;
    Some(DepartmentName { id: department.names.id, name: department.names.name(locale).to_owned() })
}

/// A ticket can be moved there, and a new one be for it.
pub fn is_open(all: &[Department], id: DepartmentId) -> bool {
    all.iter().any(|department| department.names.id == id && !department.retired)
}

/// Where a new ticket goes: to the department that it names, or to the desk's default.
pub fn destination(in_force: &InForce, named: Option<DepartmentId>) -> Option<DepartmentId> {
    let candidates = [named, in_force.settings.form.default_department];
    candidates.into_iter().flatten().find(|id| is_open(&in_force.departments, *id))
}

/// What is impossible in a form while these departments are all there are.
pub fn faults_of(form: &TicketForm, all: &[Department]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut impossible = |pointer: &str, message: &str| {
        let (pointer, message) = (pointer.to_owned(), message.to_owned());
        faults.push(FieldError { pointer, code: FieldCode::NotPossible, message });
    };
    if form.department == Need::Required && all.iter().all(|department| department.retired) {
        impossible("/form/department", "There is no department to choose. Add one first.");
    }
    if let Some(default) = form.default_department {
        match all.iter().find(|department| department.names.id == default) {
            None => impossible("/form/default_department", "There is no such department."),
            Some(department) if department.retired => {
                impossible("/form/default_department", "This department is retired.");
            }
            Some(_) => {}
        }
    }
    faults
}

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::list_departments)
        .service(routes::create_department)
        .service(routes::get_department)
        .service(routes::update_department);
}
