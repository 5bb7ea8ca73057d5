//! Reading an export, line by line, and believing none of it.
//!
//! A reader gives rows as they come, in the order of tables, and behind the last one compares what it saw with the end
//! line. So the same code checks a file before an import, and during it once more, before anything is kept.

use std::io::{self, BufRead, Read as _};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::Report;
use super::export::ExportSummary;
use super::line::{self, End, ExportHead, FORMAT, Line, hex};
use super::record::Record;
use super::tables::TABLES;
use crate::schema;

/// No line is longer: a body of 25 MiB, the most that GitHub sends, has twice as many digits.
const LONGEST_LINE: u64 = 256 << 20;

/// Why an export cannot be used. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum ExportFileError {
    /// It cannot be read.
    #[error("read the export: {0}")]
    Unreadable(#[from] io::Error),
    /// The first line is no head.
    #[error("read the export: its first line is not that of an export of muster")]
    NotAnExport,
    /// Another format.
    #[error(
        "read the export: its format is number {found} and this program knows {FORMAT}; use the muster that wrote it"
    )]
    OtherFormat {
        /// The number that it has.
        found: u32,
    },
    /// Another schema.
    #[error(
        "read the export: its rows are of schema {found} and this program's is {known}; import it with the muster that \
         wrote it, into a database of that schema, and bring that one up to date"
    )]
    OtherSchema {
        /// The number that it has.
        found: i64,
        /// The number that this program has.
        known: i64,
    },
    /// A line that makes no sense.
    #[error("read line {number} of the export: {reason}")]
    Line {
        /// Which, from 1.
        number: u64,
        /// What is wrong.
        reason: String,
    },
    /// It ends before its end.
    #[error("read the export: it is cut off behind line {0}; export again, or copy the whole file")]
    CutOff(u64),
    /// It is not what was written.
    #[error("trust the export: its lines were altered since it was written, or damaged on the way")]
    Altered,
}

/// Rows from an export.
pub(crate) struct ExportReader<'r> {
    input: &'r mut (dyn BufRead + Send),
    pub(crate) head: ExportHead,
    hasher: Sha256,
    counts: Vec<u64>,
    /// The table of the last row.
    at: usize,
    /// Of the last line.
    pub(crate) number: u64,
    buffer: Vec<u8>,
}

impl<'r> ExportReader<'r> {
    /// Reads the head.
    pub(crate) fn open(input: &'r mut (dyn BufRead + Send)) -> Result<Self, ExportFileError> {
        let mut first = Vec::new();
        // A file of another kind may be one long line.
        (&mut *input).take(64 * 1024).read_until(b'\n', &mut first)?;
        let head = line::read_head(&first).ok_or(ExportFileError::NotAnExport)?;
        if head.muster_export != FORMAT {
            return Err(ExportFileError::OtherFormat { found: head.muster_export });
        }
        let known = schema::known();
        if head.schema != known {
            return Err(ExportFileError::OtherSchema { found: head.schema, known });
        }
        let mut hasher = Sha256::new();
        hasher.update(&first);
        let counts = vec![0; TABLES.len()];
        Ok(Self { input, head, hasher, counts, at: 0, number: 1, buffer: first })
    }

    /// The next row and the place of its table; `None` behind the last one, when all of it was as it should be.
    pub(crate) fn next(&mut self) -> Result<Option<(usize, Record)>, ExportFileError> {
        self.read_line()?;
        let wrong = |reason: &str| ExportFileError::Line { number: self.number, reason: reason.to_owned() };
        match line::read_line(&self.buffer).map_err(|reason| wrong(&reason))? {
            Line::Row(place, record) => {
                let first = self.counts.iter().all(|count| *count == 0);
                if first != (TABLES[place].name == "tenants") {
                    return Err(wrong("the tenant's own row is the first, and there is no other"));
                }
                if place < self.at {
                    return Err(wrong("its table belongs in front of the one before"));
                }
                self.hasher.update(&self.buffer);
                self.at = place;
                self.counts[place] += 1;
                Ok(Some((place, record)))
            }
            Line::End(end) => {
                self.verify(&end)?;
                Ok(None)
            }
        }
    }

    fn read_line(&mut self) -> Result<(), ExportFileError> {
        self.buffer.clear();
        (&mut *self.input).take(LONGEST_LINE).read_until(b'\n', &mut self.buffer)?;
        if !self.buffer.ends_with(b"\n") {
            if self.buffer.len() as u64 == LONGEST_LINE {
                let reason = "it is longer than any row can be".to_owned();
                return Err(ExportFileError::Line { number: self.number + 1, reason });
            }
            return Err(ExportFileError::CutOff(self.number));
        }
        self.number += 1;
        Ok(())
    }

    fn verify(&mut self, end: &End) -> Result<(), ExportFileError> {
        let seen = End {
            rows: self.counts.iter().sum(),
            tables: counted(&self.counts).map(|(name, rows)| (name.to_owned(), rows)).collect(),
            sha256: hex(&self.hasher.clone().finalize()),
        };
        if seen != *end {
            return Err(ExportFileError::Altered);
        }
        if seen.rows == 0 || !self.input.fill_buf()?.is_empty() {
            let reason = "there is more behind the end, or nothing in front of it".to_owned();
            return Err(ExportFileError::Line { number: self.number, reason });
        }
        Ok(())
    }

    /// Rows so far, by table; tables without rows are left out.
    pub(crate) fn counts(&self) -> Vec<(&'static str, u64)> {
        counted(&self.counts).collect()
    }
}

/// Names of tables and their counts, without those that have none.
pub(crate) fn counted(counts: &[u64]) -> impl Iterator<Item = (&'static str, u64)> {
    TABLES.iter().zip(counts).map(|(table, rows)| (table.name, *rows)).filter(|(_, rows)| *rows > 0)
}

/// Reads an export from its first byte to its last and tells what it holds. Touches no database.
pub fn check_export(
    input: &mut (dyn BufRead + Send),
    report: Report<'_>,
) -> Result<ExportSummary, ExportFileError> {
    let mut reader = ExportReader::open(input)?;
    let mut rows = 0;
    while reader.next()?.is_some() {
        rows += 1;
        if rows % 1000 == 0 {
            report("checking", rows);
        }
    }
    let tables = reader.counts();
    Ok(ExportSummary { head: reader.head, tables })
}
