//! Finding libraries: `-l`, and names in linker scripts.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::options::{Options, platform_rules};

/// The directories searched, in order.
pub struct SearchPath {
    dirs: Vec<PathBuf>,
}

impl SearchPath {
    pub fn new(opts: &Options) -> Self {
        let mut dirs = opts.library_dirs.clone();
        if !opts.no_default_dirs {
            let rules = platform_rules(opts.emulation.as_deref(), opts.dialect);
            let known = rules.map_or(&[][..], |(rules, _)| rules.library_dirs);
            dirs.extend(known.iter().map(|d| match &opts.sysroot {
                Some(s) => s.join(d.trim_start_matches('/')),
                None => PathBuf::from(d),
            }));
        }
        SearchPath { dirs }
    }

    /// `SEARCH_DIR` of a script.
    pub fn add(&mut self, dir: PathBuf) {
        self.dirs.push(dir);
    }

    /// Tries every candidate file for `-lNAME`; `open` says whether it will do.
    pub fn library<T>(
        &self,
        name: &OsStr,
        static_only: bool,
        mut open: impl FnMut(&Path) -> Option<T>,
    ) -> Option<T> {
        let exact = name.as_bytes().strip_prefix(b":");
        for dir in &self.dirs {
            if let Some(file) = exact {
                if let Some(found) = open(&dir.join(OsStr::from_bytes(file))) {
                    return Some(found);
                }
                continue;
            }
            for suffix in if static_only {
                &[".a"][..]
            } else {
                &[".so", ".a"]
            } {
                let mut file = OsString::from_vec(b"lib".to_vec());
                file.push(name);
                file.push(suffix);
                if let Some(found) = open(&dir.join(file)) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// A plain file name searched for in the directories (script inputs).
    pub fn file<T>(&self, name: &Path, mut open: impl FnMut(&Path) -> Option<T>) -> Option<T> {
        self.dirs.iter().find_map(|d| open(&d.join(name)))
    }

    pub fn dirs(&self) -> &[PathBuf] {
        &self.dirs
    }
}
