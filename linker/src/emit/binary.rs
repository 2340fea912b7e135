//! `--oformat=binary`: the bytes of the loaded sections as they lie in memory, and nothing else; also as text (`hex.rs`).
//!
//! Byte 0 of the file is the first byte of the lowest section that has contents; what lies between two sections is zero.

use std::os::unix::ffi::OsStrExt;

use object::elf;

use super::hex::{self, Block};
use super::{Image, file, headers, write_piece};
use crate::arch::Arch;
use crate::layout::output::{OutputSection, Synth};
use crate::options::HexFormat;
use crate::synth::build_id::{self, WindowDigest};

/// Files that would be larger come from sections at addresses that have nothing to do with each other.
const LIMIT: u64 = 64 << 30;

/// Bytes that may become text; the text is made as a whole.
const HEX_LIMIT: u64 = 256 << 20;

/// The sections with contents, by address.
fn sections<'i, A: Arch>(image: &'i Image<'_, '_, A>) -> Vec<&'i OutputSection<'i>> {
    let mut list: Vec<&OutputSection<'_>> = image
        .l
        .outputs
        .iter()
        .filter(|s| s.is_alloc() && !s.is_nobits() && s.size > 0)
        .collect();
    list.sort_by_key(|s| load(s));
    list
}

/// Where a section is loaded: a flat file has no other addresses.
fn load(s: &OutputSection<'_>) -> u64 {
    s.addr.wrapping_add(s.load_delta)
}

/// Checks that the sections fit into a flat file; its size in bytes.
///
/// # Errors
/// A text that names the two sections that lie too far apart.
pub fn size<A: Arch>(image: &Image<'_, '_, A>) -> Result<u64, String> {
    let list = sections(image);
    let (Some(first), Some(last)) = (list.first(), list.last()) else {
        return Ok(0);
    };
    let size = (load(last) - load(first)).saturating_add(last.size);
    if size > LIMIT {
        return Err(format!(
            "--oformat=binary: {} at {:#x} and {} at {:#x} lie too far apart for one flat file",
            String::from_utf8_lossy(first.name),
            load(first),
            String::from_utf8_lossy(last.name),
            load(last)
        ));
    }
    Ok(size)
}

/// Writes the sections.
pub fn write<A: Arch>(image: &Image<'_, '_, A>, out: &mut file::Output) -> std::io::Result<()> {
    let list = sections(image);
    let base = list.first().map_or(0, |s| load(s));
    let mut digests: Vec<WindowDigest> = Vec::new();
    let mut buf = Vec::new();
    for s in &list {
        contents(image, s, &mut buf);
        digests.push(build_id::digest(&buf));
        out.write_at(load(s) - base, &buf)?;
    }
    if let Some((at, bytes)) = build_id(image, &digests)? {
        out.patch(at - base, &bytes)?;
    }
    Ok(())
}

/// The sections as lines of text.
///
/// # Errors
/// What does not fit into the format, or into memory.
pub fn hex<A: Arch>(image: &Image<'_, '_, A>, format: HexFormat) -> Result<String, String> {
    let mut blocks = Vec::new();
    let mut digests: Vec<WindowDigest> = Vec::new();
    let list = sections(image);
    let total = list.iter().fold(0u64, |sum, s| sum.saturating_add(s.size));
    if total > HEX_LIMIT {
        return Err(format!(
            "{total} bytes are too much for an output format that is text (at most {HEX_LIMIT}); use --oformat=binary"
        ));
    }
    for s in list {
        let mut bytes = Vec::new();
        contents(image, s, &mut bytes);
        digests.push(build_id::digest(&bytes));
        blocks.push(Block {
            at: load(s),
            bytes,
            name: s.name,
        });
    }
    if let Some((at, id)) = build_id(image, &digests).map_err(|e| e.to_string())? {
        let place = blocks.iter_mut().find_map(|b| {
            let from = usize::try_from(at.checked_sub(b.at)?).ok()?;
            b.bytes.get_mut(from..from.checked_add(id.len())?)
        });
        if let Some(place) = place {
            place.copy_from_slice(&id);
        }
    }
    let name = image.opts.output.as_os_str().as_bytes();
    hex::text(format, &blocks, headers::entry(image), name)
}

/// What a section holds, in `buf`.
fn contents<A: Arch>(image: &Image<'_, '_, A>, s: &OutputSection<'_>, buf: &mut Vec<u8>) {
    buf.clear();
    let code = s.flags & u64::from(elf::SHF_EXECINSTR) != 0;
    buf.resize(s.size as usize, if code { A::CODE_FILL } else { 0 });
    for piece in &s.pieces {
        let range = piece.offset as usize..(piece.offset + piece.size) as usize;
        if let Some(part) = buf.get_mut(range) {
            write_piece(image, s, piece, part);
        }
    }
}

/// The note of the build ID and its load address.
fn build_id<A: Arch>(
    image: &Image<'_, '_, A>,
    digests: &[WindowDigest],
) -> std::io::Result<Option<(u64, Vec<u8>)>> {
    let Some((s, piece)) = image.l.synth(Synth::BuildId) else {
        return Ok(None);
    };
    let id = build_id::finish(&image.opts.build_id, digests)?;
    let mut bytes = Vec::new();
    // NT_GNU_BUILD_ID
    build_id::put_note::<A::Elf>(b"GNU\0", 3, &id, &mut bytes);
    Ok(Some((load(s) + piece.offset, bytes)))
}
