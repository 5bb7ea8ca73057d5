//! Tables of a database that were moved, with their rows.

use std::io::{self, Write};

use muster_store::MovedTable;

use super::amounts::number;
use super::style::Look;
use super::table::{Cell, Column, Table};

/// Writes names and rows.
pub(crate) fn write_counts(
    out: &mut impl Write,
    tables: &[(&'static str, u64)],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([Column::words("TABLE"), Column::number("ROWS")]);
    for (name, rows) in tables {
        table.push([Cell::from(*name), Cell::from(number(*rows))]);
    }
    table.write(out, look)
}

/// Writes names, rows, checksums, and how many texts hold a NUL where any does.
pub(crate) fn write_moved(out: &mut impl Write, tables: &[MovedTable], look: &Look) -> io::Result<()> {
    let columns = [
        Column::words("TABLE"),
        Column::number("ROWS"),
        Column::words("CHECKSUM"),
        Column::number("TEXTS WITH NUL"),
    ];
    let mut table = Table::new(columns);
    for moved in tables {
        let nul = Some(moved.nul_texts).filter(|texts| *texts > 0).map(number).unwrap_or_default();
        let checksum = format!("{:032x}", moved.checksum);
        table.push([
            Cell::from(moved.name),
            Cell::from(number(moved.rows)),
            Cell::from(checksum),
            Cell::from(nul),
        ]);
    }
    table.write(out, look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_checksums_stand_in_columns() {
        let table = |name, rows, nul_texts| MovedTable { name, rows, nul_texts, checksum: 0xabc };
        let mut out = Vec::new();
        write_moved(&mut out, &[table("tenants", 1, 0), table("commits", 1234, 2)], &Look::PLAIN).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        TABLE     ROWS  CHECKSUM                          TEXTS WITH NUL
        tenants      1  00000000000000000000000000000abc
        commits  1,234  00000000000000000000000000000abc               2
        ");
    }
}
