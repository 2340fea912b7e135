//! Mapfiles that the command line names: read, and made into what the other stages understand.

use std::os::unix::ffi::OsStrExt;

use super::gnu::Line;
use super::settings::{OutputKind, Symbolic};
use super::values;
use crate::script::{MapSegment, Mapfile, MapfileNames, SymbolScope, parse_mapfile};

/// PF_R, PF_W and PF_X.
const READ: u32 = 4;
const WRITE: u32 = 2;
const EXECUTE: u32 = 1;
/// Page size of x86, bytes.
const PAGE: u64 = 0x1000;

/// Reads them all, and obeys what concerns other options.
pub fn read_all(line: &mut Line) {
    let mut map = Mapfile::default();
    let names = names(line);
    for name in std::mem::take(&mut line.mapfiles) {
        for file in expand(&name) {
            let path = values::path(&file);
            match std::fs::read(&path) {
                Ok(text) => {
                    let shown = path.display().to_string();
                    if let Err(errors) = parse_mapfile(&text, &shown, &names, 8, &mut map) {
                        line.errors.extend(errors);
                    }
                }
                Err(error) => line
                    .errors
                    .push(format!("cannot open mapfile {}: {error}", path.display())),
            }
        }
    }
    map.reduce = map.reduce.or(line.reduce);
    if line.opts.kind != OutputKind::Relocatable {
        segments(line, &map);
    }
    // A closed list of symbolic names stands for the whole module, as in the system's linker.
    let is = |scope: SymbolScope| map.symbols.iter().any(|s| s.scope == scope);
    if map.reduce.is_some() && is(SymbolScope::Protected) && !is(SymbolScope::Global) {
        line.opts.symbolic = Symbolic::All;
    }
    if let Some(flags) = map.stack {
        line.opts.z.execstack = Some(flags & EXECUTE != 0);
    }
    for d in &map.depend {
        line.opts.parse_warnings.push(format!(
            "mapfile: all versions of {} may be bound to: DEPEND_VERSIONS is not supported",
            d.object.escape_ascii()
        ));
    }
    line.opts.version_scripts.append(&mut map.scripts);
    match map.version_script() {
        Ok(script) => line.opts.version_scripts.extend(script),
        Err(errors) => line.errors.extend(errors),
    }
    if line.opts.sunw.direct == Some(true) && !line.saw_nolazyload {
        for input in &mut line.opts.inputs {
            input.mode.lazyload = true;
        }
    }
    line.opts.sunw.mapfile = map;
}

/// What `$if` finds true.
fn names(line: &Line) -> MapfileNames {
    let kind = match line.opts.kind {
        OutputKind::Relocatable => "_ET_REL",
        OutputKind::Shared | OutputKind::Pie => "_ET_DYN",
        OutputKind::Executable => "_ET_EXEC",
    };
    MapfileNames::new(["_ELF64", "_x86", kind])
}

/// A directory stands for the files in it, in the order of their names.
fn expand(name: &[u8]) -> Vec<Vec<u8>> {
    let path = values::path(name);
    if !path.is_dir() {
        return vec![name.to_vec()];
    }
    let Ok(entries) = std::fs::read_dir(&path) else {
        return vec![name.to_vec()];
    };
    let mut files: Vec<Vec<u8>> = entries
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.is_file())
        .map(|p| p.as_os_str().as_bytes().to_vec())
        .collect();
    files.sort();
    files
}

/// Segments: the address of `text` and `data`, alignments, and execution of data are obeyed. A segment of another name
/// changes nothing but the protection of few sections: it is not made, and that is said. The rest would be another
/// file than was asked for.
fn segments(line: &mut Line, map: &Mapfile) {
    for s in &map.segments {
        let place = format!("{}: segment {}", s.at, s.name.escape_ascii());
        if let Some(text) = refused(s) {
            line.errors.push(format!("{place}: {text}"));
            continue;
        }
        let opts = &mut line.opts;
        match s.name.as_slice() {
            b"text" => opts.image_base = s.address.or(opts.image_base),
            b"data" | b"bss" => {
                opts.data_segment = s.address.or(opts.data_segment);
                opts.exec_data |= s.flags.is_some_and(|f| f & EXECUTE != 0);
            }
            name if KNOWN.contains(&name) => {}
            _ => opts.parse_warnings.push(format!(
                "{place} is not made: its sections are put with others of their kind"
            )),
        }
        if s.round.is_some() {
            // Every segment starts and ends with a page of the file.
            opts.z.separate_loadable_segments = true;
        }
        if let Some(align) = s.align
            && matches!(s.name.as_slice(), b"text" | b"data" | b"bss")
        {
            let now = opts.z.max_page_size.unwrap_or(PAGE);
            opts.z.max_page_size = Some(now.max(align));
        }
    }
}

/// Segments that libld makes by itself, besides `text`, `data` and `bss`.
const KNOWN: &[&[u8]] = &[
    b"note", b"interp", b"tls", b"dynamic", b"extra", b"lrodata", b"ldata", b"unwind", b"sunwcap",
];

/// Why a segment cannot be made as it is asked for.
fn refused(s: &MapSegment) -> Option<&'static str> {
    let name = s.name.as_slice();
    let loaded = matches!(name, b"text" | b"data" | b"bss");
    let fits = match name {
        b"text" => s.flags.is_none_or(|f| f == READ | EXECUTE),
        b"data" | b"bss" => s.flags.is_none_or(|f| f & !EXECUTE == READ | WRITE),
        _ => true,
    };
    match () {
        () if s.align.is_some_and(|a| !a.is_power_of_two() || a > 1 << 40) => {
            Some("the alignment is not a power of two")
        }
        () if s.address.is_some() && !matches!(name, b"text" | b"data") => {
            Some("only text and data may have an address")
        }
        () if s.round.is_some_and(|r| r > PAGE || !loaded) => {
            Some("ROUND of more than a page is not supported")
        }
        () if s.max_size.is_some() => Some("MAX_SIZE is not supported"),
        () if !s.size_symbols.is_empty() => Some("SIZE_SYMBOL is not supported"),
        () if s.disabled => Some("DISABLE is not supported"),
        () if !fits => Some("these flags are not supported (text: READ EXECUTE, data: READ WRITE)"),
        () => None,
    }
}
