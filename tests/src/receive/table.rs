//! "What each bad delivery gets", line by line: the status, the code, and the rows that are there afterwards.

use std::fmt::Write as _;

use super::delivery::{APP_SECRET, Delivery, signature};
use super::scene::{HOOK_SECRET, Scene, on_each_engine};

const FORM: &str = "application/x-www-form-urlencoded";

/// The lines, in their order. Each delivery has an id of its own unless the line is about that.
fn lines(key: &str) -> Vec<(&'static str, Delivery)> {
    let new = Delivery::new;
    let unknown_key = "a".repeat(52);
    let right = signature(APP_SECRET.as_bytes(), &new(0).body);
    let over = vec![b' '; 25 * 1024 * 1024 + 1];
    vec![
        ("a push, signed", new(1)),
        ("the same again", new(1)),
        ("the same id, another body, signed", new(1).body("{}")),
        ("the hook of a repository", Delivery::to_hook(1, key, HOOK_SECRET)),
        ("no signature", new(2).without("X-Hub-Signature-256")),
        ("SHA-1 alone", new(2).without("X-Hub-Signature-256").add("X-Hub-Signature", "sha1=00")),
        ("a malformed signature", new(2).set("X-Hub-Signature-256", "sha256=")),
        ("a wrong digest", new(2).signed("another")),
        ("one byte changed", new(2).unsigned_body(r#"{"ref":"refs/heads/mast","installation":{"id":42}}"#)),
        ("two signatures", new(2).add("X-Hub-Signature-256", &right)),
        ("two, joined by a comma", new(2).set("X-Hub-Signature-256", format!("{right},{right}"))),
        ("another prefix", new(2).set("X-Hub-Signature-256", right.replace("sha256", "sha512"))),
        ("an unknown hook key", Delivery::to_hook(2, &unknown_key, HOOK_SECRET)),
        ("more than 25 MB, declared", new(2).body(over.clone())),
        ("more than 25 MB, in chunks", new(2).body(over).chunked()),
        ("no event", new(2).without("X-GitHub-Event")),
        ("an odd event", new(2).set("X-GitHub-Event", "Push!")),
        ("no delivery id", new(2).without("X-GitHub-Delivery")),
        ("an odd delivery id", new(2).set("X-GitHub-Delivery", "'; drop table deliveries; --")),
        ("not JSON", new(3).body("not JSON")),
        ("not UTF-8", new(4).body(b"{\"a\":\"\xff\"}".to_vec())),
        ("too deep", new(5).body("[".repeat(100_000))),
        ("no object", new(6).body("null")),
        ("empty", new(7).body("")),
        ("an unknown event", new(8).set("X-GitHub-Event", "teapot")),
        ("an unknown installation", new(9).body(r#"{"installation":{"id":5000000000}}"#)),
        ("a form", new(10).set("Content-Type", FORM).body("payload=%7B%7D")),
        ("a form without payload", new(11).set("Content-Type", FORM).body("a=b")),
        ("another method", new(2).method("PUT")),
        ("Content-Encoding", new(2).set("Content-Encoding", "gzip")),
        ("no type", new(2).without("Content-Type")),
        ("another type", new(2).set("Content-Type", "text/plain")),
        ("nothing is wrong with it after all", new(2)),
    ]
}

async fn table(scene: &Scene) -> String {
    let mut table = String::new();
    let mut before = scene.rows().await;
    for (what, delivery) in lines(&scene.key) {
        let answer = scene.send(&delivery).await;
        let after = scene.rows().await;
        let new = (after.0 - before.0, after.1 - before.1);
        let written = match new {
            (0, 0) => "nothing written",
            (1, 1) => "recorded, with a job",
            _ => panic!("{what}: {new:?}"),
        };
        writeln!(table, "{what:35} {:37} {written}", answer.line()).unwrap();
        before = after;
    }
    table
}

#[tokio::test]
async fn what_each_bad_delivery_gets() {
    on_each_engine(async |engine, scene| {
        let table = table(&scene).await;
        println!("{engine}\n{table}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(table, @"
            a push, signed                      202 recorded                          recorded, with a job
            the same again                      200 repeat                            nothing written
            the same id, another body, signed   200 conflict                          nothing written
            the hook of a repository            202 recorded                          recorded, with a job
            no signature                        401 signature_refused                 nothing written
            SHA-1 alone                         401 signature_refused                 nothing written
            a malformed signature               401 signature_refused                 nothing written
            a wrong digest                      401 signature_refused                 nothing written
            one byte changed                    401 signature_refused                 nothing written
            two signatures                      401 signature_refused                 nothing written
            two, joined by a comma              401 signature_refused                 nothing written
            another prefix                      401 signature_refused                 nothing written
            an unknown hook key                 401 signature_refused                 nothing written
            more than 25 MB, declared           413 body_too_large                    nothing written
            more than 25 MB, in chunks          413 body_too_large                    nothing written
            no event                            400 event_header_refused              nothing written
            an odd event                        400 event_header_refused              nothing written
            no delivery id                      400 delivery_header_refused           nothing written
            an odd delivery id                  400 delivery_header_refused           nothing written
            not JSON                            202 recorded                          recorded, with a job
            not UTF-8                           202 recorded                          recorded, with a job
            too deep                            202 recorded                          recorded, with a job
            no object                           202 recorded                          recorded, with a job
            empty                               202 recorded                          recorded, with a job
            an unknown event                    202 recorded                          recorded, with a job
            an unknown installation             202 recorded                          recorded, with a job
            a form                              202 recorded                          recorded, with a job
            a form without payload              202 recorded                          recorded, with a job
            another method                      405 method_not_allowed (allow: POST)  nothing written
            Content-Encoding                    415 content_encoding_refused          nothing written
            no type                             415 content_type_refused              nothing written
            another type                        415 content_type_refused              nothing written
            nothing is wrong with it after all  202 recorded                          recorded, with a job
            ");
        }
        scene.end().await;
    })
    .await;
}
