//! Checkbox tasks: any bytes as a task list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_detectors::Ruleset;
use muster_fuzz::{check_file, content_of};

fuzz_target!(|input: &[u8]| {
    let (ruleset, _) = Ruleset::new(None, None);
    check_file(&ruleset, "TASKLIST.md", &content_of(input));
});
