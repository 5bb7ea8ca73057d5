//! What an earlier scan kept, so that unchanged files need not be read again.

use std::collections::HashMap;

use muster_model::{FileExtract, ObjectId};

/// The tree of an earlier scan and what its files yielded. A file of that tree without an extract yielded nothing.
#[derive(Clone, Debug, Default)]
pub struct KnownTree {
    files: HashMap<String, (ObjectId, Option<FileExtract>)>,
}

impl KnownTree {
    /// From the listing of a tree and the kept extracts with the blobs that they were made from.
    pub fn new(
        listing: impl IntoIterator<Item = (String, ObjectId)>,
        extracts: impl IntoIterator<Item = (String, ObjectId, FileExtract)>,
    ) -> Self {
        let mut files: HashMap<_, _> = listing.into_iter().map(|(path, id)| (path, (id, None))).collect();
        for (path, id, extract) in extracts {
            if let Some(held) = files.get_mut(&path)
                && held.0 == id
            {
                held.1 = Some(extract);
            }
        }
        Self { files }
    }

    /// `Some` where the file at this path had this content; inside, what it yielded.
    pub(crate) fn yielded(&self, path: &str, id: &ObjectId) -> Option<Option<&FileExtract>> {
        self.files.get(path).filter(|held| held.0 == *id).map(|held| held.1.as_ref())
    }
}
