//! `muster jobs` and `muster deliveries`: what is to be done, what went wrong, and doing it again.

use muster_store::{
    Caps, Cause, DatabaseUrl, DeliveryOutcome, DeliveryStatus, JobFilter, NewDelivery, NewJob, Planned,
    Queue, Remedy, RetryPolicy, Store, TenantId, Timestamp,
};

use super::session::Session;

const CAPS: Caps = Caps { per_tenant: 100, long: 100, lost: 1 };
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A database with work in it, of the tenant `default` and of another.
fn session() -> Session {
    let session = Session::empty();
    for tenant in ["default", "other"] {
        assert!(session.run(&["tenant", "create", tenant]).success);
    }
    let url = DatabaseUrl::Sqlite(session.database());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&url).await.unwrap();
        let queue = store.queue().await.unwrap();
        let id = async |name| store.tenant_by_subdomain(name).await.unwrap().unwrap().id;
        fill(&queue, id("default").await, id("other").await).await;
        store.close().await;
    });
    session
}

async fn fill(queue: &Queue, own: TenantId, other: TenantId) {
    let look = |tenant, repository: i64| NewJob {
        tenant: Some(tenant),
        kind: "look".into(),
        payload: serde_json::json!({ "repository": repository }),
        serial_key: Some(format!("git:{repository}")),
        ..NewJob::default()
    };
    queue.enqueue(&[look(own, 1), look(own, 2), look(other, 1), look(own, 3)], NOW).await.unwrap();
    let retry = RetryPolicy { waits: vec![Default::default()], losses: 5 };
    for _ in 0..4 {
        let claimed = queue.claim("worker-1", 3, NOW, Timestamp(NOW.0 + 1000), CAPS).await.unwrap();
        for claimed in claimed {
            let message = "failed to reach the remote: nobody answers\nat \u{1b}[31mall";
            let cause = Cause { name: "remote gone", message };
            match claimed.job.payload["repository"].as_i64() {
                Some(3) => queue.release(&[claimed.lease], NOW).await.map(drop).unwrap(),
                _ => {
                    queue
                        .fail(claimed.lease, cause, Remedy::Retry(&retry, 0.0), NOW)
                        .await
                        .map(drop)
                        .unwrap();
                }
            }
        }
    }
    deliveries(queue, own).await;
}

async fn deliveries(queue: &Queue, own: TenantId) {
    let of = |guid: &'static str, event: &'static str, body: &'static [u8]| NewDelivery {
        hook: "app",
        guid,
        tenant: None,
        event,
        headers: r#"{"content-type":"application/json","x-github-event":"issues"}"#,
        fair_hint: None,
        received_at: NOW,
        body_hash: [0; 32],
        body,
        packed_from: None,
    };
    let outcomes = [
        ("issues", Some(own), DeliveryStatus::Done, None),
        ("star", Some(own), DeliveryStatus::Ignored, Some("nothing is done for the event star")),
        ("push", None, DeliveryStatus::Parked, Some("no tenant has claimed installation 7 yet")),
    ];
    for (n, (event, tenant, status, reason)) in outcomes.into_iter().enumerate() {
        let guid = ["a", "b", "c"][n];
        queue.record(&[of(guid, event, b"{\"action\": \"opened\"}\n")]).await.unwrap();
        let newest = JobFilter { kind: Some("route".into()), limit: 1, ..JobFilter::default() };
        let job = queue.list_jobs(&newest).await.unwrap().items.remove(0);
        let delivery = muster_store::DeliveryId(job.payload["delivery"].as_i64().unwrap());
        let claimed = queue.claim("worker-1", 9, NOW, Timestamp(NOW.0 + 1000), CAPS).await.unwrap();
        for claimed in claimed {
            if claimed.job.kind != "route" {
                queue.release(&[claimed.lease], NOW).await.unwrap();
                continue;
            }
            let outcome = DeliveryOutcome {
                status,
                tenant,
                action: Some("opened".into()),
                reason: reason.map(Into::into),
                waits_for: (status == DeliveryStatus::Parked).then(|| "installation:7".to_owned()),
            };
            let planned = Planned { outcome, jobs: Vec::new() };
            queue.settle_delivery(claimed.lease, delivery, &planned, NOW).await.unwrap().unwrap();
        }
    }
}

#[test]
fn jobs_are_listed_shown_and_run_again() {
    let session = session();
    insta::assert_snapshot!(session.results(&["jobs", "list"]), @r"
    ID  KIND  STATE  ATTEMPTS  ENQUEUED              ENDED                 WHAT          LAST ERROR
    4   look  ready         0  ....-..-..T..:..:..Z                        repository 3
    2   look  dead          2  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z  repository 2  failed to reach the remote: nobody answers\nat \u{1b}[31mall
    1   look  dead          2  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z  repository 1  failed to reach the remote: nobody answers\nat \u{1b}[31mall
    ");
    insta::assert_snapshot!(session.results(&["jobs", "list", "--all-tenants", "--state", "dead"]), @r"
    ID  TENANT   KIND  STATE  ATTEMPTS  ENQUEUED              ENDED                 WHAT          LAST ERROR
    3   other    look  dead          2  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z  repository 1  failed to reach the remote: nobody answers\nat \u{1b}[31mall
    2   default  look  dead          2  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z  repository 2  failed to reach the remote: nobody answers\nat \u{1b}[31mall
    1   default  look  dead          2  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z  repository 1  failed to reach the remote: nobody answers\nat \u{1b}[31mall
    ");
    insta::assert_snapshot!(session.results(&["jobs", "list", "--dead", "--by-cause"]), @"
    KIND  CAUSE        JOBS  FIRST  LAST  LAST DIED
    look  remote gone     2  1      2     ....-..-..T..:..:..Z
    ");
    insta::assert_snapshot!(session.results(&["jobs", "list", "--dead", "--by-cause", "--all-tenants", "--format", "ndjson"]), @r#"{"type":"dead_jobs","kind":"look","cause":"remote gone","jobs":3,"first_id":"1","last_id":"3","last_at":"....-..-..T..:..:..Z"}"#);
    insta::assert_snapshot!(session.results(&["jobs", "show", "1"]), @r"
    job           1
    tenant        default
    kind          look
    what          repository 1
    state         dead
    tried         2 attempts
    one at a time git:1
    enqueued      ....-..-..T..:..:..Z
    started       ....-..-..T..:..:..Z
    ended         ....-..-..T..:..:..Z
    ....-..-..T..:..:..Z attempt 1, remote gone
      failed to reach the remote: nobody answers\nat \u{1b}[31mall
    ....-..-..T..:..:..Z attempt 2, remote gone
      failed to reach the remote: nobody answers\nat \u{1b}[31mall
    ");
    insta::assert_snapshot!(session.results(&["jobs", "show", "1", "--format", "json"]), @r#"{"id":"1","tenant":"default","kind":"look","state":"dead","payload":{"repository":1},"priority":"webhook","long":false,"serial_key":"git:1","installation_id":null,"attempts":2,"losses":0,"merges":0,"merged_into":null,"lease_owner":null,"enqueued_at":"....-..-..T..:..:..Z","run_at":"....-..-..T..:..:..Z","parked_until":null,"started_at":"....-..-..T..:..:..Z","finished_at":"....-..-..T..:..:..Z","errors":[{"at":"....-..-..T..:..:..Z","attempt":1,"cause":"remote gone","message":"failed to reach the remote: nobody answers\nat \u001b[31mall"},{"at":"....-..-..T..:..:..Z","attempt":2,"cause":"remote gone","message":"failed to reach the remote: nobody answers\nat \u001b[31mall"}]}"#);
    // Another tenant's is as good as missing.
    insta::assert_snapshot!(session.failure(&["jobs", "show", "3"]), @"muster: failed to find job 3: there is none of this id; muster jobs list shows those that there are");
    insta::assert_snapshot!(session.failure(&["jobs", "retry", "1", "3"]), @"muster: failed to find job 3: there is none of this id; muster jobs list shows those that there are");

    let said = |arguments: &[&str]| {
        let said = session.run(arguments);
        format!("{}{}", said.out, said.words)
    };
    let by_cause = ["jobs", "retry", "--kind", "look", "--cause", "remote gone"];
    insta::assert_snapshot!(said(&[&by_cause[..], &["--dry-run"]].concat()), @"
    1
    2
    muster: 2 jobs would run now
    ");
    insta::assert_snapshot!(said(&by_cause), @"
    1
    2
    muster: 2 jobs can run now
    ");
    insta::assert_snapshot!(said(&by_cause), @"muster: there are no such dead jobs");
    insta::assert_snapshot!(said(&[&by_cause[..], &["--all-tenants"]].concat()), @"
    3
    muster: 1 job can run now
    ");
    insta::assert_snapshot!(said(&["jobs", "retry", "4"]), @"
    4
    muster: 1 job can run now
    ");
    insta::assert_snapshot!(said(&["jobs", "list", "--state", "dead"]), @"muster: there are no such jobs");
}

#[test]
fn deliveries_are_listed_shown_and_replayed() {
    let session = session();
    insta::assert_snapshot!(session.results(&["deliveries", "list"]), @"
    ID  HOOK  EVENT   ACTION  STATUS   RECEIVED              REASON
    2   app   star    opened  ignored  ....-..-..T..:..:..Z  nothing is done for the event star
    1   app   issues  opened  done     ....-..-..T..:..:..Z
    ");
    insta::assert_snapshot!(session.results(&["deliveries", "list", "--all-tenants", "--status", "parked", "--format", "json"]), @r#"
    [
    {"id":"3","tenant":null,"hook":"app","guid":"c","event":"push","action":"opened","status":"parked","reason":"no tenant has claimed installation 7 yet","waits_for":"installation:7","received_at":"....-..-..T..:..:..Z","settled_at":"....-..-..T..:..:..Z","has_body":true,"headers":{"content-type":"application/json","x-github-event":"issues"}}
    ]
    "#);
    insta::assert_snapshot!(session.results(&["deliveries", "show", "2"]), @"
    delivery      2
    tenant        default
    hook          app
    guid          b
    event         star opened
    status        ignored
    reason        nothing is done for the event star
    received      ....-..-..T..:..:..Z
    planned       ....-..-..T..:..:..Z
      content-type: application/json
      x-github-event: issues
    ");
    assert_eq!(session.results(&["deliveries", "show", "2", "--body"]), "{\"action\": \"opened\"}\n");
    insta::assert_snapshot!(session.failure(&["deliveries", "show", "3"]), @"muster: failed to find delivery 3: there is none of this id; muster deliveries list shows those that there are (with --all-tenants also those whose tenant is not known yet)");
    insta::assert_snapshot!(session.results(&["deliveries", "show", "3", "--all-tenants"]), @"
    delivery      3
    tenant        not known yet
    hook          app
    guid          c
    event         push opened
    status        parked
    reason        no tenant has claimed installation 7 yet
    waits for     installation:7
    received      ....-..-..T..:..:..Z
    planned       ....-..-..T..:..:..Z
      content-type: application/json
      x-github-event: issues
    ");
    let said = session.run(&["deliveries", "replay", "1", "2", "--dry-run"]);
    insta::assert_snapshot!(said.out + &said.words, @"
    1
    2
    muster: 2 deliveries would be planned again
    ");
    let said = |arguments: &[&str]| {
        let said = session.run(&[&["deliveries", "replay"], arguments].concat());
        assert!(said.success, "{}", said.words);
        said.out + &said.words
    };
    let ignored = ["--status", "ignored", "--reason", "nothing is done for the event star", "--dry-run"];
    insta::assert_snapshot!(said(&ignored), @"
    2
    muster: 1 delivery would be planned again
    ");
    let parked = ["--waits-for", "installation:7", "--dry-run"];
    insta::assert_snapshot!(said(&parked), @"muster: there are no such deliveries");
    insta::assert_snapshot!(said(&[&parked[..], &["--all-tenants"]].concat()), @"
    3
    muster: 1 delivery would be planned again
    ");
    let said = session.run(&["deliveries", "replay", "2"]);
    insta::assert_snapshot!(said.out + &said.words, @"
    2
    muster: 1 delivery will be planned again
    ");
    insta::assert_snapshot!(session.results(&["deliveries", "list", "--status", "received"]), @"
    ID  HOOK  EVENT  ACTION  STATUS    RECEIVED
    2   app   star   opened  received  ....-..-..T..:..:..Z
    ");
}
