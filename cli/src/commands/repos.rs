//! `muster repos`.

use std::collections::BTreeMap;
use std::io;

use anyhow::{Context as _, Result};
use muster_store::{HistoryProgress, Page, RepositoryId, RepositoryListing, StoreError};

use super::listing::{self, List, Out, Reader};
use crate::args::ReposArgs;
use crate::context::Context;
use crate::print::freshness::{PUSHES, Waits};
use crate::print::json::ListWriter;
use crate::print::lists::{RepositoryRow, write_repositories};
use crate::print::records::RepositoryItem;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &ReposArgs, context: &Context) -> Result<()> {
    let print = || {
        let reader = Reader::open(context)?;
        let waits = reader.wait(reader.tenant.recent_waits(PUSHES))?;
        listing::print(&Repos { reader: &reader, waits }, &args.list, &reader)
    };
    print().context("list repositories")
}

struct Repos<'a> {
    reader: &'a Reader<'a>,
    /// How long the latest pushes waited until they showed.
    waits: BTreeMap<RepositoryId, Vec<i64>>,
}

impl Repos<'_> {
    fn waits(&self, row: &RepositoryListing) -> &[i64] {
        self.waits.get(&row.repository.id).map_or(&[], Vec::as_slice)
    }
}

impl List for Repos<'_> {
    type Row = RepositoryListing;
    type Id = RepositoryId;
    const PLURAL: &'static str = "repositories";

    fn id(number: i64) -> RepositoryId {
        RepositoryId(number)
    }

    fn page(
        &self,
        limit: usize,
        after: Option<RepositoryId>,
    ) -> Result<Page<RepositoryListing, RepositoryId>, StoreError> {
        self.reader.repositories_page(limit, after)
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &RepositoryListing) -> io::Result<()> {
        out.item("repository", &RepositoryItem::new(row, self.waits(row)))
    }

    fn write_table(&self, out: &mut Out, rows: &[RepositoryListing], look: &Look) -> io::Result<()> {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                let facts = &row.repository.facts;
                RepositoryRow {
                    name: &facts.name,
                    source: &facts.source_key,
                    head: facts.head.map(|head| head.to_string()),
                    branch: facts.branch.as_deref(),
                    dirty: facts.dirty,
                    projects: row.projects,
                    commits: row.commits,
                    history: Some(row.repository.history)
                        .filter(|history| *history != HistoryProgress::Complete)
                        .map(HistoryProgress::as_str),
                    scanned_at: row.scanned_at.map(|time| time.to_string()),
                    visible_at: (row.freshness.visible_at)
                        .filter(|_| row.freshness.received_at.is_some())
                        .map(|time| time.to_string()),
                    visible_after: Waits::of(self.waits(row)).map(|waits| waits.brief()),
                }
            })
            .collect();
        write_repositories(out, &rows, look)
    }
}
