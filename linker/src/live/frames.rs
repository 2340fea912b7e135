//! Unwind information in the walk: an FDE is live when its function is, and then so is what it refers to (the personality
//! routine through its CIE, the LSDA). LSB, "Exception Frames": which function an FDE describes is its first relocation.

use super::mark::{Task, Walk};
use crate::arch::Arch;
use crate::elf::{Elf, Relocs};
use crate::input::object::{Kind, Object};
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;
use crate::synth::eh_frame::EhFrame;

/// Keeps the FDEs of functions in live sections.
pub(super) fn keep_frames<E: Elf>(
    program: &Program<'_, E>,
    live: &[bool],
    eh_frames: &mut [Vec<(u32, EhFrame)>],
    par: Par,
) {
    par.for_each_mut(eh_frames, |i, list| {
        let Some(o) = program.objects.get(i) else {
            return;
        };
        for (shndx, frame) in list.iter_mut() {
            let relocs = o.relocs(*shndx);
            let kept: Vec<bool> = frame
                .fdes
                .iter()
                .map(|f| {
                    let s = function_section(program, o, frame, relocs, f.relocs.start);
                    live.get(s.index()).copied().unwrap_or(false)
                })
                .collect();
            let mut kept = kept.into_iter();
            frame.keep(|_| kept.next().unwrap_or(false));
        }
    });
}

/// Takes every object's `.eh_frame` apart.
pub(super) fn split_frames<E: Elf>(
    program: &Program<'_, E>,
    report: &Report,
    par: Par,
) -> Vec<Vec<(u32, EhFrame)>> {
    par.map(&program.objects, |o| {
        let mut list = Vec::new();
        for i in o.of_kind(Kind::EhFrame) {
            match EhFrame::split::<E>(o.section_data(i), o.relocs(i)) {
                Ok(frame) => list.push((i, frame)),
                Err(e) => report.error(format!("{}: section {i}: {e}", o.name)),
            }
        }
        list
    })
}

/// The section of the function an FDE describes.
pub(super) fn function_section<E: Elf>(
    program: &Program<'_, E>,
    o: &Object<'_, E>,
    frame: &EhFrame,
    relocs: Relocs<'_, E>,
    first: u32,
) -> SectionId {
    let r = frame.reloc(relocs, first);
    let who = super::scan::referent(program, o, r.sym);
    // A global function's FDE describes this object's copy of it, which may not be the one that is linked.
    if r.sym >= o.first_global {
        let s = o.symbol(r.sym);
        return match o.place(r.sym, &s) {
            crate::input::object::Place::Section(n) => o.section_id(n),
            _ => SectionId::NONE,
        };
    }
    who.target.section
}

/// (section of the function, number of the `.eh_frame` in the object's list, number of the FDE), sorted.
pub(super) fn fdes_by_section<E: Elf>(
    program: &Program<'_, E>,
    frames: &[Vec<(u32, EhFrame)>],
    object: usize,
) -> Vec<(u32, u32, u32)> {
    let (Some(o), Some(list)) = (program.objects.get(object), frames.get(object)) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (n, (shndx, frame)) in (0u32..).zip(list) {
        let relocs = o.relocs(*shndx);
        for (i, f) in (0u32..).zip(&frame.fdes) {
            // Only FDEs that refer to more than their function matter: those with an exception table.
            if f.relocs.len() > 1 {
                out.push((
                    function_section(program, o, frame, relocs, f.relocs.start).0,
                    n,
                    i,
                ));
            }
        }
    }
    out.sort_unstable();
    out
}

impl<'d, A: Arch> Walk<'_, 'd, A> {
    /// The exception tables of the functions in a live section.
    pub(super) fn follow_fdes(&self, object: usize, s: SectionId, t: &mut Task) {
        let (Some(fdes), Some(list)) = (self.fdes_of.get(object), self.frames.get(object)) else {
            return;
        };
        let start = fdes.partition_point(|f| f.0 < s.0);
        for &(section, frame, fde) in fdes.get(start..).unwrap_or(&[]) {
            if section != s.0 {
                break;
            }
            if let Some((shndx, frame)) = list.get(frame as usize)
                && let Some(f) = frame.fdes.get(fde as usize)
            {
                self.scan_records(
                    object as u32,
                    *shndx,
                    frame,
                    f.relocs.start + 1..f.relocs.end,
                    t,
                );
            }
        }
    }

    /// Personality routines: referred to by CIEs, kept as a whole.
    pub(super) fn scan_cies(&self, par: Par) {
        let mut t = Task::default();
        for (n, list) in (0u32..).zip(self.frames) {
            for (shndx, frame) in list {
                for c in frame.cies.iter().filter(|c| !c.relocs.is_empty()) {
                    self.scan_records(n, *shndx, frame, c.relocs.clone(), &mut t);
                }
            }
        }
        let stack = std::mem::take(&mut t.stack);
        self.finish(t);
        if self.gc {
            self.run(stack, par);
        }
    }

    /// Exception tables of all functions, when nothing is collected.
    pub(super) fn scan_fdes(&self, par: Par) {
        let numbers: Vec<usize> = (0..self.frames.len()).collect();
        par.for_each(&numbers, |&n| {
            let mut t = Task::default();
            for (shndx, frame) in self.frames.get(n).into_iter().flatten() {
                for f in &frame.fdes {
                    if f.relocs.len() > 1 {
                        self.scan_records(
                            n as u32,
                            *shndx,
                            frame,
                            f.relocs.start + 1..f.relocs.end,
                            &mut t,
                        );
                    }
                }
            }
            self.finish(t);
        });
    }
}
