//! Exports: what leaves the desk as a file.
//!
//! Invariant: an export holds what its reader could have read page by page, and nothing else. One that ends before its
//! end is cut, and never looks whole.

mod address;
mod archive;
mod contents;
mod csv;
mod lines;
mod person;
mod routes;
mod stream;
mod tickets;

use utoipa_actix_web::service_config::ServiceConfig;

pub use person::{erase_of, erase_with_ticket, last_asked_for, make, storage_keys, sweep};
pub use routes::{serve_archive, serve_export};

/// The routes of this room. They stand before those of tickets, whose ids they would be taken for.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(routes::export_tickets_csv)
        .service(routes::export_tickets_lines)
        .service(routes::create_csv_address)
        .service(routes::create_lines_address)
        .service(routes::export_me)
        .service(routes::get_my_export)
        .service(routes::export_person)
        .service(routes::get_person_export);
}
