//! The tip of the default branch, read again as far as it has changed.

use std::collections::HashSet;

use muster_model::{ObjectId, ProblemKind};
use muster_scanner::{Limits, Refs, Source};
use muster_store::{Repository, StateChange, StoreError, StoredRefs, Tenant};

use super::{LookError, LookOptions};
use crate::ExtractRow;
use crate::remote::MirrorAt;
use crate::save::{Plan, read_again};
use crate::scan::{Rules, ScanOptions, known_tree, scan};

/// How often a mirror is opened again because a fetch moved its refs in between.
const OPENINGS: usize = 10;

/// A mirror whose HEAD and refs belong together.
pub(super) struct Opened {
    pub(super) source: Source,
    pub(super) refs: Refs,
}

impl Opened {
    /// Opens a mirror under the names that the repository is stored under.
    pub(super) fn open(
        mirror: MirrorAt<'_>,
        stored: &Repository,
        options: LookOptions<'_>,
    ) -> Result<Self, LookError> {
        let mut openings = 0;
        loop {
            let mut source = Source::open_mirror(mirror.git_dir, None, Limits::default())?;
            let refs = source.refs()?;
            let branch = source.facts.branch.as_ref();
            let tip = branch.and_then(|branch| refs.tips.get(&format!("refs/heads/{branch}"))).copied();
            openings += 1;
            if tip != source.facts.head && openings < OPENINGS {
                continue;
            }
            if !options.accepts_damage && !refs.broken.is_empty() {
                let name = &refs.broken[0];
                return Err(LookError::Damaged(format!("the object of {name} is missing")));
            }
            source.key.clone_from(&stored.facts.source_key);
            source.name.clone_from(&stored.facts.name);
            source.facts.remote_url.clone_from(&stored.facts.clone_url);
            source.facts.branch = mirror.head_branch.map(str::to_owned);
            return Ok(Self { source, refs });
        }
    }

    /// The tip of the default branch.
    pub(super) fn head(&self) -> Option<ObjectId> {
        self.source.facts.head
    }
}

/// What the tip holds, compared with what is stored.
pub(super) struct Rescanned {
    pub(super) source: Source,
    /// `None`: it is what was read last.
    pub(super) state: Option<StateChange>,
    /// The keys of its tasks.
    pub(super) keys: HashSet<String>,
}

/// Reads the tip, unless it is what was read last by the same rules.
pub(super) async fn rescan(
    tenant: &Tenant,
    opened: Opened,
    stored: &StoredRefs,
    options: LookOptions<'_>,
) -> Result<Rescanned, LookError> {
    let (source, facts) = (opened.source, &stored.repository.facts);
    let version = Rules::of(&source, options.user_rules).version;
    let known = tenant.load_state(stored.repository.id).await?;
    if known.repository.revision != stored.repository.revision {
        return Err(StoreError::StateMoved.into());
    }
    let is_read = facts.extractor_version == version && !facts.dirty;
    if is_read && facts.head == source.facts.head && facts.branch == source.facts.branch && !facts.shallow {
        let open = known.tasks.iter().filter(|task| task.closed_at.is_none());
        let keys = open.filter_map(|task| task.found.key.clone()).collect();
        return Ok(Rescanned { source, state: None, keys });
    }
    let extracts = tenant.load_extracts(stored.repository.id, version).await?;
    let kept = facts.head.filter(|_| is_read).and_then(|head| {
        let row = |e: &muster_store::StoredExtract| ExtractRow {
            path: e.path.clone(),
            blob: e.key.blob,
            extract: e.extract.clone(),
        };
        known_tree(&source, &head, extracts.iter().map(row))
    });
    let how = ScanOptions {
        user_rules: options.user_rules,
        all: false,
        submodules: false,
        threads: options.threads,
        progress: options.progress,
        cancelled: options.cancelled,
    };
    let scan = scan(source, how, kept.as_ref())?;
    let missing = scan.snapshot.problems.iter().find(|problem| problem.kind == ProblemKind::MissingObject);
    if let Some(problem) = missing.filter(|_| !options.accepts_damage) {
        return Err(LookError::Damaged(problem.message.clone()));
    }
    let plan = Plan::new(Some(&known), &extracts, &scan.snapshot);
    read_again(tenant, stored.repository.id, &known, &scan.snapshot).await?;
    let keys = scan.snapshot.tasks.iter().filter_map(|task| task.found.key.clone()).collect();
    Ok(Rescanned { source: scan.source, state: Some(plan.change), keys })
}
