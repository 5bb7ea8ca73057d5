//! Every table that belongs to tenants, in the order of foreign keys: a row is written behind those that it names.
//!
//! The list is spelled out and compared with the catalogues of both engines by a test, so that a column that is added
//! later cannot be left behind unnoticed; the statements' texts are compared with it too (`texts.rs`).

use super::table::{Column, Copying, Kind, Table};
use crate::database::{Role, Statement};

const ALONG: Copying = Copying::Along;
const SEALED: Copying =
    Copying::Behind("what is sealed can be opened by the tenant alone that it was sealed for");
const CHAINED: Copying = Copying::Behind("its chain of hashes belongs to the tenant that it is about");
const ONE: Copying = Copying::Behind("each leads to one tenant in a database");
const TWICE: Copying = Copying::Behind("nothing is to be done twice");

macro_rules! text {
    ($table:literal, $file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/moving/", $table, "/", $file, ".sql"))
    };
}

macro_rules! shared {
    ($table:literal, $verb:literal) => {
        Statement { sqlite: text!($table, $verb), postgres: text!($table, $verb) }
    };
}

macro_rules! pair {
    ($table:literal, $sqlite:literal, $postgres:literal) => {
        Statement { sqlite: text!($table, $sqlite), postgres: text!($table, $postgres) }
    };
}

/// A table of one class: `tenant`, `queue` (rows of no tenant too, ids of the database), `global` (reached through
/// functions on PostgreSQL), `claimed` (global, and rows of no tenant too).
macro_rules! table {
    (tenant $name:literal by $key:literal, $copying:ident, $columns:tt) => {
        table!(@ $name, $key, $copying, $columns, Role::App, shared!($name, "read"), None, None)
    };
    (queue $name:literal by $key:literal, $copying:ident, $columns:tt) => {
        table!(@ $name, $key, $copying, $columns, Role::App, shared!($name, "read"),
            Some((Role::Queue, shared!($name, "read_unowned"))),
            Some(pair!($name, "add_anew.sqlite", "add_anew.postgres")))
    };
    (global $name:literal by $key:literal, $copying:ident, $columns:tt) => {
        table!(@ $name, $key, $copying, $columns, Role::Operator, pair!($name, "read.sqlite", "read.postgres"),
            None, None)
    };
    (claimed $name:literal by $key:literal, $copying:ident, $columns:tt) => {
        table!(@ $name, $key, $copying, $columns, Role::Operator, pair!($name, "read.sqlite", "read.postgres"),
            Some((Role::Operator, pair!($name, "read_unowned.sqlite", "read_unowned.postgres"))), None)
    };
    (@ $name:literal, $key:literal, $copying:ident, { $($column:ident: $kind:ident),* $(,)? },
        $role:expr, $read:expr, $unowned:expr, $add_anew:expr) => {
        Table {
            name: $name,
            role: $role,
            columns: &[$(Column { name: stringify!($column), kind: Kind::$kind }),*],
            key: $key,
            copying: $copying,
            read: $read,
            unowned: $unowned,
            add: pair!($name, "add.sqlite", "add.postgres"),
            add_anew: $add_anew,
        }
    };
}

/// In the order of foreign keys. Data keys stand in front of what they seal.
pub(crate) const TABLES: &[Table] = &[
    table!(global "tenants" by "subdomain", ALONG, {
        subdomain: Text, organization_name: Text, plan_tier: Text, max_users: MaybeInt,
        max_projects: MaybeInt, max_repositories: MaybeInt, stripe_customer_id: MaybeText,
        subscription_status: MaybeText, change_seq: Int, suspended_at: MaybeInt, created_at: Int,
    }),
    table!(global "data_keys" by "created_at", SEALED, {
        wrapped: Bytes, wrapping_key: Text, created_at: Int,
    }),
    table!(tenant "users" by "id", ALONG, {
        id: Int, email: Text, full_name: Text, role: Text, is_active: Flag, last_login_at: MaybeInt,
        created_at: Int,
    }),
    table!(tenant "repositories" by "id", ALONG, {
        id: Int, source_key: Text, name: Text, clone_url: MaybeText, branch: MaybeText,
        head: MaybeBytes, dirty: Flag, shallow: Flag, extractor_version: Int, history: Text,
        revision: Int, commit_projects_stale: Flag, created_at: Int, provider: MaybeText,
        provider_repo_id: MaybeInt, full_name: MaybeText, default_branch: MaybeText, is_active: Flag,
        webhook_id: MaybeInt, webhook_secret: MaybeBytes, last_synced_at: MaybeInt, pushed_at: MaybeInt,
        received_at: MaybeInt, visible_at: MaybeInt, connected_at: MaybeInt, installation_id: MaybeInt,
        access_token: MaybeBytes, webhook_secret_previous: MaybeBytes, owner_id: MaybeInt,
        is_private: MaybeFlag, is_archived: MaybeFlag, web_url: MaybeText, gone_at: MaybeInt,
        report_time: MaybeInt, report_rank: MaybeInt, report_digest: MaybeBytes, waiting_since: MaybeInt,
    }),
    table!(tenant "refs" by "repository_id, name", ALONG, {
        repository_id: Int, name: Text, tip: Bytes, deleted_at: MaybeInt,
    }),
    table!(tenant "submodules" by "repository_id, path", ALONG, {
        repository_id: Int, path: Text, url: MaybeText, recorded_commit: MaybeText, populated: Flag,
    }),
    table!(tenant "scans" by "id", ALONG, {
        id: Int, repository_id: Int, head: MaybeBytes, branch: MaybeText, dirty: Flag, changed: Flag,
        project_count: Int, task_count: Int, problems: Text, scanned_at: Int,
    }),
    table!(tenant "people" by "id", ALONG, {
        id: Int, repository_id: Int, name: Text, email: Text,
    }),
    table!(tenant "paths" by "id", ALONG, {
        id: Int, repository_id: Int, bytes: Bytes,
    }),
    table!(tenant "projects" by "id", ALONG, {
        id: Int, repository_id: Int, path: Text, name: Text, description: MaybeText, version: MaybeText,
        project_type: Text, role: Text, populated: Flag, submodule: MaybeText, parent_path: MaybeText,
        workspace_path: MaybeText, status: Text, total_tasks: Int, completed_tasks: Int,
        todo_count: Int, declared: MaybeText, documents: Text, problems: Text, closed_at: MaybeInt,
        over_quota: Flag,
    }),
    table!(tenant "project_paths" by "project_id, path", ALONG, {
        project_id: Int, path: Text, left_at: Int,
    }),
    table!(tenant "project_manifests" by "project_id, place", ALONG, {
        project_id: Int, place: Int, detector: Text, path: Text, name: MaybeText, version: MaybeText,
    }),
    table!(tenant "tasks" by "id", ALONG, {
        id: Int, repository_id: Int, project_id: MaybeInt, kind: Text, key: MaybeText, title: Text,
        state: Text, path: Text, line: Int, place: Int, parent_id: MaybeInt, section: MaybeText,
        tag: MaybeText, assignee: MaybeText, named: Text, surroundings: Text, closed_at: MaybeInt,
    }),
    table!(tenant "provider_tasks" by "task_id", ALONG, {
        task_id: Int, repository_id: Int, number: Int, provider_task_id: MaybeInt, report_time: Int,
        report_rank: Int, report_digest: Bytes, gone: MaybeText, moved_to: MaybeText, body: Text,
        author: MaybeText, assignees: Text, labels: Text, opened_at: MaybeInt, ended_at: MaybeInt,
        web_url: MaybeText, head_ref: MaybeText, head_sha: MaybeBytes, head_repository_id: MaybeInt,
        from_fork: MaybeFlag, base_ref: MaybeText, base_sha: MaybeBytes, merge_commit: MaybeBytes,
        merged: MaybeFlag, draft: MaybeFlag,
    }),
    table!(tenant "task_references" by "task_id, place", ALONG, {
        task_id: Int, place: Int, source: Text, span_start: Int, span_end: Int, target: Text,
        relation: Text, rule: Text, matched: Text, resolved: Flag,
    }),
    table!(tenant "commits" by "id", ALONG, {
        id: Int, repository_id: Int, sha: Bytes, parents: Bytes, author_id: Int, authored_at: Int,
        authored_offset: Int, committer_id: Int, committed_at: Int, committed_offset: Int,
        message: Text, path_count: Int, paths_complete: Flag, on_default_since: MaybeInt,
        unreachable_since: MaybeInt,
    }),
    table!(tenant "commit_paths" by "commit_id, path_id", ALONG, {
        commit_id: Int, path_id: Int,
    }),
    table!(tenant "commit_projects" by "project_id, commit_id", ALONG, {
        project_id: Int, commit_id: Int,
    }),
    table!(tenant "commit_references" by "commit_id, place", ALONG, {
        commit_id: Int, place: Int, span_start: Int, span_end: Int, target: Text, relation: Text,
        rule: Text, resolved: Flag,
    }),
    table!(tenant "pull_request_commits" by "task_id, commit_id", ALONG, {
        task_id: Int, commit_id: Int,
    }),
    table!(tenant "links" by "id", ALONG, {
        id: Int, task_id: Int, source: Text, commit_id: MaybeInt, pull_request_id: MaybeInt,
        relation: Text, rule: Text, matched: Text, made_at: Int, withdrawn_at: MaybeInt,
    }),
    table!(tenant "stale_targets" by "target", ALONG, {
        target: Text, from_commit: Int,
    }),
    table!(tenant "extracts" by "repository_id, path", ALONG, {
        repository_id: Int, path: Text, blob: Bytes, extractor_version: Int, payload: Text,
    }),
    table!(tenant "changes" by "seq", ALONG, {
        seq: Int, repository_id: MaybeInt, kind: Text, pushed_at: MaybeInt, received_at: MaybeInt,
        visible_at: Int,
    }),
    table!(tenant "audit_log" by "seq", CHAINED, {
        seq: Int, recorded_at: Int, actor: Text, action: Text, subject: Text, details: Text,
        previous_hash: Bytes, hash: Bytes,
    }),
    table!(global "tokens" by "id", ONE, {
        hash: Bytes, id: Int, name: Text, prefix: Text, role: Text, user_id: MaybeInt, created_at: Int,
        expires_at: MaybeInt, last_used_at: MaybeInt, revoked_at: MaybeInt,
    }),
    table!(global "hook_keys" by "hook_key", ONE, {
        hook_key: Text, repository_id: Int, created_at: Int,
    }),
    table!(claimed "installations" by "provider, installation_id", ONE, {
        provider: Text, installation_id: Int, account: Text, created_at: Int, suspended_at: MaybeInt,
        removed_at: MaybeInt, report_time: MaybeInt, report_rank: MaybeInt, report_digest: MaybeBytes,
    }),
    table!(tenant "installation_repositories" by "provider, installation_id, provider_repo_id", ONE, {
        provider: Text, installation_id: Int, provider_repo_id: Int, full_name: MaybeText, access: Text,
        report_time: Int, report_rank: Int, report_digest: Bytes,
    }),
    table!(queue "deliveries" by "id", TWICE, {
        id: Int, hook: Text, guid: Text, event: Text, action: MaybeText, headers: Text,
        fair_hint: MaybeInt, received_at: Int, status: Text, reason: MaybeText, waits_for: MaybeText,
        settled_at: MaybeInt, body_hash: Bytes, body_purged_at: MaybeInt, body_packed_from: MaybeInt,
        body: MaybeBytes,
    }),
    table!(queue "jobs" by "id", TWICE, {
        id: Int, kind: Text, payload: Text, serial_key: MaybeText, coalescing_key: MaybeText,
        once_key: MaybeText, installation_id: MaybeInt, fair_hint: MaybeInt, priority: Int, long: Flag,
        run_at: Int, parked_until: MaybeInt, state: Text, lease_owner: MaybeText, lease_until: MaybeInt,
        lease_number: Int, attempts: Int, losses: Int, merges: Int, merged_into: MaybeInt,
        cause: MaybeText, errors: Text, enqueued_at: Int, started_at: MaybeInt, finished_at: MaybeInt,
    }),
];

/// The place of a table in the order.
pub(crate) fn place_of(name: &str) -> Option<usize> {
    TABLES.iter().position(|table| table.name == name)
}

/// A column of a table that is moved: table, column, what it holds (`number`, `flag`, `text`, `bytes`), may it be null.
pub type MovedColumn = (&'static str, &'static str, &'static str, bool);

/// Every column that exports and transfers carry. Left out are the tenant's id, which rows get from where they are
/// brought to, and marks that say nothing at rest.
pub fn moved_columns() -> Vec<MovedColumn> {
    let columns = TABLES.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    columns
        .map(|(table, column)| (table.name, column.name, column.kind.word(), column.kind.is_nullable()))
        .collect()
}
