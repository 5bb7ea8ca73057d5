//! Secrets at rest: values in, values out. No table, file or clock is known here, and randomness is handed in.
//!
//! A wrapping key from outside the database wraps one data key per tenant; the data key seals the tenant's secrets.
//! So a wrapping key is changed by writing one small row a tenant anew, and a deleted data key takes with it all that
//! it sealed. `docs/SECRETS.md` has the format and says what it protects from, and what not.

mod alphabet;
mod data_key;
mod envelope;
mod hook_key;
mod key_bytes;
mod place;
mod random;
mod secret;
mod token;
mod wrapping_key;
mod wrapping_keys;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod vectors;

pub use data_key::{DataKey, SecretError};
pub use hook_key::HookKey;
pub use place::{Place, RowKey};
pub use random::{NoRandomness, SecureRandom, SystemRandom};
pub use secret::Secret;
pub use token::{Token, TokenError};
pub use wrapping_key::{NotAKeyId, WrappingKey, WrappingKeyId};
pub use wrapping_keys::{KeyTextError, MAX_KEY_TEXT, WrappingKeys};
