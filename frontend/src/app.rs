//! The table of pages.
//!
//! Invariant: one line per page; the pages themselves live in their rooms.

use leptos::prelude::*;

use crate::{
    address_bar,
    articles::{ArticlePage, ArticlesPage, EditorPage, HelpPage, Reader},
    assistant::AnswersPage,
    auth::{ForgotPage, RegisterPage, ResetPage, SignInPage, SignedIn, VerifyPage, Whom},
    erased::{dynamic, memo},
    live,
    mails::MailsPage,
    panel, paths,
    people::{AccountPage, PeoplePage},
    settings::SettingsPage,
    shell::{Header, NotFoundPage, Offline, Wayfinder},
    site::{self, Page},
    tickets::{DeskPage, SupportPage, VisitorPage},
    ui::toast::Toasts,
};

#[component]
pub fn App() -> impl IntoView {
    live::start();
    panel::tell_tickets();
    view! {
        <Wayfinder />
        <Header />
        <Offline />
        <main id="main" tabindex="-1">
            <Room />
        </main>
        {(site::page() == Page::Support || site::is_desk()).then(|| view! { <Reader /> })}
        <Toasts />
    }
}

#[component]
fn Room() -> impl IntoView {
    let path = memo(address_bar::path);
    dynamic(move || {
        let path = path.get();
        let page = match site::page() {
            Page::Support => support(&path),
            Page::Lobby => lobby(&path),
            Page::Desk => desk(&path),
            Page::Office => office(&path),
            Page::Settings => set_up(&path),
        };
        page.unwrap_or_else(|| view! { <NotFoundPage /> }.into_any())
    })
}

/// The customers' tickets.
fn support(path: &str) -> Option<AnyView> {
    let visitors = || view! { <VisitorPage /> }.into_any();
    let page =
        || view! { <SignedIn whom=Whom::Anybody page=|| view! { <SupportPage /> }.into_any() visitors /> }.into_any();
    (path == paths::SUPPORT).then(page)
}

/// Help articles, coming in, and one's own account.
fn lobby(path: &str) -> Option<AnyView> {
    let page = match path {
        paths::HELP => view! { <HelpPage /> }.into_any(),
        paths::ACCOUNT => {
            view! { <SignedIn whom=Whom::Anybody page=|| view! { <AccountPage /> }.into_any() /> }.into_any()
        }
        paths::SIGN_IN => view! { <SignInPage /> }.into_any(),
        paths::REGISTER => view! { <RegisterPage /> }.into_any(),
        paths::FORGOT => view! { <ForgotPage /> }.into_any(),
        paths::RESET => view! { <ResetPage /> }.into_any(),
        paths::VERIFY => view! { <VerifyPage /> }.into_any(),
        path => {
            let slug = paths::slug_below(path, paths::HELP)?.to_owned();
            view! { <ArticlePage slug /> }.into_any()
        }
    };
    Some(page)
}

/// The team's tickets.
fn desk(path: &str) -> Option<AnyView> {
    let page = || view! { <SignedIn whom=Whom::Team page=|| view! { <DeskPage /> }.into_any() /> }.into_any();
    (path == paths::DESK).then(page)
}

/// What the team looks after besides: everything below [`paths::DESK`].
fn office(path: &str) -> Option<AnyView> {
    let page = match path {
        paths::PEOPLE => view! { <SignedIn whom=Whom::Admin page=|| view! { <PeoplePage /> }.into_any() /> }.into_any(),
        paths::MAILS => view! { <SignedIn whom=Whom::Admin page=|| view! { <MailsPage /> }.into_any() /> }.into_any(),
        paths::ARTICLES => {
            view! { <SignedIn whom=Whom::Team page=|| view! { <ArticlesPage /> }.into_any() /> }.into_any()
        }
        paths::ANSWERS => {
            view! { <SignedIn whom=Whom::Admin page=|| view! { <AnswersPage /> }.into_any() /> }.into_any()
        }
        path if path == paths::NEW_ARTICLE || paths::slug_below(path, paths::ARTICLES).is_some() => {
            view! { <SignedIn whom=Whom::Team page=|| view! { <EditorPage /> }.into_any() /> }.into_any()
        }
        _ => return None,
    };
    Some(page)
}

/// How the desk is set up: everything at and below [`paths::SETTINGS`].
fn set_up(path: &str) -> Option<AnyView> {
    let page = || view! { <SignedIn whom=Whom::Admin page=|| view! { <SettingsPage /> }.into_any() /> }.into_any();
    (path == paths::SETTINGS || paths::slug_below(path, paths::SETTINGS).is_some()).then(page)
}
