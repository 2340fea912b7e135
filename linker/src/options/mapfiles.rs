//! Mapfiles that the command line names: read, and made into what the other stages understand.

use std::os::unix::ffi::OsStrExt;

use super::choices::{OutputKind, Symbolic};
use super::gnu::Line;
use super::values;
use crate::layout::{MADE, MOST_SEGMENTS};
use crate::script::{MapSegment, Mapfile, MapfileNames, SegmentKind, SymbolScope, parse_mapfile};

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

/// `SEGMENT_ORDER`: text comes first, as the headers and tables are in it, then segments of one's own that the list
/// does not put behind data.
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
    let first = names
        .first()
        .is_some_and(|n| n != b"text" && find(b"text").is_some());
    if first && data != Some(0) {
        line.errors.push(format!(
            "{at}: SEGMENT_ORDER: text comes first: the headers and the run-time linker's tables are in it"
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

/// Segments: addresses, alignments and execution of data become options; the rest is the layout's to obey
/// (`layout/map_assign.rs`, `layout/map_segments.rs`). What would be another file than was asked for is an error.
fn segments(line: &mut Line, map: &Mapfile) {
    for s in &map.segments {
        let place = format!("{}: segment {}", s.at, s.name.escape_ascii());
        if let Some(text) = refused(s) {
            line.errors.push(format!("{place}: {text}"));
            continue;
        }
        let opts = &mut line.opts;
        let assigned = !s.choices.is_empty();
        match s.name.as_slice() {
            _ if s.disabled => continue,
            _ if s.kind == SegmentKind::Null => opts.shape.spare_headers += 1,
            b"text" => opts.image_base = s.address.or(opts.image_base),
            b"data" | b"bss" => {
                opts.data_segment = s.address.or(opts.data_segment);
                opts.exec_data |= s.flags.is_some_and(|f| f & EXECUTE != 0);
            }
            name if (MADE.contains(&name) || s.kind == SegmentKind::Note) && assigned => {
                opts.parse_warnings.push(format!(
                    "{place}: ASSIGN_SECTION has no effect: what this segment has is found by its type"
                ));
            }
            _ => {}
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
    if map.segments.len() > MOST_SEGMENTS {
        line.errors
            .push(format!("mapfiles name more than {MOST_SEGMENTS} segments"));
    }
}

/// Why a segment cannot be made as it is asked for.
fn refused(s: &MapSegment) -> Option<&'static str> {
    let name = s.name.as_slice();
    let made = MADE.contains(&name);
    let fits = match name {
        b"text" => s.flags.is_none_or(|f| f == READ | EXECUTE),
        b"data" | b"bss" => s.flags.is_none_or(|f| f & !EXECUTE == READ | WRITE),
        _ => true,
    };
    let own = !made && !matches!(name, b"text" | b"data" | b"bss");
    match () {
        () if s.align.is_some_and(|a| !a.is_power_of_two() || a > 1 << 40) => {
            Some("the alignment is not a power of two")
        }
        () if s.address.is_some() && (made || name == b"bss") => {
            Some("only text, data and segments of one's own may have an address")
        }
        () if s.round.is_some_and(|r| r > PAGE || made) => {
            Some("ROUND of more than a page is not supported")
        }
        () if s.max_size.is_some() && made => {
            Some("only text, data and segments of one's own may have a MAX_SIZE")
        }
        () if !s.size_symbols.is_empty() && made => {
            Some("only text, data and segments of one's own may have a SIZE_SYMBOL")
        }
        // There is no segment for .bss alone, which is what disabling it means.
        () if s.disabled && !own && name != b"bss" => {
            Some("DISABLE of a segment that every output needs is not supported")
        }
        () if !s.output_order.is_empty() && made => {
            Some("only text, data and segments of one's own may have an OS_ORDER")
        }
        () if s.empty && !own => Some("only a segment of one's own can be without sections (?E)"),
        () if s.empty && (s.address.is_none() || s.max_size.is_none()) => {
            Some("a segment without sections (?E) needs an address (V) and a length (L)")
        }
        () if s.empty && !s.choices.is_empty() => {
            Some("a segment without sections (?E) takes none")
        }
        () if s.ordered => Some("?O is not supported; IS_ORDER orders sections"),
        () if !fits => Some("these flags are not supported (text: READ EXECUTE, data: READ WRITE)"),
        () => None,
    }
}
