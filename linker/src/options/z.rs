//! The keywords of `-z`.

use super::choices::{DiscardLocals, OutputKind, Severity, Strip};
use super::gnu::Line;
use super::sunw;
use super::table::{By, G, L, M, S, distance};
use super::values;
use super::zoptions::ZOptions;

/// What a keyword does.
#[derive(Clone, Copy)]
pub enum Means {
    Set(fn(&mut ZOptions)),
    /// For keywords that concern more than [`ZOptions`].
    Line(fn(&mut Line)),
    /// `keyword=VALUE`.
    Take(fn(&mut Line, &[u8]) -> Result<(), String>),
    /// Accepted; why nothing needs to be done.
    Nothing(&'static str),
    /// Accepted with a warning; why it has no effect.
    Missing(&'static str),
    /// An error; why it cannot be done.
    Refused(&'static str),
}

/// One keyword.
pub struct Keyword {
    /// Without `=`.
    pub name: &'static str,
    /// What help calls the value; empty if there is none.
    pub meta: &'static str,
    /// The linkers that have it.
    pub by: By,
    pub means: Means,
    pub help: &'static str,
}

macro_rules! keywords {
    ($($name:literal $meta:literal, $by:expr, $means:expr, $help:literal;)*) => {
        /// All keywords, in the order help shows them.
        pub static KEYWORDS: &[Keyword] = &[$(Keyword {
            name: $name, meta: $meta, by: $by, means: $means, help: $help,
        }),*];
    };
}

use Means::{Line as OnLine, Missing, Nothing, Refused, Set, Take};

keywords! {
    "now" "", G|L|M|S, Set(|z| { z.now = true; z.lazy = false; }), "Bind all functions when the program starts";
    "lazy" "", G|L|M|S, Set(|z| { z.lazy = true; z.now = false; }), "Bind functions when they are first called (default)";
    "relro" "", G|L|M, Set(|z| z.relro = true), "Make what only the run-time linker writes read-only (default)";
    "norelro" "", G|L|M, Set(|z| z.relro = false), "Make no PT_GNU_RELRO";
    "text" "", G|L|M|S, Set(|z| z.text = true), "Relocations in read-only sections are errors";
    "notext" "", G|L|M, OnLine(|l| { l.opts.z.text = false; l.opts.warn_textrel = false; }), "Relocations in read-only sections are allowed, without a warning";
    "textoff" "", G|M|S, OnLine(|l| { l.opts.z.text = false; l.opts.warn_textrel = false; }), "As notext";
    "textwarn" "", S, OnLine(|l| { l.opts.z.text = false; l.opts.warn_textrel = true; }), "As notext, with a warning";
    "defs" "", G|L|M|S, Set(|z| { z.defs = true; z.undefs = false; }), "Undefined symbols are errors in shared libraries too";
    "undefs" "", G|L|M, Set(|z| { z.undefs = true; z.defs = false; }), "Undefined symbols are allowed";
    "nodefs" "", S, OnLine(|l| { l.opts.z.undefs = true; l.opts.z.defs = false; l.opts.allow_shlib_undefined = Some(true); }), "As undefs, in libraries of the link too";
    "muldefs" "", G|L|M|S, Set(|z| z.muldefs = true), "The first of several definitions counts";
    "execstack" "", G|L|M, Set(|z| z.execstack = Some(true)), "The stack is executable";
    "noexecstack" "", G|L|M, Set(|z| z.execstack = Some(false)), "The stack is not executable";
    "execstack-if-needed" "", M, Set(|z| z.execstack = None), "The stack is executable if an input asks for it";
    "nognustack" "", L|M, Set(|z| z.nognustack = true), "Make no PT_GNU_STACK";
    "stack-size" "SIZE", G|L|M, Take(|l, v| { l.opts.z.stack_size = values::number(v)?; Ok(()) }), "Size that PT_GNU_STACK asks for";
    "max-page-size" "SIZE", G|L|M, Take(|l, v| { l.opts.z.max_page_size = Some(page_size(v)?); Ok(()) }), "Largest page size the output must run with";
    "common-page-size" "SIZE", G|L|M, Take(|l, v| { l.opts.z.common_page_size = Some(page_size(v)?); Ok(()) }), "Page size the output is laid out for";
    "separate-code" "", G|L|M, Set(|z| { z.separate_code = true; z.separate_loadable_segments = false; }), "Code in pages of its own (default)";
    "noseparate-code" "", G|L|M, Set(|z| { z.separate_code = false; z.separate_loadable_segments = false; }), "Code may share pages with read-only data";
    "separate-loadable-segments" "", L|M, Set(|z| z.separate_loadable_segments = true), "No two segments share a page";
    "copyreloc" "", L|M, Set(|z| z.copyreloc = true), "Copy relocations are allowed (default)";
    "nocopyreloc" "", G|L|M, Set(|z| z.copyreloc = false), "Copy relocations are errors";
    "combreloc" "", G|L|M|S, Set(|z| z.combreloc = true), "Sort dynamic relocations (default)";
    "nocombreloc" "", G|L|M|S, Set(|z| z.combreloc = false), "Do not sort dynamic relocations";
    "dynamic-undefined-weak" "", G|M, Set(|z| z.dynamic_undefined_weak = Some(true)), "Undefined weak symbols are left to the run-time linker";
    "nodynamic-undefined-weak" "", G|M, Set(|z| z.dynamic_undefined_weak = Some(false)), "Undefined weak symbols are zero";
    "pack-relative-relocs" "", G|L|M, Set(|z| z.pack_relative_relocs = true), "Pack relative relocations into .relr.dyn";
    "nopack-relative-relocs" "", G|L|M, Set(|z| z.pack_relative_relocs = false), "Do not pack them (default)";
    "keep-text-section-prefix" "", G|L|M, Set(|z| z.keep_text_section_prefix = true), "Keep .text.hot, .text.startup and so on as sections";
    "nokeep-text-section-prefix" "", G|L|M, Set(|z| z.keep_text_section_prefix = false), "Put them into .text (default)";
    "rodynamic" "", L|M, Set(|z| z.rodynamic = true), "Make .dynamic read-only";
    "nodelete" "", G|L|M|S, Set(|z| z.nodelete = true), "The library stays when dlclose is called";
    "nodlopen" "", G|L|M|S, Set(|z| z.nodlopen = true), "The library cannot be opened by dlopen";
    "nodump" "", G|M|S, Set(|z| z.nodump = true), "The file cannot be dumped by dldump";
    "nodefaultlib" "", G|L|M|S, Set(|z| z.nodefaultlib = true), "The run-time linker searches no default directories";
    "initfirst" "", G|L|M|S, Set(|z| z.initfirst = true), "The library is initialised before all others";
    "interpose" "", G|L|M|S, Set(|z| z.interpose = true), "The library's symbols come before all others'";
    "loadfltr" "", G|M|S, Set(|z| z.loadfltr = true), "Filtees are loaded at once";
    "origin" "", G|L|M|S, Set(|z| z.origin = true), "$ORIGIN is used";
    "global" "", G|L|S, Set(|z| z.global = true), "The library's symbols are global even under dlopen";
    "globalaudit" "", G|S, Set(|z| z.globalaudit = true), "The program asks for global auditing";
    "unique" "", G, Set(|z| z.unique = true), "The library is loaded once, in the main namespace";
    "nounique" "", G, Set(|z| z.unique = false), "Default";
    "ibt" "", G|M, Set(|z| { z.ibt = true; z.ibtplt = true; }), "Mark the output for indirect branch tracking";
    "force-ibt" "", L, Set(|z| { z.ibt = true; z.ibtplt = true; }), "As ibt";
    "ibtplt" "", G|M, Set(|z| z.ibtplt = true), "PLT entries start with ENDBR64";
    "shstk" "", G|L|M, Set(|z| z.shstk = true), "Mark the output for shadow stacks";
    "cet-report" "LEVEL", G|L|M, Take(|l, v| { l.opts.z.cet_report = severity(v)?; Ok(()) }), "Inputs without IBT and SHSTK: none, warning or error";
    "x86-64-baseline" "", G, Set(|z| z.isa_level = z.isa_level.max(1)), "Mark x86-64-baseline as needed";
    "x86-64-v2" "", G|M, Set(|z| z.isa_level = z.isa_level.max(2)), "Mark x86-64-v2 as needed";
    "x86-64-v3" "", G|M, Set(|z| z.isa_level = z.isa_level.max(3)), "Mark x86-64-v3 as needed";
    "x86-64-v4" "", G|M, Set(|z| z.isa_level = z.isa_level.max(4)), "Mark x86-64-v4 as needed";
    "start-stop-gc" "", G|L|M, Set(|z| z.start_stop_gc = true), "__start_X does not keep sections X";
    "nostart-stop-gc" "", G|L|M, Set(|z| z.start_stop_gc = false), "__start_X keeps sections X (default)";
    "start-stop-visibility" "VISIBILITY", G|L|M, Take(|l, v| { l.opts.z.start_stop_visibility = visibility(v)?; Ok(()) }), "Visibility of __start_X: default, internal, hidden or protected";
    "unique-symbol" "", G, Set(|z| z.unique_symbol = true), "Give local symbols of the same name different names";
    "nounique-symbol" "", G, Set(|z| z.unique_symbol = false), "Default";
    "sectionheader" "", G|M, Set(|z| z.nosectionheader = false), "Write section headers (default)";
    "nosectionheader" "", G|M, Set(|z| z.nosectionheader = true), "Write no section headers";
    "indirect-extern-access" "", G, Set(|z| { z.extern_protected_data = Some(false); z.indirect_extern_access = true; }), "Reach symbols of libraries through the GOT only, and mark the output so";
    "noindirect-extern-access" "", G, Set(|z| z.indirect_extern_access = false), "Default";
    "extern-protected-data" "", G, Set(|z| z.extern_protected_data = Some(true)), "Protected data may be copied";
    "noextern-protected-data" "", G, Set(|z| z.extern_protected_data = Some(false)), "Protected data is never copied";
    "ignore" "", S, OnLine(|l| l.mode.as_needed = true), "As --as-needed";
    "record" "", S, OnLine(|l| l.mode.as_needed = false), "As --no-as-needed";
    "allextract" "", S, OnLine(|l| l.mode.whole_archive = true), "As --whole-archive";
    "defaultextract" "", S, OnLine(|l| l.mode.whole_archive = false), "As --no-whole-archive";
    "lam-u48" "", G, Set(|z| z.lam_u48 = true), "Mark the output for linear address masking, 48 bits";
    "lam-u57" "", G, Set(|z| z.lam_u57 = true), "Mark the output for linear address masking, 57 bits";
    "lam-u48-report" "LEVEL", G, Take(|l, v| { l.opts.z.lam_u48_report = severity(v)?; Ok(()) }), "Inputs without this property: none, warning or error";
    "lam-u57-report" "LEVEL", G, Take(|l, v| { l.opts.z.lam_u57_report = severity(v)?; Ok(()) }), "Inputs without this property: none, warning or error";
    "lam-report" "LEVEL", G, Take(|l, v| { l.opts.z.lam_u48_report = severity(v)?; l.opts.z.lam_u57_report = severity(v)?; Ok(()) }), "Inputs without these properties: none, warning or error";
    "isa-level-report" "WHAT", G, Take(isa_report), "x86-64 levels of the inputs: none, needed, used or all";
    "rewrite-endbr" "", M, Set(|z| z.rewrite_endbr = true), "ENDBR64 that nothing can jump to becomes a NOP";
    "norewrite-endbr" "", M, Set(|z| z.rewrite_endbr = false), "Default";
    "start_stop_visibility" "VISIBILITY", M, Take(|l, v| { l.opts.z.start_stop_visibility = visibility(v)?; Ok(()) }), "As start-stop-visibility";
    "ifunc-noplt" "", L, Missing("for FreeBSD's kernel; not supported yet"), "Calls of IFUNC symbols through relocations";
    "retpolineplt" "", L, Missing("not supported yet"), "PLT entries that do not speculate";
    "wxneeded" "", L, Set(|z| z.wxneeded = true), "Make PT_OPENBSD_WXNEEDED: pages may be writable and executable";
    "nobtcfi" "", L, Set(|z| z.nobtcfi = true), "Make PT_OPENBSD_NOBTCFI: indirect branches may go anywhere";
    "bti-report" "LEVEL", L, Nothing("for AArch64"), "Ignored";
    "pauth-report" "LEVEL", L, Nothing("for AArch64"), "Ignored";
    "gcs" "MODE", L, Nothing("for AArch64"), "Ignored";
    "gcs-report" "LEVEL", L, Nothing("for AArch64"), "Ignored";
    "gcs-report-dynamic" "LEVEL", L, Nothing("for AArch64"), "Ignored";
    "force-bti" "", L, Nothing("for AArch64"), "Ignored";
    "pac-plt" "", L, Nothing("for AArch64"), "Ignored";
    "zicfilp-report" "LEVEL", L, Nothing("for RISC-V"), "Ignored";
    "zicfiss-report" "LEVEL", L, Nothing("for RISC-V"), "Ignored";
    "rela" "", L, Nothing("x86-64 has RELA relocations"), "Dynamic relocations with addends";
    "rel" "", L, Missing("x86-64's run-time linkers read RELA only"), "Dynamic relocations without addends";
    "bndplt" "", G, Nothing("MPX is gone from processors and compilers"), "PLT entries with BND";
    "type" "KIND", S, Take(output_type), "Kind of output: exec, pie, shared or reloc";
    "lazyload" "", S, OnLine(|l| l.mode.lazyload = true), "Load the libraries that follow when they are first used";
    "nolazyload" "", S, OnLine(|l| { l.mode.lazyload = false; l.saw_nolazyload = true; }), "Load them when the program starts (default)";
    "direct" "", S, OnLine(|l| l.mode.direct = true), "Bind references to the libraries that follow directly to them";
    "nodirect" "", S, OnLine(|l| l.mode.direct = false), "Do not (default)";
    "deferred" "", S, OnLine(|l| { l.mode.deferred = true; l.mode.lazyload = true; }), "Load the libraries that follow only when a function of theirs is called";
    "nodeferred" "", S, OnLine(|l| l.mode.deferred = false), "Do not (default)";
    "weakextract" "", S, OnLine(|l| l.opts.weak_extract = true), "Weak references extract archive members too";
    "rescan" "", S, Nothing("archives are always searched again for what is left"), "Search archives again";
    "rescan-now" "", S, Nothing("archives are always searched again for what is left"), "Search archives again";
    "rescan-start" "", S, OnLine(|l| l.start_group()), "As --start-group";
    "rescan-end" "", S, OnLine(|l| l.end_group()), "As --end-group";
    "redlocsym" "", S, OnLine(|l| l.opts.discard_locals = DiscardLocals::All), "Leave out local symbols";
    "relax" "WHAT", S, Nothing("relaxations are made where they are right"), "transtls and so on";
    "endfiltee" "", S, OnLine(|l| l.opts.sunw.flags_1 |= sunw::DF_1_ENDFILTEE), "Mark a filtee as the last";
    "confalt" "", S, OnLine(|l| l.opts.sunw.flags_1 |= sunw::DF_1_CONFALT), "An alternative object made by crle";
    "noreloc" "", S, OnLine(|l| l.opts.sunw.flags_1 |= sunw::DF_1_NORELOC), "The object needs no relocation by crle";
    "groupperm" "", S, OnLine(|l| l.mode.group_perm = true), "The libraries that follow see their group only";
    "nogroupperm" "", S, OnLine(|l| l.mode.group_perm = false), "Default";
    "aslr" "", S, OnLine(|l| l.opts.sunw.aslr = Some(true)), "Ask for address space layout randomisation";
    "aslr" "enabled|disabled", S, Take(aslr), "Ask for it, or against it";
    "noldynsym" "", S, OnLine(|l| l.opts.sunw.no_ldynsym = true), "Make no .SUNW_ldynsym";
    "noversion" "", S, OnLine(|l| l.opts.sunw.no_version = true), "Make no version sections";
    "nointerp" "", S, OnLine(|l| { l.opts.no_dynamic_linker = true; l.opts.dynamic_linker = None; }), "Make no PT_INTERP";
    "initarray" "FUNCTION", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.sunw.init_array.push(v.to_vec()); Ok(()) }), "Add FUNCTION to .init_array";
    "finiarray" "FUNCTION", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.sunw.fini_array.push(v.to_vec()); Ok(()) }), "Add FUNCTION to .fini_array";
    "preinitarray" "FUNCTION", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.sunw.preinit_array.push(v.to_vec()); Ok(()) }), "Add FUNCTION to .preinit_array";
    "wrap" "SYMBOL", S, Take(|l, v| { l.opts.wrap.push(v.to_vec()); Ok(()) }), "As --wrap";
    "sysroot" "DIR", S, Take(|l, v| { l.opts.sysroot = (!v.is_empty()).then(|| values::path(v)); Ok(()) }), "Directory that stands for / of the target system";
    "fatal-warnings" "", S, OnLine(|l| l.opts.fatal_warnings = true), "Warnings are errors";
    "nofatal-warnings" "", S, OnLine(|l| l.opts.fatal_warnings = false), "Warnings are warnings (default)";
    "discard-unused" "WHAT", S, Take(discard_unused), "Leave out unused dependencies, files or sections (Solaris 11.4)";
    "strip-class" "WHAT", S, Take(strip_class), "Leave out debug, symbol or nonalloc sections (Solaris 11.4)";
    "verbose" "", S, Nothing("all that could be said is said"), "More warnings";
    "guidance" "", S, Nothing("there is no such advice"), "Give advice on good practice";
    "guidance" "LIST", S, Nothing("there is no such advice"), "Give advice on good practice";
    "assert-deflib" "", S, Nothing("no library is named that the system should have"), "Warn of libraries of the default directories";
    "assert-deflib" "LIB", S, Nothing("no library is named that the system should have"), "But for LIB";
    "help" "", S, OnLine(|l| l.print = l.print.or(Some(super::gnu::Print::Help))), "Print this text and stop";
    "absexec" "", S, Nothing("references to absolute symbols are bound anyway"), "For programs that use absolute symbols of libraries";
    "relaxreloc" "", S, Nothing("sections of groups that were discarded count as their winners' where that is right"), "Relocations against discarded sections";
    "norelaxreloc" "", S, Nothing("the default"), "Default";
    "nocompstrtab" "", S, Nothing("string tables are right whether or not they share tails"), "String tables without shared tails";
    "nopartial" "", S, Nothing("variables are never left to the run-time linker to expand"), "No partially initialised symbols";
    "nosighandler" "", S, Nothing("interrupted links leave no file behind"), "Let signals end the link";
    "symbolcap" "", S, Refused("families of symbols by capability (.SUNW_capinfo) cannot be made; give each variant a library of its own, with a CAPABILITY of the object"), "Make an object's capabilities those of its symbols";
    "target" "NAME", S, Take(target), "Machine of an output without objects: x86";
    "altexec64" "", S, Nothing("there is one linker"), "Run the 64-bit linker";
    "gnu-version-script-compat" "", S, Nothing("version scripts are always taken"), "Take GNU version scripts (Solaris 11.4)";
    "dtrace" "SYMBOL", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.sunw.dtrace = Some(v.to_vec()); Ok(()) }), "Make PT_SUNWDTRACE of SYMBOL, where the kernel keeps a thread's data for DTrace; for run-time linkers";
    "rtldinfo" "SYMBOL", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.sunw.rtld_info.push(v.to_vec()); Ok(()) }), "Set DT_SUNW_RTLDINF to the address of SYMBOL, the C library's table for ld.so.1";
    "common" "", G, Nothing("matters in -r output only, where commons are kept as they are"), "Common symbols get type STT_COMMON";
    "nocommon" "", G, Nothing("the default"), "Common symbols get type STT_OBJECT";
    "noreloc-overflow" "", G, Nothing("relocations that overflow are always errors"), "No check of relocations";
    "call-nop" "PADDING", G, Nothing("relaxed calls use the default padding"), "Padding of relaxed calls";
    "report-relative-reloc" "", G, Nothing("a report of GNU ld's developers"), "Report relative relocations";
    "memory-seal" "", G, Nothing("the property is not written"), "Ask for sealed memory";
    "nomemory-seal" "", G, Nothing("the default"), "Default";
    "mark-plt" "", G, Nothing("the tags only help debuggers"), "Mark the PLT by dynamic tags";
    "nomark-plt" "", G, Nothing("the default"), "Default";
    "hazardplt" "", L, Nothing("for MIPS"), "Ignored";
    "dead-reloc-in-nonalloc" "GLOB=VALUE", L, Take(dead_reloc), "What stands in sections GLOB for addresses of what is not linked";
    "compactunwind" "", L, Nothing("unwind tables are as the inputs have them"), "Ignored";
}

/// `-z dead-reloc-in-nonalloc=GLOB=VALUE`.
fn dead_reloc(line: &mut Line, value: &[u8]) -> Result<(), String> {
    match memchr::memrchr(b'=', value) {
        Some(at) if at > 0 => {
            let number = values::number(&value[at + 1..])?;
            line.opts.z.dead_relocs.push((value[..at].to_vec(), number));
            Ok(())
        }
        _ => Err(format!(
            "'{}' is not of the form GLOB=VALUE",
            values::text(value)
        )),
    }
}

/// `-z type=…` of Solaris.
fn output_type(line: &mut Line, value: &[u8]) -> Result<(), String> {
    line.opts.kind = match value {
        b"exec" => OutputKind::Executable,
        b"pie" => OutputKind::Pie,
        b"shared" => OutputKind::Shared,
        b"reloc" | b"kmod" => {
            line.relocatable = true;
            return Ok(());
        }
        _ => {
            let value = values::text(value);
            return Err(format!("'{value}' is not one of exec, pie, shared, reloc"));
        }
    };
    Ok(())
}

/// `-z target=…` of Solaris: the machine when no object says it.
fn target(_: &mut Line, value: &[u8]) -> Result<(), String> {
    match value {
        b"x86" => Ok(()),
        b"sparc" => Err("outputs for sparc are not supported".into()),
        _ => {
            let value = values::text(value);
            Err(format!("'{value}' is not one of sparc, x86"))
        }
    }
}

/// `-z isa-level-report=…`.
fn isa_report(line: &mut Line, value: &[u8]) -> Result<(), String> {
    let z = &mut line.opts.z;
    (z.isa_needed_report, z.isa_used_report) = match value {
        b"none" => (false, false),
        b"needed" => (true, false),
        b"used" => (false, true),
        b"all" => (true, true),
        _ => {
            let value = values::text(value);
            return Err(format!("'{value}' is not one of none, needed, used, all"));
        }
    };
    Ok(())
}

/// `-z aslr=…`; for the kernel, which looks for DT_SUNW_ASLR in programs.
fn aslr(line: &mut Line, value: &[u8]) -> Result<(), String> {
    line.opts.sunw.aslr = match value {
        b"enabled" | b"enable" => Some(true),
        b"disabled" | b"disable" => Some(false),
        _ => {
            let value = values::text(value);
            return Err(format!("'{value}' is not one of enabled, disabled"));
        }
    };
    Ok(())
}

/// `-z discard-unused=dependencies,sections,files`.
fn discard_unused(line: &mut Line, value: &[u8]) -> Result<(), String> {
    for part in value.split(|b| *b == b',') {
        match part {
            b"dependencies" => line.mode.as_needed = true,
            b"nodependencies" => line.mode.as_needed = false,
            b"sections" | b"files" => line.opts.gc_sections = true,
            b"nosections" | b"nofiles" => line.opts.gc_sections = false,
            _ => {
                let part = values::text(part);
                return Err(format!(
                    "'{part}' is not one of dependencies, files, sections"
                ));
            }
        }
    }
    Ok(())
}

/// `-z strip-class=debug`.
fn strip_class(line: &mut Line, value: &[u8]) -> Result<(), String> {
    for part in value.split(|b| *b == b',') {
        match part {
            b"debug" if line.opts.strip == Strip::None => line.opts.strip = Strip::Debug,
            b"symbol" | b"nonalloc" => line.opts.strip = Strip::All,
            b"debug" | b"annotate" | b"comment" | b"exclude" => {}
            _ => {
                let part = values::text(part);
                return Err(format!(
                    "'{part}' is not one of debug, nonalloc, symbol, annotate, comment, exclude"
                ));
            }
        }
    }
    Ok(())
}

/// As [`keyword`], but a word the Solaris link editor does not have is an error.
pub fn solaris_keyword(line: &mut Line, text: &[u8]) -> Result<(), String> {
    let name = text.split(|b| *b == b'=').next().unwrap_or(text);
    let has_value = name.len() < text.len();
    let known = |row: &&Keyword| {
        row.by & S != 0 && row.name.as_bytes() == name && row.meta.is_empty() != has_value
    };
    match KEYWORDS.iter().find(known) {
        Some(_) => keyword(line, text),
        None => Err(format!(
            "'{}' is no keyword of the Solaris link editor",
            values::text(text)
        )),
    }
}

fn page_size(value: &[u8]) -> Result<u64, String> {
    let size = values::number(value)?;
    if size.is_power_of_two() && size <= 1 << 40 {
        Ok(size)
    } else {
        Err(format!("'{}' is not a power of two", values::text(value)))
    }
}

fn severity(value: &[u8]) -> Result<Severity, String> {
    match value {
        b"none" => Ok(Severity::Ignore),
        b"warning" => Ok(Severity::Warn),
        b"error" => Ok(Severity::Error),
        _ => Err(format!(
            "'{}' is not one of none, warning, error",
            values::text(value)
        )),
    }
}

/// The STV_ value of a name.
fn visibility(value: &[u8]) -> Result<u8, String> {
    match value {
        b"default" => Ok(0),
        b"internal" => Ok(1),
        b"hidden" => Ok(2),
        b"protected" => Ok(3),
        _ => {
            let known = "default, internal, hidden, protected";
            Err(format!("'{}' is not one of {known}", values::text(value)))
        }
    }
}

/// Applies one `-z` keyword. An unknown one is only worth a warning, as in GNU ld: build files pass
/// keywords of many systems.
pub fn keyword(line: &mut Line, text: &[u8]) -> Result<(), String> {
    let (name, value) = match memchr::memchr(b'=', text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let row = KEYWORDS
        .iter()
        .find(|row| row.name.as_bytes() == name && row.meta.is_empty() == value.is_none());
    let Some(row) = row else {
        let near = KEYWORDS
            .iter()
            .filter(|_| name.len() < 60 && line.opts.parse_warnings.len() < 20)
            .find(|row| distance(row.name.as_bytes(), name) == 1);
        let hint = near.map(|row| format!(" (did you mean '-z {}'?)", row.name));
        let hint = hint.unwrap_or_default();
        line.opts
            .parse_warnings
            .push(format!("-z {} ignored{hint}", values::text(text)));
        return Ok(());
    };
    match row.means {
        Set(run) => run(&mut line.opts.z),
        OnLine(run) => run(line),
        Take(run) => {
            run(line, value.unwrap_or(&[])).map_err(|error| format!("{}: {error}", row.name))?
        }
        Refused(reason) => return Err(format!("{}: {reason}", row.name)),
        Nothing(_) => {}
        Missing(reason) => {
            let name = row.name;
            line.opts
                .parse_warnings
                .push(format!("-z {name} has no effect: {reason}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keywords of GNU ld 2.44's ELF emulations for x86, lld 20's Driver.cpp and mold 2.42's cmdline.cc.
    const PEERS: &[(By, &str)] = &[
        (
            G,
            "call-nop cet-report combreloc common common-page-size defs dynamic-undefined-weak execstack global \
             globalaudit ibt ibtplt indirect-extern-access initfirst interpose isa-level-report \
             keep-text-section-prefix lam-report lam-u48 lam-u48-report lam-u57 lam-u57-report lazy loadfltr \
             mark-plt max-page-size memory-seal muldefs nocombreloc nocommon nocopyreloc nodefaultlib nodelete \
             nodlopen nodump nodynamic-undefined-weak noexecstack noextern-protected-data \
             noindirect-extern-access nokeep-text-section-prefix nomark-plt nomemory-seal \
             nopack-relative-relocs norelro noreloc-overflow nosectionheader noseparate-code \
             nostart-stop-gc notext nounique nounique-symbol now origin pack-relative-relocs relro \
             report-relative-reloc sectionheader separate-code shstk stack-size start-stop-gc \
             start-stop-visibility text textoff undefs unique unique-symbol x86-64-baseline x86-64-v2 \
             x86-64-v3 x86-64-v4",
        ),
        (
            L,
            "bti-report cet-report combreloc common-page-size copyreloc dead-reloc-in-nonalloc defs execstack \
             force-bti force-ibt gcs gcs-report gcs-report-dynamic global hazardplt ifunc-noplt initfirst \
             interpose keep-text-section-prefix lazy max-page-size muldefs nobtcfi nocombreloc nocopyreloc \
             nodefaultlib nodelete nodlopen noexecstack nognustack nokeep-text-section-prefix \
             nopack-relative-relocs norelro noseparate-code nostart-stop-gc notext now origin pac-plt \
             pack-relative-relocs pauth-report rel rela relro retpolineplt rodynamic separate-code \
             separate-loadable-segments shstk stack-size start-stop-gc start-stop-visibility text undefs \
             wxneeded zicfilp-report zicfiss-report",
        ),
        (
            M,
            "cet-report combreloc common-page-size defs dynamic-undefined-weak execstack execstack-if-needed ibt \
             ibtplt initfirst interpose keep-text-section-prefix lazy max-page-size muldefs nocombreloc \
             nocopyreloc nodefaultlib nodelete nodlopen nodump nodynamic-undefined-weak noexecstack \
             nokeep-text-section-prefix nopack-relative-relocs norelro norewrite-endbr nosectionheader \
             noseparate-code notext now origin pack-relative-relocs relro rewrite-endbr rodynamic \
             sectionheader separate-code separate-loadable-segments shstk stack-size start-stop-visibility \
             text textoff undefs x86-64-v2 x86-64-v3 x86-64-v4",
        ),
    ];

    #[test]
    fn every_keyword_of_the_peers_is_in_the_table() {
        let find = |name: &str| KEYWORDS.iter().find(|row| row.name == name);
        let mut missing = Vec::new();
        for (by, names) in PEERS {
            for name in names.split_whitespace() {
                if find(name).is_none_or(|row| row.by & by == 0) {
                    missing.push((*by, name));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn keywords_are_complete_and_stand_once() {
        for (at, row) in KEYWORDS.iter().enumerate() {
            assert!(!row.help.is_empty() && row.by != 0, "{}", row.name);
            assert!(
                !KEYWORDS[..at]
                    .iter()
                    .any(|other| other.name == row.name
                        && other.meta.is_empty() == row.meta.is_empty()),
                "{}",
                row.name
            );
            if matches!(row.means, Take(_)) {
                assert!(!row.meta.is_empty(), "{}", row.name);
            }
        }
    }
}
