//! Versions and exports: what version scripts, dynamic lists and `.symver` names say about definitions.
//!
//! Version indexes are those of `.gnu.version` (LSB, "Symbol Versioning"): 0 local, 1 global without version, 2 and up the
//! nodes of the version scripts in order. Needed versions of other libraries get numbers after them, later.

use std::collections::HashMap;

use super::SymbolId;
use super::resolve::NamedVersion;
use crate::demangle;
use crate::options::Options;
use crate::report::Report;
use crate::script::{Assigned, Glob, GlobSet, VersionMatcher, VersionScript};

pub const VER_LOCAL: u16 = 0;
pub const VER_GLOBAL: u16 = 1;
pub const VER_HIDDEN: u16 = 0x8000;

/// A version this output defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDef {
    pub name: Vec<u8>,
    /// Indexes into the list of definitions.
    pub parents: Vec<usize>,
}

/// What the scripts say, ready to be asked by name.
pub struct VersionRules {
    matcher: VersionMatcher,
    /// Node number (over all scripts) to version index.
    node_index: Vec<u16>,
    /// Index 0 is version index 2.
    pub defs: Vec<VersionDef>,
    by_name: HashMap<Vec<u8>, u16>,
    dynamic_list: Option<VersionMatcher>,
    export_globs: GlobSet,
    export_list: Option<VersionMatcher>,
}

impl VersionRules {
    pub fn new(opts: &Options, extra: &[VersionScript], report: &Report) -> Self {
        let scripts: Vec<VersionScript> =
            opts.version_scripts.iter().chain(extra).cloned().collect();
        for e in crate::script::check_version_scripts(&scripts) {
            report.error(e);
        }
        let mut defs: Vec<VersionDef> = Vec::new();
        let mut by_name = HashMap::new();
        let mut node_index = Vec::new();
        for node in scripts.iter().flat_map(|s| &s.nodes) {
            if node.name.is_empty() {
                node_index.push(VER_GLOBAL);
                continue;
            }
            let index = *by_name.entry(node.name.clone()).or_insert_with(|| {
                defs.push(VersionDef {
                    name: node.name.clone(),
                    parents: Vec::new(),
                });
                defs.len() as u16 + 1
            });
            node_index.push(index);
            for p in &node.parents {
                match by_name.get(p) {
                    Some(i) => {
                        if let Some(d) = defs.get_mut(usize::from(index) - 2) {
                            d.parents.push(usize::from(*i) - 2);
                        }
                    }
                    None => report.error(format!(
                        "version {} depends on {}, which is not defined before it",
                        String::from_utf8_lossy(&node.name),
                        String::from_utf8_lossy(p)
                    )),
                }
            }
        }
        if opts.default_symver {
            let name = opts.soname.clone().unwrap_or_else(|| {
                use std::os::unix::ffi::OsStrExt;
                opts.output
                    .file_name()
                    .unwrap_or_default()
                    .as_bytes()
                    .to_vec()
            });
            by_name.entry(name.clone()).or_insert_with(|| {
                defs.push(VersionDef {
                    name,
                    parents: Vec::new(),
                });
                defs.len() as u16 + 1
            });
        }
        let export_globs = GlobSet::new(
            opts.export_dynamic_symbols
                .iter()
                .map(|g| (Glob::new(g), 0)),
        );
        let matcher_of = |list: &Option<VersionScript>| {
            list.as_ref()
                .map(|l| VersionMatcher::new(std::slice::from_ref(l)))
        };
        VersionRules {
            matcher: VersionMatcher::new(&scripts),
            node_index,
            defs,
            by_name,
            dynamic_list: matcher_of(&opts.dynamic_list),
            export_globs,
            export_list: matcher_of(&opts.export_list),
        }
    }

    /// Nothing to ask for.
    pub fn is_trivial(&self) -> bool {
        self.matcher.is_empty()
            && self.dynamic_list.is_none()
            && self.export_globs.is_empty()
            && self.export_list.is_none()
            && self.defs.is_empty()
    }

    /// The version index of a definition by its name; None when no script mentions it.
    pub fn of_name(&self, name: &[u8], opts: &Options) -> Option<u16> {
        match self.matcher.lookup(name, || demangle::demangled(name)) {
            Some(Assigned::Node(n)) => Some(self.node_index.get(n).copied().unwrap_or(VER_GLOBAL)),
            Some(Assigned::Local) => Some(VER_LOCAL),
            None if opts.default_symver => Some(self.defs.len() as u16 + 1),
            None => None,
        }
    }

    /// `--dynamic-list`: whether it names the symbol; None without a list.
    pub fn in_dynamic_list(&self, name: &[u8]) -> Option<bool> {
        self.dynamic_list
            .as_ref()
            .map(|m| m.lookup(name, || demangle::demangled(name)).is_some())
    }

    /// `--export-dynamic-symbol`, `--export-dynamic-symbol-list`.
    pub fn is_exported_by_name(&self, name: &[u8]) -> bool {
        let listed = |m: &VersionMatcher| m.lookup(name, || demangle::demangled(name)).is_some();
        (!self.export_globs.is_empty() && self.export_globs.matches(name))
            || self.export_list.as_ref().is_some_and(listed)
    }

    /// Versions that definitions carry in their own names. An undeclared one is added, as lld does when there is no script;
    /// with a script it is an error.
    pub fn named(
        &mut self,
        named: &[NamedVersion<'_>],
        opts: &Options,
        report: &Report,
    ) -> HashMap<SymbolId, u16> {
        let mut out = HashMap::new();
        let has_script = !opts.version_scripts.is_empty();
        for n in named {
            let index = match self.by_name.get(n.version) {
                Some(i) => *i,
                None if n.version.is_empty() => VER_GLOBAL,
                None if !has_script || !opts.kind.is_pic() => {
                    self.defs.push(VersionDef {
                        name: n.version.to_vec(),
                        parents: Vec::new(),
                    });
                    let i = self.defs.len() as u16 + 1;
                    self.by_name.insert(n.version.to_vec(), i);
                    i
                }
                None => {
                    report.error(format!(
                        "symbol {} has undefined version {}: no version script defines it",
                        String::from_utf8_lossy(n.base),
                        String::from_utf8_lossy(n.version)
                    ));
                    continue;
                }
            };
            out.insert(n.id, if n.default { index } else { index | VER_HIDDEN });
        }
        out
    }
}
