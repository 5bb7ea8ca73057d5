//! Import: a tenant from its export, as the same tenant or as a copy under a new id.
//!
//! One transaction, on both engines: a program that is killed leaves nothing behind, and nobody ever sees a half tenant.
//! On SQLite other writers wait meanwhile, as they would for a restored backup. The file is believed in nothing: whose
//! the rows are is not read from them, the keys between them are checked by the database, and nothing is kept before
//! the end line was seen and fits.

use std::io::BufRead;

use serde_json::json;
use thiserror::Error;

use super::Report;
use super::carrying::Writing;
use super::export_file::{ExportFileError, ExportReader};
use super::line::ExportHead;
use super::record::{Cell, Record};
use super::resealing::Resealing;
use super::table::{Copying, Table};
use super::tables::TABLES;
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Transaction};
use crate::secrets::{SecretError, SecureRandom, WrappingKeys};
use crate::tenants::is_label;
use crate::{Store, StoreError, TenantId, Timestamp};

/// How to bring a tenant in.
#[derive(Clone, Copy)]
pub struct ImportOptions<'a> {
    /// A short name makes it a copy: another tenant with a new id. `None` makes it the tenant that was exported.
    pub copy_as: Option<&'a str>,
    /// The keys that the secrets of a copy are sealed anew with; without them they are left out.
    pub keys: Option<&'a WrappingKeys>,
    /// For new keys.
    pub random: &'a dyn SecureRandom,
    /// The present.
    pub now: Timestamp,
    /// Who asked for it, for the tenant's audit log; nothing is noted where nobody did.
    pub actor: Option<&'a Actor>,
}

/// Rows that a copy does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// The table, or the table and a column.
    pub what: String,
    /// How many.
    pub rows: u64,
    /// Why.
    pub reason: &'static str,
}

/// What was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The head of the export.
    pub head: ExportHead,
    /// The tenant's id.
    pub tenant: TenantId,
    /// Its short name.
    pub subdomain: String,
    /// Rows written, by table; tables without rows are left out.
    pub tables: Vec<(&'static str, u64)>,
    /// What a copy lacks; empty for the same tenant.
    pub left_behind: Vec<LeftBehind>,
    /// Secrets that were sealed anew.
    pub resealed: u64,
}

/// Why nothing was brought in. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file.
    #[error(transparent)]
    File(#[from] ExportFileError),
    /// The name or the id is in use.
    #[error(
        "bring in tenant {0}: a tenant of that name or id is in the database; delete that one first, or give another \
         name with --as"
    )]
    Taken(String),
    /// A token, hook address or installation is in use by somebody else.
    #[error(
        "bring in {table}: some row up to line {line} is in the database already, as another tenant's or twice in the file"
    )]
    RowTaken {
        /// The table.
        table: &'static str,
        /// The last line that was read.
        line: u64,
    },
    /// The database refuses rows.
    #[error("bring in {table}, up to line {line}")]
    Refused {
        /// The table.
        table: &'static str,
        /// The last line that was read.
        line: u64,
        /// In the database's words.
        source: StoreError,
    },
    /// A secret that does not open.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One import under way.
struct Importing<'o> {
    options: ImportOptions<'o>,
    subdomain: String,
    tenant: TenantId,
    resealing: Resealing<'o>,
    written: Vec<u64>,
    stayed: Vec<u64>,
}

impl Store {
    /// Brings in a tenant from an export, whole or not at all. Nothing of it is seen before the export's end was read
    /// and fits.
    ///
    /// Deliveries and jobs get new ids, in their order: those are the database's.
    pub async fn import_tenant(
        &self,
        input: &mut (dyn BufRead + Send),
        options: ImportOptions<'_>,
        report: Report<'_>,
    ) -> Result<Imported, ImportError> {
        let mut reader = ExportReader::open(input)?;
        let mut importing = Importing::new(&reader.head, options)?;
        let mut transaction = self.pool.global(Role::Operator).await?;
        importing.run(&mut reader, &mut transaction, report).await?;
        let imported = importing.done(reader.head);
        transaction.work_for(Role::App, Some(imported.tenant)).await?;
        let mut transaction = transaction.of_new_tenant(imported.tenant);
        if let Some(actor) = options.actor {
            let entry = Entry {
                at: options.now,
                actor,
                action: "tenant.import",
                subject: format!("tenant:{}", imported.tenant),
                details: json!({
                    "exported_at": imported.head.exported_at,
                    "exported_as": imported.head.subdomain,
                    "rows": imported.tables.iter().map(|(_, rows)| rows).sum::<u64>(),
                }),
            };
            append(&mut transaction, &entry).await?;
        }
        transaction.commit().await?;
        Ok(imported)
    }
}

impl<'o> Importing<'o> {
    fn new(head: &ExportHead, options: ImportOptions<'o>) -> Result<Self, ImportError> {
        let from = uuid::Uuid::parse_str(&head.tenant_id)
            .map(TenantId)
            .map_err(|_| ExportFileError::Line { number: 1, reason: "tenant_id is not a UUID".to_owned() })?;
        let subdomain = options.copy_as.unwrap_or(&head.subdomain).to_owned();
        if !is_label(&subdomain) {
            return Err(StoreError::NotALabel.into());
        }
        let tenant = options.copy_as.map_or(from, |_| TenantId::new(options.now));
        let resealing = Resealing::new(from, tenant, options.keys, options.random);
        let zeros = vec![0; TABLES.len()];
        Ok(Self { options, subdomain, tenant, resealing, written: zeros.clone(), stayed: zeros })
    }

    /// Writes every row, up to the end line.
    async fn run(
        &mut self,
        reader: &mut ExportReader<'_>,
        transaction: &mut Transaction,
        report: Report<'_>,
    ) -> Result<(), ImportError> {
        let mut open: Option<(usize, Writing)> = None;
        let mut rows = 0;
        while let Some((place, record)) = reader.next()? {
            let (table, line) = (&TABLES[place], reader.number);
            if open.as_ref().is_none_or(|(at, _)| *at != place) {
                if let Some((at, mut writing)) = open.take() {
                    writing.flush(transaction).await.map_err(|e| self.refused(at, line, e))?;
                }
                let writing = Writing::begin(transaction, table, Some(self.tenant), true).await?;
                open = Some((place, writing));
            }
            let Some(record) = self.adapted(place, record)? else { continue };
            if let Some((_, writing)) = &mut open {
                writing.push(transaction, record).await.map_err(|e| self.refused(place, line, e))?;
            }
            rows += 1;
            if rows % 1000 == 0 {
                report("importing", rows);
            }
        }
        if let Some((at, mut writing)) = open {
            writing.flush(transaction).await.map_err(|e| self.refused(at, reader.number, e))?;
        }
        Ok(())
    }

    /// The row as it is to be written; `None` where it stays behind.
    fn adapted(&mut self, place: usize, mut record: Record) -> Result<Option<Record>, ImportError> {
        let table: &Table = &TABLES[place];
        if table.name == "tenants" {
            record[0] = Cell::Text(self.subdomain.clone());
        }
        let record = if self.options.copy_as.is_none() {
            Some(record)
        } else if table.name == "data_keys" {
            self.resealing.data_key(&record, self.options.now)?
        } else if let Copying::Behind(_) = table.copying {
            None
        } else {
            self.resealing.row(table, &mut record)?;
            Some(record)
        };
        let counts = if record.is_some() { &mut self.written } else { &mut self.stayed };
        counts[place] += 1;
        Ok(record)
    }

    fn refused(&self, place: usize, line: u64, error: StoreError) -> ImportError {
        let table = TABLES[place].name;
        match error {
            StoreError::AlreadyThere if table == "tenants" => ImportError::Taken(self.subdomain.clone()),
            StoreError::AlreadyThere => ImportError::RowTaken { table, line },
            StoreError::Other(_) => ImportError::Refused { table, line, source: error },
            error => error.into(),
        }
    }

    fn done(self, head: ExportHead) -> Imported {
        let stayed = TABLES.iter().zip(&self.stayed).filter(|(_, rows)| **rows > 0);
        let stayed = stayed.filter_map(|(table, rows)| match table.copying {
            Copying::Behind(reason) => Some(LeftBehind { what: table.name.to_owned(), rows: *rows, reason }),
            Copying::Along => None,
        });
        let dropped = self.resealing.dropped.iter().map(|((table, column), rows)| LeftBehind {
            what: format!("{table}.{column}"),
            rows: *rows,
            reason: "what is sealed can be opened by the tenant alone that it was sealed for",
        });
        Imported {
            head,
            tenant: self.tenant,
            subdomain: self.subdomain,
            tables: super::export_file::counted(&self.written).collect(),
            left_behind: stayed.chain(dropped).collect(),
            resealed: self.resealing.resealed,
        }
    }
}
