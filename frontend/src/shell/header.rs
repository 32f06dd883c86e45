//! The header: the way home, the pages of one's role, and the menu with one's own things.

use api_types::people::Role;
use leptos::prelude::*;

use super::{
    LanguageSwitch, ThemeSwitch,
    words::{ACCOUNT, ANSWERS, ARTICLES, DESK, HELP, MAILS, MENU, PEOPLE, SETTINGS, SIGN_IN, SIGN_OUT, SITE, SUPPORT},
};
use crate::{
    address_bar,
    erased::{derive, dynamic, memo, on, spawn, when},
    i18n::Words,
    mails::{self, SOME_GIVEN_UP},
    notifications::Bell,
    panel, paths,
    session::{self, Who},
    settings, site,
    ui::{Glyph, Icon},
};

fn links_of(role: Option<Role>) -> &'static [(&'static str, Words)] {
    match role {
        Some(Role::Admin) => &[
            (paths::DESK, DESK),
            (paths::ARTICLES, ARTICLES),
            (paths::ANSWERS, ANSWERS),
            (paths::PEOPLE, PEOPLE),
            (paths::MAILS, MAILS),
            (paths::SETTINGS, SETTINGS),
            (paths::HELP, HELP),
        ],
        Some(Role::Agent) => &[(paths::DESK, DESK), (paths::ARTICLES, ARTICLES), (paths::HELP, HELP)],
        Some(Role::Customer) | None => &[(paths::SUPPORT, SUPPORT), (paths::HELP, HELP)],
    }
}

#[component]
pub fn Header() -> impl IntoView {
    if site::is_teams() {
        mails::watch_given_up();
    }
    let role = memo(|| session::me().map(|me| me.role));
    let links = move || nav(role.get());
    // The style sheet shows them in one of two places, by how many there are and how much room.
    let many = derive(move || links_of(role.get()).len().to_string());
    let home = move || paths::home(role.get().is_some_and(Role::is_team));
    view! {
        <header class="header" data-links=many>
            <a class="brand" href=home aria-label=derive(settings::name)>
                {dynamic(logo)}
                <span>{derive(settings::name)}</span>
            </a>
            {dynamic(links)}
            <span class="header-gap"></span>
            <LanguageSwitch hide_label=true />
            {when(|| session::on_team() || settings::shows("bell"), || view! { <Bell /> })}
            <button class="icon-button" type="button" popovertarget="menu" aria-label=MENU>
                {dynamic(move || {
                    let glyph = if role.get().is_some() { Glyph::User } else { Glyph::Menu };
                    view! { <Icon glyph /> }
                })}
            </button>
            <div id="menu" class="menu" popover="auto">
                <Person />
                {dynamic(links)}
                <ThemeSwitch />
                <Ways />
            </div>
        </header>
    }
}

/// The desk's own, or Waggle's.
fn logo() -> AnyView {
    match settings::part("brand").and_then(|brand| brand.word("logo")) {
        Some(id) => view! { <img class="logo" src=paths::logo(&id) alt="" /> }.into_any(),
        None => view! { <Mark /> }.into_any(),
    }
}

fn nav(role: Option<Role>) -> AnyView {
    let links: Vec<AnyView> = links_of(role).iter().map(|(path, label)| link(path, *label)).collect();
    view! { <nav aria-label=SITE>{links}</nav> }.into_any()
}

fn link(path: &'static str, label: Words) -> AnyView {
    // An article is a part of what its list's link names; the desk's pages have links of their own.
    let current = move || {
        let here = address_bar::path();
        if here == path {
            Some("page")
        } else {
            paths::slug_below(&here, path).filter(|_| path != paths::DESK).map(|_| "true")
        }
    };
    let mark = (site::is_teams() && path == paths::MAILS).then(|| {
        when(
            mails::any_given_up,
            || view! { <span class="link-mark"><span class="hidden">{SOME_GIVEN_UP}</span></span> },
        )
    });
    view! {
        <a href=path aria-current=current>
            {label} {mark}
        </a>
    }
    .into_any()
}

/// A cell of the comb with the dance in it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path class="mark-cell" d="M12 1.5 21 6.7v10.6l-9 5.2-9-5.2V6.7z"></path>
            <path class="mark-dance" d="M7 14.5c1.2-5 3.8-5 5 0s3.800 5 5 0"></path>
        </svg>
    }
}

#[component]
fn Person() -> impl IntoView {
    dynamic(move || {
        session::me().map(|me| {
            view! {
                <p class="menu-person">
                    <strong>{me.name}</strong>
                    <span class="quiet">{me.email}</span>
                </p>
            }
        })
    })
}

#[component]
fn Ways() -> impl IntoView {
    let signed_in = memo(|| matches!(session::who(), Who::Somebody(_)));
    dynamic(move || {
        if signed_in.get() {
            view! {
                <a class="menu-item" href=paths::ACCOUNT>
                    {ACCOUNT}
                </a>
                // Whom a website signed in, it signs out.
                {(!panel::is_hosted())
                    .then(|| {
                        view! {
                            <button class="menu-item" type="button" on:click=on(|_| spawn(session::sign_out()))>
                                {SIGN_OUT}
                            </button>
                        }
                    })}
            }
            .into_any()
        } else {
            view! {
                <a class="menu-item" href=paths::SIGN_IN>
                    {SIGN_IN}
                </a>
            }
            .into_any()
        }
    })
}
