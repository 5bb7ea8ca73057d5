//! Webhooks, from the forge to the tables: scenarios that read like a session, deliveries in any order, what the command line
//! leaves beside what the service leaves, and whatever else a sender may send.

mod api;
mod authors;
mod converging;
mod examples;
mod forge;
mod freshness;
mod history;
mod over_sockets;
mod pulls;
mod repositories;
mod same_rows;
mod scenarios;
mod site;
mod standing;
mod state;
mod story;
