//! The file of wrapping keys: read whole, written anew beside itself and moved into place.
//!
//! A key that is lost takes every secret with it that its tenants' keys seal. So a file is never written over while it is
//! the only copy, nothing is moved into place before it is on the disk, and of two that change it at once one refuses.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use muster_store::{MAX_KEY_TEXT, Secret, WrappingKeys};

use crate::configuration::KeySource;

/// The keys that are configured; none where none are.
pub(crate) fn read(source: &KeySource) -> Result<Option<WrappingKeys>> {
    match source {
        KeySource::Text(text) => {
            WrappingKeys::parse(text.reveal().as_bytes()).map(Some).context("take the key of MUSTER_KEY")
        }
        KeySource::Named(path) => read_file(path).map(Some),
        KeySource::Own(path) if path.exists() => read_file(path).map(Some),
        KeySource::Own(_) | KeySource::Nowhere => Ok(None),
    }
}

fn read_file(path: &Path) -> Result<WrappingKeys> {
    let read = || {
        let file = File::open(path).map_err(not_there)?;
        anyhow::Ok(WrappingKeys::parse(content(&file)?.expose())?)
    };
    read().with_context(|| format!("take the keys of {}", path.display()))
}

/// Why a key file cannot be opened: that there is none is said in our own words.
fn not_there(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("it is not there; muster key init makes one"),
        _ => error.into(),
    }
}

/// As much of a file as keys can take, and a byte more, so that one that is too long is noticed.
fn content(file: &File) -> io::Result<Secret> {
    // All the room at once: a vector that grows leaves keys behind.
    let mut bytes = Vec::with_capacity(MAX_KEY_TEXT + 2);
    file.take(MAX_KEY_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// Makes a file with these keys, for its owner alone; refuses where something is there.
pub(crate) fn create(path: &Path, keys: &WrappingKeys) -> Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        let mut directories = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut directories, 0o700);
        directories.recursive(true).create(parent)?;
    }
    match write_new(path, keys) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!(
                "there is a file already, and a key that is written over is lost; muster key rotate adds one to it"
            )
        }
        written => Ok(written?),
    }
}

/// Writes a file that is not there yet, down to the disk.
fn write_new(path: &Path, keys: &WrappingKeys) -> io::Result<()> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.write(true).create_new(true).open(path)?;
    let written = file.write_all(keys.to_text().expose()).and_then(|()| file.sync_all());
    if written.is_err() {
        _ = fs::remove_file(path); // half of a key is worse than none
    }
    written?;
    sync_folder(path)
}

/// A new name in a folder is on the disk when the folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A key file that is being changed: nobody else changes it until this is dropped.
#[derive(Debug)]
pub(crate) struct KeyFile {
    path: PathBuf,
    _locked: File,
}

impl KeyFile {
    /// Takes the file for oneself, and gives what it holds.
    pub(crate) fn open(path: &Path) -> Result<(Self, WrappingKeys)> {
        // Where it is a link the file that it leads to is replaced, not the link.
        let path = path.canonicalize().map_err(not_there)?;
        let locked = File::open(&path)?;
        if locked.try_lock().is_err() {
            bail!("another program is changing it; try again when that has finished");
        }
        // One that was moved into place in between is another file than the one that is locked.
        let (held, present) = (content(&locked)?, content(&File::open(&path)?)?);
        if held.expose() != present.expose() {
            bail!("another program has just changed it; try again");
        }
        let keys = WrappingKeys::parse(held.expose())?;
        Ok((Self { path, _locked: locked }, keys))
    }

    /// Puts other keys in place of those that it holds: all of them, or as before.
    pub(crate) fn replace(self, keys: &WrappingKeys) -> Result<()> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let new = self.path.with_file_name(format!(".{name}.{}", std::process::id()));
        _ = fs::remove_file(&new); // of one that was killed here under the same number
        write_new(&new, keys).and_then(|()| fs::rename(&new, &self.path)).inspect_err(|_| {
            _ = fs::remove_file(&new);
        })?;
        Ok(sync_folder(&self.path)?)
    }
}

#[cfg(test)]
mod tests {
    use muster_store::{SystemRandom, WrappingKey};

    use super::*;

    fn new_keys() -> WrappingKeys {
        WrappingKeys::new(WrappingKey::generate(&SystemRandom).unwrap())
    }

    /// A folder of this test alone.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("muster-keys-{}-{name}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_file_is_made_for_its_owner_and_never_written_over() {
        let folder = folder("made");
        let path = folder.join("new/keys");
        let keys = new_keys();
        create(&path, &keys).unwrap();
        assert_eq!(read(&KeySource::Named(path.clone())).unwrap().unwrap().to_string(), keys.to_string());
        let refused = create(&path, &new_keys()).unwrap_err().to_string();
        assert!(refused.starts_with("there is a file already"), "{refused}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
        assert_eq!(read(&KeySource::Own(path)).unwrap().unwrap().to_string(), keys.to_string());
        assert!(read(&KeySource::Own(folder.join("none"))).unwrap().is_none());
        let said = format!("{:#}", KeyFile::open(&folder.join("none")).unwrap_err());
        assert_eq!(said, "it is not there; muster key init makes one");
        let said = format!("{:#}", read(&KeySource::Named(folder.join("none"))).unwrap_err());
        assert!(said.ends_with("none: it is not there; muster key init makes one"), "{said}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_is_replaced_whole_by_one_at_a_time() {
        let folder = folder("replaced");
        let path = folder.join("keys");
        let keys = new_keys();
        create(&path, &keys).unwrap();
        let (file, held) = KeyFile::open(&path).unwrap();
        assert_eq!(held.to_string(), keys.to_string());
        let refused = KeyFile::open(&path).unwrap_err().to_string();
        assert!(refused.starts_with("another program is changing it"), "{refused}");
        let rotated = held.rotated_to(WrappingKey::generate(&SystemRandom).unwrap());
        file.replace(&rotated).unwrap();
        assert_eq!(KeyFile::open(&path).unwrap().1.to_string(), rotated.to_string());
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["keys"], "nothing is left beside it");
        fs::remove_dir_all(folder).unwrap();
    }
}
