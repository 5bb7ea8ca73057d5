//! What the name of a branch refers to: `fix/12-login`, `ABC-7-thing`, `feature/P1-T01`.
//!
//! A name has no grammar, so little is believed: keys where they would be believed in a message, with `/` and `_` for
//! spaces; a number only at the start of a part, before a word, or behind a word that says what it is. `release/2024-01`,
//! `v1.2`, `user/2fa` and `bump-foo-1.2.3` name nothing. Whatever is found is a mention: a name says what somebody meant to do.

use muster_model::Reference;

use crate::Parser;
use crate::boundary::number_end;
use crate::found::Found;
use crate::scan::find_marks;

/// Words behind which a number is an issue's: `issue-12`, `gh/12`.
const NOUNS: [&str; 8] = ["issue", "issues", "bug", "bugs", "ticket", "gh", "fix", "fixes"];
/// A number of more digits is a date or an id of something else.
const MOST_DIGITS: usize = 6;
/// Longer names are not looked at beyond this.
const LONGEST: usize = 1000;

impl Parser {
    /// Every reference of a branch's name, in order of place; no two overlap.
    pub fn parse_branch(&self, name: &str) -> Vec<Reference> {
        let name = &name[..name.floor_char_boundary(LONGEST)];
        let text = name.replace(['/', '_'], " ");
        let mut founds = Vec::new();
        find_marks(&text, &self.known, &mut founds);
        self.known.find(&text, &mut founds);
        numbers(name, &mut founds);
        founds.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
        let mut end = 0;
        founds.retain(|found| {
            let apart = found.start >= end;
            end = if apart { found.end } else { end };
            apart
        });
        let reference = |found: Found| {
            let reference = found.into_reference();
            Reference { rule: format!("branch.{}", reference.rule), ..reference }
        };
        founds.into_iter().map(reference).collect()
    }
}

/// Numbers without a mark.
fn numbers(name: &str, founds: &mut Vec<Found>) {
    let mut from = 0;
    for part in name.split('/') {
        let start = from;
        from += part.len() + 1;
        let above = name[..start].trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let own = NOUNS.iter().find_map(|noun| {
            let rest = part.get(noun.len()..).filter(|_| part[..noun.len()].eq_ignore_ascii_case(noun))?;
            rest.starts_with(['-', '_']).then_some(noun.len() + 1)
        });
        let said = NOUNS.iter().any(|noun| noun.eq_ignore_ascii_case(above)) || own.is_some();
        let at = start + own.unwrap_or(0);
        let text = name.replace('_', "-");
        let Some(end) = number_end(&text, at).filter(|end| end - at <= MOST_DIGITS) else { continue };
        let rest = &text[end..];
        let before_word =
            rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
        let at_end = rest.is_empty() || rest.starts_with('/');
        if before_word || (at_end && said) {
            founds.push(Found::new(at, end, format!("#{}", &name[at..end]), "number"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{Parser, Vocabulary};

    #[test]
    fn little_is_believed() {
        let keys = ["P1-T01", "T1.1"].map(str::to_owned);
        let parser = Parser::new(&Vocabulary { keys: HashSet::from(keys), prefixes: None });
        let found = |name: &str| {
            let all = parser.parse_branch(name);
            for found in &all {
                let text = &name[found.start..found.end];
                assert!(found.rule.starts_with("branch."), "{found:?}");
                assert!(text.ends_with(found.target.trim_start_matches('#')), "{found:?}");
            }
            all.into_iter().map(|found| found.target).collect::<Vec<_>>().join(" ")
        };
        for (name, wanted) in [
            ("fix/12-login", "#12"),
            ("12-login", "#12"),
            ("ada/12_login", "#12"),
            ("issue-12", "#12"),
            ("issue_12", "#12"),
            ("Issue/12", "#12"),
            ("gh-12", "#12"),
            ("GH-12-login", "#12"),
            ("fix-12-login", "#12"),
            ("#12", "#12"),
            ("fix/#12-login", "#12"),
            ("ABC-7-thing", "ABC-7"),
            ("feature/ABC-7", "ABC-7"),
            ("feature/ABC-7/12-part", "ABC-7 #12"),
            ("feature_ABC-7", "ABC-7"),
            ("wip/P1-T01-button", "P1-T01"),
            ("T1.1", "T1.1"),
            ("main", ""),
            ("release/2024-01", ""),
            ("release/12", ""),
            ("v1.2", ""),
            ("1.2", ""),
            ("2024-01-31-backup", ""),
            ("20240131-backup", ""),
            ("012-x", ""),
            ("user/2fa", ""),
            ("dependabot/npm/foo-1.2.3", ""),
            ("node-18", ""),
            ("feature-ABC-7", ""),
            ("UTF-8-names", ""),
            ("abc-7", ""),
            ("o/r#12", ""),
            ("é/12-é", "#12"),
            ("", ""),
            ("//", ""),
        ] {
            assert_eq!(found(name), wanted, "{name}");
        }
    }
}
