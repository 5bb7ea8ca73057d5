//! Secrets of a tenant that becomes another one: sealed anew where a key is at hand, left out otherwise.
//!
//! A sealed secret is bound to its tenant's id, and so is the wrapped data key. A copy under a new id can open neither.

use std::collections::BTreeMap;

use super::record::{Cell, Record};
use super::table::Table;
use crate::secrets::{DataKey, Place, RowKey, SecretError, SecureRandom, WrappingKeyId, WrappingKeys};
use crate::{TenantId, Timestamp};

/// Columns whose bytes are sealed, with the column that is the row's key.
const SEALED: &[(&str, &str, &str)] = &[
    ("repositories", "access_token", "id"),
    ("repositories", "webhook_secret", "id"),
    ("repositories", "webhook_secret_previous", "id"),
];

/// What seals anew.
pub(crate) struct Resealing<'k> {
    pub(crate) from: TenantId,
    pub(crate) to: TenantId,
    pub(crate) keys: Option<&'k WrappingKeys>,
    random: &'k dyn SecureRandom,
    /// The data keys of both, once the old one was read.
    data_keys: Option<(DataKey, DataKey)>,
    /// Secrets that were left out, by table and column.
    pub(crate) dropped: BTreeMap<(&'static str, &'static str), u64>,
    pub(crate) resealed: u64,
}

impl<'k> Resealing<'k> {
    pub(crate) fn new(
        from: TenantId,
        to: TenantId,
        keys: Option<&'k WrappingKeys>,
        random: &'k dyn SecureRandom,
    ) -> Self {
        Self { from, to, keys, random, data_keys: None, dropped: BTreeMap::new(), resealed: 0 }
    }

    /// The data key of the copy in place of the one that was exported; `None` where no key is at hand.
    pub(crate) fn data_key(
        &mut self,
        record: &Record,
        now: Timestamp,
    ) -> Result<Option<Record>, SecretError> {
        let [Cell::Bytes(wrapped), Cell::Text(wrapping_key), ..] = &record[..] else { return Ok(None) };
        let Some(keys) = self.keys else { return Ok(None) };
        let id: WrappingKeyId =
            wrapping_key.parse().map_err(|_| SecretError::DamagedKey { tenant: self.from })?;
        let (old, new) = (DataKey::unwrap(keys, self.from, wrapped, id)?, DataKey::generate(self.random)?);
        let wrapped = new.wrap(keys.current(), self.to, self.random)?;
        self.data_keys = Some((old, new));
        let id = keys.current().id().to_string();
        Ok(Some(vec![Cell::Bytes(wrapped), Cell::Text(id), Cell::Int(now.0)]))
    }

    /// Seals the secrets of a row anew, or empties their columns.
    pub(crate) fn row(&mut self, table: &Table, record: &mut Record) -> Result<(), SecretError> {
        for (_, column, key) in SEALED.iter().filter(|(name, ..)| *name == table.name) {
            let place = |name: &str| table.columns.iter().position(|column| column.name == name);
            let (Some(at), Some(key)) = (place(column), place(key)) else { continue };
            let (Cell::Bytes(sealed), Cell::Int(number)) = (&record[at], &record[key]) else { continue };
            let place = |tenant| Place { tenant, table: table.name, column, row: RowKey::Number(*number) };
            record[at] = match &self.data_keys {
                None => {
                    *self.dropped.entry((table.name, column)).or_default() += 1;
                    Cell::Null
                }
                Some((old, new)) => {
                    let plain = old.open(&place(self.from), sealed)?;
                    let sealed = new.seal(&place(self.to), plain.expose(), self.random)?;
                    self.resealed += 1;
                    Cell::Bytes(sealed)
                }
            };
        }
        Ok(())
    }
}
