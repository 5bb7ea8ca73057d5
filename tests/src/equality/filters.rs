//! Files that a filter makes into something else on the disk: LFS, `ident`, other encodings.

use std::fs;

use crate::made::Made;

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:\
    4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 31\n";
const CONTENT: &str = "- [ ] T1 only on the disk\n- [x] T2 too\n";

/// A filter that does what LFS does, without LFS: pointers in the commit, content on the disk.
fn with_filter(made: &Made) {
    let content = made.beside("content");
    let pointer = made.beside("pointer");
    fs::write(&content, CONTENT).unwrap();
    fs::write(&pointer, POINTER).unwrap();
    let prints = |path: &std::path::Path| format!("cat >/dev/null; cat '{}'", path.display());
    made.git(&["config", "filter.lfs.smudge", &prints(&content)]);
    made.git(&["config", "filter.lfs.clean", &prints(&pointer)]);
    made.git(&["config", "filter.lfs.required", "true"]);
}

#[test]
fn a_pointer_stays_a_pointer() {
    let made = Made::new();
    with_filter(&made);
    made.write(".gitattributes", "TASKLIST.md filter=lfs diff=lfs merge=lfs -text\n*.bin filter=lfs\n");
    made.write("TASKLIST.md", CONTENT);
    made.write("data.bin", "large");
    made.write("sub/TASKLIST.md", CONTENT);
    made.write("sub/.gitattributes", "TASKLIST.md -filter\n");
    made.commit("pointers");
    assert_eq!(made.git(&["show", "HEAD:TASKLIST.md"]), POINTER);
    made.remove("data.bin");
    made.git(&["reset", "--quiet", "--hard"]);
    assert_eq!(fs::read_to_string(made.root.join("data.bin")).unwrap(), CONTENT);
    let document = made.assert_folder_is_commit();
    assert!(document.tasks.iter().all(|task| task.path == "sub/TASKLIST.md"));
    assert_eq!(document.tasks.len(), 2);
}

#[test]
fn attributes_that_a_sparse_checkout_leaves_out() {
    let made = Made::new();
    with_filter(&made);
    made.write("a/.gitattributes", "TASKLIST.md filter=lfs -text\n");
    made.write("a/TASKLIST.md", CONTENT);
    made.write(".gitattributes", "b/TASKLIST.md filter=lfs -text\n*.rs ident\n");
    made.write("b/TASKLIST.md", CONTENT);
    made.write("b/lib.rs", "// $Id$ TODO: one\n");
    made.commit("pointers");
    made.git(&["sparse-checkout", "set", "--no-cone", "TASKLIST.md", "lib.rs"]);
    for path in ["a/TASKLIST.md", "b/TASKLIST.md", "b/lib.rs"] {
        made.remove(path);
    }
    made.git(&["checkout", "--quiet", "--", "."]);
    assert!(!made.root.join("a/.gitattributes").exists());
    assert_eq!(fs::read_to_string(made.root.join("a/TASKLIST.md")).unwrap(), CONTENT);
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 1, "{:?}", document.tasks);
}

#[test]
fn attributes_that_are_defined_as_a_word() {
    let made = Made::new();
    with_filter(&made);
    made.write(".gitattributes", "[attr]large filter=lfs -text\n/data/** large\n");
    made.write("data/TASKLIST.md", CONTENT);
    made.write("data/.gitattributes", "kept.md !filter\n");
    made.commit("pointers");
    assert_eq!(made.git(&["show", "HEAD:data/TASKLIST.md"]), POINTER);
    assert!(made.assert_folder_is_commit().tasks.is_empty());
}

#[test]
fn content_that_was_never_fetched() {
    let made = Made::new();
    made.write("model.bin", POINTER);
    made.write("TASKLIST.md", POINTER);
    made.commit("pointers");
    // Without LFS installed the attribute names a filter that nobody has configured.
    made.write(".gitattributes", "*.bin filter=lfs -text\nTASKLIST.md filter=lfs -text\n");
    made.commit("attributes");
    made.assert_folder_is_commit();
}

#[test]
fn a_filter_is_never_run() {
    let made = Made::new();
    let mark = made.beside("was-run");
    made.write(".gitattributes", "* filter=evil\n");
    made.write("TASKLIST.md", "- [ ] T1\n");
    made.commit("one");
    let runs = format!("touch '{}'; cat", mark.display());
    for side in ["clean", "smudge", "process"] {
        made.git(&["config", &format!("filter.evil.{side}"), &runs]);
    }
    made.write("TASKLIST.md", "- [ ] T1 changed, longer\n");
    made.folder();
    assert!(!mark.exists());
}

#[test]
fn ident_is_expanded_on_the_disk_alone() {
    let made = Made::new();
    made.write(".gitattributes", "*.rs ident\n");
    made.write("lib.rs", "// $Id$ TODO: one\n// TODO: $Id$\n");
    made.commit("ident");
    made.remove("lib.rs");
    made.git(&["reset", "--quiet", "--hard"]);
    assert!(fs::read_to_string(made.root.join("lib.rs")).unwrap().contains("$Id: "));
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 2);
}

#[test]
fn another_encoding_in_the_folder() {
    let made = Made::new();
    made.write(".gitattributes", "*.py working-tree-encoding=UTF-16LE\n");
    let wide: Vec<u8> = "# TODO: wide\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    made.write("wide.py", wide);
    made.commit("encoded");
    assert_eq!(made.git(&["show", "HEAD:wide.py"]), "# TODO: wide\n");
    assert_eq!(made.assert_folder_is_commit().tasks.len(), 1);
}
