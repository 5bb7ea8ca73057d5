//! The key that comes from outside the database and wraps the tenants' keys; and its fingerprint, which is no secret.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::alphabet::HEX;
use super::key_bytes::KeyBytes;
use super::{NoRandomness, SecureRandom};

/// The key of an installation. `Debug` shows its fingerprint alone.
pub struct WrappingKey {
    bytes: KeyBytes,
    id: WrappingKeyId,
}

/// The fingerprint of a wrapping key: the first 8 bytes of a SHA-256, shown as 16 hex digits.
///
/// It may be stored, printed and logged: a key has 256 random bits, and nobody tries them all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WrappingKeyId([u8; 8]);

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "read the id of a wrapping key: it is not 16 hex digits; `muster key status` lists those that are given"
)]
pub struct NotAKeyId;

impl WrappingKey {
    /// A new key.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, NoRandomness> {
        KeyBytes::generate(random).map(Self::from_bytes)
    }

    /// The caller has seen to it that the bytes are not all zero.
    pub(super) fn from_bytes(bytes: KeyBytes) -> Self {
        let digest = Sha256::new_with_prefix(b"muster wrapping key").chain_update(bytes.expose()).finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        Self { bytes, id: WrappingKeyId(id) }
    }

    pub(super) fn bytes(&self) -> &KeyBytes {
        &self.bytes
    }

    /// Its fingerprint: always the same for the same key.
    pub fn id(&self) -> WrappingKeyId {
        self.id
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappingKey({})", self.id)
    }
}

impl fmt::Display for WrappingKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(16);
        HEX.write(&self.0, &mut text);
        f.pad(&text)
    }
}

impl fmt::Debug for WrappingKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for WrappingKeyId {
    type Err = NotAKeyId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEX.read(text).ok_or(NotAKeyId)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| NotAKeyId)
    }
}
