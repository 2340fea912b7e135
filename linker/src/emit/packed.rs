//! Sections whose bytes must be known before the file is laid out to its end: compressed ones.
//!
//! They are never loaded, so no address depends on their size. Each is assembled whole, relocated as it would be in a
//! window, and compressed; then the sections behind the loaded ones get their places once more
//! ([`Layout::replace_contents`](crate::layout::Layout::replace_contents)).

use object::elf;

use super::{Image, write_piece};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::layout::output::{OutputSection, Piece};
use crate::options::{CompressDebug, Options};
use crate::script::Glob;
use crate::synth::compress::compress;

/// New contents of an output section.
pub struct Replaced<'d> {
    /// Its index in the layout.
    pub section: usize,
    pub bytes: Vec<u8>,
    /// Another name than it had.
    pub name: Option<&'d [u8]>,
    pub flags: u64,
    /// Bytes, a power of two.
    pub align: u64,
}

/// The bytes of a whole output section.
pub fn assemble<A: Arch>(image: &Image<'_, '_, A>, s: &OutputSection<'_>) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(s.size).unwrap_or(0)];
    let mut parts: Vec<(&Piece, &mut [u8])> = Vec::with_capacity(s.pieces.len());
    let (mut rest, mut at) = (&mut bytes[..], 0);
    for piece in &s.pieces {
        let gap = (piece.offset.saturating_sub(at) as usize).min(rest.len());
        let size = (piece.size as usize).min(rest.len() - gap);
        let (part, behind) = rest.split_at_mut(gap).1.split_at_mut(size);
        parts.push((piece, part));
        rest = behind;
        at = piece.offset + piece.size;
    }
    image.par.for_each_mut(&mut parts, |_, (piece, part)| {
        write_piece(image, s, piece, part);
    });
    bytes
}

/// How sections are to be compressed.
pub struct Methods {
    debug: CompressDebug,
    named: Vec<(Glob, CompressDebug)>,
}

impl Methods {
    /// None when nothing is to be compressed.
    pub fn new(opts: &Options) -> Option<Methods> {
        let named: Vec<_> = opts
            .compress_sections
            .iter()
            .map(|(glob, method)| (Glob::new(glob), *method))
            .collect();
        (opts.compress_debug != CompressDebug::None || !named.is_empty()).then_some(Methods {
            debug: opts.compress_debug,
            named,
        })
    }

    /// For a section of this name; `alloc`: it is loaded, and so must stay as it is.
    pub fn of(&self, name: &[u8], alloc: bool) -> CompressDebug {
        if alloc {
            return CompressDebug::None;
        }
        match self.named.iter().rev().find(|(glob, _)| glob.matches(name)) {
            Some((_, method)) => *method,
            None if name.starts_with(b".debug_") => self.debug,
            None => CompressDebug::None,
        }
    }
}

/// The name of a section in the older format, `.zdebug_info`: None for one that has no such form.
pub fn zdebug_name(method: CompressDebug, name: &[u8]) -> Option<Vec<u8>> {
    match (method, name.strip_prefix(b".debug_")) {
        (CompressDebug::ZlibGnu(_), Some(rest)) => Some([b".zdebug_", rest].concat()),
        _ => None,
    }
}

/// Assembles and compresses what the options ask for. `keep` stores new names.
pub fn compress_sections<'d, A: Arch>(
    image: &Image<'_, 'd, A>,
    keep: &dyn Fn(Vec<u8>) -> &'d [u8],
) -> Vec<Replaced<'d>> {
    let Some(methods) = Methods::new(image.opts) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (section, s) in image.l.outputs.iter().enumerate() {
        let mut method = methods.of(s.name, s.is_alloc());
        let own_table = matches!(s.ty, elf::SHT_SYMTAB | elf::SHT_STRTAB | elf::SHT_RELA);
        if method == CompressDebug::None || s.is_nobits() || s.size == 0 || own_table {
            continue;
        }
        let name = zdebug_name(method, s.name);
        if let (CompressDebug::ZlibGnu(level), None) = (method, &name) {
            method = CompressDebug::Zlib(level);
        }
        let bytes = assemble(image, s);
        if let Some(bytes) = compress::<A::Elf>(method, s.align, &bytes, image.par) {
            let gabi = name.is_none();
            out.push(Replaced {
                section,
                bytes,
                name: name.map(keep),
                flags: s.flags
                    | if gabi {
                        u64::from(elf::SHF_COMPRESSED)
                    } else {
                        0
                    },
                align: if gabi { A::Elf::WORD as u64 } else { 1 },
            });
        }
    }
    out
}
