//! Branches, tags and HEAD of a mirror, written as a whole.
//!
//! A mirror's refs live in `packed-refs` alone and change by one rename, so a reader sees the refs of one fetch or of
//! another, never a mixture; a branch `a` that gives way to `a/b` is no special case; and a repository with
//! 50,000 tags costs one file. libgit2 would write a file a ref and fail on the special case.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use git2::Oid;

/// What HEAD says where the remote names no default branch: a valid name, so that every reader opens the repository.
const NO_DEFAULT: &str = "refs/heads/muster-no-default-branch";

/// Branches and tags by full name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Refs {
    /// Full name to object, sorted as `packed-refs` wants them.
    pub(super) tips: BTreeMap<String, Oid>,
    /// The default branch, without `refs/heads/`.
    pub(super) head_branch: Option<String>,
    /// The heads of the pull requests that were asked for, by full name.
    pub(super) pulls: BTreeMap<String, Oid>,
    /// Names that were left out.
    pub(super) skipped: u64,
    /// The full names of the heads that were asked for.
    wanted: Vec<String>,
}

/// The full name of a pull request's head.
pub(super) fn pull(number: u64) -> String {
    format!("refs/pull/{number}/head")
}

impl Refs {
    /// None yet; of pull requests only these heads will be taken.
    pub(super) fn wanting(wanted: Vec<String>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Takes one announced ref; peeled tags, HEAD and everything but branches, tags and what was asked for are passed over.
    pub(super) fn announce(&mut self, name: &str, object: Oid) {
        if self.wanted.iter().any(|wanted| wanted == name) {
            self.pulls.insert(name.to_owned(), object);
            return;
        }
        if name.ends_with("^{}") || !(name.starts_with("refs/heads/") || name.starts_with("refs/tags/")) {
            return;
        }
        if git2::Reference::is_valid_name(name) {
            self.tips.insert(name.to_owned(), object);
        } else {
            self.skipped += 1;
        }
    }

    /// Settles the default branch: the one that the remote's HEAD names; without a name (servers before 2013), a
    /// branch with HEAD's object, `main` and `master` first.
    pub(super) fn point_head(&mut self, symref: Option<&str>, object: Option<Oid>) {
        let known = |name: &str| self.tips.contains_key(name);
        let named = symref.filter(|name| name.starts_with("refs/heads/") && known(name)).map(str::to_owned);
        let same = |name: &str| object.is_some() && self.tips.get(name) == object.as_ref();
        let found = named.or_else(|| {
            let usual = ["refs/heads/main", "refs/heads/master"].into_iter().find(|name| same(name));
            let any = || {
                self.tips
                    .keys()
                    .map(String::as_str)
                    .find(|name| name.starts_with("refs/heads/") && same(name))
            };
            usual.or_else(any).map(str::to_owned)
        });
        self.head_branch = found.and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned));
    }

    /// Writes `packed-refs` and HEAD of a bare repository, each by renaming a finished file over the old one. The heads of pull
    /// requests are files of their own, so that a fetch that does not ask for them leaves them as they are.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub(super) fn write(&self, git_dir: &Path) -> io::Result<()> {
        let mut packed = String::from("# pack-refs with: sorted \n");
        for (name, object) in &self.tips {
            packed.push_str(&format!("{object} {name}\n"));
        }
        replace(&git_dir.join("packed-refs"), packed.as_bytes())?;
        let head =
            self.head_branch.as_ref().map_or(NO_DEFAULT.to_owned(), |name| format!("refs/heads/{name}"));
        for (name, object) in &self.pulls {
            let (temporary, path) = (git_dir.join("pull-head.new"), git_dir.join(name));
            fs::create_dir_all(path.parent().unwrap_or(git_dir))?;
            fs::write(&temporary, format!("{object}\n"))?;
            fs::rename(&temporary, &path)?;
        }
        replace(&git_dir.join("HEAD"), format!("ref: {head}\n").as_bytes())
    }
}

/// Replaces a file as a whole: a reader sees the old or the new content.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = path.with_file_name(name);
    let mut file = fs::File::create(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(digit: char) -> Oid {
        Oid::from_str(&digit.to_string().repeat(40)).unwrap()
    }

    fn announced() -> Refs {
        let mut refs = Refs::default();
        for (name, digit) in [
            ("HEAD", '1'),
            ("refs/heads/zebra", '1'),
            ("refs/heads/main/x", '2'),
            ("refs/tags/v1", '3'),
            ("refs/tags/v1^{}", '1'),
            ("refs/pull/1/head", '4'),
            ("refs/heads/a..b", '4'),
            ("refs/heads/x.lock", '4'),
            ("refs/heads/a\nb", '4'),
        ] {
            refs.announce(name, object(digit));
        }
        refs
    }

    #[test]
    fn only_branches_and_tags_with_valid_names_are_kept() {
        let refs = announced();
        let names: Vec<&str> = refs.tips.keys().map(String::as_str).collect();
        assert_eq!(names, ["refs/heads/main/x", "refs/heads/zebra", "refs/tags/v1"]);
        assert_eq!(refs.skipped, 3);
    }

    #[test]
    fn head_follows_its_name_else_its_object_else_nothing() {
        let mut refs = announced();
        refs.point_head(Some("refs/heads/main/x"), Some(object('1')));
        assert_eq!(refs.head_branch.as_deref(), Some("main/x"));
        refs.point_head(Some("refs/heads/unborn"), Some(object('1')));
        assert_eq!(refs.head_branch.as_deref(), Some("zebra"));
        refs.point_head(None, Some(object('9')));
        assert_eq!(refs.head_branch, None);
        refs.announce("refs/heads/master", object('1'));
        refs.point_head(None, Some(object('1')));
        assert_eq!(refs.head_branch.as_deref(), Some("master"));
        refs.point_head(Some("refs/tags/v1"), None);
        assert_eq!(refs.head_branch, None);
    }

    #[test]
    fn what_is_written_is_what_git_reads() {
        let directory = tempfile::tempdir().unwrap();
        let repository = git2::Repository::init_bare(directory.path()).unwrap();
        let blob = repository.blob(b"x").unwrap();
        let mut refs = Refs::default();
        refs.announce("refs/heads/a/b", blob);
        refs.announce("refs/tags/t", blob);
        refs.point_head(Some("refs/heads/a/b"), None);
        refs.write(directory.path()).unwrap();
        assert_eq!(repository.refname_to_id("refs/tags/t").unwrap(), blob);
        assert_eq!(repository.refname_to_id("HEAD").unwrap(), blob);
        let read = gix::open(directory.path()).unwrap();
        assert_eq!(read.head_name().unwrap().unwrap().as_bstr(), "refs/heads/a/b");
        assert_eq!(read.find_reference("refs/tags/t").unwrap().id().to_string(), blob.to_string());
        let mut next = Refs::default();
        next.announce("refs/heads/a", blob);
        next.write(directory.path()).unwrap();
        assert_eq!(repository.refname_to_id("refs/heads/a").unwrap(), blob);
        assert!(repository.refname_to_id("refs/heads/a/b").is_err());
        assert!(repository.refname_to_id("HEAD").is_err());
        assert_eq!(
            fs::read_to_string(directory.path().join("HEAD")).unwrap(),
            format!("ref: {NO_DEFAULT}\n")
        );
    }
}
