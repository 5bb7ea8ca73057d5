//! Which task of the last state is which task now: a matching, not a hash.
//!
//! A task has no identifier that survives an edit: texts are reworded, headings rewritten, files moved, and keys repeat.
//! So the tasks of two states are paired, most certain first, and each pass sees only what the former ones left:
//!
//! 1. same path and key, unique on both sides;
//! 2. same path, section and text, unique on both sides;
//! 3. same path and text: by equal surroundings, unique on both sides, then those of equal surroundings in order, then
//!    in order;
//! 4. same key, else same text, in a file that is new while the old one is gone, then anywhere; nearest path first;
//! 5. same path, similar text, between the same neighbours;
//! 6. what is still new, against tasks closed earlier: same path and key, else same path and text, latest closed first.
//!
//! Tasks of different kinds never pair. Nothing but the fields decides, so the answer does not depend on the order in
//! which tasks are given. Time is that of sorting: where a pass could compare everything with everything, it is bounded.

mod nearest;
mod pairing;
mod similar;

use std::collections::HashSet;

use muster_model::{Task, TaskKind};

use pairing::Pairing;

/// A task of one state, as far as identity looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen<'a> {
    /// The file.
    pub path: &'a str,
    /// `Checkbox` or `Comment`.
    pub kind: TaskKind,
    /// The line, which gives the order within the file.
    pub line: u64,
    /// The identifier at its start.
    pub key: Option<&'a str>,
    /// The nearest heading above.
    pub section: Option<&'a str>,
    /// The text.
    pub title: &'a str,
    /// Digest of the nearest non-blank lines around it.
    pub surroundings: &'a str,
}

impl<'a> From<&'a Task> for Seen<'a> {
    fn from(task: &'a Task) -> Self {
        Self {
            path: &task.path,
            line: task.found.line,
            kind: task.found.kind,
            key: task.found.key.as_deref(),
            section: task.found.section.as_deref(),
            title: &task.found.title,
            surroundings: &task.found.surroundings,
        }
    }
}

/// A task that the store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its id; no two are equal.
    pub id: i64,
    /// When it was closed, in any unit that grows with time; `None` where it was there in the last state.
    pub closed: Option<i64>,
    /// What it was when it was last seen.
    pub seen: Seen<'a>,
}

/// What becomes of a task of the new state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It was there in the last state, under this id.
    Kept(i64),
    /// It had been closed, under this id.
    Back(i64),
    /// It was never seen.
    New,
}

/// The answer of `reconcile`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// One for each task of the new state, in the order given.
    pub decisions: Vec<Decision>,
    /// The ids of open tasks that are no longer there, ascending.
    pub gone: Vec<i64>,
}

/// Pairs the tasks of the last state, and those closed earlier, with the tasks of the new one.
///
/// Each id is answered once at most: kept, back or gone; of closed ones those that do not come back are left out.
pub fn reconcile(before: &[Known<'_>], now: &[Seen<'_>]) -> Reconciled {
    let mut open: Vec<&Known<'_>> = before.iter().filter(|known| known.closed.is_none()).collect();
    open.sort_unstable_by_key(|known| (known.seen, known.id));
    let mut order: Vec<usize> = (0..now.len()).collect();
    order.sort_unstable_by_key(|&at| (now[at], at));

    let mut pairing =
        Pairing::new(open.iter().map(|k| k.seen).collect(), order.iter().map(|&at| now[at]).collect());
    pair_within_files(&mut pairing);
    pair_across_files(&mut pairing);
    similar::pair(&mut pairing);

    let mut decisions = vec![Decision::New; now.len()];
    for (before, now) in pairing.pairs() {
        decisions[order[now]] = Decision::Kept(open[before].id);
    }
    let mut gone: Vec<i64> = pairing.left_before().map(|at| open[at].id).collect();
    gone.sort_unstable();
    bring_back(before, now, &order, &mut decisions);
    Reconciled { decisions, gone }
}

/// Passes 1 to 3.
fn pair_within_files(pairing: &mut Pairing<'_>) {
    pairing.pair_unique(|task| Some((task.kind, task.path, task.key?)));
    pairing.pair_unique(|task| Some((task.kind, task.path, task.section, task.title)));
    pairing.pair_unique(|task| Some((task.kind, task.path, task.title, task.surroundings)));
    pairing.pair_in_order(|task| Some((task.kind, task.path, task.title, task.surroundings)));
    pairing.pair_in_order(|task| Some((task.kind, task.path, task.title)));
}

/// Pass 4. A file is gone, or new, when it holds no task of the other state. An empty text (a bare `TODO`) says too
/// little to be looked for elsewhere; it moves with its file only.
fn pair_across_files(pairing: &mut Pairing<'_>) {
    let old: HashSet<&str> = pairing.before.iter().map(|task| task.path).collect();
    let new: HashSet<&str> = pairing.now.iter().map(|task| task.path).collect();
    let moved = |task: &Seen<'_>| old.contains(task.path) != new.contains(task.path);

    nearest::pair(pairing, |task| moved(task).then_some((task.kind, task.key?, "")));
    nearest::pair(pairing, |task| moved(task).then_some((task.kind, task.title, task.surroundings)));
    nearest::pair(pairing, |task| moved(task).then_some((task.kind, task.title, "")));
    nearest::pair(pairing, |task| Some((task.kind, task.key?, "")));
    nearest::pair(pairing, |task| (!task.title.is_empty()).then_some((task.kind, task.title, "")));
}

/// Pass 6.
fn bring_back(before: &[Known<'_>], now: &[Seen<'_>], order: &[usize], decisions: &mut [Decision]) {
    let mut closed: Vec<&Known<'_>> = before.iter().filter(|known| known.closed.is_some()).collect();
    closed.sort_unstable_by_key(|known| (std::cmp::Reverse(known.closed), known.seen, known.id));
    let new: Vec<usize> = order.iter().copied().filter(|&at| decisions[at] == Decision::New).collect();

    let mut pairing =
        Pairing::new(closed.iter().map(|k| k.seen).collect(), new.iter().map(|&at| now[at]).collect());
    pairing.pair_in_order(|task| Some((task.kind, task.path, task.key?)));
    pairing.pair_in_order(|task| Some((task.kind, task.path, task.title)));
    for (before, now) in pairing.pairs() {
        decisions[new[now]] = Decision::Back(closed[before].id);
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
