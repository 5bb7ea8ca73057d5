//! Pairs tasks of different files, nearest path first.
//!
//! Two paths are the nearer the more leading directories they share; of equally near ones the same file name, whatever
//! its case, goes first, then order. Comparing every path with every other is not needed: the unpaired are grouped by
//! their first n directories, for n falling to none, and paired within the groups.

use std::collections::HashMap;
use std::hash::Hash;

use muster_model::file_name;

use super::Seen;
use super::pairing::{Group, Pairing};

/// Shared directories beyond this number make no path nearer.
const MAX_SHARED: usize = 16;

/// Pairs unpaired tasks that share a trait.
pub(super) fn pair<'a, T: Eq + Hash>(pairing: &mut Pairing<'a>, trait_of: impl Fn(&Seen<'a>) -> Option<T>) {
    for group in pairing.groups(trait_of) {
        pair_group(pairing, group);
    }
}

fn pair_group(pairing: &mut Pairing<'_>, (mut before, mut now): Group) {
    if let ([before], [now]) = (before.as_slice(), now.as_slice()) {
        pairing.pair(*before, *now);
        return;
    }
    sweep(pairing, &mut before, &mut now, |path| Some((path, String::new())));
    let deepest = |side: &[usize], tasks: &[Seen<'_>]| {
        side.iter().map(|&at| tasks[at].path.matches('/').count()).max().unwrap_or_default()
    };
    let most = deepest(&before, &pairing.before).min(deepest(&now, &pairing.now)).min(MAX_SHARED);
    for shared in (0..=most).rev() {
        sweep(pairing, &mut before, &mut now, |path| {
            Some((leading(path, shared)?, file_name(path).to_lowercase()))
        });
        sweep(pairing, &mut before, &mut now, |path| Some((leading(path, shared)?, String::new())));
    }
}

/// Pairs in order those whose paths have the same mark, and leaves the others in the two lists.
fn sweep<'a, T: Eq + Hash>(
    pairing: &mut Pairing<'a>,
    before: &mut Vec<usize>,
    now: &mut Vec<usize>,
    mark: impl Fn(&'a str) -> Option<T>,
) {
    if before.is_empty() || now.is_empty() {
        return;
    }
    let mut groups: HashMap<T, Group> = HashMap::new();
    for &at in before.iter() {
        if let Some(mark) = mark(pairing.before[at].path) {
            groups.entry(mark).or_default().0.push(at);
        }
    }
    for &at in now.iter() {
        if let Some(group) = mark(pairing.now[at].path).and_then(|mark| groups.get_mut(&mark)) {
            group.1.push(at);
        }
    }
    for (before, now) in groups.into_values() {
        for (before, now) in before.into_iter().zip(now) {
            pairing.pair(before, now);
        }
    }
    before.retain(|&at| pairing.partner[at].is_none());
    now.retain(|&at| pairing.origin[at].is_none());
}

/// The first `count` directories of a path; `None` where it has fewer.
fn leading(path: &str, count: usize) -> Option<&str> {
    if count == 0 {
        return Some("");
    }
    path.match_indices('/').nth(count - 1).map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_directories() {
        assert_eq!(leading("a/b/c.md", 0), Some(""));
        assert_eq!(leading("a/b/c.md", 1), Some("a"));
        assert_eq!(leading("a/b/c.md", 2), Some("a/b"));
        assert_eq!(leading("a/b/c.md", 3), None);
    }
}
