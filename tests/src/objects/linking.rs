//! Commits with references, tasks, names and projects that move: in any order, with linking in between or not, the same links.

use std::collections::BTreeMap;

use muster_engine::{Snapshot, link, read_task, resolve_links, save};
use muster_model::{
    Commit, Digest, FoundTask, ManifestLine, Moment, ObjectId, Person, Project, ProviderId, ProviderTask,
    ProviderTime, PullRequestFacts, Rank, Reference, Relation, RepositoryFacts, Role, Status, Task, TaskKind,
    TaskState, Version,
};
use muster_store::{CommitRow, LinkFilter, Provider, RepositoryId, SourceId, TaskFilter, Tenant, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::orders::differing;
use super::voices::connect;
use crate::work::scene::on_both;

/// How many orders are tried on each database.
const ORDERS: usize = 40;

/// One thing that is written.
#[derive(Clone, Debug)]
enum Step {
    /// A commit of a repository, the paths that it changes, and what it says.
    Commit(usize, u8, &'static str, &'static [(Relation, &'static str)]),
    /// A report of an issue.
    Issue(i64, u64, i64, TaskState),
    /// A report of a pull request: its title, text and branch.
    PullRequest(i64, u64, i64, [&'static str; 3]),
    /// A report of a repository: its name.
    Name(i64, i64, &'static str),
    /// A saved state of a repository. Those of one are saved in their order.
    State(usize, usize),
    /// Linking.
    Link,
}

fn steps() -> Vec<Step> {
    use Relation::{Closes, Implements, Mentions};
    use Step::{Commit, Issue, Link, Name, PullRequest, State};
    let open = TaskState::Open;
    vec![
        Commit(0, 1, "a/x", &[(Closes, "#1"), (Mentions, "T1.1")]),
        Commit(0, 2, "b/x", &[(Mentions, "#1"), (Closes, "acme/uno#1"), (Implements, "T1.1")]),
        Commit(0, 3, "README", &[(Closes, "T1.1"), (Mentions, "AB-7"), (Closes, "#9")]),
        Commit(0, 4, "c/x", &[(Closes, "Acme/Two#2"), (Closes, "acme/one#1"), (Closes, "P1-T01")]),
        Commit(1, 5, "x", &[(Closes, "#2"), (Closes, "ACME/UNO#3"), (Closes, "AB-7"), (Closes, "T2.1")]),
        Commit(1, 6, "a/x", &[(Closes, "T1.1"), (Mentions, "acme/three#2"), (Mentions, "acme/two#2")]),
        Issue(1, 1, 1, open),
        Issue(1, 1, 2, TaskState::Done),
        Issue(1, 3, 1, open),
        Issue(2, 2, 1, open),
        PullRequest(1, 5, 1, ["Fixes #1", "and T1.1, acme/two#2", "fix/3-x"]),
        PullRequest(1, 5, 2, ["Fixes #3 (#5)", "closes acme/two#2, AB-7", "T2.1"]),
        Name(1, 1, "acme/one"),
        Name(1, 2, "acme/uno"),
        Name(2, 1, "acme/three"),
        Name(2, 3, "acme/two"),
        State(0, 0),
        State(0, 1),
        State(1, 0),
        Link,
        Link,
        Link,
    ]
}

fn at(n: i64) -> Timestamp {
    Timestamp(1_700_000_000_000 + n)
}

fn sha(n: u8) -> ObjectId {
    ObjectId::from_bytes(&[n; 20]).unwrap()
}

/// A commit whose message is its references, one a line, as it is read whenever it is read again.
fn commit(n: u8, path: &str, said: &[(Relation, &str)]) -> CommitRow {
    let person = Person { time: Moment { seconds: i64::from(n), offset_minutes: 0 }, ..Person::default() };
    let (mut message, mut references) = (String::new(), Vec::new());
    for (relation, target) in said {
        let word = if *relation == Relation::Mentions { "see" } else { relation.as_str() };
        message = message + word + " ";
        let start = message.len();
        message += target;
        let kind = match target.find('#') {
            Some(0) => "number",
            Some(_) => "qualified",
            None => "key",
        };
        let by_word = if *relation == Relation::Mentions { "" } else { ".keyword" };
        let (target, rule) = ((*target).to_owned(), format!("{kind}{by_word}"));
        references.push(Reference { start, end: message.len(), target, relation: *relation, rule });
        message.push('\n');
    }
    let commit = Commit {
        id: sha(n),
        parents: vec![],
        author: person.clone(),
        committer: person,
        message,
        paths: vec![path.to_owned()],
        paths_complete: true,
    };
    CommitRow { commit, references }
}

fn project(path: &str, name: &str) -> Project {
    let manifest = ManifestLine {
        detector: "rust".into(),
        path: muster_model::join(path, "Cargo.toml"),
        name: Some(name.into()),
        version: None,
    };
    Project {
        path: path.into(),
        name: name.into(),
        description: None,
        version: None,
        project_type: "rust".into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: None,
        workspace_path: None,
        status: Status::Active,
        total_tasks: 0,
        completed_tasks: 0,
        todo_count: 0,
        manifests: vec![manifest],
        declared: None,
        documents: vec![],
        problems: vec![],
    }
}

fn task(project_path: &str, line: u64, key: &str) -> Task {
    let found = FoundTask {
        kind: TaskKind::Checkbox,
        key: Some(key.into()),
        title: format!("do {key}"),
        state: TaskState::Open,
        line,
        parent: None,
        section: None,
        tag: None,
        assignee: None,
        references: vec![],
        surroundings: "0".repeat(16),
    };
    let path = muster_model::join(project_path, "TASKLIST.md");
    Task { found, path, project_path: project_path.into(), parent: None }
}

/// The states of the first repository (a project moves, tasks come, go and move), and the one of the second.
fn state(repository: usize, n: usize) -> Snapshot {
    let (projects, tasks) = match (repository, n) {
        (0, 0) => (
            vec![project(".", "root"), project("a", "x"), project("c", "c")],
            vec![task(".", 1, "P1-T01"), task("a", 1, "T1.1"), task("c", 1, "T1.1"), task("c", 2, "T2.1")],
        ),
        (0, _) => (
            vec![project(".", "root"), project("b", "x"), project("c", "c")],
            vec![task(".", 1, "T1.1"), task("b", 1, "T1.1"), task("c", 1, "AB-7"), task("c", 2, "P1-T01")],
        ),
        _ => (
            vec![project(".", "root"), project("a", "x")],
            vec![task(".", 1, "T2.1"), task("a", 1, "P1-T01")],
        ),
    };
    Snapshot {
        source_key: format!("github:{}", repository + 1),
        name: "scanned".into(),
        clone_url: None,
        branch: Some("main".into()),
        head: Some(sha(100 + n as u8)),
        dirty: false,
        shallow: false,
        projects,
        tasks,
        submodules: vec![],
        problems: vec![],
        extracts: vec![],
        extractor_version: 1,
    }
}

fn report(repository: i64, number: u64, time: i64, state: TaskState) -> ProviderTask {
    let rank = if state == TaskState::Done { Rank::Closed } else { Rank::Open };
    let time = ProviderTime::from_millis(time);
    ProviderTask {
        repository: ProviderId::new(repository).unwrap(),
        number,
        id: None,
        version: Version { time, rank, digest: Digest([0; 16]) },
        state,
        gone: None,
        title: String::new(),
        body: String::new(),
        author: None,
        assignees: vec![],
        labels: vec![],
        opened_at: ProviderTime::UNKNOWN,
        closed_at: ProviderTime::UNKNOWN,
        url: None,
        pull_request: None,
    }
}

fn pull_request(repository: i64, number: u64, time: i64, texts: [&str; 3]) -> ProviderTask {
    let [title, body, branch] = texts.map(str::to_owned);
    let facts = PullRequestFacts {
        head_ref: branch,
        head_sha: None,
        head_repository: None,
        from_fork: true,
        base_ref: "main".to_owned(),
        base_sha: None,
        merge_commit: None,
        merged: false,
        draft: false,
    };
    let plain = report(repository, number, time, TaskState::InProgress);
    ProviderTask { title, body, pull_request: Some(facts), ..plain }
}

async fn take(tenant: &Tenant, repositories: [RepositoryId; 2], step: &Step, n: i64) {
    let (provider, now) = (Provider::GitHub, at(n));
    match *step {
        Step::Commit(repository, n, path, said) => {
            tenant
                .append_commits(
                    repositories[repository],
                    &[commit(n, path, said)],
                    muster_store::Standing::default(),
                )
                .await
                .unwrap();
        }
        Step::Issue(repository, number, time, state) => {
            let task = report(repository, number, time, state);
            _ = tenant.put_provider_task(provider, &task, &[], resolve_links, None, now).await.unwrap();
        }
        Step::PullRequest(repository, number, time, texts) => {
            let task = pull_request(repository, number, time, texts);
            let said = read_task(&task);
            _ = tenant.put_provider_task(provider, &task, &said, resolve_links, None, now).await.unwrap();
        }
        Step::Name(repository, time, name) => {
            let facts = RepositoryFacts {
                id: ProviderId::new(repository).unwrap(),
                version: report(1, 1, time, TaskState::Open).version,
                full_name: Some(name.to_owned()),
                owner: None,
                default_branch: None,
                private: None,
                archived: None,
                url: None,
            };
            let put =
                tenant.put_repository_report(provider, &facts, "https://h", Some(resolve_links), None, now);
            _ = put.await.unwrap();
        }
        Step::State(repository, n) => _ = save(tenant, &state(repository, n), now).await.unwrap(),
        Step::Link => _ = link(tenant, now).await.unwrap(),
    }
}

/// The links that hold, to tasks that are there, ids and times aside.
async fn links(tenant: &Tenant) -> String {
    let filter = TaskFilter { closed: true, ..TaskFilter::default() };
    let tasks = tenant.list_tasks(&filter).await.unwrap().items;
    let tasks: BTreeMap<_, _> = tasks.into_iter().map(|task| (task.id, task)).collect();
    let all = tenant.list_links(&LinkFilter::default()).await.unwrap().items;
    let mut lines = Vec::new();
    for link in all {
        let task = &tasks[&link.task.id];
        if task.closed_at.is_some() && task.provided.is_none() {
            continue;
        }
        let source = match link.source {
            SourceId::Commit(_) => link.sha.unwrap().to_string()[..2].to_owned(),
            SourceId::PullRequest(id) => tasks[&id].found.key.clone().unwrap(),
        };
        let key = task.found.key.as_deref().unwrap();
        let (relation, rule, repository) = (link.task.relation.as_str(), &link.rule, task.repository);
        let at = format!("{}:{}", task.path, task.found.line);
        lines.push(format!("{source} {relation} {repository} {key} {at} by {rule} {:?}\n", link.matched));
    }
    lines.sort();
    lines.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_first_the_links_are_the_same() {
    on_both(async |scene| {
        let mut runner = TestRunner::deterministic();
        let mut first: Option<String> = None;
        for n in 0..ORDERS {
            let mut order = match n {
                0 => steps(),
                _ => Just(steps()).prop_shuffle().new_tree(&mut runner).unwrap().current(),
            };
            let states: Vec<usize> =
                (0..order.len()).filter(|at| matches!(order[*at], Step::State(0, _))).collect();
            if matches!(order[states[0]], Step::State(_, 1)) {
                order.swap(states[0], states[1]);
            }
            let id = scene.tenant(&format!("t{n}")).await;
            let one = connect(scene, id, 1, "acme/first").await.0.id;
            let two = connect(scene, id, 2, "acme/second").await.0.id;
            let tenant = scene.store.tenant(id);
            for (at, step) in order.iter().enumerate() {
                take(&tenant, [one, two], step, at as i64).await;
            }
            link(&tenant, at(1000)).await.unwrap();
            assert_eq!(link(&tenant, at(1001)).await.unwrap(), 0);
            let links = links(&tenant).await;
            match &first {
                None => first = Some(links),
                Some(first) => {
                    assert!(*first == links, "{order:#?}\n{}\n{first}\n{links}", differing(first, &links));
                }
            }
        }
        insta::allow_duplicates! { insta::assert_snapshot!(first.unwrap(), @r##"
        #5 closes 1 #3 :0 by number.keyword "#3"
        #5 closes 1 AB-7 c/TASKLIST.md:1 by key.keyword "AB-7"
        #5 closes 2 #2 :0 by qualified.keyword "acme/two#2"
        01 closes 1 #1 :0 by number.keyword "#1"
        01 mentions 1 T1.1 b/TASKLIST.md:1 by key "T1.1"
        02 closes 1 #1 :0 by qualified.keyword "acme/uno#1"
        02 implements 1 T1.1 b/TASKLIST.md:1 by key.keyword "T1.1"
        03 closes 1 T1.1 TASKLIST.md:1 by key.keyword "T1.1"
        03 mentions 1 AB-7 c/TASKLIST.md:1 by key "AB-7"
        04 closes 1 P1-T01 c/TASKLIST.md:2 by key.keyword "P1-T01"
        04 closes 2 #2 :0 by qualified.keyword "Acme/Two#2"
        05 closes 1 #3 :0 by qualified.keyword "ACME/UNO#3"
        05 closes 1 AB-7 c/TASKLIST.md:1 by key.keyword "AB-7"
        05 closes 2 #2 :0 by number.keyword "#2"
        05 closes 2 T2.1 TASKLIST.md:1 by key.keyword "T2.1"
        06 mentions 2 #2 :0 by qualified "acme/two#2"
        "##); }
    })
    .await;
}
