//! What a detector is: it knows one kind of manifest by its name and reads one file of it.
//!
//! A detector is pure and sees one file at a time. What needs the other files of the tree (workspaces, parents,
//! roles, fields that another file holds) it states in the `Manifest`, and `assemble` settles it.

use muster_model::{Manifest, ManifestKind, parent};

/// One kind of manifest.
pub(crate) trait Detector: Sync {
    /// The detector's name, and the type of the projects that it owns.
    fn name(&self) -> &'static str;

    /// The place of a file among the detector's manifests of one directory, the strongest being 0; `None` where the
    /// path is none of them. Called for every entry of a tree: compare bytes, allocate nothing.
    fn rank(&self, path: &str) -> Option<u8>;

    /// What the file says; `None` where its text shows that it is no manifest. A file that does not parse still
    /// claims its directory: the error goes to `problems`. The caller fills in `detector`.
    fn read(&self, path: &str, content: &[u8]) -> Option<Manifest>;

    /// How a file of this name takes part, known before it is read.
    fn kind(&self, _path: &str) -> ManifestKind {
        ManifestKind::Project
    }

    /// The directory that the file speaks of.
    fn directory<'p>(&self, path: &'p str) -> &'p str {
        parent(path).unwrap_or(".")
    }
}
