//! Symbols that options of the Solaris link editor name: they must be of this output, and one has a program header.
//!
//! `-z dtrace=SYMBOL` makes PT_SUNWDTRACE, where the kernel keeps a thread's data for DTrace when the file is an
//! interpreter (illumos, `elfexec`): the symbol's place and size, readable, writable and executable.

use object::elf;

use super::Layout;
use super::segments::Segment;
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::{State, SymbolId};

/// illumos, `sys/elf.h`.
const PT_SUNWDTRACE: u32 = 0x6fff_fffc;

fn defined<E: Elf>(p: &Program<'_, E>, name: &[u8]) -> Option<SymbolId> {
    let id = p.symbols.interner.get(name)?;
    matches!(p.symbols.info(id).state, State::Def | State::DefWeak).then_some(id)
}

/// Reports names that nothing in the output has.
pub(super) fn check<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report) {
    let list = opts.sunw.rtld_info.iter().map(|name| ("rtldinfo", name));
    for (keyword, name) in list.chain(opts.sunw.dtrace.iter().map(|name| ("dtrace", name))) {
        if defined(p, name).is_none() {
            report.error(format!(
                "-z {keyword}={}: no object of this link defines the symbol",
                name.escape_ascii()
            ));
        }
    }
    let dtrace = opts.sunw.dtrace.as_ref();
    let sized = dtrace.and_then(|name| Some((name, size(p, defined(p, name)?))));
    if let Some((name, size)) = sized.filter(|(_, size)| *size < DTRACE_SIZE) {
        report.error(format!(
            "-z dtrace={}: the symbol has {size} bytes, the kernel wants {DTRACE_SIZE}",
            name.escape_ascii()
        ));
    }
}

/// st_size of a definition.
fn size<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> u64 {
    let info = p.symbols.info(id);
    let object = info.file.as_object().and_then(|f| p.objects.get(f));
    object.map_or(0, |o| o.symbol(info.sym).size)
}

/// PT_SUNWDTRACE_SIZE of amd64, bytes: what the kernel wants to find there.
const DTRACE_SIZE: u64 = 64;

/// The header without its contents, which are known with the symbols' values.
pub(super) fn dtrace_header(opts: &Options) -> Option<Segment> {
    opts.sunw.dtrace.as_ref().map(|_| Segment {
        ty: PT_SUNWDTRACE,
        flags: elf::PF_R | elf::PF_W | elf::PF_X,
        ..Segment::default()
    })
}

/// Puts them in.
pub(super) fn dtrace<E: Elf>(p: &Program<'_, E>, opts: &Options, l: &mut Layout<'_>) {
    let Some(id) = opts.sunw.dtrace.as_ref().and_then(|name| defined(p, name)) else {
        return;
    };
    let (addr, size) = (l.values.global(id), size(p, id));
    for list in [&mut l.segments, &mut l.placement.segments] {
        for s in list.iter_mut().filter(|s| s.ty == PT_SUNWDTRACE) {
            (s.addr, s.memsz) = (addr, size);
        }
    }
}
