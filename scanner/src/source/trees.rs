//! Listing and reading the tree of a source: a folder with Git, a folder without, a commit.

use std::path::Path;
use std::sync::Mutex;

use muster_detectors::Ruleset;
use muster_model::{Problem, ProblemKind, SubmoduleLine};

use super::Source;
use crate::folder::{self, Conversion, FolderWorker};
use crate::progress::Phase;
use crate::reading::{self, FileWorker, Job, Look, ReadOptions, Reading, ReadingError};
use crate::repository::describe;
use crate::submodules::{self, DeclaredSubmodule};
use crate::tree::{self, BlobWorker, Listed, Listing};

/// Bytes of a `.gitmodules` that are read.
const GITMODULES_BYTES: u64 = 1 << 20;

impl Source {
    /// Lists and reads the tree.
    pub fn read(
        &self,
        rules: &Ruleset,
        options: ReadOptions<'_>,
    ) -> Result<(Reading, Vec<SubmoduleLine>), ReadingError> {
        options.progress.begin(Phase::List, None);
        let (mut reading, submodules) = match (&self.folder, &self.repository) {
            (Some(root), Some(repository)) => self.read_folder(root, repository, rules, options)?,
            (Some(root), None) => (self.read_plain(root, rules, options)?, Vec::new()),
            (None, Some(repository)) => self.read_commit(repository, rules, options)?,
            (None, None) => Default::default(),
        };
        reading.problems.sort();
        Ok((reading, submodules))
    }

    fn read_folder(
        &self,
        root: &Path,
        repository: &gix::Repository,
        rules: &Ruleset,
        options: ReadOptions<'_>,
    ) -> Result<(Reading, Vec<SubmoduleLine>), ReadingError> {
        let limits = self.limits;
        let index = repository.index_or_empty().map_err(|error| ReadingError::Index(describe(&error)))?;
        let index: &gix::index::File = &index;
        let mut listing = Listing::new(limits);
        folder::list_tracked(repository, index, limits, &mut listing);
        let (tracked, mut problems) = listing.finish();
        let head_tree = self.facts.head.as_ref().and_then(|head| self.tree_id(head));
        let staged = folder::is_staged(repository, index, head_tree, limits);
        let conversion = Conversion::of(repository, self.attribute_texts(root, repository, &tracked));
        let submodules = submodules::join(&tracked, self.declared(&mut problems));

        let shared = repository.clone().into_sync();
        let walk_problems = Mutex::new(Vec::new());
        let list_untracked = || {
            let mut listing = Listing::new(limits);
            folder::list_untracked(&shared.to_thread_local(), index, root, limits, &mut listing);
            let (found, problems) = listing.finish();
            if let Ok(mut held) = walk_problems.lock() {
                *held = problems;
            }
            found
        };
        let worker = || -> Box<dyn FileWorker + '_> {
            let worker = FolderWorker::new(root, limits, Some(shared.to_thread_local()));
            Box::new(if conversion.per_file { worker.asking(index) } else { worker })
        };
        let meanwhile: Option<&(dyn Fn() -> Vec<Listed> + Sync)> = Some(&list_untracked);
        let job = Job { rules, options, worker: &worker, sizes_differ: conversion.line_ends, meanwhile };
        let mut reading = reading::read(&job, tracked)?;
        let beside = walk_problems.into_inner().unwrap_or_default();
        let foreign = beside.iter().any(|problem| problem.kind == ProblemKind::NestedRepository);
        reading.dirty |= staged || foreign;
        reading.problems.extend(problems);
        reading.problems.extend(beside);
        Ok((reading, submodules))
    }

    fn read_plain(
        &self,
        root: &Path,
        rules: &Ruleset,
        options: ReadOptions<'_>,
    ) -> Result<Reading, ReadingError> {
        let limits = self.limits;
        let mut listing = Listing::new(limits);
        folder::list_plain(root, limits, &mut listing);
        let (listed, problems) = listing.finish();
        let worker = || -> Box<dyn FileWorker + '_> { Box::new(FolderWorker::new(root, limits, None)) };
        let job = Job { rules, options, worker: &worker, sizes_differ: false, meanwhile: None };
        let mut reading = reading::read(&job, listed)?;
        reading.problems.extend(problems);
        Ok(reading)
    }

    fn read_commit(
        &self,
        repository: &gix::Repository,
        rules: &Ruleset,
        options: ReadOptions<'_>,
    ) -> Result<(Reading, Vec<SubmoduleLine>), ReadingError> {
        let limits = self.limits;
        let mut listing = Listing::new(limits);
        if let Some(head) = &self.facts.head {
            match self.tree_id(head) {
                Some(root) => {
                    tree::list(&repository.objects, repository.object_hash(), root, b"", &mut listing);
                }
                None => listing.problems.push(Problem::whole(
                    ProblemKind::MissingObject,
                    format!("the tree of commit {head} is missing; nothing can be scanned"),
                )),
            }
        }
        let (listed, mut problems) = listing.finish();
        let submodules = submodules::join(&listed, self.declared(&mut problems));
        let shared = repository.clone().into_sync();
        let worker = || -> Box<dyn FileWorker + '_> { Box::new(BlobWorker::new(shared.to_thread_local())) };
        let job = Job { rules, options, worker: &worker, sizes_differ: false, meanwhile: None };
        let mut reading = reading::read(&job, listed)?;
        reading.problems.extend(problems);
        Ok((reading, submodules))
    }

    fn declared(&self, problems: &mut Vec<Problem>) -> Vec<DeclaredSubmodule> {
        let found = match self.read_small(".gitmodules", GITMODULES_BYTES) {
            None => return Vec::new(),
            Some(Err(size)) => {
                let message = format!("{size} bytes are too many; declared addresses are not read");
                Err(Problem::at(".gitmodules", ProblemKind::LimitReached, message))
            }
            Some(Ok(content)) => submodules::parse(&content),
        };
        found.unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        })
    }

    /// Every attributes file of the folder and the one beside its objects.
    fn attribute_texts<'a>(
        &'a self,
        root: &'a Path,
        repository: &'a gix::Repository,
        tracked: &'a [Listed],
    ) -> impl Iterator<Item = Vec<u8>> + 'a {
        let mut worker = FolderWorker::new(root, self.limits, Some(repository.clone()));
        let named = tracked.iter().filter(|entry| muster_model::file_name(&entry.path) == ".gitattributes");
        let texts = named.filter_map(move |entry| {
            let mut buffer = Vec::new();
            matches!(worker.look(entry, true, &mut buffer), Look::Found { read: true, .. }).then_some(buffer)
        });
        let info = repository.common_dir().join("info").join("attributes");
        let info = crate::git_dir::open_plain(&info).and_then(|mut file| {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut text).ok().map(|_| text)
        });
        texts.chain(info)
    }
}
