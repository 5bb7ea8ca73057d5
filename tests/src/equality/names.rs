//! Names that are no UTF-8, that look alike, that are long or deep, or that mean something elsewhere.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::made::{Made, of_path};

#[test]
fn names_that_are_not_utf8() {
    let made = Made::new();
    made.write(b"caf\xe9/TASKLIST.md", "- [ ] T1 one\n");
    made.write(b"caf\xe9/package.json", "{\"name\": \"latin\"}");
    made.write(b"100%-\xff/lib.rs", "// TODO: two\n");
    made.write("100%/lib.rs", "// TODO: three\n");
    made.write("caf%E9/lib.rs", "// TODO: the text that the other one is shown as\n");
    made.commit("bytes");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 4, "{:?}", document.tasks);
    assert!(document.tasks.iter().any(|task| task.path == "100%25-%FF/lib.rs"));
    assert_eq!(document.problems.len(), 3, "{:?}", document.problems);
    let narrowed = of_path(&made.root.join(OsStr::from_bytes(b"caf\xe9")), None, false, false);
    assert_eq!(narrowed.projects.len(), 1, "{:?}", narrowed.projects);
}

#[test]
fn names_that_are_shown_alike() {
    let made = Made::new();
    for (number, directory) in [&b"caf\xe9"[..], b"caf%E9", b"z\xff", b"z%FF"].into_iter().enumerate() {
        made.write([directory, b"/TASKLIST.md"].concat(), format!("- [ ] number {number}\n"));
        made.write([directory, b"/sub/lib.rs"].concat(), format!("// TODO: number {number}\n"));
        made.write([directory, b"-", directory, b".rs"].concat(), format!("// TODO: file {number}\n"));
    }
    made.commit("bytes, and the text that they are shown as");
    made.assert_folder_is_commit();
}

#[test]
fn names_that_look_alike() {
    let made = Made::new();
    for (number, name) in ["caf\u{e9}", "cafe\u{301}", "CAF\u{c9}"].iter().enumerate() {
        made.write(format!("{name}/TASKLIST.md"), format!("- [ ] T{number} one\n"));
        made.write(format!("{name}/tasklist-with-checkboxes.md"), "- [x] T9 other\n");
    }
    made.write("Same/package.json", "{\"name\": \"upper\"}");
    made.write("same/package.json", "{\"name\": \"lower\"}");
    made.commit("alike");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.projects.len(), 6, "{:?}", document.projects);
}

#[test]
fn names_that_mean_something_elsewhere() {
    let made = Made::new();
    let strange = [
        "with space/a  b",
        "brackets[1]/{x,y}",
        "star*/ques?",
        "back\\slash/\\",
        "quote\"'/`$(x)`",
        "-dash/--flag",
        "tab\tnewline\n/\r",
        "\u{202e}bidi/\u{1b}[31m",
        ".hidden/...",
        "#hash/!bang",
        "COM1/nul",
        "%2e%2e/%2F",
    ];
    for (number, name) in strange.iter().enumerate() {
        made.write(format!("{name}/TASKLIST.md"), format!("- [ ] T{number} one\n"));
        made.write(format!("{name}.rs"), "// TODO: two\n");
    }
    made.write(format!("long/{}/package.json", "x".repeat(250)), "{\"name\": \"long\"}");
    made.write(format!("deep{}/Cargo.toml", "/d".repeat(60)), "[package]\nname = \"deep\"\n");
    made.commit("strange");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 2 * strange.len());
}

#[test]
fn a_file_and_a_directory_that_sort_around_each_other() {
    let made = Made::new();
    for path in
        ["a", "a.b/TASKLIST.md", "a-b/TASKLIST.md", "ab/TASKLIST.md", "b/a.rs", "b.rs", "b-c.rs", "b/z/x.rs"]
    {
        made.write(path, "- [ ] T1 // TODO: x\n");
    }
    made.commit("order");
    made.assert_folder_is_commit();
}
