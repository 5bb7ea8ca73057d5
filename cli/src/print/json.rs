//! The scan document as JSON, a line an item, with commits streamed through.
//!
//! Only commits are too many to hold, and they stand in the middle of the document, so the document is written in
//! three steps: what comes before the commits, each commit, the rest. One item a line keeps a large answer readable
//! by `grep` and `diff` without making it larger. `ndjson` is the same items, each a line that says its `type`.

use std::io::{self, Write};

use muster_model::{CommitLine, Document};
use serde::Serialize;

/// The two machine-readable shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One JSON object.
    Document,
    /// One JSON object a line.
    Lines,
}

/// A line of `ndjson`: what it is, then the fields of it.
#[derive(Serialize)]
struct Typed<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(flatten)]
    item: &'a T,
}

/// The first line of `ndjson`: who made what follows, and of what.
#[derive(Serialize)]
struct RepositoryHead<'a> {
    schema_version: u32,
    tool: &'a muster_model::Tool,
    #[serde(flatten)]
    repository: &'a muster_model::RepositoryLine,
}

/// The line of `ndjson` that says that commits were cut.
#[derive(Serialize)]
struct Truncated {
    truncated: bool,
}

/// Writes one scan document. Begin, then every commit if there are any to be, then finish.
#[derive(Debug)]
pub(crate) struct DocumentWriter<W> {
    out: W,
    shape: Shape,
    with_commits: bool,
    commits: u64,
}

impl<W: Write> DocumentWriter<W> {
    /// Writes everything that stands before the commits. `with_commits`: whether there is to be a list of them, were
    /// it an empty one.
    pub(crate) fn begin(out: W, shape: Shape, document: &Document, with_commits: bool) -> io::Result<Self> {
        let mut writer = Self { out, shape, with_commits, commits: 0 };
        match shape {
            Shape::Document => {
                writer.out.write_all(b"{\n")?;
                writer.field("schema_version", &document.schema_version)?;
                writer.field("tool", &document.tool)?;
                writer.field("repository", &document.repository)?;
            }
            Shape::Lines => writer.line(
                "repository",
                &RepositoryHead {
                    schema_version: document.schema_version,
                    tool: &document.tool,
                    repository: &document.repository,
                },
            )?,
        }
        writer.list("projects", "project", &document.projects)?;
        writer.list("tasks", "task", &document.tasks)?;
        if with_commits && shape == Shape::Document {
            writer.out.write_all(b"\"commits\":[")?;
        }
        Ok(writer)
    }

    /// Writes the next commit.
    pub(crate) fn commit(&mut self, commit: &CommitLine) -> io::Result<()> {
        debug_assert!(self.with_commits, "a list of commits was announced");
        match self.shape {
            Shape::Document => {
                self.out.write_all(if self.commits == 0 { b"\n" } else { b",\n" })?;
                self.value(commit)?;
            }
            Shape::Lines => self.line("commit", commit)?,
        }
        self.commits += 1;
        Ok(())
    }

    /// Writes the rest. `truncated`: whether there are more commits than were wanted. Problems and figures are taken
    /// from this document, not from the one that was begun with: reading history may have added to them.
    pub(crate) fn finish(mut self, document: &Document, truncated: bool) -> io::Result<()> {
        if self.with_commits && self.shape == Shape::Document {
            self.out.write_all(if self.commits == 0 { b"],\n" } else { b"\n],\n" })?;
            if truncated {
                self.field("truncated", &true)?;
            }
        } else if self.with_commits && truncated {
            self.line("commits", &Truncated { truncated })?;
        }
        self.list("submodules", "submodule", &document.submodules)?;
        self.list("problems", "problem", &document.problems)?;
        match self.shape {
            Shape::Document => {
                self.out.write_all(b"\"stats\":")?;
                self.value(&document.stats)?;
                self.out.write_all(b"\n}\n")?;
            }
            Shape::Lines => self.line("stats", &document.stats)?,
        }
        self.out.flush()
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, "\"{name}\":")?;
        self.value(value)?;
        self.out.write_all(b",\n")
    }

    fn line(&mut self, kind: &str, item: &impl Serialize) -> io::Result<()> {
        self.value(&Typed { kind, item })?;
        self.out.write_all(b"\n")
    }

    fn list(&mut self, name: &str, kind: &str, items: &[impl Serialize]) -> io::Result<()> {
        if self.shape == Shape::Lines {
            return items.iter().try_for_each(|item| self.line(kind, item));
        }
        write!(self.out, "\"{name}\":[")?;
        for (at, item) in items.iter().enumerate() {
            self.out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            self.value(item)?;
        }
        self.out.write_all(if items.is_empty() { b"],\n" } else { b"\n],\n" })
    }
}

/// Writes a list that is no scan document, as it comes: a JSON array, an item a line, or the items alone, each a
/// line that says its `type`.
#[derive(Debug)]
pub(crate) struct ListWriter<W> {
    out: W,
    shape: Shape,
    is_empty: bool,
}

impl<W: Write> ListWriter<W> {
    /// Writes nothing yet.
    pub(crate) fn new(out: W, shape: Shape) -> Self {
        Self { out, shape, is_empty: true }
    }

    /// Writes the next item; `kind` is what a line calls it.
    pub(crate) fn item(&mut self, kind: &str, item: &impl Serialize) -> io::Result<()> {
        match self.shape {
            Shape::Document => {
                self.out.write_all(if self.is_empty { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, item)?;
            }
            Shape::Lines => {
                serde_json::to_writer(&mut self.out, &Typed { kind, item })?;
                self.out.write_all(b"\n")?;
            }
        }
        self.is_empty = false;
        Ok(())
    }

    /// Writes the end.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match (self.shape, self.is_empty) {
            (Shape::Document, true) => self.out.write_all(b"[]\n")?,
            (Shape::Document, false) => self.out.write_all(b"\n]\n")?,
            (Shape::Lines, _) => {}
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use muster_model::{PersonLine, ReferenceLine, Relation};

    use super::super::samples::{coditect_master, hostile_names, npm_monorepo};
    use super::*;

    fn commit(sha: &str) -> CommitLine {
        let person = |time: &str| PersonLine {
            name: "A".to_owned(),
            email: "a@example.org".to_owned(),
            time: time.to_owned(),
        };
        CommitLine {
            sha: sha.to_owned(),
            parents: Vec::new(),
            author: person("2024-01-01T00:00:00+01:00"),
            committer: person("2024-01-02T00:00:00Z"),
            message: "Fix it\n\nCloses #1\u{1b}".to_owned(),
            paths: vec!["a".to_owned()],
            path_count: 1,
            projects: vec![".".to_owned()],
            references: vec![ReferenceLine { target: "#1".to_owned(), relation: Relation::Closes }],
        }
    }

    fn written(shape: Shape, document: &Document, commits: Option<&[CommitLine]>, truncated: bool) -> String {
        let mut out = Vec::new();
        let mut writer = DocumentWriter::begin(&mut out, shape, document, commits.is_some()).unwrap();
        commits.unwrap_or_default().iter().for_each(|commit| writer.commit(commit).unwrap());
        writer.finish(document, truncated).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The keys of a compact JSON text in the order in which they stand, those of inner objects included.
    fn keys(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut pieces = text.split('"').skip(1).peekable();
        while let Some(piece) = pieces.next() {
            if pieces.next().is_some_and(|after| after.starts_with(':')) {
                found.push(piece);
            }
        }
        found
    }

    #[test]
    fn what_is_written_is_the_document() {
        for document in [npm_monorepo(), coditect_master(), hostile_names()] {
            for commits in [None, Some(&[][..]), Some(&[commit("a"), commit("b")][..])] {
                let text = written(Shape::Document, &document, commits, false);
                assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(
                    value.get("commits").and_then(|list| list.as_array()).map(Vec::len),
                    commits.map(<[_]>::len)
                );
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
            }
        }
    }

    #[test]
    fn fields_stand_in_the_order_of_the_contract() {
        let mut document = npm_monorepo();
        document.projects.truncate(2);
        document.projects.remove(0);
        document.stats.by_role.clear();
        document.submodules = coditect_master().submodules.split_off(3);
        document.problems = hostile_names().problems.split_off(7);
        let text = written(Shape::Document, &document, Some(&[commit("a")]), true);
        assert_eq!(
            keys(&text).join(" "),
            "schema_version tool name version \
             repository source revision head branch remote_url dirty shallow object_format commit_count \
             projects path name description version project_type role populated submodule parent_path workspace_path \
             status total_tasks completed_tasks todo_count manifests detector path name version declared documents problems \
             tasks id kind key title state path line parent_id section tag assignee references project_path \
             commits sha parents author name email time committer name email time message paths path_count projects \
             references target relation truncated \
             submodules path url commit populated problems path kind message \
             stats files directories bytes skipped_files hidden_projects by_role elapsed_ms"
        );
    }

    #[test]
    fn truncated_is_said_only_where_something_was_cut() {
        let document = npm_monorepo();
        let says = |shape, commits: Option<&[CommitLine]>, truncated| {
            written(shape, &document, commits, truncated).contains("\"truncated\":true")
        };
        let list = [commit("a")];
        assert!(says(Shape::Document, Some(&list), true) && says(Shape::Lines, Some(&list), true));
        assert!(!says(Shape::Document, Some(&list), false) && !says(Shape::Lines, Some(&list), false));
        assert!(!says(Shape::Document, None, true) && !says(Shape::Lines, None, true));
    }

    #[test]
    fn lines_say_what_they_are() {
        let text = written(Shape::Lines, &coditect_master(), Some(&[commit("a")]), true);
        let mut kinds: Vec<String> = Vec::new();
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            kinds.push(value["type"].as_str().unwrap().to_owned());
        }
        kinds.dedup();
        assert_eq!(kinds, ["repository", "project", "commit", "commits", "submodule", "stats"]);
        assert!(text.starts_with("{\"type\":\"repository\",\"schema_version\":1,\"tool\":{"));
    }

    #[test]
    fn a_broken_pipe_is_handed_up_as_one() {
        #[derive(Debug)]
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = DocumentWriter::begin(Closed, Shape::Document, &npm_monorepo(), false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn lists_are_arrays_or_lines() {
        let written = |shape, items: &[Truncated]| {
            let mut out = Vec::new();
            let mut writer = ListWriter::new(&mut out, shape);
            items.iter().for_each(|item| writer.item("cut", item).unwrap());
            writer.finish().unwrap();
            String::from_utf8(out).unwrap()
        };
        let two = [true, false].map(|truncated| Truncated { truncated });
        insta::assert_snapshot!(written(Shape::Document, &[]), @"[]");
        insta::assert_snapshot!(written(Shape::Document, &two), @r#"
        [
        {"truncated":true},
        {"truncated":false}
        ]
        "#);
        assert_eq!(written(Shape::Lines, &[]), "");
        insta::assert_snapshot!(written(Shape::Lines, &two), @r#"
        {"type":"cut","truncated":true}
        {"type":"cut","truncated":false}
        "#);
    }
}
