//! `muster user | token | audit`: who may do what, and what was done to that.

use super::session::Session;

/// Runs a command that has to end well without results; gives its words.
#[track_caller]
fn words(session: &Session, arguments: &[&str]) -> String {
    let said = session.run(arguments);
    assert!(said.success && said.out.is_empty(), "{arguments:?}: {said:?}");
    said.words
}

/// Makes a token; gives it.
#[track_caller]
fn token(session: &Session, arguments: &[&str]) -> String {
    let said = session.run(&[&["token", "create"], arguments].concat());
    assert!(said.success && said.out.starts_with("muster_") && said.out.len() == 64, "{said:?}");
    said.out.trim_end().to_owned()
}

#[test]
fn users_come_and_go_and_an_owner_stays() {
    let session = Session::empty();
    let words = |arguments: &[&str]| words(&session, arguments);
    insta::assert_snapshot!(words(&["user", "add", " Ada@Example.ORG", "--name", "Ada A", "--role", "owner"]), @"muster: ada@example.org was added as owner (user 1)");
    insta::assert_snapshot!(words(&["user", "add", "bob@example.org"]), @"muster: bob@example.org was added as member (user 2)");
    insta::assert_snapshot!(session.failure(&["user", "add", "BOB@example.org"]), @"muster: failed to add bob@example.org: there is such a user already; muster user role changes what they may do");
    token(&session, &["laptop", "--user", "bob@example.org", "--role", "member"]);
    token(&session, &["phone", "--user", "bob@example.org"]);
    insta::assert_snapshot!(words(&["user", "role", "bob@example.org", "viewer"]), @"muster: bob@example.org is viewer, and was member; token 1 was revoked");
    insta::assert_snapshot!(words(&["user", "role", "bob@example.org", "viewer"]), @"muster: bob@example.org is viewer, as before");
    insta::assert_snapshot!(words(&["user", "remove", "bob@example.org"]), @"muster: bob@example.org was removed; token 2 was revoked");
    insta::assert_snapshot!(session.failure(&["user", "remove", "bob@example.org"]), @"muster: failed to find the user bob@example.org: there is no active one of this address; muster user list --all shows who there is");
    insta::assert_snapshot!(session.failure(&["user", "remove", "ada@example.org"]), @"muster: failed to take ada@example.org off the owners: nobody else is one, and an organisation needs an owner; make another user owner first (muster user role)");
    insta::assert_snapshot!(session.failure(&["user", "role", "ada@example.org", "admin"]), @"muster: failed to take ada@example.org off the owners: nobody else is one, and an organisation needs an owner; make another user owner first (muster user role)");
    insta::assert_snapshot!(session.results(&["user", "list"]), @r"
    ID  EMAIL            NAME   ROLE   ADDED
    1   ada@example.org  Ada A  owner  ....-..-..T..:..:..Z
    ");
    insta::assert_snapshot!(session.results(&["user", "list", "--all"]), @r"
    ID  EMAIL            NAME   ROLE    ADDED                 STATE
    1   ada@example.org  Ada A  owner   ....-..-..T..:..:..Z
    2   bob@example.org         viewer  ....-..-..T..:..:..Z  removed
    ");
    insta::assert_snapshot!(session.results(&["user", "list", "--all", "--format", "ndjson"]), @r#"
    {"type":"user","id":"1","email":"ada@example.org","full_name":"Ada A","role":"owner","is_active":true,"last_login_at":null,"created_at":"....-..-..T..:..:..Z"}
    {"type":"user","id":"2","email":"bob@example.org","full_name":null,"role":"viewer","is_active":false,"last_login_at":null,"created_at":"....-..-..T..:..:..Z"}
    "#);
    insta::assert_snapshot!(words(&["user", "add", "bob@example.org", "--role", "admin"]), @"muster: bob@example.org is back as admin (user 2)");
}

#[test]
fn a_token_is_shown_once() {
    let session = Session::empty();
    let said = session.run(&["token", "create", "ci", "--role", "member", "--expires", "90d"]);
    let first = said.out.trim_end().to_owned();
    insta::assert_snapshot!(said.words, @"
    muster: token 1 of default is member until ....-..-..T..:..:..Z
    muster: it is shown this once: keep it where nobody else can read it
    ");
    token(&session, &["dashboard"]);
    insta::assert_snapshot!(words(&session, &["token", "revoke", "2"]), @"muster: token 2 (dashboard) is revoked");
    insta::assert_snapshot!(words(&session, &["token", "revoke", "2"]), @"muster: token 2 (dashboard) was revoked before, at ....-..-..T..:..:..Z");
    insta::assert_snapshot!(session.failure(&["token", "revoke", "3"]), @"muster: failed to find token 3: there is none of this id; muster token list shows those that are valid");
    insta::assert_snapshot!(session.failure(&["token", "create", "x", "--user", "ada@example.org"]), @"muster: failed to find the user ada@example.org: there is no active one of this address; muster user list shows who there is");
    words(&session, &["user", "add", "ada@example.org", "--role", "viewer"]);
    insta::assert_snapshot!(session.failure(&["token", "create", "x", "--user", "ada@example.org", "--role", "admin"]), @"muster: failed to make a token that allows more than its user: the user is viewer, and the token would be admin");
    let shown = |text: String| text.replace(&first[..15], "muster_xxxxxxxx");
    insta::assert_snapshot!(shown(session.results(&["token", "list"])), @"
    ID  NAME  BEGINS WITH      ROLE    MADE                  EXPIRES
    1   ci    muster_xxxxxxxx  member  ....-..-..T..:..:..Z  ....-..-..T..:..:..Z
    ");
    insta::assert_snapshot!(shown(session.results(&["token", "list", "--format", "json"])), @r#"
    [
    {"id":"1","name":"ci","prefix":"muster_xxxxxxxx","role":"member","user_id":null,"created_at":"....-..-..T..:..:..Z","expires_at":"....-..-..T..:..:..Z","last_used_at":null,"revoked_at":null}
    ]
    "#);
    let all = session.results(&["token", "list", "--all", "--format", "ndjson"]);
    assert_eq!(all.lines().count(), 2);
    let log = session.results(&["audit", "list", "--format", "ndjson"]);
    for text in [all, log] {
        assert!(text.contains(&first[..15]) && !text.contains(&first[15..]));
    }
    let file = std::fs::read(session.database()).unwrap();
    assert!(!file.windows(48).any(|window| window == &first.as_bytes()[15..]));
}

#[test]
fn the_audit_log_says_who_did_what_and_shows_what_was_done_to_it() {
    let session = Session::empty();
    let as_ada =
        |arguments: &[&str]| session.said(session.command(arguments).env("USER", "ada").output().unwrap());
    assert!(as_ada(&["user", "add", "ada@example.org", "--role", "owner"]).success);
    words(&session, &["user", "add", "bob@example.org"]);
    let early = session.run(&["audit", "verify"]);
    insta::assert_snapshot!(early.words, @"muster: the audit log holds: 2 entries");
    words(&session, &["user", "remove", "bob@example.org"]);
    insta::assert_snapshot!(session.results(&["audit", "list", "--oldest-first"]), @r#"
    SEQ  TIME                  ACTOR    ACTION       SUBJECT  DETAILS
      1  ....-..-..T..:..:..Z  cli:ada  user.add     user:1   {"email":"ada@example.org","is_back":false,"role":"owner"}
      2  ....-..-..T..:..:..Z  cli      user.add     user:2   {"email":"bob@example.org","is_back":false,"role":"member"}
      3  ....-..-..T..:..:..Z  cli      user.remove  user:2   {"email":"bob@example.org","revoked_tokens":[],"role":"member"}
    "#);
    let newest = session.run(&["audit", "list", "--limit", "1"]);
    insta::assert_snapshot!(newest.out, @r#"
    SEQ  TIME                  ACTOR  ACTION       SUBJECT  DETAILS
      3  ....-..-..T..:..:..Z  cli    user.remove  user:2   {"email":"bob@example.org","revoked_tokens":[],"role":"member"}
    "#);
    insta::assert_snapshot!(newest.words, @"muster: there are more entries: --after 3 goes on from here, --limit all shows every one");
    assert_eq!(session.items(&["audit", "list", "--after", "3"]).len(), 2);

    let head = early.out.trim_end();
    let late = session.run(&["audit", "verify", "--expect-head", head]);
    insta::assert_snapshot!(late.words, @"muster: the audit log holds: 3 entries");
    let newest = session.items(&["audit", "list"]).remove(0);
    assert_eq!(late.out.trim_end(), format!("3:{}", newest["hash"].as_str().unwrap()));

    let zeros = "0".repeat(64);
    let failure = |head: &str| session.failure(&["audit", "verify", "--expect-head", head]);
    insta::assert_snapshot!(failure(&format!("2:{zeros}")), @"muster: failed to verify the audit log of default: entry 2 is not the one that is known to have been there: the log was written anew up to there; entry 1 holds");
    insta::assert_snapshot!(failure(&format!("4:{zeros}")), @"muster: failed to verify the audit log of default: the log ends with entry 3, and entry 4 is known to have been there: its end was removed; entries 1 to 3 hold");
}

#[test]
fn empty_lists_say_how_to_fill_them() {
    let session = Session::empty();
    insta::assert_snapshot!(session.failure(&["user", "list"]), @"muster: failed to list users: open the database /tmp/home/own.db: it is not there yet; muster scan PATH makes it");
    let said = session.run(&["scan", session.root()]);
    assert!(said.success);
    for (subject, sentence) in [
        ("user", "muster: there are no users: muster user add EMAIL adds one\n"),
        ("token", "muster: there are no valid tokens: muster token create NAME makes one\n"),
        ("audit", "muster: the audit log is empty\n"),
    ] {
        let said = session.run(&[subject, "list"]);
        assert_eq!((said.success, said.out.as_str(), said.words.as_str()), (true, "", sentence));
    }
    insta::assert_snapshot!(session.run(&["user", "list", "--after", "7"]).words, @"muster: there are no users behind 7");
    insta::assert_snapshot!(words_of_empty_log(&session), @"muster: the audit log is empty");
}

fn words_of_empty_log(session: &Session) -> String {
    let said = session.run(&["audit", "verify"]);
    assert_eq!((said.success, said.out), (true, format!("0:{}\n", "0".repeat(64))));
    said.words
}
