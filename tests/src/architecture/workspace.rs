//! The texts of this workspace, read once.
//!
//! They are read from the folder rather than from Git's index, so that a file is judged before it is committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A file that is text.
#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    /// From the root of the workspace, with `/`.
    pub(super) path: String,
    /// The whole of it.
    pub(super) text: String,
}

/// What holds no sources of ours. In a linked work tree `.git` is a file.
const OTHERS: [&str; 6] = [".git", "target", "node_modules", "corpus", "artifacts", "mutants.out"];

/// The folder of the workspace.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
        .to_owned()
}

/// Every text of the workspace, sorted by path. What is not UTF-8 is left out.
pub(super) fn files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
        let mut found = Vec::new();
        let root = root();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of the workspace can be read") {
                let entry = entry.expect("a folder of the workspace can be read");
                let kind = entry.file_type().expect("the kind of an entry is known");
                let name = entry.file_name();
                if OTHERS.iter().any(|other| name == *other) {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file()
                    && let Ok(text) = fs::read_to_string(entry.path())
                {
                    let path = entry.path();
                    let path = path.strip_prefix(&root).expect("it was found below the root");
                    let path = path.to_str().expect("our own file names are text").replace('\\', "/");
                    found.push(SourceFile { path, text });
                }
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        found
    });
    &FILES
}

/// The folder of the crate that a file belongs to: `cli` of `cli/src/main.rs`.
pub(super) fn crate_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// The Rust sources.
pub(super) fn rust(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    files.iter().filter(|file| file.path.ends_with(".rs"))
}
