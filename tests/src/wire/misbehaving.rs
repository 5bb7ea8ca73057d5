//! Remotes that stall, flood or lie: the child is killed or gives up, and nothing stays.

use std::time::Duration;

use super::scene::Scene;
use super::server::{Answer, Noticed};

#[test]
fn a_silent_remote_is_given_up() {
    let mut scene = Scene::new();
    // So long that the child has asked by then, on any machine.
    scene.options.limits.silence = Duration::from_secs(3);
    for answer in [Answer::Silence, Answer::SilentPack, Answer::HalfPack] {
        scene.server.set(answer);
        let said = scene.refusal();
        assert!(said.contains("was silent for 3 seconds"), "{said}");
        assert_eq!((scene.server.notices(), scene.server.notices()), (Noticed::Stalled, Noticed::Gone));
    }
}

#[test]
fn a_fetch_that_does_not_end_is_given_up() {
    let mut scene = Scene::new();
    scene.options.limits.total = Duration::from_millis(300);
    scene.server.set(Answer::SilentPack);
    let said = scene.refusal();
    assert!(said.contains("was not done after 0 seconds"), "{said}");
}

#[test]
fn an_endless_answer_ends_at_the_limit_of_bytes() {
    let mut scene = Scene::new();
    scene.options.limits.received_bytes = 1 << 20;
    scene.server.set(Answer::Endless);
    let said = scene.refusal();
    assert!(said.contains("it sent more than 1048576 bytes"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_answer_ends_at_the_limit_of_memory() {
    let mut scene = Scene::new();
    scene.options.limits.memory_bytes = 32 << 20;
    scene.server.set(Answer::Endless);
    let said = scene.refusal();
    assert!(said.contains("took more than 33554432 bytes of memory"), "{said}");
}

#[test]
fn an_existing_mirror_survives_every_failure_untouched() {
    let mut scene = Scene::new();
    let mirror = scene.fetch().unwrap();
    let before = scene.refs(&mirror.git_dir);
    scene.commit("two");
    scene.push("trunk");
    scene.options.limits.silence = Duration::from_secs(1);
    for answer in
        [Answer::HalfPack, Answer::SilentPack, Answer::Status("500 Internal Server Error"), Answer::Silence]
    {
        scene.server.set(answer);
        scene.fetch().unwrap_err();
        assert_eq!(scene.refs(&mirror.git_dir), before);
        scene.git(&mirror.git_dir, &["fsck", "--strict"]);
        let packs = std::fs::read_dir(mirror.git_dir.join("objects/pack")).unwrap().flatten();
        assert!(packs.map(|entry| entry.file_name()).all(|name| !name.to_string_lossy().contains("git2_")));
    }
}
