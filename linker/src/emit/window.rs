//! Windows of the output file: what lies in each.
//!
//! A window is cut between pieces, so no relocation crosses its border; a piece larger than a window is one of its own, or
//! several when it is a table of which any part can be made.
//! Windows depend on the layout only: the same for every number of threads, so their hashes can make the build id.

use object::elf;

use super::{Image, write_piece};
use crate::arch::Arch;
use crate::layout::Layout;
use crate::layout::output::{Content, OutputSection, Piece, Synth};

/// Bytes a window should not exceed.
const WINDOW: u64 = 512 << 10;

/// Some pieces of one output section.
#[derive(Clone, Debug)]
pub struct Span {
    pub section: usize,
    pub pieces: std::ops::Range<usize>,
}

/// A part of a piece, from byte `start` of it on.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub section: usize,
    pub piece: usize,
    pub start: u64,
}

/// Bytes of the parts into which a piece may be cut; None for one that is made as a whole.
fn part_size(s: &OutputSection<'_>, piece: &Piece) -> Option<u64> {
    match piece.content {
        Content::Merged(_) => Some(WINDOW),
        // Entries are not cut.
        Content::Synth(Synth::RelaDyn) if s.ty == elf::SHT_RELA => {
            Some(WINDOW / s.entsize.max(1) * s.entsize)
        }
        _ => None,
    }
    .filter(|size| *size > 0 && piece.size > 2 * WINDOW)
}

#[derive(Clone, Debug, Default)]
pub struct Window {
    /// File offset and length in bytes.
    pub offset: u64,
    pub size: u64,
    pub spans: Vec<Span>,
    /// Instead of spans: a part of one piece.
    pub part: Option<Part>,
    /// The ELF and program headers are in it.
    pub headers: bool,
    /// The section header table is in it.
    pub section_headers: bool,
}

/// Cuts the file into windows. `headers`: bytes of the ELF and program headers.
pub fn plan(l: &Layout<'_>, headers: u64) -> Vec<Window> {
    let mut list = Vec::new();
    let mut w = Window {
        headers: true,
        ..Window::default()
    };
    // The end of the piece before, or of the headers.
    let mut end = headers;
    let mut sections: Vec<usize> = (0..l.outputs.len()).collect();
    sections.sort_by_key(|i| l.outputs.get(*i).map_or(0, |s| s.offset));
    for i in sections {
        let Some(s) = l.outputs.get(i) else { continue };
        if s.is_nobits() {
            continue;
        }
        let mut start = 0;
        for (k, piece) in s.pieces.iter().enumerate() {
            let at = s.offset + piece.offset;
            if at > w.offset && at + piece.size - w.offset > WINDOW {
                if start < k {
                    w.spans.push(Span {
                        section: i,
                        pieces: start..k,
                    });
                }
                start = k;
                // A wide gap (a huge alignment) stays a hole in the file.
                let hole = at - end > WINDOW;
                w.size = if hole { end } else { at } - w.offset;
                list.push(std::mem::take(&mut w));
                w.offset = at;
            }
            end = at + piece.size;
            if let Some(size) = part_size(s, piece).filter(|_| w.offset == at && !w.headers) {
                for from in (0..piece.size).step_by(size as usize) {
                    list.push(Window {
                        offset: at + from,
                        size: size.min(piece.size - from),
                        part: Some(Part {
                            section: i,
                            piece: k,
                            start: from,
                        }),
                        ..Window::default()
                    });
                }
                start = k + 1;
                // What else began here is empty.
                w = Window {
                    offset: end,
                    ..Window::default()
                };
            }
        }
        if start < s.pieces.len() {
            w.spans.push(Span {
                section: i,
                pieces: start..s.pieces.len(),
            });
        }
    }
    w.section_headers = true;
    w.size = l.file_size - w.offset.min(l.file_size);
    list.push(w);
    list
}

/// Assembles a window in `buf`.
pub fn fill<A: Arch>(image: &Image<'_, '_, A>, w: &Window, buf: &mut Vec<u8>) {
    // The buffer is used again: what no piece covers is set to zero below, not everything beforehand.
    buf.resize(w.size as usize, 0);
    if let Some(part) = &w.part {
        super::write_part(image, part, buf);
        return;
    }
    let filler = image.opts.shape.filler;
    let mut done = 0u64;
    if w.headers {
        buf.fill(0);
        done = w.size;
        super::headers::write(image, buf);
    }
    for span in &w.spans {
        let Some(s) = image.l.outputs.get(span.section) else {
            continue;
        };
        let code = s.flags & u64::from(elf::SHF_EXECINSTR) != 0;
        let mut end: Option<u64> = None;
        let zero = |buf: &mut Vec<u8>, from: u64, to: u64| {
            if let Some(gap) = buf.get_mut(from as usize..to as usize) {
                gap.fill(0);
            }
        };
        for piece in s.pieces.get(span.pieces.clone()).unwrap_or(&[]) {
            let at = s.offset + piece.offset - w.offset;
            if at > done {
                zero(buf, done, at);
            }
            if (code || filler.is_some())
                && let Some(gap) = end
                && let Some(fill) = buf.get_mut(gap as usize..at as usize)
            {
                // Start code falls through the padding between its pieces.
                fill.fill(filler.unwrap_or(A::CODE_FILL));
            }
            done = done.max(at + piece.size);
            end = Some(at + piece.size);
            if let Some(part) = buf.get_mut(at as usize..(at + piece.size) as usize) {
                write_piece(image, s, piece, part);
            }
        }
        // A gap that the next window's first piece leaves, unless the window ends before it.
        let next_at = s
            .pieces
            .get(span.pieces.end)
            .map(|p| s.offset + p.offset - w.offset)
            .filter(|at| *at <= w.size);
        if let Some(at) = next_at.filter(|at| *at > done) {
            zero(buf, done, at);
            done = at;
        }
        if (code || filler.is_some())
            && let Some(gap) = end
            && let Some(at) = next_at
            && let Some(fill) = buf.get_mut(gap as usize..at as usize)
        {
            fill.fill(filler.unwrap_or(A::CODE_FILL));
        }
    }
    if let Some(rest) = buf.get_mut(done as usize..) {
        rest.fill(0);
    }
    if w.section_headers && !image.opts.z.nosectionheader {
        let at = image.l.section_headers_offset.saturating_sub(w.offset) as usize;
        if let Some(part) = buf.get_mut(at..) {
            super::headers::write_sections(image, part);
        }
    }
}
