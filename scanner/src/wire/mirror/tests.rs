//! Names of mirrors, and what dead processes leave behind.

use super::*;
use crate::wire::Policy;

fn address(text: &str) -> RemoteAddress {
    RemoteAddress::parse(text, &Policy { allow_local: true, ..Policy::default() }).unwrap()
}

#[test]
fn mirrors_have_readable_names_that_never_meet() {
    let cache = MirrorCache::new("/cache");
    let path =
        |text| cache.path_of(&address(text)).strip_prefix("/cache/mirrors").unwrap().display().to_string();
    let name = path("https://example.com/owner/vue.js.git");
    assert!(name.starts_with("example.com/owner-vue.js-") && name.ends_with(".git"), "{name}");
    assert_eq!(name.len(), "example.com/owner-vue.js-01234567.git".len());
    assert_eq!(name, path("https://EXAMPLE.com/owner/vue.js/"));
    assert_ne!(path("https://example.com/a/b"), path("https://example.com/a-b"));
    assert!(path("https://localhost:8443/..%2f/%20x").starts_with("localhost-8443/2f--20x-"));
    assert!(path("https://[::]:1/~").starts_with("1/unnamed-"));
    assert!(MirrorCache::new("cache").path_of(&address("https://example.com/a")).is_absolute());
    assert!(path(&format!("https://example.com/{}", "x".repeat(1500))).len() < 120);
}

#[test]
fn a_claim_removes_what_dead_processes_left() {
    let root = tempfile::tempdir().unwrap();
    let cache = MirrorCache::new(root.path());
    let address = address("https://example.com/owner/name");
    let mirror = cache.path_of(&address);
    let packs = mirror.join("objects/pack");
    let other = mirror.with_file_name("other-01234567.partial-1");
    let dead = mirror.with_extension("partial-4000000").join("objects");
    for directory in [&packs, &other, &dead] {
        fs::create_dir_all(directory).unwrap();
    }
    fs::write(packs.join("pack_git2_1234"), "half").unwrap();
    fs::write(packs.join("pack-1234.pack"), "whole").unwrap();
    fs::write(dead.join("half"), "half").unwrap();
    let never = AtomicBool::new(false);
    drop(cache.claim(&address, &mut || panic!("nobody holds it"), &never).unwrap());
    assert!(!mirror.with_extension("partial-4000000").exists());
    assert!(!packs.join("pack_git2_1234").exists());
    assert!(packs.join("pack-1234.pack").exists() && other.exists());
}

#[test]
fn a_second_claim_says_that_it_waits_and_can_be_cancelled() {
    let root = tempfile::tempdir().unwrap();
    let cache = MirrorCache::new(root.path());
    let address = address("https://example.com/owner/name");
    let cancelled = AtomicBool::new(false);
    let held = cache.claim(&address, &mut || {}, &cancelled).unwrap();
    let mut waits = 0;
    let second = cache.claim(
        &address,
        &mut || {
            waits += 1;
            cancelled.store(true, Ordering::Relaxed);
        },
        &cancelled,
    );
    assert!(matches!(second, Err(CacheError::Cancelled)));
    assert_eq!(waits, 1);
    cancelled.store(false, Ordering::Relaxed);
    let mut held = Some(held);
    cache.claim(&address, &mut || drop(held.take()), &cancelled).unwrap();
}

#[test]
fn a_mirror_appears_whole_and_replaces_what_is_not_ours() {
    let root = tempfile::tempdir().unwrap();
    let cache = MirrorCache::new(root.path());
    let address = address("https://example.com/owner/name");
    let claim = cache.claim(&address, &mut || {}, &AtomicBool::new(false)).unwrap();
    fs::create_dir_all(claim.path()).unwrap();
    fs::write(claim.path().join("foreign"), "").unwrap();
    assert!(!claim.is_present());
    fs::create_dir_all(claim.partial()).unwrap();
    claim.mark(&claim.partial(), Some("main")).unwrap();
    claim.publish().unwrap();
    assert!(claim.is_present());
    assert!(!claim.path().join("foreign").exists());
    let names: Vec<_> = fs::read_dir(claim.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "the mirror and its lock: {names:?}");
}
