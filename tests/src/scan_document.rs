//! The scan document and its JSON Schema say the same, field by field.
//!
//! Others script against the document, so the schema is strict: a field that it does not know fails here before it
//! reaches anybody.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use jsonschema::Validator;
use muster_model::{
    CommitLine, Document, ManifestLine, PersonLine, Problem, ProblemKind, Project, ReferenceLine, Relation,
    RepositoryLine, Role, SCHEMA_VERSION, Stats, Status, SubmoduleLine, TaskKind, TaskLine, TaskState, Tool,
};
use serde::Serialize;
use serde_json::{Value, json};

fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scan-document.schema.json");
        serde_json::from_str(&fs::read_to_string(path).expect("the schema is there")).expect("it is JSON")
    });
    &SCHEMA
}

/// What the schema has against a document, a line each; nothing where it is one.
pub(crate) fn offences(document: &Value) -> Vec<String> {
    static VALIDATOR: LazyLock<Validator> =
        LazyLock::new(|| jsonschema::draft202012::new(schema()).expect("the schema is one"));
    VALIDATOR.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A document in which nothing is null and no list is empty.
fn full() -> Document {
    let text = || Some("text".to_owned());
    let sha = || Some("1a2b3c4d5e".repeat(4));
    Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "muster".to_owned(), version: "0.1.0".to_owned() },
        repository: RepositoryLine {
            source: ".".to_owned(),
            revision: text(),
            head: sha(),
            branch: text(),
            remote_url: text(),
            dirty: true,
            shallow: true,
            object_format: Some("sha1".to_owned()),
            commit_count: Some(1),
        },
        projects: vec![Project {
            path: ".".to_owned(),
            name: "name".to_owned(),
            description: text(),
            version: text(),
            project_type: "npm".to_owned(),
            role: Role::Primary,
            populated: true,
            submodule: text(),
            parent_path: text(),
            workspace_path: text(),
            status: Status::Active,
            total_tasks: 2,
            completed_tasks: 1,
            todo_count: 1,
            manifests: vec![ManifestLine {
                detector: "npm".to_owned(),
                path: "package.json".to_owned(),
                name: text(),
                version: text(),
            }],
            declared: Some(json!({ "any": ["thing"] })),
            documents: vec!["PLAN.md".to_owned()],
            problems: vec!["a sentence".to_owned()],
        }],
        tasks: vec![TaskLine {
            id: "t1".to_owned(),
            kind: TaskKind::Checkbox,
            key: text(),
            title: String::new(),
            state: TaskState::InProgress,
            path: "TASKLIST.md".to_owned(),
            line: 1,
            parent_id: Some("t1".to_owned()),
            section: text(),
            tag: text(),
            assignee: text(),
            references: vec!["#1".to_owned()],
            project_path: ".".to_owned(),
        }],
        submodules: vec![SubmoduleLine {
            path: "sub".to_owned(),
            url: text(),
            commit: sha(),
            populated: false,
        }],
        problems: vec![Problem::at("a", ProblemKind::BrokenManifest, "a sentence")],
        stats: Stats { by_role: [("primary".to_owned(), 1)].into(), ..Stats::default() },
    }
}

fn commit() -> CommitLine {
    let sha = "1a2b3c4d5e".repeat(4);
    let person = PersonLine {
        name: String::new(),
        email: String::new(),
        time: "2024-01-01T00:00:00-03:30".to_owned(),
    };
    CommitLine {
        sha: sha.clone(),
        parents: vec![sha],
        author: person.clone(),
        committer: person,
        message: "Fix it".to_owned(),
        paths: vec!["a".to_owned()],
        path_count: 1,
        projects: vec![".".to_owned()],
        references: vec![ReferenceLine { target: "#1".to_owned(), relation: Relation::Closes }],
    }
}

/// The document as it is printed: with its commits.
fn printed(document: &Document, commits: &[CommitLine]) -> Value {
    let mut value = serde_json::to_value(document).unwrap();
    value["commits"] = serde_json::to_value(commits).unwrap();
    value
}

/// The definition that a `$ref` leads to, or the schema itself.
fn followed(definition: &Value) -> &Value {
    match definition["$ref"].as_str() {
        Some(pointer) => {
            schema().pointer(pointer.trim_start_matches('#')).expect("a reference leads somewhere")
        }
        None => definition,
    }
}

/// Where the fields of a value and those of its definition differ, in both directions and all the way down.
fn differences(at: &str, value: &Value, definition: &Value, found: &mut Vec<String>) {
    let definition = followed(definition);
    match value {
        Value::Object(fields) => {
            let Some(properties) = definition["properties"].as_object() else { return };
            let written: BTreeSet<&String> = fields.keys().collect();
            let defined: BTreeSet<&String> = properties.keys().collect();
            found.extend(written.symmetric_difference(&defined).map(|name| format!("{at}/{name}")));
            for (name, value) in fields {
                differences(&format!("{at}/{name}"), value, &properties[name], found);
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| differences(&format!("{at}[]"), item, &definition["items"], found));
        }
        _ => {}
    }
}

#[test]
fn the_schema_knows_every_field_and_no_other() {
    let mut found = Vec::new();
    differences("", &printed(&full(), &[commit()]), schema(), &mut found);
    assert_eq!(found, ["/truncated"], "`truncated` alone is there only sometimes");
}

#[test]
fn the_schema_knows_every_word() {
    fn words(values: &[impl Serialize]) -> Vec<Value> {
        values.iter().map(|value| serde_json::to_value(value).unwrap()).collect()
    }
    use ProblemKind as P;
    let enumerated = |pointer: &str| schema().pointer(pointer).unwrap().as_array().unwrap().clone();
    use Role::{Bench, Docs, Example, Fixture, Group, Primary, Template, Vendored};
    assert_eq!(
        enumerated("/$defs/role/enum"),
        words(&[Primary, Group, Example, Docs, Bench, Fixture, Template, Vendored])
    );
    use Status::{Active, Archived, Completed, OnHold, Planned};
    let status = enumerated("/$defs/project/properties/status/enum");
    assert_eq!(status, words(&[Planned, Active, Completed, OnHold, Archived]));
    use TaskState::{Blocked, Cancelled, Done, InProgress, Open};
    let state = enumerated("/$defs/task/properties/state/enum");
    assert_eq!(state, words(&[Open, InProgress, Blocked, Done, Cancelled]));
    use Relation::{Backport, Closes, Implements, Mentions, Pr, Reopens, Reverts};
    let relation = enumerated("/$defs/commit/properties/references/items/properties/relation/enum");
    assert_eq!(relation, words(&[Mentions, Backport, Pr, Reverts, Reopens, Implements, Closes]));
    let mut kinds =
        vec![P::BrokenManifest, P::Configuration, P::MissingObject, P::Unreadable, P::PathNotUtf8];
    kinds.extend([
        P::LimitReached,
        P::Submodule,
        P::NestedRepository,
        P::Ownership,
        P::History,
        P::AbsurdTime,
        P::Head,
    ]);
    assert_eq!(enumerated("/properties/problems/items/properties/kind/enum"), words(&kinds));
}

#[test]
fn documents_are_valid() {
    assert_eq!(offences(&printed(&full(), &[commit()])), [""; 0]);

    let mut bare = full();
    bare.repository = RepositoryLine {
        source: "/srv/x".to_owned(),
        ..serde_json::from_value(json!({
            "source": "", "revision": null, "head": null, "branch": null, "remote_url": null, "dirty": false,
            "shallow": false, "object_format": null, "commit_count": null
        }))
        .unwrap()
    };
    bare.submodules[0].commit = None;
    bare.problems = vec![Problem::whole(ProblemKind::Head, "a sentence")];
    bare.tasks.clear();
    assert_eq!(offences(&serde_json::to_value(&bare).unwrap()), [""; 0]);
}

#[test]
fn what_is_no_document_is_refused() {
    let refused = |change: fn(&mut Value)| {
        let mut value = printed(&full(), &[commit()]);
        change(&mut value);
        !offences(&value).is_empty()
    };
    assert!(refused(|value| value["projects"][0]["extra"] = json!(1)), "a field that nobody knows");
    assert!(refused(|value| value["stats"]["by_role"]["other"] = json!(1)), "a role that nobody knows");
    assert!(
        refused(|value| _ = value["tasks"][0].as_object_mut().unwrap().remove("key")),
        "a field that is missing"
    );
    assert!(refused(|value| value["tasks"][0]["line"] = json!(0)), "lines count from 1");
    assert!(refused(|value| value["schema_version"] = json!(2)), "another version");
    assert!(
        refused(|value| value["commits"][0]["author"]["time"] = json!("1704067200")),
        "a time that is none"
    );
    assert!(refused(|value| value["repository"]["head"] = json!("main")), "a head that is no commit");
    assert!(
        refused(|value| {
            value["truncated"] = json!(true);
            _ = value.as_object_mut().unwrap().remove("commits");
        }),
        "nothing can be cut where there is no list"
    );
}
