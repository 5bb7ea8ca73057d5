//! Which of the candidates to start: pure, so that the rules of fairness can be read and tested here.
//!
//! Priority first. Within one, turns go round: the first job of each turn, then the second of each. What one turn may
//! run, what may run under one serial key and how many long and lost jobs there may be are upper bounds, so any part of
//! an answer holds to them too: who comes second picks more than he needs and starts those that are left.

use std::collections::{HashMap, HashSet};

/// A job that may start, and whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) priority: i64,
    /// The place of its turn in the round.
    pub(super) place: i64,
    pub(super) turn: String,
    /// How many of the turn are running.
    pub(super) running: i64,
    pub(super) run_at: i64,
    pub(super) serial_key: Option<String>,
    pub(super) long: bool,
    pub(super) lost: bool,
}

/// Bounds of one pick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) most: usize,
    pub(super) per_turn: i64,
    pub(super) long: usize,
    pub(super) lost: usize,
}

/// The ids to start, most urgent first.
pub(super) fn pick(mut candidates: Vec<Candidate>, bounds: Bounds) -> Vec<i64> {
    candidates.sort_by_key(|job| (job.priority, job.place, job.run_at, job.id));
    let mut rounds = HashMap::new();
    let mut ordered: Vec<(i64, usize, Candidate)> = Vec::with_capacity(candidates.len());
    for job in candidates {
        let round: &mut usize = rounds.entry((job.priority, job.turn.clone())).or_default();
        *round += 1;
        ordered.push((job.priority, *round, job));
    }
    // Stable: within a round the order of turns stays.
    ordered.sort_by_key(|(priority, round, job)| (*priority, *round, job.place));

    let mut picked = Vec::new();
    let mut keys = HashSet::new();
    let mut running: HashMap<String, i64> = HashMap::new();
    let (mut long, mut lost) = (0, 0);
    for (_, _, job) in ordered {
        if picked.len() == bounds.most {
            break;
        }
        let of_turn = running.entry(job.turn.clone()).or_insert(job.running);
        let full = *of_turn >= bounds.per_turn
            || (job.long && long == bounds.long)
            || (job.lost && lost == bounds.lost);
        if full || job.serial_key.is_some_and(|key| !keys.insert((job.turn, key))) {
            continue;
        }
        *of_turn += 1;
        long += usize::from(job.long);
        lost += usize::from(job.lost);
        picked.push(job.id);
    }
    picked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn job(id: i64, turn: &str) -> Candidate {
        let turn = turn.to_owned();
        let place = i64::from(turn.as_bytes()[0]);
        Candidate {
            id,
            priority: 0,
            place,
            turn,
            running: 0,
            run_at: id,
            serial_key: None,
            long: false,
            lost: false,
        }
    }

    const BOUNDS: Bounds = Bounds { most: 4, per_turn: 3, long: 1, lost: 1 };

    #[test]
    fn turns_go_round() {
        let jobs = [job(1, "a"), job(2, "a"), job(3, "a"), job(4, "b"), job(5, "c"), job(6, "c")];
        assert_eq!(pick(jobs.to_vec(), BOUNDS), [1, 4, 5, 2]);
        assert_eq!(pick(jobs[..3].to_vec(), Bounds { per_turn: 2, ..BOUNDS }), [1, 2]);
    }

    #[test]
    fn priority_goes_before_turns_and_keys_before_both() {
        let later = |id, turn| Candidate { priority: 10, ..job(id, turn) };
        let keyed = |id, turn| Candidate { serial_key: Some("k".into()), ..job(id, turn) };
        assert_eq!(pick(vec![later(1, "a"), job(2, "b"), job(3, "b")], BOUNDS), [2, 3, 1]);
        assert_eq!(pick(vec![keyed(1, "a"), keyed(2, "a"), keyed(3, "b")], BOUNDS), [1, 3]);
    }

    #[test]
    fn long_and_lost_ones_have_slots_of_their_own() {
        let long = |id| Candidate { long: true, ..job(id, "a") };
        let lost = |id| Candidate { lost: true, ..job(id, "b") };
        assert_eq!(pick(vec![long(1), long(2), lost(3), lost(4), job(5, "c")], BOUNDS), [1, 3, 5]);
        assert_eq!(pick(vec![long(1), lost(3)], Bounds { long: 0, lost: 0, ..BOUNDS }), [0_i64; 0]);
    }

    proptest! {
        #[test]
        fn every_bound_holds(
            jobs in prop::collection::vec((0..3_i64, 0..4_u8, 0..3_i64, any::<bool>(), any::<bool>(), 0..3_u8), 0..40),
            most in 0..10_usize, per_turn in 0..4_i64, long in 0..3_usize, lost in 0..2_usize,
        ) {
            let running = [0, 1, 2, 3];
            let jobs: Vec<Candidate> = jobs.into_iter().enumerate().map(|(id, (priority, turn, run_at, long, lost, key))| {
                Candidate {
                    id: id as i64, priority, place: i64::from(turn), turn: turn.to_string(),
                    running: running[usize::from(turn)], run_at,
                    serial_key: (key > 0).then(|| key.to_string()), long, lost,
                }
            }).collect();
            let picked = pick(jobs.clone(), Bounds { most, per_turn, long, lost });
            let picked: Vec<&Candidate> = picked.iter().map(|id| &jobs[*id as usize]).collect();
            prop_assert!(picked.len() <= most);
            prop_assert!(picked.iter().filter(|job| job.long).count() <= long);
            prop_assert!(picked.iter().filter(|job| job.lost).count() <= lost);
            for turn in 0..4_u8 {
                let of_turn = picked.iter().filter(|job| job.turn == turn.to_string()).count() as i64;
                prop_assert!(of_turn == 0 || of_turn + running[usize::from(turn)] <= per_turn);
            }
            let keys: Vec<_> = picked.iter().filter_map(|job| Some((&job.turn, job.serial_key.as_ref()?))).collect();
            prop_assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
            prop_assert!(picked.windows(2).all(|pair| pair[0].priority <= pair[1].priority));
        }
    }
}
