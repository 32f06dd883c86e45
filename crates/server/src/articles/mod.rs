//! Help articles: how they are written and published, cut, and found.
//!
//! Invariant: only published text is found or read; what came after it is the team's.

mod article;
mod categories;
mod embed;
pub mod import;
mod index;
mod list;
pub mod meeting;
pub mod passages;
mod plain;
mod question;
mod rank;
mod render;
pub mod retrieve;
mod routes;
mod search;
pub mod sentences;
mod slug;
mod suggest;
mod synonyms;
mod team_routes;
mod text;
pub mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub use embed::{embed, meaning};
pub use text::still_published;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        // Before the article whose slug they would be.
        .service(routes::suggest_articles)
        .service(team_routes::get_synonyms)
        .service(team_routes::set_synonyms)
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
        .service(team_routes::get_category)
        .service(team_routes::update_category)
        .service(team_routes::delete_category);
}
