//! What addresses are accepted, refused and how they are written down: tables, one line a case.

use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> String {
    match RemoteAddress::parse(text, &Policy::default()) {
        Ok(address) => panic!("{text} was accepted as {address:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn one_repository_has_one_key() {
    for text in [
        "https://example.com/owner/name",
        "https://example.com/owner/name.git",
        "https://example.com/owner/name/",
        "https://example.com/owner/name.git/",
        "  https://example.com/owner/name\n",
        "HTTPS://Example.COM/owner/name",
        "https://example.com:443/owner/name",
        "https://example.com./owner/name",
        "https://example.com//owner//name",
        "https://example.com/owner/x/../name",
        "https://ｅｘａｍｐｌｅ.com/owner/name",
    ] {
        let address = RemoteAddress::parse(text, &Policy::default()).unwrap();
        assert_eq!(address.source_key(), "https://example.com/owner/name", "{text}");
        assert_eq!((address.host(), address.port(), address.name()), ("example.com", 443, "name"));
    }
}

#[test]
fn the_address_to_fetch_keeps_its_suffix() {
    let url = |text| RemoteAddress::parse(text, &Policy::default()).unwrap().url().to_owned();
    assert_eq!(url("https://Example.com/a/b.git/"), "https://example.com/a/b.git");
    assert_eq!(url("https://example.com/a/b"), "https://example.com/a/b");
    assert_eq!(url("https://140.82.121.4/a/b"), "https://140.82.121.4/a/b");
    assert_eq!(url("https://[2606:50c0::153]/a"), "https://[2606:50c0::153]/a");
}

#[test]
fn other_forms_are_refused_and_the_https_form_is_offered() {
    for (text, wanted) in [
        (
            "ssh://git@example.com/a/b.git",
            "`ssh` are not fetched, only https ones are; try https://example.com/a/b.git",
        ),
        (
            "ssh://git:pw@example.com:22/a",
            "`ssh` are not fetched, only https ones are; try https://example.com/a",
        ),
        ("git@example.com:a/b.git", "are not fetched, only https ones are; try https://example.com/a/b.git"),
        ("http://example.com/a", "`http` are not fetched, only https ones are; try https://example.com/a"),
        ("git://example.com/a", "`git` are not fetched, only https ones are; try https://example.com/a"),
        ("http://127.0.0.1/a", "`http` are not fetched, only https ones are"),
        ("file:///etc", "`file` are not fetched, only https ones are"),
        ("ext::sh -c id", "one plain line"),
        ("ext::id", "`ext` are not fetched, only https ones are"),
        ("ftp://example.com/a", "`ftp` are not fetched, only https ones are"),
        ("example.com/a/b", "this is no https address; try https://example.com/a/b"),
        ("some/folder", "this is no https address"),
        ("https:example.com/a", "this is no https address"),
        ("https:/example.com/a", "this is no https address"),
        ("-oProxyCommand=id", "this is no https address"),
        ("", "the address is empty"),
    ] {
        let message = refused(text);
        assert!(message.contains(wanted), "{text}: {message}");
        assert!(wanted.contains("; try") || !message.contains("; try"), "{text}: {message}");
    }
}

#[test]
fn private_hosts_are_refused_in_every_spelling() {
    for host in [
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "ip6-localhost",
        "db.internal",
        "printer.local",
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0x7f.1",
        "0x7f000001",
        "0X7F.0.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0177.0x0.1",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "0xa.1.2.3",
        "167838211",
        "100.64.1.1",
        "169.254.169.254",
        "2852039166",
        "172.16.0.1",
        "192.168.0.1",
        "192.168.257",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "4294967295",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[ff02::1]",
        "[2001:db8::1]",
    ] {
        let message = refused(&format!("https://{host}/a/b"));
        assert!(message.contains("which a scan does not connect to"), "{host}: {message}");
    }
}

#[test]
fn broken_hosts_ports_and_paths_are_refused() {
    for (text, wanted) in [
        ("https://", "no valid host"),
        ("https:///", "no valid host"),
        ("https://./a", "no valid host"),
        ("https://a..b/c", "no valid host"),
        ("https://[::1/a", "no valid host"),
        ("https://[fe80::1%25eth0]/a", "no valid host"),
        ("https://256.1.1.1/a", "no valid host"),
        ("https://1.2.3.4.5/a", "no valid host"),
        ("https://example.com:99999/a", "no valid host"),
        ("https://exa%00mple.com/a", "no valid host"),
        ("https://example.com", "no repository on it"),
        ("https://example.com/", "no repository on it"),
        ("https://example.com/.git", "no repository on it"),
        ("https://example.com/../..", "no repository on it"),
        ("https://example.com:8443/a", "port 8443 of example.com is not allowed"),
        ("https://example.com:80/a", "port 80 of example.com is not allowed"),
        ("https://example.com/a?ref=b", "holds a `?` or `#`"),
        ("https://example.com/a#b", "holds a `?` or `#`"),
        ("https://example.com/a b", "one plain line"),
        ("https://example.com/a\0b", "one plain line"),
        ("https://example.com/a\r\nHost: x", "one plain line"),
        ("https:\\\\example.com\\a", "one plain line"),
    ] {
        let message = refused(text);
        assert!(message.contains(wanted), "{text:?}: {message}");
    }
    assert!(refused(&format!("https://example.com/{}", "a/".repeat(500_000))).contains("longer than"));
}

#[test]
fn credentials_are_refused_and_never_repeated() {
    for text in [
        "https://S3CRET@example.com/a",
        "https://me:S3CRET@example.com/a",
        "https://:S3CRET@example.com/a",
        "https://@example.com/S3CRET",
        "https://me:S3/CRET@example.com/a",
        "https://me:S3CRET@127.0.0.1/a",
        "https://example.com/a?token=S3CRET",
        "http://me:S3CRET@example.com/a",
        "ssh://me:S3CRET@example.com/a",
        "S3CRET@example.com:a",
        "me:S3CRET@example.com/a",
        "example.com/a?token=S3CRET",
        "ext::S3CRET",
        "https://me:S3CRET@exa mple.com/a",
    ] {
        let error = RemoteAddress::parse(text, &Policy::default()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("CRET"), "{text}: {error}");
    }
}

#[test]
fn an_operator_may_allow_hosts_by_name() {
    let policy =
        Policy { allow_hosts: vec!["git.internal:8443".into(), "10.0.0.7".into()], allow_local: false };
    let accepted = |text| RemoteAddress::parse(text, &policy).is_ok();
    assert!(accepted("https://git.internal:8443/a"));
    assert!(accepted("https://GIT.internal.:8443/a"));
    assert!(!accepted("https://git.internal/a"));
    assert!(accepted("https://10.0.0.7:9000/a"));
    assert!(!accepted("https://10.0.0.8/a"));
    let local = Policy { allow_local: true, ..Policy::default() };
    let address = RemoteAddress::parse("https://localhost:4433/a/b.git", &local).unwrap();
    assert_eq!(address.source_key(), "https://localhost:4433/a/b");
}

#[test]
fn remote_forms_are_told_from_paths() {
    for text in ["https://x/y", "ssh://x", "git@host:path", "ext::sh", "HTTP://x"] {
        assert!(is_remote(text), "{text}");
    }
    for text in [".", "/a/b", "a/b", "../a@b:c", "C:\\x", "c:/x", "me@host", "a:b", ""] {
        assert!(!is_remote(text), "{text}");
    }
}

#[test]
fn dots_at_the_end_of_a_name_hide_no_number() {
    for text in ["https://0../a", "https://127.0.0.1../a", "https://a..b/c", "https://../a"] {
        assert!(RemoteAddress::parse(text, &Policy::default()).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in ".{0,120}") {
        let _ = RemoteAddress::parse(&text, &Policy::default());
        let _ = RemoteAddress::parse(&format!("https://{text}"), &Policy::default());
        is_remote(&text);
    }

    #[test]
    fn the_key_is_its_own_address(text in "https://[a-zA-Z0-9.-]{1,20}/[ -~]{1,30}") {
        if let Ok(address) = RemoteAddress::parse(&text, &Policy::default()) {
            let key = address.source_key();
            let again = RemoteAddress::parse(&key, &Policy::default()).unwrap();
            prop_assert_eq!(again.source_key(), key);
        }
    }
}
