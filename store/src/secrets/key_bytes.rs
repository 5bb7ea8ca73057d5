//! The 32 bytes of a key, wiped when they are dropped.
//!
//! They are boxed because a value that is moved leaves its bytes behind; a box moves its address alone. The cipher
//! makes a copy of its own for as long as one call takes, and does not wipe it.

use zeroize::Zeroize;

use super::random::{NoRandomness, SecureRandom};

/// The size of every key, in bytes.
pub(super) const KEY: usize = 32;

/// A key. No `Debug`, no `Clone`, no comparison.
pub(super) struct KeyBytes(Box<[u8; KEY]>);

impl KeyBytes {
    pub(super) fn generate(random: &dyn SecureRandom) -> Result<Self, NoRandomness> {
        let mut key = Self(Box::new([0; KEY]));
        random.fill(&mut key.0[..])?;
        // No source of randomness ever gives this; one that forgets to write does.
        if key.is_zero() { Err(NoRandomness) } else { Ok(key) }
    }

    /// A copy of the bytes; nothing if there are more or fewer than a key has.
    pub(super) fn copy(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Box::new([0; KEY]));
        (bytes.len() == KEY).then(|| key.0.copy_from_slice(bytes))?;
        Some(key)
    }

    /// Looks at every byte, whatever it finds.
    pub(super) fn is_zero(&self) -> bool {
        self.0.iter().fold(0, |all, byte| all | byte) == 0
    }

    pub(super) fn expose(&self) -> &[u8; KEY] {
        &self.0
    }
}

impl Drop for KeyBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
