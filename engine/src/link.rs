//! Linking: what is written of references and tasks becomes links, whichever of the two came first.
//!
//! The store knows what has to be looked at again and what of it differs; the linker knows what a target means. Here the one
//! gets its question answered by the other.

use std::collections::HashMap;

use muster_linker::links::{Mention, link as join};
use muster_linker::resolve::{Place, TaskIndex};
use muster_store::{
    LinkAnswer, LinkQuestion, LinkSource, Relinked, RepositoryId, SourceId, StoreError, Tenant, Timestamp,
    WantedLink,
};

/// Sources of one step: on SQLite nobody else writes meanwhile.
const SOURCES: usize = 500;

/// Makes every link that is still to be made; gives the number of those that were made, came back or were withdrawn.
pub async fn link(tenant: &Tenant, now: Timestamp) -> Result<usize, StoreError> {
    let mut changed = 0;
    loop {
        let step = link_some(tenant, now).await?;
        changed += step.changed;
        if !step.more {
            return Ok(changed);
        }
    }
}

/// Does one step of it.
pub async fn link_some(tenant: &Tenant, now: Timestamp) -> Result<Relinked, StoreError> {
    tenant.relink(SOURCES, resolve_links, now).await
}

/// Which tasks sources mean: the linker's rules, for the store's rows.
pub fn resolve_links(question: &LinkQuestion) -> LinkAnswer {
    // Ranks instead of ids: which candidates are kept must not depend on which row came first.
    let mut tasks: TaskIndex<RepositoryId, usize> = TaskIndex::default();
    for (rank, candidate) in question.candidates.iter().enumerate() {
        tasks.insert(&candidate.key, candidate.repository, &candidate.project_path, rank);
    }
    for (repository, name) in &question.repositories {
        tasks.call(*repository, name);
    }
    let ranks: HashMap<_, _> =
        question.candidates.iter().enumerate().map(|(rank, candidate)| (candidate.task, rank)).collect();
    let mut answer = LinkAnswer::default();
    for (at, source) in question.sources.iter().enumerate() {
        let own = match source.id {
            SourceId::Commit(_) => None,
            SourceId::PullRequest(task) => ranks.get(&task).copied(),
        };
        let place = Place { repository: source.repository, touched_projects: &source.touched_projects };
        let linked = join(own, place, &mentions(source), &tasks);
        answer.links.extend(linked.links.into_iter().map(|link| WantedLink {
            source: at,
            mention: link.mention,
            candidate: link.task,
            ambiguous: link.ambiguous,
        }));
        answer.resolved.extend(linked.resolved.into_iter().map(|mention| (at, mention)));
    }
    answer
}

fn mentions(source: &LinkSource) -> Vec<Mention<'_>> {
    source.mentions.iter().map(|said| Mention { target: &said.target, relation: said.relation }).collect()
}
