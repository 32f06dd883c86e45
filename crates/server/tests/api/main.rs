//! The API as a client sees it: a real server on a port of its own, a real Postgres.
//!
//! Invariant: every answer is checked against the API's document, and no test waits for time to pass.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod support;

mod addresses;
mod api_keys;
mod articles;
mod assistant;
mod assistant_hostile;
mod assistant_models;
mod attachments;
mod behalf;
mod captcha;
mod cli;
mod codes;
mod collisions;
mod comments;
mod contract;
mod departments;
mod erasure;
mod etag;
mod fields;
mod idempotency;
mod import;
mod jobs;
mod limits;
mod live;
mod mail;
mod mails;
mod meaning;
mod migrations;
mod notifications;
mod panel;
mod passages;
mod people;
mod permissions;
mod plans;
mod registration;
mod resilience;
mod search;
mod seed;
mod sessions;
mod settings;
mod sight;
mod sla;
mod spa;
mod statements;
mod takeover;
mod team;
mod throttles;
mod tickets;
mod visitors;
mod webhooks;
mod worker;
