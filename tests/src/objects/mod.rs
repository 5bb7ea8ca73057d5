//! Issues, pull requests, repositories, installations and links, on both databases: what deliveries say becomes rows, in
//! whatever order it comes, and nobody's hook changes a row of somebody else.

mod applying;
mod linking;
mod orders;
mod strangers;
mod voices;
