//! Pass 5: a task that was reworded, known by its neighbours.
//!
//! Two texts are as similar as Dice says of their pairs of adjacent characters: twice the shared pairs through all pairs,
//! from 0 to 1. Letter case and everything but letters and digits is ignored. Pairs of characters and not of words,
//! because task texts are short: one word of three changed must not make another task of it.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Seen;
use super::pairing::{Group, Pairing};

/// From here on two texts are the same task reworded.
const SIMILAR: f64 = 0.6;

/// Characters of a text that are looked at.
const MAX_CHARS: usize = 256;

/// Up to here everything between two neighbours is compared with everything.
const MAX_ALL: usize = 32;

/// In longer stretches a task is compared with those up to this many places away.
const REACH: usize = 8;

/// Pairs unpaired tasks of a file that stand between the same paired tasks (or the file's ends) and read alike, the
/// most similar first.
pub(super) fn pair(pairing: &mut Pairing<'_>) {
    for (before, now) in stretches(pairing) {
        pair_stretch(pairing, &before, &now);
    }
}

/// The unpaired tasks by what they stand between. A neighbour counts where both its states are in the same file.
fn stretches(pairing: &Pairing<'_>) -> Vec<Group> {
    let stays = |before: usize, now: usize| pairing.before[before].path == pairing.now[now].path;
    let before = between(&pairing.before, |at| pairing.partner[at].filter(|&now| stays(at, now)));
    let now = between(&pairing.now, |at| pairing.origin[at].filter(|&before| stays(before, at)).map(|_| at));

    let mut groups: HashMap<_, Group> = HashMap::new();
    for at in (0..before.len()).filter(|&at| pairing.partner[at].is_none()) {
        let task = &pairing.before[at];
        groups.entry((task.path, task.kind, before[at])).or_default().0.push(at);
    }
    for at in (0..now.len()).filter(|&at| pairing.origin[at].is_none()) {
        let task = &pairing.now[at];
        if let Some(group) = groups.get_mut(&(task.path, task.kind, now[at])) {
            group.1.push(at);
        }
    }
    groups.into_values().filter(|(_, now)| !now.is_empty()).collect()
}

/// For each task the nearest staying ones above and below it in its file, as `stays` names them.
fn between(
    tasks: &[Seen<'_>],
    stays: impl Fn(usize) -> Option<usize>,
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut found = vec![(None, None); tasks.len()];
    let same_list = |a: usize, b: usize| (tasks[a].path, tasks[a].kind) == (tasks[b].path, tasks[b].kind);
    for at in 1..tasks.len() {
        if same_list(at - 1, at) {
            found[at].0 = stays(at - 1).or(found[at - 1].0);
        }
    }
    for at in (1..tasks.len()).rev() {
        if same_list(at - 1, at) {
            found[at - 1].1 = stays(at).or(found[at].1);
        }
    }
    found
}

fn pair_stretch(pairing: &mut Pairing<'_>, before: &[usize], now: &[usize]) {
    let reach = if before.len().max(now.len()) <= MAX_ALL { MAX_ALL } else { REACH };
    let old: Vec<Vec<u64>> = before.iter().map(|&at| pairs_of(pairing.before[at].title)).collect();
    let new: Vec<Vec<u64>> = now.iter().map(|&at| pairs_of(pairing.now[at].title)).collect();
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (b, old) in old.iter().enumerate() {
        let near = b.saturating_sub(reach)..(b + reach + 1).min(new.len());
        for n in near {
            let alike = similarity(old, &new[n]);
            if alike >= SIMILAR {
                candidates.push((alike, b, n));
            }
        }
    }
    candidates.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    for (_, b, n) in candidates {
        if pairing.partner[before[b]].is_none() && pairing.origin[now[n]].is_none() {
            pairing.pair(before[b], now[n]);
        }
    }
}

/// The pairs of adjacent characters, sorted; the text's ends count as a character.
fn pairs_of(text: &str) -> Vec<u64> {
    let mut pairs = Vec::new();
    let mut last = ' ';
    for c in text.chars().take(MAX_CHARS).flat_map(char::to_lowercase).chain([' ']) {
        let c = if c.is_alphanumeric() { c } else { ' ' };
        if (last, c) != (' ', ' ') {
            pairs.push(u64::from(u32::from(last)) << 32 | u64::from(u32::from(c)));
        }
        last = c;
    }
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient of two sorted lists; 0 where either is empty, or so short that it could not reach `SIMILAR`.
fn similarity(a: &[u64], b: &[u64]) -> f64 {
    if ((2 * a.len().min(b.len())) as f64) < SIMILAR * (a.len() + b.len()) as f64 {
        return 0.0;
    }
    let (mut at_a, mut at_b, mut shared) = (0, 0, 0u32);
    while let (Some(x), Some(y)) = (a.get(at_a), b.get(at_b)) {
        match x.cmp(y) {
            Ordering::Less => at_a += 1,
            Ordering::Greater => at_b += 1,
            Ordering::Equal => {
                shared += 1;
                at_a += 1;
                at_b += 1;
            }
        }
    }
    if shared == 0 { 0.0 } else { f64::from(2 * shared) / (a.len() + b.len()) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_similar() {
        let alike = |a: &str, b: &str| similarity(&pairs_of(a), &pairs_of(b));
        assert_eq!(alike("Set up the database", "set up: the database!"), 1.0);
        assert!(alike("Set up the database", "Set up database") > 0.8);
        assert!(alike("Write unit tests", "Write the unit tests (80%)") >= SIMILAR);
        assert!(alike("Write unit tests", "Deploy to production") < SIMILAR);
        assert_eq!((alike("", ""), alike("a", ""), alike("?", "!")), (0.0, 0.0, 0.0));
        assert_eq!(alike("a", "a"), 1.0);
    }
}
