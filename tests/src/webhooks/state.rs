//! The present state of a tenant, as text: what converges whatever order deliveries came in.
//!
//! It is read from an export, which holds every column of every table, so that one that is added is compared unless it is named
//! here. Ids become names; times that we set become whether there is one; what is past is left out: dropped commits, closed
//! projects and file tasks, withdrawn links, former paths, scans, changes, and what belongs to a repository that is not looked at
//! any more, for nobody can say what would have been seen of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use muster_store::{TaskFilter, Tenant, Timestamp};
use serde_json::Value;

/// Columns that say when we did something, or how often; and whether a reference was ever resolved, which its link says better.
const OURS: &[&str] = &[
    "table",
    "id",
    "revision",
    "created_at",
    "commit_projects_stale",
    "last_synced_at",
    "pushed_at",
    "received_at",
    "visible_at",
    "connected_at",
    "waiting_since",
    "made_at",
    "webhook_id",
    "resolved",
];
/// Times of ours that say whether something is so.
const WHETHER: &[&str] =
    &["closed_at", "gone_at", "on_default_since", "unreachable_since", "deleted_at", "withdrawn_at"];
/// Columns of a repository that its last look left: of one that is gone, they are past.
const OF_A_LOOK: &[&str] = &["branch", "dirty", "extractor_version", "head", "history", "shallow"];
/// Tables of what is past, of people and of the work itself, and those that are only there to be named by others.
const LEFT_OUT: &[&str] = &[
    "tenants",
    "users",
    "scans",
    "changes",
    "audit_log",
    "tokens",
    "hook_keys",
    "data_keys",
    "deliveries",
    "jobs",
    "project_paths",
    "people",
    "paths",
    "stale_targets",
    "installations",
];

type Row = BTreeMap<String, Value>;

/// The rows of an export, by table.
struct Export(HashMap<String, Vec<Row>>);

impl Export {
    async fn of(tenant: &Tenant) -> Self {
        let mut out = Vec::new();
        tenant.export(&mut out, None, Timestamp(0), &|_, _| {}).await.unwrap();
        let mut tables: HashMap<String, Vec<Row>> = HashMap::new();
        for line in String::from_utf8(out).unwrap().lines() {
            let row: Row = serde_json::from_str(line).unwrap();
            if let Some(table) = row.get("table").and_then(Value::as_str) {
                tables.entry(table.to_owned()).or_default().push(row);
            }
        }
        Self(tables)
    }

    fn rows(&self, table: &str) -> impl Iterator<Item = &Row> {
        self.0.get(table).into_iter().flatten()
    }

    /// What the rows of a table are called instead of by their ids.
    fn names(&self, table: &str, name: impl Fn(&Row) -> String) -> HashMap<i64, String> {
        self.rows(table).map(|row| (row["id"].as_i64().unwrap(), name(row))).collect()
    }
}

fn text(row: &Row, column: &str) -> String {
    row[column].as_str().map_or_else(|| row[column].to_string(), str::to_owned)
}

/// The present state, a line a row, sorted.
pub(super) async fn present(tenant: &Tenant) -> String {
    let export = Export::of(tenant).await;
    assert_eq!(export.rows("stale_targets").count(), 0, "links are still to be made");
    let names = Names::of(&export);
    let mut lines = BTreeSet::new();
    for (table, rows) in &export.0 {
        if !LEFT_OUT.contains(&table.as_str()) {
            lines.extend(
                rows.iter().filter(|row| names.is_present(table, row)).map(|row| names.line(table, row)),
            );
        }
    }
    let filter = TaskFilter { closed: true, ..TaskFilter::default() };
    let page = tenant.list_tasks(&filter).await.unwrap();
    assert!(page.next.is_none(), "more tasks than a page holds");
    for task in page.items.iter().filter(|task| !task.claimed_by.is_empty()) {
        lines.insert(format!("claims {} {:?}", names.tasks[&task.id.0], task.claimed_by));
    }
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// What ids stand for.
struct Names {
    repositories: HashMap<i64, String>,
    people: HashMap<i64, String>,
    paths: HashMap<i64, String>,
    projects: HashMap<i64, String>,
    tasks: HashMap<i64, String>,
    commits: HashMap<i64, String>,
    /// Rows that are past, by table and id.
    past: BTreeSet<(&'static str, i64)>,
}

impl Names {
    fn of(export: &Export) -> Self {
        let repositories = export.names("repositories", |row| text(row, "source_key"));
        let of = |row: &Row| repositories[&row["repository_id"].as_i64().unwrap()].clone();
        let people = export
            .names("people", |row| format!("{} {} <{}>", of(row), text(row, "name"), text(row, "email")));
        let paths = export.names("paths", |row| text(row, "bytes"));
        let projects = export.names("projects", |row| format!("{} {}", of(row), text(row, "path")));
        let tasks = export.names("tasks", |row| match row["path"].as_str() {
            None | Some("") => format!("{} {}", of(row), text(row, "key")),
            Some(path) => format!("{} {path}:{}", of(row), text(row, "place")),
        });
        let commits = export.names("commits", |row| format!("{} {}", of(row), text(row, "sha")));
        let mut past = BTreeSet::new();
        let rests = |row: &&Row| row["is_active"] == false;
        let resting: BTreeSet<i64> =
            export.rows("repositories").filter(rests).map(|row| row["id"].as_i64().unwrap()).collect();
        past.extend(resting.iter().map(|id| ("repositories", *id)));
        for table in ["projects", "tasks", "commits"] {
            let of_resting = |row: &&Row| resting.contains(&row["repository_id"].as_i64().unwrap());
            past.extend(
                export.rows(table).filter(of_resting).map(|row| (table, row["id"].as_i64().unwrap())),
            );
        }
        let is_set = |row: &Row, column: &str| !row[column].is_null();
        let mut add = |table, row: &Row| past.insert((table, row["id"].as_i64().unwrap()));
        export
            .rows("projects")
            .filter(|row| is_set(row, "closed_at"))
            .for_each(|row| _ = add("projects", row));
        let of_file = |row: &&Row| matches!(row["kind"].as_str(), Some("checkbox" | "comment"));
        let closed = export.rows("tasks").filter(|row| is_set(row, "closed_at")).filter(of_file);
        closed.for_each(|row| _ = add("tasks", row));
        export
            .rows("commits")
            .filter(|row| is_set(row, "unreachable_since"))
            .for_each(|row| _ = add("commits", row));
        Self { repositories, people, paths, projects, tasks, commits, past }
    }

    /// Which table a column's number is the id of a row of.
    fn named(&self, column: &str) -> Option<(&'static str, &HashMap<i64, String>)> {
        Some(match column {
            "repository_id" => ("repositories", &self.repositories),
            "author_id" | "committer_id" => ("people", &self.people),
            "path_id" => ("paths", &self.paths),
            "project_id" => ("projects", &self.projects),
            "task_id" | "parent_id" | "pull_request_id" => ("tasks", &self.tasks),
            "commit_id" => ("commits", &self.commits),
            _ => return None,
        })
    }

    /// False for what is past, and for what belongs to it.
    fn is_present(&self, table: &str, row: &Row) -> bool {
        let id = row.get("id").and_then(Value::as_i64);
        let is_past = |table: &'static str, id: i64| self.past.contains(&(table, id));
        if table == "repositories" {
            // One that is gone is told of; one that an installation may not see any more may never have been.
            return row["is_active"] == true || !row["gone_at"].is_null();
        }
        let own = ["projects", "tasks", "commits"].into_iter().find(|own| *own == table);
        let belongs = |(column, value): (&String, &Value)| {
            let (of, _) = self.named(column)?;
            // A task whose project or enclosing item is past says so itself.
            let counts = table != "tasks" || of == "repositories";
            value.as_i64().filter(|id| counts && is_past(of, *id))
        };
        !own.zip(id).is_some_and(|(own, id)| is_past(own, id))
            && row.iter().find_map(belongs).is_none()
            && ["deleted_at", "withdrawn_at"].iter().all(|column| row.get(*column).is_none_or(Value::is_null))
    }

    fn line(&self, table: &str, row: &Row) -> String {
        let mut line = table.to_owned();
        let is_gone = row.get("gone_at").is_some_and(|at| !at.is_null());
        for (column, value) in row {
            let is_past = is_gone && OF_A_LOOK.contains(&column.as_str());
            if OURS.contains(&column.as_str()) || value.is_null() || is_secret(column) || is_past {
                continue;
            }
            let shown = match (self.named(column), value.as_i64()) {
                (Some((_, names)), Some(id)) => names[&id].clone(),
                _ if WHETHER.contains(&column.as_str()) => "yes".to_owned(),
                _ => value.to_string(),
            };
            line += &format!(" {column}={shown}");
        }
        line
    }
}

/// What is sealed is sealed anew each time.
fn is_secret(column: &str) -> bool {
    ["webhook_secret", "webhook_secret_previous", "access_token"].contains(&column)
}
