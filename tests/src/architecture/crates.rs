//! The arrows between the crates, read from their manifests.

use toml::{Table, Value};

use super::workspace::{SourceFile, crate_of, files};
use super::{assert_none, planted};

/// A crate and the crates of ours that it may name. What is absent is refused: an arrow is drawn here first.
const ARROWS: [(&str, &[&str]); 9] = [
    ("model", &[]),
    ("detectors", &["model"]),
    ("linker", &["model"]),
    ("scanner", &["model", "detectors"]),
    ("store", &["model"]),
    ("engine", &["model", "detectors", "linker", "scanner", "store"]),
    ("ingest", &["model", "engine", "store"]),
    ("cli", &["model", "detectors", "scanner", "store", "engine", "ingest"]),
    ("tests", &["model", "detectors", "linker", "scanner", "store", "engine", "ingest"]),
];

/// Libraries that stand for a subject, and the only crate that knows this subject. The tests may know all.
const SUBJECTS: [(&str, &str); 13] = [
    ("sqlx", "store"),
    ("git2", "scanner"),
    ("gix", "scanner"),
    ("ignore", "scanner"),
    ("walkdir", "scanner"),
    ("axum", "ingest"),
    ("hyper", "ingest"),
    ("reqwest", "ingest"),
    ("clap", "cli"),
    ("anyhow", "cli"),
    ("anstream", "cli"),
    ("indicatif", "cli"),
    ("rusqlite", "nobody: sqlx is the one way to a database"),
];

/// The dependencies of a manifest, of every kind and for every target.
fn dependencies(manifest: &Table) -> Vec<String> {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let of = |table: &Table| -> Vec<String> {
        tables
            .iter()
            .filter_map(|name| table.get(*name)?.as_table())
            .flat_map(|dependencies| dependencies.keys().cloned())
            .collect()
    };
    let mut found = of(manifest);
    if let Some(targets) = manifest.get("target").and_then(Value::as_table) {
        found.extend(targets.values().filter_map(Value::as_table).flat_map(of));
    }
    found
}

/// The manifests of the members, by the folder of each.
fn manifests(files: &[SourceFile]) -> impl Iterator<Item = (&str, Table)> {
    files.iter().filter(|file| file.path.matches('/').count() == 1 && file.path.ends_with("/Cargo.toml")).map(
        |file| {
            (crate_of(&file.path), file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path)))
        },
    )
}

fn forbidden_arrows(files: &[SourceFile]) -> Vec<String> {
    let mut offences = Vec::new();
    for (folder, manifest) in manifests(files).filter(|(folder, _)| !matches!(*folder, "fuzz" | "benches")) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == folder) else {
            offences.push(format!("{folder} has no line in ARROWS"));
            continue;
        };
        for dependency in dependencies(&manifest) {
            if let Some(ours) = dependency.strip_prefix("muster-")
                && !allowed.contains(&ours)
            {
                offences.push(format!("{folder} may not know {ours}"));
            }
            for (library, owner) in SUBJECTS {
                if dependency == library && folder != owner && folder != "tests" {
                    offences.push(format!("{folder} may not depend on {library}: that is for {owner}"));
                }
            }
        }
    }
    offences
}

fn without_lints(files: &[SourceFile]) -> Vec<String> {
    manifests(files)
        .filter(|(folder, _)| !matches!(*folder, "fuzz" | "benches"))
        .filter(|(_, manifest)| {
            manifest.get("lints").and_then(|lints| lints.get("workspace")) != Some(&true.into())
        })
        .map(|(folder, _)| format!("{folder}/Cargo.toml does not say [lints] workspace = true"))
        .collect()
}

/// Every `.sql` file outside the two places for them.
fn stray_sql(files: &[SourceFile]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.path.ends_with(".sql"))
        .filter(|file| {
            !["store/sql/", "migrations/", "fixtures/"].iter().any(|home| file.path.starts_with(home))
        })
        .map(|file| file.path.clone())
        .collect()
}

/// Migrations of one engine whose number the other engine lacks. One engine alone offends nothing.
fn unpaired_migrations(files: &[SourceFile]) -> Vec<String> {
    let numbers = |engine: &str| -> Vec<&str> {
        let folder = format!("migrations/{engine}/");
        files
            .iter()
            .filter_map(|file| file.path.strip_prefix(folder.as_str())?.split(['_', '.']).next())
            .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
            .collect()
    };
    let (sqlite, postgres) = (numbers("sqlite"), numbers("postgres"));
    if sqlite.is_empty() || postgres.is_empty() {
        return Vec::new();
    }
    let lacking = |these: &[&str], others: &[&str], engine: &str| -> Vec<String> {
        let missing = these.iter().filter(|number| !others.contains(number));
        missing.map(|number| format!("{engine} lacks {number}")).collect()
    };
    [lacking(&sqlite, &postgres, "postgres"), lacking(&postgres, &sqlite, "sqlite")].concat()
}

#[test]
fn arrows_point_one_way() {
    assert_none("arrows between crates", &forbidden_arrows(files()));
    let linker = planted("linker/Cargo.toml", "[dev-dependencies]\nmuster-scanner.workspace = true");
    let engine = planted("engine/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nsqlx = '1'");
    let new = planted("helpers/Cargo.toml", "");
    assert_eq!(
        forbidden_arrows(&[linker, engine, new]),
        [
            "linker may not know scanner",
            "engine may not depend on sqlx: that is for store",
            "helpers has no line in ARROWS"
        ]
    );
}

#[test]
fn every_crate_obeys_the_lints() {
    assert_none("lints of the workspace", &without_lints(files()));
    assert_eq!(without_lints(&[planted("model/Cargo.toml", "[lints]\nworkspace = false")]).len(), 1);
}

#[test]
fn sql_stands_in_one_place() {
    assert_none("SQL outside store/sql and migrations", &stray_sql(files()));
    assert_eq!(stray_sql(&[planted("engine/save.sql", "select 1")]), ["engine/save.sql"]);
}

#[test]
fn migrations_are_numbered_alike() {
    assert_none("migrations", &unpaired_migrations(files()));
    let (one, two) =
        (planted("migrations/sqlite/0001_a.sql", ""), planted("migrations/postgres/0002_a.sql", ""));
    assert_eq!(unpaired_migrations(&[one, two]), ["postgres lacks 0001", "sqlite lacks 0002"]);
}
