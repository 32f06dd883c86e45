//! The table of pages.
//!
//! Invariant: one line per page; the pages themselves live in their rooms.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    auth::{ForgotPage, RegisterPage, ResetPage, SignInPage, SignedIn, VerifyPage},
    people::{AccountPage, PeoplePage},
    shell::{Header, NotFoundPage, Wayfinder},
    tickets::{DeskPage, SupportPage},
    ui::toast::Toasts,
};

#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Wayfinder />
            <Header />
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=|| view! { <SignedIn view=SupportPage /> } />
                    <Route path=path!("/admin") view=|| view! { <SignedIn team=true view=DeskPage /> } />
                    <Route path=path!("/admin/people") view=|| view! { <SignedIn admin=true view=PeoplePage /> } />
                    <Route path=path!("/account") view=|| view! { <SignedIn view=AccountPage /> } />
                    <Route path=path!("/sign-in") view=SignInPage />
                    <Route path=path!("/register") view=RegisterPage />
                    <Route path=path!("/forgot") view=ForgotPage />
                    <Route path=path!("/reset") view=ResetPage />
                    <Route path=path!("/verify") view=VerifyPage />
                </FlatRoutes>
            </main>
            <Toasts />
        </Router>
    }
}
