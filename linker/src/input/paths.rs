//! Finding libraries: `-l`, names in linker scripts, and libraries that libraries need.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::options::{Options, platform_rules};
use crate::script::Glob;

/// The directories searched, in order.
pub struct SearchPath {
    dirs: Vec<PathBuf>,
}

/// A directory of the target system.
fn in_sysroot(dir: &Path, opts: &Options) -> PathBuf {
    match &opts.sysroot {
        Some(s) => s.join(dir.strip_prefix("/").unwrap_or(dir)),
        None => dir.to_path_buf(),
    }
}

/// The platform's own library directories.
fn default_dirs(opts: &Options) -> impl Iterator<Item = PathBuf> {
    let rules = platform_rules(opts.target.as_ref(), opts.dialect);
    let known = rules.map_or(&[][..], |(rules, _)| rules.library_dirs);
    known.iter().map(|dir| in_sysroot(Path::new(dir), opts))
}

impl SearchPath {
    pub fn new(opts: &Options) -> Self {
        let mut dirs = opts.library_dirs.clone();
        if !opts.no_default_dirs {
            dirs.extend(default_dirs(opts));
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

/// Where the libraries that libraries need are looked for, in GNU ld's order (manual, "-rpath-link").
pub struct RunTimePath<'o> {
    opts: &'o Options,
    /// LD_LIBRARY_PATH, when the output is for this system.
    environment: Vec<PathBuf>,
    /// The default directories, and those of `/etc/ld.so.conf`.
    system: Vec<PathBuf>,
}

impl<'o> RunTimePath<'o> {
    pub fn new(opts: &'o Options) -> Self {
        let environment = match (&opts.sysroot, std::env::var_os("LD_LIBRARY_PATH")) {
            (None, Some(list)) => std::env::split_paths(&list)
                .filter(|d| !d.as_os_str().is_empty())
                .collect(),
            _ => Vec::new(),
        };
        let mut system = Vec::new();
        let conf = in_sysroot(Path::new("/etc/ld.so.conf"), opts);
        read_ld_so_conf(&conf, opts, 0, &mut system);
        system.extend(default_dirs(opts));
        RunTimePath {
            opts,
            environment,
            system,
        }
    }

    /// Tries every place where `name`, which the library `by` needs, may be; `open` says whether a file will do.
    pub fn find<T>(
        &self,
        name: &[u8],
        by: &Path,
        runpath: &[&[u8]],
        mut open: impl FnMut(&Path) -> Option<T>,
    ) -> Option<T> {
        let file = Path::new(OsStr::from_bytes(name));
        if name.contains(&b'/') {
            return open(file);
        }
        let origin = by.parent().unwrap_or(Path::new("."));
        let expand = |list: &[u8]| -> Vec<PathBuf> {
            list.split(|c| *c == b':')
                .filter(|dir| !dir.is_empty())
                .map(|dir| from_origin(dir, origin))
                .collect()
        };
        let mut dirs = self.opts.rpath_link.clone();
        dirs.extend(self.opts.rpath.iter().flat_map(|list| expand(list)));
        dirs.extend(self.environment.iter().cloned());
        dirs.extend(runpath.iter().flat_map(|list| expand(list)));
        dirs.iter()
            .chain(&self.system)
            .find_map(|dir| open(&dir.join(file)))
    }
}

/// `$ORIGIN` is the directory of the library that says it.
fn from_origin(dir: &[u8], origin: &Path) -> PathBuf {
    for token in [&b"$ORIGIN"[..], b"${ORIGIN}"] {
        if let Some(rest) = dir.strip_prefix(token) {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            return origin.join(OsStr::from_bytes(rest));
        }
    }
    PathBuf::from(OsStr::from_bytes(dir))
}

/// Adds the directories that a file of the form of `/etc/ld.so.conf` lists: one a line, `#` comments, `include GLOB`.
fn read_ld_so_conf(file: &Path, opts: &Options, depth: u32, dirs: &mut Vec<PathBuf>) {
    const NESTED: u32 = 8;
    let Ok(text) = std::fs::read(file) else {
        return;
    };
    for line in text.split(|c| *c == b'\n') {
        let line = line.split(|c| *c == b'#').next().unwrap_or(line);
        let line = line.trim_ascii();
        let Some(pattern) = line.strip_prefix(b"include") else {
            if line.starts_with(b"/") {
                dirs.push(in_sysroot(Path::new(OsStr::from_bytes(line)), opts));
            }
            continue;
        };
        let pattern = Path::new(OsStr::from_bytes(pattern.trim_ascii()));
        let (Some(dir), Some(name)) = (pattern.parent(), pattern.file_name()) else {
            continue;
        };
        let dir = match dir.is_absolute() {
            true => in_sysroot(dir, opts),
            false => file.parent().unwrap_or(Path::new("")).join(dir),
        };
        let glob = Glob::new(name.as_bytes());
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .filter(|e| glob.matches(e.file_name().as_bytes()))
            .map(|e| e.path())
            .collect();
        files.sort();
        for f in files.iter().filter(|_| depth < NESTED) {
            read_ld_so_conf(f, opts, depth + 1, dirs);
        }
    }
}
