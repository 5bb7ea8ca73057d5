//! A project as a row, in both directions.

use muster_model::{ManifestLine, Project};

use crate::StoreError;
use crate::database::{Row, Rows};
use crate::words::{column, count, json, word};

/// A project and the id of its row.
pub(super) type Numbered<'a> = (i64, &'a Project);

/// The columns of `projects/put`, in its order. `declared`, `documents` and `problems` are JSON texts.
pub(super) fn project_columns<'a, 'b>(
    rows: Rows<'a, Numbered<'b>>,
) -> Result<Rows<'a, Numbered<'b>>, StoreError> {
    Ok(rows
        .int(|(id, _)| *id)
        .text(|(_, project)| &project.path)
        .text(|(_, project)| &project.name)
        .maybe_text(|(_, project)| project.description.as_deref())
        .maybe_text(|(_, project)| project.version.as_deref())
        .text(|(_, project)| &project.project_type)
        .text(|(_, project)| project.role.as_str())
        .flag(|(_, project)| project.populated)
        .maybe_text(|(_, project)| project.submodule.as_deref())
        .maybe_text(|(_, project)| project.parent_path.as_deref())
        .maybe_text(|(_, project)| project.workspace_path.as_deref())
        .text(|(_, project)| project.status.as_str())
        .int(|(_, project)| column(project.total_tasks))
        .int(|(_, project)| column(project.completed_tasks))
        .int(|(_, project)| column(project.todo_count))
        .made_text(|(_, project)| project.declared.as_ref().map(serde_json::to_string).transpose())?
        .made_text(|(_, project)| serde_json::to_string(&project.documents).map(Some))?
        .made_text(|(_, project)| serde_json::to_string(&project.problems).map(Some))?)
}

/// A project's id, the place of one of its manifests, and that manifest.
pub(super) type NumberedManifest<'a> = (i64, usize, &'a ManifestLine);

/// The columns of `projects/put_manifests`, in its order.
pub(super) fn manifest_columns<'a, 'b>(
    rows: Rows<'a, NumberedManifest<'b>>,
) -> Result<Rows<'a, NumberedManifest<'b>>, StoreError> {
    Ok(rows
        .int(|(project, ..)| *project)
        .int(|(_, place, _)| column(*place))
        .text(|(.., line)| &line.detector)
        .text(|(.., line)| &line.path)
        .maybe_text(|(.., line)| line.name.as_deref())
        .maybe_text(|(.., line)| line.version.as_deref()))
}

/// Reads a row of `projects`.
pub(crate) fn project_from_row(row: &Row, manifests: Vec<ManifestLine>) -> Result<Project, StoreError> {
    let declared = row.maybe_text("declared")?;
    Ok(Project {
        path: row.text("path")?,
        name: row.text("name")?,
        description: row.maybe_text("description")?,
        version: row.maybe_text("version")?,
        project_type: row.text("project_type")?,
        role: word(row.word("role")?)?,
        populated: row.flag("populated")?,
        submodule: row.maybe_text("submodule")?,
        parent_path: row.maybe_text("parent_path")?,
        workspace_path: row.maybe_text("workspace_path")?,
        status: word(row.word("status")?)?,
        total_tasks: count(row.int("total_tasks")?),
        completed_tasks: count(row.int("completed_tasks")?),
        todo_count: count(row.int("todo_count")?),
        manifests,
        declared: declared.as_deref().map(json).transpose()?,
        documents: json(&row.text("documents")?)?,
        problems: json(&row.text("problems")?)?,
    })
}

/// Reads a row of `project_manifests`.
pub(crate) fn manifest_from_row(row: &Row) -> Result<ManifestLine, StoreError> {
    Ok(ManifestLine {
        detector: row.text("detector")?,
        path: row.text("path")?,
        name: row.maybe_text("name")?,
        version: row.maybe_text("version")?,
    })
}
