//! Help articles: how they are written and published, cut, and found.
//!
//! Invariant: only published text is found or read; what came after it is the team's.

mod article;
mod categories;
pub mod import;
mod list;
pub mod passages;
mod plain;
mod render;
mod routes;
pub mod sentences;
mod slug;
mod team_routes;
mod text;

use utoipa_actix_web::service_config::ServiceConfig;

pub use text::still_published;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::list_articles)
        .service(routes::get_article)
        .service(routes::list_categories)
        .service(team_routes::create_article)
        .service(team_routes::preview_article)
        .service(team_routes::update_article)
        .service(team_routes::delete_article)
        .service(team_routes::get_article_source)
        .service(team_routes::save_text)
        .service(team_routes::publish_text)
        .service(team_routes::take_back_text)
        .service(team_routes::list_revisions)
        .service(team_routes::create_category)
        .service(team_routes::update_category)
        .service(team_routes::delete_category);
}
