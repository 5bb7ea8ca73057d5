//! A project as a row, in both directions.

use muster_model::{ManifestLine, Project};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;
use crate::words::{column, count, json, word};

/// The columns of `projects/put.sqlite.sql`, in its order. `declared`, `documents` and `problems` are JSON texts.
#[derive(Serialize)]
pub(super) struct ProjectColumns<'a>(
    i64,
    &'a str,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    &'a str,
    bool,
    [Option<&'a str>; 3],
    &'a str,
    [i64; 3],
    Option<String>,
    String,
    String,
);

impl<'a> ProjectColumns<'a> {
    pub(super) fn new(id: i64, project: &'a Project) -> Result<Self, StoreError> {
        Ok(Self(
            id,
            &project.path,
            &project.name,
            project.description.as_deref(),
            project.version.as_deref(),
            &project.project_type,
            project.role.as_str(),
            project.populated,
            [project.submodule.as_deref(), project.parent_path.as_deref(), project.workspace_path.as_deref()],
            project.status.as_str(),
            [column(project.total_tasks), column(project.completed_tasks), column(project.todo_count)],
            project.declared.as_ref().map(serde_json::to_string).transpose()?,
            serde_json::to_string(&project.documents)?,
            serde_json::to_string(&project.problems)?,
        ))
    }
}

/// The columns of `projects/put_manifests.sqlite.sql`.
#[derive(Serialize)]
pub(super) struct ManifestColumns<'a>(i64, usize, &'a str, &'a str, Option<&'a str>, Option<&'a str>);

impl<'a> ManifestColumns<'a> {
    pub(super) fn new(project: i64, place: usize, line: &'a ManifestLine) -> Self {
        Self(project, place, &line.detector, &line.path, line.name.as_deref(), line.version.as_deref())
    }
}

/// Reads a row of `projects`.
pub(crate) fn project_from_row(row: &SqliteRow, manifests: Vec<ManifestLine>) -> Result<Project, StoreError> {
    let declared: Option<&str> = row.try_get("declared")?;
    Ok(Project {
        path: row.try_get("path")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        version: row.try_get("version")?,
        project_type: row.try_get("project_type")?,
        role: word(row.try_get("role")?)?,
        populated: row.try_get("populated")?,
        submodule: row.try_get("submodule")?,
        parent_path: row.try_get("parent_path")?,
        workspace_path: row.try_get("workspace_path")?,
        status: word(row.try_get("status")?)?,
        total_tasks: count(row.try_get("total_tasks")?),
        completed_tasks: count(row.try_get("completed_tasks")?),
        todo_count: count(row.try_get("todo_count")?),
        manifests,
        declared: declared.map(json).transpose()?,
        documents: json(row.try_get("documents")?)?,
        problems: json(row.try_get("problems")?)?,
    })
}

/// Reads a row of `project_manifests`.
pub(crate) fn manifest_from_row(row: &SqliteRow) -> Result<ManifestLine, StoreError> {
    Ok(ManifestLine {
        detector: row.try_get("detector")?,
        path: row.try_get("path")?,
        name: row.try_get("name")?,
        version: row.try_get("version")?,
    })
}
