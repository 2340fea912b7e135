//! The output file: assembled window by window, each by one thread, in a buffer that stays in the cache.
//!
//! Reading order: `window.rs` (the plan), `relocate.rs` (input sections), `tables.rs` and `symtab.rs` (the linker's own
//! sections), `dynrel.rs` (dynamic relocations), `headers.rs`, `emit_relocs.rs` (relocations as records),
//! `packed.rs` (compressed sections), `gdb_index.rs`, `separate.rs` (debug sections in another file), `file.rs` and `queue.rs` (how the
//! bytes reach the disk), `save.rs` (all of it together), `binary.rs` and `hex.rs` (a flat file or lines of text instead),
//! `dependency_file.rs` (what was read, for make).

pub mod binary;
mod debug;
pub mod dependency_file;
pub mod dynrel;
pub mod emit_relocs;
pub mod file;
pub mod gdb_index;
pub mod headers;
mod hex;
pub mod packed;
mod queue;
pub mod relocate;
pub mod save;
pub mod separate;
pub mod symtab;
pub mod tables;
pub mod window;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::arch::Arch;
use crate::layout::Layout;
use crate::layout::output::{Content, OutputSection, Piece, Synth};
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::synth::build_id::{self, WindowDigest};
use crate::synth::sunw_checksum;
use crate::trace::Trace;

/// Everything the writer reads.
pub struct Image<'a, 'd, A: Arch> {
    pub p: &'a Program<'d, A::Elf>,
    pub live: &'a Liveness,
    pub opts: &'a Options,
    pub l: &'a Layout<'d>,
    pub report: &'a Report,
    pub trace: &'a Trace,
    pub par: Par,
    pub dynamic: dynrel::DynamicRelocs,
}

impl<A: Arch> Image<'_, '_, A> {
    /// Whether places with a RELATIVE relocation hold its addend too: as the option says, or the platform.
    pub fn stores_addends(&self) -> bool {
        self.opts
            .apply_dynamic_relocs
            .unwrap_or(!self.l.rules.zero_under_rela)
    }
}

/// What is known of a file once it is written.
#[derive(Default)]
pub struct Written {
    /// The build ID; empty without one.
    pub id: Vec<u8>,
    /// CRC-32 of the whole file, when it was asked for.
    pub crc: u32,
}

/// Writes the image into `out`.
pub fn write<A: Arch>(image: &Image<'_, '_, A>, out: &mut file::Output) -> std::io::Result<()> {
    write_summed(image, out, false).map(drop)
}

/// As [`write`]; `crc`: the file's checksum is wanted, and its build ID is the layout's known one.
fn write_summed<A: Arch>(
    image: &Image<'_, '_, A>,
    out: &mut file::Output,
    crc: bool,
) -> std::io::Result<Written> {
    let mut written = Written::default();
    let windows = window::plan(image.l, headers::size(image));
    let size: u64 = windows.iter().map(|w| w.size).sum();
    if size == image.l.file_size {
        out.reserve(size)?;
    }
    let hash = build_id::needs_digests(&image.opts.build_id);
    let note = image
        .l
        .synth(Synth::BuildId)
        .filter(|_| image.l.known_id.is_empty())
        .map(|(s, p)| s.offset + p.offset);
    let loaded = sunw_checksum::Ranges::of(image);
    let loaded_sum = AtomicU64::new(0);
    let sums: Mutex<Vec<(usize, flate2::Crc)>> = Mutex::new(Vec::new());
    let digests: Mutex<Vec<(usize, WindowDigest)>> = Mutex::new(Vec::new());
    let one = |buf: &mut Vec<u8>, i: usize, sink: &file::Sink<'_>| {
        let Some(w) = windows.get(i) else {
            return Ok(());
        };
        let fill = || window::fill(image, w, buf);
        image
            .trace
            .task(|| format!("window at {:#x}", w.offset), fill);
        if hash && let Ok(mut d) = digests.lock() {
            d.push((i, build_id::digest(buf)));
        }
        if crc && let Ok(mut list) = sums.lock() {
            let mut sum = flate2::Crc::new();
            sum.update(buf);
            list.push((i, sum));
        }
        if let Some(ranges) = &loaded {
            loaded_sum.fetch_add(ranges.sum(w.offset, buf), Ordering::Relaxed);
        }
        sink(w.offset, buf)
    };
    out.write_windows(windows.len(), image.par, &one)?;
    if let Some(at) = note {
        // The id is a hash of everything else, so it comes last.
        let mut d = digests.into_inner().unwrap_or_default();
        d.sort_by_key(|(i, _)| *i);
        let d: Vec<WindowDigest> = d.into_iter().map(|(_, d)| d).collect();
        let id = build_id::finish(&image.opts.build_id, &d)?;
        let mut bytes = Vec::new();
        // NT_GNU_BUILD_ID
        build_id::put_note::<A::Elf>(b"GNU\0", 3, &id, &mut bytes);
        out.patch(at, &bytes)?;
        // Zeros were written in the note's place.
        let sum = bytes.iter().map(|b| u64::from(*b)).sum();
        loaded_sum.fetch_add(sum, Ordering::Relaxed);
        written.id = id;
    }
    if loaded.is_some()
        && let Some(at) = sunw_checksum::place(image)
    {
        let sum = sunw_checksum::fold(loaded_sum.into_inner());
        out.patch(at, &sum.to_le_bytes())?;
    }
    let mut sums = sums.into_inner().unwrap_or_default();
    sums.sort_by_key(|(i, _)| *i);
    let mut sum = flate2::Crc::new();
    sums.iter().for_each(|(_, s)| sum.combine(s));
    written.crc = sum.sum();
    Ok(written)
}

/// A part of a table into `buf`, which is as long as the part and may hold anything before.
fn write_part<A: Arch>(image: &Image<'_, '_, A>, part: &window::Part, buf: &mut [u8]) {
    let piece = image
        .l
        .outputs
        .get(part.section)
        .and_then(|s| s.pieces.get(part.piece));
    match piece.map(|p| p.content) {
        Some(Content::Merged(n)) => image.l.merges.write(n, part.start, buf),
        Some(Content::Synth(Synth::RelaDyn)) => {
            let mut bytes = Vec::with_capacity(buf.len());
            dynrel::write_rela_dyn(image, part.start, buf.len(), &mut bytes);
            bytes.resize(buf.len(), 0);
            buf.copy_from_slice(&bytes);
        }
        // Nothing else is cut.
        _ => buf.fill(0),
    }
}

/// One piece's bytes into `buf`, which is as long as the piece and may hold anything before.
pub fn write_piece<A: Arch>(
    image: &Image<'_, '_, A>,
    s: &OutputSection<'_>,
    piece: &Piece,
    buf: &mut [u8],
) {
    if !matches!(piece.content, Content::Section(_) | Content::Merged(_)) {
        buf.fill(0);
    }
    match piece.content {
        Content::Section(id) => relocate::section(image, id, s.addr + piece.offset, buf),
        Content::EhFrame(object, k) => {
            let base = image.l.values.eh_frame;
            let offset = (s.addr + piece.offset).wrapping_sub(base);
            relocate::eh_frame(image, object, k, base, offset, buf)
        }
        Content::Merged(n) => image.l.merges.write(n, 0, buf),
        Content::Common(_) => {}
        Content::Text(n) => {
            if let Some(text) = image.l.texts.get(n as usize)
                && text.len() == buf.len()
            {
                buf.copy_from_slice(text);
            }
        }
        Content::Gap(0) => buf.fill(A::CODE_FILL),
        Content::Gap(n) => {
            let pattern = image.l.texts.get(n as usize).map_or(&[][..], Vec::as_slice);
            for (to, from) in buf.iter_mut().zip(pattern.iter().cycle()) {
                *to = *from;
            }
        }
        Content::Relocs(id) => emit_relocs::section(image, id, buf),
        Content::FrameRelocs(object, k) => emit_relocs::frame(image, object, k, buf),
        Content::Made => {
            let start = piece.offset as usize;
            if let Some(bytes) = s.made.get(start..start + buf.len()) {
                buf.copy_from_slice(bytes);
            }
        }
        Content::Synth(what) => tables::write(image, what, buf),
        Content::SymtabLocals(n) => symtab::part(image, n, true, buf),
        Content::SymtabGlobals(n) => symtab::part(image, n, false, buf),
        Content::Strtab(n) => symtab::names(image, n, buf),
    }
}
