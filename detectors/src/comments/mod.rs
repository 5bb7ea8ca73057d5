//! Comment tasks: TODO and FIXME in code.

use muster_model::{FoundTask, SkipReason};

/// A language whose comments are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language;

/// The language that a path's name tells.
pub fn language_of(_path: &str) -> Option<Language> {
    None
}

/// The language that the first line of a file without extension tells (`#!/bin/sh`).
pub fn sniff(_content: &[u8]) -> Option<Language> {
    None
}

/// Why the comments of this file are not read, if they are not.
pub fn skip_reason(_path: &str, _content: &[u8]) -> Option<SkipReason> {
    None
}

/// The comment tasks of a file, in order of line.
pub fn find(_language: Language, _content: &[u8]) -> Vec<FoundTask> {
    Vec::new()
}

/// Issues and addresses that a text names, in order, each once.
pub fn references_in(_text: &str) -> Vec<String> {
    Vec::new()
}
