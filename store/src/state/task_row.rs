//! A task as a row, in both directions.

use muster_model::FoundTask;

use super::TaskChange;
use crate::StoreError;
use crate::database::{Row, Rows};
use crate::words::{column, count, json, word};

/// A task with the ids of its row, its project and its parent.
pub(super) struct NumberedTask<'a> {
    pub(super) id: i64,
    pub(super) project: Option<i64>,
    pub(super) parent: Option<i64>,
    pub(super) change: &'a TaskChange,
}

/// The columns of `tasks/put`, in its order. `named` is a JSON text.
pub(super) fn task_columns<'a, 'b>(
    rows: Rows<'a, NumberedTask<'b>>,
) -> Result<Rows<'a, NumberedTask<'b>>, StoreError> {
    Ok(rows
        .int(|task| task.id)
        .maybe_int(|task| task.project)
        .text(|task| task.change.found.kind.as_str())
        .maybe_text(|task| task.change.found.key.as_deref())
        .text(|task| &task.change.found.title)
        .text(|task| task.change.found.state.as_str())
        .text(|task| &task.change.path)
        .int(|task| column(task.change.found.line))
        .int(|task| column(task.change.place))
        .maybe_int(|task| task.parent)
        .maybe_text(|task| task.change.found.section.as_deref())
        .maybe_text(|task| task.change.found.tag.as_deref())
        .maybe_text(|task| task.change.found.assignee.as_deref())
        .made_text(|task| serde_json::to_string(&task.change.found.references).map(Some))?
        .text(|task| &task.change.found.surroundings))
}

/// Reads a row of `tasks`, its parent aside.
pub(crate) fn found_from_row(row: &Row) -> Result<FoundTask, StoreError> {
    Ok(FoundTask {
        kind: word(row.word("kind")?)?,
        key: row.maybe_text("key")?,
        title: row.text("title")?,
        state: word(row.word("state")?)?,
        line: count(row.int("line")?),
        parent: None,
        section: row.maybe_text("section")?,
        tag: row.maybe_text("tag")?,
        assignee: row.maybe_text("assignee")?,
        references: json(&row.text("named")?)?,
        surroundings: row.text("surroundings")?,
    })
}
