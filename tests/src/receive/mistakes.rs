//! The usual mistakes at the provider: `muster doctor` and the log name what a sender was told nothing of.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::delivery::{APP_SECRET, Delivery};
use super::process::{Service, databases};
use super::scene::{KEY, keys, open};
use crate::program::muster;

/// Runs a command with the database and its key; gives what it says.
fn said(database: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(muster());
    command.args(arguments).args(["--database", database]).env_clear().env("MUSTER_KEY", KEY);
    let output = command.stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What doctor says of webhooks, with what differs from run to run left out.
fn doctor(database: &str) -> String {
    let said: Value = serde_json::from_str(&said(database, &["doctor", "--format", "json"])).unwrap();
    let checks = said["checks"].as_array().unwrap().iter().filter(|check| check["subject"] == "webhooks");
    let words = |check: &Value, field: &str| check[field].as_str().unwrap_or_default().to_owned();
    let lines = checks.map(|check| {
        let says = words(check, "says");
        let says = says.split(", last at").next().unwrap();
        format!("{}: {says} -> {}\n", words(check, "verdict"), words(check, "mend"))
    });
    lines.collect()
}

/// Sends these to a service of their own; gives what its log warns of.
async fn sent(database: &str, deliveries: &[(Delivery, &str)]) -> String {
    let service = Service::start(database, &[]);
    for (delivery, answer) in deliveries {
        assert_eq!(delivery.send(service.address).await.line(), *answer);
    }
    let (_, log) = service.end();
    let warned = log.iter().filter(|line| line["level"] == "WARN");
    let line = |line: &Value| format!("{} {}: {}\n", line["code"], line["count"], line["message"]);
    warned.map(line).collect::<String>().replace('"', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_does_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (addresses, server) = databases(&folder).await;
    for (address, url) in &addresses {
        open(url, keys()).await.close().await;
        let made = said(address, &["repo", "connect", "https://github.com/owner/name", "--format", "json"]);
        let made: Value = serde_json::from_str(&made).unwrap();
        let path = made["webhook"]["path"].as_str().unwrap();
        let secret = made["webhook"]["secret"].as_str().unwrap();
        let to_hook = |secret| Delivery { path: path.to_owned(), ..Delivery::new(1).signed(secret) };
        let stranger = Delivery::to_hook(1, &"a".repeat(52), "x");
        let header = "X-Hub-Signature-256";
        let mut seen = String::new();
        let mistakes = [
            ("no secret", to_hook(secret).without(header), "401 signature_refused"),
            ("text", to_hook(secret).set("Content-Type", "text/plain"), "415 content_type_refused"),
            ("another secret", to_hook("another"), "401 signature_refused"),
            ("an odd signature", to_hook(secret).set(header, "sha256="), "401 signature_refused"),
        ];
        for (name, delivery, answer) in mistakes {
            let none = (stranger.clone().without(header), "401 signature_refused");
            let log = sent(address, &[(delivery.clone(), answer), (delivery, answer), none]).await;
            seen += &format!("{name}\n{log}{}\n", doctor(address));
        }
        assert_eq!(sent(address, &[(to_hook(secret), "202 recorded")]).await, "");
        seen += &format!("mended\n{}", doctor(address));
        insta::allow_duplicates! {
            insta::assert_snapshot!(seen, @"
            no secret
            signature_missing 2: deliveries of a hook were refused; muster doctor says why, and what mends it
            wrong: owner/name (repository 1 of default): what its webhook sends is not signed (refused 2 times -> no secret is entered at the provider: muster repo hook rotate 1 --tenant default makes a new one to enter there

            text
            content_type_refused 2: deliveries of a hook were refused; muster doctor says why, and what mends it
            wrong: owner/name (repository 1 of default): its webhook sends another content type than JSON or a form (refused 4 times -> choose application/json at the provider

            another secret
            signature_refused 2: deliveries of a hook were refused; muster doctor says why, and what mends it
            wrong: owner/name (repository 1 of default): what its webhook sends is signed with another secret than ours (refused 6 times -> muster repo hook rotate 1 --tenant default makes a new one: enter that at the provider

            an odd signature
            signature_malformed 2: deliveries of a hook were refused; muster doctor says why, and what mends it
            note: owner/name (repository 1 of default): what its webhook sends is refused: signature_malformed (8 times -> the provider shows what it sent under Recent Deliveries; docs/WEBHOOKS.md lists the answers

            mended
            fine: 1 repository is connected, nothing amiss ->
            ");
        }
    }
    server.remove().await;
}

/// The App's webhook is the database's own: nobody has to have claimed anything.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_does_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (addresses, server) = databases(&folder).await;
    for (address, url) in &addresses {
        open(url, keys()).await.close().await;
        let mistakes = [
            (Delivery::new(1).without("X-Hub-Signature-256"), "401 signature_refused"),
            (Delivery::new(1).set("Content-Type", "text/plain"), "415 content_type_refused"),
            (Delivery::new(1).signed("another"), "401 signature_refused"),
        ];
        let mut seen = String::new();
        for (delivery, answer) in mistakes {
            seen += &sent(address, &[(delivery.clone(), answer), (delivery, answer)]).await;
            seen += &format!("{}\n", doctor(address));
        }
        assert_eq!(sent(address, &[(Delivery::new(1).signed(APP_SECRET), "202 recorded")]).await, "");
        assert_eq!(doctor(address), "");
        // Whoever calls now need not be the App.
        sent(address, &[(Delivery::new(2).signed("another"), "401 signature_refused")]).await;
        seen += &doctor(address);
        insta::allow_duplicates! {
            insta::assert_snapshot!(seen, @"
            signature_missing 2: deliveries of the App are not signed; enter at the provider, as the secret of its webhook, what muster serve has in MUSTER_GITHUB_WEBHOOK_SECRET
            wrong: deliveries of the App are not signed (signature_missing 2 times -> enter at the provider, as the secret of its webhook, what muster serve has in MUSTER_GITHUB_WEBHOOK_SECRET

            content_type_refused 2: deliveries of the App have another content type than JSON or a form; choose application/json at the provider
            wrong: deliveries of the App have another content type than JSON or a form (content_type_refused 4 times -> choose application/json at the provider

            signature_refused 2: deliveries of the App are signed with another secret; give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET
            wrong: deliveries of the App are signed with another secret (signature_refused 6 times -> give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET

            note: deliveries of the App are signed with another secret (signature_refused 7 times -> anybody can call this address; where the provider shows them among its own: give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET
            ");
        }
    }
    server.remove().await;
}
