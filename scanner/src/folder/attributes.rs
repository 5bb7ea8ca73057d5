//! Files whose content on disk is not what Git records: `filter` (Git LFS), `ident` and `working-tree-encoding`.
//!
//! Filters are never run, and need not be: the recorded content is in the object database.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use gix::bstr::ByteSlice;

use crate::git_dir::can_be_rules;
use crate::tree::Listed;

/// Which attributes of a folder make its files differ from what is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conversion {
    /// Some `.gitattributes` names one of the attributes that change content: ask for each file.
    pub(crate) per_file: bool,
    /// Line ends may differ, so sizes on disk are not the recorded ones.
    pub(crate) line_ends: bool,
}

const NAMES: [&str; 3] = ["filter", "ident", "working-tree-encoding"];

impl Conversion {
    /// Reads the repository's own configuration and every attributes file. Only words are looked for: where one
    /// stands, attributes are asked for file by file, which costs time but gives the same answer.
    pub(crate) fn of(repository: &gix::Repository, texts: impl Iterator<Item = Vec<u8>>) -> Self {
        let config = repository.config_snapshot();
        let converts =
            config.string("core.autocrlf").is_some_and(|value| value.eq_ignore_ascii_case(b"true"))
                || config.string("core.eol").is_some_and(|value| value.eq_ignore_ascii_case(b"crlf"));
        let mut found = Self { per_file: false, line_ends: converts };
        for text in texts {
            found.per_file |= NAMES.iter().any(|name| text.contains_str(name));
            found.line_ends |= text.contains_str("crlf");
        }
        found
    }
}

/// Tells of each file whether its content on disk is converted.
pub(crate) struct Asker {
    stack: gix::worktree::Stack,
    outcome: gix::attrs::search::Outcome,
    root: PathBuf,
    /// The directory that was asked about last, and whether its rules and those above can be read: a pipe of that
    /// name would be waited for.
    last: Option<(Vec<u8>, bool)>,
}

impl Asker {
    pub(crate) fn new(repository: &gix::Repository, index: &gix::index::File) -> Option<Self> {
        let source = gix::worktree::stack::state::attributes::Source::WorktreeThenIdMapping;
        let stack = repository.attributes_only(index, source).ok()?;
        let outcome = stack.selected_attribute_matches(NAMES);
        let root = repository.workdir()?.to_owned();
        Some(Self { stack: stack.detach(), outcome, root, last: None })
    }

    fn has_plain_rules(&mut self, path: &[u8]) -> bool {
        let directory = &path[..memchr::memrchr(b'/', path).unwrap_or(0)];
        if let Some((last, plain)) = &self.last
            && last == directory
        {
            return *plain;
        }
        let on_disk = self.root.join(std::ffi::OsStr::from_bytes(directory));
        let above = on_disk.ancestors().take_while(|above| above.starts_with(&self.root));
        let plain = above.map(|above| above.join(".gitattributes")).all(|path| can_be_rules(&path));
        self.last = Some((directory.to_vec(), plain));
        plain
    }

    /// True where the recorded content must be read instead of the file.
    pub(crate) fn is_converted(&mut self, repository: &gix::Repository, listed: &Listed) -> bool {
        let path = listed.raw_path().as_bstr();
        if !self.has_plain_rules(path) {
            return false;
        }
        let Ok(platform) = self.stack.at_entry(path, None, &repository.objects) else { return false };
        if !platform.matching_attributes(&mut self.outcome) {
            return false;
        }
        use gix::attrs::StateRef::{Unset, Unspecified};
        self.outcome.iter_selected().any(|found| !matches!(found.assignment.state, Unspecified | Unset))
    }
}
