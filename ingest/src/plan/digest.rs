//! The digest of a report: of everything that it says, in one spelling.

use muster_model::Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Of the report as JSON, its own digest being zero still.
pub(super) fn digest<T: Serialize>(report: &T) -> Digest {
    let json = serde_json::to_vec(report).expect("reports hold texts and numbers, which are always JSON");
    let whole = Sha256::digest(json);
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    Digest(half)
}
