//! A folder at a clean checkout and the commit that it is at give the same document.
//!
//! Each test makes one way in which a disk and a commit differ, and first shows that it does.

mod checkouts;
mod content;
mod filters;
mod line_ends;
mod names;
mod projects;
mod random;
