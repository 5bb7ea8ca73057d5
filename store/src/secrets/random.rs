//! Where random bytes come from: a value that is handed in, so that a test can know them.

use thiserror::Error;

/// A source of random bytes that nobody can guess.
pub trait SecureRandom: Send + Sync {
    /// Fills all of `bytes`, or fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// No random bytes could be had. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "get random bytes: the operating system gives none; in a sandbox, allow the getrandom call or /dev/urandom"
)]
pub struct NoRandomness;

/// The operating system's generator. For everything but tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl SecureRandom for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let system = ring::rand::SystemRandom::new();
        ring::rand::SecureRandom::fill(&system, bytes).map_err(|_| NoRandomness)
    }
}
