//! Laws of links: notes are taken away, and what is there then follows from the rows alone.

use muster_model::{Reference, Relation, TaskState};
use muster_store::{
    CommitFilter, CommitRow, LinkAnswer, LinkFilter, LinkQuestion, LinkRecord, Provider, Repository,
    SourceId, Standing, Store, TaskFilter, Tenant, WantedLink,
};

use crate::examples::{LATER, NOW, commit, named, tenant};
use crate::laws::{Law, law};
use crate::objects::{BASE, connected, issue, pull_request, reference, repository_report, version};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("relink", "a reference and its task are joined, whichever came first", either_first),
        law(
            "relink",
            "what no longer holds is withdrawn, and comes back as the same row",
            withdrawn_and_back,
        ),
        law("relink", "steps of any size come to the same", steps),
        law("relink", "a name of another repository follows its renaming", renamed),
        law("list_links", "pages and filters, and no other tenant's", listed),
        law(
            "list_tasks",
            "what a commit says of a task is no claim before it is on the default branch",
            claims,
        ),
    ]
}

/// Joins by equal key in the own repository, or in the one that is named: what the linker does, as far as these laws need it.
fn by_key(question: &LinkQuestion) -> LinkAnswer {
    let mut answer = LinkAnswer::default();
    for (source, said) in question.sources.iter().enumerate() {
        for (mention, target) in said.mentions.iter().enumerate() {
            let (name, key) = match target.target.split_once('#') {
                Some((name, number)) => (name.to_ascii_lowercase(), format!("#{number}")),
                None => (String::new(), target.target.clone()),
            };
            let meant = |repository| match name.as_str() {
                "" => repository == said.repository,
                name => question.repositories.iter().any(|(id, called)| *id == repository && called == name),
            };
            for (candidate, task) in question.candidates.iter().enumerate() {
                if task.key == key && meant(task.repository) && SourceId::PullRequest(task.task) != said.id {
                    let taken = answer
                        .links
                        .iter()
                        .any(|link: &WantedLink| (link.source, link.candidate) == (source, candidate));
                    answer.resolved.push((source, mention));
                    if !taken {
                        answer.links.push(WantedLink { source, mention, candidate, ambiguous: false });
                    }
                }
            }
        }
    }
    answer
}

fn saying(n: u32, targets: &[&str]) -> CommitRow {
    let mut row = commit(n, &["a/x"]);
    row.commit.message = targets.join(" ");
    let mut at = 0;
    row.references = targets
        .iter()
        .map(|target| {
            let start = at;
            at += target.len() + 1;
            let (end, target) = (start + target.len(), (*target).to_owned());
            Reference { start, end, target, relation: Relation::Closes, rule: "number.keyword".to_owned() }
        })
        .collect();
    row
}

async fn relink(tenant: &Tenant, limit: usize) -> usize {
    let mut changed = 0;
    loop {
        let step = tenant.relink(limit, by_key, LATER).await.unwrap();
        changed += step.changed;
        if !step.more {
            return changed;
        }
    }
}

async fn put(tenant: &Tenant, number: u64, at: i64) {
    let task = issue(number, at, TaskState::Open);
    _ = tenant.put_provider_task(Provider::GitHub, &task, &[], by_key, None, NOW).await.unwrap();
}

async fn links(tenant: &Tenant) -> Vec<LinkRecord> {
    tenant.list_links(&LinkFilter::default()).await.unwrap().items
}

/// What is joined to what, with the evidence.
async fn joined(tenant: &Tenant) -> Vec<String> {
    let mut all: Vec<_> = links(tenant)
        .await
        .iter()
        .map(|link| {
            let source = link.sha.map_or("a pull request".to_owned(), |sha| sha.to_string()[..8].to_owned());
            let task = link.task.key.as_deref().unwrap_or("");
            format!("{source} {} {task} by {:?}", link.task.relation.as_str(), link.matched)
        })
        .collect();
    all.sort();
    all
}

async fn append(tenant: &Tenant, repository: &Repository, rows: &[CommitRow]) {
    tenant.append_commits(repository.id, rows, Standing::default()).await.unwrap();
}

async fn either_first(store: Store) {
    let mut answers = Vec::new();
    for (n, task_first) in [true, false].into_iter().enumerate() {
        let acme = named(&store, &format!("t{n}")).await;
        let one = connected(&acme).await;
        if task_first {
            put(&acme, 12, 1).await;
        }
        append(&acme, &one, &[saying(1, &["#12", "é", "#12"]), saying(2, &["#13", "Acme/ONE#12"])]).await;
        relink(&acme, 100).await;
        if !task_first {
            put(&acme, 12, 1).await;
            assert_eq!(joined(&acme).await.len(), 2, "with the report itself");
        }
        assert_eq!(relink(&acme, 100).await, 0);
        answers.push(joined(&acme).await);
    }
    assert_eq!(answers[0], ["00000001 closes #12 by \"#12\"", "00000002 closes #12 by \"Acme/ONE#12\""]);
    assert_eq!(answers[0], answers[1]);
    let acme = store.tenant_by_subdomain("t0").await.unwrap().unwrap();
    let commits = store.tenant(acme.id).list_commits(&CommitFilter::default()).await.unwrap().items;
    let linked: Vec<_> = commits.iter().map(|row| row.links[0].key.clone().unwrap()).collect();
    assert_eq!(linked, ["#12", "#12"]);
}

async fn withdrawn_and_back(store: Store) {
    let acme = tenant(&store).await;
    connected(&acme).await;
    put(&acme, 12, 1).await;
    let put = async |at, targets: &[&str]| {
        let references: Vec<_> = targets.iter().map(|target| reference(target, Relation::Closes)).collect();
        let task = pull_request(5, at, 40);
        acme.put_provider_task(Provider::GitHub, &task, &references, by_key, None, NOW).await.unwrap()
    };
    _ = put(1, &["#12", "#5"]).await;
    let first = links(&acme).await;
    assert_eq!((first.len(), first[0].source), (1, SourceId::PullRequest(muster_store::TaskId(2))));
    _ = put(2, &["#13"]).await;
    assert!(links(&acme).await.is_empty());
    let with = LinkFilter { withdrawn: true, ..LinkFilter::default() };
    assert_eq!(acme.list_links(&with).await.unwrap().items[0].withdrawn_at, Some(NOW));
    _ = put(3, &["#12"]).await;
    assert_eq!(links(&acme).await, first);
}

async fn steps(store: Store) {
    let mut answers = Vec::new();
    for limit in [1, 2, 3, 1000] {
        let acme = named(&store, &format!("t{limit}")).await;
        let one = connected(&acme).await;
        for n in 0..20 {
            let targets = [format!("#{}", n % 3 + 1), format!("#{}", n % 5 + 1), "acme/one#2".to_owned()];
            let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
            append(&acme, &one, &[saying(n, &targets)]).await;
        }
        for number in 1..5 {
            put(&acme, number, 1).await;
        }
        relink(&acme, limit).await;
        assert_eq!(relink(&acme, limit).await, 0);
        answers.push(joined(&acme).await);
    }
    assert!(answers[0].len() > 30 && answers.iter().all(|answer| *answer == answers[0]));
}

async fn renamed(store: Store) {
    let acme = tenant(&store).await;
    let one = connected(&acme).await;
    put(&acme, 12, 1).await;
    append(&acme, &one, &[saying(1, &["acme/one#12"]), saying(2, &["ACME/two#12"]), saying(3, &["#12"])])
        .await;
    relink(&acme, 100).await;
    let sources = async || {
        let mut all: Vec<_> = joined(&acme).await.iter().map(|text| text[7..8].to_owned()).collect();
        all.sort();
        all.concat()
    };
    assert_eq!(sources().await, "13");
    for (at, name, wanted) in [(1, "acme/Two", "23"), (2, "acme/three", "3"), (3, "Acme/One", "13")] {
        let mut report = repository_report(at, muster_model::Rank::Open, name);
        report.version = version(at, muster_model::Rank::Open, 0);
        let report =
            acme.put_repository_report(Provider::GitHub, &report, BASE, Some(by_key), None, NOW).await;
        assert_eq!(report.unwrap(), muster_store::Reported::Taken);
        assert_eq!(sources().await, wanted, "{name}");
    }
    assert_eq!(relink(&acme, 100).await, 0);
}

async fn listed(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let one = connected(&acme).await;
    for number in 1..4 {
        put(&acme, number, 1).await;
    }
    append(&acme, &one, &[saying(1, &["#1", "#2", "#3"]), saying(2, &["#1"])]).await;
    relink(&acme, 100).await;
    let whole = links(&acme).await;
    assert_eq!(whole.len(), 4);
    let (mut filter, mut items) = (LinkFilter { limit: 1, ..LinkFilter::default() }, Vec::new());
    loop {
        let page = acme.list_links(&filter).await.unwrap();
        items.extend(page.items);
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
    }
    assert_eq!(items, whole);
    let SourceId::Commit(commit) = whole[0].source else { panic!("a commit made it") };
    let count = async |filter| acme.list_links(&filter).await.unwrap().items.len();
    assert_eq!(count(LinkFilter { commit: Some(commit), ..LinkFilter::default() }).await, 3);
    let task = Some(whole[0].task.id);
    assert_eq!(count(LinkFilter { task, ..LinkFilter::default() }).await, 2);
    assert_eq!(count(LinkFilter { task, commit: Some(commit), ..LinkFilter::default() }).await, 1);
    assert_eq!(count(LinkFilter { repository: Some(one.id), ..LinkFilter::default() }).await, 4);
    assert_eq!(count(LinkFilter { pull_request: task, ..LinkFilter::default() }).await, 0);
    assert!(links(&other).await.is_empty());
}

async fn claims(store: Store) {
    let acme = tenant(&store).await;
    claimed(&acme).await;
    assert!(acme.list_tasks(&TaskFilter::default()).await.unwrap().items[0].claimed_by.is_empty());
}

/// An open issue, and a commit that says that it closes it.
async fn claimed(acme: &Tenant) {
    let one = connected(acme).await;
    put(acme, 12, 1).await;
    append(acme, &one, &[saying(1, &["#12"])]).await;
    relink(acme, 100).await;
}

/// How a commit comes onto the default branch is for others; here it is written from outside.
#[tokio::test]
async fn a_claim_fires_on_the_default_branch_while_the_task_is_open() {
    for (store, mut raw) in crate::raw::both().await {
        let acme = tenant(&store).await;
        claimed(&acme).await;
        let claims = async || {
            let tasks = acme.list_tasks(&TaskFilter::default()).await.unwrap().items;
            let task = &tasks[0];
            (task.found.state, task.claimed_by.iter().map(|claim| claim.relation).collect::<Vec<_>>())
        };
        assert_eq!(claims().await, (TaskState::Open, vec![]));
        raw.run("update commits set on_default_since = 1").await;
        assert_eq!(claims().await, (TaskState::Open, vec![Relation::Closes]), "its state is its own");
        raw.run("update links set rule = rule || '.ambiguous'").await;
        assert_eq!(claims().await.1, []);
        raw.run("update links set rule = 'number'").await;
        raw.run("update commits set on_default_since = null").await;
        assert_eq!(claims().await.1, [], "forced away");
        raw.run("update commits set on_default_since = 2").await;
        assert_eq!(claims().await.1, [Relation::Closes]);
        let done = issue(12, 2, TaskState::Done);
        _ = acme.put_provider_task(Provider::GitHub, &done, &[], by_key, None, NOW).await.unwrap();
        assert_eq!(claims().await, (TaskState::Done, vec![]), "nobody has to claim it any more");
        store.close().await;
        raw.remove().await;
    }
}
