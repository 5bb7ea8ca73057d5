//! Saving a scan: the repository first, its submodules as repositories of their own, then history as it is read.

use anyhow::{Context as _, Result};
use muster_engine::{HistoryWriter, Rules, Saved, Scan, kept_extracts, save};
use muster_model::ObjectId;
use muster_scanner::{KnownTree, Source};
use muster_store::{Tenant, Timestamp, WalkEnd};

use crate::args::ScanArgs;
use crate::context::Context;
use crate::database::Database;

/// A scan's way into the database.
pub(super) struct Saving<'a> {
    database: Database,
    tenant: Tenant,
    context: &'a Context,
    saved: Option<Saved>,
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
        Ok(Some(Self { database, tenant, context, saved: None }))
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
        let now = self.context.now();
        self.saved = Some(self.save_one(scan, now)?);
        Ok(())
    }

    fn save_one(&self, scan: &Scan, now: Timestamp) -> Result<Saved> {
        for (_, child) in &scan.children {
            self.save_one(child, now)?;
        }
        self.database.wait(save(&self.tenant, &scan.snapshot, now)).context("save the scan")
    }

    /// Begins to save history; with it, those of `ids` that are not stored yet, in their order.
    pub(super) fn begin_history(&self, ids: &[ObjectId]) -> Result<Option<(HistoryWriter, Vec<ObjectId>)>> {
        let Some(saved) = &self.saved else { return Ok(None) };
        let begun = self.database.wait(async {
            let writer = HistoryWriter::begin(self.tenant.clone(), saved.repository).await?;
            let missing = writer.missing(ids).await?;
            Ok::<_, muster_store::StoreError>((writer, missing))
        });
        begun.map(Some).context("look up which commits are saved")
    }

    /// Waits for a step of saving history.
    pub(super) fn wait<T>(
        &self,
        step: impl Future<Output = Result<T, muster_store::StoreError>>,
    ) -> Result<T> {
        self.database.wait(step).context("save history")
    }

    /// How the history of this scan ended.
    pub(super) fn end(scan: &Scan, whole: bool) -> WalkEnd {
        let branch = scan.snapshot.branch.as_ref();
        WalkEnd {
            reference: branch.map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}")),
            tip: scan.snapshot.head,
            whole,
        }
    }
}
