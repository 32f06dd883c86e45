//! People, and what they do.
//!
//! Invariant: a person here is signed in; what they do goes over HTTP and must succeed.

use std::{ops::Deref, sync::OnceLock};

use api_types::{
    comments::CommentView,
    page::Page,
    people::{Locale, Me, PersonId, Role},
    text::Password,
    tickets::{TicketCounts, TicketPage, TicketView},
};
use serde_json::json;
use server::{
    auth::sessions,
    people::{NewPerson, Person},
};

use super::{App, Caller};

/// Everybody's password.
pub const PASSWORD: &str = "the bees are dancing";

/// Somebody who is signed in.
pub struct Actor {
    pub caller: Caller,
    pub me: Me,
    /// The secret in their cookie.
    pub refresh_token: String,
}

impl Deref for Actor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl App {
    pub async fn customer(&self, name: &str) -> Actor {
        self.person(name, Role::Customer).await
    }

    pub async fn agent(&self, name: &str) -> Actor {
        self.person(name, Role::Agent).await
    }

    pub async fn admin(&self, name: &str) -> Actor {
        self.person(name, Role::Admin).await
    }

    async fn person(&self, name: &str, role: Role) -> Actor {
        let email = format!("{name}@example.org");
        let new = NewPerson {
            name,
            email: &email,
            password_hash: Some(password_hash().await),
            role,
            locale: Locale::English,
        };
        let id = Person::add(&mut self.state.db().await.unwrap(), self.now(), new).await.unwrap();
        self.sign_in(id).await
    }

    /// Another session of a person.
    pub async fn sign_in(&self, id: PersonId) -> Actor {
        let mut conn = self.state.db().await.unwrap();
        let person = Person::active(&mut conn, id).await.unwrap().expect("an active person");
        let signed_in = sessions::start(&mut conn, &self.state, person).await.unwrap();
        Actor {
            caller: self.visitor().with_token(signed_in.session.access_token),
            me: signed_in.session.user,
            refresh_token: signed_in.refresh_token,
        }
    }
}

/// Hashing is slow on purpose; once is enough.
async fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return hash;
    }
    let hasher = server::auth::passwords::Hasher::default();
    let hash = hasher.hash(&Password::from(PASSWORD.to_owned()), "/password").await.unwrap();
    HASH.get_or_init(|| hash)
}

/// The path of a ticket.
pub fn at(ticket: &TicketView) -> String {
    format!("/tickets/{}", ticket.summary.id)
}

impl Actor {
    pub fn id(&self) -> PersonId {
        self.me.id
    }

    pub async fn opens(&self, title: &str, message: &str) -> TicketView {
        self.post("/tickets", json!({ "title": title, "message": message })).await.is(201).ok()
    }

    pub async fn comments(&self, ticket: &TicketView, message: &str) -> CommentView {
        self.post(&format!("{}/comments", at(ticket)), json!({ "message": message })).await.is(201).ok()
    }

    /// Writes an internal note.
    pub async fn notes(&self, ticket: &TicketView, message: &str) -> CommentView {
        let body = json!({ "message": message, "internal": true });
        self.post(&format!("{}/comments", at(ticket)), body).await.is(201).ok()
    }

    pub async fn sees(&self, ticket: &TicketView) -> TicketView {
        self.get(&at(ticket)).await.is(200).ok()
    }

    pub async fn resolves(&self, ticket: &TicketView) -> TicketView {
        self.call(&format!("{}/resolution", at(ticket))).await.is(201).ok()
    }

    /// A page of the list; `query` starts with `?`, or is empty.
    pub async fn lists(&self, query: &str) -> TicketPage {
        self.get(&format!("/tickets{query}")).await.is(200).ok()
    }

    /// The titles of a page of the list.
    pub async fn titles(&self, query: &str) -> Vec<String> {
        self.lists(query).await.items.into_iter().map(|item| item.title).collect()
    }

    pub async fn counts(&self) -> TicketCounts {
        self.get("/tickets/summary").await.is(200).ok()
    }

    /// The whole thread, page by page.
    pub async fn thread(&self, ticket: &TicketView) -> Vec<CommentView> {
        let path = format!("{}/comments", at(ticket));
        let mut page: Page<CommentView> = self.get(&path).await.is(200).ok();
        let mut all = page.items;
        while let Some(after) = page.next_cursor {
            page = self.get(&format!("{path}?after={after}")).await.is(200).ok();
            all.append(&mut page.items);
        }
        all
    }
}
