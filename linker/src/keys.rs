//! Which task keys a text may hold, whatever keys there are: so that a text can be read against those of a hundred thousand keys
//! that it has any chance to name, and nobody loads the others.

use std::collections::BTreeSet;

use crate::boundary::{is_free_after, is_free_before};

/// Longer ones are no keys.
const LONGEST: usize = 96;
/// Candidates that are kept of one text.
const MOST: usize = 10_000;

/// Every piece of a text that has the shape of a key (`P1-T01`, `T1.1.1`, `Task 1.12`) and stands where one may stand.
pub fn possible_keys(text: &str) -> BTreeSet<&str> {
    let bytes = text.as_bytes();
    let belongs = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b".-".contains(byte);
    let mut keys = BTreeSet::new();
    for at in 0..bytes.len() {
        let is_word = ["Task ", "TASK ", "task "].iter().any(|word| bytes[at..].starts_with(word.as_bytes()));
        let begins = is_word || bytes[at].is_ascii_uppercase();
        if !begins || !is_free_before(text, at) {
            continue;
        }
        for from in [Some(at + 1), is_word.then_some(at + "Task ".len())].into_iter().flatten() {
            let run = bytes[from..].iter().take(LONGEST).take_while(|byte| belongs(byte)).count();
            let ends = (from..from + run).filter(|end| bytes[*end].is_ascii_digit()).map(|end| end + 1);
            keys.extend(ends.filter(|end| is_free_after(text, *end)).map(|end| &text[at..end]));
        }
        if keys.len() >= MOST {
            break;
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_between_boundaries() {
        let found = |text| possible_keys(text).into_iter().collect::<Vec<_>>();
        assert_eq!(found("P1-T01: do T1.1.1, (A.9.1.3)"), ["A.9.1.3", "P1", "P1-T01", "T1.1.1"]);
        assert_eq!(found("Task 1.12 and TASK-ABC-123"), ["TASK-ABC-123", "Task 1.12"]);
        assert_eq!(found("Task 7-8, Task T1"), ["T1", "Task 7-8", "Task T1"]);
        assert_eq!(found("T0001-x"), ["T0001"]);
        assert!(found("xT1.1 /T1.1 $T1.1 T1.1x Nothing here, UP ONLY é").is_empty());
    }
}
