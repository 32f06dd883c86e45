//! Tickets: the customer's support page, the team's desk, and the ticket that both open.
//!
//! Invariant: the URL is the state. What is filtered and what is open stands in it, so that Back,
//! reload and a sent link show the same.

mod address;
mod answers;
mod api;
mod asked;
mod chips;
mod company;
mod custom;
mod delete_dialog;
mod desk_filters;
mod desk_page;
mod details;
mod draft;
mod export;
mod hold_dialog;
mod manage;
mod more_filters;
mod new_ticket;
mod open_ticket;
mod panes;
mod question;
mod resolve_dialog;
mod row;
mod search_box;
mod shortcuts;
mod status_cards;
mod support_page;
mod ticket_list;
mod ticket_pane;
mod vigil;
mod visitor_page;
mod words;
mod workplace;

pub use desk_page::DeskPage;
pub use support_page::SupportPage;
pub use visitor_page::VisitorPage;
