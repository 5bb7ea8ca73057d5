//! Reading back: lists by page.
//!
//! A cursor is the id of the last row of the page before. Its place in the order is looked up first, so a page neither
//! repeats nor skips rows when others come or go, and the page itself is a range of an index, however deep in the list.

mod commits;
mod projects;
mod repositories;
mod tasks;

pub use commits::{CommitFilter, CommitRecord};
pub use projects::{ProjectFilter, ProjectRecord};
pub use repositories::{RepositoryFilter, RepositoryListing};
pub use tasks::{Claim, TaskFilter, TaskRecord};

use crate::words::column;

/// The most rows that a page holds; asked for more (or none), a page holds this many.
pub const MAX_PAGE: usize = 1000;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, Id> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Id>,
}

/// The rows to ask for: one more than the page holds tells whether there is another.
pub(crate) fn asked(limit: usize) -> (usize, i64) {
    let size = if limit == 0 { MAX_PAGE } else { limit.min(MAX_PAGE) };
    (size, column(size + 1))
}

impl<T, Id> Page<T, Id> {
    pub(crate) fn cut(mut items: Vec<T>, size: usize, id: impl Fn(&T) -> Id) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let next = if more { items.last().map(id) } else { None };
        Self { items, next }
    }
}

impl<T, Id> Page<T, Id> {
    /// The page behind a row that is not there.
    fn nothing() -> Self {
        Self { items: Vec::new(), next: None }
    }
}
