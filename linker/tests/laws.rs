//! What holds for every message and every vocabulary.

use std::collections::HashSet;

use muster_linker::{Parser, Vocabulary, possible_keys};
use muster_model::{Reference, Relation};
use proptest::prelude::*;

/// Pieces of which references, and what is nearly one, are made.
const PIECES: [&str; 64] = [
    "#",
    "##",
    "!",
    "-",
    "1",
    "12",
    "012",
    ".",
    ",",
    ", ",
    " ",
    "\n",
    "\r\n",
    "\t",
    "(",
    ")",
    "`",
    "``",
    "```",
    "\n```\n",
    "~~~",
    "> ",
    ":",
    "\"",
    "'",
    "é",
    "修",
    "\u{0}",
    "\u{a0}",
    "’",
    "fix",
    "Fixes ",
    "closes: ",
    "implements ",
    "reopened ",
    "not ",
    "doesn't ",
    "and ",
    " & ",
    "issue ",
    "PR",
    "GH-",
    "TASK-",
    "ABC-",
    "UTF-",
    "a/b",
    "owner/repo#7",
    "T1.1",
    "P1-T01",
    "Task 1.12",
    "https://",
    "github.com/o/r/issues/26",
    "://",
    "This reverts commit ",
    "abcdef1",
    "(cherry picked from commit ",
    "Revert \"",
    "Merge pull request ",
    "See merge request ",
    "step ",
    "color: ",
    "priority",
    "Signed-off-by: a <b>",
    "\\",
];

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// A line that can neither open a fence nor end.
fn line() -> impl Strategy<Value = String> {
    message().prop_map(|text| text.replace(['\n', '\r', '`', '~'], " "))
}

fn vocabulary() -> Vocabulary {
    let keys = ["T1.1", "T1.1.1", "P1-T01", "Task 1.12", "A.9.1.3", "é1"].map(str::to_owned);
    Vocabulary { keys: keys.into_iter().collect(), prefixes: None }
}

/// Whether a span holds what its target says.
fn holds(text: &str, reference: &Reference) -> bool {
    match reference.target.rsplit_once('#') {
        Some((project, number)) => {
            text.contains(number) && project.split('/').all(|name| text.contains(name))
        }
        None => text == reference.target,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn spans_lie_in_the_message_apart_and_hold_their_targets(message in message()) {
        let mut end = 0;
        for reference in Parser::new(&vocabulary()).parse(&message) {
            prop_assert!(reference.start >= end && reference.start < reference.end);
            let text = message.get(reference.start..reference.end);
            prop_assert!(text.is_some_and(|text| holds(text, &reference)), "{reference:?}");
            end = reference.end;
        }
    }

    #[test]
    fn a_line_keeps_its_references_whatever_other_lines_say(line in line(), above in line(), below in line()) {
        let parser = Parser::new(&vocabulary());
        let shift = above.len() + 1;
        let all = parser.parse(&format!("{above}\n{line}\n{below}"));
        let spans: HashSet<_> = all.iter().map(|found| (found.start, found.end, &found.target)).collect();
        for found in parser.parse(&line) {
            prop_assert!(spans.contains(&(found.start + shift, found.end + shift, &found.target)), "{found:?}");
        }
    }

    #[test]
    fn every_key_that_is_found_was_possible(message in message()) {
        let keys: HashSet<String> = ["T1.1", "T1.1.1", "P1-T01", "Task 1.12", "A.9.1.3"].map(str::to_owned).into();
        let possible = possible_keys(&message);
        for found in Parser::new(&Vocabulary { keys: keys.clone(), prefixes: None }).parse(&message) {
            prop_assert!(!keys.contains(&found.target) || possible.contains(found.target.as_str()), "{found:?}");
        }
    }

    #[test]
    fn references_of_a_branch_lie_in_its_name(name in message()) {
        let mut end = 0;
        for found in Parser::new(&vocabulary()).parse_branch(&name) {
            prop_assert!(found.start >= end && found.relation == Relation::Mentions, "{found:?}");
            prop_assert!(name.get(found.start..found.end).is_some(), "{found:?}");
            end = found.end;
        }
    }

    #[test]
    fn a_revert_claims_nothing(message in message()) {
        let parser = Parser::new(&vocabulary());
        for found in parser.parse(&format!("Revert \"x\"\n\n{message}")) {
            prop_assert!(!matches!(found.relation, Relation::Closes | Relation::Implements), "{found:?}");
        }
    }

    #[test]
    fn the_order_of_keys_and_a_second_reading_change_nothing(
        message in message(),
        keys in proptest::collection::vec("[A-Z][0-9.]{1,4}|[A-Z]{2,3}-[0-9]{1,2}", 0..12),
    ) {
        let forwards = Vocabulary { keys: keys.iter().cloned().collect(), prefixes: None };
        let backwards = Vocabulary { keys: keys.iter().rev().cloned().collect(), prefixes: None };
        let message = format!("{message} {}", keys.join(" "));
        let parser = Parser::new(&forwards);
        let first = parser.parse(&message);
        prop_assert_eq!(&first, &parser.parse(&message));
        prop_assert_eq!(&first, &Parser::new(&backwards).parse(&message));
    }

    #[test]
    fn more_keys_never_lose_a_target_of_the_grammar(message in message()) {
        let plain: HashSet<_> = Parser::default().parse(&message).into_iter().map(|found| found.target).collect();
        let known: HashSet<_> =
            Parser::new(&vocabulary()).parse(&message).into_iter().map(|found| found.target).collect();
        prop_assert!(known.is_superset(&plain), "{plain:?} {known:?}");
    }
}

/// Each piece over and over in one message of half a megabyte: a scan that looks back without a bound does not end
/// before the test run is given up.
#[test]
fn repeated_pieces_are_read_to_the_end() {
    let mut vocabulary = vocabulary();
    vocabulary.keys.extend((0..100_000).map(|n| format!("T{}.{}.{}", n / 1000, n / 30 % 33, n % 30)));
    let parser = Parser::new(&vocabulary);
    for piece in
        PIECES.iter().copied().chain(["#1 ", "fix #1, ", "a/b!1", "://a ", "T1.1.", "` `` ", "TASK-1.1."])
    {
        let message = piece.repeat(500_000 / piece.len());
        assert!(parser.parse(&message).len() <= 10_000, "{piece:?}");
    }
}
