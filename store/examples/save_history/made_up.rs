//! A made-up history: thirty projects, some thousands of files of which few change often, 120 authors.

use std::collections::BTreeSet;

use muster_model::{Commit, Moment, ObjectId, Person, Project, Reference, Relation, Role, Status};
use muster_store::{CommitRow, ProjectChange, RepositoryFacts, StateChange};

const PROJECTS: u64 = 30;

/// A generator of numbers that is the same on every machine (xorshift64*, Vigna 2016).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Small numbers often, great ones seldom.
    fn skewed(&mut self, bound: u64) -> u64 {
        let bound = 1 + self.below(bound);
        self.below(bound)
    }
}

fn object_id(numbers: &mut Numbers) -> ObjectId {
    let bytes: Vec<u8> = (0..20).map(|_| numbers.next() as u8).collect();
    ObjectId::from_bytes(&bytes).unwrap()
}

fn directory(project: u64) -> String {
    format!("packages/package-{project:02}")
}

/// The state that the history leads to.
pub(crate) fn state() -> StateChange {
    let project = |path: String| Project {
        name: path.clone(),
        path,
        description: None,
        version: None,
        project_type: "npm".into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: None,
        workspace_path: None,
        status: Status::Active,
        total_tasks: 0,
        completed_tasks: 0,
        todo_count: 0,
        manifests: vec![],
        declared: None,
        documents: vec![],
        problems: vec![],
    };
    let paths = std::iter::once(".".to_owned()).chain((0..PROJECTS).map(directory));
    StateChange {
        facts: RepositoryFacts {
            source_key: "https://example.com/made/up".into(),
            name: "up".into(),
            clone_url: None,
            branch: Some("main".into()),
            head: None,
            dirty: false,
            shallow: false,
            extractor_version: 3,
        },
        base: None,
        projects: paths
            .map(|path| ProjectChange { id: None, project: project(path), left: None, reopened: false })
            .collect(),
        closed_projects: vec![],
        tasks: vec![],
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: PROJECTS as usize + 1,
        task_count: 0,
    }
}

/// A line of commits, eight paths each on the average.
pub(crate) fn commits(count: usize) -> Vec<CommitRow> {
    let mut numbers = Numbers(42);
    let mut parents: Vec<ObjectId> = Vec::new();
    let mut rows = Vec::with_capacity(count);
    for n in 0..count {
        let row = commit(&mut numbers, n, &parents);
        parents = vec![row.commit.id];
        if numbers.below(8) == 0 {
            parents.push(object_id(&mut numbers));
        }
        rows.push(row);
    }
    rows
}

fn commit(numbers: &mut Numbers, n: usize, parents: &[ObjectId]) -> CommitRow {
    let project = numbers.skewed(PROJECTS);
    let mut paths = BTreeSet::new();
    for _ in 0..1 + numbers.skewed(34) {
        let project = if numbers.below(10) == 0 { numbers.below(PROJECTS) } else { project };
        let (folder, file) = (numbers.skewed(12), numbers.skewed(60));
        paths.insert(format!("{}/src/module-{folder:02}/component-{file:03}.ts", directory(project)));
    }
    if numbers.below(20) == 0 {
        paths.insert("CHANGELOG.md".into());
    }
    let mut message =
        format!("fix(package-{project:02}): handle case {} of the parser (#{n})\n", numbers.below(900));
    for _ in 0..numbers.skewed(9) {
        message.push_str("\nThe reader gave up at the first empty line, so what followed was lost.");
    }
    let person = |numbers: &mut Numbers| {
        let who = numbers.skewed(120);
        let time = Moment { seconds: 1_400_000_000 + n as i64 * 9000, offset_minutes: 60 };
        Person { name: format!("Contributor {who}"), email: format!("contributor-{who}@example.com"), time }
    };
    let author = person(numbers);
    let committer = if numbers.below(3) == 0 { person(numbers) } else { author.clone() };
    let references = vec![Reference {
        start: message.find("(#").unwrap_or_default() + 1,
        end: message.find(")\n").unwrap_or_default(),
        target: format!("#{n}"),
        relation: Relation::Pr,
        rule: "number.pr".into(),
    }];
    let commit = Commit {
        id: object_id(numbers),
        parents: parents.to_vec(),
        author,
        committer,
        message,
        paths: paths.into_iter().collect(),
        paths_complete: true,
    };
    CommitRow { commit, references }
}
