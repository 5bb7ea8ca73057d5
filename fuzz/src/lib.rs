//! What every extract must be, whatever the file holds: the checks that the targets share.
//!
//! The targets go through the public doors alone, so a target stands for as long as the doors do.

use muster_detectors::{Answers, AssembleInput, Extracts, MAX_FILE_BYTES, Ruleset};
use muster_model::{Entry, EntryKind, FileExtract, FoundTask};

/// Splits an input into a choice among `names`, by its first byte, and the content of that file.
pub fn choose<'a>(names: &[&'a str], input: &[u8]) -> Option<(&'a str, Vec<u8>)> {
    let (first, content) = input.split_first()?;
    Some((names[usize::from(*first) % names.len()], content_of(content)))
}

/// Content as the scanner hands it over: LF line ends, at most `MAX_FILE_BYTES`.
pub fn content_of(input: &[u8]) -> Vec<u8> {
    let limit = usize::try_from(MAX_FILE_BYTES).expect("the limit is a mebibyte");
    let mut content = Vec::with_capacity(input.len());
    for (at, byte) in input.iter().take(limit).enumerate() {
        if *byte != b'\r' || input.get(at + 1) != Some(&b'\n') {
            content.push(*byte);
        }
    }
    content
}

/// Reads one file as a scan does and holds the answer to its promises.
pub fn check_file(ruleset: &Ruleset, path: &str, content: &[u8]) {
    let extract = ruleset.extract(path, content);
    assert_eq!(extract, ruleset.extract(path, content), "a second reading of {path} differs");
    let stored = serde_json::to_string(&extract).expect("an extract is stored as JSON");
    let loaded: FileExtract = serde_json::from_str(&stored).expect("a stored extract is loaded");
    assert_eq!(extract, loaded, "storing {path} changes it");
    let lines = content.split(|byte| *byte == b'\n').count() as u64;
    check_tasks(&extract.checkboxes, lines);
    check_tasks(&extract.comments, lines);
    check_assembly(ruleset, path, extract);
}

fn check_tasks(tasks: &[FoundTask], lines: u64) {
    let mut line = 1;
    for (at, task) in tasks.iter().enumerate() {
        assert!(task.line >= line && task.line <= lines, "line {} of {lines}, after {line}", task.line);
        assert!(task.parent.is_none_or(|parent| parent < at), "task {at} lies in {:?}", task.parent);
        assert!(!task.title.contains('\n'), "a title of two lines: {:?}", task.title);
        assert!(task.surroundings.len() == 16 && task.surroundings.bytes().all(|b| b.is_ascii_hexdigit()));
        line = task.line;
    }
}

/// Assembles a tree of this one file: tasks and manifests find their projects, and there is one a directory.
fn check_assembly(ruleset: &Ruleset, path: &str, extract: FileExtract) {
    let entries = [Entry { path: path.to_owned(), kind: EntryKind::File, id: None }];
    let extracts: Extracts = [(path.to_owned(), extract)].into();
    let answers = Answers::new();
    let input = AssembleInput {
        repository_name: "repository",
        entries: &entries,
        extracts: &extracts,
        answers: &answers,
        submodules: &[],
        all: true,
    };
    let _asked = ruleset.second_round(&entries, &extracts);
    let assembly = ruleset.assemble(&input);
    assert!(
        assembly.projects.is_sorted_by(|one, next| one.path < next.path),
        "two projects in one directory"
    );
    for (at, task) in assembly.tasks.iter().enumerate() {
        assert!(task.parent.is_none_or(|parent| parent < at), "task {at} lies in {:?}", task.parent);
        assert!(assembly.projects.iter().any(|project| project.path == task.project_path));
    }
    for project in &assembly.projects {
        assert!(project.completed_tasks <= project.total_tasks);
        let _why = ruleset.explain(&input, &project.path);
    }
}
