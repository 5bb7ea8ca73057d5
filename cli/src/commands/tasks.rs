//! `muster tasks`.

use std::io;

use anyhow::{Context as _, Result};
use muster_store::{Page, StoreError, TaskFilter, TaskId, TaskRecord};

use super::listing::{self, List, Out, Reader, Repositories};
use super::selection::{find_project, find_repository};
use crate::args::TasksArgs;
use crate::context::Context;
use crate::print::json::ListWriter;
use crate::print::lists::{Row, TaskRow, write_tasks};
use crate::print::records::{TaskItem, task_line};
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &TasksArgs, context: &Context) -> Result<()> {
    print(args, context).context("list tasks")
}

fn print(args: &TasksArgs, context: &Context) -> Result<()> {
    let reader = Reader::open(context)?;
    let chosen = args.repo.as_deref().map(|repo| find_repository(&reader, repo)).transpose()?;
    let project = chosen.as_ref().zip(args.project.as_deref());
    let filter = TaskFilter {
        repository: chosen.as_ref().map(|repository| repository.id),
        project: project.map(|(repository, path)| find_project(&reader, repository, path)).transpose()?,
        kind: args.kind,
        state: args.state,
        closed: args.closed,
        ..TaskFilter::default()
    };
    let repositories = Repositories::of(&reader, chosen)?;
    listing::print(&Tasks { reader: &reader, filter, repositories }, &args.list, &reader)
}

struct Tasks<'a> {
    reader: &'a Reader<'a>,
    filter: TaskFilter,
    repositories: Repositories,
}

impl List for Tasks<'_> {
    type Row = TaskRecord;
    type Id = TaskId;
    const PLURAL: &'static str = "tasks";

    fn id(number: i64) -> TaskId {
        TaskId(number)
    }

    fn page(&self, limit: usize, after: Option<TaskId>) -> Result<Page<TaskRecord, TaskId>, StoreError> {
        let filter = TaskFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.list_tasks(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &TaskRecord) -> io::Result<()> {
        out.item("task", &TaskItem::new(row, self.repositories.get(row.repository)))
    }

    fn write_table(&self, out: &mut Out, rows: &[TaskRecord], look: &Look) -> io::Result<()> {
        let lines: Vec<_> = rows
            .iter()
            .map(|row| TaskRow {
                line: task_line(row),
                url: row.provided.as_ref().and_then(|provided| provided.url.as_deref()),
                claimed_by: row.claimed_by.iter().map(|claim| claim.sha.to_string()).collect(),
            })
            .collect();
        let rows: Vec<_> = rows
            .iter()
            .zip(&lines)
            .map(|(row, item)| Row {
                repository: self.repositories.label(row.repository),
                item,
                closed_at: row.closed_at.map(|time| time.to_string()),
            })
            .collect();
        write_tasks(out, &rows, look)
    }
}
