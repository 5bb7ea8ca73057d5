//! What three tenants do: steps drawn from a seed, each of which stands for itself.
//!
//! A step says nothing of ids: those follow from what was done before. So any part of a script is a script, and one
//! that fails can be made shorter until only what matters is left.

/// Numbers from a seed (SplitMix64, Steele and others 2014).
#[derive(Clone, Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of so many, from 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// True once in so many.
    pub(super) fn once_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

/// What one tenant does at once.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Saves a scan of one of its repositories.
    Scan { repository: u64, seed: u64 },
    /// Saves one that is based on a state that has moved.
    LateScan { repository: u64, seed: u64 },
    /// Appends commits, some of them known.
    Append { repository: u64, first: u32, count: u32 },
    /// Ends a walk of history.
    Finish { repository: u64, tip: u32, whole: bool },
    /// Puts the cache of touched projects right.
    Rebuild { repository: u64 },
    /// Begins a scan or an append and lets go of it after so many turns.
    CutOff { step: Box<Step>, turns: u64 },
    /// Reads everything.
    Read,
    /// Reads lists by pages of so many.
    Pages { size: usize },
    /// Tries ids that are others' and not its own.
    Trespass { seed: u64 },
}

/// Repositories of a tenant. Their keys are the same for all, as when two connect the same one.
pub(super) const REPOSITORIES: u64 = 4;

/// Commits that are begun with.
const COMMITS: u64 = 20;

/// A script: who does what, in the order in which each does his own.
pub(super) fn script(seed: u64, steps: usize) -> Vec<(usize, Step)> {
    let mut dice = Dice(seed);
    (0..steps).map(|_| (dice.below(3) as usize, step(&mut dice))).collect()
}

fn step(dice: &mut Dice) -> Step {
    let repository = dice.below(REPOSITORIES);
    match dice.below(20) {
        0..6 => Step::Scan { repository, seed: dice.next() },
        6 => Step::LateScan { repository, seed: dice.next() },
        7..11 => append(dice, repository),
        11 => Step::Finish { repository, tip: dice.below(COMMITS) as u32, whole: dice.once_in(2) },
        12 => Step::Rebuild { repository },
        13 | 14 => {
            let step = match dice.below(2) {
                0 => Step::Scan { repository, seed: dice.next() },
                _ => append(dice, repository),
            };
            Step::CutOff { step: Box::new(step), turns: 1 + dice.below(60) }
        }
        15 | 16 => Step::Read,
        17 => Step::Pages { size: 1 + dice.below(40) as usize },
        _ => Step::Trespass { seed: dice.next() },
    }
}

fn append(dice: &mut Dice, repository: u64) -> Step {
    Step::Append { repository, first: dice.below(COMMITS) as u32, count: 1 + dice.below(8) as u32 }
}
