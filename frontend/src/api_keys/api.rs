//! The calls of this room.

use api_types::{
    api_keys::{ApiKeyId, ApiKeyView, NewApiKey},
    people::PersonRef,
};

use crate::{
    api::{Failure, ask_for, delete, post_and_hear},
    paths,
    said::Said,
};

/// A page of keys, and where the next one begins. `mine` is `true`, or empty for all that one sees.
pub async fn list(kind: &str, mine: &str, after: &str) -> Result<(Vec<ApiKeyView>, Option<String>), Failure> {
    let said = ask_for(paths::with_query("/api-keys", &[("kind", kind), ("mine", mine), ("after", after)])).await?;
    Ok((said.list("items").filter_map(|it| key(&it)).collect(), said.word("next_cursor")))
}

/// Makes a key, and answers its token.
pub async fn make(new: NewApiKey) -> Result<String, Failure> {
    let said = post_and_hear("/api-keys".to_owned(), &new).await?;
    said.word("token").ok_or(Failure::Unreachable)
}

pub async fn revoke(id: ApiKeyId) -> Result<(), Failure> {
    delete(format!("/api-keys/{id}")).await
}

/// Absent when the server is newer than the page, and tells of what the page does not know.
fn key(said: &Said) -> Option<ApiKeyView> {
    let owner = said.part("owner")?;
    Some(ApiKeyView {
        id: said.meant("id")?,
        name: said.word("name")?,
        kind: said.meant("kind")?,
        prefix: said.word("prefix")?,
        scopes: said.list("scopes").filter_map(|it| it.meaning()).collect(),
        owner: PersonRef { id: owner.meant("id")?, name: owner.word("name")? },
        created_at: said.moment("created_at")?,
        expires_at: said.moment("expires_at"),
        last_used_at: said.moment("last_used_at"),
    })
}
