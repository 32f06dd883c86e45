//! Waggle's server: the rooms, and what they share.

pub mod activity;
pub mod app;
pub mod articles;
pub mod assistant;
pub mod attachments;
pub mod auth;
pub mod clock;
pub mod comments;
pub mod config;
pub mod cursor;
pub mod desk;
pub mod door;
pub mod error;
pub mod headers;
pub mod outside;
pub mod people;
pub mod seed;
pub mod spa;
pub mod state;
pub mod tickets;
pub mod trace;
pub mod worker;
