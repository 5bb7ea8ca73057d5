//! Where a secret stands. A ciphertext is bound to it, so that one that is copied to another row does not open there.
//!
//! The binding is to names and keys as they are stored on every engine, so a database may move from SQLite to
//! PostgreSQL with its ciphertexts as they are. Renaming a table or a column means sealing anew.

use uuid::Uuid;

use crate::TenantId;

/// One column of one row of one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Whose row it is.
    pub tenant: TenantId,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The key of the row within the tenant.
    pub row: RowKey<'a>,
}

/// What tells a row from the tenant's others. Two kinds never mean the same row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKey<'a> {
    /// A number that is counted within the tenant.
    Number(i64),
    /// A UUID.
    Uuid(Uuid),
    /// A name.
    Text(&'a str),
}

/// The bytes that are authenticated along with the ciphertext of a secret.
pub(super) fn of_secret(place: &Place<'_>) -> Vec<u8> {
    let mut row = Vec::new();
    match place.row {
        RowKey::Number(number) => {
            row.push(b'n');
            row.extend(number.to_be_bytes());
        }
        RowKey::Uuid(uuid) => {
            row.push(b'u');
            row.extend(uuid.as_bytes());
        }
        RowKey::Text(text) => {
            row.push(b't');
            row.extend(text.as_bytes());
        }
    }
    fields(&[
        b"muster secret",
        place.tenant.0.as_bytes(),
        place.table.as_bytes(),
        place.column.as_bytes(),
        &row,
    ])
}

/// The bytes that are authenticated along with a wrapped data key.
pub(super) fn of_data_key(tenant: TenantId) -> Vec<u8> {
    fields(&[b"muster data key", tenant.0.as_bytes()])
}

/// Each field behind its length, so that no two lists of fields give the same bytes.
fn fields(fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(fields.iter().map(|field| 8 + field.len()).sum());
    for field in fields {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(*field);
    }
    bytes
}
