//! Undefined symbols of shared objects: errors when a program is linked, unless a library that they need, directly or
//! through others, defines them (`--no-allow-shlib-undefined`; GNU ld manual, "-rpath-link").
//!
//! The libraries of libraries are opened only when some name is left, so an ordinary link pays one look at each name.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use object::elf;

use super::bind::Program;
use super::{Seen, State, SymbolId};
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::load::{Item, Opened};
use crate::input::paths::RunTimePath;
use crate::input::shared::{Shared, parse as parse_shared};
use crate::input::store::Store;
use crate::options::{Options, Unresolved};
use crate::report::Report;

/// Shared objects opened at most; a chain of them this long is no program's.
const LIMIT: usize = 4096;

/// A library that another one needs.
struct Need<'d> {
    name: &'d [u8],
    by: PathBuf,
    /// DT_RUNPATH or DT_RPATH of the one that needs it.
    runpath: Vec<&'d [u8]>,
}

/// Reports what no library defines.
pub fn check<'d, E: Elf>(
    p: &Program<'d, E>,
    opts: &Options,
    opened: &Opened<'d>,
    machine: u16,
    store: &'d Store,
    report: &Report,
) {
    let allowed = opts
        .allow_shlib_undefined
        .unwrap_or(!opts.kind.is_executable());
    let ignored = matches!(
        opts.unresolved,
        Unresolved::IgnoreAll | Unresolved::IgnoreInSharedLibs
    );
    if allowed || ignored || p.shared.is_empty() {
        return;
    }
    let mut missing = candidates(p, opts);
    if missing.is_empty() {
        return;
    }
    let absent = look_in_needed(p, opts, opened, machine, store, &mut missing);
    let mut list: Vec<SymbolId> = missing.into_values().collect();
    list.sort_unstable();
    for id in list {
        say(p, opts, id, &absent, report);
    }
}

/// Names that a shared object refers to, not only weakly, and that nothing in the link defines for it.
fn candidates<'d, E: Elf>(p: &Program<'d, E>, opts: &Options) -> HashMap<&'d [u8], SymbolId> {
    let hidden = |v: u8| v == elf::STV_HIDDEN || v == elf::STV_INTERNAL;
    (0u32..)
        .zip(&p.symbols.info)
        .filter(|(_, info)| match info.state {
            State::UndefShared => true,
            // The program has it, but keeps it to itself.
            s => {
                s >= State::DefWeak
                    && hidden(info.visibility)
                    && info.seen.contains(Seen::REF_SHARED_STRONG)
                    && !info.seen.contains(Seen::DEF_SHARED)
                    && opts.kind.is_executable()
            }
        })
        .map(|(i, _)| (p.symbols.name(SymbolId(i)), SymbolId(i)))
        .filter(|(name, _)| !opts.ignore_unresolved.iter().any(|n| n == name))
        .collect()
}

/// Takes out of `missing` what the libraries of the libraries define; gives those that were not found.
fn look_in_needed<'d, E: Elf>(
    p: &Program<'d, E>,
    opts: &Options,
    opened: &Opened<'d>,
    machine: u16,
    store: &'d Store,
    missing: &mut HashMap<&'d [u8], SymbolId>,
) -> Vec<Need<'d>> {
    let mut known: HashSet<&[u8]> = p.shared.iter().map(|s| s.soname).collect();
    let mut queue: Vec<Need<'d>> = p.shared.iter().flat_map(needs).collect();
    let mut absent = Vec::new();
    let path = RunTimePath::new(opts);
    let mut next = 0;
    while next < queue.len() && next < LIMIT && !missing.is_empty() {
        let Some(need) = queue.get_mut(next) else {
            break;
        };
        let need = Need {
            name: need.name,
            by: std::mem::take(&mut need.by),
            runpath: std::mem::take(&mut need.runpath),
        };
        next += 1;
        if !known.insert(need.name) {
            continue;
        }
        let found = path.find(need.name, &need.by, &need.runpath, |file| {
            let data = store.open(file).ok()?;
            // Another machine's library is passed over.
            let parsed = parse_shared::<E>(InputName::file(file), data, machine, need.name).ok()?;
            Some(parsed)
        });
        // One that --as-needed passed over.
        let named = || {
            opened.items.iter().find_map(|item| {
                let Item::Shared {
                    name,
                    data,
                    file_name,
                    ..
                } = item
                else {
                    return None;
                };
                let parsed = parse_shared::<E>(name.clone(), data, machine, file_name).ok()?;
                (parsed.shared.soname == need.name).then_some(parsed)
            })
        };
        let Some(parsed) = found.or_else(named) else {
            absent.push(need);
            continue;
        };
        known.insert(parsed.shared.soname);
        for (i, name) in (1u32..).zip(&parsed.names) {
            let s = parsed.shared.symbol(i);
            if s.shndx != elf::SHN_UNDEF && s.bind() != elf::STB_LOCAL {
                missing.remove(name.name);
            }
        }
        queue.extend(needs(&parsed.shared));
    }
    absent
}

fn needs<'d, E: Elf>(s: &Shared<'d, E>) -> Vec<Need<'d>> {
    s.needed
        .iter()
        .map(|name| Need {
            name,
            by: s.name.path.clone(),
            runpath: s.runpath.clone(),
        })
        .collect()
}

fn say<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    id: SymbolId,
    absent: &[Need<'_>],
    report: &Report,
) {
    let info = p.symbols.info(id);
    let name = opts.shown(p.symbols.name(id));
    let mut text = if info.state >= State::DefWeak {
        let file = match info.file.as_object().and_then(|f| p.objects.get(f)) {
            Some(o) => o.name.to_string(),
            None => "the link".into(),
        };
        format!(
            "hidden symbol {name} in {file} is referenced by a shared object, which cannot see it"
        )
    } else {
        format!("undefined symbol: {name}")
    };
    let refers = |s: &&Shared<'_, E>| {
        (1..s.symbols.len() as u32).any(|i| {
            let sym = s.symbol(i);
            sym.shndx == elf::SHN_UNDEF && sym.bind() != elf::STB_WEAK && s.symbol_id(i) == Some(id)
        })
    };
    for s in p.shared.iter().filter(refers).take(3) {
        text.push_str(&format!("\n>>> referenced by {}", s.name));
        for need in absent.iter().filter(|n| n.by == s.name.path) {
            text.push_str(&format!(
                "\n>>> {}, needed by {}, not found (try using -rpath or -rpath-link)",
                String::from_utf8_lossy(need.name),
                s.name
            ));
        }
    }
    for need in absent {
        if p.shared.iter().all(|s| s.name.path != need.by) {
            text.push_str(&format!(
                "\n>>> {}, needed by {}, not found (try using -rpath or -rpath-link)",
                String::from_utf8_lossy(need.name),
                need.by.display()
            ));
        }
    }
    if opts.warn_unresolved || opts.noinhibit_exec {
        report.warn(text);
    } else {
        report.error(text);
    }
}
