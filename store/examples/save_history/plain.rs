//! The rows of the plain insert, ready to be bound: every id is known beforehand.

use std::collections::BTreeMap;

use muster_model::Person;
use muster_store::{CommitRow, RepositoryId, TenantId};

/// Rows of all tables, with their numbers.
pub(crate) struct Prepared<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) repository: i64,
    pub(crate) rows: &'a [CommitRow],
    pub(crate) parents: Vec<Vec<u8>>,
    pub(crate) people: BTreeMap<(&'a str, &'a str), i64>,
    pub(crate) paths: BTreeMap<&'a str, i64>,
    pub(crate) commit_paths: Vec<Vec<i64>>,
    pub(crate) commit_projects: Vec<Vec<i64>>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(rows: &'a [CommitRow], tenant: TenantId, repository: RepositoryId) -> Self {
        let (mut people, mut paths) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            for person in [&row.commit.author, &row.commit.committer] {
                let next = people.len() as i64 + 1;
                people.entry((person.name.as_str(), person.email.as_str())).or_insert(next);
            }
            for path in &row.commit.paths {
                let next = paths.len() as i64 + 1;
                paths.entry(path.as_str()).or_insert(next);
            }
        }
        let sorted = |mut numbers: Vec<i64>| {
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let owner = |path: &str| match path.strip_prefix("packages/package-") {
            Some(rest) => rest[..2].parse::<i64>().unwrap() + 2,
            None => 1,
        };
        let numbers = |of: &dyn Fn(&str) -> i64| {
            rows.iter().map(|row| sorted(row.commit.paths.iter().map(|path| of(path)).collect())).collect()
        };
        Self {
            tenant,
            repository: repository.0,
            rows,
            parents: rows
                .iter()
                .map(|row| row.commit.parents.iter().flat_map(|id| id.as_bytes().to_vec()).collect())
                .collect(),
            commit_paths: numbers(&|path| paths[path]),
            commit_projects: numbers(&owner),
            people,
            paths,
        }
    }

    /// The number of somebody.
    pub(crate) fn person(&self, person: &Person) -> i64 {
        self.people[&(person.name.as_str(), person.email.as_str())]
    }

    /// A batch's pairs of a commit's number and another.
    pub(crate) fn pairs<'b>(
        batch: &'b [usize],
        lists: &'b [Vec<i64>],
    ) -> impl Iterator<Item = (i64, i64)> + 'b {
        batch.iter().flat_map(|n| lists[*n].iter().map(|other| (*n as i64 + 1, *other)))
    }
}
