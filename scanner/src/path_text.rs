//! Paths as text. Git's paths are bytes; Muster's are UTF-8.

use std::borrow::Cow;
use std::fmt::Write;

/// A path as text, and whether it had to be changed: the bytes of a path that is not UTF-8 are percent-encoded
/// where they are not part of a character, and so is every `%` of such a path.
pub(crate) fn to_text(raw: &[u8]) -> (Cow<'_, str>, bool) {
    if let Ok(text) = std::str::from_utf8(raw) {
        return (Cow::Borrowed(text), false);
    }
    let mut text = String::with_capacity(raw.len() + 8);
    for chunk in raw.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '%' => text.push_str("%25"),
                other => text.push(other),
            }
        }
        for byte in chunk.invalid() {
            let _infallible = write!(text, "%{byte:02X}");
        }
    }
    (Cow::Owned(text), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_text_is_encoded() {
        assert_eq!(to_text("a/ü %.rs".as_bytes()), (Cow::Borrowed("a/ü %.rs"), false));
        assert_eq!(to_text(b"a%/\xff\xc3\xbc"), (Cow::Owned("a%25/%FFü".to_owned()), true));
    }
}
