//! What was refused of hooks that exist, counted: a secret that differs is the usual mistake, and its owner sees only 401.
//!
//! In memory, for a refusal writes nothing: whoever sends rubbish to a hook must not make the database work. Now and then
//! somebody takes the counts and does with them what he likes. What is refused for its headers alone is counted before
//! anybody knows whether there is such a hook, so there is room for fewer: each costs a look-up when the counts are taken.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use muster_store::Timestamp;

/// So many hooks are counted at once; what others get refused is not.
const HOOKS: usize = 10_000;
/// So many that nobody has looked up yet.
const NOT_LOOKED_UP: usize = 256;

/// What was refused of one hook since the counts were taken last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRefusals {
    /// `app`, or the hook key.
    pub hook: String,
    /// The last reason: see [`Refusal::code`](crate::verify::Refusal::code), and `signature_missing` and
    /// `signature_malformed` for what the sender is told as `signature_refused`.
    pub code: &'static str,
    /// How many, for whatever reason.
    pub count: u64,
    /// When the last one came.
    pub last_at: Timestamp,
}

/// The counts.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    known: Counts,
    not_looked_up: Counts,
}

impl Refusals {
    /// Counts one of a hook that exists.
    pub(super) fn note(&self, hook: &str, code: &'static str, at: Timestamp) {
        self.known.add(HookRefusals { hook: hook.to_owned(), code, count: 1, last_at: at }, HOOKS);
    }

    /// Counts one of a hook that may exist.
    pub(super) fn note_unknown(&self, hook: &str, code: &'static str, at: Timestamp) {
        let one = HookRefusals { hook: hook.to_owned(), code, count: 1, last_at: at };
        self.not_looked_up.add(one, NOT_LOOKED_UP);
    }

    /// Counts those of a hook that was found to exist.
    pub(super) fn add(&self, refusals: HookRefusals) {
        self.known.add(refusals, HOOKS);
    }

    /// The counts, by hook; from here on they begin anew.
    pub(super) fn take(&self) -> Vec<HookRefusals> {
        self.known.take()
    }

    /// The same of hooks that may exist.
    pub(super) fn take_unknown(&self) -> Vec<HookRefusals> {
        self.not_looked_up.take()
    }
}

#[derive(Debug, Default)]
struct Counts(Mutex<HashMap<String, HookRefusals>>);

impl Counts {
    fn add(&self, more: HookRefusals, most: usize) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = counts.get_mut(&more.hook) {
            known.count += more.count;
            if more.last_at >= known.last_at {
                (known.code, known.last_at) = (more.code, more.last_at);
            }
        } else if counts.len() < most {
            counts.insert(more.hook.clone(), more);
        }
    }

    fn take(&self) -> Vec<HookRefusals> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut taken: Vec<_> = taken.into_values().collect();
        taken.sort_by(|one, other| one.hook.cmp(&other.hook));
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Refusal;

    #[test]
    fn counted_by_hook_and_taken_once() {
        let refusals = Refusals::default();
        for (hook, refusal, at) in
            [("b", Refusal::Unauthorized, 1), ("a", Refusal::Event, 2), ("b", Refusal::Delivery, 3)]
        {
            refusals.note(hook, refusal.code(), Timestamp(at));
        }
        refusals.note_unknown("a", "signature_missing", Timestamp(1));
        refusals.note_unknown("c", "signature_missing", Timestamp(1));
        let unknown = refusals.take_unknown();
        assert_eq!((unknown.len(), refusals.take_unknown()), (2, vec![]));
        unknown.into_iter().for_each(|one| refusals.add(one));
        let taken = refusals.take();
        let seen: Vec<_> =
            taken.iter().map(|one| (&one.hook[..], one.code, one.count, one.last_at.0)).collect();
        assert_eq!(
            seen,
            [
                ("a", "event_header_refused", 2, 2),
                ("b", "delivery_header_refused", 2, 3),
                ("c", "signature_missing", 1, 1)
            ]
        );
        assert_eq!(refusals.take(), []);
        for n in 0..HOOKS + 5 {
            refusals.note(&n.to_string(), "x", Timestamp(0));
            refusals.note_unknown(&n.to_string(), "x", Timestamp(0));
        }
        assert_eq!((refusals.take().len(), refusals.take_unknown().len()), (HOOKS, NOT_LOOKED_UP));
    }
}
