//! What the scan found wrong, as messages: place, function, symbol, and the likely fix.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use object::elf;

use super::hints;
use super::scan::{Finding, What};
use super::source_line::SourceLines;
use crate::arch::{Arch, Problem};
use crate::demangle;
use crate::elf::Elf;
use crate::input::object::{Object, Place};
use crate::options::{Options, OutputKind};
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::{State, SymbolId};

/// References shown for one undefined symbol.
const SHOWN: usize = 3;

/// `file:(section+0xoffset)`, with the function it lies in when a symbol says so.
pub fn place<E: Elf>(o: &Object<'_, E>, section: u32, offset: u64, demangle: bool) -> String {
    let mut text = format!(
        "{}:({}+{offset:#x})",
        o.name,
        String::from_utf8_lossy(o.section_name(section))
    );
    let function = (0..o.symbols.len() as u32).find_map(|i| {
        let s = o.symbol(i);
        let inside = s.sym_type() == elf::STT_FUNC
            && s.value <= offset
            && offset - s.value < s.size
            && o.place(i, &s) == Place::Section(section);
        inside.then(|| o.symbol_name(&s))
    });
    if let Some(f) = function {
        text.push_str(&format!(" (in function {})", shown(f, demangle)));
    }
    text
}

fn shown(name: &[u8], demangle: bool) -> String {
    if demangle {
        demangle::display(name).into_owned()
    } else {
        String::from_utf8_lossy(name).into_owned()
    }
}

/// How a symbol is called in messages, local ones included.
pub fn symbol_name<E: Elf>(
    p: &Program<'_, E>,
    o: &Object<'_, E>,
    index: u32,
    demangle: bool,
) -> String {
    let s = o.symbol(index);
    if s.sym_type() == elf::STT_SECTION
        && let Place::Section(n) = o.place(index, &s)
    {
        return format!("section {}", String::from_utf8_lossy(o.section_name(n)));
    }
    let name = if index >= o.first_global {
        p.symbols.name(o.symbol_id(index))
    } else {
        o.symbol_name(&s)
    };
    if name.is_empty() {
        "the null symbol".into()
    } else {
        shown(name, demangle)
    }
}

/// What may have discarded a section.
fn discarded_by(opts: &Options) -> String {
    match opts.scripts.is_empty() {
        true => "with its COMDAT group, or by a linker script".into(),
        false => format!(
            "with its COMDAT group, or by /DISCARD/ of {}",
            opts.script_names()
        ),
    }
}

/// Turns findings in live sections into diagnostics.
pub fn report<A: Arch>(
    p: &Program<'_, A::Elf>,
    opts: &Options,
    live: &[bool],
    mut found: Vec<Finding>,
    report: &Report,
) {
    let _ = live;
    found.sort_by_key(|f| (f.object, f.section, f.reloc.offset, f.reloc.sym));
    let lines = SourceLines::default();
    let mut warned = BTreeSet::new();
    let mut undefined: BTreeMap<SymbolId, Vec<&Finding>> = BTreeMap::new();
    for f in &found {
        let Some(o) = p.objects.get(f.object as usize) else {
            continue;
        };
        let order = (
            f.object,
            u64::from(f.section) << 32 | f.reloc.offset & 0xffff_ffff,
        );
        let name = || symbol_name(p, o, f.reloc.sym, opts.demangle);
        let at = || {
            let place = place(o, f.section, f.reloc.offset, opts.demangle);
            format!("{}{place}", lines.prefix(o, f.section, f.reloc.offset))
        };
        let ty = A::reloc_name(f.reloc.ty)
            .map_or_else(|| format!("type {}", f.reloc.ty), str::to_string);
        match f.what {
            What::Undefined => undefined.entry(f.symbol).or_default().push(f),
            What::BadSymbol => report.error_at(
                order,
                format!("{}: relocation {ty} names symbol {}, which does not exist", at(), f.reloc.sym),
            ),
            What::Discarded => {
                let section = o.section_name(f.section);
                // Tables about code that went with its group are dead too.
                if !section.starts_with(b".gcc_except_table") && !section.starts_with(b".eh_frame") {
                    report.fault_at(
                        order,
                        format!(
                            "{}: relocation {ty} refers to {} in a section that was discarded ({})",
                            at(),
                            name(),
                            discarded_by(opts)
                        ),
                    );
                }
            }
            What::TextRelocation if opts.z.text => report.error_at(
                order,
                format!(
                    "{}: relocation {ty} against {} would need a run-time relocation in a read-only section; recompile with -fPIC (or link with -z notext)",
                    at(),
                    name()
                ),
            ),
            // One a section, as GNU ld says it.
            What::TextRelocation => {
                if warned.insert((f.object, f.section)) && warned.len() <= SHOWN {
                    let section = String::from_utf8_lossy(o.section_name(f.section));
                    report.warn_at(
                        order,
                        format!(
                            "{}: relocation against `{}' in read-only section `{section}'",
                            at(),
                            name()
                        ),
                    );
                }
            }
            What::Problem(problem) => {
                report.fault_at(order, format!("{}: relocation {ty} against {} {}", at(), name(), why(problem, opts)));
            }
        }
    }
    let unexplained: Vec<&[u8]> = undefined
        .keys()
        .map(|id| p.symbols.name(*id))
        .filter(|name| hints::by_name(name).is_none())
        .collect();
    let hints = Hints {
        lines,
        libraries: hints::by_library(&unexplained, &opts.library_dirs),
    };
    for (id, refs) in undefined {
        undefined_symbol(p, opts, id, &refs, &hints, report);
    }
}

fn why(problem: Problem, opts: &Options) -> String {
    let output = match opts.kind {
        OutputKind::Shared => "a shared object",
        OutputKind::Pie => "a PIE object",
        _ => "this output",
    };
    match problem {
        Problem::NotPic => {
            let flag = if opts.kind == OutputKind::Shared { "-fPIC" } else { "-fPIE" };
            format!("can not be used when making {output}; recompile with {flag}")
        }
        Problem::TlsLocalExecInShared => {
            format!("can not be used when making {output}; recompile with -fPIC (it is local-exec TLS, for programs only)")
        }
        Problem::TlsMismatch => {
            "does not fit: one of them is thread-local and the other is not (a declaration without `__thread`?)".into()
        }
        Problem::NoCopy if opts.z.copyreloc => {
            "cannot create a copy relocation for protected symbol; recompile with -fPIC".into()
        }
        Problem::NoCopy => "needs a copy relocation, which -z nocopyreloc forbids; recompile with -fPIC".into(),
        Problem::AbsFromPic => format!("is relative to the place, but the symbol is absolute; that can not be used in {output}; recompile with -fPIC"),
        Problem::Unknown => "is of a type that may not stand in a relocatable object".into(),
        Problem::Platform => "asks for something that the target's run-time linker does not have".into(),
    }
}

/// Where a definition stands that a script's `/DISCARD/` has thrown away.
fn discarded_place<E: Elf>(p: &Program<'_, E>, info: &crate::symbols::Info) -> Option<String> {
    if !matches!(info.state, State::Def | State::DefWeak) {
        return None;
    }
    let o = p.objects.get(info.file.as_object()?)?;
    match o.place(info.sym, &o.symbol(info.sym)) {
        Place::Section(n) => Some(format!(
            "{}:({})",
            o.name,
            String::from_utf8_lossy(o.section_name(n))
        )),
        _ => None,
    }
}

/// What is known beyond the objects themselves.
struct Hints<'n> {
    lines: SourceLines,
    /// Libraries that are not linked and define undefined names.
    libraries: HashMap<&'n [u8], PathBuf>,
}

impl Hints<'_> {
    /// What is likely missing.
    fn missing<E: Elf>(&self, p: &Program<'_, E>, name: &[u8]) -> Option<String> {
        let defined = |name: &[u8]| {
            let id = p.symbols.interner.get(name);
            id.is_some_and(|id| p.symbols.info(id).state >= State::Shared)
        };
        if let Some(library) = self.libraries.get(name) {
            let option = hints::option(library);
            return Some(format!("defined in {}: add {option}", library.display()));
        }
        match hints::plain_name(name).filter(|n| defined(n)) {
            Some(plain) => {
                let plain = String::from_utf8_lossy(plain);
                Some(format!(
                    "{plain} is defined: is its declaration missing extern \"C\"?"
                ))
            }
            None => hints::by_name(name),
        }
    }
}

fn undefined_symbol<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    id: SymbolId,
    refs: &[&Finding],
    hints: &Hints<'_>,
    report: &Report,
) {
    let name = shown(p.symbols.name(id), opts.demangle);
    let info = p.symbols.info(id);
    let hidden = match info.visibility {
        elf::STV_HIDDEN => "hidden",
        elf::STV_INTERNAL => "internal",
        elf::STV_PROTECTED => "protected",
        _ => "",
    };
    let mut text = match discarded_place(p, &info) {
        Some(place) => format!(
            "undefined symbol: {name}\n>>> its section is discarded by the linker script: {place}"
        ),
        None => format!("undefined symbol: {name}"),
    };
    for f in refs.iter().take(SHOWN) {
        if let Some(o) = p.objects.get(f.object as usize) {
            text.push_str(&format!(
                "\n>>> referenced by {}{}",
                hints.lines.prefix(o, f.section, f.reloc.offset),
                place(o, f.section, f.reloc.offset, opts.demangle)
            ));
        }
    }
    if refs.len() > SHOWN {
        text.push_str(&format!(
            "\n>>> referenced {} more times",
            refs.len() - SHOWN
        ));
    }
    if !hidden.is_empty() && info.state != State::Shared {
        text.push_str(&format!(
            "\n>>> it is {hidden}: only this output itself can define it"
        ));
    }
    if info.state == State::Shared
        && let Some(lib) = info.file.as_shared().and_then(|f| p.shared.get(f))
    {
        text.push_str(&format!(
            "\n>>> {} defines it, but a {hidden} declaration can only be met by this output itself",
            lib.name
        ));
    }
    if info.state != State::Shared
        && let Some(hint) = hints.missing(p, p.symbols.name(id))
    {
        text.push_str(&format!("\n>>> hint: {hint}"));
    }
    let order = refs.first().map_or((0, 0), |f| (f.object, f.reloc.offset));
    if opts.warn_unresolved {
        report.warn_at(order, text);
    } else {
        report.fault_at(order, text);
    }
    let name = String::from_utf8_lossy(p.symbols.name(id));
    crate::listing::handler::run("undefined-symbol", &name, opts, report);
}
