//! Every URL of the page.
//!
//! Invariant: no other file spells a path, and a path to go back to never leaves this site.

pub const SUPPORT: &str = "/";
pub const DESK: &str = "/admin";
pub const PEOPLE: &str = "/admin/people";
pub const ACCOUNT: &str = "/account";
pub const SIGN_IN: &str = "/sign-in";
pub const REGISTER: &str = "/register";
pub const FORGOT: &str = "/forgot";
pub const RESET: &str = "/reset";
pub const VERIFY: &str = "/verify";

/// The sign-in page that leads back to `path` afterwards.
pub fn sign_in_then(path: &str) -> String {
    if path == SUPPORT { SIGN_IN.to_owned() } else { with_query(SIGN_IN, &[("next", path)]) }
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
