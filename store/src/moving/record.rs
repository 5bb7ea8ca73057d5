//! A row on its way: its cells in the order of the table's columns, and what two rows are compared by.

use sha2::{Digest as _, Sha256};

use super::table::{Kind, Table};
use crate::database::{Row, Rows};
use crate::{StoreError, TenantId};

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Flag(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row.
pub(crate) type Record = Vec<Cell>;

impl Cell {
    fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    fn flag(&self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(*flag) } else { None }
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// About how much memory it takes, in bytes.
    fn size(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Text(text) => text.len(),
                Self::Bytes(bytes) => bytes.len(),
                _ => 0,
            }
    }
}

/// About how much memory a row takes, in bytes.
pub(crate) fn size(record: &Record) -> usize {
    record.iter().map(Cell::size).sum()
}

/// A row as a database gave it.
pub(crate) fn from_row(table: &Table, row: &Row) -> Result<Record, StoreError> {
    let cell = |name: &str, kind: Kind| {
        Ok(match kind {
            Kind::Flag | Kind::MaybeFlag => row.maybe_flag(name)?.map_or(Cell::Null, Cell::Flag),
            Kind::Int | Kind::MaybeInt => row.maybe_int(name)?.map_or(Cell::Null, Cell::Int),
            Kind::Text | Kind::MaybeText => row.maybe_text(name)?.map_or(Cell::Null, Cell::Text),
            Kind::Bytes | Kind::MaybeBytes => {
                row.maybe_bytes(name)?.map_or(Cell::Null, |bytes| Cell::Bytes(bytes.to_vec()))
            }
        })
    };
    table.columns.iter().map(|column| cell(column.name, column.kind)).collect()
}

/// Rows as a statement takes them, without the column `but` where there is one.
pub(crate) fn describe<'a>(table: &Table, records: &'a [Record], but: Option<&str>) -> Rows<'a, Record> {
    let columns = table.columns.iter().enumerate().filter(|(_, column)| Some(column.name) != but);
    columns.fold(Rows::of(records), |rows, (at, column)| match column.kind {
        Kind::Int | Kind::MaybeInt => rows.maybe_int(move |record| record[at].int()),
        Kind::Flag | Kind::MaybeFlag => rows.maybe_flag(move |record| record[at].flag()),
        Kind::Text | Kind::MaybeText => rows.maybe_text(move |record| record[at].text()),
        Kind::Bytes | Kind::MaybeBytes => rows.maybe_bytes(move |record| record[at].bytes()),
    })
}

/// What is known of many rows: how many, and a sum that no order changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many rows.
    pub(crate) rows: u64,
    /// The sum modulo 2^128 of the first 16 bytes of each row's SHA-256. It finds what was lost, doubled or altered by
    /// accident; it is no seal against somebody who makes rows up to fit.
    pub(crate) sum: u128,
    /// Texts that hold a NUL, which PostgreSQL keeps as an escape.
    pub(crate) nul_texts: u64,
}

impl Tally {
    /// Counts a row in.
    pub(crate) fn add(&mut self, table: &Table, owner: Option<TenantId>, record: &Record) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(hash(table, owner, record));
        let nul = record.iter().filter(|cell| cell.text().is_some_and(|text| text.contains('\0')));
        self.nul_texts += nul.count() as u64;
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            sum: self.sum.wrapping_add(other.sum),
            nul_texts: self.nul_texts + other.nul_texts,
        }
    }
}

/// Each field with its kind and, where its length varies, its length in front: two different rows never look the same.
fn hash(table: &Table, owner: Option<TenantId>, record: &Record) -> u128 {
    let mut hasher = Sha256::new();
    let mut field = |kind: u8, bytes: &[u8]| {
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    field(b't', table.name.as_bytes());
    field(b'u', owner.as_ref().map_or(&[], |tenant| &tenant.0.as_bytes()[..]));
    for cell in record {
        match cell {
            Cell::Null => field(b'0', &[]),
            Cell::Int(number) => field(b'i', &number.to_be_bytes()),
            Cell::Flag(flag) => field(b'f', &[u8::from(*flag)]),
            Cell::Text(text) => field(b's', text.as_bytes()),
            Cell::Bytes(bytes) => field(b'b', bytes),
        }
    }
    let digest = hasher.finalize();
    digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moving::tables::TABLES;

    #[test]
    fn a_sum_knows_no_order_and_every_difference() {
        let refs = &TABLES[4];
        let row = |name: &str, tip: &[u8]| {
            vec![Cell::Int(1), Cell::Text(name.into()), Cell::Bytes(tip.into()), Cell::Null]
        };
        let tally = |rows: &[Record]| {
            let mut tally = Tally::default();
            rows.iter().for_each(|row| tally.add(refs, None, row));
            tally
        };
        let (a, b) = (row("a", b"bc"), row("ab", b"c\0"));
        assert_eq!(tally(&[a.clone(), b.clone()]), tally(&[b.clone(), a.clone()]));
        assert_ne!(tally(&[a.clone(), a.clone()]).sum, tally(&[b.clone(), b]).sum);
        assert_ne!(tally(&[row("a\0", b"")]).sum, tally(&[row("a", b"")]).sum);
        assert_eq!(tally(&[row("a\0", b"\0")]).nul_texts, 1);
        let mut of_somebody = Tally::default();
        of_somebody.add(refs, Some(TenantId(uuid::Uuid::nil())), &a);
        assert_ne!(of_somebody.sum, tally(&[a]).sum);
    }
}
