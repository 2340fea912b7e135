//! Linker scripts among the inputs: the files they name are opened in their place, what they lay out is collected.
//!
//! GNU ld manual, "File Commands" and "Implicit Linker Scripts": a file that is neither ELF nor an archive is a script.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::{Item, Loader};
use crate::layout;
use crate::layout::script::plan::Plan;
use crate::options::{InputArg, InputKind, InputMode};
use crate::script::{ScriptCommand, ScriptInput, SectionsItem};

/// Scripts may include scripts this deep.
const MAX_SCRIPT_DEPTH: u32 = 32;
/// Scripts a link may read; one that names itself twice would otherwise be read 2^32 times.
const MAX_SCRIPTS: u32 = 4096;
/// Bytes of scripts that were read before.
const MAX_AGAIN: usize = 1 << 20;

impl<'d> Loader<'_, 'd> {
    pub(super) fn text(&mut self, path: &Path, data: &[u8], mode: InputMode) {
        if data.contains(&0) || data.is_empty() {
            let what = if data.is_empty() {
                "file is empty (unknown file type)"
            } else {
                "file format not recognized (unknown file type)"
            };
            self.report.error(format!("{}: {what}", path.display()));
            return;
        }
        if self.scripts >= MAX_SCRIPTS {
            return;
        }
        self.scripts += 1;
        if !self.script_files.insert(path.to_path_buf()) {
            self.again += data.len();
        }
        let too_often = self.again > MAX_AGAIN || self.scripts == MAX_SCRIPTS;
        if self.depth >= MAX_SCRIPT_DEPTH || too_often {
            self.report.error(format!(
                "{}: linker scripts {}",
                path.display(),
                match too_often {
                    true => "name each other too often",
                    false => "are nested too deeply",
                }
            ));
            self.scripts = MAX_SCRIPTS;
            return;
        }
        match crate::script::parse_linker_script(data, &path.to_string_lossy()) {
            Ok(script) => {
                self.depth += 1;
                self.run_script(&script.commands, path, mode);
                self.depth -= 1;
            }
            Err(errors) => errors.into_iter().for_each(|e| {
                self.report.error(format!("{e}\n>>> (the file is neither ELF nor an archive, so it was read as a linker script)"));
            }),
        }
    }

    /// All scripts are read: what they lay out is known.
    pub(super) fn finish_plan(&mut self) {
        let mut plan = std::mem::take(&mut self.plan);
        if !plan.is_needed() {
            self.out.asserts = plan.asserts;
            return;
        }
        if plan.wants_base() {
            match crate::script::parse_linker_script(
                &layout::script::builtin(self.opts.z.now, 0),
                "the built-in script",
            ) {
                Ok(script) => {
                    plan.builtin = true;
                    let mut own = std::mem::take(&mut plan.items);
                    self.define(&mut plan, &script.commands);
                    own.append(&mut plan.items);
                    plan.items = own;
                }
                Err(errors) => errors.into_iter().for_each(|e| self.report.error(e)),
            }
        }
        plan.put_first(&self.opts.section_order);
        for e in plan.finish() {
            self.report.error(e);
        }
        self.named_inputs(&plan);
        self.out.script_names = plan.names();
        self.out.layout = Some(plan);
    }

    /// Adds a script's commands to the plan, and its symbols to those that are assigned.
    fn define(&mut self, plan: &mut Plan<'d>, commands: &[ScriptCommand]) {
        let out = &mut self.out;
        plan.add(commands, self.store, &mut |a| {
            let index = out.assignments.len();
            out.items.push(Item::Assign { index });
            out.assignments.push(a.clone());
            index
        });
    }

    /// A file that a pattern names without wildcards is an input, if it is none already.
    fn named_inputs(&mut self, plan: &Plan<'d>) {
        let named = plan.rules.iter().filter_map(|r| r.file_name.as_ref());
        let named: Vec<&Path> = named.map(|n| Path::new(OsStr::from_bytes(n))).collect();
        if named.is_empty() {
            return;
        }
        let mut known: HashSet<PathBuf> = self.out.paths.iter().cloned().collect();
        for path in named {
            if known.insert(path.to_path_buf()) && path.exists() {
                self.file(path, InputMode::default());
            }
        }
    }

    pub(super) fn run_script(&mut self, commands: &[ScriptCommand], path: &Path, mode: InputMode) {
        let mut plan = std::mem::take(&mut self.plan);
        self.define(&mut plan, commands);
        self.plan = plan;
        for c in commands {
            match c {
                ScriptCommand::Input(files) => {
                    files.iter().for_each(|f| self.script_input(f, path, mode))
                }
                ScriptCommand::Group(files) => {
                    self.out.items.push(Item::GroupStart);
                    files.iter().for_each(|f| self.script_input(f, path, mode));
                    self.out.items.push(Item::GroupEnd);
                }
                ScriptCommand::SearchDir(dir) => {
                    let dir = Path::new(OsStr::from_bytes(dir));
                    let dir = match (&self.opts.sysroot, dir.to_string_lossy().strip_prefix('=')) {
                        (Some(s), Some(rest)) => s.join(rest.trim_start_matches('/')),
                        (None, Some(rest)) => PathBuf::from(rest),
                        (_, None) => self.opts.shape.roots.path(dir),
                    };
                    self.search.add(dir);
                }
                ScriptCommand::Extern(names) => self.out.externs.extend(names.iter().cloned()),
                ScriptCommand::Entry(name) => self.out.entry = Some(name.clone()),
                ScriptCommand::Version(v) => self.out.version_scripts.push(v.clone()),
                ScriptCommand::Sections(items) => {
                    for item in items {
                        if let SectionsItem::Entry(name) = item {
                            self.out.entry = Some(name.clone());
                        }
                    }
                }
                // GNU ld: as the first file on the command line.
                ScriptCommand::Other(word, file) if word == b"STARTUP" => {
                    let before = self.out.items.len();
                    let input = ScriptInput {
                        name: file.clone(),
                        as_needed: false,
                    };
                    self.script_input(&input, path, mode);
                    let new = self.out.items.split_off(before.min(self.out.items.len()));
                    self.first.push(new);
                }
                _ => {}
            }
        }
    }

    /// A name in `INPUT`/`GROUP`: `-lfoo`, an absolute path (under the sysroot when the script itself lies there),
    /// or a name looked for beside the working directory and in the library directories.
    fn script_input(&mut self, f: &ScriptInput, script: &Path, mode: InputMode) {
        let outer = self.named_by.replace(script.to_path_buf());
        self.script_file(f, script, mode);
        self.named_by = outer;
    }

    fn script_file(&mut self, f: &ScriptInput, script: &Path, mode: InputMode) {
        if self.scripts >= MAX_SCRIPTS {
            return;
        }
        let mode = InputMode {
            as_needed: mode.as_needed || f.as_needed,
            ..mode
        };
        if let Some(lib) = f.name.strip_prefix(b"-l") {
            self.library(OsStr::from_bytes(lib), mode);
            return;
        }
        let path = Path::new(OsStr::from_bytes(&f.name));
        if let Some(sysroot) = &self.opts.sysroot {
            let stripped = f
                .name
                .strip_prefix(b"=")
                .map(|r| Path::new(OsStr::from_bytes(r)));
            if let Some(p) = stripped
                .or_else(|| (path.is_absolute() && is_within(script, sysroot)).then_some(path))
            {
                let full = sysroot.join(p.strip_prefix("/").unwrap_or(p));
                self.file(&full, mode);
                return;
            }
        }
        let rooted = self.opts.shape.roots.path(path);
        if path.is_absolute() || rooted.exists() {
            self.file(&rooted, mode);
            return;
        }
        let beside = script.parent().map(|d| d.join(path));
        let store = self.store;
        if let Some((p, data)) = self
            .search
            .file(path, |p| store.open(p).ok().map(|d| (p.to_path_buf(), d)))
        {
            let base = p.file_name().unwrap_or(p.as_os_str());
            self.opened(&p, data, mode, base.as_bytes());
        } else if let Some(p) = beside.filter(|p| p.exists()) {
            self.file(&p, mode);
        } else {
            self.report.error(format!(
                "{}: cannot find {} named in this linker script",
                script.display(),
                path.display()
            ));
        }
    }

    /// `--defsym NAME=EXPR`: a script of one assignment.
    pub(super) fn defsym(&mut self, input: &InputArg) {
        let InputKind::Defsym { name, expression } = &input.kind else {
            return;
        };
        let text = [&name[..], b"=", expression, b";"].concat();
        match crate::script::parse_linker_script(&text, "--defsym") {
            Ok(s) => self.run_script(&s.commands, Path::new("--defsym"), input.mode),
            Err(errors) => errors.into_iter().for_each(|e| self.report.error(e)),
        }
    }
}

/// Whether a file lies below a directory, links and dots resolved.
fn is_within(file: &Path, dir: &Path) -> bool {
    file.starts_with(dir)
        || match (file.canonicalize(), dir.canonicalize()) {
            (Ok(file), Ok(dir)) => file.starts_with(dir),
            _ => false,
        }
}
