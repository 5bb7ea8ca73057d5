//! Checks of a file.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection};

use super::{Check, isolation, schema, tenants};
use crate::database::{Statement, statement};
use crate::isolation::{Engine, read_sqlite};
use crate::open::sqlite::connect_to_look;
use crate::{SchemaStatus, StoreError};

const VERSION: Statement = statement!(sqlite "examine/version");
const QUICK_CHECK: Statement = statement!(sqlite "examine/quick_check");
const LOST_REFERENCES: Statement = statement!(sqlite "examine/lost_references");
const TENANTS: Statement = statement!(both "examine/tenants");

pub(super) async fn examine(path: &Path) -> Vec<Check> {
    if !path.exists() {
        return vec![
            Check::note("file", "it is not there yet").mend("muster scan PATH makes it on first use"),
        ];
    }
    if !path.is_file() {
        return vec![Check::wrong("file", "it is a directory, a pipe or a device, not a file")];
    }
    let mut checks = Vec::new();
    match connect_to_look(path).await {
        Ok(mut connection) => {
            let (found, is_ours) = look(&mut connection).await;
            // Whose the file is comes first: what another program's file may be is not ours to say.
            if is_ours {
                checks.extend(permissions(path));
                checks.extend(writable(path));
            }
            checks.extend(found);
            // Waited for, so that looking leaves no -wal and no -shm behind. Whether it closes well is nobody's concern.
            _ = connection.close().await;
        }
        Err(error) => checks.push(Check::failed("file", error)),
    }
    checks
}

/// What is in the file, and whether it is ours.
async fn look(connection: &mut SqliteConnection) -> (Vec<Check>, bool) {
    let status = match SchemaStatus::of_sqlite(connection).await {
        Ok(status) => status,
        Err(error) => return (vec![Check::failed("file", error)], false),
    };
    let mut checks = vec![whole(connection).await.unwrap_or_else(|error| Check::failed("file", error))];
    let (check, is_ours) = schema(&status, Engine::Sqlite);
    checks.push(check);
    checks.push(
        Check::note("isolation", "SQLite has no row-level security: each statement names its tenant, and nothing stands behind that")
            .mend("keep tenants that must not trust each other on PostgreSQL (muster transfer)"),
    );
    if is_ours {
        let found = apart(connection).await;
        checks.extend(found.unwrap_or_else(|error| vec![Check::failed("isolation", error)]));
        let counted = sqlx::query_as(TENANTS.sqlite).fetch_one(&mut *connection).await;
        checks.push(counted.map_or_else(|error| Check::failed("tenants", error), tenants));
    }
    (checks, true)
}

/// Is every page where it should be?
async fn whole(connection: &mut SqliteConnection) -> Result<Check, sqlx::Error> {
    let version: String = sqlx::query_scalar(VERSION.sqlite).fetch_one(&mut *connection).await?;
    let said: Vec<String> = sqlx::query_scalar(QUICK_CHECK.sqlite).fetch_all(&mut *connection).await?;
    if said != ["ok"] {
        return Ok(Check::wrong("file", format!("the file is damaged: {}", said.join("; ")))
            .mend("restore it from a backup, or move it away and scan again"));
    }
    Ok(Check::fine("file", format!("SQLite {version}, every page of it whole")))
}

async fn apart(connection: &mut SqliteConnection) -> Result<Vec<Check>, StoreError> {
    let mut checks = isolation(&read_sqlite(&mut *connection).await?);
    let lost: i64 = sqlx::query_scalar(LOST_REFERENCES.sqlite).fetch_one(connection).await?;
    if lost > 0 {
        let says = format!("{lost} rows refer to rows that are not there, or are another tenant's");
        checks.push(
            Check::wrong("references", says)
                .mend("restore the file from a backup, or scan again into another"),
        );
    }
    Ok(checks)
}

/// A file that can be read and not written looks well until the next scan.
fn writable(path: &Path) -> Option<Check> {
    let error = std::fs::OpenOptions::new().append(true).open(path).err()?;
    let says = format!("the file cannot be written: {error}");
    Some(Check::wrong("file", says).mend(format!("chmod u+w {}, or work as its owner", path.display())))
}

/// Who else may read the file and what SQLite keeps beside it.
#[cfg(unix)]
fn permissions(path: &Path) -> Vec<Check> {
    use std::os::unix::fs::PermissionsExt as _;

    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        std::path::PathBuf::from(name)
    };
    let files = [path.to_owned(), beside("-wal"), beside("-shm")];
    let mode = |path: &Path| Some(path.metadata().ok()?.permissions().mode() & 0o7777);
    let mut checks: Vec<Check> = files
        .iter()
        .filter_map(|file| Some((file, mode(file)?)))
        .filter(|(_, mode)| mode & 0o077 != 0)
        .map(|(file, mode)| {
            let says = format!("{} may be used by others than its owner (mode {mode:04o})", file.display());
            Check::wrong("permissions", says).mend(format!("chmod 600 {}", file.display()))
        })
        .collect();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where others may write and nothing is sticky, they may put another file in the place of this one.
    if let Some(mode) = mode(folder).filter(|mode| mode & 0o022 != 0 && mode & 0o1000 == 0) {
        let says = format!("others may change the directory {} (mode {mode:04o})", folder.display());
        checks.push(Check::wrong("permissions", says).mend(format!("chmod go-w {}", folder.display())));
    }
    if checks.is_empty() {
        checks.push(Check::fine("permissions", "the file is for its owner alone"));
    }
    checks
}

#[cfg(not(unix))]
fn permissions(_: &Path) -> Vec<Check> {
    Vec::new()
}
