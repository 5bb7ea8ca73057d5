//! The words of columns (`open`, `pull_request`, `primary`): read with the same spelling that documents show.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use muster_model::ObjectId;

use crate::StoreError;

/// A word of an enumeration of the model.
pub(crate) fn word<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, StoreError> {
    let deserializer: StrDeserializer<'a, Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|_| StoreError::Damaged("a column holds a word that is not known"))
}

/// A JSON column.
pub(crate) fn json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged("a column holds JSON of another shape"))
}

/// An object id, 20 or 32 bytes.
pub(crate) fn object_id(bytes: &[u8]) -> Result<ObjectId, StoreError> {
    ObjectId::from_bytes(bytes).ok_or(StoreError::Damaged("an object id has a wrong length"))
}

/// A count; ours are never negative.
pub(crate) fn count(stored: i64) -> u64 {
    stored.try_into().unwrap_or_default()
}

/// A count as a column; nothing that we count reaches 2^63.
pub(crate) fn column(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
