//! Transfer: a whole database into an empty one, on either engine.
//!
//! The source is read one tenant at a time, each from one state; the target is written one table of a tenant at a time,
//! each in one transaction together with a note that it is there. So whatever ends a transfer half-way, the same command
//! goes on behind the last note. At the end both databases are read once more and compared.

use std::io;

use thiserror::Error;

use super::Report;
use super::carrying::{Reading, Writing};
use super::notes::Notes;
use super::record::Tally;
use super::table::Table;
use super::tables::TABLES;
use super::verifying::{MovedTable, is_empty, owners, tallies};
use crate::database::{Role, Statement, Transaction, statement};
use crate::{Connections, DatabaseUrl, OpenError, Store, StoreError, TenantId};

const HIGHEST_IDS: Statement = statement!(postgres "transfer/highest_ids");
const IDS_ABOVE: Statement = statement!(postgres "transfer/ids_above");

/// Why a database was not moved. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum TransferError {
    /// From and to are one.
    #[error("transfer a database to itself: give two addresses")]
    SameDatabase,
    /// The source does not open.
    #[error("read the source")]
    Source(#[source] OpenError),
    /// The target does not open.
    #[error("prepare the target")]
    Target(#[source] OpenError),
    /// The target holds rows.
    #[error("transfer to a database that holds rows already: give an empty one, or one without tables")]
    NotEmpty,
    /// The target has tables of an earlier release.
    #[error(
        "transfer to a database of schema {found}: this program's is {known}; muster migrate up brings it there"
    )]
    OlderTarget {
        /// The number that it has.
        found: i64,
        /// The number that this program has.
        known: i64,
    },
    /// The target holds part of another database.
    #[error(
        "go on with the transfer: the target holds a part of {found}; go on from there, or begin anew with an empty one"
    )]
    OtherSource {
        /// Where that part came from.
        found: String,
    },
    /// The source is not what it was.
    #[error(
        "transfer everything: the source was changed meanwhile, in {0}; stop what writes to it and begin anew with an \
         empty target"
    )]
    SourceChanged(String),
    /// The target is not what was written.
    #[error("find in the target what the source holds: they differ in {0}; begin anew with an empty target")]
    Differs(String),
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a transfer would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferPlan {
    /// The source's tables.
    pub tables: Vec<MovedTable>,
    /// Tenants of the source.
    pub tenants: u64,
    /// The target gets its tables first.
    pub makes_tables: bool,
    /// It goes on behind what an earlier attempt has copied.
    pub goes_on: bool,
}

/// A source, and where it goes.
#[derive(Debug)]
pub struct Transfer {
    source: Store,
    from: String,
    to: DatabaseUrl,
    /// The target has no tables yet.
    makes_tables: bool,
    connections: Connections,
}

impl Transfer {
    /// Opens the source and looks at the target, without changing it.
    ///
    /// On PostgreSQL `to` names the owner of the tables, over a direct connection.
    pub async fn open(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Self, TransferError> {
        if from == to || same_file(from, to) {
            return Err(TransferError::SameDatabase);
        }
        let connections = Connections { most: 2, ..Connections::default() };
        if let DatabaseUrl::Sqlite(path) = from
            && let Err(source) = path.metadata()
        {
            let path = path.display().to_string();
            return Err(TransferError::Source(OpenError::File { path, source }));
        }
        let source = Store::open_with(from, connections).await.map_err(TransferError::Source)?;
        let makes_tables = match Store::schema_status(to).await {
            Ok(status) if status.found == 0 => true,
            Ok(status) if status.missing.is_empty() => false,
            Ok(status) => {
                return Err(TransferError::OlderTarget { found: status.found, known: status.known });
            }
            Err(OpenError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(TransferError::Target(error)),
        };
        Ok(Self { source, from: from.to_string(), to: to.clone(), makes_tables, connections })
    }

    async fn target(&self) -> Result<Store, TransferError> {
        Store::open_to_fill(&self.to, self.connections).await.map_err(TransferError::Target)
    }

    /// The notes of an attempt to go on with. Refuses a target that holds anything else.
    async fn begun(&self, target: &Store) -> Result<Option<Notes>, TransferError> {
        match Notes::find(target).await? {
            Some(notes) if notes.from == self.from => Ok(Some(notes)),
            Some(notes) => Err(TransferError::OtherSource { found: notes.from }),
            None if is_empty(target).await? => Ok(None),
            None => Err(TransferError::NotEmpty),
        }
    }

    /// What would be done: reads the source, changes nothing.
    pub async fn plan(&self, report: Report<'_>) -> Result<TransferPlan, TransferError> {
        let goes_on = match self.makes_tables {
            true => false,
            false => self.begun(&self.target().await?).await?.is_some(),
        };
        let tallies = tallies(&self.source, "counting", report).await?;
        let tenants = tallies.first().map_or(0, |tally| tally.rows);
        let tables = MovedTable::list(&tallies);
        Ok(TransferPlan { tables, tenants, makes_tables: self.makes_tables, goes_on })
    }

    /// Copies everything and compares; what an earlier attempt has copied is left as it is.
    pub async fn run(&self, report: Report<'_>) -> Result<Vec<MovedTable>, TransferError> {
        if self.makes_tables {
            Store::migrate(&self.to).await.map_err(TransferError::Target)?;
        }
        let target = self.target().await?;
        let mut notes = match self.begun(&target).await? {
            Some(notes) => notes,
            None => Notes::begin(&target, &self.from).await?,
        };
        let mut rows = 0;
        for owner in owners(&self.source).await? {
            let mut reading = self.source.pool.read_global(Role::App).await?;
            for table in TABLES.iter().filter(|table| owner.is_some() || table.unowned.is_some()) {
                if notes.of(owner, table.name).is_none() {
                    let mut writing = target.pool.global(Role::App).await?;
                    let tally = copy(&mut reading, &mut writing, table, owner, &mut rows, report).await?;
                    notes.put(&mut writing, owner, table.name, tally).await?;
                    writing.commit().await?;
                }
            }
        }
        raise_ids(&target).await?;
        let compared = self.compare(&target, &notes, report).await?;
        Notes::end(&target).await?;
        target.close().await;
        Ok(compared)
    }

    /// Reads both sides once more.
    async fn compare(
        &self,
        target: &Store,
        notes: &Notes,
        report: Report<'_>,
    ) -> Result<Vec<MovedTable>, TransferError> {
        let here = tallies(&self.source, "reading the source again", report).await?;
        let there = tallies(target, "reading the target", report).await?;
        let names = |differs: &dyn Fn(&Table, &Tally, &Tally) -> bool| {
            let tables = TABLES.iter().zip(here.iter().zip(&there));
            let names = tables.filter(|(table, (here, there))| differs(table, here, there));
            names.map(|(table, _)| table.name).collect::<Vec<_>>().join(", ")
        };
        let changed = names(&|table, here, _| {
            let noted = notes.total(table.name);
            (noted.rows, noted.sum) != (here.rows, here.sum)
        });
        if !changed.is_empty() {
            return Err(TransferError::SourceChanged(changed));
        }
        let other = names(&|_, here, there| here != there);
        if !other.is_empty() {
            return Err(TransferError::Differs(other));
        }
        Ok(MovedTable::list(&here))
    }
}

/// Two names of one file.
fn same_file(one: &DatabaseUrl, other: &DatabaseUrl) -> bool {
    let (DatabaseUrl::Sqlite(one), DatabaseUrl::Sqlite(other)) = (one, other) else { return false };
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Copies the rows that one owner has in one table.
async fn copy(
    from: &mut Transaction,
    to: &mut Transaction,
    table: &'static Table,
    owner: Option<TenantId>,
    rows: &mut u64,
    report: Report<'_>,
) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    let mut writing = Writing::begin(to, table, owner, false).await?;
    let Some(mut reading) = Reading::begin(from, table, owner).await? else { return Ok(tally) };
    while let Some(record) = reading.next().await? {
        tally.add(table, owner, &record);
        writing.push(to, record).await?;
        *rows += 1;
        if rows.is_multiple_of(1000) {
            report("copying", *rows);
        }
    }
    writing.flush(to).await?;
    Ok(tally)
}

/// Ids that the database gives begin above those that came along. SQLite gives one more than the highest by itself.
async fn raise_ids(target: &Store) -> Result<(), StoreError> {
    let mut transaction = target.pool.global(Role::Queue).await?;
    if let Transaction::Postgres(_) = transaction {
        let query = transaction.statement(HIGHEST_IDS);
        let highest = transaction.fetch_one(query).await?;
        transaction.work_for(Role::Operator, None).await?;
        let query = transaction.statement(IDS_ABOVE);
        let query = query.bind(highest.int("deliveries")?).bind(highest.int("jobs")?);
        transaction.execute(query).await?;
    }
    transaction.commit().await
}
