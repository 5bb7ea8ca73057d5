//! Every detector has a folder of cases.

use std::collections::BTreeSet;

use muster_detectors::Ruleset;

use super::workspace::{SourceFile, files};
use super::{assert_none, planted};

/// Where the folders of cases stand, one for each detector.
const CASES: &str = "fixtures/detectors/";

/// Detectors that have no case, and folders of cases that belong to no detector.
fn unpaired(detectors: &[&str], files: &[SourceFile]) -> Vec<String> {
    let folders: BTreeSet<&str> =
        files.iter().filter_map(|file| Some(file.path.strip_prefix(CASES)?.split_once('/')?.0)).collect();
    let without = detectors.iter().filter(|name| !folders.contains(*name));
    let strays = folders.iter().filter(|folder| !detectors.contains(folder));
    without
        .map(|name| format!("{name} has no case in {CASES}{name}/"))
        .chain(strays.map(|folder| format!("{CASES}{folder}/ belongs to no detector")))
        .collect()
}

#[test]
fn every_detector_has_cases() {
    // `declared` is not a type but stands for all that `[[detector]]` tables declare.
    let detectors = [Ruleset::types(), vec!["declared"]].concat();
    assert_none("detectors and their cases", &unpaired(&detectors, files()));
    let files = [planted("fixtures/detectors/npm/a.txt", ""), planted("fixtures/detectors/nmp/a.txt", "")];
    assert_eq!(
        unpaired(&["npm", "go"], &files),
        ["go has no case in fixtures/detectors/go/", "fixtures/detectors/nmp/ belongs to no detector"]
    );
}
