//! Text that PostgreSQL refuses: NUL.
//!
//! Git's messages, names and file contents may hold NUL; SQLite keeps it, PostgreSQL's `text` does not. So that no
//! text is lost and both engines give back the same letters, NUL is written there as an escape: U+FDD0, a code point
//! that Unicode sets aside for such uses inside a program (Unicode Standard, section 23.7), followed by `0`; U+FDD0
//! itself is doubled. The mapping is one to one, so equal texts stay equal and unequal ones unequal.

use std::borrow::Cow;

const ESCAPE: char = '\u{fdd0}';

/// Does a text hold something that is written as an escape?
pub(crate) fn is_escaped(text: &str) -> bool {
    text.contains(['\0', ESCAPE])
}

/// The text as PostgreSQL keeps it.
pub(crate) fn to_postgres(text: &str) -> Cow<'_, str> {
    if !is_escaped(text) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\0' => escaped.extend([ESCAPE, '0']),
            ESCAPE => escaped.extend([ESCAPE, ESCAPE]),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The text as it was given.
pub(crate) fn from_postgres(stored: &str) -> String {
    if !stored.contains(ESCAPE) {
        return stored.to_owned();
    }
    let mut text = String::with_capacity(stored.len());
    let mut chars = stored.chars();
    while let Some(c) = chars.next() {
        text.push(match (c, c == ESCAPE) {
            (c, false) => c,
            (_, true) => match chars.next() {
                Some('0') => '\0',
                Some(c) => c,
                None => ESCAPE,
            },
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_holds_nul() {
        let letters = ['\0', ESCAPE, '0', 'a', '\u{fffd}', '👩'];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| letters.map(|c| format!("{text}{c}"))).collect();
            texts = longer;
            for text in &texts {
                let stored = to_postgres(text);
                assert!(!stored.contains('\0'));
                assert_eq!(from_postgres(&stored), *text);
            }
        }
        assert!(matches!(to_postgres("plain"), Cow::Borrowed(_)));
    }
}
