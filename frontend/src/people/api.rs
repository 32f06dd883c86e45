//! The calls of this room.

use api_types::{
    page::Page,
    people::{Me, MeChange, PersonChange, PersonFilter, PersonId, PersonView},
};

use crate::{
    api::{Failure, get, patch},
    paths,
};

pub async fn change_me(change: MeChange) -> Result<Me, Failure> {
    patch("/me", &change).await
}

pub async fn list(filter: PersonFilter) -> Result<Page<PersonView>, Failure> {
    get(&paths::with_filter("/admin/people", &filter)).await
}

pub async fn change(id: PersonId, change: PersonChange) -> Result<PersonView, Failure> {
    patch(&format!("/admin/people/{id}"), &change).await
}
