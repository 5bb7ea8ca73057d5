//! Addresses as texts: the form under which one is known, and what they become when a repository is renamed.
//!
//! Nothing is checked here and nothing is ever contacted from here: an address that comes in was checked by whoever read it.

/// True for a text that is an address, and no path of a machine and no id of a provider.
pub(super) fn is_address(text: &str) -> bool {
    text.starts_with("https://")
}

/// The one form under which an address is known: without `.git` and `/` at its end. A path is what it is.
pub(crate) fn key(address: &str) -> &str {
    if !is_address(address) {
        return address;
    }
    let mut key = address.trim_end_matches('/');
    while let Some(shorter) = key.strip_suffix(".git") {
        key = shorter.trim_end_matches('/');
    }
    key
}

/// The address of a repository that is now called `new`: where it ended in its old name, on the same host in the same form;
/// else as it was.
pub(super) fn renamed(address: &str, old: &str, new: &str) -> String {
    let plain = key(address);
    let host = plain.len().checked_sub(old.len()).filter(|at| plain.is_char_boundary(*at));
    match host.map(|at| plain.split_at(at)) {
        Some((host, name)) if host.ends_with('/') && name.eq_ignore_ascii_case(old) => {
            format!("{host}{new}{}", &address[plain.len()..])
        }
        _ => address.to_owned(),
    }
}

/// The last part of `owner/name`, or of an address or path.
pub(super) fn short_name(full_name: &str) -> &str {
    let name = full_name.trim_end_matches('/').rsplit('/').next().unwrap_or(full_name);
    name.strip_suffix(".git").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_each_address() {
        for text in [
            "https://h/o/n",
            "https://h/o/n/",
            "https://h/o/n.git",
            "https://h/o/n.git/",
            "https://h/o/n.git.git",
        ] {
            assert_eq!(key(text), "https://h/o/n");
        }
        assert_eq!(key("/srv/git/n.git"), "/srv/git/n.git");
    }

    #[test]
    fn the_short_name_is_the_last_part() {
        for text in ["o/n", "https://h/o/n.git/", "/srv/git/n.git", "n"] {
            assert_eq!(short_name(text), "n");
        }
    }

    #[test]
    fn a_rename_keeps_host_and_form() {
        assert_eq!(renamed("https://h:8/o/n.git", "O/n", "p/m"), "https://h:8/p/m.git");
        assert_eq!(renamed("https://h/o/n", "o/n", "p/m"), "https://h/p/m");
        for other in ["https://h/x/n", "https://h/xo/n", "/srv/git/n", "é", ""] {
            assert_eq!(renamed(other, "o/n", "p/m"), other);
        }
    }
}
