//! The only crate that knows SQL: what is stored, and the methods that write and read it.
//!
//! One method is one transaction and one sentence of the domain. Statements live in `sql/<subject>/<verb>.sql` as
//! fixed text with `$1` parameters; a batch travels as JSON or as arrays, so no statement is ever put together at
//! run time. Two engines run them, SQLite and PostgreSQL: `database/` is the one folder that knows both. Every tenant
//! method hangs on a [`Tenant`], which only [`Store::tenant`] gives, and every statement carries the tenant's id in its
//! text.

mod access_role;
mod address;
mod audit_log;
mod changes;
mod connections;
mod database;
mod examine;
mod failure;
mod history;
mod hooks;
mod ids;
mod installations;
pub mod isolation;
mod keys;
mod links;
mod lists;
mod look;
mod moving;
mod open;
mod provider_tasks;
mod queue;
mod report;
mod repository;
mod schema;
mod secrets;
mod state;
mod tenant;
mod tenants;
mod timestamp;
mod tokens;
mod users;
mod words;

#[cfg(test)]
#[path = "../tests/scratch/mod.rs"]
mod scratch;

#[cfg(test)]
extern crate self as muster_store; // for what tests/ and the tests in here share

pub use access_role::{AccessRole, NotARole};
pub use address::{DatabaseUrl, DatabaseUrlError, PostgresUrl};
pub use audit_log::{Actor, AuditFilter, AuditHead, AuditRecord, AuditReport, ChainFault, NotAHead};
pub use changes::{ChangeKind, ChangeRecord, ChangeWakeups, ChangesAfter};
pub use connections::{ConnectionFilter, ConnectionRecord};
pub use examine::{Check, Examination, Verdict};
pub use failure::StoreError;
pub use history::{
    Appended, CommitRow, HistoryProgress, MAX_COMMIT_PATHS, RebuildMark, StoredHistory, StoredMessage,
};
pub use hooks::{APP_HOOK, AppHookRecord, HookRecord, HookRefusals, HookRoute};
pub use ids::{
    AuditSeq, CommitId, DeliveryId, JobId, LinkId, ProjectId, RepositoryId, ScanId, TaskId, TenantId,
    TokenId, UserId,
};
pub use installations::{Installation, InstallationRecord, Provider};
pub use keys::Rewrapped;
pub use links::{
    LinkAnswer, LinkCandidate, LinkFilter, LinkMention, LinkQuestion, LinkRecord, LinkSource, LinkedTask,
    Relinked, ResolveLinks, SourceId, WantedLink,
};
pub use lists::{
    Claim, CommitFilter, CommitRecord, MAX_PAGE, Page, ProjectFilter, ProjectRecord, RepositoryFilter,
    RepositoryListing, TaskFilter, TaskRecord,
};
pub use look::{
    CommitMarks, CommitStanding, FetchSource, Freshness, GraphCommit, LookChange, LookSettled, PullChange,
    PullRequest, RefChange, Standing, StoredRef, StoredRefs,
};
pub use moving::{
    ExportError, ExportFileError, ExportHead, ExportSummary, ImportError, ImportOptions, Imported,
    LeftBehind, MovedColumn, MovedTable, Report, Transfer, TransferError, TransferPlan, check_export,
    moved_columns,
};
pub use open::{Connections, OpenError, Store};
pub use provider_tasks::{ProviderTaskFacts, TaskReference, TextSource};
pub use queue::{
    Caps, Cause, ClaimedJob, DeadGroup, DeliveryFilter, DeliveryOutcome, DeliveryRecord, DeliveryStatus,
    Enqueued, Fate, JobError, JobFilter, JobKey, JobRecord, JobState, LINK, LOOK, Lease, NewDelivery, NewJob,
    PULL, PackedBody, ParkedGroup, Planned, Priority, Pruned, Queue, QueueStats, ROUTE, Reaped, Recorded,
    Remedy, ReplayFilter, Replayed, Retention, RetryPolicy, Wakeups, pack_body,
};
pub use report::Reported;
pub use repository::{Connection, Provided, Repository, RepositoryFacts};
pub use schema::{RunTimeRole, SchemaStatus};
pub use secrets::{
    DataKey, HookKey, KeyTextError, MAX_KEY_TEXT, NoRandomness, NotAKeyId, Place, RowKey, Secret,
    SecretError, SecureRandom, SystemRandom, Token, TokenError, WrappingKey, WrappingKeyId, WrappingKeys,
};
pub use state::{
    Applied, ExtractKey, KnownProject, KnownState, KnownTask, ProjectChange, ProjectRef, StateChange,
    StoredExtract, TaskChange, TaskRef,
};
pub use tenant::Tenant;
pub use tenants::{BeyondQuota, NewTenant, PlanTier, TenantChange, TenantLimits, TenantRecord, TenantUsage};
pub use timestamp::Timestamp;
pub use tokens::{Bearer, FindTokenError, NewToken, NewTokenError, TokenFilter, TokenRecord, TokenRefusal};
pub use users::{
    AddedUser, ChangedRole, EmailAddress, NewUser, NotAnEmailAddress, RemovedUser, UserError, UserFilter,
    UserRecord,
};
