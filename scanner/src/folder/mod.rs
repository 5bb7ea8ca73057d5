//! A folder: what Git tracks in it, what stands in it beside that, and what its files hold.

mod attributes;
mod file;
mod index;
mod plain;
mod unread;
mod untracked;

pub(crate) use attributes::Conversion;
pub(crate) use file::FolderWorker;
pub(crate) use index::{is_staged, list_tracked, skipped};
pub(crate) use plain::list_plain;
pub(crate) use untracked::list_untracked;
