//! Ctrl-C while `muster scan` fetches: one is answered with a word and leaves nothing behind, two end it at once.

use std::process::{Child, Command, Stdio};

use super::scene::Scene;
use super::server::{Answer, Noticed};
use crate::program::muster;

/// The program, fetching from a remote that has stalled.
fn stalled(scene: &Scene) -> Child {
    scene.server.set(Answer::HalfPack);
    let (name, certificate) = &scene.options.environment[0];
    let child = Command::new(muster())
        .args(["scan", &scene.url(), "--no-save", "--allow-host"])
        .arg(format!("localhost:{}", scene.server.port))
        .env_clear()
        .env(name, certificate)
        .env("HOME", scene.work())
        .env("MUSTER_CACHE_DIR", scene.cache())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(scene.server.notices(), Noticed::Stalled);
    child
}

fn interrupt(child: &Child) {
    let done = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

#[test]
fn ctrl_c_stops_a_fetch_and_leaves_no_half_mirror() {
    let scene = Scene::new();
    let child = stalled(&scene);
    assert_eq!(scene.left_behind().len(), 1, "a half mirror stands while it grows");
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stdout), (Some(1), Vec::new()));
    insta::assert_snapshot!(String::from_utf8(ended.stderr).unwrap().trim_end(), @"muster: failed to scan: the fetch was cancelled");
    assert_eq!(scene.left_behind(), Vec::<String>::new());
}
