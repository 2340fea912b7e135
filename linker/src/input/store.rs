//! Where the bytes of the inputs live until the link is over.
//!
//! Files are mapped (small ones read), members of archives are slices of them, decompressed sections and
//! files made up by the linker are kept beside them. Everything handed out lives as long as the store.
//!
//! This is a module with `unsafe` code: mapping a file, and lending slices for the store's whole life.
#![allow(unsafe_code)]

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use memmap2::Mmap;

use crate::memory;

/// Files up to this many bytes are read: one system call and no page faults.
const READ_LIMIT: u64 = 16 << 10;

enum Kept {
    Map(#[allow(dead_code)] Mmap),
    Bytes(#[allow(dead_code)] Owned),
}

/// A box whose bytes are lent while it is moved about, which a `Box` itself does not allow.
struct Owned(*mut [u8]);
// SAFETY: the bytes are its own, and nobody writes to them.
unsafe impl Send for Owned {}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: `keep` took it from a box, and what was lent of it has ended with the store.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// A mapped file as it was when it was opened.
struct Mapped {
    path: PathBuf,
    file: (u64, u64),
    size: u64,
    modified: (i64, i64),
}

#[derive(Default)]
pub struct Store {
    kept: Mutex<Vec<Kept>>,
    /// Files that were opened, in no order that means anything.
    paths: Mutex<Vec<PathBuf>>,
    mapped: Mutex<Vec<Mapped>>,
}

impl Store {
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a regular file and gives its bytes.
    pub fn open(&self, path: &Path) -> io::Result<&[u8]> {
        let mut file = File::open(path)?;
        let meta = file.metadata()?;
        if meta.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "is a directory",
            ));
        }
        if let Ok(mut paths) = self.paths.lock() {
            paths.push(path.to_path_buf());
        }
        let len = meta.len();
        if len <= READ_LIMIT || !meta.is_file() {
            let mut bytes = Vec::new();
            if meta.is_file() {
                // The size is known: one read, where `read_to_end` would ask for it again and look for more.
                bytes.resize(len as usize, 0);
                file.read_exact(&mut bytes)?;
            } else {
                bytes = super::whole::read_stream(&mut file, &meta)?;
            }
            return Ok(self.keep(bytes));
        }
        // SAFETY: the mapping is private and read-only. Another process that truncates the file during the
        // link can make a page disappear (SIGBUS); `faults` turns that signal into an error.
        let map = unsafe { Mmap::map(&file)? };
        crate::faults::note_mapping(&map, path);
        self.note(path, &meta);
        let slice: *const [u8] = &map[..];
        self.push(Kept::Map(map));
        // SAFETY: the mapping's address does not change when `Mmap` moves, and nothing is taken out of `kept`
        // before the store itself goes.
        Ok(unsafe { &*slice })
    }

    /// Every file that was opened.
    pub fn paths(&self) -> Vec<PathBuf> {
        match self.paths.lock() {
            Ok(paths) => paths.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Takes bytes made by the linker itself.
    pub fn keep(&self, bytes: Vec<u8>) -> &[u8] {
        let owned = Box::into_raw(bytes.into_boxed_slice());
        self.push(Kept::Bytes(Owned(owned)));
        // SAFETY: as in `open`; the bytes stay where they are until the store goes.
        unsafe { &*owned }
    }

    fn note(&self, path: &Path, meta: &Metadata) {
        let mapped = Mapped {
            path: path.to_path_buf(),
            file: (meta.dev(), meta.ino()),
            size: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
        };
        if let Ok(mut list) = self.mapped.lock() {
            list.push(mapped);
        }
    }

    /// Bytes of all files that are mapped.
    pub fn mapped(&self) -> u64 {
        match self.mapped.lock() {
            Ok(list) => list.iter().map(|m| m.size).fold(0, u64::saturating_add),
            Err(_) => 0,
        }
    }

    /// Files that were written to since they were opened, so that what was read of them is of no one state. A file that
    /// was replaced by another one under its name is none of them: its bytes are still those that were opened.
    pub fn changed(&self) -> Vec<PathBuf> {
        let Ok(list) = self.mapped.lock() else {
            return Vec::new();
        };
        let changed = |m: &&Mapped| {
            fs::metadata(&m.path).is_ok_and(|now| {
                (now.dev(), now.ino()) == m.file
                    && (now.len() != m.size || (now.mtime(), now.mtime_nsec()) != m.modified)
            })
        };
        list.iter()
            .filter(changed)
            .map(|m| m.path.clone())
            .collect()
    }

    fn push(&self, k: Kept) {
        match self.kept.lock() {
            Ok(mut v) => v.push(k),
            Err(poisoned) => poisoned.into_inner().push(k),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The end of the process takes mappings back at less cost than a call for each.
        if memory::stays()
            && let Ok(kept) = self.kept.get_mut()
        {
            std::mem::forget(std::mem::take(kept));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was lent first is still there when much more was taken in, by several threads; a large file is mapped, which
    /// Miri cannot do.
    #[test]
    fn what_was_lent_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (small, large) = (dir.path().join("small"), dir.path().join("large"));
        fs::write(&small, b"small").unwrap();
        fs::write(&large, vec![3; 2 * READ_LIMIT as usize]).unwrap();
        let store = Store::new();
        let first = store.keep(b"first".to_vec());
        std::thread::scope(|scope| {
            for n in 0..4u8 {
                let (store, small) = (&store, &small);
                scope.spawn(move || {
                    let mine: Vec<&[u8]> = (0..20).map(|i| store.keep(vec![n; i])).collect();
                    assert_eq!(store.open(small).unwrap(), b"small");
                    assert!(mine.iter().all(|b| b.iter().all(|b| *b == n)));
                });
            }
        });
        assert_eq!(first, b"first");
        assert_eq!(store.paths(), [&*small; 4]);
        assert_eq!(store.mapped(), 0);
        assert!(store.open(dir.path()).is_err());
        if !cfg!(miri) {
            assert_eq!(store.open(&large).unwrap().len() as u64, 2 * READ_LIMIT);
            assert_eq!(store.mapped(), 2 * READ_LIMIT);
            assert!(store.changed().is_empty());
            fs::write(&large, "other").unwrap();
            assert_eq!(store.changed(), [&*large]);
        }
    }
}
