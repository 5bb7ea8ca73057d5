//! What waits and what is stuck in the queue, from what is known to words: a function over values.

use muster_store::{Check, Verdict};

use super::facts::Facts;
use super::webhooks::check;
use crate::print::amounts::{counted, deliveries, number};

/// A job that could have started so long ago has nobody who starts it, in seconds.
const NOBODY: i64 = 60;
/// So many groups are named.
const NAMED: usize = 10;

/// What is to be said of the queue. Nothing where nothing ever was in it.
pub(super) fn checks(facts: &Facts) -> Vec<Check> {
    let mut checks = Vec::new();
    let waited = facts.queue.oldest_ready.map_or(0, |since| (facts.now.0 - since.0) / 1000);
    if waited > NOBODY {
        checks.push(check(
            "worker",
            Verdict::Wrong,
            format!(
                "{}, and one that could have started has waited for {}",
                waiting(facts.queue.ready),
                long(waited)
            ),
            "does muster serve (without --no-worker) or muster worker run on this database? Where one does, it does not keep up: give it more --slots, or run another worker",
        ));
    }
    for group in facts.parked.iter().take(NAMED) {
        let many = deliveries(group.deliveries, "waits", "wait");
        let (what, mend) = match group.waits_for.split_once(':') {
            Some(("installation", id)) => (
                format!("a tenant to claim installation {id}"),
                format!("muster installation claim {id} ACCOUNT --tenant NAME, if you know whose it is"),
            ),
            Some(("repository", id)) => (
                format!("repository {id} of the provider to be connected"),
                "add it to the installation at the provider, or muster repo connect its address".to_owned(),
            ),
            _ => (group.waits_for.clone(), "muster deliveries list --status parked shows them".to_owned()),
        };
        checks.push(check("deliveries", Verdict::Note, format!("{many} for {what}"), &mend));
    }
    for group in facts.dead.iter().take(NAMED) {
        checks.push(check(
            "jobs",
            Verdict::Wrong,
            format!(
                "{} of the kind {} died of: {} (last at {})",
                counted(group.jobs, "job"),
                group.kind,
                group.cause,
                group.last_at
            ),
            &format!(
                "muster jobs show {} tells all of it; when it is mended, muster jobs retry --kind {} --cause {:?} --all-tenants",
                group.last, group.kind, group.cause
            ),
        ));
    }
    let more = facts.dead.len().saturating_sub(NAMED) + facts.parked.len().saturating_sub(NAMED);
    if more > 0 {
        let mend = "muster jobs list --dead --by-cause, muster deliveries list --status parked";
        checks.push(check(
            "jobs",
            Verdict::Note,
            format!("{} more groups are not named", number(more as u64)),
            mend,
        ));
    }
    checks
}

fn waiting(jobs: u64) -> String {
    format!("{} {}", counted(jobs, "job"), if jobs == 1 { "waits" } else { "wait" })
}

/// A time of a minute and more.
fn long(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        ..7200 => counted(seconds / 60, "minute"),
        7200..172_800 => counted(seconds / 3600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    }
}

#[cfg(test)]
mod tests {
    use muster_store::{DeadGroup, DeliveryId, JobId, ParkedGroup, QueueStats, Timestamp};

    use super::*;

    #[test]
    fn one_is_not_told_as_several() {
        let queue = QueueStats { ready: 1, oldest_ready: Some(Timestamp(0)), ..QueueStats::default() };
        let said = checks(&Facts { now: Timestamp(61_000), queue, ..Facts::default() }).remove(0).says;
        assert_eq!(said, "1 job waits, and one that could have started has waited for 1 minute");
    }

    #[test]
    fn what_waits_for_a_person_is_named_with_what_he_can_do() {
        assert_eq!(checks(&Facts::default()).len(), 0);
        let parked = |waits_for: &str, deliveries| ParkedGroup {
            waits_for: waits_for.to_owned(),
            deliveries,
            first: DeliveryId(1),
            last: DeliveryId(9),
        };
        let dead = DeadGroup {
            kind: "look".to_owned(),
            cause: "remote gone".to_owned(),
            jobs: 1,
            first: JobId(4),
            last: JobId(4),
            last_at: Timestamp(0),
        };
        let queue = QueueStats { ready: 2, oldest_ready: Some(Timestamp(0)), ..QueueStats::default() };
        let facts = Facts {
            now: Timestamp(3_600_000),
            parked: vec![parked("installation:7", 1200), parked("repository:12", 1)],
            dead: vec![dead],
            queue,
            ..Facts::default()
        };
        let said: String = checks(&facts)
            .iter()
            .map(|check| {
                format!(
                    "{} {}: {}\n -> {}\n",
                    check.verdict.as_str(),
                    check.subject,
                    check.says,
                    check.mend.as_deref().unwrap()
                )
            })
            .collect();
        insta::assert_snapshot!(said, @r#"
        wrong worker: 2 jobs wait, and one that could have started has waited for 60 minutes
         -> does muster serve (without --no-worker) or muster worker run on this database? Where one does, it does not keep up: give it more --slots, or run another worker
        note deliveries: 1,200 deliveries wait for a tenant to claim installation 7
         -> muster installation claim 7 ACCOUNT --tenant NAME, if you know whose it is
        note deliveries: 1 delivery waits for repository 12 of the provider to be connected
         -> add it to the installation at the provider, or muster repo connect its address
        wrong jobs: 1 job of the kind look died of: remote gone (last at 1970-01-01T00:00:00Z)
         -> muster jobs show 4 tells all of it; when it is mended, muster jobs retry --kind look --cause "remote gone" --all-tenants
        "#);
    }
}
