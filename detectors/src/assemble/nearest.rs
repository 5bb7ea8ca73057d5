//! The nearest project at or above a directory, each directory looked up once.

use std::collections::HashMap;

use muster_model::parent;

/// Looks projects up by place. `'a` is the life of the paths that are asked for, `'p` that of the projects' paths.
#[derive(Debug)]
pub(crate) struct Nearest<'a, 'p> {
    projects: HashMap<&'p str, usize>,
    known: HashMap<&'a str, Option<usize>>,
}

impl<'a, 'p> Nearest<'a, 'p> {
    /// The answer to every question is a place in `projects`.
    pub(crate) fn new(projects: &[&'p str]) -> Self {
        let projects = projects.iter().enumerate().map(|(at, path)| (*path, at)).collect();
        Self { projects, known: HashMap::new() }
    }

    /// The nearest project that the directory is or lies in.
    pub(crate) fn at(&mut self, directory: &'a str) -> Option<usize> {
        let mut chain = Vec::new();
        let mut next = Some(directory);
        let mut answer = None;
        while let Some(at) = next {
            if let Some(known) = self.known.get(at) {
                answer = *known;
                break;
            }
            chain.push(at);
            if let Some(project) = self.projects.get(at) {
                answer = Some(*project);
                break;
            }
            next = parent(at);
        }
        self.known.extend(chain.into_iter().map(|at| (at, answer)));
        answer
    }

    /// The nearest project above a project.
    pub(crate) fn above(&mut self, project: &'a str) -> Option<usize> {
        self.at(parent(project)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_decide() {
        let mut nearest = Nearest::new(&[".", "a", "a/b/c"]);
        assert_eq!(nearest.at("a/b"), Some(1));
        assert_eq!(nearest.at("a/b/c/d"), Some(2));
        assert_eq!(nearest.at("a-b/x"), Some(0));
        assert_eq!(nearest.above("a/b/c"), Some(1));
        assert_eq!(nearest.above("."), None);
    }
}
