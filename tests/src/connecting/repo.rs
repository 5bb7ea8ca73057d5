//! `muster repo` and `muster installation`, as a person uses them one after the other.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::read_back::session::{Said, Session};

const URL: &str = "https://github.com/owner/name";

/// Somebody with a key.
fn session() -> Session {
    let session = Session::empty();
    let made = session.bare(&["key", "init"]).output().unwrap();
    assert!(made.status.success());
    session
}

/// Runs a command that reads its standard input.
fn told(session: &Session, arguments: &[&str], input: &str) -> Said {
    let mut child = session.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    session.said(child.wait_with_output().unwrap())
}

fn json(said: &Said) -> Value {
    assert!(said.success, "{said:?}");
    serde_json::from_str(&said.out).unwrap()
}

/// What a picture shows, without what is made by chance.
fn settled(text: &str, chances: &[&Value]) -> String {
    let mut text = text.to_owned();
    for (chance, shown) in chances.iter().zip(["KEY", "SECRET"]) {
        text = text.replace(chance.as_str().unwrap(), shown);
    }
    text
}

#[test]
fn without_a_key_it_says_how_to_make_one_and_writes_nothing() {
    let session = Session::empty();
    let refused = session.failure(&["repo", "connect", URL]);
    insta::assert_snapshot!(refused, @"muster: failed to connect https://github.com/owner/name: what is to be kept secret is sealed, and there is no key to do it with: muster key init makes one (or say --no-hook)");
    let refused = session.failure(&["repo", "connect", URL, "--token-stdin", "--no-hook"]);
    assert!(refused.ends_with("there is no key to do it with: muster key init makes one\n"), "{refused}");
    assert!(!session.database().exists());
    let said = session.run(&["repo", "connect", URL, "--no-hook"]);
    assert!(said.success && said.out.is_empty(), "{said:?}");
    assert_eq!(session.items(&["repo", "list"])[0]["webhooks"], serde_json::json!([]));
}

#[test]
fn without_the_key_that_its_secrets_need_nothing_is_served() {
    let session = session();
    assert!(session.run(&["repo", "connect", URL]).success);
    let elsewhere = session.made.beside("elsewhere");
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["worker"]] {
        let refused = session.command(arguments).env("HOME", &elsewhere).output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let words = String::from_utf8(refused.stderr).unwrap();
        let is_told = words.contains("sealed with wrapping key") && words.contains("MUSTER_KEY_FILE");
        assert!(is_told && !words.contains("listening"), "{words}");
    }
}

#[test]
fn a_repository_is_connected_once_and_its_secret_shown_once() {
    let session = session();
    let first = session.run(&["repo", "connect", URL, "--public-url", "https://muster.example.org/"]);
    let shown = json(&session.run(&["repo", "hook", "show", "owner/name", "--format", "json"]));
    let path = shown["path"].as_str().unwrap();
    let secret = first.out.lines().find_map(|line| line.strip_prefix("Secret")).unwrap().trim();
    let out = first.out.replace(path, "/PATH").replace(secret, "SECRET");
    assert_eq!((secret.len(), path.len()), (64, "/api/v2/webhooks/github/".len() + 52));
    insta::assert_snapshot!(out, @r"
    Payload URL   https://muster.example.org/PATH
    Content type  application/json
    Secret        SECRET
    Events        push, issues, pull_request, repository
    ");
    insta::assert_snapshot!(first.words, @r"
    muster: owner/name is connected as repository 1, and is to be looked at
    muster: enter the above at the provider (GitHub: Settings, Webhooks, Add webhook); the secret is shown this once
    muster: muster serve or muster worker looks at it; muster repo list shows it, muster doctor what is amiss
    ");

    let again = session.run(&["repo", "connect", "https://GitHub.com/owner/name.git", "--format", "json"]);
    insta::assert_snapshot!(again.words, @r"
    muster: owner/name is connected as repository 1, and is to be looked at
    muster: its webhook stays as it was, and its secret is not shown again: muster repo hook rotate 1 makes another
    muster: muster serve or muster worker looks at it; muster repo list shows it, muster doctor what is amiss
    ");
    let again = json(&again);
    assert_eq!((&again["id"], &again["webhook"]["secret"]), (&"1".into(), &Value::Null));
    assert_eq!(again["webhook"]["path"], path);
    let jobs = session.items(&["jobs", "list"]);
    assert_eq!(jobs.len(), 1, "one look for both");
    let job = &jobs[0];
    assert_eq!(
        (&job["kind"], &job["long"], &job["priority"]),
        (&"look".into(), &true.into(), &"backfill".into())
    );
    assert_eq!((&job["serial_key"], &job["merges"]), (&"git:1".into(), &1.into()));

    let key = Value::from(path.rsplit('/').next().unwrap());
    let list = session.results(&["repo", "list"]).replace(&key.as_str().unwrap()[..8], "KEYBEGIN");
    insta::assert_snapshot!(list, @r"
    ID  REPOSITORY  STATE   HEARD BY
    1   owner/name  active  webhook KEYBEGIN
    ");
    let log = session.results(&["audit", "list", "--format", "ndjson"]);
    assert!(!log.contains(secret) && !log.contains(key.as_str().unwrap()), "{log}");
}

#[test]
fn a_secret_is_changed_with_an_overlap() {
    let session = session();
    let first = json(&session.run(&["repo", "connect", URL, "--format", "json"]));
    let rotated = session.run(&["repo", "hook", "rotate", "name", "--format", "json"]);
    insta::assert_snapshot!(rotated.words, @r"
    muster: enter the secret at the provider; it is shown this once, and the one before is accepted beside it
    muster: when the provider has it: muster repo hook rotate 1 --drop-previous
    ");
    let rotated = json(&rotated);
    assert_ne!(rotated["secret"], first["webhook"]["secret"]);
    assert_eq!(rotated["path"], first["webhook"]["path"]);
    let given = told(&session, &["repo", "hook", "rotate", "1", "--secret-stdin"], "my own secret\n");
    insta::assert_snapshot!(settled(&given.out, &[&rotated["path"]]), @r"
    Payload URL   https://YOUR-HOSTKEY
    Content type  application/json
    Secret        my own secret
    Events        push, issues, pull_request, repository
    ");
    let has_previous = || session.items(&["repo", "list"])[0]["webhooks"][0]["has_previous_secret"].clone();
    assert_eq!(has_previous(), true);
    for words in ["of owner/name only the present secret is accepted", "owner/name has no secret but"] {
        let said = session.run(&["repo", "hook", "rotate", "1", "--drop-previous"]);
        assert!(said.success && said.out.is_empty() && said.words.contains(words), "{said:?}");
    }
    assert_eq!(has_previous(), false);
    for (input, words) in
        [("", "there is nothing"), ("a\nb\n", "there is more than one line"), (" \n", "empty or blank")]
    {
        let refused = told(&session, &["repo", "hook", "rotate", "1", "--secret-stdin"], input);
        assert!(!refused.success && refused.out.is_empty() && refused.words.contains(words), "{refused:?}");
    }
}

#[test]
fn a_removed_repository_keeps_what_is_saved_and_is_taken_up_again() {
    let session = session();
    let connect = ["repo", "connect", URL, "--token-stdin"];
    let said = told(&session, &connect, "ghp_secret\n");
    assert!(said.success && !format!("{said:?}").contains("ghp_secret"), "{said:?}");
    assert_eq!(session.items(&["repo", "list"])[0]["has_token"], true);
    let removed = session.run(&["repo", "remove", URL]);
    insta::assert_snapshot!(removed.words, @r"
    muster: owner/name is no longer looked at; its webhook, secrets and token are removed, and what is saved of it stays
    muster: remove its webhook at the provider too: what it sends from now on is refused
    ");
    let none = session.run(&["repo", "list"]);
    assert!(none.out.is_empty() && none.words.contains("no repository is connected"), "{none:?}");
    let left = &session.items(&["repo", "list", "--removed"])[0];
    assert_eq!((&left["state"], &left["has_token"]), (&"removed".into(), &false.into()));
    insta::assert_snapshot!(session.failure(&["repo", "remove", "1"]), @"muster: failed to remove owner/name: it was removed before; muster repo list --removed shows it");
    insta::assert_snapshot!(session.failure(&["repo", "sync", "1"]), @"muster: failed to take owner/name: it is not connected any more; muster repo connect https://github.com/owner/name takes it up again");
    assert_eq!(json(&told(&session, &[&connect[..], &["--format", "json"]].concat(), "t"))["id"], "1");
    let synced = session.run(&["repo", "sync", "owner/NAME"]);
    assert!(synced.words.contains("was to be looked at already: muster jobs show 1"), "{synced:?}");
    insta::assert_snapshot!(session.failure(&["repo", "sync", "other"]), @"muster: failed to find the repository other: none like that is connected; muster repo list shows those that are");
}

#[test]
fn addresses_are_checked_and_what_holds_a_password_is_not_repeated() {
    let session = session();
    for (url, words) in [
        ("http://github.com/a/b", "only https ones are; try https://github.com/a/b"),
        ("https://me:pass@github.com/a/b", "the address holds a user name or password"),
        ("https://127.0.0.1/a/b", "is a loopback address"),
    ] {
        let refused = session.failure(&["repo", "connect", url]);
        assert!(refused.contains(words) && !refused.contains("pass@"), "{refused}");
    }
    let local = session.run(&["repo", "connect", "https://127.0.0.1:8443/a/b", "--allow-local"]);
    assert!(
        local.success && local.words.contains("--allow-local or --allow-host of muster serve"),
        "{local:?}"
    );
    assert!(session.failure(&["repo", "list", "--after", "x"]).contains("go on behind x"));
}

#[test]
fn an_installation_is_claimed_by_one_tenant() {
    let session = session();
    session.results(&["tenant", "create", "other"]);
    let claimed = session.run(&["installation", "claim", "7", "acme"]);
    insta::assert_snapshot!(claimed.words, @"muster: installation 7 (acme) is default's");
    let refused = session.failure(&["installation", "claim", "7", "acme", "--tenant", "other"]);
    insta::assert_snapshot!(refused, @"muster: failed to claim installation 7: another tenant has it");
    assert!(session.run(&["installation", "claim", "9", "acme"]).success);
    let ids: Vec<_> = session.items(&["installation", "list"]).iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, ["7", "9"]);
    let said = session.run(&["installation", "list", "--limit", "1", "--format", "json"]);
    assert!(said.words.contains("--after 7 goes on from here"), "{said:?}");
    assert_eq!(session.items(&["installation", "list", "--after", "7"]).len(), 1);
}
