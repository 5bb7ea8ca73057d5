//! CRLF on the disk, in the blobs, in both, in some.

use std::fs;

use crate::made::Made;

const TASKS: &str = "# Work\n\n- [x] T1 one\n- [ ] T2 two\n";
const SOURCE: &str = "fn main() {}\n// TODO: shorten\n";

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn on_disk(made: &Made, path: &str) -> String {
    fs::read_to_string(made.root.join(path)).unwrap()
}

/// Three files that yield tasks, and one that only counts.
fn write_files(made: &Made, text: impl Fn(&str) -> String) {
    made.write("TASKLIST.md", text(TASKS));
    made.write("src/main.rs", text(SOURCE));
    made.write("package.json", text("{\n  \"name\": \"ends\",\n  \"version\": \"1.0.0\"\n}\n"));
    made.write("notes.txt", text("one\ntwo\n"));
}

/// Has git write every file anew, by the configuration and attributes that hold now.
fn check_out_again(made: &Made) {
    for name in ["TASKLIST.md", "src/main.rs", "package.json", "notes.txt"] {
        made.remove(name);
    }
    made.git(&["reset", "--quiet", "--hard"]);
}

#[test]
fn added_by_autocrlf() {
    let made = Made::new();
    write_files(&made, str::to_owned);
    made.commit("LF");
    made.git(&["config", "core.autocrlf", "true"]);
    check_out_again(&made);
    assert_eq!(on_disk(&made, "TASKLIST.md"), crlf(TASKS));
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 3);
    assert_eq!(document.projects[0].name, "ends");
}

#[test]
fn added_by_an_attribute() {
    let made = Made::new();
    made.write(".gitattributes", "*.md text eol=crlf\n");
    write_files(&made, str::to_owned);
    made.commit("LF");
    check_out_again(&made);
    assert_eq!(on_disk(&made, "TASKLIST.md"), crlf(TASKS));
    assert_eq!(on_disk(&made, "src/main.rs"), SOURCE);
    made.assert_folder_is_commit();
}

#[test]
fn added_to_files_that_are_not_read() {
    let made = Made::new();
    made.write(".gitattributes", "*.txt text eol=crlf\n");
    write_files(&made, str::to_owned);
    made.commit("LF");
    check_out_again(&made);
    assert_eq!(on_disk(&made, "notes.txt"), "one\r\ntwo\r\n");
    let document = made.assert_folder_is_commit();
    let recorded = made.git(&["ls-tree", "-r", "--format=%(objectsize)", "HEAD"]);
    assert_eq!(document.stats.bytes, recorded.lines().map(|size| size.parse::<u64>().unwrap()).sum::<u64>());
}

#[test]
fn added_by_an_attribute_beside_the_objects() {
    let made = Made::new();
    write_files(&made, str::to_owned);
    made.commit("LF");
    fs::create_dir_all(made.root.join(".git/info")).unwrap();
    fs::write(made.root.join(".git/info/attributes"), "* text=auto eol=crlf\n").unwrap();
    check_out_again(&made);
    assert_eq!(on_disk(&made, "notes.txt"), "one\r\ntwo\r\n");
    made.assert_folder_is_commit();
}

#[test]
fn committed_as_they_are() {
    let made = Made::new();
    write_files(&made, crlf);
    made.commit("CRLF");
    assert!(made.git(&["show", "HEAD:TASKLIST.md"]).contains("\r\n"));
    assert_eq!(made.assert_folder_is_commit().tasks.len(), 3);
}

#[test]
fn mixed_in_one_tree_and_in_one_file() {
    let made = Made::new();
    write_files(&made, str::to_owned);
    made.write("more/TASKLIST.md", crlf(TASKS));
    made.write("more/lib.rs", "// TODO: one\r\n// FIXME: two\n// TODO: three\r\n");
    made.write("lone.rs", "// TODO: a\r// TODO: b\r");
    made.commit("both");
    assert!(made.assert_folder_is_commit().tasks.len() >= 8);
}

#[test]
fn committed_before_the_attribute_that_would_remove_them() {
    let made = Made::new();
    write_files(&made, crlf);
    made.commit("CRLF");
    made.write(".gitattributes", "*.rs -text\n*.json eol=lf\n");
    made.git(&["add", ".gitattributes"]);
    made.record("attributes, files not renormalised");
    made.folder(); // git itself calls such files changed or not, by the time stamps
    made.git(&["add", "--renormalize", "."]);
    made.record("renormalised");
    check_out_again(&made);
    made.assert_folder_is_commit();
}

#[test]
fn around_the_largest_size_that_is_read() {
    let line = "// TODO: this line is sixty-four bytes long with its LF at the end\n";
    let most = 1 << 20;
    let made = Made::new();
    made.write(".gitattributes", "*.rs text eol=crlf\n");
    // Below the limit as recorded, above it with CRLF; above it both ways; a text that nobody reads.
    made.write("below.rs", line.repeat(most / line.len()));
    made.write("above.rs", line.repeat(most / line.len() + 1));
    made.write("large.txt", "x\r\n".repeat(most));
    made.commit("large");
    made.remove("below.rs");
    made.remove("above.rs");
    made.git(&["reset", "--quiet", "--hard"]);
    assert!(fs::metadata(made.root.join("below.rs")).unwrap().len() > most as u64);
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), most / line.len());
    assert_eq!(document.stats.skipped_files, 1, "{:?}", document.problems);
}
