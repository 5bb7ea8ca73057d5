//! What holds for every two states.

use std::collections::HashSet;

use muster_model::TaskKind;
use proptest::prelude::*;

use super::{Decision, Known, Reconciled, Seen, reconcile};

/// A task with its own texts, drawn from few words so that everything repeats.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    path: String,
    kind: TaskKind,
    line: u64,
    key: Option<String>,
    section: Option<String>,
    title: String,
    surroundings: String,
}

impl Drawn {
    fn seen(&self) -> Seen<'_> {
        Seen {
            path: &self.path,
            kind: self.kind,
            line: self.line,
            key: self.key.as_deref(),
            section: self.section.as_deref(),
            title: &self.title,
            surroundings: &self.surroundings,
        }
    }
}

prop_compose! {
    fn drawn()(
        path in "(a/|b/|a/b/)?(x|y|X)",
        comment in proptest::bool::weighted(0.2),
        line in 1u64..40,
        key in proptest::option::weighted(0.3, "T[1-4]"),
        section in proptest::option::of("[ST]"),
        title in "(write |test |the |unit ){0,3}",
        surroundings in "[a-c]",
    ) -> Drawn {
        let kind = if comment { TaskKind::Comment } else { TaskKind::Checkbox };
        Drawn { path, kind, line, key, section, title, surroundings }
    }
}

/// A state: no two tasks of it are on one line of one file.
fn state() -> impl Strategy<Value = Vec<Drawn>> {
    proptest::collection::vec(drawn(), 0..30).prop_map(|mut tasks| {
        let mut places = HashSet::new();
        tasks.retain(|task| places.insert((task.path.clone(), task.line)));
        tasks
    })
}

/// Ids from 1, in the order given; every `nth` is closed.
fn known(tasks: &[Drawn], nth: usize) -> Vec<Known<'_>> {
    let closed = |at: usize| (nth > 0 && at.is_multiple_of(nth)).then_some(at as i64);
    let with_id = tasks.iter().zip(1..);
    with_id.map(|(task, id)| Known { id, closed: closed(id as usize - 1), seen: task.seen() }).collect()
}

fn now(tasks: &[Drawn]) -> Vec<Seen<'_>> {
    tasks.iter().map(Drawn::seen).collect()
}

fn all_kept(count: usize) -> Reconciled {
    Reconciled { decisions: (1..=count as i64).map(Decision::Kept).collect(), gone: Vec::new() }
}

proptest! {
    #[test]
    fn unchanged_input_keeps_everything(tasks in state()) {
        prop_assert_eq!(reconcile(&known(&tasks, 0), &now(&tasks)), all_kept(tasks.len()));
    }

    #[test]
    fn every_task_is_answered_once(before in state(), after in state(), nth in 0usize..5) {
        let known = known(&before, nth);
        let answer = reconcile(&known, &now(&after));
        prop_assert_eq!(answer.decisions.len(), after.len());

        let mut used = HashSet::new();
        for (decision, task) in answer.decisions.iter().zip(&after) {
            let (id, closed) = match *decision {
                Decision::Kept(id) => (id, false),
                Decision::Back(id) => (id, true),
                Decision::New => continue,
            };
            let was = &known[id as usize - 1];
            prop_assert!(used.insert(id));
            prop_assert_eq!(was.closed.is_some(), closed);
            prop_assert_eq!(was.seen.kind, task.kind);
        }
        let kept = answer.decisions.iter().filter(|d| matches!(d, Decision::Kept(_))).count();
        let open: Vec<_> = known.iter().filter(|known| known.closed.is_none()).collect();
        prop_assert_eq!(kept + answer.gone.len(), open.len());
        prop_assert!(answer.gone.iter().all(|id| used.insert(*id) && known[*id as usize - 1].closed.is_none()));
        prop_assert!(answer.gone.is_sorted());
    }

    #[test]
    fn the_order_given_does_not_matter(before in state(), after in state(), nth in 0usize..5, by in any::<u64>()) {
        let known = known(&before, nth);
        let straight = reconcile(&known, &now(&after));
        let shuffled = |count: usize, salt: u64| {
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by_key(|&at| (at as u64 ^ salt).wrapping_mul(by | 1));
            order
        };
        let mixed: Vec<Known<'_>> = shuffled(known.len(), 3).into_iter().map(|at| known[at]).collect();
        let order = shuffled(after.len(), 5);
        let mixed_now: Vec<Seen<'_>> = order.iter().map(|&at| after[at].seen()).collect();
        let answer = reconcile(&mixed, &mixed_now);
        prop_assert_eq!(answer.gone, straight.gone);
        for (place, &at) in order.iter().enumerate() {
            prop_assert_eq!(answer.decisions[place], straight.decisions[at]);
        }
    }

    #[test]
    fn a_file_that_moves_keeps_its_tasks(tasks in state(), to in "(a/|docs/project-management/)?[mM]") {
        let mut moved = tasks.clone();
        let from = tasks.first().map_or("", |task| task.path.as_str());
        for task in moved.iter_mut().filter(|task| task.path == from) {
            task.path.clone_from(&to);
        }
        prop_assert_eq!(reconcile(&known(&tasks, 0), &now(&moved)), all_kept(tasks.len()));
    }

    #[test]
    fn lines_put_above_and_rewritten_headings_keep_everything(tasks in state(), by in 1u64..99) {
        let mut moved = tasks.clone();
        for task in &mut moved {
            task.line += by;
            task.section = task.section.as_ref().map(|section| format!("{section} (done)"));
        }
        prop_assert_eq!(reconcile(&known(&tasks, 0), &now(&moved)), all_kept(tasks.len()));
    }

    #[test]
    fn of_equal_tasks_between_different_lines_the_one_removed_is_gone(removed in 0usize..50, line in 1u64..9) {
        let task = |at: usize| Drawn {
            path: "src/a.rs".into(), kind: TaskKind::Comment, line: at as u64 * line + 1, key: None, section: None,
            title: "tidy up".into(), surroundings: format!("{at}"),
        };
        let tasks: Vec<Drawn> = (0..50).map(task).collect();
        let mut left = tasks.clone();
        left.remove(removed);
        for task in &mut left[removed..] {
            task.line -= 1;
        }
        let answer = reconcile(&known(&tasks, 0), &now(&left));
        prop_assert_eq!(answer.gone, [removed as i64 + 1]);
        prop_assert!(answer.decisions.iter().all(|decision| matches!(decision, Decision::Kept(_))));
    }

    #[test]
    fn where_the_lines_around_are_equal_order_decides(count in 1usize..20, left in 0usize..20) {
        let task = |at: usize| Drawn {
            path: "a".into(), kind: TaskKind::Comment, line: at as u64 + 1, key: None, section: None,
            title: "tidy up".into(), surroundings: "same".into(),
        };
        let tasks: Vec<Drawn> = (0..count).map(task).collect();
        let left = left.min(count);
        let answer = reconcile(&known(&tasks, 0), &now(&tasks[..left]));
        prop_assert_eq!(answer.decisions, all_kept(left).decisions);
        prop_assert_eq!(answer.gone, (left as i64 + 1..=count as i64).collect::<Vec<_>>());
    }

    #[test]
    fn a_slight_edit_keeps_the_id(count in 1usize..20, edited in 0usize..20, word in "[a-z]{1,4}") {
        let task = |at: usize| Drawn {
            path: "TASKLIST.md".into(), kind: TaskKind::Checkbox, line: at as u64 + 1, key: None,
            section: Some("S".into()), title: format!("Write the chapter about {}", at * 7919),
            surroundings: format!("{at}"),
        };
        let tasks: Vec<Drawn> = (0..count).map(task).collect();
        let mut after = tasks.clone();
        let edited = edited.min(count - 1);
        after[edited].title.push_str(&format!(" {word}"));
        after[edited].surroundings = "other".into();
        prop_assert_eq!(reconcile(&known(&tasks, 0), &now(&after)), all_kept(count));
    }

    #[test]
    fn what_comes_back_gets_its_old_id(tasks in state(), gap in 1usize..4) {
        let tasks: Vec<Drawn> = tasks.into_iter().enumerate()
            .map(|(at, task)| Drawn { title: format!("{at} {}", "zq".repeat(at)), key: None, ..task }).collect();
        let (out, stay): (Vec<_>, Vec<_>) = known(&tasks, 0).into_iter().partition(|known| (known.id as usize).is_multiple_of(gap + 1));
        let without: Vec<Seen<'_>> = stay.iter().map(|known| known.seen).collect();
        let answer = reconcile(&known(&tasks, 0), &without);
        prop_assert_eq!(&answer.gone, &out.iter().map(|known| known.id).collect::<Vec<_>>());

        let mut then = stay;
        then.extend(out.iter().map(|known| Known { closed: Some(7), ..*known }));
        let answer = reconcile(&then, &now(&tasks));
        for (at, decision) in answer.decisions.iter().enumerate() {
            let id = at as i64 + 1;
            let back = (id as usize).is_multiple_of(gap + 1);
            prop_assert_eq!(*decision, if back { Decision::Back(id) } else { Decision::Kept(id) });
        }
    }
}

/// Inputs on which comparing everything with everything would take minutes.
#[test]
fn many_equal_or_rewritten_tasks_are_no_matter() {
    let count = 20_000;
    let task = |at: usize, path: &str, title: &str| Drawn {
        path: path.replace('#', &at.to_string()),
        kind: TaskKind::Checkbox,
        line: at as u64,
        key: None,
        section: None,
        title: title.replace('#', &format!("{:x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
        surroundings: String::new(),
    };
    let cases = [
        ("a", "equal", "a", "equal", count, count),
        ("a", "equal", "a", "equal", count / 2, count / 2),
        ("a", "old #", "a", "new words #", count, 0),
        ("old/#/x", "equal", "new/#/x", "equal", count, count),
        ("old/x#", "equal", "old/y#", "equal", count, count),
        ("a", "equal", "a", "other", count, 0),
    ];
    for (old_path, old, new_path, new, after, kept) in cases {
        let before: Vec<Drawn> = (0..count).map(|at| task(at, old_path, old)).collect();
        let after: Vec<Drawn> = (0..after).map(|at| task(at, new_path, new)).collect();
        let answer = reconcile(&known(&before, 0), &now(&after));
        let found = answer.decisions.iter().filter(|decision| matches!(decision, Decision::Kept(_))).count();
        assert!(kept == 0 || found == kept, "{old_path} {new_path}: {found}");
        assert_eq!(answer.gone.len(), count - found);
    }
}
