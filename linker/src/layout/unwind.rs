//! Where each object's part of `.eh_frame` lies in the output's; equal CIEs are kept once.

use object::elf;

use super::output::{Content, OutputSection, Piece, Synth, new_section};
use crate::arch::Arch;
use crate::live::Liveness;
use crate::par::Par;
use crate::symbols::bind::Program;
use crate::synth::eh_frame;

/// Gives every object's `.eh_frame` its place in the output's.
pub(super) fn place_eh_frames<'d, A: Arch>(
    p: &Program<'d, A::Elf>,
    live: &mut Liveness,
    outputs: &mut Vec<OutputSection<'d>>,
    par: Par,
) {
    if live.eh_frames.iter().all(Vec::is_empty) {
        return;
    }
    let keys: Vec<Vec<Vec<eh_frame::CieKey>>> = par.map_range(live.eh_frames.len(), |n| {
        let (Some(o), Some(list)) = (p.objects.get(n), live.eh_frames.get(n)) else {
            return Vec::new();
        };
        list.iter()
            .map(|(shndx, frame)| {
                frame.cie_keys(o.section_data(*shndx), o.relocs(*shndx), |r| {
                    let who = crate::live::scan::referent(p, o, r.sym);
                    // A local symbol is the same only as itself; globals are the same everywhere.
                    (u64::from(who.id.0), r.addend)
                })
            })
            .collect()
    });
    let flat: Vec<Vec<eh_frame::CieKey>> = keys.into_iter().flatten().collect();
    let places: Vec<(usize, usize)> = live
        .eh_frames
        .iter()
        .enumerate()
        .flat_map(|(n, l)| (0..l.len()).map(move |i| (n, i)))
        .collect();
    let frames = live
        .eh_frames
        .iter_mut()
        .flat_map(|l| l.iter_mut().map(|(_, f)| f));
    let size = eh_frame::layout(frames.zip(flat.iter().map(|k| &k[..])));
    if size <= eh_frame::TERMINATOR_SIZE {
        return;
    }
    let mut s = new_section(b".eh_frame", elf::SHT_PROGBITS, elf::SHF_ALLOC, 8, 0);
    for (n, k) in places {
        if let Some((_, f)) = live.eh_frames.get(n).and_then(|l| l.get(k))
            && f.end() > f.start()
        {
            s.pieces.push(Piece {
                content: Content::EhFrame(n as u32, k as u16),
                offset: 1,
                size: f.end() - f.start(),
            });
        }
    }
    s.pieces.push(Piece {
        content: Content::Synth(Synth::EhFrameEnd),
        offset: 1,
        size: eh_frame::TERMINATOR_SIZE,
    });
    outputs.push(s);
}
