//! Mapfiles that the command line names: read, and made into what the other stages understand.

use std::os::unix::ffi::OsStrExt;

use super::gnu::Line;
use super::settings::{OrderRule, OutputKind, Symbolic};
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
            match crate::input::whole::read(&path) {
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
    if line.opts.kind == OutputKind::Relocatable
        && !line.opts.sunw.reduce
        && (map.reduce.is_some() || !map.symbols.is_empty())
    {
        line.opts.parse_warnings.push(
            "scopes and versions of mapfiles are not recorded in relocatable outputs; -B reduce applies the scopes"
                .into(),
        );
    }
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
    segment_order(line, &map);
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

/// `SEGMENT_ORDER`: addresses say in which order segments stand, and text comes first.
fn segment_order(line: &mut Line, map: &Mapfile) {
    let Some((names, at)) = &map.segment_order else {
        return;
    };
    let find = |name: &[u8]| names.iter().position(|n| n == name);
    let data = find(b"data").or_else(|| find(b"bss"));
    if let (Some(text), Some(data)) = (find(b"text"), data)
        && data < text
    {
        line.errors.push(format!(
            "{at}: SEGMENT_ORDER: data before text is not supported; give both a VADDR"
        ));
    }
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
            name if is_known(name) => {}
            _ if s.disabled => continue,
            _ => opts.parse_warnings.push(format!(
                "{place} is not made: its sections are put with others of their kind"
            )),
        }
        is_order(line, s, &place);
        let opts = &mut line.opts;
        if s.physical {
            opts.parse_warnings.push(format!(
                "{place}: PADDR has no effect: no loader of programs looks at it"
            ));
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

/// `IS_ORDER` is an order of input sections. `ASSIGN_SECTION` names them; nothing is moved from one segment to another.
fn is_order(line: &mut Line, s: &MapSegment, place: &str) {
    for label in &s.order {
        let chosen = s.choices.iter().find(|c| c.label == *label);
        let (section, file) = match chosen {
            Some(c) => (c.name.clone(), c.file.clone()),
            None => (Some(label.clone()), None),
        };
        let Some(section) = section else {
            line.errors.push(format!(
                "{place}: IS_ORDER of {}, which has no IS_NAME, is not supported",
                label.escape_ascii()
            ));
            continue;
        };
        line.opts.section_order.push(OrderRule {
            output: None,
            file: file.map(|f| [b"*", &f[..]].concat()),
            section,
        });
    }
    let made = matches!(s.name.as_slice(), b"text" | b"data" | b"bss") || is_known(&s.name);
    let unused = s.choices.iter().any(|c| !s.order.contains(&c.label));
    if made && unused {
        line.opts.parse_warnings.push(format!(
            "{place}: ASSIGN_SECTION has no effect: sections go by their flags"
        ));
    }
}

fn is_known(name: &[u8]) -> bool {
    KNOWN.contains(&name)
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
        () if s.max_size.is_some() && !loaded => Some("only text and data may have a MAX_SIZE"),
        () if !s.size_symbols.is_empty() && !loaded => {
            Some("only text and data may have a SIZE_SYMBOL")
        }
        // There is no segment for .bss alone, which is what disabling it means.
        () if s.disabled && (is_known(name) || loaded && name != b"bss") => {
            Some("DISABLE of a segment that every output needs is not supported")
        }
        () if !s.output_order.is_empty() => Some("OS_ORDER is not supported; IS_ORDER is"),
        () if s.empty => Some("a segment without sections (?E) is not supported"),
        () if s.ordered => Some("?O is not supported; IS_ORDER orders sections"),
        () if !fits => Some("these flags are not supported (text: READ EXECUTE, data: READ WRITE)"),
        () => None,
    }
}
