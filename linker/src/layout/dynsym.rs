//! The dynamic symbol table and what hangs on it: names, hash tables, versions, DT_NEEDED strings.
//!
//! gABI, "Dynamic Linking"; the order is the one `.gnu.hash` asks for: symbols that are not to be found through it first.

use std::collections::HashMap;

use wcc_targets::{Dialect, LoadRules};

use crate::arch::SymFlags;
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::input::shared::{Shared, VERSYM_HIDDEN};
use crate::layout::slots::{NONE, SlotTable, Slots, flags_of};
use crate::live::Liveness;
use crate::options::{Options, OutputKind};
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::versions::{VER_GLOBAL, VER_LOCAL};
use crate::symbols::{SectionId, Seen, State, SymbolId};
use crate::synth::gnu_hash::{self, GnuHash};
use crate::synth::strtab::StrTab;
use crate::synth::sunw_ldynsym::LocalSymbols;
use crate::synth::versions::{Definition, Needed, Request};
use crate::synth::{sunw_cap, sunw_ldynsym, sunw_syminfo, sysv_hash, versions};

/// Numbers of the strings that `.dynamic` names.
#[derive(Clone, Debug, Default)]
pub struct DynamicStrings {
    pub needed: Vec<u32>,
    /// DT_POSFLAG_1 of each; 0 for none.
    pub needed_flags: Vec<u32>,
    /// Filtees of single symbols.
    pub filtees: Vec<FilteeString>,
    /// Names of machines and platforms that the object is for, as `.SUNW_cap` has them.
    pub capabilities: Vec<u32>,
    pub config: Option<u32>,
    pub soname: Option<u32>,
    pub runpath: Option<u32>,
    pub auxiliary: Vec<u32>,
    pub filter: Vec<u32>,
    pub audit: Option<u32>,
    pub depaudit: Option<u32>,
}

/// DT_SUNW_FILTER or DT_SUNW_AUXILIARY.
#[derive(Clone, Debug)]
pub struct FilteeString {
    pub auxiliary: bool,
    pub object: Vec<u8>,
    pub string: u32,
}

#[derive(Default)]
pub struct DynSymbols {
    /// Symbols in table order; the table's number is the index + 1.
    pub symbols: Vec<SymbolId>,
    /// Offset of each one's name in `.dynstr`.
    pub names: Vec<u32>,
    /// By global symbol number: number in the table, 0 for none.
    index: Vec<u32>,
    pub gnu: Option<GnuHash>,
    /// sysv hash of each name; None for what is not to be found.
    pub sysv: Vec<Option<u32>>,
    pub strings: DynamicStrings,
    pub dynstr: Vec<u8>,
    /// Version index of each symbol; empty when nothing has a version.
    pub versym: Vec<u16>,
    pub verdef: Vec<u8>,
    pub verdef_count: u32,
    pub verneed: Vec<u8>,
    pub verneed_count: u32,
    /// There is a `.hash`, even if no symbol is in it.
    pub has_sysv: bool,
    /// `.SUNW_ldynsym`.
    pub local: LocalSymbols,
    /// There is a `.SUNW_syminfo`.
    pub has_syminfo: bool,
    /// By name: number of its description in the mapfile.
    pub described: HashMap<Vec<u8>, usize>,
}

/// Stands in [`DynSymbols::symbols`], first, for the local symbol of the module's own TLS block.
pub const OWN_TLS: SymbolId = SymbolId(u32::MAX);

/// Bytes left free at the end of `.dynstr` for tools that change paths (libld's size).
pub const STRING_PAD: u64 = 512;

impl DynSymbols {
    /// Number of the local symbol of the module's own TLS block; 0 when there is none.
    pub fn own_tls(&self) -> u32 {
        u32::from(self.symbols.first() == Some(&OWN_TLS))
    }

    /// Number in `.dynsym`; 0 when the symbol is not there.
    pub fn index(&self, id: SymbolId) -> u32 {
        self.index.get(id.index()).copied().unwrap_or(0)
    }
}

/// Whether the symbol stands in `.dynsym` as defined here.
fn is_defined<E: Elf>(p: &Program<'_, E>, slots: &SlotTable, id: SymbolId) -> bool {
    p.symbols.info(id).state >= State::DefWeak || slots.copy_of.contains_key(&id)
}

/// Whether others must find it here: definitions, and functions whose PLT entry in this program is their address.
fn is_findable<E: Elf>(p: &Program<'_, E>, slots: &SlotTable, id: SymbolId) -> bool {
    let canonical = || slots.get(id).is_some_and(|s| s.canonical && s.plt != NONE);
    is_defined(p, slots, id) || canonical()
}

/// Whether some GOT word holds the thread-pointer offset of a variable of this library.
fn needs_own_tls<E: Elf>(p: &Program<'_, E>, slots: &SlotTable, opts: &Options) -> bool {
    let own = |s: &Slots| s.gottp != NONE && !flags_of(p, s.id).contains(SymFlags::IMPORTED);
    opts.kind == OutputKind::Shared && slots.slots.iter().any(own)
}

/// Whether the section that defines a symbol was left out.
fn is_collected<E: Elf>(p: &Program<'_, E>, live: &Liveness, id: SymbolId) -> bool {
    let section = p.symbols.target(id).section;
    if section == SectionId::NONE || live.is_live(section) {
        return false;
    }
    let (o, shndx) = p.owner(section);
    let kind = p
        .objects
        .get(o)
        .and_then(|o| o.sections.get(shndx as usize));
    kind.is_some_and(|s| matches!(s.kind, Kind::Regular | Kind::Merge))
}

/// DT_POSFLAG_1 for a library.
fn position_flags<E: Elf>(lib: &Shared<'_, E>) -> u32 {
    let bit = |on: bool, bit: u32| if on { bit } else { 0 };
    bit(lib.load.lazyload, sunw_syminfo::P1_LAZYLOAD)
        | bit(lib.load.group_perm, sunw_syminfo::P1_GROUPPERM)
        | bit(lib.load.deferred, sunw_syminfo::P1_DEFERRED)
}

/// Builds the table. `hash`: (sysv, gnu).
#[allow(clippy::too_many_arguments)]
pub fn build<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    slots: &SlotTable,
    opts: &Options,
    rules: &LoadRules,
    hash: (bool, bool),
    capabilities: &sunw_cap::Bits,
    report: &Report,
) -> DynSymbols {
    let mut d = DynSymbols {
        index: vec![0; p.symbols.globals],
        ..DynSymbols::default()
    };
    d.has_sysv = hash.0;
    let mut strtab = StrTab::new();
    for lib in p.shared.iter().filter(|s| s.is_needed) {
        d.strings.needed.push(strtab.add(lib.soname));
        d.strings.needed_flags.push(position_flags(lib));
    }
    for text in &opts.sunw.needed {
        d.strings.needed.push(strtab.add(text));
        d.strings.needed_flags.push(0);
    }
    let map = &opts.sunw.mapfile;
    d.has_syminfo = sunw_syminfo::wanted(p, opts);
    for (n, s) in map.symbols.iter().enumerate() {
        if d.has_syminfo {
            d.described.insert(s.name.clone(), n);
        }
        if let Some(f) = &s.attributes.filtee
            && !d.strings.filtees.iter().any(|k| k.object == f.object)
        {
            d.strings.filtees.push(FilteeString {
                auxiliary: f.auxiliary,
                object: f.object.clone(),
                string: strtab.add(&f.object),
            });
        }
    }
    d.strings.capabilities = capabilities.names().map(|n| strtab.add(n)).collect();
    d.strings.config = opts.sunw.config.as_ref().map(|c| strtab.add(c));
    let mut add = |name: &Vec<u8>| strtab.add(name);
    d.strings.soname = opts
        .soname
        .as_ref()
        .filter(|_| !opts.kind.is_executable())
        .map(&mut add);
    d.strings.auxiliary = opts.auxiliary.iter().map(&mut add).collect();
    d.strings.filter = opts.filter.iter().map(&mut add).collect();
    let joined = |list: &[Vec<u8>]| (!list.is_empty()).then(|| list.join(&b':'));
    d.strings.runpath = joined(&opts.rpath).as_ref().map(&mut add);
    d.strings.audit = joined(&opts.audit).as_ref().map(&mut add);
    d.strings.depaudit = joined(&opts.depaudit).as_ref().map(&mut add);

    let mut list: Vec<SymbolId> = Vec::new();
    for i in 0..p.symbols.globals as u32 {
        let id = SymbolId(i);
        let exported = p.symbols.exported.get(id.index()).copied().unwrap_or(false)
            && !is_collected(p, live, id);
        let imported =
            !live.needs(id).is_empty() && p.symbols.target(id).flags.contains(SymFlags::IMPORTED);
        if exported || imported || slots.copy_of.contains_key(&id) {
            list.push(id);
        }
    }
    let plain: Vec<&[u8]> = list.iter().map(|id| p.symbols.plain_name(*id)).collect();
    let order: Vec<u32> = if hash.1 {
        let hashes: Vec<Option<u32>> = list
            .iter()
            .zip(&plain)
            .map(|(id, name)| is_findable(p, slots, *id).then(|| gnu_hash::hash(name)))
            .collect();
        let table = GnuHash::new(1, &hashes);
        let order = table.order.clone();
        d.gnu = Some(table);
        order
    } else {
        (0..list.len() as u32).collect()
    };
    if !rules.tpoff_without_symbol && needs_own_tls(p, slots, opts) {
        d.symbols.push(OWN_TLS);
        d.names.push(0);
        d.sysv.push(None);
    }
    for &i in &order {
        let (Some(&id), Some(name)) = (list.get(i as usize), plain.get(i as usize)) else {
            continue;
        };
        d.symbols.push(id);
        d.names.push(strtab.add(name));
        if hash.0 {
            d.sysv.push(Some(sysv_hash::hash(name)));
        }
        if let Some(slot) = d.index.get_mut(id.index()) {
            *slot = d.symbols.len() as u32;
        }
    }
    if !opts.sunw.no_version {
        build_versions(p, slots, opts, &mut d, &mut strtab, report);
    }
    if rules.local_dynsym && !opts.sunw.no_ldynsym {
        d.local = sunw_ldynsym::collect(p, live, opts, &mut strtab);
        sunw_ldynsym::count_sorted(p, &mut d);
    }
    match strtab.finish() {
        Ok(bytes) => {
            d.dynstr = bytes;
            if rules.sunw_tags {
                let padded = d.dynstr.len() + STRING_PAD as usize;
                d.dynstr.resize(padded, 0);
            }
        }
        Err(_) => report.error(".dynstr would be larger than 4 GiB"),
    }
    d
}

/// A C library that reads DT_RELR says so by a version; programs that have it name that version, so that an older one
/// refuses them (glibc 2.36).
fn relr_version<E: Elf>(p: &Program<'_, E>, number: &[u32]) -> Option<Request> {
    p.shared.iter().zip(number).find_map(|(lib, &object)| {
        let version = lib
            .versions
            .iter()
            .position(|v| *v == b"GLIBC_ABI_DT_RELR")?;
        let here = object != u32::MAX && lib.soname.starts_with(b"libc.so.");
        here.then_some(Request {
            object,
            version: version as u16,
            weak: false,
        })
    })
}

fn build_versions<E: Elf>(
    p: &Program<'_, E>,
    slots: &SlotTable,
    opts: &Options,
    d: &mut DynSymbols,
    strtab: &mut StrTab,
    report: &Report,
) {
    let defs = &p.symbols.rules.defs;
    // DT_NEEDED number of each shared object.
    let mut number = vec![u32::MAX; p.shared.len()];
    let needed: Vec<usize> = (0..p.shared.len())
        .filter(|i| p.shared.get(*i).is_some_and(|s| s.is_needed))
        .collect();
    for (n, &i) in (0u32..).zip(&needed) {
        if let Some(slot) = number.get_mut(i) {
            *slot = n;
        }
    }
    // What version of which library an imported (or copied) symbol has.
    let request = |id: SymbolId| -> Option<Request> {
        let info = p.symbols.info(id);
        if info.state != State::Shared {
            return None;
        }
        let file = info.file.as_shared()?;
        let lib = p.shared.get(file)?;
        lib.version_name(info.sym)?;
        let weak = !info.seen.contains(Seen::REF_STRONG);
        let object = *number.get(file)?;
        let version = lib.versym(info.sym) & !VERSYM_HIDDEN;
        (object != u32::MAX).then_some(Request {
            object,
            version,
            weak,
        })
    };
    let mut requests: Vec<Request> = d.symbols.iter().filter_map(|id| request(*id)).collect();
    if opts.z.pack_relative_relocs && opts.kind.is_pic() {
        requests.extend(relr_version(p, &number));
    }
    for d in &opts.sunw.mapfile.depend {
        for (&i, lib) in needed.iter().filter_map(|i| Some((i, p.shared.get(*i)?))) {
            use std::os::unix::ffi::OsStrExt;
            let file = lib.name.path.file_name().unwrap_or_default().as_bytes();
            if d.object != lib.soname && d.object != file {
                continue;
            }
            // Recorded whether or not a symbol of it is used.
            let versions = (2u16..).zip(lib.versions.iter().skip(2));
            let named = versions.filter(|(_, name)| d.require.iter().any(|r| r == *name));
            requests.extend(named.map(|(version, _)| Request {
                object: number.get(i).copied().unwrap_or(u32::MAX),
                version,
                weak: false,
            }));
        }
    }
    if requests.is_empty() && defs.is_empty() {
        return;
    }
    let first = defs.len() as u16 + 2;
    let needed_versions = match Needed::new(requests, first) {
        Ok(n) => n,
        Err(e) => {
            report.error(e.to_string());
            return;
        }
    };
    for id in &d.symbols {
        let info = p.symbols.info(*id);
        let v = if is_defined(p, slots, *id) && info.state != State::Shared {
            p.symbols
                .version
                .get(id.index())
                .copied()
                .unwrap_or(VER_GLOBAL)
        } else {
            match request(*id) {
                Some(r) => needed_versions
                    .index(r.object, r.version)
                    .unwrap_or(VER_GLOBAL),
                None if info.state == State::Shared => VER_GLOBAL,
                None => VER_LOCAL,
            }
        };
        // Undefined symbols without a version are marked local in GNU ld's output too, except that 1 is what ld.so treats alike.
        d.versym.push(if v == VER_LOCAL { VER_GLOBAL } else { v });
    }
    if !defs.is_empty() {
        let base = opts.soname.clone().unwrap_or_else(|| {
            use std::os::unix::ffi::OsStrExt;
            opts.output
                .file_name()
                .unwrap_or_default()
                .as_bytes()
                .to_vec()
        });
        let list: Vec<Definition<'_>> = (2u16..)
            .zip(defs)
            .map(|(index, def)| Definition {
                name: &def.name,
                index,
                parents: def
                    .parents
                    .iter()
                    .filter_map(|i| defs.get(*i))
                    .map(|p| &p.name[..])
                    .collect(),
                // One without symbols of its own only stands for those it inherits from.
                weak: opts.dialect == Dialect::Solaris
                    && !d.symbols.iter().any(|id| {
                        p.symbols.version.get(id.index()).copied().unwrap_or(0) & !VERSYM_HIDDEN
                            == index
                    }),
            })
            .collect();
        versions::write_verdef::<E>(&base, &list, |n| strtab.add(n), &mut d.verdef);
        d.verdef_count = list.len() as u32 + 1;
    }
    let lib = |n: u32| needed.get(n as usize).and_then(|i| p.shared.get(*i));
    needed_versions.write::<E>(
        |n| lib(n).map_or(&[][..], |l| l.soname),
        |n, v| {
            lib(n)
                .and_then(|l| l.versions.get(usize::from(v)).copied())
                .unwrap_or(&[])
        },
        |s| strtab.add(s),
        &mut d.verneed,
    );
    d.verneed_count = needed_versions.objects();
}
