//! What must hold for any input in any language.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::search::{Hit, TAGS};
use super::table::LANGUAGES;
use super::{Language, comments, find, language_of, may_hold_tags, read};

/// What begins or ends something in some language.
const PIECES: [&str; 72] = [
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "\\",
    "//",
    "/*",
    "*/",
    "/",
    "#",
    "# ",
    "--",
    "--[[",
    "]]",
    "[==[",
    "]==]",
    ";",
    "%",
    "%w(",
    "%q[",
    "${",
    "#{",
    "\\(",
    "$(",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "r#\"",
    "\"#",
    "b'",
    "'a",
    "'\\''",
    "R\"x(",
    ")x\"",
    "@\"",
    "<<EOF",
    "<<-'EOF'",
    "\nEOF\n",
    "<<~X",
    "$$",
    "$a$",
    "<!--",
    "-->",
    "<a>",
    "</a>",
    "<b c={",
    "/>",
    "<script>",
    "</script>",
    "<style lang=scss>",
    "<?php ",
    "?>",
    "=begin\n",
    "\n=end",
    "__END__",
    ": |\n  ",
    "- ",
    "return ",
    " = ",
    "\n",
    "\n",
    "  ",
    "\t",
    "é",
    "\0",
    "\r",
    "{-",
    "(*",
];

const TASKS: [&str; 12] = [
    "TODO",
    "TODO: x",
    "FIXME(a) y",
    "todo: z",
    "@todo w",
    "HACK: v",
    "XXX(",
    "BUG[#1] u",
    "todo!(",
    "TODO(#1, b): x",
    "no-todo",
    "the TODO list",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => select(&TASKS[..]).prop_map(|task| [b" ", task.as_bytes(), b" "].concat()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn language() -> impl Strategy<Value = Language> {
    (0..LANGUAGES.len()).prop_map(|at| Language(&LANGUAGES[at]))
}

/// Every place where the letters of a tag stand, whatever stands around them.
fn every_hit(content: &[u8]) -> Vec<Hit> {
    let tag_at = |at: usize| {
        let tag = TAGS.iter().find(|tag| {
            content.get(at..at + tag.len()).is_some_and(|word| word.eq_ignore_ascii_case(tag.as_bytes()))
        })?;
        Some(Hit { at, end: at + tag.len() })
    };
    (0..content.len()).filter_map(tag_at).collect()
}

/// Bytes that the lexer may look at for a text of this length.
fn allowance(length: usize) -> usize {
    24 * length + 1024
}

proptest! {
    #[test]
    fn what_is_found_is_there(content in text(), language in language()) {
        let lines: Vec<&[u8]> = content.split(|&byte| byte == b'\n').collect();
        let found = find(language, &content);
        prop_assert!(found.is_sorted_by_key(|task| task.line));
        for task in found {
            let line = String::from_utf8_lossy(lines[task.line as usize - 1]).to_uppercase();
            prop_assert!(line.contains(task.tag.as_deref().unwrap()));
            prop_assert!(!task.title.contains('\n') && task.title.trim() == task.title);
            prop_assert_eq!(task.surroundings.len(), 16);
        }
    }

    #[test]
    fn comments_are_in_order_and_apart(content in text(), language in language()) {
        let (comments, steps) = comments(language.rules(), &content, content.len());
        let mut before = 0;
        for comment in comments {
            prop_assert!(before <= comment.start && comment.start < comment.text);
            prop_assert!(comment.text <= comment.end && comment.end <= comment.after);
            before = comment.after;
        }
        prop_assert!(before <= content.len());
        prop_assert!(steps <= allowance(content.len()), "{} steps for {} bytes", steps, content.len());
    }

    #[test]
    fn the_search_misses_nothing(content in text(), language in language()) {
        let mut hits = every_hit(&content);
        // No tag, but the lexer may not stop before it.
        hits.extend(content.len().checked_sub(1).map(|at| Hit { at, end: content.len() }));
        let slow = read(language.rules(), &content, &hits);
        prop_assert!(slow.is_empty() || may_hold_tags(&content));
        prop_assert_eq!(find(language, &content), slow);
    }

    #[test]
    fn lines_above_only_shift(content in text(), language in language(), count in 1..5_usize) {
        // There the first bytes mean something.
        if language.name() == "Astro" || content.starts_with(b"\xef\xbb\xbf") {
            return Ok(());
        }
        let mut shifted = find(language, &content);
        shifted.iter_mut().for_each(|task| task.line += count as u64);
        let below = [b"\n".repeat(count), content].concat();
        prop_assert_eq!(find(language, &below), shifted);
    }

    #[test]
    fn what_stands_in_a_string_never_matters(
        words in vec(prop_oneof![select(&PIECES[..]), select(&TASKS[..])], 0..12),
        (path, open, close, comment) in select(&[
            ("a.rs", "\"", "\";", "//"), ("a.js", "'", "';", "//"), ("a.ts", "\"", "\";", "//"), ("a.py", "'", "'", "#"),
            ("a.go", "\"", "\"", "//"), ("a.java", "\"", "\";", "//"), ("a.c", "\"", "\";", "//"),
            ("a.cpp", "\"", "\";", "//"), ("a.cs", "\"", "\";", "//"), ("a.lua", "\"", "\"", "--"),
            ("a.toml", "\"", "\"", "#"), ("a.yaml", "\"", "\"", "#"), ("a.proto", "\"", "\";", "//"),
            ("a.hs", "\"", "\"", "--"), ("a.r", "\"", "\"", "#"), ("a.scala", "\"", "\"", "//"),
        ][..]),
    ) {
        let text = words.concat().replace(['\n', '\0', '\r'], " ");
        // A suppressing word would count here too: it may stand anywhere on the line.
        let text = text.replace("no-todo", "");
        let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'");
        let content = format!("a: {open} {text}{close} {comment} TODO: end\n");
        let found = find(language_of(path).unwrap(), content.as_bytes());
        let titles: Vec<_> = found.iter().map(|task| task.title.as_str()).collect();
        prop_assert_eq!(titles, ["end"], "{}", content);
    }

    #[test]
    fn languages_of_line_comments_alone_see_nothing_else(lines in vec("[ a-z\"'`(){}$/*<>:=-]{0,30}", 0..8)) {
        for path in ["Dockerfile", ".gitignore", "a.ini", "a.bat"] {
            let open = if path == "a.bat" { "REM" } else { "#" };
            let task = format!("{open} TODO: x");
            let content: String = lines.iter().map(|line| format!("x{line} TODO: no\n{task}\n")).collect();
            let found = find(language_of(path).unwrap(), content.as_bytes());
            let places: Vec<u64> = found.iter().map(|task| task.line).collect();
            let wanted: Vec<u64> = (1..=lines.len() as u64).map(|line| 2 * line).collect();
            prop_assert_eq!(places, wanted);
        }
    }
}

#[test]
fn work_grows_with_length_and_no_faster() {
    for rules in LANGUAGES {
        for piece in PIECES {
            for more in ["", " ", "\n", "a", " TODO: x ", "/", "= "] {
                let content = format!("{piece}{more}").repeat(300);
                let (_, steps) = comments(rules, content.as_bytes(), content.len());
                let allowed = allowance(content.len());
                assert!(steps <= allowed, "{}: {piece:?}{more:?}: {steps} > {allowed}", rules.name);
            }
        }
    }
}

#[test]
fn depth_costs_no_stack() {
    for (path, piece) in [
        ("a.rs", "/*"),
        ("a.js", "`${"),
        ("a.jsx", "=<a>"),
        ("a.jsx", "<a>{"),
        ("a.kt", "\"${"),
        ("a.rb", "%q("),
        ("a.sh", "\"$("),
        ("a.html", "<script>"),
        ("a.yaml", "- "),
        ("a.swift", "\"\\("),
    ] {
        let content = format!("{} TODO: x", piece.repeat(100_000));
        find(language_of(path).unwrap(), content.as_bytes());
    }
}

#[test]
fn many_tags_on_one_long_line_are_read_once_each() {
    let content = format!("{}\n\n", "/* TODO: a */".repeat(20_000));
    assert_eq!(find(language_of("a.c").unwrap(), content.as_bytes()).len(), 20_000);
    let content = format!("// {}", "TODO(".repeat(50_000));
    assert_eq!(find(language_of("a.c").unwrap(), content.as_bytes()).len(), 1);
}
