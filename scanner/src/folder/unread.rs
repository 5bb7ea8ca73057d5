//! Telling whether a file whose content nobody needs has changed: read in pieces, whatever its size.

use std::fs::File;
use std::io::Read;

use crate::content::normalise_line_ends;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;

/// True where a file of `size` bytes is the blob `id`, as it stands or with LF for CRLF. Git may have added the CR
/// on the way to the disk.
pub(super) fn has_id(
    kind: gix::hash::Kind,
    open: impl Fn() -> Option<File>,
    size: u64,
    id: gix::ObjectId,
) -> bool {
    let mut plain = blob_hasher(kind, size);
    let (mut line_ends, mut last) = (0, 0);
    let read = open().and_then(|file| {
        in_pieces(file.take(size), |piece| {
            plain.update(piece);
            for byte in &*piece {
                line_ends += u64::from(last == b'\r' && *byte == b'\n');
                last = *byte;
            }
        })
    });
    if read.is_none() || plain.try_finalize().is_ok_and(|found| found == id) {
        return read.is_some();
    }
    line_ends > 0 && has_id_with_lf(kind, open, size, line_ends, id)
}

fn has_id_with_lf(
    kind: gix::hash::Kind,
    open: impl Fn() -> Option<File>,
    size: u64,
    line_ends: u64,
    id: gix::ObjectId,
) -> bool {
    let mut normal = blob_hasher(kind, size - line_ends);
    // A CR at the end of a piece waits for what follows it.
    let mut waiting = false;
    let read = open().and_then(|file| {
        in_pieces(file.take(size), |piece| {
            if std::mem::take(&mut waiting) {
                piece.insert(0, b'\r');
            }
            waiting = piece.pop_if(|last| *last == b'\r').is_some();
            normalise_line_ends(piece);
            normal.update(piece);
        })
    });
    if waiting {
        normal.update(b"\r");
    }
    read.is_some() && normal.try_finalize().is_ok_and(|found| found == id)
}

fn blob_hasher(kind: gix::hash::Kind, size: u64) -> gix::hash::Hasher {
    let mut hasher = gix::hash::hasher(kind);
    hasher.update(format!("blob {size}\0").as_bytes());
    hasher
}

/// Gives every piece to `take`; `None` where the file cannot be read to its end.
fn in_pieces(mut file: impl Read, mut take: impl FnMut(&mut Vec<u8>)) -> Option<()> {
    let mut piece = Vec::with_capacity(PIECE + 1);
    loop {
        piece.clear();
        if file.by_ref().take(PIECE as u64).read_to_end(&mut piece).ok()? == 0 {
            return Some(());
        }
        take(&mut piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::blob_id;

    #[test]
    fn line_ends_meet_the_borders_of_pieces() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let kind = gix::hash::Kind::Sha1;
        for content in [
            "",
            "a\r",
            "\r\n",
            "\r\r\n",
            "a\nb\r\nc",
            &"x\r\n".repeat(PIECE),
            &"\r\n".repeat(PIECE),
            &"\r".repeat(PIECE + 1),
        ] {
            std::fs::write(&path, content).unwrap();
            let is = |text: &str| {
                let id = blob_id(kind, text.as_bytes()).unwrap();
                has_id(kind, || File::open(&path).ok(), content.len() as u64, id)
            };
            assert!(is(content));
            assert!(is(&content.replace("\r\n", "\n")));
            assert!(!is(&format!("{content}x")));
        }
        assert!(!has_id(kind, || None, 0, blob_id(kind, b"").unwrap()));
    }
}
