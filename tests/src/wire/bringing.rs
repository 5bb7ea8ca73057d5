//! What is brought is what is there: the first time, the next time, and after the remote's history was rewritten.

use std::fs;
use std::sync::atomic::AtomicBool;

use muster_scanner::wire::{Credentials, FetchProgress};

use super::scene::Scene;
use super::server::Answer;

#[test]
fn a_first_fetch_makes_a_bare_mirror_with_the_default_branch_of_the_remote() {
    let scene = Scene::new();
    scene.git(&scene.work(), &["tag", "-a", "v1", "-m", "first"]);
    scene.push("v1");
    scene.push("trunk:refs/pull/1/head");
    let mut heard = Vec::new();
    let mirror = scene.fetch_from(&scene.url(), &mut |now| heard.push(now), &AtomicBool::new(false)).unwrap();
    assert_eq!(mirror.head_branch.as_deref(), Some("trunk"));
    assert_eq!(mirror.source_key, format!("https://localhost:{}/owner/name", scene.server.port));
    assert_eq!((mirror.skipped_refs, mirror.transfer.received_objects), (0, 4));
    assert!(mirror.transfer.received_bytes > 0);
    assert_eq!(heard[0], FetchProgress::Connecting);

    let head = scene.git(&scene.work(), &["rev-parse", "trunk"]);
    assert_eq!(scene.git(&mirror.git_dir, &["rev-parse", "HEAD"]), head);
    assert_eq!(scene.git(&mirror.git_dir, &["symbolic-ref", "HEAD"]), "refs/heads/trunk");
    assert_eq!(scene.git(&mirror.git_dir, &["config", "core.bare"]), "true");
    let refs = scene.refs(&mirror.git_dir);
    assert_eq!(
        refs.lines().map(|line| line.split(' ').next().unwrap()).collect::<Vec<_>>(),
        ["refs/heads/trunk", "refs/tags/v1"]
    );
    scene.git(&mirror.git_dir, &["fsck", "--strict"]);
    assert!(!mirror.git_dir.join("FETCH_HEAD").exists());
    assert!(!mirror.git_dir.join("hooks").join("post-update").exists());
    assert_eq!(scene.left_behind().len(), 1, "{:?}", scene.left_behind());
}

#[test]
fn the_next_fetch_brings_only_what_changed_and_drops_what_is_gone() {
    let scene = Scene::new();
    scene.push("trunk:refs/heads/topic");
    scene.push("trunk:refs/tags/old");
    let first = scene.fetch().unwrap();
    scene.commit("two");
    scene.push("trunk");
    scene.push(":refs/heads/topic");
    scene.push(":refs/tags/old");
    // A branch that was deleted makes room for one below its name.
    scene.push("trunk:refs/heads/topic/deeper");
    let second = scene.fetch().unwrap();
    assert_eq!(first.git_dir, second.git_dir);
    assert_eq!(scene.refs(&second.git_dir), scene.refs(&scene.remote()));
    assert_eq!(second.transfer.total_objects, 3, "one commit, one tree, one blob");

    let third = scene.fetch().unwrap();
    assert_eq!(third.transfer.total_objects, 0);
    assert_eq!(scene.refs(&third.git_dir), scene.refs(&scene.remote()));
}

#[test]
fn a_rewritten_history_and_another_default_branch_are_followed() {
    let scene = Scene::new();
    scene.commit("two");
    scene.push("trunk");
    scene.fetch().unwrap();
    scene.git(&scene.work(), &["reset", "--quiet", "--hard", "HEAD~1"]);
    scene.commit("other");
    scene.push("+trunk");
    scene.push("trunk:refs/heads/next");
    scene.git(&scene.remote(), &["symbolic-ref", "HEAD", "refs/heads/next"]);
    let mirror = scene.fetch().unwrap();
    assert_eq!(mirror.head_branch.as_deref(), Some("next"));
    assert_eq!(scene.refs(&mirror.git_dir), scene.refs(&scene.remote()));
    assert_eq!(
        scene.git(&mirror.git_dir, &["rev-parse", "HEAD"]),
        scene.git(&scene.work(), &["rev-parse", "trunk"])
    );
}

#[test]
fn a_server_that_closes_each_connection_is_fetched_from() {
    let scene = Scene::new();
    scene.server.set(Answer::GitClosing);
    let mirror = scene.fetch().unwrap();
    assert_eq!(scene.refs(&mirror.git_dir), scene.refs(&scene.remote()));
}

#[test]
fn an_empty_remote_gives_an_empty_mirror_that_fills_later() {
    let scene = Scene::empty(&["localhost"]);
    scene.git(&scene.remote(), &["init", "--quiet", "--bare", "--initial-branch=trunk", "."]);
    let mirror = scene.fetch().unwrap();
    assert_eq!((mirror.head_branch, scene.refs(&mirror.git_dir)), (None, String::new()));
    scene.git(&scene.work(), &["init", "--quiet", "--initial-branch=trunk", "."]);
    scene.commit("one");
    scene.push("trunk");
    let mirror = scene.fetch().unwrap();
    assert_eq!(mirror.head_branch.as_deref(), Some("trunk"));
}

#[test]
fn a_remote_whose_head_points_nowhere_has_no_default_branch() {
    let scene = Scene::new();
    scene.git(&scene.remote(), &["symbolic-ref", "HEAD", "refs/heads/gone"]);
    let mirror = scene.fetch().unwrap();
    assert_eq!(mirror.head_branch, None);
    assert_eq!(scene.refs(&mirror.git_dir), scene.refs(&scene.remote()));
    let head = scene.git(&mirror.git_dir, &["symbolic-ref", "HEAD"]);
    assert_eq!(head, "refs/heads/muster-no-default-branch");
}

#[test]
fn a_branch_whose_name_is_not_utf_8_is_left_out_and_counted() {
    let scene = Scene::new();
    let head = scene.git(&scene.work(), &["rev-parse", "trunk"]);
    scene.git(&scene.remote(), &["pack-refs", "--all"]);
    let packed = scene.remote().join("packed-refs");
    let mut text = fs::read(&packed).unwrap();
    text.extend_from_slice(format!("{head} refs/heads/z").as_bytes());
    text.extend_from_slice(b"\xe9\n");
    fs::write(&packed, text).unwrap();
    let mirror = scene.fetch().unwrap();
    assert_eq!(mirror.skipped_refs, 1);
    assert_eq!(mirror.head_branch.as_deref(), Some("trunk"));
}

#[test]
fn a_damaged_mirror_is_made_anew() {
    let scene = Scene::new();
    let mirror = scene.fetch().unwrap();
    fs::write(mirror.git_dir.join("packed-refs"), "not refs\n").unwrap();
    fs::remove_dir_all(mirror.git_dir.join("objects")).unwrap();
    let mut heard = Vec::new();
    let again = scene.fetch_from(&scene.url(), &mut |now| heard.push(now), &AtomicBool::new(false)).unwrap();
    assert!(heard.contains(&FetchProgress::Rebuilding), "{heard:?}");
    assert_eq!(scene.refs(&again.git_dir), scene.refs(&scene.remote()));
    scene.git(&again.git_dir, &["fsck"]);
    assert_eq!(scene.left_behind().len(), 1);
}

#[test]
fn credentials_are_shown_to_a_remote_that_asks_and_to_nobody_else() {
    let mut scene = Scene::new();
    // `someone:S3CRET` in base64.
    scene.server.set(Answer::GitFor("c29tZW9uZTpTM0NSRVQ="));
    let refused = scene.refusal();
    assert!(refused.contains("it asks for credentials"), "{refused}");
    let held = |password: &str| Some(Credentials { username: "someone".into(), password: password.into() });
    scene.options.credentials = held("WR0NG");
    let refused = scene.refusal();
    assert!(refused.contains("it asks for credentials") && !refused.contains("WR0NG"), "{refused}");
    scene.options.credentials = held("S3CRET");
    assert!(!format!("{:?}", scene.options).contains("S3CRET"));
    let mirror = scene.fetch().unwrap();
    for file in ["config", "muster-mirror.json", "HEAD", "packed-refs"] {
        let text = fs::read_to_string(mirror.git_dir.join(file)).unwrap();
        assert!(!text.contains("S3CRET") && !text.contains("someone"), "{file}: {text}");
    }
}
