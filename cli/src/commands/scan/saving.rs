//! Saving a scan: the repository first, its submodules as repositories of their own, then history as it is read.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use muster_engine::{HistoryWriter, Rules, Scan, WalkEnd, kept_extracts, link, save};
use muster_model::{ObjectId, Problem, ProblemKind};
use muster_scanner::{KnownTree, Source};
use muster_store::{BeyondQuota, RepositoryId, Tenant, Timestamp};

use crate::args::ScanArgs;
use crate::context::Context;
use crate::database::Database;

/// A scan's way into the database.
pub(super) struct Saving<'a> {
    database: Database,
    tenant: Tenant,
    context: &'a Context,
    /// The rows of the scanned repository and of its submodules, by source key.
    saved: HashMap<String, RepositoryId>,
}

impl<'a> Saving<'a> {
    /// Opens the database; `None` where nothing is to be saved.
    pub(super) fn begin(args: &ScanArgs, context: &'a Context) -> Result<Option<Self>> {
        if args.no_save || args.rev.is_some() {
            return Ok(None);
        }
        let advice = "open the database (--no-save scans without one)";
        let database = Database::open(context).context(advice)?;
        let tenant = database.tenant(context)?;
        Ok(Some(Self { database, tenant, context, saved: HashMap::new() }))
    }

    /// What an earlier scan kept of this repository, where it can be trusted: made by the same rules, from a tree
    /// that is still here.
    pub(super) fn known_tree(&self, source: &Source, user_rules: Option<&str>) -> Result<Option<KnownTree>> {
        let version = Rules::of(source, user_rules).version;
        let kept = self.database.wait(kept_extracts(&self.tenant, &source.key, version));
        let Some((head, rows)) = kept.context("load what the last scan saved")? else { return Ok(None) };
        Ok(muster_engine::known_tree(source, &head, rows))
    }

    /// Saves the current state of the repository and of every submodule that was entered.
    pub(super) fn save(&mut self, scan: &Scan) -> Result<()> {
        for (_, child) in &scan.children {
            self.save(child)?;
        }
        let saved = self.database.wait(save(&self.tenant, &scan.snapshot, self.context.now()));
        self.saved.insert(scan.snapshot.source_key.clone(), saved.context("save the scan")?.repository);
        Ok(())
    }

    /// What is beyond the tenant's quota of projects.
    pub(super) fn projects_beyond_quota(&self) -> Result<Option<BeyondQuota>> {
        self.database.wait(self.tenant.projects_beyond_quota()).context("look up the quota")
    }

    /// Begins to save the history of a saved scan; with it, those of `ids` that are not stored yet, in their order.
    pub(super) fn begin_history(
        &self,
        scan: &Scan,
        ids: &[ObjectId],
    ) -> Result<Option<(HistoryWriter, Vec<ObjectId>)>> {
        let Some(repository) = self.saved.get(&scan.snapshot.source_key) else { return Ok(None) };
        let begun = self.database.wait(async {
            let writer = HistoryWriter::begin(self.tenant.clone(), *repository, self.now()).await?;
            let missing = writer.missing(ids).await?;
            Ok::<_, muster_store::StoreError>((writer, missing))
        });
        begun.map(Some).context("look up which commits are saved")
    }

    /// The time now.
    pub(super) fn now(&self) -> Timestamp {
        self.context.now()
    }

    /// Waits for a step of saving history.
    pub(super) fn wait<T>(
        &self,
        step: impl Future<Output = Result<T, muster_store::StoreError>>,
    ) -> Result<T> {
        self.database.wait(step).context("save history")
    }

    /// Joins commits to the tasks that they speak of, as far as either is new.
    pub(super) fn link(&self) -> Result<()> {
        self.database.wait(link(&self.tenant, self.context.now())).context("link commits to tasks").map(drop)
    }

    /// How the history of this scan ended, with everything that was wrong on the way.
    pub(super) fn end(scan: &Scan, problems: &[Problem]) -> WalkEnd {
        let is_cut =
            |problem: &Problem| matches!(problem.kind, ProblemKind::History | ProblemKind::MissingObject);
        let whole = !scan.source.facts.shallow && !problems.iter().any(is_cut);
        let branch = scan.snapshot.branch.as_ref();
        WalkEnd {
            reference: branch.map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}")),
            tip: scan.snapshot.head,
            whole,
        }
    }
}
