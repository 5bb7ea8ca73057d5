//! Which repository `--repo` means, and which project `--project`.
//!
//! A name is looked for before a folder: what is saved is asked about from anywhere, and a directory that happens to
//! be called like a repository must not stand for the repository that it lies in. Nothing is guessed: where a name
//! is that of several, they are named and one has to be said.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use muster_scanner::wire::{Policy, RemoteAddress, is_remote, without_user_info};
use muster_scanner::{Limits, Source};
use muster_store::{ProjectFilter, ProjectId, Repository, RepositoryId, Timestamp};

use super::listing::Reader;

/// So many candidates are named.
const NAMED: usize = 10;

/// The repository that is meant: by its source key, its address, its name, or a folder of it.
pub(super) fn find_repository(reader: &Reader<'_>, text: &str) -> Result<Repository> {
    let shown = without_user_info(text);
    resolve(reader, text, &shown).with_context(|| format!("find the repository {shown}"))
}

fn resolve(reader: &Reader<'_>, text: &str, shown: &str) -> Result<Repository> {
    let by_key = |key: &str| reader.wait(reader.tenant.find_repository_by_source_key(key));
    if let Some(found) = by_key(text)? {
        return Ok(found);
    }
    let mut saved = reader.repositories()?;
    if saved.is_empty() {
        bail!("nothing has been saved yet; muster scan PATH saves a repository");
    }
    if is_remote(text) {
        let key = source_key(shown);
        if let Ok(key) = &key
            && let Some(found) = by_key(key)?
        {
            return Ok(found);
        }
        // A folder is known by its path; what its remote is called says which one is meant all the same.
        let is_meant = |url: &String| url == shown || key.as_ref().is_ok_and(|key| is_known_as(url, key));
        saved.retain(|repository| repository.facts.clone_url.as_ref().is_some_and(is_meant));
        if let Some(found) = only(saved)? {
            return Ok(found);
        }
        key.or_else(|_| source_key(text))?;
        bail!("it has not been saved yet; muster scan {shown} saves it");
    }
    saved.retain(|repository| repository.facts.name == text);
    if let Some(found) = only(saved)? {
        return Ok(found);
    }
    let path = Path::new(text);
    if !text.contains('/') && !path.is_dir() {
        bail!("there is none of that name; muster repos lists those that are saved");
    }
    let key = Source::open(path, None, Limits::default())?.key;
    by_key(&key)?.with_context(|| format!("the folder has not been saved yet; muster scan {shown} saves it"))
}

fn is_known_as(url: &str, key: &str) -> bool {
    source_key(url).is_ok_and(|other| other == key)
}

/// The one form under which an address is known. Nothing is contacted, so any host will do.
fn source_key(address: &str) -> Result<String> {
    let policy = Policy { allow_local: true, ..Policy::default() };
    Ok(RemoteAddress::parse(address, &policy)?.source_key())
}

/// The one candidate; nothing where there is none, and an error that names them where there are several.
fn only(mut candidates: Vec<Repository>) -> Result<Option<Repository>> {
    if candidates.len() < 2 {
        return Ok(candidates.pop());
    }
    let mut named: Vec<_> =
        candidates.iter().take(NAMED).map(|repository| repository.facts.source_key.clone()).collect();
    if candidates.len() > NAMED {
        named.push(format!("and {} more", candidates.len() - NAMED));
    }
    bail!("there are {} of that name; give one of {}", candidates.len(), named.join(", "))
}

/// The project at this path of the repository: the one that is there, else the one that was there last.
pub(super) fn find_project(reader: &Reader<'_>, repository: &Repository, path: &str) -> Result<ProjectId> {
    let path = match path.trim_start_matches("./").trim_end_matches('/') {
        "" => ".",
        path => path,
    };
    let found = look_for_project(reader, repository.id, path).context("look for the project")?;
    found.with_context(|| {
        format!(
            "find the project {path}: {} has none there; muster projects --all --closed --repo {} lists them",
            repository.facts.name, repository.facts.name
        )
    })
}

fn look_for_project(reader: &Reader<'_>, id: RepositoryId, path: &str) -> Result<Option<ProjectId>> {
    let mut filter = ProjectFilter {
        repository: Some(id),
        hidden: true,
        closed: true,
        over_quota: true,
        ..ProjectFilter::default()
    };
    let mut best: Option<(Timestamp, ProjectId)> = None;
    loop {
        let page = reader.wait(reader.tenant.list_projects(&filter))?;
        for record in page.items.iter().filter(|record| record.project.path == path) {
            let until = (record.closed_at.unwrap_or(Timestamp(i64::MAX)), record.id);
            best = best.max(Some(until));
        }
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(best.map(|(_, id)| id));
        }
    }
}
