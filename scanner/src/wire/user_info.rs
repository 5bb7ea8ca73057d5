//! Taking user names, passwords and tokens out of addresses before anything is printed or saved.
//!
//! Local repositories may have a remote of any form, well-formed or not, so this works on text and errs on the side
//! of cutting too much: what stands before the last `@` of an authority goes, and where what is left does not look
//! like a host, everything before the last `@` of the whole address goes.

/// An address without user info and, for web addresses, without query and fragment (tokens hide there too).
///
/// `https://me:secret@host/x` becomes `https://host/x`, `git@host:x` becomes `host:x`. What is no address (a path)
/// stays as it is.
pub fn without_user_info(address: &str) -> String {
    let address = address.trim();
    if let Some((scheme, rest)) = split_scheme(address) {
        if scheme.eq_ignore_ascii_case("file://") {
            return address.to_owned();
        }
        let rest = strip_authority(rest);
        let web = matches!(scheme.to_ascii_lowercase().as_str(), "http://" | "https://");
        let rest = if web { rest.split(['?', '#']).next().unwrap_or_default() } else { rest };
        return format!("{scheme}{rest}");
    }
    if address.contains("://") {
        return redact(address);
    }
    // `user@host:path`, the short form of ssh; without a colon before the first slash it is a path.
    let head = address.split('/').next().unwrap_or_default();
    match head.rfind('@') {
        Some(at) if head.contains(':') => address[at + 1..].to_owned(),
        _ => address.to_owned(),
    }
}

/// Any text with the user info of every `scheme://user:secret@host` in it left out.
///
/// Takes time linear in the text.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "'\"`<>".contains(c)).unwrap_or(after.len());
        let (address, after) = after.split_at(end);
        // Another `://` inside the run (`ext::x http://a@b/http://c@d`): cut before the last `@` that precedes a host.
        out.push_str(strip_authority(address));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `https://` and what follows, where the text begins with a scheme and `://`.
fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let at = address.find("://")?;
    let scheme = &address[..at];
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    valid.then(|| address.split_at(at + 3))
}

/// What follows `://`, without user info.
fn strip_authority(rest: &str) -> &str {
    if !rest.contains('@') {
        return rest;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let start = rest[..end].rfind('@').map_or(0, |at| at + 1);
    let host = &rest[start..end];
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let plain = name.starts_with('[') || port.chars().all(|c| c.is_ascii_digit());
    let again = rest[end..].contains("://");
    if plain && !again && (start > 0 || !host.is_empty()) {
        return &rest[start..];
    }
    // A password with a raw slash in it, or an address within an address.
    rest.rfind('@').map_or(rest, |at| &rest[at + 1..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn user_info_is_left_out_of_every_form() {
        for (given, wanted) in [
            ("https://example.com/a/b.git", "https://example.com/a/b.git"),
            ("https://me@example.com/a", "https://example.com/a"),
            ("https://me:s3cret@example.com:8443/a", "https://example.com:8443/a"),
            ("https://x:y@z@example.com/a", "https://example.com/a"),
            ("https://me:s3/cret@example.com/a", "https://example.com/a"),
            ("https://example.com/a?private_token=s3cret#s3cret", "https://example.com/a"),
            ("HTTPS://S3CRET@example.com/a", "HTTPS://example.com/a"),
            ("ssh://git:s3cret@example.com:22/a", "ssh://example.com:22/a"),
            ("ssh://git@[2001:db8::1]/a", "ssh://[2001:db8::1]/a"),
            ("git+ssh://s3cret@example.com/a", "git+ssh://example.com/a"),
            ("git@example.com:a/b.git", "example.com:a/b.git"),
            ("me:s3cret@example.com:a", "example.com:a"),
            ("ext::sh -c https://me:s3cret@example.com/a", "ext::sh -c https://example.com/a"),
            ("https://a:b@c/https://d:s3cret@e/f", "https://e/f"),
            ("/srv/git/a@b.git", "/srv/git/a@b.git"),
            ("../a@b:c", "../a@b:c"),
            ("https://example.com/@scope/name", "https://example.com/@scope/name"),
            ("file:///srv/git/a@b.git", "file:///srv/git/a@b.git"),
            ("", ""),
            ("://@", "://"),
        ] {
            assert_eq!(without_user_info(given), wanted, "{given}");
        }
    }

    #[test]
    fn texts_lose_the_user_info_of_every_address_in_them() {
        assert_eq!(
            redact("failed at 'https://me:s3cret@host/x' and \"ssh://git@host/y\"; mail me@example.com"),
            "failed at 'https://host/x' and \"ssh://host/y\"; mail me@example.com"
        );
    }

    proptest! {
        #[test]
        fn no_secret_survives(
            user in "[a-z]{0,5}", filler in "[ -~]{0,8}", host in "[a-z]{1,8}\\.test", path in "[a-z/]{0,9}",
            scheme in "(https|http|ssh|git|ftp)"
        ) {
            let filler: String = filler.chars().filter(|c| !"'\"`<> ?#\\".contains(*c)).collect();
            let given = format!("{scheme}://{user}:S3CRET{filler}@{host}/{path}");
            prop_assert!(!without_user_info(&given).contains("S3CRET"), "{}", given);
            prop_assert!(!redact(&format!("no: {given}!")).contains("S3CRET"), "{}", given);
        }

        #[test]
        fn nothing_panics_and_redacting_is_settled_at_once(text in ".{0,80}") {
            without_user_info(&text);
            let once = redact(&text);
            prop_assert!(once.len() <= text.len());
        }
    }
}
