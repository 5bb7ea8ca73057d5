//! One example for each pass, read as a story: what was there, what is there, what became of it.

use muster_model::TaskKind;

use super::{Decision, Known, Seen, reconcile};

/// A task written as `path:line key|section|title|surroundings`, parts at the end left out at will.
fn seen(text: &'static str) -> Seen<'static> {
    let (place, rest) = text.split_once(' ').unwrap();
    let (path, line) = place.split_once(':').unwrap();
    let parts: Vec<&str> = rest.split('|').collect();
    let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
    Seen {
        path,
        kind: TaskKind::Checkbox,
        line: line.parse().unwrap(),
        key: part(0),
        section: part(1),
        title: part(2).unwrap_or_default(),
        surroundings: part(3).unwrap_or_default(),
    }
}

/// Ids from 1 in the order given; `closed` are closed at their place's time, and their ids go on.
fn answer(before: &[&'static str], closed: &[&'static str], now: &[&'static str]) -> String {
    let mut known: Vec<Known<'_>> = Vec::new();
    for text in before {
        known.push(Known { id: known.len() as i64 + 1, closed: None, seen: seen(text) });
    }
    for (at, text) in closed.iter().enumerate() {
        known.push(Known { id: known.len() as i64 + 1, closed: Some(at as i64), seen: seen(text) });
    }
    let now: Vec<Seen<'_>> = now.iter().map(|text| seen(text)).collect();
    let answer = reconcile(&known, &now);
    let words: Vec<String> = answer
        .decisions
        .iter()
        .map(|decision| match decision {
            Decision::Kept(id) => format!("{id}"),
            Decision::Back(id) => format!("back {id}"),
            Decision::New => "new".to_owned(),
        })
        .collect();
    format!("{} / gone {:?}", words.join(", "), answer.gone)
}

#[test]
fn pass_1_a_key_survives_everything_else() {
    assert_eq!(
        answer(&["a:1 T1|S|one", "a:2 T2|S|two"], &[], &["a:7 T2|Z|other", "a:9 T1||new text"]),
        "2, 1 / gone []"
    );
}

#[test]
fn pass_2_section_and_text_tell_repeated_texts_apart() {
    assert_eq!(
        answer(&["a:1 |A|tests", "a:2 |B|tests"], &[], &["a:1 |B|tests", "a:2 |A|tests"]),
        "2, 1 / gone []"
    );
}

#[test]
fn pass_3_surroundings_then_order() {
    let before = ["a:1 |||x", "a:2 |||y", "a:3 |||y", "a:4 |||z"];
    assert_eq!(answer(&before, &[], &["a:1 |||y", "a:2 |||y", "a:3 |||z"]), "2, 3, 4 / gone [1]");
    assert_eq!(answer(&before, &[], &["a:1 |||x", "a:2 |||y", "a:3 |||z"]), "1, 2, 4 / gone [3]");
    assert_eq!(answer(&before, &[], &["a:1 |||q", "a:2 |||r"]), "1, 2 / gone [3, 4]");
    // A heading that was rewritten.
    assert_eq!(
        answer(&["a:1 |Setup|one|x", "a:2 |Setup|one|y"], &[], &["a:1 |Done|one|y", "a:2 |Done|one|x"]),
        "2, 1 / gone []"
    );
}

#[test]
fn pass_4_files_move_and_keys_repeat_between_projects() {
    assert_eq!(
        answer(
            &["p/TASKLIST.md:1 T1||one", "q/TASKLIST.md:1 T1||one"],
            &[],
            &[
                "q/docs/project-management/tasklist.md:1 T1||uno",
                "p/docs/project-management/tasklist.md:1 T1||eins"
            ]
        ),
        "2, 1 / gone []"
    );
    // The same name goes first where two are as near.
    assert_eq!(answer(&["a/x:1 ||t"], &[], &["b/w:1 ||t", "b/X:1 ||t"]), "new, 1 / gone []");
    // A file that is new goes before one that was there.
    assert_eq!(
        answer(&["a/x:1 ||t", "a/y:1 ||u"], &[], &["a/y:1 ||u", "a/y:2 ||t", "b/z:1 ||t"]),
        "2, new, 1 / gone []"
    );
    // Elsewhere, nearest first; an empty text is looked for nowhere.
    assert_eq!(
        answer(
            &["a/x:1 ||t", "a/x:2 ||stays", "b/y:1 ||stays", "a/z:1 ||stays"],
            &[],
            &["a/x:2 ||stays", "b/y:1 ||stays", "b/y:2 ||t", "a/z:1 ||stays", "a/z:2 ||t"]
        ),
        "2, 3, new, 4, 1 / gone []"
    );
    assert_eq!(
        answer(&["a:1 ", "a:2 ||s", "b:1 ||s"], &[], &["a:2 ||s", "b:1 ||s", "b:2 "]),
        "2, 3, new / gone [1]"
    );
    assert_eq!(answer(&["a:1 ||"], &[], &["b:1 ||"]), "1 / gone []");
}

#[test]
fn pass_5_reworded_between_the_same_neighbours() {
    let before = ["a:1 ||first thing", "a:2 ||write unit tests", "a:3 ||last thing"];
    assert_eq!(
        answer(&before, &[], &["a:1 ||first thing", "a:2 ||write the unit tests", "a:3 ||last thing"]),
        "1, 2, 3 / gone []"
    );
    assert_eq!(
        answer(&before, &[], &["a:1 ||first thing", "a:2 ||deploy", "a:3 ||last thing"]),
        "1, new, 3 / gone [2]"
    );
    assert_eq!(
        answer(&before, &[], &["a:1 ||write the unit tests", "a:2 ||first thing", "a:3 ||last thing"]),
        "new, 1, 3 / gone [2]"
    );
    // The most similar first.
    assert_eq!(
        answer(&["a:1 ||check the logs"], &[], &["a:1 ||check the locks", "a:2 ||check the log"]),
        "new, 1 / gone []"
    );
}

#[test]
fn pass_6_what_comes_back_gets_its_old_id() {
    assert_eq!(
        answer(
            &["a:1 ||one"],
            &["a:2 T2||two", "a:3 ||three", "a:9 ||three"],
            &["a:1 ||one", "a:2 T2||zwei", "a:5 ||three"]
        ),
        "1, back 2, back 4 / gone []"
    );
    // An open task goes before a closed one, and another file's closed task is another task.
    assert_eq!(
        answer(&["b:1 ||one"], &["a:1 ||one", "c:1 ||x"], &["a:1 ||one", "d:1 ||x"]),
        "1, new / gone []"
    );
}

#[test]
fn kinds_never_pair() {
    let checkbox = seen("a:1 K|S|t|x");
    let comment = Seen { kind: TaskKind::Comment, ..checkbox };
    let known = [
        Known { id: 1, closed: None, seen: checkbox },
        Known { id: 2, closed: Some(1), seen: Seen { title: "u", key: None, ..checkbox } },
    ];
    let answer = reconcile(&known, &[comment, Seen { title: "u", key: None, ..comment }]);
    assert_eq!((answer.decisions, answer.gone), (vec![Decision::New, Decision::New], vec![1]));
}
