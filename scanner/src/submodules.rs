//! Submodules: what `.gitmodules` declares and where gitlinks lie. Nothing here is ever contacted.

use std::collections::BTreeMap;

use gix::bstr::ByteSlice;
use muster_model::{EntryKind, Problem, ProblemKind, SubmoduleLine};

use crate::tree::Listed;

/// Declarations that are read; a file may hold any number.
const MOST_DECLARED: usize = 10_000;

/// One section of `.gitmodules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeclaredSubmodule {
    /// Where it hangs.
    pub(crate) path: String,
    /// As declared, without user info; may be anything at all.
    pub(crate) url: Option<String>,
}

/// Reads `.gitmodules`, which is a Git configuration file; includes are not followed.
pub(crate) fn parse(content: &[u8]) -> Result<Vec<DeclaredSubmodule>, Problem> {
    let meta = gix::config::file::Metadata::from(gix::config::Source::Local);
    let file =
        gix::config::File::from_bytes_no_includes(content, meta, Default::default()).map_err(|error| {
            let message =
                format!("cannot be read as Git configuration: {}", crate::repository::describe(&error));
            Problem::at(".gitmodules", ProblemKind::Submodule, message)
        })?;
    let mut found = Vec::new();
    for section in file.sections_by_name("submodule").into_iter().flatten().take(MOST_DECLARED) {
        let value = |key: &str| section.value(key).map(|value| value.to_str_lossy().into_owned());
        let Some(path) = value("path") else { continue };
        let path = path.trim_end_matches('/').to_owned();
        if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
            continue;
        }
        found.push(DeclaredSubmodule {
            path,
            url: value("url").map(|url| crate::wire::without_user_info(&url)),
        });
    }
    Ok(found)
}

/// Gitlinks with their declared addresses, and declarations without a gitlink.
pub(crate) fn join(listed: &[Listed], declared: Vec<DeclaredSubmodule>) -> Vec<SubmoduleLine> {
    let mut lines: BTreeMap<String, SubmoduleLine> = BTreeMap::new();
    for submodule in declared {
        let line = SubmoduleLine {
            path: submodule.path.clone(),
            url: submodule.url,
            commit: None,
            populated: false,
        };
        lines.insert(submodule.path, line);
    }
    for entry in listed.iter().filter(|entry| entry.kind == EntryKind::Gitlink) {
        let line = lines.entry(entry.path.clone()).or_insert_with(|| SubmoduleLine {
            path: entry.path.clone(),
            url: None,
            commit: None,
            populated: false,
        });
        line.commit = entry.id.map(|id| id.to_string());
    }
    lines.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_address_is_listed_and_none_is_believed() {
        let declared = parse(
            b"[submodule \"a\"]\n\tpath = sub/a/\n\turl = ext::sh -c touch% /tmp/x\n\
              [submodule \"b\"]\n\tpath = ../escape\n\turl = x\n[submodule \"c\"]\n\tpath = c\n\turl = --upload-pack=x\n\
              [submodule \"d\"]\n\turl = https://h/x\n[submodule \"e\"]\n\tpath = e\n\turl = https://me:secret@h/x\n",
        )
        .unwrap();
        let shown: Vec<_> =
            declared.iter().map(|one| (one.path.as_str(), one.url.as_deref().unwrap_or("-"))).collect();
        assert_eq!(
            shown,
            [("sub/a", "ext::sh -c touch% /tmp/x"), ("c", "--upload-pack=x"), ("e", "https://h/x"),]
        );
    }

    #[test]
    fn a_broken_file_is_a_problem() {
        assert_eq!(parse(b"[submodule").unwrap_err().kind, ProblemKind::Submodule);
    }
}
