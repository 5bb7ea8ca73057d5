//! `muster projects`.

use std::io;

use anyhow::{Context as _, Result};
use muster_store::{Page, ProjectFilter, ProjectId, ProjectRecord, StoreError};

use super::listing::{self, List, Out, Reader, Repositories};
use super::quota;
use super::selection::find_repository;
use crate::args::ProjectsArgs;
use crate::context::Context;
use crate::print::json::ListWriter;
use crate::print::lists::{Row, write_projects};
use crate::print::records::ProjectItem;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &ProjectsArgs, context: &Context) -> Result<()> {
    print(args, context).context("list projects")
}

fn print(args: &ProjectsArgs, context: &Context) -> Result<()> {
    let reader = Reader::open(context)?;
    let chosen = args.repo.as_deref().map(|repo| find_repository(&reader, repo)).transpose()?;
    let filter = ProjectFilter {
        repository: chosen.as_ref().map(|repository| repository.id),
        project_type: args.project_type.clone(),
        hidden: args.all,
        closed: args.closed,
        over_quota: args.over_quota,
        ..ProjectFilter::default()
    };
    let repositories = Repositories::of(&reader, chosen)?;
    listing::print(&Projects { reader: &reader, filter, repositories }, &args.list, &reader)?;
    if !args.over_quota {
        quota::say_what_is_beyond(reader.wait(reader.tenant.projects_beyond_quota())?, context);
    }
    Ok(())
}

struct Projects<'a> {
    reader: &'a Reader<'a>,
    filter: ProjectFilter,
    repositories: Repositories,
}

impl List for Projects<'_> {
    type Row = ProjectRecord;
    type Id = ProjectId;
    const PLURAL: &'static str = "projects";

    fn id(number: i64) -> ProjectId {
        ProjectId(number)
    }

    fn page(
        &self,
        limit: usize,
        after: Option<ProjectId>,
    ) -> Result<Page<ProjectRecord, ProjectId>, StoreError> {
        let filter = ProjectFilter { limit, after, ..self.filter.clone() };
        self.reader.wait(self.reader.tenant.list_projects(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &ProjectRecord) -> io::Result<()> {
        out.item("project", &ProjectItem::new(row, self.repositories.get(row.repository)))
    }

    fn write_table(&self, out: &mut Out, rows: &[ProjectRecord], look: &Look) -> io::Result<()> {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| Row {
                repository: self.repositories.label(row.repository),
                item: &row.project,
                closed_at: row.closed_at.map(|time| time.to_string()),
            })
            .collect();
        write_projects(out, &rows, look)
    }
}
