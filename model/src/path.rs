//! Paths inside a repository: `/` between segments, no leading or trailing `/`, and `.` for the root.
//!
//! Paths are text. The scanner percent-encodes the bytes of a path that is not UTF-8 (and reports it), so that
//! everything else may take a path for what it is shown as.

/// The directory above: `a/b` → `a`, `a` → `.`; the root has none.
pub fn parent(path: &str) -> Option<&str> {
    if path == "." {
        return None;
    }
    Some(path.rfind('/').map_or(".", |at| &path[..at]))
}

/// The last segment: `a/b` → `b`, `.` → `.`.
pub fn file_name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// `a` + `b` → `a/b`; the root adds nothing to either side.
pub fn join(base: &str, rest: &str) -> String {
    match (base, rest) {
        (".", rest) => rest.to_owned(),
        (base, ".") => base.to_owned(),
        (base, rest) => format!("{base}/{rest}"),
    }
}

/// True where `path` is `directory` or lies below it, by whole segments (`a` is not above `a-b`).
pub fn is_within(path: &str, directory: &str) -> bool {
    directory == "."
        || path == directory
        || (path.len() > directory.len()
            && path.starts_with(directory)
            && path.as_bytes()[directory.len()] == b'/')
}

/// The directories above `path`, nearest first, the root last.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(path), |above| parent(above))
}

/// The number of segments; the root has none.
pub fn depth(path: &str) -> usize {
    if path == "." { 0 } else { path.split('/').count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_decide_not_characters() {
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("a", "."));
        assert!(!is_within("a-b", "a") && !is_within("a", "a/b") && !is_within(".", "a"));
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a/b", "a", "."]);
        assert_eq!((join(".", "a"), join("a", "."), join("a", "b")), ("a".into(), "a".into(), "a/b".into()));
        assert_eq!((depth("."), depth("a"), depth("a/b")), (0, 1, 2));
    }
}
