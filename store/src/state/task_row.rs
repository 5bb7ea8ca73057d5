//! A task as a row, in both directions.

use muster_model::FoundTask;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::TaskChange;
use crate::StoreError;
use crate::words::{count, json, word};

/// The columns of `tasks/put.sqlite.sql`, in its order. `named` is a JSON text.
#[derive(Serialize)]
pub(super) struct TaskColumns<'a>(
    i64,
    Option<i64>,
    &'a str,
    Option<&'a str>,
    &'a str,
    &'a str,
    &'a str,
    u64,
    usize,
    Option<i64>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    String,
    &'a str,
);

impl<'a> TaskColumns<'a> {
    pub(super) fn new(
        id: i64,
        project: Option<i64>,
        parent: Option<i64>,
        change: &'a TaskChange,
    ) -> Result<Self, StoreError> {
        let found = &change.found;
        Ok(Self(
            id,
            project,
            found.kind.as_str(),
            found.key.as_deref(),
            &found.title,
            found.state.as_str(),
            &change.path,
            found.line,
            change.place,
            parent,
            found.section.as_deref(),
            found.tag.as_deref(),
            found.assignee.as_deref(),
            serde_json::to_string(&found.references)?,
            &found.surroundings,
        ))
    }
}

/// Reads a row of `tasks`, its parent aside.
pub(crate) fn found_from_row(row: &SqliteRow) -> Result<FoundTask, StoreError> {
    Ok(FoundTask {
        kind: word(row.try_get("kind")?)?,
        key: row.try_get("key")?,
        title: row.try_get("title")?,
        state: word(row.try_get("state")?)?,
        line: count(row.try_get("line")?),
        parent: None,
        section: row.try_get("section")?,
        tag: row.try_get("tag")?,
        assignee: row.try_get("assignee")?,
        references: json(row.try_get("named")?)?,
        surroundings: row.try_get("surroundings")?,
    })
}
