//! What is read of a push: which ref, and hints. Its list of commits is not looked at, for Git knows better.

use muster_model::{ObjectId, ProviderTime};

use super::{NAME, Object, Repository};

/// A push to one ref.
#[derive(Clone, Debug)]
pub struct Push {
    /// `refs/heads/..` or `refs/tags/..`, as said; none where it is longer than 1,024 bytes.
    pub name: Option<String>,
    /// None where it was made.
    pub before: Option<ObjectId>,
    /// None where it was removed.
    pub after: Option<ObjectId>,
    /// When; the one place where GitHub says it.
    pub pushed_at: ProviderTime,
    /// Where.
    pub repository: Repository,
}

impl Push {
    /// From the fields at the top of the payload.
    pub fn read(root: &Object<'_>) -> Self {
        let repository = root.object("repository");
        Self {
            name: root.exact("ref", NAME),
            before: root.commit("before"),
            after: root.commit("after"),
            pushed_at: repository.time("pushed_at"),
            repository: Repository::read(&repository),
        }
    }

    /// Whether Git could have a ref of that name, as `git check-ref-format` says. It will be part of a refspec, where
    /// `:`, `*`, `^` and a leading `+` have a meaning of their own.
    pub fn is_ref_name(name: &str) -> bool {
        let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
        name.starts_with("refs/")
            && name.split('/').all(part)
            && !name.ends_with('.')
            && !name.contains("..")
            && !name.contains("@{")
            && !name.chars().any(|c| c.is_ascii_control() || " ~^:?*[\\".contains(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_refs_are_those_of_git() {
        for name in [
            "refs/heads/main",
            "refs/heads/a/b",
            "refs/tags/v1.0",
            "refs/heads/100%",
            "refs/heads/it's-\"so\"",
            "refs/heads/ünï",
            "refs/heads/+a",
            "refs/heads/-a",
            "refs/heads/@",
        ] {
            assert!(Push::is_ref_name(name), "{name}");
        }
        for name in [
            "",
            "main",
            "refs/",
            "refs/heads/",
            "refs/heads//a",
            "refs/heads/a..b",
            "refs/heads/.a",
            "refs/heads/a.lock",
            "refs/heads/a.lock/b",
            "refs/heads/a b",
            "refs/heads/a:b",
            "refs/heads/*",
            "refs/heads/a~1",
            "refs/heads/a^",
            "refs/heads/a\\b",
            "refs/heads/a@{1}",
            "refs/heads/a.",
            "refs/heads/a\nb",
            "refs/heads/a\0",
            "+refs/heads/a",
        ] {
            assert!(!Push::is_ref_name(name), "{name:?}");
        }
    }
}
