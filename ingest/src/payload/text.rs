//! Texts of JSON, decoded whatever they hold and cut where they grow too long.
//!
//! Text of ours is Unicode. A lone surrogate, which JSON can write and Unicode cannot, becomes U+FFFD; NUL stays, for
//! the store knows how to keep it. Lengths count characters, and a cut shows: the text ends with `…`.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error, Visitor};
use serde_json::value::RawValue;

/// A title: 1,024 characters. GitHub's own bound is 256.
pub const TITLE: usize = 1_024;
/// The text of an issue or pull request: 65,536 characters, which is GitHub's own bound.
pub const BODY: usize = 65_536;
/// The name of an account, a label or a branch, or an address: 1,024 characters.
pub const NAME: usize = 1_024;
/// One word: an action, a state: 64 characters.
pub const WORD: usize = 64;
/// Entries of a list of labels or assignees that are read: 100.
pub const LIST: usize = 100;

/// What stands at the end of a text that was cut.
const CUT: char = '…';

/// The text of a JSON string; `None` for any other value.
pub(super) fn decode(raw: &RawValue) -> Option<String> {
    if !raw.get().starts_with('"') {
        return None;
    }
    // As bytes, because a lone surrogate is an error in a text; serde_json then gives the three bytes that UTF-8 would
    // have for it.
    let mut bytes = serde_json::Deserializer::from_str(raw.get()).deserialize_byte_buf(Bytes).ok()?;
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(2).position(|pair| pair[0] == 0xed && pair[1] >= 0xa0) {
        at += found;
        if let Some(three) = bytes.get_mut(at..at + 3) {
            three.copy_from_slice("\u{fffd}".as_bytes());
        }
        at += 2;
    }
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.as_bytes().to_vec())
    }
}

/// At most `limit` characters, at least one; what is cut ends with `…`, which counts.
pub(super) fn cut(mut text: String, limit: usize) -> String {
    if text.len() <= limit {
        return text;
    }
    let mut starts = text.char_indices().map(|(at, _)| at);
    let last_kept = starts.nth(limit.saturating_sub(1));
    if let (Some(at), Some(_)) = (last_kept, starts.next()) {
        text.truncate(at);
        text.push(CUT);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Option<String> {
        decode(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn surrogates_pair_up_or_are_replaced() {
        assert_eq!(read(r#""\ud83d\ude00""#).as_deref(), Some("😀"));
        assert_eq!(read(r#""a\ud800b""#).as_deref(), Some("a\u{fffd}b"));
        assert_eq!(read(r#""\udc00\ud800""#).as_deref(), Some("\u{fffd}\u{fffd}"));
        assert_eq!(read(r#""\ud800\u0041\ud800\n""#).as_deref(), Some("\u{fffd}A\u{fffd}\n"));
        assert_eq!(read("\"\u{d7ff}\u{e000}\"").as_deref(), Some("\u{d7ff}\u{e000}"), "the neighbours stay");
        assert_eq!(read(r#""nul \u0000 stays""#).as_deref(), Some("nul \0 stays"));
    }

    #[test]
    fn only_a_text_is_a_text() {
        for json in ["1", "null", "true", "[\"a\"]", "{\"a\":\"b\"}"] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn a_cut_counts_characters_and_shows() {
        assert_eq!(cut("äöü".to_owned(), 3), "äöü");
        assert_eq!(cut("äöüß".to_owned(), 3), "äö…");
        assert_eq!(cut("ab".to_owned(), 1), "…");
    }

    proptest! {
        #[test]
        fn texts_come_back_as_they_were(text in any::<String>(), limit in 1_usize..40) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(read(&json), Some(text.clone()));
            let short = cut(text.clone(), limit);
            prop_assert!(short.chars().count() <= limit);
            prop_assert_eq!(short == text, text.chars().count() <= limit || text == short);
        }

        #[test]
        fn any_escapes_decode(units in prop::collection::vec(any::<u16>(), 0..12)) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(read(&format!("\"{json}\"")), Some(String::from_utf16_lossy(&units)));
        }
    }
}
