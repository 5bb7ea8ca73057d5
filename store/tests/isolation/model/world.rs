//! What a tenant's rows should be: the same methods on plain maps.

use std::collections::BTreeMap;

use muster_model::{FoundTask, ObjectId, Project};
use muster_store::{
    Appended, Applied, CommitRow, HistoryProgress, ProjectChange, ProjectId, ProjectRef, Provided,
    Repository, RepositoryFacts, RepositoryId, ScanId, StateChange, TaskChange, TaskId, Timestamp,
};

use super::script::Dice;
use crate::examples::{commit, facts, first_change, found, id, project};

/// Rows of one repository.
const MOST_PROJECTS: usize = 8;
const MOST_TASKS: usize = 16;

/// A repository as it should be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ModelRepository {
    pub(super) facts: RepositoryFacts,
    pub(super) history: HistoryProgress,
    pub(super) revision: i64,
    pub(super) stale: bool,
    pub(super) scanned_at: Timestamp,
    pub(super) tips: BTreeMap<String, ObjectId>,
    pub(super) projects: BTreeMap<i64, (Project, Option<Timestamp>)>,
    pub(super) tasks: BTreeMap<i64, ModelTask>,
    pub(super) commits: BTreeMap<i64, CommitRow>,
}

/// A task as it should be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ModelTask {
    pub(super) found: FoundTask,
    pub(super) path: String,
    pub(super) project: Option<i64>,
    pub(super) closed_at: Option<Timestamp>,
}

/// The rows of one tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct World {
    /// Stands in all its texts.
    pub(super) who: usize,
    pub(super) repositories: BTreeMap<i64, ModelRepository>,
    pub(super) scans: i64,
    pub(super) now: i64,
}

pub(super) fn key(repository: u64) -> String {
    format!("https://example.com/{repository}")
}

impl World {
    /// The id and row of one, where it was made.
    pub(super) fn find(&self, repository: u64) -> Option<(i64, &ModelRepository)> {
        let key = key(repository);
        let mut all = self.repositories.iter();
        all.find(|(_, row)| row.facts.source_key == key).map(|(id, row)| (*id, row))
    }

    /// The row as the store gives it.
    pub(super) fn row(&self, id: i64) -> Repository {
        let row = &self.repositories[&id];
        Repository {
            id: RepositoryId(id),
            facts: row.facts.clone(),
            history: row.history,
            revision: row.revision,
            commit_projects_stale: row.stale,
            is_active: true,
            provided: Provided::default(),
        }
    }

    pub(super) fn last_project(&self) -> i64 {
        self.repositories.values().filter_map(|row| row.projects.keys().max()).max().copied().unwrap_or(0)
    }

    pub(super) fn last_task(&self) -> i64 {
        self.repositories.values().filter_map(|row| row.tasks.keys().max()).max().copied().unwrap_or(0)
    }

    pub(super) fn last_commit(&self) -> i64 {
        self.repositories.values().filter_map(|row| row.commits.keys().max()).max().copied().unwrap_or(0)
    }

    /// A scan that changes something of everything.
    pub(super) fn draw_change(&self, repository: u64, seed: u64) -> StateChange {
        let mut dice = Dice(seed);
        let who = self.who;
        let (key, known) = (key(repository), self.find(repository));
        let mut change = StateChange {
            facts: RepositoryFacts {
                name: format!("tenant {who}"),
                head: Some(id(dice.below(60) as u32)),
                ..facts(&key)
            },
            base: known.map(|(id, row)| (RepositoryId(id), row.revision)),
            projects: Vec::new(),
            tasks: Vec::new(),
            extracts: Vec::new(),
            dropped_extracts: Vec::new(),
            submodules: None,
            ..first_change(&key)
        };
        // Enough to page through, and few enough to read whole after every other step.
        let room = |rows: usize, most: usize, draw: u64| draw.min(most.saturating_sub(rows) as u64);
        let (projects, tasks) = known.map_or((0, 0), |(_, row)| (row.projects.len(), row.tasks.len()));
        for _ in 0..room(projects, MOST_PROJECTS, dice.below(3)) {
            let mut project = project(&format!("p{}", dice.next()));
            project.name = format!("project of tenant {who}");
            change.projects.push(ProjectChange { id: None, project, left: None, reopened: false });
        }
        let new_projects = change.projects.len();
        for _ in 0..room(tasks, MOST_TASKS, dice.below(4)) {
            let to = match dice.below(3) {
                0 if new_projects > 0 => Some(ProjectRef::New(dice.below(new_projects as u64) as usize)),
                _ => None,
            };
            change.tasks.push(self.draw_task(&mut dice, None, to));
        }
        let Some((_, row)) = known else { return change };
        for (id, (before, closed)) in &row.projects {
            if dice.once_in(6) {
                let mut project = before.clone();
                project.version = Some(dice.next().to_string());
                let left = dice.once_in(3).then(|| before.path.clone());
                if left.is_some() {
                    project.path = format!("p{}", dice.next());
                }
                let reopened = closed.is_some();
                change.projects.push(ProjectChange { id: Some(ProjectId(*id)), project, left, reopened });
            } else if closed.is_none() && dice.once_in(8) {
                change.closed_projects.push(ProjectId(*id));
            }
        }
        for (id, task) in &row.tasks {
            if dice.once_in(6) {
                let projects: Vec<i64> = row.projects.keys().copied().collect();
                let to = (!projects.is_empty() && dice.once_in(2)).then(|| {
                    ProjectRef::Known(ProjectId(projects[dice.below(projects.len() as u64) as usize]))
                });
                change.tasks.push(self.draw_task(&mut dice, Some(TaskId(*id)), to));
            } else if task.closed_at.is_none() && dice.once_in(8) {
                change.closed_tasks.push(TaskId(*id));
            }
        }
        change
    }

    fn draw_task(&self, dice: &mut Dice, id: Option<TaskId>, project: Option<ProjectRef>) -> TaskChange {
        let title = format!("task of tenant {} {}", self.who, dice.next());
        let path = format!("f{}/TASKLIST.md", dice.below(5));
        TaskChange { id, found: found(&title, dice.below(50)), path, place: 0, project, parent: None }
    }

    /// What saving a change that is not late does.
    pub(super) fn apply(&mut self, change: &StateChange, now: Timestamp) -> Applied {
        let (next_project, next_task) = (self.last_project() + 1, self.last_task() + 1);
        let next_repository = self.repositories.len() as i64 + 1;
        let id = change.base.map_or(next_repository, |(id, _)| id.0);
        let row = self.repositories.entry(id).or_insert_with(|| ModelRepository {
            facts: change.facts.clone(),
            history: HistoryProgress::None,
            revision: 0,
            stale: false,
            scanned_at: now,
            tips: BTreeMap::new(),
            projects: BTreeMap::new(),
            tasks: BTreeMap::new(),
            commits: BTreeMap::new(),
        });
        let changed = change.base.is_none() || !change.is_empty() || row.facts != change.facts;
        row.revision += i64::from(changed);
        row.scanned_at = now;
        let moves = |change: &ProjectChange| change.id.is_none() || change.left.is_some() || change.reopened;
        let moved = !change.closed_projects.is_empty() || change.projects.iter().any(moves);
        row.stale |= change.base.is_some() && moved && row.history != HistoryProgress::None;
        if row.history == HistoryProgress::Complete
            && change.base.is_some()
            && changed
            && change.facts.head != row.facts.head
        {
            row.history = HistoryProgress::Partial;
        }
        row.facts = change.facts.clone();
        for closed in &change.closed_projects {
            row.projects.get_mut(&closed.0).unwrap().1 = Some(now);
        }
        let mut new = Vec::new();
        for project in &change.projects {
            let id = project.id.map_or_else(
                || {
                    new.push(next_project + new.len() as i64);
                    new[new.len() - 1]
                },
                |id| id.0,
            );
            row.projects.insert(id, (project.project.clone(), None));
        }
        for closed in &change.closed_tasks {
            row.tasks.get_mut(&closed.0).unwrap().closed_at = Some(now);
        }
        let mut count = 0;
        for task in &change.tasks {
            let id = task.id.map_or_else(
                || {
                    count += 1;
                    next_task + count - 1
                },
                |id| id.0,
            );
            let project = task.project.map(|project| match project {
                ProjectRef::Known(id) => id.0,
                ProjectRef::New(n) => new[n],
            });
            let (found, path) = (task.found.clone(), task.path.clone());
            row.tasks.insert(id, ModelTask { found, path, project, closed_at: None });
        }
        let (revision, stale) = (row.revision, row.stale);
        self.scans += 1;
        Applied {
            repository: RepositoryId(id),
            scan: ScanId(self.scans),
            changed,
            revision,
            commit_projects_stale: stale,
        }
    }

    /// Commits of a line that is the same for all tenants, but for what their messages say.
    pub(super) fn draw_commits(&self, first: u32, count: u32) -> Vec<CommitRow> {
        let draw = |n: u32| {
            let mut row = commit(n, &["a/x", "b/y", &format!("c/{n}")]);
            row.commit.message = format!("commit {n} of tenant {}", self.who);
            row.commit.paths_complete = true;
            row
        };
        (first..first + count).map(draw).collect()
    }

    /// What appending does.
    pub(super) fn append(&mut self, id: i64, rows: &[CommitRow]) -> Appended {
        let mut next = self.last_commit() + 1;
        let row = self.repositories.get_mut(&id).unwrap();
        let mut appended = Appended::default();
        for commit in rows {
            if row.commits.values().any(|known| known.commit.id == commit.commit.id) {
                appended.known += 1;
            } else {
                row.commits.insert(next, commit.clone());
                (next, appended.new) = (next + 1, appended.new + 1);
                row.history = HistoryProgress::Partial;
            }
        }
        appended
    }

    /// What settling a line does.
    pub(super) fn finish(&mut self, repository: i64, tip: u32, whole: bool) {
        let row = self.repositories.get_mut(&repository).unwrap();
        if whole {
            row.tips.insert("refs/heads/main".to_owned(), id(tip));
            row.revision += 1;
        }
        row.history = if whole { HistoryProgress::Complete } else { HistoryProgress::Partial };
    }
}
