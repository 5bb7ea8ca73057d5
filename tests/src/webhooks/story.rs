//! A session as a person would tell it: what was done, and which lines of the picture came and went with it.

use std::collections::{BTreeSet, HashMap};

use muster_store::{CommitFilter, LinkFilter, RepositoryFilter, SourceId, TaskFilter, Tenant};

use super::site::Site;

/// What was told so far, and the picture as it was then.
#[derive(Default)]
pub(super) struct Story {
    pub(super) text: String,
    before: BTreeSet<String>,
}

impl Story {
    /// Sends what the forge has to send, and tells what came of it under these words.
    pub(super) async fn tell(&mut self, words: &str, site: &mut Site) {
        site.deliver().await;
        self.look(words, site).await;
    }

    /// Tells what is otherwise than before.
    pub(super) async fn look(&mut self, words: &str, site: &Site) {
        let now = picture(&site.tenant).await;
        self.text += &format!("{words}\n");
        for line in self.before.difference(&now) {
            self.text += &format!("  - {line}\n");
        }
        for line in now.difference(&self.before) {
            self.text += &format!("  + {line}\n");
        }
        self.before = now;
    }
}

fn subject(message: &str) -> String {
    format!("{:?}", message.lines().next().unwrap_or_default())
}

/// Who is at the other end, where something is so.
fn so(is: bool, words: &str) -> String {
    if is { format!(", {words}") } else { String::new() }
}

/// What a person can see of a tenant, a line a thing.
async fn picture(tenant: &Tenant) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut names = HashMap::new();
    for listing in tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
        let repository = listing.repository;
        let provided = &repository.provided;
        let name = provided.full_name.clone().unwrap_or_else(|| repository.facts.name.clone());
        lines.insert(format!(
            "{name} on {}{}{}{}",
            repository.facts.branch.as_deref().unwrap_or("nothing"),
            so(provided.archived == Some(true), "archived"),
            so(provided.gone_at.is_some(), "gone"),
            so(!repository.is_active, "rests"),
        ));
        for stored in tenant.stored_refs(repository.id).await.unwrap().refs {
            if stored.deleted_at.is_none() {
                lines.insert(format!("{name} {}", stored.name.trim_start_matches("refs/")));
            }
        }
        names.insert(repository.id, name);
    }
    let filter = CommitFilter { with_unreachable: true, ..CommitFilter::default() };
    let commits = tenant.list_commits(&filter).await.unwrap().items;
    for row in &commits {
        let standing = match (row.unreachable_since.is_some(), row.on_default_since.is_some()) {
            (true, _) => "dropped",
            (_, true) => "on the default branch",
            (_, false) => "on another branch",
        };
        lines.insert(format!(
            "{} commit {}, {standing}",
            names[&row.repository],
            subject(&row.commit.message)
        ));
    }
    let tasks = tenant.list_tasks(&TaskFilter { closed: true, ..TaskFilter::default() }).await.unwrap().items;
    for task in tasks.iter().filter(|task| task.provided.is_some() || task.closed_at.is_none()) {
        let claims = task.claimed_by.iter().map(|claim| {
            let commit = commits.iter().find(|row| row.commit.id == claim.sha).unwrap();
            so(true, &format!("claimed by {}", subject(&commit.commit.message)))
        });
        lines.insert(format!(
            "{} {} {} {:?} {}{}{}",
            names[&task.repository],
            task.found.kind.as_str(),
            task.found.key.as_deref().unwrap_or("-"),
            task.found.title,
            task.found.state.as_str(),
            so(task.closed_at.is_some(), "gone"),
            claims.collect::<String>(),
        ));
    }
    let links =
        tenant.list_links(&LinkFilter { withdrawn: true, ..LinkFilter::default() }).await.unwrap().items;
    for link in links {
        let source = match link.source {
            SourceId::Commit(id) => subject(&commits.iter().find(|row| row.id == id).unwrap().commit.message),
            SourceId::PullRequest(id) => {
                tasks.iter().find(|task| task.id == id).unwrap().found.key.clone().unwrap()
            }
        };
        lines.insert(format!(
            "{} link {source} {} {} {}{}",
            names[&link.repository],
            link.task.relation.as_str(),
            names[&link.task.repository],
            link.task.key.as_deref().unwrap_or("-"),
            so(link.withdrawn_at.is_some(), "withdrawn"),
        ));
    }
    lines
}
