//! Manifests: any bytes as a file that declares a project, or as a repository's own configuration.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_detectors::Ruleset;
use muster_fuzz::{check_file, choose};

const NAMES: [&str; 16] = [
    "package.json",
    "pnpm-workspace.yaml",
    "lerna.json",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "requirements.txt",
    "Cargo.toml",
    "go.mod",
    "go.work",
    ".coditect/project.yml",
    "PROJECT-PLAN.md",
    "a/tasklist-with-checkboxes.md",
    ".gitmodules",
    "a/package.json",
    ".muster.toml",
];

fuzz_target!(|input: &[u8]| {
    let Some((path, content)) = choose(&NAMES, input) else { return };
    if path == ".muster.toml" {
        let (ruleset, problems) = Ruleset::new(None, Some(&content));
        let (_, again) = Ruleset::new(None, Some(&content));
        assert_eq!(problems, again);
        for manifest in ["project.json", "project.toml", "project.yaml", "project.txt"] {
            check_file(&ruleset, manifest, &content);
        }
    } else {
        let (ruleset, _) = Ruleset::new(None, None);
        check_file(&ruleset, path, &content);
    }
});
