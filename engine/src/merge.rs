//! One list of projects and tasks from a repository and the submodules that were entered.
//!
//! A submodule's rows are its own and are saved as such; only what is shown hangs below the parent.

use std::collections::BTreeMap;

use muster_model::{Problem, Project, Role, SubmoduleLine, Task, ancestors, join};

use crate::scan::{Counts, Scan};

/// What is shown of a scan before roles are hidden and the output is narrowed.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// Sorted by path.
    pub projects: Vec<Project>,
    /// Sorted by path, line, order in the file.
    pub tasks: Vec<Task>,
    /// Sorted by path.
    pub submodules: Vec<SubmoduleLine>,
    /// Sorted.
    pub problems: Vec<Problem>,
    /// Summed.
    pub counts: Counts,
}

impl Merged {
    /// Puts everything below the directories where it hangs.
    pub fn of(scan: &Scan) -> Self {
        let (projects, tasks) = match &scan.with_vendored {
            Some(assembly) => (&assembly.projects, &assembly.tasks),
            None => (&scan.snapshot.projects, &scan.snapshot.tasks),
        };
        let mut merged = Self {
            projects: projects.clone(),
            tasks: tasks.clone(),
            submodules: scan.snapshot.submodules.clone(),
            problems: [&scan.snapshot.problems[..], &scan.vendored_problems].concat(),
            counts: scan.counts,
        };
        for (path, child) in &scan.children {
            merged.hang(path, Self::of(child));
        }
        if !scan.children.is_empty() {
            merged.sort();
        }
        merged.problems.sort();
        merged.problems.dedup();
        merged
    }

    fn hang(&mut self, at: &str, child: Self) {
        // The gitlink's own entry tells what stands above, and whether it lies among vendored things.
        let gitlink = self.projects.iter().position(|project| project.path == at);
        let gitlink = gitlink.map(|place| self.projects.remove(place));
        for mut project in child.projects {
            if project.path == "." {
                project.parent_path = gitlink.as_ref().and_then(|held| held.parent_path.clone());
                if let Some(held) = &gitlink {
                    project.role = if held.role == Role::Vendored { held.role } else { Role::Primary };
                }
            } else {
                project.parent_path = project.parent_path.map(|above| join(at, &above));
            }
            project.submodule =
                Some(project.submodule.map_or_else(|| at.to_owned(), |inner| join(at, &inner)));
            project.workspace_path = project.workspace_path.map(|root| join(at, &root));
            project.path = join(at, &project.path);
            for manifest in &mut project.manifests {
                manifest.path = join(at, &manifest.path);
            }
            for document in &mut project.documents {
                *document = join(at, document);
            }
            self.projects.push(project);
        }
        let offset = self.tasks.len();
        self.tasks.extend(child.tasks.into_iter().map(|mut task| {
            task.path = join(at, &task.path);
            task.project_path = join(at, &task.project_path);
            task.parent = task.parent.map(|place| place + offset);
            task
        }));
        for line in self.submodules.iter_mut().filter(|line| line.path == at) {
            line.populated = true;
        }
        self.submodules.extend(child.submodules.into_iter().map(|mut line| {
            line.path = join(at, &line.path);
            line
        }));
        self.problems.extend(child.problems.into_iter().map(|mut problem| {
            problem.path = Some(problem.path.map_or_else(|| at.to_owned(), |path| join(at, &path)));
            problem
        }));
        self.counts.files += child.counts.files;
        self.counts.directories += child.counts.directories;
        self.counts.bytes += child.counts.bytes;
        self.counts.skipped += child.counts.skipped;
    }

    fn sort(&mut self) {
        self.projects.sort_by(|one, other| one.path.cmp(&other.path));
        self.submodules.sort_by(|one, other| one.path.cmp(&other.path));
        let mut order: Vec<usize> = (0..self.tasks.len()).collect();
        order.sort_by(|one, other| {
            let key = |place: usize| (&self.tasks[place].path, self.tasks[place].found.line, place);
            key(*one).cmp(&key(*other))
        });
        let mut moved = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            moved[*from] = to;
        }
        let mut tasks: Vec<Option<Task>> = self.tasks.drain(..).map(Some).collect();
        self.tasks = order.iter().filter_map(|from| tasks[*from].take()).collect();
        for task in &mut self.tasks {
            task.parent = task.parent.map(|place| moved[place]);
        }
    }

    /// Takes out projects of hidden roles and everything that they count.
    pub fn hide(&mut self) {
        let roles: BTreeMap<String, Role> =
            self.projects.iter().map(|project| (project.path.clone(), project.role)).collect();
        let visible = |path: &str| roles.get(path).is_some_and(|role| !role.is_hidden());
        self.projects.retain(|project| !project.role.is_hidden());
        for project in &mut self.projects {
            let above = ancestors(&project.path).find(|above| visible(above)).map(str::to_owned);
            project.parent_path = above;
            if project.workspace_path.as_deref().is_some_and(|root| !visible(root)) {
                project.workspace_path = None;
            }
        }
        self.keep_tasks(visible);
    }

    /// Keeps the tasks of projects that pass, with their parents renumbered.
    fn keep_tasks(&mut self, passes: impl Fn(&str) -> bool) {
        let mut moved = vec![None; self.tasks.len()];
        let mut kept = 0;
        for (place, task) in self.tasks.iter().enumerate() {
            if passes(&task.project_path) {
                moved[place] = Some(kept);
                kept += 1;
            }
        }
        self.tasks.retain(|task| passes(&task.project_path));
        for task in &mut self.tasks {
            task.parent = task.parent.and_then(|place| moved[place]);
        }
    }
}
