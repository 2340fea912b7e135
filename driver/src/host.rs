//! The machine the command runs on: environment, file system, our own place in it.
//!
//! Gathered behind one value so that plans can be made in tests for machines that do not exist.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use wcc_targets::sysroot::FileSystem;

/// What planning may ask.
pub struct Host<'a> {
    pub fs: &'a dyn FileSystem,
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
    /// Our own program, links resolved.
    pub exe: PathBuf,
}

impl Host<'_> {
    /// A variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<OsString> {
        (self.env)(name).filter(|v| !v.is_empty())
    }

    /// The directory our programs are in.
    pub fn own_dir(&self) -> &Path {
        self.exe.parent().unwrap_or(Path::new("/"))
    }

    /// `ld.wcc` beside us: what is printed as the linker's name.
    pub fn ld_wcc(&self) -> PathBuf {
        self.own_dir().join("ld.wcc")
    }

    /// Directories of PATH; where it is not set, the ones the C library falls back to. An empty entry, which a shell takes
    /// for the working directory, is none.
    pub fn path(&self) -> Vec<PathBuf> {
        let path = self
            .var("PATH")
            .unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
        std::env::split_paths(&path)
            .filter(|d| !d.as_os_str().is_empty())
            .collect()
    }

    /// Whether this is one of wcc's own programs, under any name.
    pub fn is_self(&self, path: &Path) -> bool {
        self.fs
            .canonical(path)
            .is_some_and(|real| self.is_own(&real))
    }

    fn is_own(&self, real: &Path) -> bool {
        real == self.exe
            || real
                .file_name()
                .and_then(OsStr::to_str)
                .is_some_and(|n| matches!(n, "wcc" | "wcc++" | "ld.wcc"))
    }

    /// Finds a program on PATH that is not wcc. A name with a slash is a path.
    pub fn find_program(&self, name: &OsStr) -> Option<Found> {
        let found = |path: PathBuf| {
            let real = self.fs.canonical(&path)?;
            Some(Found { path, real })
        };
        if Path::new(name).components().count() > 1 {
            return Some(PathBuf::from(name))
                .filter(|p| self.fs.is_file(p))
                .and_then(found);
        }
        self.path()
            .into_iter()
            .map(|d| d.join(name))
            .filter(|p| self.fs.is_file(p))
            .filter_map(found)
            .find(|f| !self.is_own(&f.real))
    }
}

/// A program: its path as found, and with all links resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub real: PathBuf,
}
