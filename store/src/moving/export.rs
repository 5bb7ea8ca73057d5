//! Export: everything that belongs to a tenant, from one state of the database, as lines of JSON.

use std::io::{self, Write};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::Report;
use super::carrying::Reading;
use super::export_file::counted;
use super::line::{self, End, ExportHead, FORMAT, hex};
use super::record::{Cell, Record};
use super::tables::TABLES;
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Pool, Role, Urgency};
use crate::{StoreError, Tenant, Timestamp, schema};

/// Why a tenant was not exported. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum ExportError {
    /// There is none of that id.
    #[error("find the tenant: it is not in the database")]
    NoSuchTenant,
    /// What is written cannot be written.
    #[error("write the export")]
    Output(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an export holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSummary {
    /// The first line.
    pub head: ExportHead,
    /// Rows by table; tables without rows are left out.
    pub tables: Vec<(&'static str, u64)>,
}

/// Counts and hashes what passes through.
struct Output<'o> {
    out: &'o mut (dyn Write + Send),
    hasher: Sha256,
    rows: u64,
    report: Report<'o>,
}

impl Output<'_> {
    fn write(&mut self, line: &str) -> io::Result<()> {
        self.hasher.update(line);
        self.out.write_all(line.as_bytes())?;
        self.rows += 1;
        if self.rows.is_multiple_of(1000) {
            (self.report)("exporting", self.rows);
        }
        Ok(())
    }
}

impl Tenant {
    /// Writes everything that belongs to the tenant, from one state of the database, in lines of JSON: a head, a row a
    /// line with the rows that others name in front, and an end by which a file that was cut off or altered is known.
    ///
    /// Holds a row at a time. Secrets come out as they are kept: sealed, wrapped or hashed. Who asked for it is in the
    /// tenant's audit log before the first row comes out; nothing is noted where nobody did.
    pub async fn export(
        &self,
        out: &mut (dyn Write + Send),
        actor: Option<&Actor>,
        now: Timestamp,
        report: Report<'_>,
    ) -> Result<ExportSummary, ExportError> {
        if let Some(actor) = actor {
            let subject = format!("tenant:{}", self.id);
            let mut transaction = self.write(Urgency::Answer).await?;
            let entry = Entry { at: now, actor, action: "tenant.export", subject, details: json!({}) };
            append(&mut transaction, &entry).await?;
            transaction.commit().await?;
        }
        // On PostgreSQL a transaction that reads one state; it changes its role from table to table.
        let mut transaction = self.pool.read_global(Role::Operator).await?;
        let owner = Some(self.id);
        let mut output = Output { out, hasher: Sha256::new(), rows: 0, report };
        let mut counts = vec![0; TABLES.len()];
        let (mut head, mut line) = (None, String::new());
        for (count, table) in counts.iter_mut().zip(TABLES) {
            let Some(mut reading) = Reading::begin(&mut transaction, table, owner).await? else { continue };
            while let Some(record) = reading.next().await? {
                if head.is_none() {
                    let made = self.head(&record, now);
                    output.write(&line::head_line(&made))?;
                    head = Some(made);
                }
                line.clear();
                line::write_row(table, &record, &mut line);
                output.write(&line)?;
                *count += 1;
            }
            if head.is_none() {
                return Err(ExportError::NoSuchTenant);
            }
        }
        let tables: Vec<_> = counted(&counts).collect();
        let end = End {
            rows: counts.iter().sum(),
            tables: tables.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect(),
            sha256: hex(&output.hasher.clone().finalize()),
        };
        output.write(&line::end_line(&end))?;
        output.out.flush()?;
        let head = head.ok_or(ExportError::NoSuchTenant)?;
        Ok(ExportSummary { head, tables })
    }

    /// The head, given the tenant's own row.
    fn head(&self, record: &Record, now: Timestamp) -> ExportHead {
        let subdomain = match record.first() {
            Some(Cell::Text(subdomain)) => subdomain.clone(),
            _ => String::new(),
        };
        let engine = match self.pool {
            Pool::Sqlite(..) => "sqlite",
            Pool::Postgres(..) => "postgres",
        };
        ExportHead {
            muster_export: FORMAT,
            schema: schema::known(),
            engine: engine.to_owned(),
            tenant_id: self.id.to_string(),
            subdomain,
            exported_at: now.to_string(),
        }
    }
}
