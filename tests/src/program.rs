//! Where the programs under test are: beside the test program, in `target/<profile>`.
//!
//! Cargo does not build another package's binary for a test, so a missing one is said with what to do.

use std::path::PathBuf;

/// The `muster` program.
pub(crate) fn muster() -> PathBuf {
    built("muster")
}

/// A program of this workspace by its name.
pub(crate) fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running program knows where it is");
    let profile = test.ancestors().nth(2).expect("a test program is in target/<profile>/deps");
    let program = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is missing: run scripts/test, or cargo build first", program.display());
    program
}
