//! Who may send: signatures, secrets and headers that are nearly right (1 to 12 and 17 to 19 of the list).

use std::fmt::Write as _;

use super::delivery::{APP, APP_SECRET, Delivery, signature};
use super::scene::{HOOK_SECRET, PREVIOUS_APP_SECRET, Scene, hook, on_each_engine, repository};

/// What a stranger may be told of a signature: one status, one code, and nothing written.
async fn assert_refused(scene: &Scene, name: &str, delivery: &Delivery) {
    let answer = scene.send(delivery).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "signature_refused"), "{name}");
    assert_eq!(scene.rows().await, (0, 0), "{name}");
}

#[tokio::test]
async fn a_signature_is_exactly_one_sha256_over_the_raw_bytes() {
    on_each_engine(async |_, scene| {
        let new = || Delivery::new(1);
        let right = signature(APP_SECRET.as_bytes(), &new().body);
        let header = "X-Hub-Signature-256";
        let digits = &right["sha256=".len()..];
        let spaced = r#"{ "ref" : "refs/heads/main", "installation" : { "id" : 42 } }"#;
        let form = new().set("Content-Type", "application/x-www-form-urlencoded");
        let bad: Vec<(&str, Delivery)> = vec![
            ("1 missing", new().without(header)),
            ("2 empty", new().set(header, "")),
            ("2 63 digits", new().set(header, format!("sha256={}", &digits[1..]))),
            ("2 65 digits", new().set(header, format!("sha256={digits}0"))),
            ("2 no digits", new().set(header, format!("sha256={}", "g".repeat(64)))),
            ("2 no ASCII", new().set(header, [b"sha256=", &[0xff; 64][..]].concat())),
            ("3 SHA256=", new().set(header, format!("SHA256={digits}"))),
            ("4 sha1= in the header for SHA-256", new().set(header, format!("sha1={}", &digits[..40]))),
            ("5 a good one and a bad one", new().add(header, format!("sha256={}", "0".repeat(64)))),
            ("5 joined", new().set(header, format!("{right}, {right}"))),
            ("6 the secret of a hook, at the App's address", new().signed(HOOK_SECRET)),
            ("6 the App's secret, at a hook's address", Delivery::to_hook(1, &scene.key, APP_SECRET)),
            ("7 over JSON written anew", new().unsigned_body(spaced)),
            ("7 over the decoded form", form.body("{}").unsigned_body("payload=%7B%7D")),
            ("8 a new line at the end", new().unsigned_body([&new().body[..], b"\n"].concat())),
            ("8 a byte order mark", new().unsigned_body([b"\xef\xbb\xbf", &new().body[..]].concat())),
            ("9 signed with nothing", new().signed("")),
            (
                "9 with nothing, at a hook without a secret",
                Delivery::to_hook(1, &scene.key_without_secret, ""),
            ),
            ("10 a secret that never was", new().signed("the App's of long ago")),
            ("21 an unknown key", Delivery::to_hook(1, &"b".repeat(52), HOOK_SECRET)),
            ("21 a key that cannot be one", Delivery::to_hook(1, "%00%ff..", HOOK_SECRET)),
            ("21 a long one", Delivery::to_hook(1, &"a".repeat(5000), HOOK_SECRET)),
            ("46 what tells itself to be another service's", new().signed("x").add("X-Gitea-Event", "push")),
        ];
        for (name, delivery) in &bad {
            assert_refused(&scene, name, delivery).await;
        }
        let upper = format!("sha256={}", digits.to_uppercase());
        assert_eq!(scene.send(&new().set(header, upper)).await.status, 202, "3 upper-case digits");
        let again = scene.send(&Delivery::new(2).signed(PREVIOUS_APP_SECRET)).await;
        assert_eq!(again.status, 202, "10 the previous secret, while it is active");
        scene.end().await;
    })
    .await;
}

/// 6: two tenants, each with a hook; neither's secret opens the other's.
#[tokio::test]
async fn another_tenants_secret_does_not_hold() {
    on_each_engine(async |_, scene| {
        let other = muster_store::NewTenant { subdomain: "other".to_owned(), ..Default::default() };
        let other = scene.store.create_tenant(&other, super::scene::NOW).await.unwrap();
        let theirs = repository(&other, "https://example.com/one").await;
        let their_key = hook(&other, theirs, Some("theirs")).await;
        assert_refused(&scene, "ours at theirs", &Delivery::to_hook(1, &their_key, HOOK_SECRET)).await;
        assert_refused(&scene, "theirs at ours", &Delivery::to_hook(1, &scene.key, "theirs")).await;
        for (n, key, secret, tenant) in
            [(1, &their_key, "theirs", other.id()), (2, &scene.key, HOOK_SECRET, scene.tenant.id())]
        {
            assert_eq!(scene.send(&Delivery::to_hook(n, key, secret)).await.status, 202);
            let newest = scene.queue.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
            assert_eq!((newest.hook, newest.tenant), (key.clone(), Some(tenant)));
        }
        scene.end().await;
    })
    .await;
}

/// 12, 17, 18 and 19: what headers and methods may hold.
#[tokio::test]
async fn headers_and_methods_that_are_nearly_right() {
    on_each_engine(async |_, scene| {
        let mut table = String::new();
        let new = || Delivery::new(1);
        let form = "application/x-www-form-urlencoded";
        let cases: Vec<(&str, Delivery)> = vec![
            ("12 no id", new().without("X-GitHub-Delivery")),
            ("12 two ids", new().add("X-GitHub-Delivery", super::delivery::guid(2))),
            (
                "12 an id in braces",
                new().set("X-GitHub-Delivery", format!("{{{}}}", super::delivery::guid(1))),
            ),
            ("12 a long id", new().set("X-GitHub-Delivery", "a".repeat(5000))),
            ("12 an id that is no text", new().set("X-GitHub-Delivery", b"\xff\xfe")),
            ("12 behind a wrong signature", new().without("X-GitHub-Delivery").signed("wrong")),
            ("17 gzip", new().set("Content-Encoding", "gzip")),
            ("17 identity", new().set("Content-Encoding", "identity")),
            ("18 no type", new().without("Content-Type")),
            ("18 two types", new().add("Content-Type", "application/json")),
            ("18 text", new().set("Content-Type", "text/json")),
            ("18 a charset", Delivery::new(101).set("Content-Type", "Application/JSON; charset=latin1")),
            ("18 a form without payload", Delivery::new(102).set("Content-Type", form).body("")),
            ("18 a form with two", Delivery::new(103).set("Content-Type", form).body("payload=1&payload=2")),
            ("18 a form with + and %", Delivery::new(104).set("Content-Type", form).body("payload=%7B+%zz")),
            ("19 GET", new().method("GET")),
            ("19 HEAD", new().method("HEAD")),
            ("19 PUT", new().method("PUT")),
            ("19 DELETE, signed for a hook", Delivery::to_hook(1, &scene.key, HOOK_SECRET).method("DELETE")),
            ("19 an unknown method", new().method("BREW")),
            ("13 method before length", new().method("PUT").set("Content-Length", "26214401").body("")),
            (
                "13 length before type",
                new().set("Content-Length", "26214401").without("Content-Type").body(""),
            ),
            ("another address", Delivery { path: format!("{APP}/a/b"), ..new() }),
            ("no hook key", Delivery { path: format!("{APP}/"), ..new() }),
        ];
        for (name, delivery) in cases {
            let answer = scene.send(&delivery).await;
            writeln!(table, "{name:30} {}", answer.line()).unwrap();
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(table, @"
            12 no id                       400 delivery_header_refused
            12 two ids                     400 delivery_header_refused
            12 an id in braces             400 delivery_header_refused
            12 a long id                   400 delivery_header_refused
            12 an id that is no text       400 delivery_header_refused
            12 behind a wrong signature    401 signature_refused
            17 gzip                        415 content_encoding_refused
            17 identity                    415 content_encoding_refused
            18 no type                     415 content_type_refused
            18 two types                   415 content_type_refused
            18 text                        415 content_type_refused
            18 a charset                   202 recorded
            18 a form without payload      202 recorded
            18 a form with two             202 recorded
            18 a form with + and %         202 recorded
            19 GET                         405 method_not_allowed (allow: POST)
            19 HEAD                        405  (allow: POST)
            19 PUT                         405 method_not_allowed (allow: POST)
            19 DELETE, signed for a hook   405 method_not_allowed (allow: POST)
            19 an unknown method           405 method_not_allowed (allow: POST)
            13 method before length        405 method_not_allowed (allow: POST)
            13 length before type          413 body_too_large
            another address                404 not_found
            no hook key                    404 not_found
            ");
        }
        assert_eq!(scene.rows().await, (4, 4));
        scene.end().await;
    })
    .await;
}
