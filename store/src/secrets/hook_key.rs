//! The last part of the address that a single repository's hook calls. No secret (the provider shows it to whoever may
//! see the hook), but nobody guesses it: 256 random bits, in the letters of tokens.

use super::NoRandomness;
use super::SecureRandom;
use super::alphabet::BASE32;
use super::key_bytes::KeyBytes;

/// So many letters are told in lists and logs.
const SHOWN: usize = 8;

/// The key of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookKey(String);

impl HookKey {
    /// A new one.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, NoRandomness> {
        let key = KeyBytes::generate(random)?;
        let mut text = String::new();
        BASE32.write(key.expose(), &mut text);
        Ok(Self(text))
    }

    /// What stands in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What tells a key from others.
    pub fn prefix(key: &str) -> &str {
        key.char_indices().nth(SHOWN).map_or(key, |(end, _)| &key[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::*;

    #[test]
    fn keys_fit_into_an_address_and_differ() {
        let [one, other] = [(); 2].map(|()| HookKey::generate(&SystemRandom).unwrap());
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 52);
        assert!(one.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        assert_eq!((HookKey::prefix(one.as_str()).len(), HookKey::prefix("ä")), (8, "ä"));
    }
}
