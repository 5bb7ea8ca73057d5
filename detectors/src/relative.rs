//! Paths that a manifest states, settled by text alone: what leaves the tree is no path.

/// `text` as seen from directory `base`: `("a/b", "../c")` → `a/c`. `None` where it is absolute or leads out of the
/// tree.
pub(crate) fn resolve(base: &str, text: &str) -> Option<String> {
    if text.starts_with('/') || text.contains('\0') {
        return None;
    }
    let mut segments: Vec<&str> = if base == "." { Vec::new() } else { base.split('/').collect() };
    for segment in text.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(if segments.is_empty() { ".".to_owned() } else { segments.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolve("a/b", "../c/./d/").as_deref(), Some("a/c/d"));
        assert_eq!(resolve("a", "..").as_deref(), Some("."));
        assert_eq!(resolve(".", "a").as_deref(), Some("a"));
        assert_eq!(resolve("a", "../../x"), None);
        assert_eq!(resolve("a", "/etc/passwd"), None);
    }
}
