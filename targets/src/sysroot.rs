//! The one place of this crate that asks the file system, as a trait, so that tests use made-up trees.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What look-ups need to know about files.
pub trait FileSystem {
    /// Whether a non-directory of this name exists (symbolic links followed).
    fn is_file(&self, path: &Path) -> bool;
    /// Whether this process may run the file.
    fn is_executable(&self, path: &Path) -> bool;
    /// Whether a directory of this name exists.
    fn is_dir(&self, path: &Path) -> bool;
    /// Names in a directory, sorted; empty when it cannot be read.
    fn list(&self, path: &Path) -> Vec<String>;
    /// Contents of a small text file; `None` when it cannot be read.
    fn read(&self, path: &Path) -> Option<Vec<u8>>;
    /// The name with all symbolic links resolved; `None` when it does not exist.
    fn canonical(&self, path: &Path) -> Option<PathBuf>;
}

/// The real file system.
#[derive(Debug, Default)]
pub struct RealFs;

impl FileSystem for RealFs {
    fn is_file(&self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|m| !m.is_dir())
    }
    fn is_executable(&self, path: &Path) -> bool {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|m| !m.is_dir() && m.permissions().mode() & 0o111 != 0)
    }
    fn is_dir(&self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|m| m.is_dir())
    }
    fn list(&self, path: &Path) -> Vec<String> {
        let mut names: Vec<String> = match std::fs::read_dir(path) {
            Ok(dir) => dir
                .flatten()
                .filter_map(|e| e.file_name().into_string().ok())
                .collect(),
            Err(_) => Vec::new(),
        };
        names.sort();
        names
    }
    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }
    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        // The kernel resolves all links in one open; realpath(3) asks it about each part of the name.
        use std::os::fd::AsRawFd;
        use std::os::unix::fs::OpenOptionsExt;
        const O_PATH: i32 = 0o10_000_000;
        if cfg!(target_os = "linux") {
            let file = std::fs::OpenOptions::new()
                .read(true)
                .custom_flags(O_PATH)
                .open(path)
                .ok()?;
            if let Ok(real) = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())) {
                return Some(real);
            }
        }
        std::fs::canonicalize(path).ok()
    }
}

/// A made-up tree: files with contents, directories implied by them. `..` is resolved textually.
/// Counts its questions, so that tests can hold look-ups to a budget.
#[derive(Debug, Default)]
pub struct FakeFs {
    files: BTreeMap<PathBuf, Vec<u8>>,
    asked: RefCell<Vec<PathBuf>>,
}

impl FakeFs {
    /// A tree with these empty files.
    pub fn with_files<'a>(files: impl IntoIterator<Item = &'a str>) -> FakeFs {
        let mut fs = FakeFs::default();
        for f in files {
            fs.add(f, b"");
        }
        fs
    }
    /// Adds one file.
    pub fn add(&mut self, path: &str, contents: &[u8]) {
        self.files.insert(tidy(Path::new(path)), contents.to_vec());
    }
    /// How many questions were asked so far.
    pub fn questions(&self) -> usize {
        self.asked.borrow().len()
    }
    fn ask(&self, path: &Path) -> PathBuf {
        let path = tidy(path);
        self.asked.borrow_mut().push(path.clone());
        path
    }
}

impl FileSystem for FakeFs {
    fn is_file(&self, path: &Path) -> bool {
        let path = self.ask(path);
        self.files.contains_key(&path)
    }
    fn is_executable(&self, path: &Path) -> bool {
        self.is_file(path)
    }
    fn is_dir(&self, path: &Path) -> bool {
        let path = self.ask(path);
        self.files
            .keys()
            .any(|f| f != &path && f.starts_with(&path))
    }
    fn list(&self, path: &Path) -> Vec<String> {
        let path = self.ask(path);
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|f| {
                f.strip_prefix(&path)
                    .ok()?
                    .components()
                    .next()?
                    .as_os_str()
                    .to_str()
                    .map(str::to_string)
            })
            .collect();
        names.dedup();
        names
    }
    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let path = self.ask(path);
        self.files.get(&path).cloned()
    }
    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        let path = self.ask(path);
        (self.files.contains_key(&path) || self.files.keys().any(|f| f.starts_with(&path)))
            .then_some(path)
    }
}

/// Removes `.` and resolves `..` textually (right where no directory is a symbolic link).
pub fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fake_tree_answers_like_a_real_one() {
        let fs = FakeFs::with_files([
            "/usr/lib/gcc/x/12/crtbegin.o",
            "/usr/lib/gcc/x/13/crtbegin.o",
        ]);
        assert!(fs.is_dir(Path::new("/usr/lib/gcc")));
        assert!(fs.is_file(Path::new("/usr/lib/gcc/x/13/../12/crtbegin.o")));
        assert!(!fs.is_file(Path::new("/usr/lib/gcc")));
        assert_eq!(fs.list(Path::new("/usr/lib/gcc/x")), ["12", "13"]);
        assert_eq!(fs.questions(), 4);
    }
}
