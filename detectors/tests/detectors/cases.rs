//! Every case answers as it says, and every detector has cases.

use crate::case::{Case, case_files, fixtures};
use muster_detectors::Ruleset;

#[test]
fn every_case_answers_as_it_says() {
    let mut wrong = Vec::new();
    for file in case_files() {
        let case = Case::parse(&std::fs::read_to_string(&file).unwrap());
        let answer = case.answer();
        if answer != case.expected {
            wrong.push(format!("{}\n--- expected\n{}--- answer\n{answer}", file.display(), case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_detector_has_cases() {
    let files = case_files();
    for name in Ruleset::types().into_iter().chain(["declared"]) {
        let folder = fixtures().join(name);
        let count = files.iter().filter(|file| file.parent() == Some(&folder)).count();
        assert!(count > 0, "add a case to {}", folder.display());
    }
}

#[test]
fn every_case_fits_one_screen() {
    for file in case_files() {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 80, "{} has {lines} lines", file.display());
    }
}
