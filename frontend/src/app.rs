//! The table of pages.
//!
//! Invariant: one line per page; the pages themselves live in their rooms.

use leptos::prelude::*;
use leptos_router::{
    components::Router,
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};

use crate::{
    auth::{ForgotPage, RegisterPage, ResetPage, SignInPage, SignedIn, VerifyPage, Whom},
    erased::{dynamic, effect},
    paths,
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
                <Page />
            </main>
            <Toasts />
        </Router>
    }
}

/// A `match`, because no path of ours has a part that varies: the router's own matcher would be a
/// twentieth of the download.
#[component]
fn Page() -> impl IntoView {
    let path = use_location().pathname;
    let address_bar = use_context::<BrowserUrl>();
    effect(move || {
        path.track();
        // The router shows a new path in the address bar when the page for it is there.
        if let Some(address_bar) = &address_bar {
            address_bar.ready_to_complete();
        }
    });
    dynamic(move || match path.get().as_str() {
        paths::SUPPORT => {
            view! { <SignedIn whom=Whom::Anybody page=|| view! { <SupportPage /> }.into_any() /> }.into_any()
        }
        paths::DESK => view! { <SignedIn whom=Whom::Team page=|| view! { <DeskPage /> }.into_any() /> }.into_any(),
        paths::PEOPLE => view! { <SignedIn whom=Whom::Admin page=|| view! { <PeoplePage /> }.into_any() /> }.into_any(),
        paths::ACCOUNT => {
            view! { <SignedIn whom=Whom::Anybody page=|| view! { <AccountPage /> }.into_any() /> }.into_any()
        }
        paths::SIGN_IN => view! { <SignInPage /> }.into_any(),
        paths::REGISTER => view! { <RegisterPage /> }.into_any(),
        paths::FORGOT => view! { <ForgotPage /> }.into_any(),
        paths::RESET => view! { <ResetPage /> }.into_any(),
        paths::VERIFY => view! { <VerifyPage /> }.into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    })
}
