//! Tasks and what is counted of them: every task that a total counts is in the list, and no other.
//!
//! The boxes of a CODITECT project are those of one of its files; `tasklists` of `.muster.toml` adds files to the
//! project that they lie in. A comment counts for the project that it lies in.

use std::collections::HashMap;

use muster_model::{FoundTask, Project, Status, Task, TaskState, parent};
use serde_json::Value;

use super::{Layout, Nearest};
use crate::coditect::{self, CoditectFile};
use crate::ruleset::{AssembleInput, Ruleset};

/// Lists the tasks, sorted by path, line, then order in the file, and sets the counts and the status.
pub(super) fn collect<'a>(
    ruleset: &Ruleset,
    input: &AssembleInput<'a>,
    layout: &Layout<'a>,
    nearest: &mut Nearest<'a, '_>,
    projects: &mut [Project],
) -> Vec<Task> {
    let counting = read_coditect(input, layout, projects);
    let mut tasks = Vec::new();
    for (path, extract) in input.extracts {
        if extract.checkboxes.is_empty() && extract.comments.is_empty() || !layout.is_entered(path) {
            continue;
        }
        let Some(home) = nearest.at(parent(path).unwrap_or(".")) else { continue };
        let boxes_of = counting.get(path.as_str()).copied();
        let boxes_of = boxes_of.or_else(|| ruleset.is_tasklist(path).then_some(home));
        if let Some(project) = boxes_of {
            let project = &mut projects[project];
            project.total_tasks += extract.checkboxes.len() as u64;
            project.completed_tasks += done(&extract.checkboxes);
            project.documents.retain(|document| document != path);
        }
        projects[home].todo_count += extract.comments.len() as u64;
        let boxes = boxes_of.map_or(&[][..], |_| &extract.checkboxes);
        let box_home = boxes_of.unwrap_or(home);
        add_file(path, boxes, &projects[box_home].path, &extract.comments, &projects[home].path, &mut tasks);
    }
    for project in projects.iter_mut() {
        project.status = status(project);
        project.documents.sort();
        project.documents.dedup();
    }
    tasks
}

/// Adds one file's tasks by line; the enclosing item of each is known by its place in the whole list.
fn add_file(
    path: &str,
    boxes: &[FoundTask],
    box_home: &str,
    comments: &[FoundTask],
    comment_home: &str,
    tasks: &mut Vec<Task>,
) {
    let start = tasks.len();
    let mut order: Vec<(u64, bool, usize)> =
        boxes.iter().enumerate().map(|(at, t)| (t.line, false, at)).collect();
    order.extend(comments.iter().enumerate().map(|(at, task)| (task.line, true, at)));
    order.sort_unstable();
    let mut place_of = vec![0; boxes.len()];
    for (place, &(_, is_comment, at)) in order.iter().enumerate() {
        if !is_comment {
            place_of[at] = start + place;
        }
    }
    for &(_, is_comment, at) in &order {
        let (found, home) = if is_comment { (&comments[at], comment_home) } else { (&boxes[at], box_home) };
        let parent = found.parent.filter(|_| !is_comment).and_then(|parent| place_of.get(parent).copied());
        let (path, project_path) = (path.to_owned(), home.to_owned());
        tasks.push(Task { found: found.clone(), path, project_path, parent });
    }
}

/// Settles, for every CODITECT project, which file counts and what is declared. The counting files, by path, with
/// their projects.
fn read_coditect<'a>(
    input: &AssembleInput<'a>,
    layout: &Layout<'a>,
    projects: &mut [Project],
) -> HashMap<&'a str, usize> {
    let mut counting = HashMap::new();
    for (at, place) in layout.places.values().enumerate() {
        let ours: Vec<_> =
            place.manifests.iter().filter(|filed| filed.manifest.detector == coditect::NAME).collect();
        if ours.is_empty() {
            continue;
        }
        let project = &mut projects[at];
        let paths: Vec<&str> = ours.iter().map(|filed| filed.path).collect();
        let counted = coditect::counting_file(&paths);
        let declared_by = |path: Option<&str>| -> Option<&Value> {
            ours.iter().find(|filed| Some(filed.path) == path)?.manifest.declared.as_ref()
        };
        let project_file =
            paths.iter().copied().find(|path| coditect::file_kind(path) == Some(CoditectFile::ProjectFile));
        project.declared = coditect::merge_declared(declared_by(counted), declared_by(project_file));
        let boxes = counted.and_then(|path| input.extracts.get(path)).map_or(&[][..], |e| &e.checkboxes);
        for path in [counted, project_file].into_iter().flatten() {
            if let (Some(kind), Some(declared)) = (coditect::file_kind(path), declared_by(Some(path))) {
                let said = coditect::contradictions(kind, declared, boxes.len() as u64, done(boxes));
                project.problems.extend(said);
            }
        }
        let uncounted = paths.iter().filter(|path| Some(**path) != counted && Some(**path) != project_file);
        project.documents.extend(uncounted.map(|path| (*path).to_owned()));
        counting.extend(counted.map(|path| (path, at)));
    }
    counting
}

fn done(boxes: &[FoundTask]) -> u64 {
    boxes.iter().filter(|task| task.state == TaskState::Done).count() as u64
}

/// What is declared where it is one of four words, else what the boxes say.
fn status(project: &Project) -> Status {
    if let Some(declared) = project.declared.as_ref().and_then(coditect::declared_status) {
        return declared;
    }
    match (project.total_tasks, project.completed_tasks) {
        (0, _) => Status::Active,
        (_, 0) => Status::Planned,
        (total, done) if done >= total => Status::Completed,
        _ => Status::Active,
    }
}
