//! The wrapping keys of an installation as they are written in a file: the current one first, former ones behind it.
//!
//! New data keys are wrapped with the first, stored ones are unwrapped with whichever they name. So a rotation needs no
//! moment at which everything changes: put a key in front, wrap anew, take the old one away.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use super::alphabet::{BASE64, HEX};
use super::key_bytes::KeyBytes;
use super::{Secret, WrappingKey, WrappingKeyId};

/// The longest text that is looked at, in bytes: some hundred keys, and no mistaken file.
pub const MAX_KEY_TEXT: usize = 64 * 1024;

/// Why a text gives no keys. Never repeats any of it; keys are counted from 1. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyTextError {
    /// Bytes that are not UTF-8, or hold NUL.
    #[error(
        "read the wrapping keys: this is not plain UTF-8 text; write a key as 64 hex digits, or make a file of it \
         with `muster key init`"
    )]
    NotText,
    /// Longer than [`MAX_KEY_TEXT`].
    #[error("read the wrapping keys: the text is longer than 64 KiB; check that this is the right file")]
    TooLong,
    /// Nothing but comments and blanks.
    #[error("read the wrapping keys: there is none; make one with `muster key init`")]
    Empty,
    /// A piece that is not written as a key is.
    #[error(
        "read wrapping key {number}: it is neither hex nor base64; write 32 random bytes as 64 hex digits"
    )]
    NotEncoded {
        /// Which one.
        number: usize,
    },
    /// Readable, but too short or too long.
    #[error("read wrapping key {number}: it has {bytes} bytes and must have 32; write them as 64 hex digits")]
    WrongLength {
        /// Which one.
        number: usize,
        /// How many bytes it has.
        bytes: usize,
    },
    /// A placeholder.
    #[error("read wrapping key {number}: it is all zero; make a random one with `muster key init`")]
    Zero {
        /// Which one.
        number: usize,
    },
}

/// One or more wrapping keys, all different. `Debug` and `Display` show fingerprints alone.
pub struct WrappingKeys {
    current: WrappingKey,
    former: Vec<WrappingKey>,
}

impl WrappingKeys {
    /// One key.
    pub fn new(current: WrappingKey) -> Self {
        Self { current, former: Vec::new() }
    }

    /// Keys in hex or base64, separated by commas or line ends; what follows `#` on a line is a comment. A key that
    /// stands there twice counts where it stands first.
    pub fn parse(text: &[u8]) -> Result<Self, KeyTextError> {
        if text.len() > MAX_KEY_TEXT {
            return Err(KeyTextError::TooLong);
        }
        let text = std::str::from_utf8(text).map_err(|_| KeyTextError::NotText)?;
        if text.contains('\0') {
            return Err(KeyTextError::NotText);
        }
        // Some editors put a byte order mark before everything.
        let lines = text.trim_start_matches('\u{feff}').lines();
        let pieces = lines
            .flat_map(|line| line.split('#').next().unwrap_or_default().split(','))
            .map(str::trim)
            .filter(|piece| !piece.is_empty());
        let mut keys: Option<Self> = None;
        for (number, piece) in (1..).zip(pieces) {
            let key = read(piece, number)?;
            match &mut keys {
                None => keys = Some(Self::new(key)),
                Some(keys) if keys.find(key.id()).is_none() => keys.former.push(key),
                Some(_) => {}
            }
        }
        keys.ok_or(KeyTextError::Empty)
    }

    /// The same keys behind a new current one.
    #[must_use]
    pub fn rotated_to(self, current: WrappingKey) -> Self {
        let id = current.id();
        let mut former = vec![self.current];
        former.extend(self.former);
        former.retain(|key| key.id() != id);
        Self { current, former }
    }

    /// The current one without those behind it.
    #[must_use]
    pub fn current_alone(self) -> Self {
        Self::new(self.current)
    }

    /// The one to wrap with.
    pub fn current(&self) -> &WrappingKey {
        &self.current
    }

    /// The key of that fingerprint.
    pub fn find(&self, id: WrappingKeyId) -> Option<&WrappingKey> {
        self.iter().find(|key| key.id() == id)
    }

    /// All fingerprints, the current one first.
    pub fn ids(&self) -> impl Iterator<Item = WrappingKeyId> {
        self.iter().map(WrappingKey::id)
    }

    /// The content of a key file: a comment and a line of hex for each. [`WrappingKeys::parse`] reads it.
    pub fn to_text(&self) -> Secret {
        let mut text = Zeroizing::new(String::with_capacity((1 + self.former.len()) * 128));
        for key in self.iter() {
            text.push_str(&format!("# muster wrapping key {}\n", key.id()));
            HEX.write(key.bytes().expose(), &mut text);
            text.push('\n');
        }
        std::mem::take(&mut *text).into()
    }

    fn iter(&self) -> impl Iterator<Item = &WrappingKey> {
        std::iter::once(&self.current).chain(&self.former)
    }
}

/// What is hex is not taken for base64, except where only base64 makes a key of it.
fn read(piece: &str, number: usize) -> Result<WrappingKey, KeyTextError> {
    let hex = HEX.read(piece);
    let base64 = BASE64.read(piece.trim_end_matches('='));
    let of_key_size = [&hex, &base64].into_iter().flatten().find_map(|bytes| KeyBytes::copy(bytes));
    match (of_key_size, hex.or(base64)) {
        (Some(key), _) if key.is_zero() => Err(KeyTextError::Zero { number }),
        (Some(key), _) => Ok(WrappingKey::from_bytes(key)),
        (None, Some(bytes)) => Err(KeyTextError::WrongLength { number, bytes: bytes.len() }),
        (None, None) => Err(KeyTextError::NotEncoded { number }),
    }
}

impl fmt::Display for WrappingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.current.id())?;
        self.former.iter().try_for_each(|key| write!(f, ", {}", key.id()))
    }
}

impl fmt::Debug for WrappingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappingKeys({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::laws::Bytes;
    use super::*;

    const ONE: &str = "0101010101010101010101010101010101010101010101010101010101010101";
    const TWO: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";

    fn key(seed: &[u8]) -> WrappingKey {
        WrappingKey::generate(&Bytes(seed)).unwrap()
    }

    fn shown(text: &str) -> String {
        match WrappingKeys::parse(text.as_bytes()) {
            Ok(keys) => keys.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn keys_are_read_however_they_are_written() {
        let (one, two) = (key(&[1]).id().to_string(), key(&[2]).id().to_string());
        assert_eq!(shown(ONE), one);
        assert_eq!(shown(&format!("  {TWO}=\r\n")), two);
        assert_eq!(shown(&format!("{ONE}, {TWO}")), format!("{one}, {two}"));
        let file = format!("\u{feff}# the new one, made today\n{TWO} # keep\n\n,\n#{ONE}\n{ONE},{TWO}\n");
        assert_eq!(shown(&file), format!("{two}, {one}"));
        // 43 hex digits that base64 makes a key of.
        assert_eq!(
            shown(&"a".repeat(42)),
            "read wrapping key 1: it has 21 bytes and must have 32; write them as 64 hex digits"
        );
        assert_eq!(shown(&format!("{}8", "a".repeat(42))).len(), 16);
    }

    #[test]
    fn what_is_no_key_is_refused_with_advice() {
        insta::assert_snapshot!(shown(" \n# nothing\n"), @"read the wrapping keys: there is none; make one with `muster key init`");
        insta::assert_snapshot!(shown(&format!("{ONE}\n0102")), @"read wrapping key 2: it has 2 bytes and must have 32; write them as 64 hex digits");
        insta::assert_snapshot!(shown(&format!("{ONE}ff")), @"read wrapping key 1: it has 33 bytes and must have 32; write them as 64 hex digits");
        insta::assert_snapshot!(shown("a secret pass phrase"), @"read wrapping key 1: it is neither hex nor base64; write 32 random bytes as 64 hex digits");
        insta::assert_snapshot!(shown(&"0".repeat(64)), @"read wrapping key 1: it is all zero; make a random one with `muster key init`");
        insta::assert_snapshot!(shown(&format!("{ONE},{}=", "A".repeat(43))), @"read wrapping key 2: it is all zero; make a random one with `muster key init`");
        insta::assert_snapshot!(shown("f\0f\0"), @"read the wrapping keys: this is not plain UTF-8 text; write a key as 64 hex digits, or make a file of it with `muster key init`");
        insta::assert_snapshot!(shown(&"#".repeat(MAX_KEY_TEXT + 1)), @"read the wrapping keys: the text is longer than 64 KiB; check that this is the right file");
        assert_eq!(WrappingKeys::parse(&[0xff, 0xfe]).unwrap_err(), KeyTextError::NotText);
        assert_eq!(shown(&"#".repeat(MAX_KEY_TEXT)), KeyTextError::Empty.to_string());
    }

    #[test]
    fn a_rotation_puts_the_new_key_in_front() {
        let keys = WrappingKeys::new(key(&[1])).rotated_to(key(&[2])).rotated_to(key(&[3]));
        let ids = |seeds: [u8; 3]| seeds.map(|seed| key(&[seed]).id());
        assert_eq!(keys.ids().collect::<Vec<_>>(), ids([3, 2, 1]));
        // Going back to a former key leaves it there once.
        assert_eq!(keys.rotated_to(key(&[1])).ids().collect::<Vec<_>>(), ids([1, 3, 2]));
    }

    #[test]
    fn a_key_file_is_for_people_too() {
        let text = WrappingKeys::new(key(&[2])).rotated_to(key(&[1])).to_text();
        insta::assert_snapshot!(std::str::from_utf8(text.expose()).unwrap(), @"
        # muster wrapping key d202f8816e99b024
        0101010101010101010101010101010101010101010101010101010101010101
        # muster wrapping key 734be5cd596e04e3
        0202020202020202020202020202020202020202020202020202020202020202
        ");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seeds in proptest::collection::vec([1_u8.., 1_u8.., 1_u8..], 1..9)) {
            let mut keys = WrappingKeys::new(key(&seeds[0]));
            for seed in &seeds[1..] {
                keys = keys.rotated_to(key(seed));
            }
            let read = WrappingKeys::parse(keys.to_text().expose()).unwrap();
            let bytes = |keys: &WrappingKeys| keys.iter().map(|key| *key.bytes().expose()).collect::<Vec<_>>();
            prop_assert_eq!(bytes(&read), bytes(&keys));
            prop_assert_eq!(read.to_string(), keys.to_string());
        }

        #[test]
        fn no_text_is_repeated_by_an_error(text in "[0-9a-zA-Z]{20,60}") {
            prop_assume!(WrappingKeys::parse(text.as_bytes()).is_err());
            prop_assert!(!shown(&text).contains(&text));
        }
    }
}
