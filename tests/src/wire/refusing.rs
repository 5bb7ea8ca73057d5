//! Remotes that are refused before or while they are asked: each with a reason, none with a trace.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use super::scene::Scene;
use super::server::Answer;
use crate::program::built;

#[test]
fn a_private_host_is_refused_unless_it_is_named() {
    let mut scene = Scene::new();
    scene.options.policy.allow_hosts = Vec::new();
    let said = scene.refusal();
    assert!(said.contains("localhost is a loopback address"), "{said}");
    scene.options.policy.allow_hosts = vec!["localhost:1".into()];
    assert!(scene.fetch().is_err());
    scene.options.policy.allow_hosts = vec!["localhost".into()];
    assert!(scene.fetch().is_ok());
}

#[test]
fn a_redirect_is_refused_wherever_it_leads() {
    let (scene, other) = (Scene::new(), Scene::new());
    for (target, wanted) in [
        ("https://example.com".to_owned(), "it redirects to https://example.com/owner/name.git, which"),
        ("https://me:S3CRET@example.com".to_owned(), "it redirects elsewhere"),
        (format!("https://127.0.0.1:{}", scene.server.port), "it redirects elsewhere"),
        (format!("https://localhost:{}", other.server.port), "it redirects elsewhere"),
        (format!("https://localhost:{}/x", scene.server.port), "/x/owner/name.git, which is not followed"),
        ("/y".to_owned(), "/y/owner/name.git, which is not followed"),
        ("http://localhost".to_owned(), "it redirects elsewhere"),
        ("file:///etc".to_owned(), "it redirects elsewhere"),
    ] {
        scene.server.set(Answer::Redirect(target.clone()));
        let said = scene.refusal();
        assert!(said.contains(wanted) && !said.contains("S3CRET"), "{target}: {said}");
    }
}

#[test]
fn a_server_that_redirects_to_the_name_with_git_is_asked_for_that() {
    let scene = Scene::new();
    scene.server.set(Answer::GitOnlySuffixed);
    let mirror =
        scene.fetch_from(&scene.url().replace(".git", ""), &mut |_| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!(scene.refs(&mirror.git_dir), scene.refs(&scene.remote()));
    let again = scene.fetch().unwrap();
    assert_eq!(mirror.git_dir, again.git_dir);
}

#[test]
fn a_child_that_is_asked_wrongly_repeats_nothing_of_it() {
    let child = Command::new(built("muster-fetch"))
        .arg("__fetch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let request = r#"{"url":"x","policy":{"allow_hosts":[],"allow_local":false},"credentials":"S3CRET"}"#;
    writeln!(child.stdin.as_ref().unwrap(), "{request}").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(r#""failure":"request""#) && !said.contains("S3CRET"), "{said}");
    assert!(!output.status.success());
}

#[test]
fn a_certificate_that_is_not_trusted_or_of_another_name_is_refused() {
    let (mut scene, other) = (Scene::new(), Scene::new());
    let own = std::mem::replace(&mut scene.options.environment, other.options.environment);
    let said = scene.refusal();
    assert!(said.contains("its certificate cannot be trusted"), "{said}");
    scene.options.environment = own;
    assert!(scene.fetch().is_ok());

    let misnamed = Scene::empty(&["example.com"]);
    let said = misnamed.refusal();
    assert!(said.contains("its certificate cannot be trusted"), "{said}");
}

#[test]
fn answers_that_are_no_repository_are_told_apart() {
    let scene = Scene::new();
    for (answer, wanted) in [
        (Answer::Status("404 Not Found"), "HTTP status 404; there is no such public repository"),
        (Answer::Status("403 Forbidden"), "HTTP status 403; access is forbidden"),
        (Answer::Status("503 Service Unavailable"), "HTTP status 503; the server has a problem"),
        (Answer::Page("text/html", b"<html>".to_vec()), "it does not answer as a Git repository"),
        (
            Answer::Page("application/x-git-upload-pack-advertisement", b"nonsense".to_vec()),
            "it does not answer as",
        ),
        (Answer::Page("application/x-git-upload-pack-advertisement", Vec::new()), "it does not answer as"),
        (
            Answer::Page("application/x-git-upload-pack-advertisement", b"\0\xff".repeat(9999)),
            "it does not answer as",
        ),
    ] {
        scene.server.set(answer.clone());
        let said = scene.refusal();
        assert!(said.contains(wanted), "{answer:?}: {said}");
        assert!(said.starts_with("it "), "reads on from `failed to fetch https://...: `: {said}");
    }
}

#[test]
fn a_repository_of_sha_256_objects_is_told_so() {
    let scene = Scene::empty(&["localhost"]);
    scene.git(
        &scene.remote(),
        &["init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=trunk", "."],
    );
    scene.git(&scene.work(), &["init", "--quiet", "--object-format=sha256", "--initial-branch=trunk", "."]);
    scene.commit("one");
    scene.push("trunk");
    let said = scene.refusal();
    assert!(said.contains("names its objects by SHA-256"), "{said}");
}

#[test]
fn a_host_that_does_not_answer_or_exist_is_told_so() {
    let mut scene = Scene::new();
    scene.options.policy.allow_local = true;
    let failed =
        |url: &str| scene.fetch_from(url, &mut |_| {}, &AtomicBool::new(false)).unwrap_err().to_string();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let said = failed(&format!("https://127.0.0.1:{port}/a"));
    assert!(said.contains("no connection could be made"), "{said}");
    // A name that never resolves (RFC 6761).
    let said = failed("https://nowhere.invalid/a");
    assert!(said.contains("its host name cannot be resolved"), "{said}");
    assert_eq!(scene.left_behind(), Vec::<String>::new());
}
