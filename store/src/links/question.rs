//! What is asked of whoever knows which task a target means: sources with all that they say, and the tasks that are called so.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::Relation;

use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::words::word;
use crate::{CommitId, RepositoryId, StoreError, TaskId};

const COMMITS_SAID: Statement = statement!(both "links/of_commits_said");
const PULL_REQUESTS_SAID: Statement = statement!(both "links/of_pull_requests_said");
const TOUCHED: Statement = statement!(both "links/touched");
const CANDIDATES: Statement = statement!(both "links/candidates");
const REPOSITORIES: Statement = statement!(both "links/repositories_called");

/// Texts that one statement takes.
const TEXTS: usize = 1000;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceId {
    /// A commit.
    Commit(CommitId),
    /// A pull request.
    PullRequest(TaskId),
}

/// One reference of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkMention {
    /// `#12`, `owner/repo#12`, a task key, or a commit's id.
    pub target: String,
    /// How it is spoken of.
    pub relation: Relation,
    /// By which rule.
    pub rule: String,
    /// Its order among those of the source.
    pub(super) place: i64,
    /// The bytes of the commit's message that matched.
    pub(super) span: (i64, i64),
    /// The text that matched, where it is stored.
    pub(super) matched: Option<String>,
    /// A link says what the target is.
    pub(super) resolved: bool,
}

/// A source with all that it refers to, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSource {
    /// Who speaks.
    pub id: SourceId,
    /// In which repository.
    pub repository: RepositoryId,
    /// The paths of the projects that the commit touches, open or closed; none for a pull request.
    pub touched_projects: Vec<String>,
    /// What it refers to.
    pub mentions: Vec<LinkMention>,
}

/// A task that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCandidate {
    /// Its key, `#12` for an issue or a pull request.
    pub key: String,
    /// Its repository.
    pub repository: RepositoryId,
    /// The path of the project that counts it; `.` where none does.
    pub project_path: String,
    /// The task.
    pub task: TaskId,
}

/// Everything that the answer depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkQuestion {
    /// Who speaks.
    pub sources: Vec<LinkSource>,
    /// The tasks that are called as something that is spoken of, in an order that does not depend on ids.
    pub candidates: Vec<LinkCandidate>,
    /// The repositories that are spoken of by name, with that name in lower case.
    pub repositories: Vec<(RepositoryId, String)>,
}

/// A link that should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedLink {
    /// The place of the source in the question.
    pub source: usize,
    /// The place of the mention in the source.
    pub mention: usize,
    /// The place of the task in the question.
    pub candidate: usize,
    /// Several tasks may be meant, and this is one of them.
    pub ambiguous: bool,
}

/// What the question comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkAnswer {
    /// At most one for each source and task.
    pub links: Vec<WantedLink>,
    /// Mentions that one of them stands for: the places of source and mention.
    pub resolved: Vec<(usize, usize)>,
}

/// Which tasks are meant.
pub type ResolveLinks = fn(&LinkQuestion) -> LinkAnswer;

impl LinkQuestion {
    /// Loads sources, all that they say, and all that may be meant.
    pub(super) async fn load(
        transaction: &mut TenantTransaction,
        commits: &[i64],
        pull_requests: &[i64],
    ) -> Result<Self, StoreError> {
        let mut sources: BTreeMap<SourceId, LinkSource> = BTreeMap::new();
        if !commits.is_empty() {
            let query = transaction.query(COMMITS_SAID).bind(commits);
            for row in transaction.fetch_all(query).await? {
                add(&mut sources, SourceId::Commit(CommitId(row.int("source_id")?)), &row, true)?;
            }
            let query = transaction.query(TOUCHED).bind(commits);
            for row in transaction.fetch_all(query).await? {
                let id = SourceId::Commit(CommitId(row.int("commit_id")?));
                if let Some(source) = sources.get_mut(&id) {
                    source.touched_projects.push(row.text("path")?);
                }
            }
        }
        if !pull_requests.is_empty() {
            let query = transaction.query(PULL_REQUESTS_SAID).bind(pull_requests);
            for row in transaction.fetch_all(query).await? {
                add(&mut sources, SourceId::PullRequest(TaskId(row.int("source_id")?)), &row, false)?;
            }
        }
        let mut question = Self { sources: sources.into_values().collect(), ..Self::default() };
        question.load_candidates(transaction).await?;
        Ok(question)
    }

    async fn load_candidates(&mut self, transaction: &mut TenantTransaction) -> Result<(), StoreError> {
        let mentions = self.sources.iter().flat_map(|source| &source.mentions);
        let targets: BTreeSet<&str> = mentions.map(|mention| mention.target.as_str()).collect();
        let named = targets.iter().filter_map(|target| split_name(target));
        let names: BTreeSet<String> = named.map(|(name, _)| name.to_ascii_lowercase()).collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut repositories = Vec::new();
        for chunk in names.chunks(TEXTS) {
            let query = transaction.query(REPOSITORIES).bind(chunk);
            for row in transaction.fetch_all(query).await? {
                repositories.push((RepositoryId(row.int("id")?), row.text("name")?, row.flag("gone")?));
            }
        }
        // One that was made again under the same name is meant, and not the one that is gone.
        let present: BTreeSet<String> =
            repositories.iter().filter(|(.., gone)| !gone).map(|(_, name, _)| name.clone()).collect();
        repositories.retain(|(_, name, gone)| !gone || !present.contains(name));
        self.repositories = repositories.into_iter().map(|(id, name, _)| (id, name)).collect();

        let own = self.sources.iter().map(|source| source.repository.0);
        let spoken: BTreeSet<i64> = own.chain(self.repositories.iter().map(|(id, _)| id.0)).collect();
        let spoken: Vec<i64> = spoken.into_iter().collect();
        let key = |target: &str| match target.find('#') {
            Some(at) => target[at..].to_owned(),
            None => target.to_owned(),
        };
        let keys: BTreeSet<String> = targets.iter().map(|target| key(target)).collect();
        // Numbers and keys of templates are looked for in few repositories, names of tasks in all.
        let (wide, near): (Vec<String>, Vec<String>) = keys.into_iter().partition(|key| is_wide(key));
        for (keys, narrow) in [(near, true), (wide, false)] {
            for chunk in keys.chunks(TEXTS) {
                let query = transaction.query(CANDIDATES).bind(chunk).bind(&spoken[..]).bind(narrow);
                for row in transaction.fetch_all(query).await? {
                    self.candidates.push(LinkCandidate {
                        key: row.text("key")?,
                        repository: RepositoryId(row.int("repository_id")?),
                        project_path: row.text("project_path")?,
                        task: TaskId(row.int("id")?),
                    });
                }
            }
        }
        Ok(())
    }
}

/// `owner/name` and `12` of `owner/name#12`.
fn split_name(target: &str) -> Option<(&str, &str)> {
    target.split_once('#').filter(|(name, _)| !name.is_empty())
}

/// May the key mean a task of another repository? (The rule is the linker's; here it only saves loading.)
fn is_wide(key: &str) -> bool {
    key.bytes().take(2).filter(u8::is_ascii_alphabetic).count() == 2
}

fn add(
    sources: &mut BTreeMap<SourceId, LinkSource>,
    id: SourceId,
    row: &Row,
    of_commit: bool,
) -> Result<(), StoreError> {
    let repository = RepositoryId(row.int("repository_id")?);
    let source = sources.entry(id).or_insert_with(|| LinkSource {
        id,
        repository,
        touched_projects: Vec::new(),
        mentions: Vec::new(),
    });
    // A pull request that refers to nothing any more has one row without a place.
    let Some(place) = row.maybe_int("place")? else { return Ok(()) };
    source.mentions.push(LinkMention {
        target: row.text("target")?,
        relation: word(row.word("relation")?)?,
        rule: row.text("rule")?,
        place,
        span: if of_commit { (row.int("span_start")?, row.int("span_end")?) } else { (0, 0) },
        matched: if of_commit { None } else { Some(row.text("matched")?) },
        resolved: row.flag("resolved")?,
    });
    Ok(())
}
