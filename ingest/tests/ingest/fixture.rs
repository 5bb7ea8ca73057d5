//! The cases in `fixtures/webhooks/<event>/`: `.json` is a payload, `.body` is something that was sent in place of one.

use std::fs;
use std::path::{Path, PathBuf};

use muster_ingest::payload::{Names, Payload, text_of};
use muster_ingest::plan::{HookScope, Plan, plan};
use muster_ingest::verify::{BodyKind, EventName};
use muster_model::ProviderId;

/// The repository that most cases are about.
pub(crate) const REPOSITORY: i64 = 5_000_000_123;

/// What is looked up about a hook before its delivery is planned.
pub(crate) type LookUp = fn(&Names) -> HookScope;

/// A body, and the event that its header says.
pub(crate) struct Fixture {
    /// `push/branch`.
    pub(crate) name: String,
    pub(crate) event: EventName,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks")
}

/// The entries of a folder, sorted by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// All cases, sorted by name.
pub(crate) fn all() -> Vec<Fixture> {
    let mut found = Vec::new();
    for folder in entries(&folder()).into_iter().filter(|path| path.is_dir()) {
        let event = folder.file_name().unwrap().to_str().unwrap();
        for file in entries(&folder) {
            if matches!(file.extension().and_then(|end| end.to_str()), Some("json" | "body")) {
                let name = format!("{event}/{}", file.file_stem().unwrap().to_str().unwrap());
                let event = EventName::new(event.as_bytes()).unwrap();
                found.push(Fixture { name, event, body: fs::read(file).unwrap() });
            }
        }
    }
    assert!(found.len() > 150, "the cases are there");
    found
}

/// One case.
pub(crate) fn one(name: &str) -> Fixture {
    all().into_iter().find(|fixture| fixture.name == name).unwrap_or_else(|| panic!("no case {name}"))
}

pub(crate) fn id(number: i64) -> ProviderId {
    ProviderId::new(number).unwrap()
}

/// The hook that may speak of all that the payload names: the App's where it names an installation, else the
/// repository's own.
pub(crate) fn own_scope(names: &Names) -> HookScope {
    match names.installation {
        Some(installation) => HookScope::App { claimed: Some(installation), connected: names.repository },
        None => own_hook(names),
    }
}

/// The hook of the repository that the payload names.
pub(crate) fn own_hook(names: &Names) -> HookScope {
    HookScope::Repository { id: Some(names.repository.unwrap_or(id(REPOSITORY))), full_name: None }
}

/// Reads and plans a body as the worker does.
pub(crate) fn plan_body(
    event: &EventName,
    kind: BodyKind,
    body: &[u8],
    about: impl FnOnce(&Names) -> HookScope,
) -> Plan {
    let text = match text_of(kind, body) {
        Ok(text) => text,
        Err(reason) => return reason.into(),
    };
    match Payload::read(&text) {
        Ok(payload) => plan(event, &payload, &about(&payload.names())),
        Err(reason) => reason.into(),
    }
}

impl Fixture {
    pub(crate) fn plan(&self, about: impl FnOnce(&Names) -> HookScope) -> Plan {
        plan_body(&self.event, BodyKind::Json, &self.body, about)
    }
}
