//! `muster repo list`.

use std::collections::HashMap;
use std::io;

use anyhow::Result;
use muster_store::{ConnectionFilter, ConnectionRecord, HookRecord, Page, RepositoryId, StoreError};

use crate::args::RepoListArgs;
use crate::commands::listing::{self, List, Out, Reader};
use crate::context::Context;
use crate::print::connections::{ConnectionItem, write_connections};
use crate::print::json::ListWriter;
use crate::print::style::Look;

/// Runs it.
pub(super) fn run(args: &RepoListArgs, context: &Context) -> Result<()> {
    let reader = Reader::open_even_suspended(context)?;
    let mut hooks: HashMap<RepositoryId, Vec<HookRecord>> = HashMap::new();
    for hook in reader.wait(reader.tenant.list_hooks())? {
        hooks.entry(hook.repository).or_default().push(hook);
    }
    let filter = ConnectionFilter { removed: args.removed, ..ConnectionFilter::default() };
    listing::print(&Connections { reader: &reader, filter, hooks }, &args.list, &reader)
}

struct Connections<'a> {
    reader: &'a Reader<'a>,
    filter: ConnectionFilter,
    hooks: HashMap<RepositoryId, Vec<HookRecord>>,
}

impl Connections<'_> {
    fn hooks(&self, id: RepositoryId) -> &[HookRecord] {
        self.hooks.get(&id).map_or(&[], Vec::as_slice)
    }
}

impl List for Connections<'_> {
    type Row = ConnectionRecord;
    type Id = RepositoryId;
    const PLURAL: &'static str = "repositories";
    const NONE: Option<&'static str> =
        Some("no repository is connected: muster repo connect URL connects one");

    fn id(number: i64) -> RepositoryId {
        RepositoryId(number)
    }

    fn page(
        &self,
        limit: usize,
        after: Option<RepositoryId>,
    ) -> Result<Page<ConnectionRecord, RepositoryId>, StoreError> {
        let filter = ConnectionFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.list_connections(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &ConnectionRecord) -> io::Result<()> {
        out.item("connection", &ConnectionItem::new(row, self.hooks(row.id)))
    }

    fn write_table(&self, out: &mut Out, rows: &[ConnectionRecord], look: &Look) -> io::Result<()> {
        let rows: Vec<_> = rows.iter().map(|row| (row, self.hooks(row.id))).collect();
        write_connections(out, &rows, look)
    }
}
