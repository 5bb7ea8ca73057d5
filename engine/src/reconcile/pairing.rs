//! Two sorted lists of tasks and who is paired with whom: the two ways to pair that the passes are made of.

use std::collections::HashMap;
use std::hash::Hash;

use super::Seen;

/// The state of a matching. Both lists are sorted; a pass changes only what is still unpaired.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    pub(super) before: Vec<Seen<'a>>,
    pub(super) now: Vec<Seen<'a>>,
    /// For each of `before`, its partner in `now`.
    pub(super) partner: Vec<Option<usize>>,
    /// For each of `now`, its partner in `before`.
    pub(super) origin: Vec<Option<usize>>,
}

/// The unpaired tasks that share a trait: of `before`, of `now`, each in order.
pub(super) type Group = (Vec<usize>, Vec<usize>);

impl<'a> Pairing<'a> {
    pub(super) fn new(before: Vec<Seen<'a>>, now: Vec<Seen<'a>>) -> Self {
        let (partner, origin) = (vec![None; before.len()], vec![None; now.len()]);
        Self { before, now, partner, origin }
    }

    pub(super) fn pair(&mut self, before: usize, now: usize) {
        debug_assert!(self.partner[before].is_none() && self.origin[now].is_none());
        self.partner[before] = Some(now);
        self.origin[now] = Some(before);
    }

    /// Who is paired, in order of `before`.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.partner.iter().enumerate().filter_map(|(before, now)| Some((before, (*now)?)))
    }

    /// The unpaired of `before`, in order.
    pub(super) fn left_before(&self) -> impl Iterator<Item = usize> {
        self.partner.iter().enumerate().filter(|(_, now)| now.is_none()).map(|(before, _)| before)
    }

    fn left_now(&self) -> impl Iterator<Item = usize> {
        self.origin.iter().enumerate().filter(|(_, before)| before.is_none()).map(|(now, _)| now)
    }

    /// The unpaired by what `trait_of` says of them, those without left out, and groups that lack a side too. The
    /// groups come in no particular order: whoever pairs inside one must not look at another.
    pub(super) fn groups<T: Eq + Hash>(&self, trait_of: impl Fn(&Seen<'a>) -> Option<T>) -> Vec<Group> {
        let mut groups: HashMap<T, Group> = HashMap::new();
        for at in self.left_before() {
            if let Some(shared) = trait_of(&self.before[at]) {
                groups.entry(shared).or_default().0.push(at);
            }
        }
        for at in self.left_now() {
            if let Some(group) = trait_of(&self.now[at]).and_then(|shared| groups.get_mut(&shared)) {
                group.1.push(at);
            }
        }
        groups.into_values().filter(|(_, now)| !now.is_empty()).collect()
    }

    /// Pairs those whose trait no other unpaired task of their side has.
    pub(super) fn pair_unique<T: Eq + Hash>(&mut self, trait_of: impl Fn(&Seen<'a>) -> Option<T>) {
        for (before, now) in self.groups(trait_of) {
            if let ([before], [now]) = (before.as_slice(), now.as_slice()) {
                self.pair(*before, *now);
            }
        }
    }

    /// Pairs those that share a trait, the first with the first and so on.
    pub(super) fn pair_in_order<T: Eq + Hash>(&mut self, trait_of: impl Fn(&Seen<'a>) -> Option<T>) {
        for (before, now) in self.groups(trait_of) {
            for (before, now) in before.into_iter().zip(now) {
                self.pair(before, now);
            }
        }
    }
}
