//! How each tool reads the patterns of its workspace.
//!
//! npm, Yarn and Lerna take patterns in order, a `!pattern` removing what stood before it; pnpm applies `!pattern`
//! last wherever it stands; uv and Cargo keep exclusions in a list of their own. The JavaScript tools never look into
//! `node_modules` or `bower_components` unless a pattern names them.

use std::collections::BTreeSet;

use muster_model::{Problem, ProblemKind, file_name, is_within};

use super::{Budget, Candidates, Root, cargo};
use crate::pattern::{Pattern, compiled_count, expand_braces};
use crate::ruleset::Extracts;

/// The most patterns with wildcards of one workspace. Plain paths are not limited: they cost nothing to match.
pub(super) const MAX_GLOBS: usize = 256;

/// Whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Npm,
    Pnpm,
    Lerna,
    Uv,
    Cargo,
}

impl Dialect {
    /// Told by the file that declares the workspace.
    pub(super) fn of(path: &str) -> Option<Self> {
        Some(match file_name(path) {
            "package.json" => Self::Npm,
            "pnpm-workspace.yaml" => Self::Pnpm,
            "lerna.json" => Self::Lerna,
            "pyproject.toml" => Self::Uv,
            "Cargo.toml" => Self::Cargo,
            _ => return None,
        })
    }

    /// The detector that reads the members.
    pub(crate) fn detector(self) -> &'static str {
        match self {
            Self::Npm | Self::Pnpm | Self::Lerna => "npm",
            Self::Uv => "python",
            Self::Cargo => "rust",
        }
    }

    /// True for files that need a manifest beside them.
    pub(super) fn is_companion(self) -> bool {
        matches!(self, Self::Pnpm | Self::Lerna)
    }

    /// The member directories of a workspace, sorted; the root may be among them.
    pub(super) fn members(
        self,
        root: &Root<'_>,
        candidates: &Candidates<'_>,
        extracts: &Extracts,
        budget: &mut Budget,
        problems: &mut Vec<Problem>,
    ) -> BTreeSet<String> {
        let Some(workspace) = &root.manifest.workspace else { return BTreeSet::new() };
        let mut patterns = Patterns { root, budget, problems, globs: 0, reported: 0 };
        if self == Self::Cargo {
            return cargo::members(workspace, candidates, extracts, &mut patterns);
        }
        let (mut plain, mut negated): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for text in &workspace.members {
            match text.strip_prefix('!') {
                Some(rest) if self == Self::Pnpm => negated.push(rest),
                _ => plain.push(text),
            }
        }
        let mut found = BTreeSet::new();
        for text in plain {
            match text.strip_prefix('!') {
                Some(text) => patterns.remove(text, &mut found),
                None => {
                    for pattern in patterns.parse(text, false) {
                        let matching = candidates.matching(self.detector(), &pattern, patterns.budget);
                        let kept = matching
                            .into_iter()
                            .filter(|dir| self == Self::Uv || is_looked_at(dir, &pattern));
                        found.extend(kept.map(str::to_owned));
                    }
                }
            }
        }
        for text in negated.into_iter().chain(workspace.exclude.iter().map(String::as_str)) {
            patterns.remove(text, &mut found);
        }
        found
    }
}

/// False for directories that JavaScript tools skip.
fn is_looked_at(directory: &str, pattern: &Pattern) -> bool {
    ["node_modules", "bower_components"]
        .into_iter()
        .all(|skipped| !directory.split('/').any(|segment| segment == skipped) || pattern.names(skipped))
}

/// The patterns of one workspace, parsed within bounds.
pub(super) struct Patterns<'p> {
    pub(super) root: &'p Root<'p>,
    pub(super) budget: &'p mut Budget,
    problems: &'p mut Vec<Problem>,
    globs: usize,
    reported: usize,
}

impl Patterns<'_> {
    /// The patterns that a text stands for: several where braces span a `/`, none where it is refused.
    pub(super) fn parse(&mut self, text: &str, dots: bool) -> Vec<Pattern> {
        let mut parsed = Vec::new();
        for text in expand_braces(text, 64) {
            let is_glob = text.contains(['*', '?', '[', '{']);
            if is_glob {
                self.globs += 1;
                if self.globs == MAX_GLOBS + 1 {
                    let message = format!("more than {MAX_GLOBS} workspace globs: the rest is not matched");
                    self.report(ProblemKind::LimitReached, message);
                }
            }
            // Paid for before it is parsed: compiling is what a hostile list would make us do.
            if is_glob && self.globs > MAX_GLOBS || !self.budget.take_compiling(compiled_count(&text)) {
                continue;
            }
            match Pattern::parse(self.root.directory, &text, dots) {
                Ok(pattern) => parsed.push(pattern),
                Err(why) => {
                    self.report(ProblemKind::BrokenManifest, format!("workspace pattern `{text:.64}` {why}"));
                }
            }
        }
        parsed
    }

    /// Removes what a pattern matches, and what lies below for uv, whose exclusions are whole trees.
    fn remove(&mut self, text: &str, found: &mut BTreeSet<String>) {
        let whole_tree = self.root.dialect == Dialect::Uv;
        for pattern in self.parse(text, true) {
            if pattern.is_literal() && !whole_tree {
                found.remove(&pattern.fixed_part());
                continue;
            }
            let fixed = pattern.fixed_part();
            let budget = &mut *self.budget;
            found.retain(|directory| {
                if !is_within(directory, &fixed) {
                    return true;
                }
                let segments: Vec<&str> =
                    if directory == "." { Vec::new() } else { directory.split('/').collect() };
                let shortest = if whole_tree { 1 } else { segments.len() };
                !(shortest..=segments.len())
                    .any(|length| budget.take(pattern.cost(length)) && pattern.matches(&segments[..length]))
            });
        }
    }

    fn report(&mut self, kind: ProblemKind, message: String) {
        // One file may hold a hundred thousand bad patterns; a few say enough.
        if self.reported < 8 {
            self.reported += 1;
            self.problems.push(Problem::at(self.root.path, kind, message));
        }
    }
}
