//! API tokens: `muster_` and 56 letters and digits. Only the hash is stored; the token is shown once.
//!
//! The letters are base32 in lower case, without any that look alike: a double click selects the whole, and 35 bytes
//! fill them to the last bit. 32 of these are random, 3 are a checksum, so that a scanner for leaked secrets, and
//! somebody who cut off a token's end, need not ask a server. There is nothing to salt or to stretch: nobody guesses
//! 256 bits.

use std::fmt;

use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use super::alphabet::BASE32;
use super::key_bytes::{KEY, KeyBytes};
use super::{NoRandomness, SecureRandom};

/// What every token begins with.
const PREFIX: &str = "muster_";
/// The symbols behind it.
const SYMBOLS: usize = (KEY + CHECKSUM) * 8 / 5;
/// The bytes of the checksum.
const CHECKSUM: usize = 3;
/// The symbols that are shown in lists: 40 bits, which leaves 216 to guess.
const SHOWN: usize = 8;

/// Why a text is not a token. Never repeats it. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Something else altogether.
    #[error("read the token: it does not begin with muster_; make one with `muster token create`")]
    NotAToken,
    /// Meant as one, but its length, its letters or its checksum are wrong.
    #[error(
        "read the token: a part of it is missing or mistyped; copy the whole, or make another with `muster token create`"
    )]
    Mistyped,
}

/// An API token. `Debug` shows its prefix alone.
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new token.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, NoRandomness> {
        let key = KeyBytes::generate(random)?;
        let mut bytes = Zeroizing::new([0; KEY + CHECKSUM]);
        bytes[..KEY].copy_from_slice(key.expose());
        bytes[KEY..].copy_from_slice(&checksum(key.expose()));
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + SYMBOLS));
        text.push_str(PREFIX);
        BASE32.write(&*bytes, &mut text);
        Ok(Self(text))
    }

    /// The token that this text is, to the letter. Says nothing of whether anybody knows it.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let symbols = text.strip_prefix(PREFIX).ok_or(TokenError::NotAToken)?;
        if symbols.len() != SYMBOLS {
            return Err(TokenError::Mistyped);
        }
        let bytes = BASE32.read(symbols).ok_or(TokenError::Mistyped)?;
        let (random, sum) = bytes.split_at(KEY);
        if checksum(random) != sum {
            return Err(TokenError::Mistyped);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// What is stored, and looked up: the SHA-256 of the whole text. The time that a look-up takes may tell something
    /// of a stored hash, and no hash leads back to its token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// What tells it from others in a list: `muster_` and 8 of its 56 letters.
    pub fn prefix(&self) -> &str {
        &self.0[..PREFIX.len() + SHOWN]
    }

    /// The token itself, to be shown to whoever asked for it, once.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The CRC-24 of OpenPGP (RFC 9580, section 6.1.1). It finds every change within 24 bits that follow one another, so
/// any wrong letter and any two that changed places, and of all else but one in 16 million.
fn checksum(random: &[u8]) -> [u8; CHECKSUM] {
    let sum = random.iter().fold(0x00b7_04ce_u32, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 16), |sum, _| (sum << 1) ^ ((sum >> 23) * 0x0186_4cfb))
    });
    let [_, high, middle, low] = sum.to_be_bytes();
    [high, middle, low]
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}..)", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::SystemRandom;
    use super::super::laws::Bytes;
    use super::*;

    #[test]
    fn what_is_no_token_is_refused_with_advice() {
        let shown = |text: &str| Token::parse(text).unwrap_err().to_string();
        let token = Token::generate(&SystemRandom).unwrap();
        insta::assert_snapshot!(shown("ghp_0123456789"), @"read the token: it does not begin with muster_; make one with `muster token create`");
        insta::assert_snapshot!(shown(&token.expose()[..62]), @"read the token: a part of it is missing or mistyped; copy the whole, or make another with `muster token create`");
        for text in ["", "muster", "Muster_", "mustér_"] {
            assert_eq!(Token::parse(text).unwrap_err(), TokenError::NotAToken);
        }
        let blank = format!("{}\n", token.expose());
        for text in [
            "muster_",
            &blank,
            &format!("muster_{}", "é".repeat(28)),
            &token.expose().to_uppercase().replace("MUSTER", "muster"),
        ] {
            assert_eq!(Token::parse(text).unwrap_err(), TokenError::Mistyped);
        }
    }

    #[test]
    fn two_tokens_differ_from_the_first_letters_on() {
        let (one, other) = (Token::generate(&SystemRandom).unwrap(), Token::generate(&SystemRandom).unwrap());
        assert_ne!(one.prefix(), other.prefix());
        assert_ne!(one.hash(), other.hash());
    }

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_made(random in proptest::array::uniform32(1_u8..)) {
            let token = Token::generate(&Bytes(&random)).unwrap();
            prop_assert_eq!(token.expose().len(), 63);
            prop_assert!(token.expose().starts_with(token.prefix()) && token.prefix().len() == 15);
            let read = Token::parse(token.expose()).unwrap();
            prop_assert_eq!(read.hash(), token.hash());
            prop_assert_eq!(read.expose(), token.expose());
        }

        #[test]
        fn a_typo_is_noticed(
            random in proptest::array::uniform32(1_u8..), at in 7..63_usize, letter in "[0-9a-z]",
        ) {
            let token = Token::generate(&Bytes(&random)).unwrap();
            let mut typed = token.expose().to_owned();
            typed.replace_range(at..=at, &letter);
            prop_assert_eq!(Token::parse(&typed).is_ok(), typed == token.expose());
        }

        #[test]
        fn two_letters_in_the_wrong_order_are_noticed(
            random in proptest::array::uniform32(1_u8..), at in 7..62_usize,
        ) {
            let token = Token::generate(&Bytes(&random)).unwrap();
            let mut letters: Vec<char> = token.expose().chars().collect();
            letters.swap(at, at + 1);
            let typed: String = letters.into_iter().collect();
            prop_assert_eq!(Token::parse(&typed).is_ok(), typed == token.expose());
        }
    }
}
