//! The refs of a repository, as a look compares them: branches, tags, the heads of pull requests, each with the commit that it
//! stands for.
//!
//! A tag stands for what it was put on; one that was put on a file or a tree stands for no commit and is left out.

use std::collections::{BTreeMap, HashSet};

use gix::objs::{FindHeader, Kind};
use muster_model::ObjectId;

use super::Source;
use crate::content::{to_gix, to_model};
use crate::history::Walk;
use crate::repository::describe;

/// Where refs of interest stand.
const NAMESPACES: [&[u8]; 3] = [b"refs/heads/", b"refs/pull/", b"refs/tags/"];

/// The refs of a repository at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refs {
    /// The commit of each, by full name.
    pub tips: BTreeMap<String, ObjectId>,
    /// Those whose object is not here: the repository is damaged.
    pub broken: Vec<String>,
}

/// The refs could not be listed.
#[derive(Debug, thiserror::Error)]
#[error("cannot list the refs of the repository: {0}")]
pub struct RefsError(String);

impl Source {
    /// The refs of the repository; none where there is no repository.
    ///
    /// # Errors
    /// Where its files are damaged.
    pub fn refs(&self) -> Result<Refs, RefsError> {
        let mut refs = Refs::default();
        let Some(repository) = &self.repository else { return Ok(refs) };
        let told = |error: &gix::Error| RefsError(describe(error));
        let platform = repository.references().map_err(|error| told(&error))?;
        for reference in platform.all().map_err(|error| told(&error))? {
            let mut reference = match reference {
                Ok(reference) => reference,
                // One broken file is one broken ref.
                Err(error) => {
                    refs.broken.push(error.to_string());
                    continue;
                }
            };
            let name = reference.name().as_bstr();
            if !NAMESPACES.iter().any(|namespace| name.starts_with(namespace)) {
                continue;
            }
            let Ok(name) = std::str::from_utf8(name).map(str::to_owned) else { continue };
            let id = reference.peel_to_id().map(gix::Id::detach);
            match id.ok().and_then(|id| Some((id, repository.objects.try_header(&id).ok()??.kind))) {
                Some((id, Kind::Commit)) => _ = refs.tips.insert(name, to_model(&id)),
                Some(_) => {}
                None => refs.broken.push(name),
            }
        }
        Ok(refs)
    }

    /// True where this commit is here.
    pub fn has_commit(&self, id: &ObjectId) -> bool {
        let header = self.repository.as_ref().map(|repository| repository.objects.try_header(&to_gix(id)));
        matches!(header, Some(Ok(Some(header))) if header.kind == Kind::Commit)
    }

    /// A walk from these commits down to `stops`, which are known; `None` without a repository.
    pub fn walk(&self, tips: impl IntoIterator<Item = ObjectId>, stops: HashSet<ObjectId>) -> Option<Walk> {
        Some(Walk::new(self.repository.as_ref()?, self.limits, tips, stops))
    }
}
