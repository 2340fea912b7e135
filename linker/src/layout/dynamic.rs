//! `.dynamic`: what the run-time linker is told.
//!
//! gABI, "Dynamic Section". One function makes the entries; it is called once to count them, before there are addresses.

use object::elf;
use wcc_targets::LoadRules;

use super::Layout;
use super::dynsym::DynSymbols;
use super::output::Synth;
use crate::arch::Arch;
use crate::elf::{Elf, PutElf};
use crate::live::Liveness;
use crate::options::{Options, OutputKind, Symbolic};
use crate::symbols::State;
use crate::symbols::bind::Program;
use crate::synth::android;

/// gABI, 2022 (RELR).
const DT_RELRSZ: u32 = 35;
const DT_RELR: u32 = 36;
const DT_RELRENT: u32 = 37;

/// GNU ld manual, `-z unique`.
const DT_GNU_FLAGS_1: u32 = 0x6fff_fdf4;
const DF_GNU_1_UNIQUE: u64 = 1;

/// Which sections there are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Present {
    pub init_array: bool,
    pub fini_array: bool,
    pub preinit_array: bool,
    pub rela: bool,
    pub relr: bool,
    pub plt: bool,
    pub cap: bool,
}

/// An entry's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Number(u64),
    Addr(Synth),
    Size(Synth),
    SectionAddr(&'static [u8]),
    SectionSize(&'static [u8]),
    /// Address of the symbol named by `--init`/`--fini`.
    Symbol(crate::symbols::SymbolId),
}

/// What is in `.dynamic`, in order.
pub(super) struct Facts<'a, 'd, A: Arch> {
    pub p: &'a Program<'d, A::Elf>,
    pub live: &'a Liveness,
    pub opts: &'a Options,
    pub d: &'a DynSymbols,
    pub has: &'a Present,
    pub relative: u64,
}

fn entries<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    d: &DynSymbols,
    has: &Present,
    relative: u64,
) -> Vec<(u32, Value)> {
    use Value::{Addr, Number, SectionAddr, SectionSize, Size};
    if rules.sunw_tags {
        return super::dynamic_sunw::entries(&Facts::<A> {
            p,
            live,
            opts,
            d,
            has,
            relative,
        });
    }
    let s = &d.strings;
    let word = A::Elf::WORD as u64;
    let mut e: Vec<(u32, Value)> = Vec::with_capacity(40);
    let string = |v: &u32| Number(u64::from(*v));
    super::dynamic_sunw::needed(d, &mut e);
    e.extend(s.filter.iter().map(|n| (elf::DT_FILTER, string(n))));
    e.extend(s.auxiliary.iter().map(|n| (elf::DT_AUXILIARY, string(n))));
    e.extend(s.audit.iter().map(|n| (elf::DT_AUDIT, string(n))));
    e.extend(s.depaudit.iter().map(|n| (elf::DT_DEPAUDIT, string(n))));
    e.extend(s.soname.iter().map(|n| (elf::DT_SONAME, string(n))));
    let tag = if opts.new_dtags {
        elf::DT_RUNPATH
    } else {
        elf::DT_RPATH
    };
    e.extend(s.runpath.iter().map(|n| (tag, string(n))));
    for (name, tag) in [(&opts.init, elf::DT_INIT), (&opts.fini, elf::DT_FINI)] {
        if let Some(id) = p.symbols.interner.get(name)
            && matches!(p.symbols.info(id).state, State::Def | State::DefWeak)
        {
            e.push((tag, Value::Symbol(id)));
        }
    }
    for (there, name, addr, size) in [
        (
            has.preinit_array,
            &b".preinit_array"[..],
            elf::DT_PREINIT_ARRAY,
            elf::DT_PREINIT_ARRAYSZ,
        ),
        (
            has.init_array,
            b".init_array",
            elf::DT_INIT_ARRAY,
            elf::DT_INIT_ARRAYSZ,
        ),
        (
            has.fini_array,
            b".fini_array",
            elf::DT_FINI_ARRAY,
            elf::DT_FINI_ARRAYSZ,
        ),
    ] {
        if there {
            e.push((addr, SectionAddr(name)));
            e.push((size, SectionSize(name)));
        }
    }
    if d.gnu.is_some() {
        e.push((elf::DT_GNU_HASH, Addr(Synth::GnuHash)));
    }
    if d.has_sysv {
        e.push((elf::DT_HASH, Addr(Synth::SysvHash)));
    }
    e.push((elf::DT_STRTAB, Addr(Synth::DynStr)));
    e.push((elf::DT_SYMTAB, Addr(Synth::DynSym)));
    e.push((elf::DT_STRSZ, Size(Synth::DynStr)));
    e.push((elf::DT_SYMENT, Number(A::Elf::SYM_SIZE as u64)));
    if opts.kind.is_executable() && !opts.z.rodynamic {
        e.push((elf::DT_DEBUG, Number(0)));
    }
    if has.plt {
        e.push((elf::DT_PLTGOT, Addr(Synth::GotPlt)));
        e.push((elf::DT_PLTRELSZ, Size(Synth::RelaPlt)));
        e.push((elf::DT_PLTREL, Number(u64::from(elf::DT_RELA))));
        e.push((elf::DT_JMPREL, Addr(Synth::RelaPlt)));
    } else if rules.pltgot_always {
        e.push((elf::DT_PLTGOT, Addr(Synth::GotPlt)));
    }
    if has.rela && opts.shape.android_relocs {
        e.push((android::DT_ANDROID_RELA, Addr(Synth::RelaDyn)));
        e.push((android::DT_ANDROID_RELASZ, Size(Synth::RelaDyn)));
    } else if has.rela {
        e.push((elf::DT_RELA, Addr(Synth::RelaDyn)));
        e.push((elf::DT_RELASZ, Size(Synth::RelaDyn)));
        e.push((elf::DT_RELAENT, Number(A::Elf::RELA_SIZE as u64)));
        // Present whether or not there are any, so that the size does not depend on the count.
        if opts.kind.is_pic() && opts.z.combreloc {
            e.push((elf::DT_RELACOUNT, Number(relative)));
        }
    }
    if has.relr {
        let (addr, size, entry) = if opts.shape.android_relr_tags {
            (
                android::DT_ANDROID_RELR,
                android::DT_ANDROID_RELRSZ,
                android::DT_ANDROID_RELRENT,
            )
        } else {
            (DT_RELR, DT_RELRSZ, DT_RELRENT)
        };
        e.push((addr, Addr(Synth::RelrDyn)));
        e.push((size, Size(Synth::RelrDyn)));
        e.push((entry, Number(word)));
    }
    if live.textrel {
        e.push((elf::DT_TEXTREL, Number(0)));
    }
    if opts.kind == OutputKind::Shared && opts.symbolic == Symbolic::All {
        e.push((elf::DT_SYMBOLIC, Number(0)));
    }
    flags(live, opts, &mut e);
    if !d.verdef.is_empty() {
        e.push((elf::DT_VERDEF, Addr(Synth::VerDef)));
        e.push((elf::DT_VERDEFNUM, Number(u64::from(d.verdef_count))));
    }
    if !d.verneed.is_empty() {
        e.push((elf::DT_VERNEED, Addr(Synth::VerNeed)));
        e.push((elf::DT_VERNEEDNUM, Number(u64::from(d.verneed_count))));
    }
    super::dynamic_sunw::extras(p, opts, d, has, &mut e);
    if !d.versym.is_empty() {
        e.push((elf::DT_VERSYM, Addr(Synth::VerSym)));
    }
    e.push((elf::DT_NULL, Number(0)));
    // Room for tools that add entries to a finished file.
    e.extend((0..opts.spare_dynamic_tags).map(|_| (elf::DT_NULL, Number(0))));
    e
}

pub(super) fn flags(live: &Liveness, opts: &Options, e: &mut Vec<(u32, Value)>) {
    let z = &opts.z;
    let mut flags = 0;
    let mut flags_1 = 0;
    let mut set = |on: bool, f: u32, f1: u32| {
        if on {
            flags |= f;
            flags_1 |= f1;
        }
    };
    set(z.origin, elf::DF_ORIGIN, elf::DF_1_ORIGIN);
    set(
        opts.kind == OutputKind::Shared && opts.symbolic == Symbolic::All,
        elf::DF_SYMBOLIC,
        0,
    );
    set(live.textrel, elf::DF_TEXTREL, 0);
    set(z.now && opts.new_dtags, elf::DF_BIND_NOW, 0);
    set(z.now, 0, elf::DF_1_NOW);
    set(live.static_tls, elf::DF_STATIC_TLS, 0);
    set(z.global, 0, elf::DF_1_GLOBAL);
    set(z.group, 0, elf::DF_1_GROUP);
    set(z.globalaudit, 0, elf::DF_1_GLOBAUDIT);
    set(z.nodelete, 0, elf::DF_1_NODELETE);
    set(z.loadfltr, 0, elf::DF_1_LOADFLTR);
    set(z.initfirst, 0, elf::DF_1_INITFIRST);
    set(z.nodlopen, 0, elf::DF_1_NOOPEN);
    set(z.interpose, 0, elf::DF_1_INTERPOSE);
    set(z.nodefaultlib, 0, elf::DF_1_NODEFLIB);
    set(z.nodump, 0, elf::DF_1_NODUMP);
    set(true, 0, opts.sunw.flags_1);
    set(opts.sunw.direct == Some(true), 0, elf::DF_1_DIRECT);
    set(opts.kind == OutputKind::Pie, 0, elf::DF_1_PIE);
    if z.now && !opts.new_dtags {
        // The tag of the time before DT_FLAGS.
        e.push((elf::DT_BIND_NOW, Value::Number(0)));
    }
    if flags != 0 {
        e.push((elf::DT_FLAGS, Value::Number(u64::from(flags))));
    }
    if flags_1 != 0 {
        e.push((elf::DT_FLAGS_1, Value::Number(u64::from(flags_1))));
    }
    if z.unique {
        e.push((DT_GNU_FLAGS_1, Value::Number(DF_GNU_1_UNIQUE)));
    }
}

/// Number of entries, DT_NULL included.
pub fn count<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    d: &DynSymbols,
    has: &Present,
) -> u64 {
    entries::<A>(p, live, opts, rules, d, has, 0).len() as u64
}

/// The section's bytes.
pub fn write<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    l: &Layout<'_>,
    out: &mut Vec<u8>,
) {
    let has = Present {
        init_array: l.section(b".init_array").is_some(),
        fini_array: l.section(b".fini_array").is_some(),
        preinit_array: l.section(b".preinit_array").is_some(),
        rela: l.synth(Synth::RelaDyn).is_some(),
        relr: l.synth(Synth::RelrDyn).is_some(),
        plt: l.synth(Synth::Plt).is_some(),
        cap: l.synth(Synth::SunwCap).is_some(),
    };
    let section = |name: &[u8]| l.section(name).map_or((0, 0), |s| (s.addr, s.size));
    for (tag, value) in entries::<A>(p, live, opts, &l.rules, &l.dynsym, &has, l.relative_count) {
        let v = match value {
            Value::Number(n) => n,
            Value::Addr(s) => l.synth_addr(s),
            Value::Size(s) => l.synth_range(s).map_or(0, |r| r.1),
            Value::SectionAddr(name) => section(name).0,
            Value::SectionSize(name) => section(name).1,
            Value::Symbol(id) => l.values.global(id),
        };
        out.put_dyn::<A::Elf>(i64::from(tag), v);
    }
}
