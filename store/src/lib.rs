//! The only crate that knows SQL: what is stored, and the methods that write and read it.
//!
//! One method is one transaction and one sentence of the domain. Statements live in `sql/<subject>/<verb>.sql` as
//! fixed text with `$1` parameters; a batch travels as JSON or as arrays, so no statement is ever put together at
//! run time. Two engines run them, SQLite and PostgreSQL: `database/` is the one folder that knows both. Every tenant
//! method hangs on a [`Tenant`], which only [`Store::tenant`] gives, and every statement carries the tenant's id in its
//! text.

mod address;
mod database;
mod failure;
mod history;
mod ids;
mod lists;
mod open;
mod queue;
mod repository;
mod schema;
mod secrets;
mod state;
mod tenant;
mod tenants;
mod timestamp;
mod words;

pub use address::{DatabaseUrl, DatabaseUrlError, PostgresUrl};
pub use failure::StoreError;
pub use history::{
    Appended, CommitRow, HistoryProgress, MAX_COMMIT_PATHS, RebuildMark, StoredHistory, WalkEnd,
};
pub use ids::{CommitId, DeliveryId, JobId, ProjectId, RepositoryId, ScanId, TaskId, TenantId};
pub use lists::{
    CommitFilter, CommitRecord, MAX_PAGE, Page, ProjectFilter, ProjectRecord, RepositoryFilter,
    RepositoryListing, TaskFilter, TaskRecord,
};
pub use open::{Connections, OpenError, Store};
pub use queue::{
    Caps, Cause, ClaimedJob, DeadGroup, DeliveryFilter, DeliveryOutcome, DeliveryRecord, DeliveryStatus,
    Enqueued, Fate, JobError, JobFilter, JobKey, JobRecord, JobState, Lease, NewDelivery, NewJob, Planned,
    Priority, Pruned, Queue, QueueStats, ROUTE, Reaped, Recorded, Retention, RetryPolicy, Verdict, Wakeups,
};
pub use repository::{Repository, RepositoryFacts};
pub use schema::SchemaStatus;
pub use secrets::{
    DataKey, KeyTextError, MAX_KEY_TEXT, NoRandomness, NotAKeyId, Place, RowKey, Secret, SecretError,
    SecureRandom, SystemRandom, Token, TokenError, WrappingKey, WrappingKeyId, WrappingKeys,
};
pub use state::{
    Applied, ExtractKey, KnownProject, KnownState, KnownTask, ProjectChange, ProjectRef, StateChange,
    StoredExtract, TaskChange, TaskRef,
};
pub use tenant::Tenant;
pub use tenants::{NewTenant, PlanTier, TenantLimits, TenantRecord};
pub use timestamp::Timestamp;
