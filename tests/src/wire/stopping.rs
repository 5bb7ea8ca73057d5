//! Stopping in the middle: by the caller, by a signal that cannot be caught, and behind another fetch.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use muster_scanner::wire::{FetchError, FetchProgress};

use super::scene::{Scene, fetch_heard, fetch_with};
use super::server::{Answer, Noticed};
use crate::program::built;

#[test]
fn a_cancelled_fetch_leaves_neither_child_nor_half_mirror() {
    let scene = Scene::new();
    scene.server.set(Answer::HalfPack);
    let cancelled = AtomicBool::new(false);
    let (options, url, cache) = (&scene.options, scene.url(), scene.cache());
    thread::scope(|scope| {
        let fetching = scope.spawn(|| fetch_with(options, &url, &cache, &cancelled));
        assert_eq!(scene.server.notices(), Noticed::Stalled);
        assert_eq!(scene.left_behind().len(), 1, "a half mirror stands while it grows");
        cancelled.store(true, Ordering::Relaxed);
        assert!(matches!(fetching.join().unwrap(), Err(FetchError::Cancelled)));
    });
    // The connection closes because the child is gone.
    assert_eq!(scene.server.notices(), Noticed::Gone);
    assert_eq!(scene.left_behind(), Vec::<String>::new());
    scene.server.set(Answer::Git);
    scene.fetch().unwrap();
}

#[test]
fn a_killed_parent_takes_its_child_along_and_the_next_run_starts_clean() {
    let scene = Scene::new();
    scene.server.set(Answer::SilentPack);
    let mut parent = Command::new(built("muster-fetch"))
        .args([scene.url().into(), scene.cache().into_os_string(), scene.options.environment[0].1.clone()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(scene.server.notices(), Noticed::Stalled);
    parent.kill().unwrap();
    parent.wait().unwrap();
    // No process but the child holds that connection: it is gone too, and took the half mirror along.
    assert_eq!(scene.server.notices(), Noticed::Gone);
    assert_eq!(scene.left_behind(), Vec::<String>::new());
    scene.server.set(Answer::Git);
    let mirror = scene.fetch().unwrap();
    assert_eq!(scene.refs(&mirror.git_dir), scene.refs(&scene.remote()));
    assert_eq!(scene.left_behind().len(), 1);
}

#[test]
fn two_fetches_of_one_address_wait_for_each_other() {
    let scene = Scene::new();
    scene.server.set(Answer::SilentPack);
    let cancelled = AtomicBool::new(false);
    let (options, url, cache) = (&scene.options, scene.url(), scene.cache());
    thread::scope(|scope| {
        let first = scope.spawn(|| fetch_with(options, &url, &cache, &cancelled));
        assert_eq!(scene.server.notices(), Noticed::Stalled);
        let (say, said) = mpsc::channel();
        let second = scope.spawn({
            let (url, cache) = (&url, &cache);
            move || {
                let never = AtomicBool::new(false);
                fetch_heard(options, url, cache, &mut |now| say.send(now).unwrap(), &never)
            }
        });
        assert_eq!(said.recv().unwrap(), FetchProgress::Waiting);
        scene.server.set(Answer::Git);
        cancelled.store(true, Ordering::Relaxed);
        assert!(matches!(first.join().unwrap(), Err(FetchError::Cancelled)));
        assert_eq!(said.recv().unwrap(), FetchProgress::Connecting);
        second.join().unwrap().unwrap();
    });
    assert_eq!(scene.left_behind().len(), 1);
}
