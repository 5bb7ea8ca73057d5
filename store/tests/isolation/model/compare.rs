//! What a tenant reads, beside what it should; and what it gets for ids that are others'.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;

use muster_store::{
    CommitFilter, CommitId, CommitMarks, LookChange, ProjectFilter, ProjectId, RebuildMark, RepositoryFilter,
    RepositoryId, Standing, StoreError, TaskFilter, TaskId, Tenant, Timestamp,
};

use super::script::Dice;
use super::world::{World, key};
use crate::examples::id;

/// Fails with both where they differ.
pub(super) fn same<T: PartialEq + Debug>(what: &str, read: &T, wanted: &T) -> Result<(), String> {
    if read == wanted { Ok(()) } else { Err(format!("{what}: read {read:?}, wanted {wanted:?}")) }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err has it")]
fn text(error: StoreError) -> String {
    error.to_string()
}

/// Every item of a list, by pages.
macro_rules! every {
    ($tenant:expr, $method:ident, $filter:expr, $size:expr) => {{
        let (mut filter, mut items) = ($filter, Vec::new());
        filter.limit = $size;
        loop {
            let page = $tenant.$method(&filter).await.map_err(text)?;
            items.extend(page.items);
            filter.after = page.next;
            if filter.after.is_none() {
                break items;
            }
        }
    }};
}

/// Reads all lists by pages of `size` (0: as large as they come) and compares every field with the model.
pub(super) async fn lists(tenant: &Tenant, world: &World, size: usize) -> Result<(), String> {
    let read = every!(tenant, list_repositories, RepositoryFilter::default(), size);
    let read: BTreeMap<i64, _> = read.into_iter().map(|listing| (listing.repository.id.0, listing)).collect();
    same("repositories", &read.keys().collect(), &world.repositories.keys().collect::<Vec<_>>())?;
    for (id, row) in &world.repositories {
        let listing = &read[id];
        same("a repository", &listing.repository, &world.row(*id))?;
        let open = row.projects.values().filter(|(_, closed)| closed.is_none()).count() as u64;
        let tasks = row.tasks.values().filter(|task| task.closed_at.is_none()).count() as u64;
        let counts = (listing.projects, listing.tasks, listing.commits, listing.scanned_at);
        same("counts", &counts, &(open, tasks, row.commits.len() as u64, Some(row.scanned_at)))?;
    }

    let filter = ProjectFilter { hidden: true, closed: true, over_quota: true, ..ProjectFilter::default() };
    let read = every!(tenant, list_projects, filter.clone(), size);
    let mut wanted = Vec::new();
    for (repository, row) in &world.repositories {
        wanted
            .extend(row.projects.iter().map(|(id, (project, closed))| (*repository, *id, project, *closed)));
    }
    wanted.sort_by(|one, other| (one.0, &one.2.path, one.1).cmp(&(other.0, &other.2.path, other.1)));
    let read: Vec<_> = read.iter().map(|r| (r.repository.0, r.id.0, &r.project, r.closed_at)).collect();
    same("projects", &read, &wanted)?;

    let read = every!(tenant, list_tasks, TaskFilter { closed: true, ..TaskFilter::default() }, size);
    let mut wanted = Vec::new();
    for (repository, row) in &world.repositories {
        for (id, task) in &row.tasks {
            let path = task.project.map(|project| row.projects[&project].0.path.clone());
            wanted.push((*repository, &task.path, task.found.line, *id, task, path));
        }
    }
    wanted.sort_by(|one, other| (one.0, one.1, one.2, one.3).cmp(&(other.0, other.1, other.2, other.3)));
    same("the number of tasks", &read.len(), &wanted.len())?;
    for (read, (repository, path, _, id, task, project_path)) in read.iter().zip(wanted) {
        let got = (read.repository.0, &read.path, read.id.0, &read.found, read.closed_at);
        same("a task", &got, &(repository, path, id, &task.found, task.closed_at))?;
        let got = (read.project.map(|id| id.0), &read.project_path);
        same("a task's project", &got, &(task.project, &project_path))?;
    }

    let read = every!(tenant, list_commits, CommitFilter::default(), size);
    let mut wanted = Vec::new();
    for (repository, row) in &world.repositories {
        wanted.extend(row.commits.iter().map(|(id, commit)| (*repository, *id, commit)));
    }
    wanted.sort_by_key(|(_, id, row)| std::cmp::Reverse((row.commit.committer.time.seconds, *id)));
    same("the number of commits", &read.len(), &wanted.len())?;
    for (read, (repository, id, row)) in read.iter().zip(wanted) {
        let got = (read.repository.0, read.id.0, &read.commit, &read.references);
        same("a commit", &got, &(repository, id, &row.commit, &row.references))?;
        for (project, path) in &read.projects {
            let own = world.repositories[&repository].projects.get(&project.0).map(|(row, _)| &row.path);
            same("a commit's project", &Some(path), &own)?;
        }
    }
    Ok(())
}

/// The same of everything that is loaded by repository.
pub(super) async fn states(tenant: &Tenant, world: &World) -> Result<(), String> {
    for (id, row) in &world.repositories {
        let state = tenant.load_state(RepositoryId(*id)).await.map_err(text)?;
        same("the repository of a state", &state.repository, &world.row(*id))?;
        let read: BTreeMap<_, _> =
            state.projects.into_iter().map(|known| (known.id.0, (known.project, known.closed_at))).collect();
        same("projects of a state", &read, &row.projects)?;
        let read: Vec<i64> = state.tasks.iter().map(|task| task.id.0).collect();
        same("the number of tasks of a state", &read.len(), &row.tasks.len())?;
        let history = tenant.stored_history(RepositoryId(*id)).await.map_err(text)?;
        let mut tips: Vec<_> = row.tips.values().copied().collect();
        tips.sort_unstable();
        tips.dedup();
        same("history", &(history.progress, history.tips), &(row.history, tips))?;
        let asked: Vec<_> = (0..70).map(crate::examples::id).collect();
        let known = tenant.known_commits(RepositoryId(*id), &asked).await.map_err(text)?;
        let mut wanted: Vec<_> = row.commits.values().map(|row| row.commit.id).collect();
        wanted.sort_unstable();
        same("known commits", &known, &wanted)?;
    }
    Ok(())
}

/// The highest ids that any tenant has used: of repositories, projects, tasks and commits.
#[derive(Debug, Default)]
pub(super) struct Highest([Cell<i64>; 4]);

impl Highest {
    pub(super) fn note(&self, world: &World) {
        for (highest, own) in self.0.iter().zip(own_last(world)) {
            highest.set(highest.get().max(own));
        }
    }
}

fn own_last(world: &World) -> [i64; 4] {
    let repositories = world.repositories.len() as i64;
    [repositories, world.last_project(), world.last_task(), world.last_commit()]
}

/// Asks for and writes to ids that another tenant has and this one has not. Each answer has to be that for an id that
/// nobody has. Gives how many were tried.
pub(super) async fn trespass(
    tenant: &Tenant,
    world: &World,
    highest: &Highest,
    seed: u64,
) -> Result<usize, String> {
    let mut dice = Dice(seed);
    let nobodys = 1_000_000_000_000 + dice.below(1_000_000) as i64;
    let mut tried = 0;
    for (kind, (highest, own)) in highest.0.iter().zip(own_last(world)).enumerate() {
        if highest.get() <= own {
            continue;
        }
        let foreign = own + 1 + dice.below((highest.get() - own) as u64) as i64;
        let (got, wanted) =
            (answers(tenant, world, kind, foreign).await, answers(tenant, world, kind, nobodys).await);
        tried += got.len();
        same(&format!("the answers to the foreign id {foreign}"), &got, &wanted)?;
    }
    Ok(tried)
}

/// What is answered when an id of a kind is named in every place where it can be.
async fn answers(tenant: &Tenant, world: &World, kind: usize, number: i64) -> Vec<String> {
    fn said<T: Debug>(answer: Result<T, StoreError>) -> String {
        format!("{:?}", answer.map_err(text))
    }
    let all = ProjectFilter { hidden: true, closed: true, over_quota: true, ..ProjectFilter::default() };
    let tasks = TaskFilter { closed: true, ..TaskFilter::default() };
    let commits = CommitFilter::default();
    match kind {
        0 => {
            let repository = RepositoryId(number);
            let filter = RepositoryFilter { after: Some(repository), limit: 0 };
            let mut change = world.draw_change(0, 7);
            change.base = Some((repository, 1));
            let rows = world.draw_commits(0, 2);
            let nothing = LookChange::nothing(repository, 1);
            let marks = CommitMarks { lost: vec![CommitId(1), CommitId(2)], ..CommitMarks::default() };
            vec![
                said(tenant.load_state(repository).await),
                said(tenant.load_extracts(repository, 3).await),
                said(tenant.stored_history(repository).await),
                said(tenant.known_commits(repository, &[id(1), id(2)]).await),
                said(tenant.list_repositories(&filter).await),
                said(tenant.list_projects(&ProjectFilter { repository: Some(repository), ..all }).await),
                said(tenant.list_tasks(&TaskFilter { repository: Some(repository), ..tasks }).await),
                said(tenant.list_commits(&CommitFilter { repository: Some(repository), ..commits }).await),
                said(tenant.apply_state(&change, Timestamp(1)).await),
                said(tenant.append_commits(repository, &rows, Standing::default()).await),
                said(tenant.stored_refs(repository).await),
                said(tenant.commit_standings(repository, &[id(1), id(2)]).await),
                said(tenant.commit_graph(repository, None, 10).await),
                said(tenant.fetch_source(repository).await),
                said(tenant.note_push(repository, None, Timestamp(1)).await),
                said(tenant.mark_commits(repository, 1, &marks, Timestamp(1)).await),
                said(tenant.settle_look(&nothing, None, Timestamp(1)).await),
                said(tenant.pull_request(repository, 1).await),
                said(tenant.pull_request_commits(repository, 1).await),
                said(tenant.rebuild_commit_projects(repository, RebuildMark::default()).await),
            ]
        }
        1 => {
            let project = ProjectId(number);
            vec![
                said(tenant.list_projects(&ProjectFilter { after: Some(project), ..all }).await),
                said(tenant.list_tasks(&TaskFilter { project: Some(project), ..tasks }).await),
                said(tenant.list_commits(&CommitFilter { project: Some(project), ..commits }).await),
            ]
        }
        2 => vec![said(tenant.list_tasks(&TaskFilter { after: Some(TaskId(number)), ..tasks }).await)],
        _ => {
            vec![said(tenant.list_commits(&CommitFilter { after: Some(CommitId(number)), ..commits }).await)]
        }
    }
}

/// A key that another tenant may have and this one has not.
pub(super) async fn foreign_key(tenant: &Tenant, world: &World, repository: u64) -> Result<(), String> {
    let read = tenant.find_repository_by_source_key(&key(repository)).await.map_err(text)?;
    let wanted = world.find(repository).map(|(id, _)| world.row(id));
    same("the repository of a key", &read, &wanted)
}
