//! `--chroot=DIR` and `-C DIR`: other directories for absolute and relative names (mold; lld's `--chroot`). They are what
//! the response files ask for that mold and lld put beside the inputs with `--repro` and `--reproduce`.
//!
//! The process stays where it is: every name that the command line or a script gives is rewritten. A root that is relative
//! counts from the directory of `-C`, whatever comes first. Plugins are the compiler's and stay where they are.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::InputKind;
use super::gnu::Line;

/// Where names start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    /// `-C`: of relative names.
    pub directory: Option<PathBuf>,
    /// `--chroot`: of absolute names.
    pub root: Option<PathBuf>,
}

impl Roots {
    fn is_plain(&self) -> bool {
        self.directory.is_none() && self.root.is_none()
    }

    /// The file that a name means.
    pub fn path(&self, name: &Path) -> PathBuf {
        let (base, rest) = match name.strip_prefix("/") {
            Ok(rest) => (&self.root, rest),
            Err(_) => (&self.directory, name),
        };
        match base {
            Some(base) => base.join(rest),
            None => name.to_path_buf(),
        }
    }

    fn bytes(&self, name: &mut Vec<u8>) {
        *name = self
            .path(&super::values::path(name))
            .as_os_str()
            .as_bytes()
            .to_vec();
    }
}

/// Rewrites what the command line names; no file has been read yet.
pub fn apply(line: &mut Line) {
    if line.opts.shape.roots.is_plain() {
        return;
    }
    let mut roots = line.opts.shape.roots.clone();
    if let (Some(directory), Some(root)) = (&roots.directory, &roots.root) {
        roots.root = Some(directory.join(root));
    }
    line.opts.shape.roots = roots.clone();
    let set = |path: &mut PathBuf| *path = roots.path(path);
    for input in &mut line.opts.inputs {
        match &mut input.kind {
            InputKind::File(path) | InputKind::Binary(path) | InputKind::JustSymbols(path) => {
                set(path);
            }
            _ => {}
        }
    }
    let to_sysroot = |dir: &[u8]| dir.starts_with(b"=") || dir.starts_with(b"$SYSROOT");
    let dirs = [
        &mut line.library_dirs,
        &mut line.default_dirs,
        &mut line.rpath_link,
    ];
    for dir in dirs.into_iter().flatten() {
        if !to_sysroot(dir) {
            roots.bytes(dir);
        }
    }
    let lists = [
        &mut line.scripts,
        &mut line.version_scripts,
        &mut line.dynamic_lists,
        &mut line.export_lists,
        &mut line.order_files,
        &mut line.section_order_files,
        &mut line.call_graph_files,
        &mut line.remap_files,
    ];
    for name in lists.into_iter().flatten() {
        roots.bytes(name);
    }
    for name in [&mut line.default_script, &mut line.retain_file]
        .into_iter()
        .flatten()
    {
        roots.bytes(name);
    }
    let o = &mut line.opts;
    if o.output.as_os_str() != "-" {
        set(&mut o.output);
    }
    let files = [
        &mut o.sysroot,
        &mut o.map_file,
        &mut o.html_report,
        &mut o.dependency_file,
        &mut o.why_extract,
        &mut o.print_archive_stats,
        &mut o.reproduce,
        &mut o.error_handling_script,
        &mut o.time_trace,
        &mut o.shape.print_symbol_order,
    ];
    for path in files.into_iter().flatten() {
        if path.as_os_str() != "-" {
            set(path);
        }
    }
    if let Some(Some(path)) = &mut o.separate_debug {
        set(path);
    }
}
