//! Which language a file is written in: by its name, else by its first line.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::syntax::Rules;
use super::table::LANGUAGES;

/// A language whose comments are read.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub(super) &'static Rules);

impl Language {
    /// What people call it.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    pub(super) fn rules(self) -> &'static Rules {
        self.0
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Language {}

static BY_FILE: LazyLock<HashMap<&'static str, Language>> = LazyLock::new(|| words(|rules| rules.files));
static BY_INTERPRETER: LazyLock<HashMap<&'static str, Language>> =
    LazyLock::new(|| words(|rules| rules.interpreters));

fn words(of: impl Fn(&'static Rules) -> &'static str) -> HashMap<&'static str, Language> {
    let each = LANGUAGES
        .iter()
        .flat_map(|rules| of(rules).split_whitespace().map(move |word| (word, Language(rules))));
    each.collect()
}

/// The language that a path's name tells: by the whole name (`Makefile`, and `Makefile.x`), else by the extension.
/// Case does not count.
pub fn language_of(path: &str) -> Option<Language> {
    let name = muster_model::file_name(path);
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let extension = extension.rsplit('.').next().unwrap_or("");
    let by_extension = || if extension.is_empty() { None } else { look_up(extension, "") };
    let by_stem = || if stem.is_empty() { None } else { look_up(stem, "/") };
    look_up(name, "/").or_else(by_extension).or_else(by_stem)
}

fn look_up(name: &str, before: &str) -> Option<Language> {
    // A name that is longer than any in the table has no room here and is none of them.
    let mut key = [0_u8; 40];
    let length = before.len() + name.len();
    let room = key.get_mut(..length)?;
    room[..before.len()].copy_from_slice(before.as_bytes());
    room[before.len()..].copy_from_slice(name.as_bytes());
    room.make_ascii_lowercase();
    BY_FILE.get(std::str::from_utf8(room).ok()?).copied()
}

/// The language that the first line of a file without extension tells (`#!/bin/sh`, `#!/usr/bin/env python3`).
pub fn sniff(content: &[u8]) -> Option<Language> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let window = &content[..content.len().min(256)];
    let line = window.split(|&byte| byte == b'\n').next().unwrap_or(window);
    if let Some(command) = line.strip_prefix(b"#!") {
        let command = std::str::from_utf8(command).ok()?;
        let words = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let mut words = words.filter(|word| !word.starts_with('-') && !word.contains('=') && *word != "env");
        let interpreter = words.next()?;
        let bare = interpreter
            .trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-');
        return BY_INTERPRETER.get(interpreter).or_else(|| BY_INTERPRETER.get(bare)).copied();
    }
    let name = match line {
        _ if line.starts_with(b"<?php") => "x.php",
        _ if line.starts_with(b"<?xml") => "x.xml",
        _ if line.len() >= 14 && line[..14].eq_ignore_ascii_case(b"<!doctype html") => "x.html",
        _ => return None,
    };
    language_of(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str) -> &'static str {
        language_of(path).map_or("none", Language::name)
    }

    #[test]
    fn names_tell_languages() {
        for (path, language) in [
            ("a/b.rs", "Rust"),
            ("A.RS", "Rust"),
            ("a.test.tsx", "TypeScript JSX"),
            ("a.d.ts", "TypeScript"),
            ("x/Makefile", "Makefile"),
            ("Makefile.inc2", "Makefile"),
            ("Dockerfile.dev", "Dockerfile"),
            ("dev.dockerfile", "Dockerfile"),
            ("CMakeLists.txt", "CMake"),
            ("go.mod", "Go module"),
            ("meson.build", "Python"),
            (".bashrc", "Shell"),
            (".env", "Settings"),
            ("tsconfig.json", "JSON with comments"),
            ("package.json", "none"),
            ("README.md", "none"),
            ("notes.txt", "none"),
            ("LICENSE", "none"),
            ("rs", "none"),
            ("a.", "none"),
            (".", "none"),
            ("", "none"),
        ] {
            assert_eq!(name(path), language, "{path}");
        }
        assert_eq!(name(&"a.".repeat(5000)), "none");
    }

    #[test]
    fn no_name_belongs_to_two_languages() {
        for of in [|rules: &'static Rules| rules.files, |rules: &'static Rules| rules.interpreters] {
            let all: Vec<&str> = LANGUAGES.iter().flat_map(|rules| of(rules).split_whitespace()).collect();
            assert_eq!(all.len(), words(of).len());
            assert!(all.iter().all(|word| word.len() < 40));
        }
        let files: Vec<&str> = LANGUAGES.iter().flat_map(|rules| rules.files.split_whitespace()).collect();
        assert!(files.iter().all(|word| *word == word.to_lowercase()));
    }

    #[test]
    fn first_lines_tell_languages() {
        for (line, language) in [
            ("#!/bin/sh", "Shell"),
            ("#! /usr/bin/env -S FOO=1 bash -e", "Shell"),
            ("#!/usr/bin/env python3.12\nimport x", "Python"),
            ("#!/usr/bin/env node\r", "JavaScript"),
            ("\u{feff}#!/usr/bin/perl -w", "Perl"),
            ("<?php echo 1;", "PHP"),
            ("<?xml version='1.0'?>", "XML"),
            ("<!DOCTYPE html>", "HTML"),
            ("#!/opt/unknown", "none"),
            ("#!", "none"),
            ("hello", "none"),
            ("", "none"),
        ] {
            assert_eq!(sniff(line.as_bytes()).map_or("none", Language::name), language, "{line}");
        }
    }
}
