//! The bytes of files: line ends made equal, names computed as Git does.

use gix::objs::Kind;
use muster_model::ObjectId;

/// Turns CRLF into LF in place; a lone CR stays. True where anything changed.
pub(crate) fn normalise_line_ends(bytes: &mut Vec<u8>) -> bool {
    let Some(first) = memchr::memmem::find(bytes, b"\r\n") else { return false };
    let mut write = first;
    for read in first..bytes.len() {
        if bytes[read] == b'\r' && bytes.get(read + 1) == Some(&b'\n') {
            continue;
        }
        bytes[write] = bytes[read];
        write += 1;
    }
    bytes.truncate(write);
    true
}

/// The name that Git gives to a blob of these bytes; `None` where hashing fails (a SHA-1 collision attack).
pub(crate) fn blob_id(hash: gix::hash::Kind, bytes: &[u8]) -> Option<gix::ObjectId> {
    gix::objs::compute_hash(hash, Kind::Blob, bytes).ok()
}

/// From gix's id to ours.
pub(crate) fn to_model(id: &gix::oid) -> ObjectId {
    ObjectId::from_bytes(id.as_bytes()).expect("a gix id has 20 or 32 bytes")
}

/// From our id to gix's.
pub(crate) fn to_gix(id: &ObjectId) -> gix::ObjectId {
    gix::ObjectId::from_bytes_or_panic(id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crlf_becomes_lf_and_nothing_else_changes() {
        for (before, after) in
            [("a\r\nb\r\n", "a\nb\n"), ("a\rb\r", "a\rb\r"), ("\r\r\n", "\r\n"), ("", ""), ("a\nb", "a\nb")]
        {
            let mut bytes = before.as_bytes().to_vec();
            assert_eq!(normalise_line_ends(&mut bytes), before != after);
            assert_eq!(bytes, after.as_bytes());
        }
    }

    #[test]
    fn ids_are_those_of_git() {
        let id = blob_id(gix::hash::Kind::Sha1, b"").unwrap();
        assert_eq!(to_model(&id).to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(to_gix(&to_model(&id)), id);
    }
}
