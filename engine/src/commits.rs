//! Commits with what they say and touch: references read, projects found, on the threads that read history.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use muster_linker::{Parser, Vocabulary, strongest};
use muster_model::{Commit, CommitLine, ObjectId, Person, PersonLine, Reference, ReferenceLine, ancestors};
use muster_scanner::{Batch, History, HistoryEnd, HistoryError, Progress};

use crate::merge::Merged;
use crate::scan::Scan;

/// A commit and what its message refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCommit {
    /// As read from Git.
    pub commit: Commit,
    /// As read from its message, in order of place.
    pub references: Vec<Reference>,
    /// The visible projects of the scan that it touches, sorted.
    pub projects: Vec<String>,
}

/// Reads commits against the projects and task keys of one scan.
#[derive(Debug)]
pub struct CommitReader {
    parser: Parser,
    /// Every project, so that a change belongs to the nearest.
    projects: HashSet<String>,
    /// Those that are shown.
    visible: HashSet<String>,
}

impl CommitReader {
    /// For a scan; `all`: projects of hidden roles are shown too.
    pub fn new(scan: &Scan, all: bool) -> Self {
        let mut merged = Merged::of(scan);
        let keys = merged.tasks.iter().filter_map(|task| task.found.key.clone()).collect();
        let parser = Parser::new(&Vocabulary { keys, ..Vocabulary::default() });
        let paths = |merged: &Merged| merged.projects.iter().map(|project| project.path.clone()).collect();
        let projects = paths(&merged);
        if !all {
            merged.hide();
        }
        Self { parser, projects, visible: paths(&merged) }
    }

    /// For commits whose projects nobody asks for: only references are read.
    pub(crate) fn of_keys(keys: HashSet<String>) -> Self {
        let parser = Parser::new(&Vocabulary { keys, ..Vocabulary::default() });
        Self { parser, projects: HashSet::new(), visible: HashSet::new() }
    }

    /// What a message refers to.
    pub(crate) fn references(&self, message: &str) -> Vec<Reference> {
        self.parser.parse(message)
    }

    /// Reads a commit's message and finds the projects that it touches.
    pub fn read(&self, commit: Commit) -> ReadCommit {
        let references = self.parser.parse(&commit.message);
        let mut touched: Vec<&str> = Vec::new();
        let mut last: Option<(&str, Option<&str>)> = None;
        for path in &commit.paths {
            let directory = muster_model::parent(path).unwrap_or(".");
            // A gitlink is a project at its very path; everything else asks for its directory, mostly the last one.
            let nearest = match (self.projects.get(path.as_str()), last) {
                (Some(own), _) => Some(own.as_str()),
                (None, Some((known, nearest))) if known == directory => nearest,
                (None, _) => ancestors(path).find_map(|above| self.projects.get(above)).map(String::as_str),
            };
            last = Some((directory, nearest)).filter(|_| !self.projects.contains(path.as_str()));
            if let Some(project) = nearest.filter(|project| self.visible.contains(*project))
                && touched.last() != Some(&project)
            {
                touched.push(project);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let projects = touched.into_iter().map(str::to_owned).collect();
        ReadCommit { commit, references, projects }
    }

    /// Reads a selection of a history in its order.
    pub fn read_history(
        &self,
        history: &History,
        selection: &[ObjectId],
        threads: usize,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
        receive: &mut dyn FnMut(Batch<ReadCommit>) -> ControlFlow<()>,
    ) -> Result<HistoryEnd, HistoryError> {
        history.read(selection, threads, progress, cancelled, &|commit| self.read(commit), receive)
    }
}

impl ReadCommit {
    /// As the scan document shows it.
    pub fn line(&self) -> CommitLine {
        let references = strongest(&self.references)
            .into_iter()
            .map(|(target, relation)| ReferenceLine { target, relation })
            .collect();
        CommitLine {
            sha: self.commit.id.to_string(),
            parents: self.commit.parents.iter().map(ObjectId::to_string).collect(),
            author: person(&self.commit.author),
            committer: person(&self.commit.committer),
            message: self.commit.message.clone(),
            paths: self.commit.paths.clone(),
            path_count: self.commit.paths.len() as u64,
            projects: self.projects.clone(),
            references,
        }
    }
}

fn person(person: &Person) -> PersonLine {
    PersonLine { name: person.name.clone(), email: person.email.clone(), time: person.time.to_string() }
}
