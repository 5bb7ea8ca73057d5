//! Looks: what a look at a repository's refs leaves, however many came before it and whatever happened in between.
//!
//! The remotes are bare repositories that the git command makes; the engine looks straight at them.

mod faults;
mod jobs;
mod moving;
mod random;
mod scans;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use muster_engine::{LookEnd, LookError, LookOptions, Looked, MirrorAt, look};
use muster_scanner::Silent;
use muster_store::{
    CommitFilter, DatabaseUrl, Lease, NewTenant, RepositoryFacts, RepositoryId, StateChange, Store, Tenant,
    Timestamp,
};
use tempfile::TempDir;

use crate::made::Made;
use crate::scratch::ScratchDatabase;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A remote, and the work that is pushed to it.
struct Remote {
    made: Made,
    git_dir: PathBuf,
}

impl Remote {
    /// With one commit on its default branch, `trunk`.
    fn new() -> Self {
        let remote = Self::empty();
        remote.made.write("TASKLIST.md", "- [ ] KEY-1 one\n- [ ] KEY-2 two\n");
        remote.made.write("Cargo.toml", "[package]\nname = \"root\"\n");
        remote.made.commit("Begin");
        remote.push();
        remote
    }

    fn empty() -> Self {
        let made = Made::new();
        let git_dir = made.beside("remote.git");
        made.git(&["init", "--quiet", "--bare", "--initial-branch=trunk", git_dir.to_str().unwrap()]);
        made.git_in(&git_dir, &["config", "receive.denyDeleteCurrent", "ignore"]);
        Self { made, git_dir }
    }

    /// Makes the remote's refs those of the work.
    fn push(&self) {
        self.made.git(&["push", "--quiet", "--mirror", self.git_dir.to_str().unwrap()]);
    }

    /// Runs git in the remote.
    fn git(&self, arguments: &[&str]) -> String {
        self.made.git_in(&self.git_dir, arguments)
    }

    fn default(&self, branch: &str) {
        self.git(&["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
    }

    /// The branch that HEAD names, where it is there.
    fn head_branch(&self) -> Option<String> {
        let head = self.git(&["symbolic-ref", "HEAD"]);
        let is_there = !self.git(&["for-each-ref", "--format=%(refname)", head.trim()]).is_empty();
        head.trim().strip_prefix("refs/heads/").filter(|_| is_there).map(str::to_owned)
    }
}

/// A database with one repository, which was connected and never looked at.
struct Home {
    store: Store,
    tenant: Tenant,
    repository: RepositoryId,
    kept: Kept,
}

enum Kept {
    File(#[expect(dead_code, reason = "the folder goes with it")] TempDir),
    Server(ScratchDatabase),
}

impl Home {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("muster.db"))).await.unwrap();
        Self::in_store(store, Kept::File(folder)).await
    }

    async fn postgres() -> Self {
        let database = ScratchDatabase::new().await;
        let store = Store::open(&database.url()).await.unwrap();
        Self::in_store(store, Kept::Server(database)).await
    }

    async fn in_store(store: Store, kept: Kept) -> Self {
        let new = NewTenant { subdomain: "acme".into(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, NOW).await.unwrap();
        let repository = connect(&tenant, "https://example.org/owner/name", "name").await;
        Self { store, tenant, repository, kept }
    }

    async fn remove(self) {
        self.store.close().await;
        if let Kept::Server(database) = self.kept {
            database.remove().await;
        }
    }

    /// Looks to the end, in as many runs as it takes.
    async fn look(&self, remote: &Remote) -> Looked {
        loop {
            let looked = self.run(remote, None, options()).await.unwrap();
            if looked.end != LookEnd::Unfinished {
                assert_eq!(looked.end, LookEnd::Settled { by_lease: false });
                return looked;
            }
        }
    }

    async fn run(
        &self,
        remote: &Remote,
        lease: Option<Lease>,
        options: LookOptions<'_>,
    ) -> Result<Looked, LookError> {
        let branch = remote.head_branch();
        let mirror = MirrorAt { git_dir: &remote.git_dir, head_branch: branch.as_deref() };
        look(&self.tenant, self.repository, mirror, Timestamp(0), lease, options).await
    }

    /// The subjects of what is listed, newest first; `*` before those on the default branch.
    async fn listed(&self) -> String {
        let commits = self.tenant.list_commits(&CommitFilter::default()).await.unwrap().items;
        let told = commits.iter().map(|row| {
            let mark = if row.on_default_since.is_some() { "*" } else { "" };
            format!("{mark}{}", row.commit.message.lines().next().unwrap_or_default())
        });
        told.collect::<Vec<_>>().join(" ")
    }

    /// The refs that are there.
    async fn refs(&self) -> String {
        let refs = self.tenant.stored_refs(self.repository).await.unwrap().refs;
        let there = refs.iter().filter(|stored| stored.deleted_at.is_none());
        there.map(|stored| stored.name.trim_start_matches("refs/")).collect::<Vec<_>>().join(" ")
    }

    /// The present state, without ids and times of ours: what converges.
    async fn present(&self) -> String {
        present(&self.tenant, self.repository).await
    }
}

/// A repository as connecting makes it.
async fn connect(tenant: &Tenant, source_key: &str, name: &str) -> RepositoryId {
    let facts = RepositoryFacts {
        source_key: source_key.to_owned(),
        name: name.to_owned(),
        clone_url: Some(source_key.to_owned()),
        branch: None,
        head: None,
        dirty: false,
        shallow: false,
        extractor_version: 0,
    };
    let change = StateChange {
        facts,
        base: None,
        projects: vec![],
        closed_projects: vec![],
        tasks: vec![],
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: 0,
        task_count: 0,
    };
    tenant.apply_state(&change, NOW).await.unwrap().repository
}

fn options() -> LookOptions<'static> {
    static NEVER: AtomicBool = AtomicBool::new(false);
    LookOptions {
        user_rules: None,
        threads: 2,
        budget: Duration::from_secs(600),
        accepts_damage: false,
        progress: &Silent,
        cancelled: &NEVER,
        clock: || NOW,
    }
}

/// The present state of a repository, a line a row.
pub(crate) async fn present(tenant: &Tenant, repository: RepositoryId) -> String {
    let mut lines = Vec::new();
    let stored = tenant.stored_refs(repository).await.unwrap();
    let facts = &stored.repository.facts;
    lines.push(format!(
        "{:?} {:?} {:?} {}",
        facts.branch, facts.head, stored.repository.history, facts.extractor_version
    ));
    for stored in stored.refs.iter().filter(|stored| stored.deleted_at.is_none()) {
        lines.push(format!("{} {}", stored.name, stored.tip));
    }
    let state = tenant.load_state(repository).await.unwrap();
    let paths: BTreeMap<_, _> = state.projects.iter().map(|row| (row.id, &row.project.path)).collect();
    let mut open = Vec::new();
    for row in state.projects.iter().filter(|row| row.closed_at.is_none()) {
        open.push(format!("project {:?}", row.project));
    }
    for row in state.tasks.iter().filter(|row| row.closed_at.is_none()) {
        let project = row.project.map(|id| paths[&id]);
        open.push(format!("task {} {} {project:?} {:?}", row.path, row.place, row.found));
    }
    open.extend(
        tenant
            .load_extracts(repository, facts.extractor_version)
            .await
            .unwrap()
            .iter()
            .map(|extract| format!("extract {extract:?}")),
    );
    let there = state.tasks.iter().filter(|row| row.closed_at.is_none());
    let keys: BTreeSet<_> = there.filter_map(|row| row.found.key.clone()).collect();
    let filter = CommitFilter { repository: Some(repository), ..CommitFilter::default() };
    let page = tenant.list_commits(&filter).await.unwrap();
    assert!(page.next.is_none(), "more commits than a page holds");
    for mut row in page.items {
        // A key that no task has any more is still referred to by commits that were read while one had it.
        row.references.retain(|reference| reference.rule != "key" || keys.contains(&reference.target));
        open.push(format!(
            "commit {:?} {} {:?} default: {}",
            row.commit,
            row.path_count,
            row.references,
            row.on_default_since.is_some()
        ));
    }
    open.sort();
    lines.extend(open);
    lines.join("\n")
}
