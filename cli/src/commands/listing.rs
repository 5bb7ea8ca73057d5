//! What the four lists have in common: the database they read, the pages they follow, the words they end with.
//!
//! A list is followed page by page and JSON is written as it comes, so that `--limit all` holds no more than a page.
//! Words go to stderr: an empty list is an empty answer, and a script need not tell sentences from rows.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, StdoutLock, Write as _};

use anyhow::Result;
use muster_store::{
    MAX_PAGE, Page, Repository, RepositoryFilter, RepositoryId, RepositoryListing, Store, StoreError, Tenant,
};

use crate::args::{Format, Listing};
use crate::context::Context;
use crate::database::Database;
use crate::output::Output;
use crate::print::json::{ListWriter, Shape};
use crate::print::style::Look;

/// Where lists go.
pub(super) type Out = Output<StdoutLock<'static>>;

/// A tenant's rows, to be read.
pub(super) struct Reader<'a> {
    database: Database,
    pub(super) tenant: Tenant,
    pub(super) context: &'a Context,
}

impl<'a> Reader<'a> {
    /// Opens the database that the settings name, which has to be there.
    pub(super) fn open(context: &'a Context) -> Result<Self> {
        let database = Database::open_existing(context)?;
        let tenant = database.tenant(context)?;
        Ok(Self { database, tenant, context })
    }

    /// The same, where the tenant may be suspended.
    pub(super) fn open_even_suspended(context: &'a Context) -> Result<Self> {
        let database = Database::open_existing(context)?;
        let tenant = database.tenant_even_suspended(context)?;
        Ok(Self { database, tenant, context })
    }

    /// The open database itself.
    pub(super) fn store(&self) -> &Store {
        self.database.store()
    }

    /// Waits for something.
    pub(super) fn wait<T>(&self, step: impl Future<Output = T>) -> T {
        self.database.wait(step)
    }

    /// One page of repositories.
    pub(super) fn repositories_page(
        &self,
        limit: usize,
        after: Option<RepositoryId>,
    ) -> Result<Page<RepositoryListing, RepositoryId>, StoreError> {
        self.wait(self.tenant.list_repositories(&RepositoryFilter { limit, after }))
    }

    /// Every repository, by source key.
    pub(super) fn repositories(&self) -> Result<Vec<Repository>, StoreError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.repositories_page(MAX_PAGE, after)?;
            all.extend(page.items.into_iter().map(|listing| listing.repository));
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}

/// The repositories that rows of a list may be of.
pub(super) struct Repositories(HashMap<RepositoryId, Repository>);

impl Repositories {
    /// The one that was chosen, else all.
    pub(super) fn of(reader: &Reader<'_>, chosen: Option<Repository>) -> Result<Self> {
        let all = chosen.map_or_else(|| reader.repositories(), |one| Ok(vec![one]))?;
        Ok(Self(all.into_iter().map(|repository| (repository.id, repository)).collect()))
    }

    /// The repository of a row; one that was saved after these were read is not yet among them.
    pub(super) fn get(&self, id: RepositoryId) -> Option<&Repository> {
        self.0.get(&id)
    }

    /// The name to show beside a row: none where all rows are of one repository.
    pub(super) fn label(&self, id: RepositoryId) -> &str {
        if self.0.len() < 2 { "" } else { self.get(id).map_or("", |repository| &repository.facts.name) }
    }
}

/// A list that can be read and printed.
pub(super) trait List {
    /// A row as the store answers it.
    type Row;
    /// Its id, which is the cursor.
    type Id: Copy + Display;
    /// What the rows are called.
    const PLURAL: &'static str;
    /// A table has fixed widths and can be written by page.
    const STREAMS: bool = false;
    /// What is said where there is not one, in lists that no scan fills.
    const NONE: Option<&'static str> = None;

    /// The id of this number.
    fn id(number: i64) -> Self::Id;
    /// One page.
    fn page(&self, limit: usize, after: Option<Self::Id>) -> Result<Page<Self::Row, Self::Id>, StoreError>;
    /// Writes a row as JSON.
    fn write_item(&self, out: &mut ListWriter<Out>, row: &Self::Row) -> io::Result<()>;
    /// Writes rows for people.
    fn write_table(&self, out: &mut Out, rows: &[Self::Row], look: &Look) -> io::Result<()>;
}

/// Reads a list as far as it is wanted and prints it.
pub(super) fn print<L: List>(list: &L, listing: &Listing, reader: &Reader<'_>) -> Result<()> {
    let context = reader.context;
    let mut after = listing.after.as_deref().map(cursor).transpose()?.map(L::id);
    let mut sink = match listing.format {
        Format::Table => Sink::Table(context.output(), Vec::new()),
        Format::Json => Sink::Json(ListWriter::new(context.output(), Shape::Document)),
        Format::Ndjson => Sink::Json(ListWriter::new(context.output(), Shape::Lines)),
    };
    let mut left =
        listing.limit.limit().map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let mut shown = 0;
    while left > 0 {
        let page = list.page(left.min(MAX_PAGE), after)?;
        shown += page.items.len();
        left -= page.items.len().min(left);
        after = page.next;
        sink.take(list, page.items, &context.look)?;
        if after.is_none() {
            break;
        }
    }
    sink.finish(list, &context.look)?;
    if let Some(after) = after {
        context.say(&format!(
            "there are more {}: --after {after} goes on from here, --limit all shows every one",
            L::PLURAL
        ));
    } else if let (0, None, Some(words)) = (shown, &listing.after, L::NONE) {
        context.say(words);
    } else if shown == 0 {
        let first = reader.repositories_page(1, None)?;
        context.say(&match &listing.after {
            _ if first.items.is_empty() && L::NONE.is_none() => {
                "nothing has been saved yet: muster scan PATH saves a repository".to_owned()
            }
            Some(after) => format!("there are no {} behind {after}", L::PLURAL),
            None => format!("there are no such {}", L::PLURAL),
        });
    }
    Ok(())
}

fn cursor(text: &str) -> Result<i64> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        anyhow::anyhow!("go on behind {text}: expected the id that the page before ended with")
    })
}

enum Sink<T> {
    Table(Out, Vec<T>),
    Json(ListWriter<Out>),
}

impl<T> Sink<T> {
    fn take<L: List<Row = T>>(&mut self, list: &L, rows: Vec<T>, look: &Look) -> io::Result<()> {
        match self {
            Self::Table(out, _) if L::STREAMS => list.write_table(out, &rows, look),
            Self::Table(_, kept) => {
                kept.extend(rows);
                Ok(())
            }
            Self::Json(out) => rows.iter().try_for_each(|row| list.write_item(out, row)),
        }
    }

    fn finish<L: List<Row = T>>(self, list: &L, look: &Look) -> io::Result<()> {
        match self {
            Self::Table(mut out, kept) => {
                if !kept.is_empty() {
                    list.write_table(&mut out, &kept, look)?;
                }
                out.flush()
            }
            Self::Json(out) => out.finish(),
        }
    }
}
