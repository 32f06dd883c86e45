//! Every URL of the page.
//!
//! Invariant: no other file spells a path, and a path to go back to never leaves this site.

use api_types::{people::PersonId, tickets::TicketId};

use crate::site::Page;

pub const SUPPORT: &str = "/";
pub const DESK: &str = "/admin";
pub const PEOPLE: &str = "/admin/people";
pub const HELP: &str = "/help";
pub const ARTICLES: &str = "/admin/articles";
/// Beside the articles and not below them, where it could be an article's own address.
pub const NEW_ARTICLE: &str = "/admin/new-article";
pub const ANSWERS: &str = "/admin/answers";
pub const MAILS: &str = "/admin/mails";
pub const SETTINGS: &str = "/admin/settings";
pub const ACCOUNT: &str = "/account";
/// The parts of the account's page that mails and the bell lead to.
pub const DATA: &str = "/account#data";
pub const NOTIFICATIONS: &str = "/account#notifications";
pub const SIGN_IN: &str = "/sign-in";
pub const REGISTER: &str = "/register";
pub const FORGOT: &str = "/forgot";
pub const RESET: &str = "/reset";
pub const VERIFY: &str = "/verify";

/// The support page inside somebody else's website; what customers load is below it, too.
const PANEL: &str = "/panel";

/// The path of the page that a path of the panel stands for; the server tells by the same rule.
pub fn inside_panel(path: &str) -> Option<&str> {
    match path.strip_prefix(PANEL)? {
        "" => Some(SUPPORT),
        rest => (rest.starts_with('/') && !is_teams(rest)).then_some(rest),
    }
}

/// The path by which a panel shows a page.
pub fn in_panel(path: &str) -> String {
    [PANEL, path].concat()
}

/// Whether a panel shows what is at a path; the rest opens beside the website.
pub fn is_for_panel(path: &str) -> bool {
    path == SUPPORT || page_at(path) == Page::Lobby
}

fn is_teams(path: &str) -> bool {
    path.strip_prefix(DESK).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where somebody is at home: the team at its desk.
pub fn home(on_team: bool) -> &'static str {
    if on_team { DESK } else { SUPPORT }
}

/// A picture that stands for the desk.
pub fn logo(id: &str) -> String {
    format!("/logos/{id}")
}

/// The page that a path leads to; the server sends it by the same rule.
pub fn page_at(path: &str) -> Page {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path {
        DESK => Page::Desk,
        HELP | ACCOUNT | SIGN_IN | REGISTER | FORGOT | RESET | VERIFY => Page::Lobby,
        _ if slug_below(path, HELP).is_some() => Page::Lobby,
        _ if path == SETTINGS || slug_below(path, SETTINGS).is_some() => Page::Settings,
        _ if is_teams(path) => Page::Office,
        _ => Page::Support,
    }
}

/// The sign-in page that leads back to `path` afterwards.
pub fn sign_in_then(path: &str) -> String {
    if path == SUPPORT { SIGN_IN.to_owned() } else { with_query(SIGN_IN, &[("next", path)]) }
}

/// A ticket, where its reader is at home.
pub fn ticket(on_team: bool, id: TicketId) -> String {
    with_query(home(on_team), &[("ticket", &id.to_string())])
}

/// What names the person whose data is shown to an admin.
pub const DATA_OF: &str = "data";

/// Where an admin fetches somebody's data.
pub fn data_of(person: PersonId) -> String {
    with_query(PEOPLE, &[(DATA_OF, &person.to_string())])
}

/// What stands in the place of a ticket's id when a new one is written.
pub const NEW_TICKET: &str = "new";

/// What stands at the end of the address of a ticket that is opened to be answered.
pub const REPLY: &str = "#reply";

/// An article in the help centre, perhaps in one language and at one of its headings.
pub fn article(slug: &str, lang: &str, anchor: &str) -> String {
    let mut url = with_query(&format!("{HELP}/{slug}"), &[("lang", lang)]);
    if !anchor.is_empty() {
        url.push('#');
        url.push_str(&String::from(js_sys::encode_uri_component(anchor)));
    }
    url
}

pub fn edit_article(slug: &str, lang: &str) -> String {
    with_query(&format!("{ARTICLES}/{slug}"), &[("lang", lang)])
}

/// A topic of the settings.
pub fn settings(topic: &str) -> String {
    format!("{SETTINGS}/{topic}")
}

/// One department or field in its topic, or what stands for a new one.
pub fn setting(topic: &str, id: &str) -> String {
    with_query(&settings(topic), &[("edit", id)])
}

/// The slug in `base/slug`.
pub fn slug_below<'a>(path: &'a str, base: &str) -> Option<&'a str> {
    path.strip_prefix(base)?.strip_prefix('/').filter(|slug| !slug.is_empty() && !slug.contains('/'))
}

/// `path?name=value&..`; values that are empty are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut url = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        url.push_str(&String::from(js_sys::encode_uri_component(value)));
    }
    url
}

/// A path to return to, as far as it stays on this site: `//elsewhere` and `/\elsewhere` do not.
pub fn inside(path: &str) -> Option<&str> {
    let second = path.chars().nth(1);
    (path.starts_with('/') && !matches!(second, Some('/' | '\\')) && !path.chars().any(char::is_control))
        .then_some(path)
}
