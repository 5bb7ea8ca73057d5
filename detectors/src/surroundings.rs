//! What stands around a task, as 16 hexadecimal digits: tells equal tasks apart when lines move.
//!
//! The digest is stored, and a stored one is compared with one made by a later version, so the function may never
//! change. That is why it is written out here (FNV-1a, 64 bits, public domain, http://www.isthe.com/chongo/tech/comp/fnv/)
//! and not taken from a library or from the standard library's hasher, which promises nothing across releases.

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The digest of the nearest non-blank line above and the nearest non-blank line below a task.
///
/// Both lines are given trimmed; an end of the file counts as an empty line. White space at either end of a line is
/// ignored here too, so that indenting a block changes no digest. The answer is 16 lower-case hexadecimal digits of
/// FNV-1a over `above`, a line feed, `below`.
pub(crate) fn digest(above: &str, below: &str) -> String {
    let hash = [above.trim().as_bytes(), b"\n", below.trim().as_bytes()]
        .into_iter()
        .flatten()
        .fold(OFFSET_BASIS, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_never_changes() {
        assert_eq!(digest("", ""), "af63c74c8601c8dd");
        assert_eq!(digest("fn a() {", "}"), "415fa6db1fd8cde5");
    }

    #[test]
    fn sides_count_and_outer_white_space_does_not() {
        assert_ne!(digest("a", "b"), digest("b", "a"));
        assert_ne!(digest("ab", ""), digest("a", "b"));
        assert_eq!(digest("  a\t", "\tb "), digest("a", "b"));
    }
}
