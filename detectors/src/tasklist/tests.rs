//! What a task list yields, as one reads it, and that hostile ones end.

use muster_model::TaskState;
use proptest::prelude::*;

use super::read;

/// One line a task: line, state, key, title, section, parent's line.
fn shown(content: &str) -> String {
    let tasks = read(content);
    let mut out = String::new();
    for task in &tasks {
        let parent = task.parent.map_or(String::new(), |at| format!("  < {}", tasks[at].line));
        let key = task.key.as_deref().map_or(String::new(), |key| format!("{key} | "));
        let section = task.section.as_deref().map_or(String::new(), |section| format!("  # {section}"));
        out.push_str(&format!(
            "{} {}  {key}{}{section}{parent}\n",
            task.line,
            task.state.as_str(),
            task.title
        ));
    }
    out
}

#[test]
fn every_case_reads_as_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/tasklists");
    let mut cases = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "case") {
            continue;
        }
        let case = std::fs::read_to_string(&path).unwrap();
        let (content, wanted) = case.split_once("=====\n").unwrap();
        assert_yields(&path.display().to_string(), &shown(content), wanted);
        cases += 1;
    }
    assert!(cases >= 8, "{cases} cases in {folder}");
}

fn assert_yields(case: &str, shown: &str, wanted: &str) {
    assert!(shown == wanted, "{case}\nwanted:\n{wanted}\nfound:\n{shown}");
}

#[test]
fn what_is_no_task() {
    let content = "```
- [ ] in a fence
```

    - [ ] in indented code

<!--
- [ ] in a comment
-->

`- [ ] in code`

- text [ ] in the middle
- `[ ]` as code
- [~](link.md) a link
- [!]no space
-
  [~] below an empty marker
- > [~] quoted inside
- [y] other
- # [!] heading
- para

  [!] second paragraph
[ ] no list

<div>
- [ ] in html
</div>
";
    assert_eq!(shown(content), "");
}

#[test]
fn ends_of_files_and_of_lines() {
    assert_eq!(shown("- [ ]"), "1 open  \n");
    assert_eq!(shown("\u{feff}- [ ] a"), "1 open  a\n");
    assert_eq!(shown("- [!]"), "1 blocked  \n");
    assert_eq!(shown("- a\n\t- [ ] tab"), "2 open  tab\n");
    assert_eq!(shown("- [ ] a\r- [ ] b"), "1 open  a\n1 open  b\n");
    assert_eq!(shown("---\nbroken: a: b\n---\n- [ ] kept"), "4 open  kept\n");
    assert_eq!(shown(""), "");
}

#[test]
fn references_are_kept_and_those_behind_links_too() {
    let tasks =
        read("- [ ] T1.1 see #12 and [the fix](https://github.com/o/r/pull/7), `o/r#3`\n- [ ] UTF-8\n");
    assert_eq!(tasks[0].references, ["#12", "o/r#3", "https://github.com/o/r/pull/7"]);
    assert!(tasks[1].references.is_empty());
}

#[test]
fn equal_items_differ_by_what_stands_around_them() {
    let tasks = read("- [x] A\n  - [ ] test\n- [ ] B\n  - [ ] test\n");
    assert_ne!(tasks[1].surroundings, tasks[3].surroundings);
    let ticked = read("- [ ] A\n\n  - [x] test\n- [x] B\n  - [ ] test\n");
    assert_eq!(tasks[1].surroundings, ticked[1].surroundings);
}

#[test]
fn hostile_texts_end() {
    let n = 1 << 17;
    let texts = [
        format!("{}[ ] a", "- ".repeat(n)),
        format!("{}- [ ] a\n{}", ">".repeat(n), "\n".repeat(n)),
        format!("{}- [ ] a\n{}", "- ".repeat(60), "\n".repeat(n)),
        format!("{}- [ ] a\n{}", ">".repeat(60), ">\n".repeat(n)),
        (0..700).map(|n| format!("{}- [ ] a\n", " ".repeat(2 * n))).collect(),
        format!("- [ ] {}", "a".repeat(4 * n)),
        format!("- [ ] {}", "[".repeat(n)),
        format!("- [ ] {}", "*a_".repeat(n)),
        format!("- [ ] {}", "`a``".repeat(n)),
        format!("- [ ] {}", "<!--".repeat(n)),
        format!("- [ ] {}", "![a](".repeat(n)),
        "- [ ] a\r".repeat(n / 4),
        format!("{}\n{}", "b".repeat(2 * n), "- [~] a\r".repeat(n / 8)),
        format!("---\n{}", "a: [ ]\n".repeat(n)),
        "\0".repeat(n),
        format!("# {}\n{}", "b".repeat(2 * n), "- [ ] a\n".repeat(n / 4)),
        format!("[a]: {}\n\n- [ ] {}", "b".repeat(2 * n), "[a] ".repeat(n / 4)),
    ];
    let counts: Vec<usize> = texts.iter().map(|text| read(text).len()).collect();
    assert_eq!(counts, [0, 0, 1, 1, 128, 1, 1, 1, 1, 1, 1, n / 4, n / 8, 0, 0, n / 4, 1]);
}

proptest! {
    #[test]
    fn any_text_yields_tasks_in_order(text in "(- |\\[ \\]|\\[x\\]|\\[~\\]|> |1\\. |    |\n|\r|\t|#|```|---|a|é|\\*\\*|`|<!--|-->|\u{feff}){0,60}") {
        let tasks = read(&text);
        let lines = text.split('\n').count() as u64;
        for (at, task) in tasks.iter().enumerate() {
            prop_assert!((1..=lines).contains(&task.line));
            prop_assert!(task.parent.is_none_or(|parent| parent < at));
            prop_assert!(at == 0 || tasks[at - 1].line <= task.line);
            prop_assert_eq!(task.surroundings.len(), 16);
            prop_assert!(!task.title.contains('\n'));
        }
    }

    #[test]
    fn lines_put_above_move_tasks_and_nothing_else(above in 1u64..9) {
        let text = "# A\n\n- [ ] a\n  - [x] b\n";
        let moved = read(&format!("{}{text}", "\n".repeat(above as usize)));
        let still = read(text);
        for (moved, still) in moved.iter().zip(&still) {
            prop_assert_eq!(moved.line, still.line + above);
            prop_assert_eq!(&moved.title, &still.title);
            prop_assert_eq!(&moved.surroundings, &still.surroundings);
        }
        prop_assert_eq!(moved.len(), still.len());
        prop_assert_eq!(moved[1].state, TaskState::Done);
    }
}
