//! Deliveries over real sockets, on both engines: the table of bad deliveries line by line, and what else a sender, a
//! stranger or a database may do. Numbers in the comments are those of the list of bad deliveries.

pub(crate) mod delivery;
mod door;
pub(crate) mod faults;
mod flood;
mod mistakes;
mod process;
mod rotating;
pub(crate) mod scene;
mod signatures;
mod table;
mod together;
mod transport;
