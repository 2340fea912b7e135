//! `.dynamic` as the Solaris link editor writes it: its own tags (DT_SUNW_*, DT_SYMINFO, DT_POSFLAG_1), in its order.
//!
//! Linker and Libraries Guide, "Dynamic Section"; the order is that of libld's update.c, which tools that edit the
//! section count on no more than the standard says, but which makes outputs easy to compare.

use object::elf;

use super::dynamic::{Facts, Present, Value, flags};
use super::dynsym::{DynSymbols, STRING_PAD};
use super::output::Synth;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::options::{Options, OutputKind, Symbolic};
use crate::symbols::State;
use crate::symbols::bind::Program;
use crate::synth::sunw_checksum::DT_CHECKSUM;
use crate::synth::sunw_syminfo;

const DT_SUNW_AUXILIARY: u32 = 0x6000_000d;
const DT_SUNW_RTLDINF: u32 = 0x6000_000e;
const DT_SUNW_FILTER: u32 = 0x6000_000f;
const DT_SUNW_CAP: u32 = 0x6000_0010;
const DT_SUNW_SYMTAB: u32 = 0x6000_0011;
const DT_SUNW_SYMSZ: u32 = 0x6000_0012;
const DT_SUNW_SORTENT: u32 = 0x6000_0013;
const DT_SUNW_SYMSORT: u32 = 0x6000_0014;
const DT_SUNW_SYMSORTSZ: u32 = 0x6000_0015;
const DT_SUNW_TLSSORT: u32 = 0x6000_0016;
const DT_SUNW_TLSSORTSZ: u32 = 0x6000_0017;
const DT_SUNW_STRPAD: u32 = 0x6000_0019;
const DT_SUNW_LDMACH: u32 = 0x6000_001b;
const DT_SUNW_ASLR: u32 = 0x6000_0023;
const DT_POSFLAG_1: u32 = 0x6fff_fdfd;
const DT_SYMINSZ: u32 = 0x6fff_fdfe;
const DT_SYMINENT: u32 = 0x6fff_fdff;
const DT_CONFIG: u32 = 0x6fff_fefa;
const DT_SYMINFO: u32 = 0x6fff_feff;
/// Null entries at the end, for tools that add entries (libld's number).
const SPARE: usize = 10;

type Entries = Vec<(u32, Value)>;

/// DT_NEEDED of each library, after what is said of it.
pub(super) fn needed(d: &DynSymbols, e: &mut Entries) {
    for (name, flags) in d.strings.needed.iter().zip(&d.strings.needed_flags) {
        if *flags != 0 {
            e.push((DT_POSFLAG_1, Value::Number(u64::from(*flags))));
        }
        e.push((elf::DT_NEEDED, Value::Number(u64::from(*name))));
    }
    for f in &d.strings.filtees {
        let tag = if f.auxiliary {
            DT_SUNW_AUXILIARY
        } else {
            DT_SUNW_FILTER
        };
        e.push((tag, Value::Number(u64::from(f.string))));
    }
}

fn syminfo(d: &DynSymbols, e: &mut Entries) {
    if d.has_syminfo {
        e.push((DT_SYMINFO, Value::Addr(Synth::SunwSyminfo)));
        e.push((DT_SYMINSZ, Value::Size(Synth::SunwSyminfo)));
        e.push((DT_SYMINENT, Value::Number(sunw_syminfo::ENTRY)));
    }
}

/// `-z rtldinfo=SYMBOL`. That the symbol is defined, `layout/sunw.rs` has seen to.
fn rtld_info<E: Elf>(p: &Program<'_, E>, opts: &Options, e: &mut Entries) {
    let known = opts.sunw.rtld_info.iter();
    let ids = known.filter_map(|name| p.symbols.interner.get(name));
    e.extend(ids.map(|id| (DT_SUNW_RTLDINF, Value::Symbol(id))));
}

fn capabilities(opts: &Options, has: &Present, e: &mut Entries) {
    if has.cap {
        e.push((DT_SUNW_CAP, Value::Addr(Synth::SunwCap)));
    }
    if let Some(on) = opts.sunw.aslr {
        e.push((DT_SUNW_ASLR, Value::Number(u64::from(on))));
    }
}

/// What options of the Solaris link editor ask for in an output that is otherwise as GNU ld's.
pub(super) fn extras<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    d: &DynSymbols,
    has: &Present,
    e: &mut Entries,
) {
    e.extend(
        d.strings
            .config
            .map(|c| (DT_CONFIG, Value::Number(u64::from(c)))),
    );
    syminfo(d, e);
    rtld_info(p, opts, e);
    capabilities(opts, has, e);
}

/// The whole section.
pub(super) fn entries<A: Arch>(f: &Facts<'_, '_, A>) -> Entries {
    use Value::{Addr, Number, SectionAddr, SectionSize, Size};
    let (d, has, opts) = (f.d, f.has, f.opts);
    let s = &d.strings;
    let mut e: Entries = Vec::with_capacity(48);
    let string = |n: &u32| Number(u64::from(*n));
    needed(d, &mut e);
    for (name, tag) in [(&opts.init, elf::DT_INIT), (&opts.fini, elf::DT_FINI)] {
        if let Some(id) = f.p.symbols.interner.get(name)
            && matches!(f.p.symbols.info(id).state, State::Def | State::DefWeak)
        {
            e.push((tag, Value::Symbol(id)));
        }
    }
    e.extend(s.soname.iter().map(|n| (elf::DT_SONAME, string(n))));
    e.extend(s.filter.iter().map(|n| (elf::DT_FILTER, string(n))));
    e.extend(s.auxiliary.iter().map(|n| (elf::DT_AUXILIARY, string(n))));
    if let Some(n) = &s.runpath {
        e.push((elf::DT_RUNPATH, string(n)));
        e.push((elf::DT_RPATH, string(n)));
    }
    e.extend(s.config.iter().map(|n| (DT_CONFIG, string(n))));
    e.extend(s.depaudit.iter().map(|n| (elf::DT_DEPAUDIT, string(n))));
    e.extend(s.audit.iter().map(|n| (elf::DT_AUDIT, string(n))));
    if d.has_sysv {
        e.push((elf::DT_HASH, Addr(Synth::SysvHash)));
    }
    e.push((elf::DT_STRTAB, Addr(Synth::DynStr)));
    e.push((elf::DT_STRSZ, Size(Synth::DynStr)));
    e.push((elf::DT_SYMTAB, Addr(Synth::DynSym)));
    e.push((elf::DT_SYMENT, Number(A::Elf::SYM_SIZE as u64)));
    if d.local.present {
        // One table over both.
        let both = (d.local.count() + d.symbols.len() as u64 + 1) * A::Elf::SYM_SIZE as u64;
        e.push((DT_SUNW_SYMTAB, Addr(Synth::SunwLdynsym)));
        e.push((DT_SUNW_SYMSZ, Number(both)));
    }
    if d.local.sorted + d.local.sorted_tls > 0 {
        e.push((DT_SUNW_SORTENT, Number(4)));
    }
    if d.local.sorted > 0 {
        e.push((DT_SUNW_SYMSORT, Addr(Synth::SunwSymSort)));
        e.push((DT_SUNW_SYMSORTSZ, Size(Synth::SunwSymSort)));
    }
    if d.local.sorted_tls > 0 {
        e.push((DT_SUNW_TLSSORT, Addr(Synth::SunwTlsSort)));
        e.push((DT_SUNW_TLSSORTSZ, Size(Synth::SunwTlsSort)));
    }
    // Written last of all (`synth/sunw_checksum.rs`).
    e.push((DT_CHECKSUM, Number(0)));
    if !d.verdef.is_empty() {
        e.push((elf::DT_VERDEF, Addr(Synth::VerDef)));
        e.push((elf::DT_VERDEFNUM, Number(u64::from(d.verdef_count))));
    }
    if !d.verneed.is_empty() {
        e.push((elf::DT_VERNEED, Addr(Synth::VerNeed)));
        e.push((elf::DT_VERNEEDNUM, Number(u64::from(d.verneed_count))));
    }
    if has.rela {
        e.push((elf::DT_RELACOUNT, Number(f.relative)));
    }
    if f.live.textrel {
        e.push((elf::DT_TEXTREL, Number(0)));
    }
    for (there, name, addr, size) in [
        (
            has.fini_array,
            &b".fini_array"[..],
            elf::DT_FINI_ARRAY,
            elf::DT_FINI_ARRAYSZ,
        ),
        (
            has.init_array,
            b".init_array",
            elf::DT_INIT_ARRAY,
            elf::DT_INIT_ARRAYSZ,
        ),
        (
            has.preinit_array,
            b".preinit_array",
            elf::DT_PREINIT_ARRAY,
            elf::DT_PREINIT_ARRAYSZ,
        ),
    ] {
        if there {
            e.push((addr, SectionAddr(name)));
            e.push((size, SectionSize(name)));
        }
    }
    if has.plt {
        e.push((elf::DT_PLTRELSZ, Size(Synth::RelaPlt)));
        e.push((elf::DT_PLTREL, Number(u64::from(elf::DT_RELA))));
        e.push((elf::DT_JMPREL, Addr(Synth::RelaPlt)));
    }
    if has.rela {
        e.push((elf::DT_RELA, Addr(Synth::RelaDyn)));
        e.push((elf::DT_RELASZ, Size(Synth::RelaDyn)));
        e.push((elf::DT_RELAENT, Number(A::Elf::RELA_SIZE as u64)));
    }
    syminfo(d, &mut e);
    rtld_info(f.p, opts, &mut e);
    if opts.kind.is_executable() {
        e.push((elf::DT_DEBUG, Number(0)));
    }
    capabilities(opts, has, &mut e);
    if opts.kind == OutputKind::Shared && opts.symbolic == Symbolic::All {
        e.push((elf::DT_SYMBOLIC, Number(0)));
    }
    // Both words are always there.
    let mut words = Vec::new();
    flags(f.live, opts, &mut words);
    for tag in [elf::DT_FLAGS, elf::DT_FLAGS_1] {
        let known = words.iter().find(|(t, _)| *t == tag);
        e.push((tag, known.map_or(Number(0), |(_, v)| *v)));
    }
    e.push((DT_SUNW_STRPAD, Number(STRING_PAD)));
    e.push((DT_SUNW_LDMACH, Number(u64::from(A::MACHINE))));
    e.push((elf::DT_PLTGOT, Addr(Synth::GotPlt)));
    e.extend(std::iter::repeat_n((elf::DT_NULL, Number(0)), SPARE + 1));
    e
}
