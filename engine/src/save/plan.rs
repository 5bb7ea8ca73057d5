//! What a save changes: a pure comparison of the stored state with what a scan found.

use std::collections::{BTreeSet, HashMap, HashSet};

use muster_model::{Project, Role, Task};
use muster_store::{
    ExtractKey, KnownProject, KnownState, KnownTask, ProjectChange, ProjectId, ProjectRef, RepositoryFacts,
    StateChange, StoredExtract, TaskChange, TaskId, TaskRef,
};

use super::SaveCounts;
use super::moved::match_projects;
use crate::Snapshot;
use crate::reconcile::{Decision, Known, Seen, reconcile};

/// A change and what it amounts to.
pub(crate) struct Plan {
    pub(crate) change: StateChange,
    pub(crate) projects: SaveCounts,
    pub(crate) tasks: SaveCounts,
}

impl Plan {
    /// Compares; without a stored state everything is new. `extracts` are those that the scan's rules made.
    pub(crate) fn new(known: Option<&KnownState>, extracts: &[StoredExtract], snapshot: &Snapshot) -> Self {
        let mut plan = Self {
            change: StateChange {
                facts: facts(known, snapshot),
                base: known.map(|known| (known.repository.id, known.repository.revision)),
                projects: Vec::new(),
                closed_projects: Vec::new(),
                tasks: Vec::new(),
                closed_tasks: Vec::new(),
                submodules: None,
                extracts: Vec::new(),
                dropped_extracts: Vec::new(),
                problems: snapshot.problems.clone(),
                project_count: 0,
                task_count: 0,
            },
            projects: SaveCounts::default(),
            tasks: SaveCounts::default(),
        };
        let (projects, tasks) = known.map_or((&[][..], &[][..]), |k| (&k.projects[..], &k.tasks[..]));
        let ids = plan.compare_projects(projects, snapshot);
        plan.compare_tasks(tasks, snapshot, &ids);
        plan.compare_files(known, extracts, snapshot);
        plan
    }

    /// Gives the ids of the scan's projects by path.
    fn compare_projects<'a>(
        &mut self,
        known: &[KnownProject],
        snapshot: &'a Snapshot,
    ) -> HashMap<&'a str, ProjectRef> {
        let saved = |project: &&Project| project.role != Role::Vendored;
        let now: Vec<&Project> = snapshot.projects.iter().filter(saved).collect();
        let matched = match_projects(known, &now);
        self.change.project_count = now.len();
        self.projects.gone = matched.gone.len();
        self.change.closed_projects = matched.gone;
        let mut ids = HashMap::new();
        for (project, row) in now.into_iter().zip(matched.rows) {
            let Some(row) = row else {
                ids.insert(project.path.as_str(), ProjectRef::New(self.projects.new));
                self.projects.new += 1;
                self.put_project(None, project, None, false);
                continue;
            };
            ids.insert(project.path.as_str(), ProjectRef::Known(row.id));
            let reopened = row.closed_at.is_some();
            if reopened {
                self.projects.back += 1;
            } else {
                self.projects.kept += 1;
            }
            if reopened || row.project != *project {
                let left = (row.project.path != project.path).then(|| row.project.path.clone());
                self.put_project(Some(row.id), project, left, reopened);
            }
        }
        ids
    }

    fn put_project(
        &mut self,
        id: Option<ProjectId>,
        project: &Project,
        left: Option<String>,
        reopened: bool,
    ) {
        self.change.projects.push(ProjectChange { id, project: project.clone(), left, reopened });
    }

    fn compare_tasks(
        &mut self,
        known: &[KnownTask],
        snapshot: &Snapshot,
        projects: &HashMap<&str, ProjectRef>,
    ) {
        let kept = saved_tasks(snapshot);
        let now: Vec<Seen<'_>> = kept.iter().map(|at| Seen::from(&snapshot.tasks[*at])).collect();
        // Ranks instead of ids: rows come by path, line and place, so tasks that are alike in everything that the
        // matching looks at keep their order on the line.
        let before: Vec<Known<'_>> =
            known.iter().enumerate().map(|(rank, task)| as_known(rank, task)).collect();
        let reconciled = reconcile(&before, &now);
        let mut refs: HashMap<usize, TaskRef> = HashMap::new();
        for (decision, at) in reconciled.decisions.iter().zip(&kept) {
            let reference = match decision {
                Decision::New => {
                    self.tasks.new += 1;
                    TaskRef::New(self.tasks.new - 1)
                }
                Decision::Kept(rank) | Decision::Back(rank) => TaskRef::Known(row(known, *rank).id),
            };
            refs.insert(*at, reference);
        }
        let mut line = ("", 0, 0);
        for (decision, at) in reconciled.decisions.iter().zip(&kept) {
            let task = &snapshot.tasks[*at];
            let same = line.0 == task.path && line.1 == task.found.line;
            line = (&task.path, task.found.line, if same { line.2 + 1 } else { 0 });
            let mut found = task.found.clone();
            found.parent = None;
            let mut change = TaskChange {
                id: None,
                found,
                path: task.path.clone(),
                place: line.2,
                project: projects.get(task.project_path.as_str()).copied(),
                parent: task.parent.and_then(|parent| refs.get(&parent).copied()),
            };
            match decision {
                Decision::New => {}
                Decision::Kept(rank) => {
                    self.tasks.kept += 1;
                    let row = row(known, *rank);
                    if is_unchanged(row, &change) {
                        continue;
                    }
                    change.id = Some(row.id);
                }
                Decision::Back(rank) => {
                    self.tasks.back += 1;
                    change.id = Some(row(known, *rank).id);
                }
            }
            self.change.tasks.push(change);
        }
        self.change.task_count = kept.len();
        let mut gone: Vec<TaskId> = reconciled.gone.iter().map(|rank| row(known, *rank).id).collect();
        gone.sort_unstable();
        self.tasks.gone = gone.len();
        self.change.closed_tasks = gone;
    }

    /// Submodules and extracts. Extracts are compared by what they hold: the same content may yield something else
    /// when the repository's own configuration has changed.
    fn compare_files(&mut self, known: Option<&KnownState>, extracts: &[StoredExtract], snapshot: &Snapshot) {
        let submodules = known.map_or(&[][..], |known| &known.submodules[..]);
        if submodules != snapshot.submodules {
            self.change.submodules = Some(snapshot.submodules.clone());
        }
        let stored: HashMap<&str, &StoredExtract> = extracts.iter().map(|e| (e.path.as_str(), e)).collect();
        for row in &snapshot.extracts {
            let key = ExtractKey { blob: row.blob, extractor_version: snapshot.extractor_version };
            let same = |stored: &&StoredExtract| stored.key == key && stored.extract == row.extract;
            if !stored.get(row.path.as_str()).is_some_and(same) {
                let (path, extract) = (row.path.clone(), row.extract.clone());
                self.change.extracts.push(StoredExtract { path, key, extract });
            }
        }
        let now: HashSet<&str> = snapshot.extracts.iter().map(|row| row.path.as_str()).collect();
        let before = known.into_iter().flat_map(|known| known.extracts.keys());
        self.change.dropped_extracts = before.filter(|path| !now.contains(path.as_str())).cloned().collect();
    }
}

/// What a scan says of a repository; what one that is known at a provider is called, that says.
fn facts(known: Option<&KnownState>, snapshot: &Snapshot) -> RepositoryFacts {
    let named = known.map(|known| &known.repository).filter(|repository| repository.provided.id.is_some());
    let named = named.map(|repository| &repository.facts);
    RepositoryFacts {
        source_key: named.map_or(&snapshot.source_key, |facts| &facts.source_key).clone(),
        name: named.map_or(&snapshot.name, |facts| &facts.name).clone(),
        clone_url: named.map_or(&snapshot.clone_url, |facts| &facts.clone_url).clone(),
        branch: snapshot.branch.clone(),
        head: snapshot.head,
        dirty: snapshot.dirty,
        shallow: snapshot.shallow,
        extractor_version: snapshot.extractor_version,
    }
}

/// The places of the scan's tasks that are saved: all but those of vendored projects.
fn saved_tasks(snapshot: &Snapshot) -> Vec<usize> {
    let vendored = |project: &&Project| project.role == Role::Vendored;
    let vendored: BTreeSet<&str> =
        snapshot.projects.iter().filter(vendored).map(|project| project.path.as_str()).collect();
    let saved = |task: &Task| !vendored.contains(task.project_path.as_str());
    (0..snapshot.tasks.len()).filter(|at| saved(&snapshot.tasks[*at])).collect()
}

fn as_known(rank: usize, task: &KnownTask) -> Known<'_> {
    Known {
        id: rank as i64,
        closed: task.closed_at.map(|closed| closed.0),
        seen: Seen {
            path: &task.path,
            kind: task.found.kind,
            line: task.found.line,
            key: task.found.key.as_deref(),
            section: task.found.section.as_deref(),
            title: &task.found.title,
            surroundings: &task.found.surroundings,
        },
    }
}

/// The row of a rank that `reconcile` was given and gives back.
fn row(known: &[KnownTask], rank: i64) -> &KnownTask {
    &known[rank as usize]
}

fn is_unchanged(row: &KnownTask, change: &TaskChange) -> bool {
    row.found == change.found
        && row.path == change.path
        && row.place == change.place
        && row.project.map(ProjectRef::Known) == change.project
        && row.parent.map(TaskRef::Known) == change.parent
}
