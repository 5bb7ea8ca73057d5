//! What a repository's own configuration asks for and does not get: programs, files elsewhere, addresses, secrets.

use std::fs;

use super::trial::{CANARY, Trial, problems, tasks};

#[test]
fn nothing_that_a_configuration_names_is_run_or_read() {
    let trial = Trial::with_a_commit();
    let (trap, outside) = (trial.trap(), trial.outside.to_str().unwrap());
    fs::write(trial.outside.join("more"), "[remote \"origin\"]\n\turl = https://host.example/CANARY\n")
        .unwrap();
    for hook in ["post-checkout", "pre-commit", "fsmonitor-watchman", "reference-transaction"] {
        fs::copy(&trap, trial.git_file("hooks").join(hook)).unwrap();
    }
    let config = format!(
        "[core]\n\tworktree = {outside}\n\texcludesFile = {outside}/rules\n\tattributesFile = {outside}/rules\n\
         \tfsmonitor = {trap}\n\thooksPath = {outside}\n\tsshCommand = {trap}\n\tpager = {trap}\n\taskPass = {trap}\n\
         [include]\n\tpath = {outside}/more\n[includeIf \"gitdir:/\"]\n\tpath = {outside}/more\n\
         [filter \"x\"]\n\tclean = {trap}\n\tsmudge = {trap}\n\tprocess = {trap}\n\trequired = true\n\
         [diff \"x\"]\n\ttextconv = {trap}\n[credential]\n\thelper = !{trap}\n[alias]\n\tstatus = !{trap}\n"
    );
    let held = fs::read_to_string(trial.git_file("config")).unwrap();
    fs::write(trial.git_file("config"), held + &config).unwrap();
    trial.made.write(".gitattributes", "*.rs filter=x diff=x\n");
    trial.made.write("b.rs", "// TODO: new\n");
    for arguments in [&["--commits", "all"][..], &["--rev", "HEAD"]] {
        let document = trial.document_with(arguments);
        assert!(document["repository"]["remote_url"].is_null());
        assert!(tasks(&document).contains(&"a.rs: seen".to_owned()));
        assert_eq!(problems(&document), [""; 0]);
    }
    assert_eq!(tasks(&trial.document()), ["a.rs: seen", "b.rs: new"]);
}

#[test]
fn submodules_are_listed_and_never_contacted() {
    let trial = Trial::with_a_commit();
    let trace = trial.trace();
    let declared = format!(
        "[submodule \"a\"]\n\tpath = sub/a\n\turl = ext::sh -c touch% {trace}\n\
         [submodule \"b\"]\n\tpath = ../up\n\turl = y\n\
         [submodule \"--upload-pack=x\"]\n\tpath = b\n\turl = --upload-pack=touch {trace}\n\tupdate = !touch {trace}\n\
         [submodule \"c\"]\n\tpath = c\n\turl = https://me:CANARY@host.example/x\n",
        trace = trace.display()
    );
    trial.made.write(".gitmodules", declared);
    trial.made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub/a", "1".repeat(40))]);
    trial.made.git(&["add", ".gitmodules"]);
    trial.made.record("Two");
    for arguments in [&[][..], &["--rev", "HEAD"], &["--no-submodules"]] {
        let document = trial.document_with(arguments);
        let lines = document["submodules"].as_array().unwrap();
        let shown: Vec<_> =
            lines.iter().map(|line| (line["path"].as_str().unwrap(), line["populated"] == true)).collect();
        assert_eq!(shown, [("b", false), ("c", false), ("sub/a", false)]);
        assert_eq!(lines[1]["url"], "https://host.example/x");
    }
    // A submodule whose Git directory is somebody else's.
    trial.made.write("sub/a/.git", "gitdir: ../../../outside/.git\n");
    trial.made.git_in(&trial.outside, &["init", "--quiet"]);
    let document = trial.document();
    insta::assert_snapshot!(problems(&document).join("\n"), @"submodule | sub/a | not entered: its .git leads out of this repository; scan it by itself if you trust it");
}

#[test]
fn secrets_in_addresses_are_neither_printed_nor_saved() {
    let trial = Trial::with_a_commit();
    let database = trial.made.beside("rows.db");
    for address in [
        "https://me:CANARY@host.example/x.git",
        "https://CANARY@host.example/x.git",
        "CANARY@host.example:x.git",
        "ssh://me:CANARY@host.example/x",
        "https://me:CAN@CANARY@host.example/x",
    ] {
        trial.made.git(&["config", "remote.origin.url", address]);
        for format in ["table", "json", "ndjson"] {
            let arguments = ["scan", ".", "--database", database.to_str().unwrap(), "--format", format];
            let ended = trial.run(&arguments);
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert!(!format!("{}{}", ended.out, ended.words).contains(CANARY), "{ended:?}");
        }
        let listed = trial.run(&["repos", "--database", database.to_str().unwrap(), "--format", "json"]);
        assert!(listed.code == Some(0) && !listed.out.contains(CANARY), "{listed:?}");
        let saved = trial.made.beside("").read_dir().unwrap().flatten().map(|entry| entry.path());
        for file in saved.filter(|path| path.is_file()) {
            let content = fs::read(&file).unwrap();
            assert!(
                !content.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn addresses_that_are_not_fetched_say_why() {
    let trial = Trial::new();
    let refused = [
        "https://me:CANARY@host.example/x.git",
        "http://host.example/x",
        "git@host.example:x/y",
        "ssh://me:CANARY@h/x",
        "file:///etc",
        "ext::sh",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://",
    ];
    let said: Vec<String> = refused.iter().map(|address| trial.refusal(&[address])).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
muster: failed to scan: the address holds a user name or password, which would end up in logs and listings; leave it out (a private repository needs a token given to Muster by other means)
muster: failed to scan: addresses of the form `http` are not fetched, only https ones are; try https://host.example/x
muster: failed to scan: addresses of the form `user@host:path` are not fetched, only https ones are; try https://host.example/x/y
muster: failed to scan: addresses of the form `ssh` are not fetched, only https ones are; try https://h/x
muster: failed to scan: addresses of the form `file` are not fetched, only https ones are
muster: failed to scan: addresses of the form `ext` are not fetched, only https ones are
muster: failed to scan: 127.0.0.1 is a loopback address, which a scan does not connect to; if that is intended, allow it by name (--allow-host 127.0.0.1)
muster: failed to scan: [::1] is a loopback address, which a scan does not connect to; if that is intended, allow it by name (--allow-host [::1])
muster: failed to scan: the address has no valid host; write one like https://example.com/owner/name
");
    assert!(!trial.trace().exists());
}
