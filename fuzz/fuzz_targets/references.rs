//! References: any text as a commit message, read with and without known keys.
#![no_main]

use std::collections::HashSet;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use muster_linker::{Parser, Vocabulary, strongest};

static PARSERS: LazyLock<[Parser; 3]> = LazyLock::new(|| {
    let keys = ["T1.1", "T1.1.1", "P1-T01", "A.9.1.3", "Task 1.12", "é1"].map(str::to_owned);
    let keys: HashSet<String> = keys.into_iter().collect();
    let prefixes = Some(["ABC", "UTF"].map(str::to_owned).into_iter().collect());
    [
        Parser::default(),
        Parser::new(&Vocabulary { keys: keys.clone(), prefixes: None }),
        Parser::new(&Vocabulary { keys, prefixes }),
    ]
});

fuzz_target!(|input: &[u8]| {
    let message = String::from_utf8_lossy(input);
    for parser in PARSERS.iter() {
        let found = parser.parse(&message);
        assert_eq!(found, parser.parse(&message), "a second reading differs");
        let mut end = 0;
        for reference in &found {
            assert!(reference.start >= end && reference.start < reference.end, "{reference:?}");
            let text = message.get(reference.start..reference.end).expect("a span lies between characters");
            let number = reference.target.rsplit_once('#').map_or(&*reference.target, |(_, number)| number);
            assert!(text.contains(number) && !text.contains('\n'), "{reference:?}");
            end = reference.end;
        }
        let targets: HashSet<&str> = found.iter().map(|reference| &*reference.target).collect();
        let strongest = strongest(&found);
        assert!(strongest.is_sorted() && strongest.len() == targets.len());
    }
});
