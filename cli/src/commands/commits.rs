//! `muster commits`.

use std::io;

use anyhow::{Context as _, Result};
use muster_engine::ReadCommit;
use muster_model::{CommitLine, Relation};
use muster_store::{CommitFilter, CommitId, CommitRecord, Page, StoreError};

use super::listing::{self, List, Out, Reader, Repositories};
use super::selection::{find_project, find_repository};
use crate::args::CommitsArgs;
use crate::context::Context;
use crate::print::json::ListWriter;
use crate::print::lists::write_commit_of;
use crate::print::records::CommitItem;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &CommitsArgs, context: &Context) -> Result<()> {
    print(args, context).context("list commits")
}

fn print(args: &CommitsArgs, context: &Context) -> Result<()> {
    let reader = Reader::open(context)?;
    let chosen = args.repo.as_deref().map(|repo| find_repository(&reader, repo)).transpose()?;
    let project = chosen.as_ref().zip(args.project.as_deref());
    let filter = CommitFilter {
        repository: chosen.as_ref().map(|repository| repository.id),
        project: project.map(|(repository, path)| find_project(&reader, repository, path)).transpose()?,
        with_unreachable: args.unreachable,
        ..CommitFilter::default()
    };
    let repositories = Repositories::of(&reader, chosen)?;
    listing::print(&Commits { reader: &reader, filter, repositories }, &args.list, &reader)
}

/// As the scan document shows it, but with the projects as they are stored: of every role, closed ones too.
fn line(record: &CommitRecord) -> CommitLine {
    let mut projects: Vec<_> = record.projects.iter().map(|(_, path)| path.clone()).collect();
    projects.dedup();
    let (commit, references) = (record.commit.clone(), record.references.clone());
    CommitLine { path_count: record.path_count, ..ReadCommit { commit, references, projects }.line() }
}

/// The tasks that a commit is surely joined to: `closes #12, T1.1`.
fn joined(record: &CommitRecord) -> String {
    let sure = record.links.iter().filter(|link| !link.ambiguous);
    let named = sure.filter_map(|link| Some((link.relation, link.key.as_deref()?)));
    let named = named.map(|(relation, key)| match relation {
        Relation::Mentions => key.to_owned(),
        relation => format!("{} {key}", relation.as_str()),
    });
    named.collect::<Vec<_>>().join(", ")
}

struct Commits<'a> {
    reader: &'a Reader<'a>,
    filter: CommitFilter,
    repositories: Repositories,
}

impl List for Commits<'_> {
    type Row = CommitRecord;
    type Id = CommitId;
    const PLURAL: &'static str = "commits";
    const STREAMS: bool = true;

    fn id(number: i64) -> CommitId {
        CommitId(number)
    }

    fn page(
        &self,
        limit: usize,
        after: Option<CommitId>,
    ) -> Result<Page<CommitRecord, CommitId>, StoreError> {
        let filter = CommitFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.list_commits(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &CommitRecord) -> io::Result<()> {
        let repository = self.repositories.get(row.repository);
        out.item("commit", &CommitItem::new(row, &line(row), repository))
    }

    fn write_table(&self, out: &mut Out, rows: &[CommitRecord], look: &Look) -> io::Result<()> {
        rows.iter().try_for_each(|row| {
            write_commit_of(out, self.repositories.label(row.repository), &line(row), &joined(row), look)
        })
    }
}
