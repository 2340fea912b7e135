//! `--separate-debug-file`: debugging information in a file of its own, which gdb finds by `.gnu_debuglink` and the build ID.
//!
//! Both files are written from one layout. The output itself has no debug sections, but the other file's name and checksum
//! (GDB manual, "Debugging Information in Separate Files"). The other file has all section headers; what is loaded takes no
//! room in it, apart from notes, which hold the build ID; as `objcopy --only-keep-debug` makes it.

use std::path::{Path, PathBuf};

use object::elf;

use super::dynrel::DynamicRelocs;
use super::file::Output;
use super::{Image, Written};
use crate::arch::Arch;
use crate::elf::{Elf, PutElf};
use crate::layout::Layout;
use crate::layout::output::{Content, OutputSection, Piece, new_section};
use crate::layout::segments::place_tail;
use crate::live::Liveness;
use crate::options::{Options, OutputKind};
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::trace::Trace;
use crate::{LinkError, plain};

/// The file for debugging information, if there is to be one and anything goes into it.
pub fn wanted(opts: &Options, l: &Layout<'_>) -> Option<PathBuf> {
    let name = opts.separate_debug.as_ref()?;
    if opts.oformat_binary || !l.outputs.iter().any(is_debug) {
        return None;
    }
    Some(name.clone().unwrap_or_else(|| {
        let mut path = opts.output.clone().into_os_string();
        path.push(".dbg");
        path.into()
    }))
}

fn is_debug(s: &OutputSection<'_>) -> bool {
    !s.is_alloc()
        && ([&b".debug_"[..], b".zdebug_", b".rela.debug_"]
            .iter()
            .any(|p| s.name.starts_with(p))
            || s.name == b".gdb_index")
}

/// Everything an [`Image`] is made of, the layout still to be changed.
pub struct Parts<'a, 'd, A: Arch> {
    pub p: &'a Program<'d, A::Elf>,
    pub live: &'a Liveness,
    pub opts: &'a Options,
    pub report: &'a Report,
    pub par: Par,
    pub trace: &'a Trace,
}

impl<'d, A: Arch> Parts<'_, 'd, A> {
    fn write(
        &self,
        l: &Layout<'d>,
        dynamic: DynamicRelocs,
        out: &mut Output,
        crc: bool,
    ) -> std::io::Result<(Written, DynamicRelocs)> {
        let image = Image::<A> {
            p: self.p,
            live: self.live,
            opts: self.opts,
            l,
            report: self.report,
            par: self.par,
            trace: self.trace,
            dynamic,
        };
        if !crc {
            crate::verify::own::check(&image, self.report);
        }
        let written = super::write_summed(&image, out, crc)?;
        Ok((written, image.dynamic))
    }
}

/// Writes and names both files.
pub fn write<'d, A: Arch>(
    parts: &Parts<'_, 'd, A>,
    l: &mut Layout<'d>,
    dynamic: DynamicRelocs,
    debug: &Path,
) -> Result<(), LinkError> {
    let opts = parts.opts;
    let failed = |path: &Path, e: std::io::Error| {
        parts
            .report
            .error(format!("cannot write {}: {}", path.display(), plain(&e)));
        LinkError
    };
    let loaded_end = l.loaded_end();
    let full = std::mem::take(&mut l.outputs);
    l.outputs = full.iter().filter(|s| !is_debug(s)).cloned().collect();
    let (link, crc_at) = debug_link(debug);
    l.outputs.push(link);
    l.renumber();
    l.placement.file_end = place_tail(&mut l.outputs, loaded_end);
    l.place_headers::<A::Elf>(opts);
    let crc_at = l.outputs.last().map_or(0, |s| s.offset) + crc_at;

    let in_main = |e| failed(&opts.output, e);
    let executable = opts.kind != OutputKind::Relocatable;
    let mut main = Output::create(&opts.output, executable).map_err(in_main)?;
    let (written, dynamic) = parts.write(l, dynamic, &mut main, false).map_err(in_main)?;

    l.outputs = full;
    l.known_id = written.id;
    keep_debug_only::<A>(l);
    l.renumber();
    l.place_headers::<A::Elf>(opts);
    let in_debug = |e| failed(debug, e);
    let mut other = Output::create(debug, false).map_err(in_debug)?;
    let (written, _) = parts
        .write(l, dynamic, &mut other, true)
        .map_err(in_debug)?;
    let mut crc = Vec::new();
    crc.put32::<A::Elf>(written.crc);
    main.patch(crc_at, &crc).map_err(in_main)?;
    if !opts.noinhibit_exec {
        crate::check(parts.report)?;
    }
    other.finish().map_err(in_debug)?;
    main.finish().map_err(in_main)
}

/// `.gnu_debuglink`: the file's name, padded, and room for its checksum, whose place is given too.
fn debug_link(debug: &Path) -> (OutputSection<'static>, u64) {
    let name = debug.file_name().unwrap_or_default().as_encoded_bytes();
    let mut bytes = [name, b"\0"].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let crc_at = bytes.len() as u64;
    bytes.resize(bytes.len() + 4, 0);
    let mut s = new_section(b".gnu_debuglink", elf::SHT_PROGBITS, 0, 4, 0);
    s.size = bytes.len() as u64;
    s.pieces.push(Piece {
        content: Content::Made,
        offset: 0,
        size: s.size,
    });
    s.made = bytes;
    (s, crc_at)
}

/// What is loaded takes no room in the file, but for notes.
fn keep_debug_only<A: Arch>(l: &mut Layout<'_>) {
    let headers = A::Elf::EHDR_SIZE + l.segments.len() * A::Elf::PHDR_SIZE;
    let mut end = headers as u64;
    for s in l.outputs.iter_mut().filter(|s| s.is_alloc()) {
        if s.ty == elf::SHT_NOTE {
            end = end.next_multiple_of(s.align.max(1));
            s.offset = end;
            end += s.size;
        } else {
            s.ty = elf::SHT_NOBITS;
            s.offset = end;
        }
    }
    for segment in &mut l.segments {
        let note = l
            .outputs
            .iter()
            .find(|s| s.ty == elf::SHT_NOTE && s.is_alloc() && s.addr == segment.addr)
            .filter(|_| matches!(segment.ty, elf::PT_NOTE | elf::PT_GNU_PROPERTY));
        match note {
            Some(s) => segment.offset = s.offset,
            None => segment.filesz = 0,
        }
    }
    l.placement.file_end = place_tail(&mut l.outputs, end);
}
