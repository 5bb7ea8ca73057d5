//! Looking at a database without refusing it: what `muster doctor` says.
//!
//! Every check ends in words for a person. One that cannot be made is itself a thing that is wrong, and those that need
//! what it failed at are left out; nothing is written, so that a database that is ill is not made worse.

mod postgres;
mod sqlite;

use std::error::Error as _;

use crate::isolation::{Catalogue, Engine, Rule, audit};
use crate::{DatabaseUrl, OpenError, SchemaStatus, Store, StoreError};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Works, and should be known.
    Note,
    /// Has to be mended.
    Wrong,
}

impl Verdict {
    /// The word of documents and lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, in a word.
    pub subject: &'static str,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found, in a sentence without its full stop.
    pub says: String,
    /// What to do about it.
    pub mend: Option<String>,
    /// The rule of the audit that is broken, and by which object.
    pub finding: Option<(Rule, String)>,
}

impl Check {
    fn new(subject: &'static str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self { subject, verdict, says: says.into(), mend: None, finding: None }
    }

    fn fine(subject: &'static str, says: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Fine, says)
    }

    fn note(subject: &'static str, says: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Note, says)
    }

    fn wrong(subject: &'static str, says: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Wrong, says)
    }

    /// The check could not be made. What to do stands in the error's own words; only that of a missing right sends
    /// people here.
    fn failed(subject: &'static str, error: impl Into<OpenError>) -> Self {
        let error = error.into();
        let says = match (&error, error.source()) {
            (OpenError::Store(StoreError::NotAllowed(said)), _) => format!("the server says: {said}"),
            (OpenError::File { .. }, Some(source)) => format!("failed to {error}: {source}"),
            _ => format!("failed to {error}"),
        };
        Self::wrong(subject, says)
    }

    fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }
}

/// What was found in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    /// Its address, without user and password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// Every check, in the order in which they were made.
    pub checks: Vec<Check>,
}

impl Examination {
    /// Nothing has to be mended.
    pub fn is_fine(&self) -> bool {
        self.checks.iter().all(|check| check.verdict != Verdict::Wrong)
    }
}

impl Store {
    /// Looks at a database: does it answer, is its schema this program's, are tenants kept apart, is the file whole. It
    /// is not opened as a store is, so that nothing in it is changed and nothing refused.
    pub async fn examine(url: &DatabaseUrl) -> Examination {
        let (engine, checks) = match url {
            DatabaseUrl::Sqlite(path) => (Engine::Sqlite, sqlite::examine(path).await),
            DatabaseUrl::Postgres(url) => (Engine::Postgres, postgres::examine(url).await),
        };
        Examination { database: url.to_string(), engine, checks }
    }
}

/// What a schema's number says, and whether it is this program's.
fn schema(status: &SchemaStatus, engine: Engine) -> (Check, bool) {
    let SchemaStatus { found, known, missing } = status;
    if found > known {
        let says = format!("the schema is number {found} and this program knows up to {known}");
        return (Check::wrong("schema", says).mend("use the newer muster"), false);
    }
    if missing.is_empty() {
        return (Check::fine("schema", format!("number {found}, as this program needs")), true);
    }
    let names: Vec<String> = missing.iter().map(|(number, subject)| format!("{number} {subject}")).collect();
    let says = match found {
        0 => "there are no tables of Muster yet".to_owned(),
        _ => {
            format!("the schema is number {found}, this program needs {known}: it lacks {}", names.join(", "))
        }
    };
    let check = match engine {
        Engine::Postgres => Check::wrong("schema", says)
            .mend("run muster migrate up, as the role that owns the tables or is to own them"),
        Engine::Sqlite => {
            Check::note("schema", says).mend("the next command that uses the file brings it up to date")
        }
    };
    (check, false)
}

/// The notes of a transfer, which are there until it has ended.
const TRANSFER: &str = "_muster_transfer";

/// The audit of a catalogue.
fn isolation(catalogue: &Catalogue) -> Vec<Check> {
    let mut findings = audit(catalogue);
    let before = findings.len();
    findings.retain(|finding| finding.object != TRANSFER);
    if findings.len() < before {
        let says = "a transfer has begun to fill this database and did not end: it holds a part";
        let mend = "start the same muster transfer again, which goes on where it stopped; or make an empty database anew";
        return vec![Check::wrong("transfer", says).mend(mend)];
    }
    if findings.is_empty() {
        let rules = Rule::ALL.iter().filter(|rule| rule.applies_to(catalogue.engine)).count();
        let tables = catalogue.listed().count();
        let says =
            format!("{rules} rules over {tables} tables: nothing that could lead from one tenant to another");
        return vec![Check::fine("isolation", says)];
    }
    findings
        .into_iter()
        .map(|finding| Check {
            finding: Some((finding.rule, finding.object.clone())),
            ..Check::wrong("isolation", format!("{}: {}", finding.object, finding.explanation))
                .mend(finding.mend)
        })
        .collect()
}

/// How many tenants there are, how many are suspended, how many have a data key, and by how many keys these are wrapped.
fn tenants((tenants, suspended, keyed, keys): (i64, i64, i64, i64)) -> Check {
    let plural =
        |count: i64, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let says = format!(
        "{}, {suspended} suspended; {} wrapped by {}",
        plural(tenants, "tenant"),
        plural(keyed, "data key"),
        plural(keys, "key"),
    );
    Check::fine("tenants", says)
}
