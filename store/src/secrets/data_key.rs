//! The key of one tenant: it seals the tenant's secrets, and is itself kept wrapped.
//!
//! What does not open says why: a wrapping key that was not given is the operator's to find, bytes that fail to
//! authenticate are damage. The two are told apart by the fingerprint that is kept beside the wrapped key.

use std::fmt;

use thiserror::Error;

use super::envelope::{self, Refusal};
use super::key_bytes::KeyBytes;
use super::place;
use super::{NoRandomness, Place, Secret, SecureRandom, WrappingKey, WrappingKeyId, WrappingKeys};
use crate::TenantId;

/// Why a secret cannot be sealed or opened. Fits "failed to ...".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SecretError {
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A wrong key, or an incomplete key file.
    #[error(
        "unwrap the data key of tenant {tenant}: it needs wrapping key {needed}, and given is {given}; \
         add that key to the file that MUSTER_KEY_FILE names, behind the current one"
    )]
    UnknownKey {
        /// Whose data key it is.
        tenant: TenantId,
        /// The key that it is wrapped with.
        needed: WrappingKeyId,
        /// Those that were given, current first.
        given: String,
    },
    /// The right key, the wrong bytes.
    #[error(
        "unwrap the data key of tenant {tenant}: it is damaged or another tenant's; restore it from a backup. \
         Without it the tenant's secrets are lost and have to be set again"
    )]
    DamagedKey {
        /// Whose data key it should be.
        tenant: TenantId,
    },
    /// A sealed secret that was changed, cut off, or copied from another place.
    #[error(
        "open the secret in {table}.{column}: it is damaged or belongs to another row; set it again, or restore \
         it from a backup"
    )]
    DamagedSecret {
        /// The table that it stands in.
        table: String,
        /// The column that it stands in.
        column: String,
    },
    /// Written by a version of this program that is not yet known here, or damaged in its first byte.
    #[error(
        "open a secret: it is written in version {version} of the format, and this program knows version 1; \
         update it, or restore the secret from a backup"
    )]
    UnknownVersion {
        /// The first byte of what was to be opened.
        version: u8,
    },
}

/// The key of one tenant. `Debug` shows nothing of it.
pub struct DataKey(KeyBytes);

impl DataKey {
    /// A new key, for a new tenant.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, SecretError> {
        Ok(Self(KeyBytes::generate(random)?))
    }

    /// The key as it is kept: 61 bytes, to be stored beside the id of the wrapping key.
    pub fn wrap(
        &self,
        key: &WrappingKey,
        tenant: TenantId,
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, SecretError> {
        Ok(envelope::close(key.bytes(), &place::of_data_key(tenant), self.0.expose(), random)?)
    }

    /// The key that [`DataKey::wrap`] gave those bytes for, and for that tenant.
    pub fn unwrap(
        keys: &WrappingKeys,
        tenant: TenantId,
        wrapped: &[u8],
        wrapped_with: WrappingKeyId,
    ) -> Result<Self, SecretError> {
        let key = keys.find(wrapped_with).ok_or_else(|| SecretError::UnknownKey {
            tenant,
            needed: wrapped_with,
            given: keys.to_string(),
        })?;
        match envelope::open(key.bytes(), &place::of_data_key(tenant), wrapped) {
            Ok(plain) => KeyBytes::copy(plain.expose()).map(Self).ok_or(SecretError::DamagedKey { tenant }),
            Err(Refusal::Version(version)) => Err(SecretError::UnknownVersion { version }),
            Err(Refusal::Damaged) => Err(SecretError::DamagedKey { tenant }),
        }
    }

    /// The secret as it is kept at that place: 29 bytes longer, and different each time.
    pub fn seal(
        &self,
        place: &Place<'_>,
        plain: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, SecretError> {
        Ok(envelope::close(&self.0, &place::of_secret(place), plain, random)?)
    }

    /// The secret that [`DataKey::seal`] gave those bytes for, and for that place.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Secret, SecretError> {
        envelope::open(&self.0, &place::of_secret(place), sealed).map_err(|refusal| match refusal {
            Refusal::Version(version) => SecretError::UnknownVersion { version },
            Refusal::Damaged => {
                SecretError::DamagedSecret { table: place.table.to_owned(), column: place.column.to_owned() }
            }
        })
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}
