//! Which addresses are the panel's, and which websites may frame them.
//!
//! Invariant: what the team works with is never among them, and a website that is not named frames nothing.

use crate::state::State;

const PANEL: &str = "panel";

/// Where the team works.
const TEAM: &str = "admin";

/// The path of the page that a path of the panel stands for, both without their first slash; the page itself tells by
/// the same rule.
pub fn page_inside(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(PANEL)?;
    let inside = if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') };
    inside.filter(|inside| inside.split('/').next() != Some(TEAM))
}

/// Who may frame what is at a path, as CSP has it; nothing where nobody may.
pub fn framers(state: &State, path: &str) -> Option<String> {
    page_inside(path.strip_prefix('/')?)?;
    let now = state.settings.now();
    let origins = now.settings.panel.origins.iter().map(|origin| origin.as_str());
    let framers: Vec<&str> = std::iter::once("'self'").chain(origins).collect();
    (framers.len() > 1 || state.demo_host).then(|| framers.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_team_is_not_in_it() {
        for (path, inside) in [
            ("panel", Some("")),
            ("panel/", Some("")),
            ("panel/sign-in", Some("sign-in")),
            ("panel/administration", Some("administration")),
            ("panel/admin", None),
            ("panel/admin/people", None),
            ("panels", None),
            ("panel.js", None),
            ("", None),
            ("admin", None),
        ] {
            assert_eq!(page_inside(path), inside, "{path}");
        }
    }
}
