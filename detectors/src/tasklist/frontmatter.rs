//! Frontmatter: the YAML block between `---` lines that may open a Markdown file, and YAML itself within bounds.
//!
//! A `---` also draws a line, so a block counts as frontmatter only where it looks like keys, and, where it holds
//! what looks like a box, only where it is YAML: a box is never lost to a line that someone drew above it.

use serde_json::Value;

/// YAML above this size is not read. 64 KiB; the largest real frontmatter seen has less than 2.
const MAX_YAML_BYTES: usize = 64 << 10;

/// A Markdown file in two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parted<'a> {
    /// The block from its opening `---` to the closing one, which is left out: with the opening line, which YAML knows
    /// too, an error names the file's own line. `None` without frontmatter.
    pub(crate) yaml: Option<&'a str>,
    /// Where the rest begins, in bytes from the start of the file.
    pub(crate) body_start: usize,
    /// The file opens like frontmatter that is never closed. All of it is body.
    pub(crate) unclosed: bool,
}

/// Parts a file. A byte-order mark belongs to neither part.
pub(crate) fn part(content: &str) -> Parted<'_> {
    let text = content.strip_prefix('\u{feff}').unwrap_or(content);
    let bom = content.len() - text.len();
    let none = Parted { yaml: None, body_start: bom, unclosed: false };
    let mut lines = text.split_inclusive('\n');
    let Some(opening) = lines.next().filter(|line| line.trim_end() == "---") else { return none };
    let mut end = opening.len();
    let mut boxes = false;
    let mut keyed = None;
    for line in lines {
        let trimmed = line.trim();
        if matches!(line.trim_end(), "---" | "...") {
            let yaml = &text[..end];
            if keyed == Some(false) || (boxes && parse_yaml(yaml).is_err()) {
                return none;
            }
            return Parted { yaml: Some(yaml), body_start: bom + end + line.len(), unclosed: false };
        }
        end += line.len();
        if keyed.is_none() && !trimmed.is_empty() && !trimmed.starts_with('#') {
            keyed = Some(starts_with_key(trimmed));
        }
        boxes |= trimmed.contains("[ ]") || trimmed.contains("[x]") || trimmed.contains("[X]");
        if keyed == Some(false) {
            return none;
        }
    }
    Parted { unclosed: keyed == Some(true), ..none }
}

/// True for `key:`, `"key":` and the like.
fn starts_with_key(line: &str) -> bool {
    let Some(colon) = line.find(':') else { return false };
    let key = line[..colon].trim_end().trim_matches(['"', '\'']);
    let value = &line[colon + 1..];
    !key.is_empty()
        && key.len() <= 64
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
        && !key.starts_with("- ")
        && (value.is_empty() || value.starts_with([' ', '\t']))
}

/// Parses one YAML document into JSON, within bounds on size, depth, aliases and nodes. An empty one is null.
///
/// Dates stay text, a repeated key keeps its last value, numbers that JSON cannot write become text.
///
/// # Errors
/// A lower-case fragment without line break that says what is wrong and where.
pub(crate) fn parse_yaml(text: &str) -> Result<Value, String> {
    if text.len() > MAX_YAML_BYTES {
        return Err(format!("it is larger than {} KiB", MAX_YAML_BYTES >> 10));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            flow_nesting_limit: 32,
            max_aliases: 64,
            max_anchors: 64,
            max_merge_keys: 16,
            max_nodes: 10_000,
            max_events: 40_000,
            max_documents: 1,
            max_inclusion_depth: 0,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 10_000,
            max_replay_stack_depth: 8,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let message = error.to_string();
        message.split(['\n', '\r']).next().unwrap_or_default().trim().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn frontmatter_is_told_from_a_drawn_line() {
        assert_eq!(part("---\na: 1\n---\nb").yaml, Some("---\na: 1\n"));
        assert_eq!(part("\u{feff}--- \n# note\n\"a\": 1\n...\nb").yaml, Some("--- \n# note\n\"a\": 1\n"));
        assert_eq!(part("---\n---\nb").yaml, Some("---\n"));
        assert_eq!(part("---\n# Title\n\n- [ ] a\n---\n").yaml, None);
        assert_eq!(part("---\nStatus: fine\n\n- [ ] a\n\n---\n").yaml, None);
        assert_eq!(part("---\nlist:\n- [ ]\n---\n").yaml, Some("---\nlist:\n- [ ]\n"));
        assert_eq!(part("a\n---\nb: 1\n---\n").yaml, None);
    }

    #[test]
    fn errors_name_the_line_of_the_file() {
        let yaml = part("---\na: 1\nb: c: d\n---\n").yaml.unwrap();
        assert!(parse_yaml(yaml).unwrap_err().contains("line 3"));
        assert_eq!(parse_yaml("---\n"), Ok(Value::Null));
        assert_eq!(parse_yaml("--- \n# note\n\na: 1\n"), Ok(serde_json::json!({"a": 1})));
    }

    #[test]
    fn what_is_never_closed_is_body() {
        let parted = part("---\na: 1\n- [ ] b\n");
        assert_eq!((parted.yaml, parted.body_start, parted.unclosed), (None, 0, true));
        assert!(!part("---\n\nprose\n").unclosed);
    }

    #[test]
    fn hostile_yaml_is_refused() {
        let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (name, above) in
            ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"])
        {
            bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{above}"); 9].join(", ")));
        }
        let deep = "[".repeat(50_000);
        let mapped: String = (0..2_000).map(|n| format!("{}a:\n", " ".repeat(n % 200))).collect();
        for text in [bomb.as_str(), &deep, &mapped, "a: b: c", "a: *missing", "\"a", &"a".repeat(70_000)] {
            let error = parse_yaml(text).unwrap_err();
            assert!(!error.is_empty() && !error.contains('\n'), "{error}");
        }
    }

    proptest! {
        #[test]
        fn parting_loses_nothing(text in "(---|\\.\\.\\.|a: b|- \\[ \\] c|#|\n|\u{feff}|é){0,30}") {
            let parted = part(&text);
            prop_assert!(text.is_char_boundary(parted.body_start));
            if let Some(yaml) = parted.yaml {
                prop_assert!(yaml.len() < parted.body_start);
            }
        }

        #[test]
        fn yaml_never_panics(text in "\\PC{0,60}|[a-c:\\-\\[\\]{}&*!|>'\"# \n]{0,60}") {
            let _ = parse_yaml(&text);
        }
    }
}
