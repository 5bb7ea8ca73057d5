//! How deep a text of JSON nests, in one pass without a stack.
//!
//! Our own reading skips what it does not need without recursion and could stand any depth. What is kept is read by
//! others too, so the bound is set here, at the depth where most readers of JSON stop.

/// Levels of lists and objects, the outermost counted.
pub const MAX_DEPTH: usize = 128;

/// Whether more than [`MAX_DEPTH`] lists and objects are open at once. Of what is not JSON the answer means nothing.
pub(super) fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_count() {
        let text = format!("{{\"a\\\"{}\": \"\\\\\"}}", "[".repeat(200));
        assert!(!is_too_deep(&text));
        assert!(is_too_deep(&format!("{{\"\\\\\":{}", "[".repeat(128))));
        assert!(!is_too_deep(&"[]".repeat(1000)), "one after the other");
    }
}
