//! The calls of this room.

use api_types::{
    page::Page,
    people::{
        AddressChange, ErasureReceipt, Me, MeChange, NewErasure, PersonChange, PersonFilter, PersonId, PersonView, Role,
    },
};

use crate::{
    api::{Failure, get, patch, post, put},
    paths,
};

pub async fn change_me(change: MeChange) -> Result<Me, Failure> {
    patch("/me".to_owned(), &change).await
}

pub async fn change_address(change: AddressChange) -> Result<(), Failure> {
    put("/me/email".to_owned(), &change).await
}

pub async fn list(filter: PersonFilter) -> Result<Page<PersonView>, Failure> {
    let role = filter.role.map(Role::as_str).unwrap_or_default();
    let pairs = [
        ("role", role),
        ("q", filter.q.as_deref().unwrap_or_default()),
        ("after", filter.after.as_deref().unwrap_or_default()),
    ];
    get(paths::with_query("/admin/people", &pairs)).await
}

pub async fn find(id: PersonId) -> Result<PersonView, Failure> {
    get(format!("/admin/people/{id}")).await
}

pub async fn erasures(after: &str) -> Result<Page<ErasureReceipt>, Failure> {
    get(paths::with_query("/admin/erasures", &[("after", after)])).await
}

pub async fn erase(id: PersonId, new: NewErasure) -> Result<ErasureReceipt, Failure> {
    post(format!("/admin/people/{id}/erasure"), &new).await
}

pub async fn change(id: PersonId, change: PersonChange) -> Result<PersonView, Failure> {
    patch(format!("/admin/people/{id}"), &change).await
}
