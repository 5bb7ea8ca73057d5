//! Go: `go.mod` (<https://go.dev/ref/mod#go-mod-file>).
//!
//! A module's name is its whole module path. It has no version of its own: releases are git tags, and those are
//! never guessed.

use muster_model::{Manifest, file_name};

use crate::detector::Detector;
use crate::syntax::decode;

/// Recognises Go modules.
pub(crate) struct Go;

impl Detector for Go {
    fn name(&self) -> &'static str {
        "go"
    }

    fn rank(&self, path: &str) -> Option<u8> {
        (file_name(path) == "go.mod").then_some(0)
    }

    fn read(&self, _path: &str, content: &[u8]) -> Option<Manifest> {
        let mut manifest = Manifest::default();
        match decode(content) {
            Err(problem) => manifest.problems.push(problem),
            Ok(text) => {
                manifest.name = module_path(text);
                if manifest.name.is_none() {
                    manifest.problems.push("no `module` line".to_owned());
                }
            }
        }
        Some(manifest)
    }
}

/// The path after `module`, on one line or alone in a block, quoted or not.
fn module_path(text: &str) -> Option<String> {
    let mut in_block = false;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or("").trim();
        let stated = match line.strip_prefix("module") {
            _ if in_block => line,
            Some(rest) if rest.starts_with([' ', '\t', '"', '`', '(']) => rest.trim(),
            _ => continue,
        };
        match stated {
            "(" => in_block = true,
            ")" => return None,
            "" => {}
            path => {
                let path = path.trim_matches(['"', '`']).trim();
                return (!path.is_empty()).then(|| path.to_owned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_path_stands_in_four_ways() {
        for text in [
            "module example.com/a // note\n\ngo 1.24\n",
            "// Deprecated: no\nmodule \"example.com/a\"\n",
            "module (\n\n  `example.com/a`\n)\n",
            "module\texample.com/a",
        ] {
            assert_eq!(module_path(text).as_deref(), Some("example.com/a"), "{text}");
        }
        for text in ["", "go 1.24\n", "modules x\n", "module (\n)\nmodule x\n", "module \"\"\n"] {
            assert_eq!(module_path(text), None, "{text}");
        }
    }
}
