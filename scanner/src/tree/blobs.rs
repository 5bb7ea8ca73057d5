//! Reading files from the object database, the size before the content: a blob may be of any size.

use gix::objs::{Find, FindHeader, Kind};
use muster_detectors::MAX_FILE_BYTES;
use muster_model::{Problem, ProblemKind};

use super::Listed;
use crate::reading::{FileWorker, Look};
use crate::repository::describe;

/// One thread's way to the blobs.
pub(crate) struct BlobWorker {
    pub(crate) repository: gix::Repository,
    scratch: Vec<u8>,
}

impl BlobWorker {
    pub(crate) fn new(repository: gix::Repository) -> Self {
        Self { repository, scratch: Vec::new() }
    }

    /// The recorded size; `None` where the object is not here.
    pub(crate) fn size(&self, listed: &Listed) -> Option<u64> {
        let header = self.repository.objects.try_header(&listed.id?).ok()??;
        (header.kind == Kind::Blob).then_some(header.size)
    }
}

impl FileWorker for BlobWorker {
    fn look(&mut self, listed: &Listed, want: bool, buffer: &mut Vec<u8>) -> Look {
        let missing = |message: String| Look::Missing {
            problem: Some(Problem::at(listed.path.clone(), ProblemKind::MissingObject, message)),
            gone: false,
        };
        let Some(id) = listed.id else { return Look::Missing { problem: None, gone: true } };
        let size = match self.repository.objects.try_header(&id) {
            Ok(Some(header)) if header.kind == Kind::Blob => header.size,
            Ok(Some(_)) => return missing(format!("object {id} is not a file")),
            Ok(None) => return missing(format!("object {id} is missing; the file is not read")),
            Err(error) => return missing(format!("object {id} cannot be read: {}", describe(&error))),
        };
        if !want || size > MAX_FILE_BYTES {
            return Look::Found { size, read: false, changed: false };
        }
        match self.repository.objects.try_find(&id, &mut self.scratch) {
            Ok(Some(found)) => {
                buffer.clear();
                buffer.extend_from_slice(found.data);
                Look::Found { size, read: true, changed: false }
            }
            Ok(None) => missing(format!("object {id} is missing; the file is not read")),
            Err(error) => missing(format!("object {id} cannot be read: {}", describe(&error))),
        }
    }
}
