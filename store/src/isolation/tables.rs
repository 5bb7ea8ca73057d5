//! Which table is what, and who may do what with it.
//!
//! The list is written by hand and on purpose: a table that is added has to be put into a class by somebody who has
//! thought about whose rows it holds, and the audit fails until then.

/// Whose rows a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    /// Every row is one tenant's.
    Tenant,
    /// Looked up before a tenant is known, or of no tenant at all; reached through functions alone.
    Global,
    /// A row is one tenant's, or nobody's yet.
    Queue,
    /// The schema's own.
    Bookkeeping,
}

/// What may be done with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Read them.
    Select,
    /// Add some.
    Insert,
    /// Change them.
    Update,
    /// Take them away.
    Delete,
}

impl Privilege {
    /// The engine's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// The role that serves tenants.
pub(super) const APP: &str = "muster_app";
/// The role that records and claims what is queued.
pub(super) const QUEUE: &str = "muster_queue";
/// The role that makes, changes and removes tenants.
pub(super) const OPERATOR: &str = "muster_operator";
/// Everybody.
pub(super) const PUBLIC: &str = "PUBLIC";
/// The roles that the program works as.
pub(super) const RUN_TIME: [&str; 3] = [APP, QUEUE, OPERATOR];

/// Every table of the schema.
pub(super) const TABLES: &[(&str, TableClass)] = &[
    ("_sqlx_migrations", TableClass::Bookkeeping),
    ("app_refusals", TableClass::Global),
    ("audit_log", TableClass::Tenant),
    ("changes", TableClass::Tenant),
    ("commit_paths", TableClass::Tenant),
    ("commit_projects", TableClass::Tenant),
    ("commit_references", TableClass::Tenant),
    ("commits", TableClass::Tenant),
    ("data_keys", TableClass::Global),
    ("deliveries", TableClass::Queue),
    ("extracts", TableClass::Tenant),
    ("hook_keys", TableClass::Global),
    ("installation_repositories", TableClass::Tenant),
    ("installations", TableClass::Global),
    ("jobs", TableClass::Queue),
    ("links", TableClass::Tenant),
    ("paths", TableClass::Tenant),
    ("people", TableClass::Tenant),
    ("project_manifests", TableClass::Tenant),
    ("project_paths", TableClass::Tenant),
    ("projects", TableClass::Tenant),
    ("provider_tasks", TableClass::Tenant),
    ("pull_request_commits", TableClass::Tenant),
    ("refs", TableClass::Tenant),
    ("repositories", TableClass::Tenant),
    ("scans", TableClass::Tenant),
    ("stale_targets", TableClass::Tenant),
    ("submodules", TableClass::Tenant),
    ("task_references", TableClass::Tenant),
    ("tasks", TableClass::Tenant),
    ("tenants", TableClass::Global),
    ("tokens", TableClass::Global),
    ("users", TableClass::Tenant),
];

/// Tables that nobody changes once a row is written: the run-time role adds and reads.
const APPEND_ONLY: [&str; 1] = ["audit_log"];

/// The class of a table; `None` for one that is in no list.
pub fn class_of(table: &str) -> Option<TableClass> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, class)| *class)
}

/// What a role (or `PUBLIC`) is to be granted on a table, and no more.
pub fn expected_privileges(table: &str, role: &str) -> &'static [Privilege] {
    use Privilege::{Delete, Insert, Select, Update};
    match (class_of(table), role) {
        (Some(TableClass::Tenant), APP) if APPEND_ONLY.contains(&table) => &[Select, Insert],
        (Some(TableClass::Tenant), APP) => &[Select, Insert, Update, Delete],
        (Some(TableClass::Queue), APP) => &[Select, Insert, Update],
        (Some(TableClass::Queue), QUEUE) => &[Select, Insert, Update, Delete],
        (Some(TableClass::Bookkeeping), PUBLIC) => &[Select],
        _ => &[],
    }
}
