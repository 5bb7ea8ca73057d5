//! Pictures of three documents.

use super::*;
use crate::print::samples::{coditect_master, hostile_names, npm_monorepo};

fn shown(document: &Document, look: &Look) -> String {
    let mut out = Vec::new();
    write_tree(&mut out, document, look).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_small_npm_monorepo() {
    insta::assert_snapshot!(shown(&npm_monorepo(), &Look::PLAIN), @r"
    https://example.org/acme/acme  main at 1a2b3c4d5e, 12,345 commits

    PROJECT               NAME        TYPE  VERSION       PROGRESS  TASKS   TODO  NOTES
    acme                              npm   2.1.0                              3
    ├─ packages/core      @acme/core  npm   2.1.0                          1,204
    │  └─ examples/basic              npm                                         example
    ├─ packages/ui        @acme/ui    npm   2.1.0-beta.1  ▰▰▰▱▱▱▱▱    3/8
    └─ packages/日本語    @acme/i18n  npm   0.3.0

    5 projects: 5 npm
    3 of 8 tasks done, 1,207 TODOs
    120 files, 345 kB, 2 not read (large, binary, minified, generated or locked), in 0.01 s
    2 projects hidden (2 fixture): --all shows them
    ");
}

#[test]
fn a_coditect_master_is_one_tree() {
    insta::assert_snapshot!(shown(&coditect_master(), &Look::PLAIN), @r"
    /srv/master  main at 1a2b3c4d5e

    PROJECT               TYPE      PROGRESS   TASKS  NOTES
    Rollout Master        coditect  ▰▱▱▱▱▱▱▱  89/620  1 problem
    ├─ submodules/cloud   generic                     group
    │  ├─ cloud-backend   coditect  ▰▰▰▰▰▰▱▱     4/5  submodule at 0f0f0f0f0f
    │  └─ cloud-frontend  coditect  ▰▰▰▰▰▰▰▰     5/5  submodule at 1f1f1f1f1f
    └─ submodules/docs    generic                     group
       ├─ docs-site       coditect  ▰▰▰▰▰▰▱▱     4/5  submodule at 0f0f0f0f0f
       └─ docs-training   generic                     not here: https://example.org/acme/docs-training at 1f1f1f1f1f

    7 projects: 4 coditect, 3 generic
    102 of 635 tasks done, 0 TODOs
    4 submodules, 1 not here
    120 files, 345 kB, in 0.01 s

    1 problem
      projects: 1
        the root: frontmatter says complete; 531 of 620 boxes are open
    ");
}

#[test]
fn problems_and_hostile_names() {
    insta::assert_snapshot!(shown(&hostile_names(), &Look::PLAIN), @r"
    /srv/\u{1b}]8;;evil\u{1b}\x  no commit yet, with uncommitted changes

    PROJECT                 NAME               TYPE     VERSION                 NOTES
    evil\u{1b}[31mred\u{7}                     generic                          1 problem
    ├─ a\u{202e}gpj.exe     two\nlines         npm      1.0\u{1b}]0;title\u{7}  docs; on hold
    └─ deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  zero\u{200b}width  rust

    3 projects: 1 generic, 1 npm, 1 rust
    no tasks, 0 TODOs
    120 files, 345 kB, in 0.01 s

    9 problems
      broken manifests: 6
        p1/package.json: expected value at line 1 column 1
        p2/package.json: expected value at line 1 column 1
        p3/package.json: expected value at line 1 column 1
        and 3 more: --format json lists them all
      unreadable: 1
        a\u{1b}b: permission denied
      HEAD: 1
        HEAD names a branch that does not exist
      projects: 1
        the root: two manifests\nclaim one name
    ");
}

#[test]
fn ascii_on_a_narrow_terminal() {
    let look = Look { colour: false, glyphs: false, width: Some(72) };
    insta::assert_snapshot!(shown(&coditect_master(), &look), @r"
    /srv/master  main at 1a2b3c4d5e

    PROJECT               TYPE      PROGRESS   TASKS  NOTES
    Rollout Master        coditect  #-------  89/620  1 problem
    |- submodules/cloud   generic                     group
    |  |- cloud-backend   coditect  ######--     4/5  submodule at 0f0f0f0f~
    |  `- cloud-frontend  coditect  ########     5/5  submodule at 1f1f1f1f~
    `- submodules/docs    generic                     group
       |- docs-site       coditect  ######--     4/5  submodule at 0f0f0f0f~
       `- docs-training   generic                     not here: https://exa~

    7 projects: 4 coditect, 3 generic
    102 of 635 tasks done, 0 TODOs
    4 submodules, 1 not here
    120 files, 345 kB, in 0.01 s

    1 problem
      projects: 1
        the root: frontmatter says complete; 531 of 620 boxes are open
    ");
}

#[test]
fn colour_changes_nothing_but_colour() {
    for document in [npm_monorepo(), coditect_master(), hostile_names()] {
        let coloured = shown(&document, &Look { colour: true, ..Look::PLAIN });
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), shown(&document, &Look::PLAIN));
    }
}

#[test]
fn a_bar_is_full_only_where_all_is_done() {
    let bars = [(0, 9), (1, 999), (1, 2), (998, 999), (9, 9), (u64::MAX, u64::MAX)];
    let shown =
        bars.map(|(done, total)| format!("{:?}", bar(done, total, &Look::PLAIN)).matches('▰').count());
    assert_eq!(shown, [0, 1, 4, 7, 8, 8]);
}

#[test]
fn a_document_that_contradicts_itself_is_shown_all_the_same() {
    let mut document = npm_monorepo();
    let paths: Vec<String> = document.projects.iter().map(|project| project.path.clone()).collect();
    for (project, parent) in document.projects.iter_mut().zip(paths.iter().cycle().skip(1)) {
        project.parent_path = Some(parent.clone());
    }
    assert_eq!(in_tree_order(&document.projects, &Look::PLAIN).len(), paths.len());
}
