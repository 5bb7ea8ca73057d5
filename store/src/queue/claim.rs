//! The claim: takes the next jobs and a lease on each.
//!
//! It hops from turn to turn through an index, so it costs the same however many jobs wait behind the first ones, and a
//! tenant with 100,000 of them does not delay one with a single job. Three steps: whose turn it is, what those turns could
//! start, and which of that is to start ([`pick`]); the last one takes the rows, skipping what another process takes now.

use std::sync::PoisonError;

use super::pick::{Bounds, Candidate, pick};
use super::{ClaimedJob, JobRecord, Queue};
use crate::database::{Row, Rows, Statement, Transaction, statement};
use crate::words::column;
use crate::{StoreError, Timestamp};

const TURNS: Statement = statement!("jobs/turns");
const CANDIDATES: Statement = statement!(both "jobs/candidates");
const CLAIM_KEYS: Statement = statement!("jobs/claim_keys");
const CLAIM: Statement = statement!(both "jobs/claim");

/// Turns that are looked at beyond those that could fill the slots: some may turn out to be unable to start anything.
const SPARE_TURNS: usize = 16;
/// The most candidates of one turn.
const DEEPEST: usize = 64;
/// How often a claim is tried again when another process got one of its serial keys first.
const TRIES: usize = 3;

/// What a process may hold beside the number of its free slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// How many jobs of one tenant may run at once, over all processes.
    pub per_tenant: usize,
    /// How many more long jobs this process may take: all its slots but one, less those that it holds.
    pub long: usize,
    /// How many more jobs that were lost before it may take: one, less what it holds. One of them may be what kills.
    pub lost: usize,
}

/// A turn that may have something to start.
struct Turn {
    step: i64,
    priority: i64,
    turn: String,
    class: i64,
    running: i64,
    is_open: bool,
}

impl Queue {
    /// Takes up to `slots` jobs that may start now, each with a lease until `until`. An attempt is counted.
    ///
    /// Fewer than `slots` does not mean that there are no more: ask again until there are none.
    pub async fn claim(
        &self,
        owner: &str,
        slots: usize,
        now: Timestamp,
        until: Timestamp,
        caps: Caps,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        if slots == 0 {
            return Ok(Vec::new());
        }
        for _ in 0..TRIES {
            match self.try_claim(owner, slots, now, until, caps).await {
                Err(StoreError::AlreadyThere) => {}
                answer => return answer,
            }
        }
        Ok(Vec::new())
    }

    async fn try_claim(
        &self,
        owner: &str,
        slots: usize,
        now: Timestamp,
        until: Timestamp,
        caps: Caps,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let mut transaction = self.write().await?;
        let candidates = self.candidates(&mut transaction, slots, now, caps).await?;
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        // Another process may be taking the first ones at this moment: there are others to take in their place.
        let (per_turn, most) = (column(caps.per_tenant), slots * 4);
        let picked = pick(candidates, Bounds { most, per_turn, long: caps.long, lost: caps.lost });
        let query = transaction.statement(CLAIM).bind(owner).bind(now.0).bind(until.0).bind(column(slots));
        let rows = transaction.fetch_all(query.bind(&picked[..])).await?;
        transaction.commit().await?;
        let mut claimed = rows.iter().map(claimed).collect::<Result<Vec<_>, _>>()?;
        claimed.sort_by_key(|claimed| picked.iter().position(|id| *id == claimed.job.id.0));
        self.pass_on(&claimed);
        Ok(claimed)
    }

    /// What could start.
    async fn candidates(
        &self,
        transaction: &mut Transaction,
        slots: usize,
        now: Timestamp,
        caps: Caps,
    ) -> Result<Vec<Candidate>, StoreError> {
        let last_turn = self.last_turn.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (long, lost) = (caps.long > 0, caps.lost > 0);
        let query = transaction.statement(TURNS).bind(now.0).bind(last_turn.as_str()).bind(long).bind(lost);
        let query = query.bind(column(caps.per_tenant)).bind(column(slots + SPARE_TURNS));
        let turns = transaction.fetch_all(query).await?;
        let turns = turns.iter().map(Turn::from_row).collect::<Result<Vec<_>, _>>()?;
        let (open, jammed): (Vec<_>, Vec<_>) = turns.into_iter().partition(|turn| turn.is_open);

        let mut candidates = Vec::new();
        if !open.is_empty() {
            let deep = (2 * slots.div_ceil(open.len()) + 2).min(DEEPEST);
            let rows =
                Rows::of(&open).int(|turn| turn.priority).text(|turn| &turn.turn).int(|turn| turn.class);
            let query = transaction.statement(CANDIDATES).bind(now.0).bind(column(deep)).bind(rows);
            for row in transaction.fetch_all(query).await? {
                candidates.push(candidate(&row, &open)?);
            }
        }
        let mut seen = String::new();
        for turn in &jammed {
            if seen != turn.turn {
                let query = transaction.statement(CLAIM_KEYS).bind(now.0).bind(turn.turn.as_str());
                let query = query.bind(long).bind(lost).bind(column(slots));
                for row in transaction.fetch_all(query).await? {
                    candidates.push(candidate(&row, &jammed)?);
                }
                seen.clone_from(&turn.turn);
            }
        }
        candidates.sort_by_key(|job| job.id);
        candidates.dedup_by_key(|job| job.id);
        Ok(candidates)
    }

    /// The next round begins behind the turn where this one stopped, among the most urgent.
    fn pass_on(&self, claimed: &[ClaimedJob]) {
        let urgent = claimed.first().map(|claimed| claimed.job.priority);
        let last = claimed.iter().rfind(|claimed| Some(claimed.job.priority) == urgent);
        if let Some(last) = last {
            self.last_turn.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&last.job.turn);
        }
    }
}

impl Turn {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            step: row.int("step")?,
            priority: row.int("priority")?,
            turn: row.text("turn")?,
            class: row.int("class")?,
            running: row.int("running")?,
            is_open: row.flag("is_open")?,
        })
    }
}

fn candidate(row: &Row, turns: &[Turn]) -> Result<Candidate, StoreError> {
    let (turn, class) = (row.text("turn")?, row.int("class")?);
    let of = turns.iter().find(|of| of.turn == turn);
    Ok(Candidate {
        id: row.int("id")?,
        priority: row.int("priority")?,
        place: of.map_or(0, |of| of.step),
        running: of.map_or(0, |of| of.running),
        turn,
        run_at: row.int("run_at")?,
        serial_key: row.maybe_text("serial_key")?,
        long: class & 1 != 0,
        lost: class & 2 != 0,
    })
}

fn claimed(row: &Row) -> Result<ClaimedJob, StoreError> {
    let job = JobRecord::from_row(row)?;
    Ok(ClaimedJob { lease: job.lease(), job })
}
