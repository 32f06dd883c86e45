//! THE table of scopes: what a program needs for which operation.
//!
//! Invariant: an operation without a line here is closed to every key, and no handler is asked: a request with a key
//! passes here before it reaches one.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{HttpRequest, http::Method};
use api_types::{
    api_keys::ApiScope::{
        self, ArticlesRead, ArticlesWrite, ExportRead, PeopleRead, PeopleWrite, SettingsRead, SettingsWrite,
        TicketsBehalf, TicketsRead, TicketsWrite, WebhooksManage,
    },
    error::ErrorCode,
};

use crate::{
    document,
    error::{AppError, Result},
};

/// What a key needs for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: everybody may, or it says no more than whose the key is.
    Nothing,
    Scope(ApiScope),
    /// A person who has signed in.
    Person,
}

use Needs::{Nothing, Person, Scope};

/// One line per operation.
pub const TABLE: &[(&str, Needs)] = &[
    ("get_health", Nothing),
    ("get_settings", Nothing),
    ("get_challenge", Nothing),
    ("get_me", Nothing),
    ("register", Person),
    ("verify", Person),
    ("login", Person),
    ("refresh", Person),
    ("logout", Person),
    ("forgot", Person),
    ("reset", Person),
    ("link", Person),
    ("renew_link", Person),
    ("sign_in_host_user", Person),
    ("update_me", Person),
    ("change_address", Person),
    ("list_api_keys", Person),
    ("create_api_key", Person),
    ("delete_api_key", Person),
    ("create_panel_secret", Person),
    ("export_tickets_csv", Scope(ExportRead)),
    ("export_tickets_lines", Scope(ExportRead)),
    ("create_csv_address", Person),
    ("create_lines_address", Person),
    ("export_me", Person),
    ("get_my_export", Person),
    ("export_person", Person),
    ("get_person_export", Person),
    ("erase_person", Person),
    ("list_erasures", Scope(PeopleRead)),
    ("list_tickets", Scope(TicketsRead)),
    ("summarise_tickets", Scope(TicketsRead)),
    ("get_ticket", Scope(TicketsRead)),
    ("get_ticket_sla", Scope(TicketsRead)),
    ("list_comments", Scope(TicketsRead)),
    ("get_attachment", Scope(TicketsRead)),
    ("get_upload_limits", Scope(TicketsRead)),
    ("list_notifications", Scope(TicketsRead)),
    ("open_live", Scope(TicketsRead)),
    ("list_answers", Scope(TicketsRead)),
    ("create_ticket", Scope(TicketsWrite)),
    ("delete_ticket", Scope(TicketsWrite)),
    ("create_comment", Scope(TicketsWrite)),
    ("create_resolution", Scope(TicketsWrite)),
    ("create_attachment", Scope(TicketsWrite)),
    ("delete_attachment", Scope(TicketsWrite)),
    ("preview_markdown", Scope(TicketsWrite)),
    ("read_notifications", Scope(TicketsWrite)),
    ("attend_ticket", Scope(TicketsWrite)),
    ("assign_ticket", Scope(TicketsWrite)),
    ("prioritise_ticket", Scope(TicketsWrite)),
    ("stage_ticket", Scope(TicketsWrite)),
    ("move_ticket", Scope(TicketsWrite)),
    ("set_ticket_fields", Scope(TicketsWrite)),
    ("propose_resolution", Scope(TicketsWrite)),
    ("archive_ticket", Scope(TicketsWrite)),
    ("unarchive_ticket", Scope(TicketsWrite)),
    ("rate_answer", Scope(TicketsWrite)),
    ("want_person", Scope(TicketsWrite)),
    ("assist_ticket", Scope(TicketsWrite)),
    ("publish_answer", Scope(TicketsWrite)),
    ("drop_answer", Scope(TicketsWrite)),
    ("create_ticket_on_behalf", Scope(TicketsBehalf)),
    ("create_comment_on_behalf", Scope(TicketsBehalf)),
    ("list_articles", Scope(ArticlesRead)),
    ("get_article", Scope(ArticlesRead)),
    ("suggest_articles", Scope(ArticlesRead)),
    ("list_categories", Scope(ArticlesRead)),
    ("get_category", Scope(ArticlesRead)),
    ("get_synonyms", Scope(ArticlesRead)),
    ("get_article_source", Scope(ArticlesRead)),
    ("list_revisions", Scope(ArticlesRead)),
    ("preview_article", Scope(ArticlesRead)),
    ("set_synonyms", Scope(ArticlesWrite)),
    ("create_article", Scope(ArticlesWrite)),
    ("update_article", Scope(ArticlesWrite)),
    ("delete_article", Scope(ArticlesWrite)),
    ("save_text", Scope(ArticlesWrite)),
    ("publish_text", Scope(ArticlesWrite)),
    ("take_back_text", Scope(ArticlesWrite)),
    ("create_category", Scope(ArticlesWrite)),
    ("update_category", Scope(ArticlesWrite)),
    ("delete_category", Scope(ArticlesWrite)),
    ("list_team", Scope(PeopleRead)),
    ("list_people", Scope(PeopleRead)),
    ("get_person", Scope(PeopleRead)),
    ("update_person", Scope(PeopleWrite)),
    ("get_all_settings", Scope(SettingsRead)),
    ("preview_sla", Scope(SettingsRead)),
    ("list_settings_changes", Scope(SettingsRead)),
    ("list_departments", Scope(SettingsRead)),
    ("get_department", Scope(SettingsRead)),
    ("list_fields", Scope(SettingsRead)),
    ("get_field", Scope(SettingsRead)),
    ("list_mails", Scope(SettingsRead)),
    ("update_settings", Scope(SettingsWrite)),
    ("create_logo", Scope(SettingsWrite)),
    ("create_department", Scope(SettingsWrite)),
    ("update_department", Scope(SettingsWrite)),
    ("create_field", Scope(SettingsWrite)),
    ("update_field", Scope(SettingsWrite)),
    ("resend_mail", Scope(SettingsWrite)),
    ("list_webhooks", Scope(WebhooksManage)),
    ("create_webhook", Scope(WebhooksManage)),
    ("get_webhook", Scope(WebhooksManage)),
    ("update_webhook", Scope(WebhooksManage)),
    ("delete_webhook", Scope(WebhooksManage)),
    ("renew_webhook_secret", Scope(WebhooksManage)),
    ("test_webhook", Scope(WebhooksManage)),
    ("list_deliveries", Scope(WebhooksManage)),
    ("redeliver", Scope(WebhooksManage)),
];

/// Refuses a request of a key that its scopes are not for. False: it is for no operation of the document, so that the
/// key means nothing there.
pub fn check(request: &HttpRequest, scopes: &[ApiScope]) -> Result<bool> {
    // The path as the routes read it: however it was written, it means the same here and there.
    match find(request.method(), request.match_info().as_str()) {
        Some(needs) => allow(needs, scopes).map(|()| true),
        None => Ok(false),
    }
}

/// Where tools are called, each of which asks for what its operation needs.
pub const MCP_PATH: &str = "/mcp";

/// What the operation needs that a request means. A literal part comes before a placeholder, as in the routes.
fn find(method: &Method, path: &str) -> Option<Needs> {
    if path == MCP_PATH {
        return Some(Nothing);
    }
    let fits = |operation: &&Route| {
        let mut given = path.split('/');
        let same = operation.parts.iter().all(|part| {
            given.next().is_some_and(|given| part.as_ref().map_or(!given.is_empty(), |literal| literal == given))
        });
        same && given.next().is_none()
    };
    let of_method = ROUTES.get(method).map_or(&[][..], Vec::as_slice);
    let placeholders = |route: &&Route| route.parts.iter().map(Option::is_none).collect::<Vec<_>>();
    of_method.iter().filter(fits).min_by_key(placeholders).map(|route| route.needs)
}

/// What this operation needs.
pub fn of(operation: &str) -> Needs {
    TABLE.iter().find(|(known, _)| *known == operation).map_or(Person, |(_, needs)| *needs)
}

/// Refuses what these scopes are not for.
pub fn allow(needs: Needs, scopes: &[ApiScope]) -> Result<()> {
    match needs {
        Nothing => Ok(()),
        Scope(scope) if scopes.contains(&scope) => Ok(()),
        Scope(scope) => {
            let detail = format!("This API key lacks the scope `{scope}`.");
            Err(AppError::new(ErrorCode::MissingScope).detail(detail))
        }
        Person => Err(AppError::new(ErrorCode::Forbidden).detail("No API key may do this. Sign in for it.")),
    }
}

/// Where an operation is: the parts of its path, without words where it has placeholders.
struct Route {
    parts: Vec<Option<String>>,
    needs: Needs,
}

/// The table by method and path, as the document has its operations.
static ROUTES: LazyLock<HashMap<Method, Vec<Route>>> = LazyLock::new(|| {
    let mut routes: HashMap<Method, Vec<Route>> = HashMap::new();
    let part = |part: &str| (!part.starts_with('{')).then(|| part.to_owned());
    for place in document::places() {
        let parts = place.path.split('/').map(part).collect();
        routes.entry(place.method.clone()).or_default().push(Route { parts, needs: of(&place.id) });
    }
    routes
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_has_a_line_and_every_line_an_operation() {
        let documented: BTreeSet<String> = document::places().iter().map(|place| place.id.clone()).collect();
        let listed: BTreeSet<String> = TABLE.iter().map(|(operation, _)| (*operation).to_owned()).collect();
        assert_eq!(listed, documented);
        assert_eq!(listed.len(), TABLE.len(), "one line each");
    }

    #[test]
    fn a_path_means_one_operation() {
        let needs = |path: &str| find(&Method::GET, &format!("/api/v1{path}"));
        assert_eq!(needs("/articles/suggest"), Some(of("suggest_articles")));
        assert_eq!(find(&Method::PUT, "/api/v1/articles/synonyms"), Some(of("set_synonyms")));
        assert_eq!(needs("/tickets/7/comments"), Some(of("list_comments")));
        for path in ["", "/", "/tickets/", "/tickets//comments", "/tickets/7/comments/8", "//tickets"] {
            assert_eq!(needs(path), None, "{path}");
        }
    }

    #[test]
    fn what_has_no_line_is_closed() {
        assert!(allow(of("launch_rocket"), ApiScope::ALL).is_err());
    }
}
