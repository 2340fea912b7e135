//! What stands in an output section in a pass: inputs, data, gaps and their fill.
//!
//! GNU ld manual, "Output Section Data", "Output Section Fill".

use object::elf;

use super::{Engine, GAP, MAX_GAPS, align_up};
use crate::elf::Elf;
use crate::layout::output::{Content, Piece};
use crate::layout::script::assemble::Part;
use crate::layout::script::plan::{OutputPlan, Stmt};
use crate::script::{Expr, Fill, Kind as ValueKind, Place};

impl<'a, 'd, E: Elf> Engine<'a, 'd, E> {
    /// What stands in a section; gives the address of its end.
    pub(super) fn body(
        &mut self,
        n: usize,
        described: Option<&'a OutputPlan<'d>>,
        addr: u64,
        subalign: Option<u64>,
    ) -> u64 {
        let nothing = Place::default();
        let place = described.map_or(&nothing, |d| &d.place);
        let mut fill = match described.and_then(|d| d.fill.as_ref()) {
            Some(f) => self.pattern(f, place),
            None => 0,
        };
        let mut dot = addr;
        let parts = self.outs.get(n).map_or(0, |o| o.parts.len());
        for i in 0..parts {
            let Some(part) = self.outs.get(n).and_then(|o| o.parts.get(i)).copied() else {
                break;
            };
            match part {
                Part::Piece {
                    content,
                    size,
                    align,
                } => {
                    let align = match (subalign, content) {
                        (Some(s), Content::Section(_) | Content::Merged(_)) => s,
                        _ => align,
                    };
                    let size = match content {
                        Content::Merged(m) => self.merges.size(m),
                        _ => size,
                    };
                    let at = align_up(dot, align);
                    self.gap(n, dot.wrapping_sub(addr), at.wrapping_sub(dot), fill);
                    let offset = at.wrapping_sub(addr);
                    self.note(n, content, offset);
                    if let Some(spot) = self.spots.get_mut(n) {
                        spot.pieces.push(Piece {
                            content,
                            offset,
                            size,
                        });
                    }
                    dot = at.wrapping_add(size);
                }
                Part::Stmt(s) => match described.and_then(|d| d.body.get(s)) {
                    Some(Stmt::Assign(a)) => {
                        let to = self.assign(*a, Some(n), dot);
                        self.gap(n, dot.wrapping_sub(addr), to.wrapping_sub(dot), fill);
                        dot = to;
                    }
                    Some(Stmt::Assert(a)) => self.assertion(*a, Some(n), dot),
                    Some(Stmt::Data(width, expr, place)) => {
                        let value = self.data_value(expr, n, dot, place);
                        let bytes = bytes_of::<E>(value, *width);
                        dot = self.text(n, addr, dot, bytes);
                    }
                    Some(Stmt::Text(text)) => dot = self.text(n, addr, dot, text.clone()),
                    Some(Stmt::Fill(f)) => fill = self.pattern(f, place),
                    Some(Stmt::Input(_) | Stmt::Class(_)) | None => {}
                },
            }
        }
        dot
    }

    pub(super) fn data_value(&self, expr: &Expr, n: usize, dot: u64, place: &Place) -> u64 {
        match self.eval(expr, Some(n), dot) {
            Ok(v) if v.kind == ValueKind::Number => v.bits,
            Ok(v) => self.resolve(v, Some(n)),
            Err(e) => {
                self.complain(place, &e);
                0
            }
        }
    }

    /// Puts bytes of the script at `dot`; gives what is behind them.
    pub(super) fn text(&mut self, n: usize, addr: u64, dot: u64, bytes: Vec<u8>) -> u64 {
        let size = bytes.len() as u64;
        if let Some(spot) = self.spots.get_mut(n) {
            spot.pieces.push(Piece {
                content: Content::Text(self.texts.len() as u32),
                offset: dot.wrapping_sub(addr),
                size,
            });
        }
        self.texts.push(bytes);
        dot.wrapping_add(size)
    }

    /// The number of a fill pattern.
    pub(super) fn pattern(&mut self, fill: &Fill, place: &Place) -> u32 {
        let bytes = match fill {
            Fill::Bytes(bytes) => bytes.clone(),
            Fill::Expr(expr) => {
                let value = self.address(expr, None, self.dot, place);
                (value as u32).to_be_bytes().to_vec()
            }
        };
        self.texts.push(bytes);
        self.texts.len() as u32 - 1
    }

    /// A gap in a section, filled.
    pub(super) fn gap(&mut self, n: usize, offset: u64, size: u64, pattern: u32) {
        let Some(out) = self.outs.get(n) else { return };
        if size == 0 || out.section.is_nobits() {
            return;
        }
        let code = out.section.flags & u64::from(elf::SHF_EXECINSTR) != 0;
        let length = self.texts.get(pattern as usize).map_or(1, Vec::len).max(1) as u64;
        let zeros = |t: &Vec<u8>| t.iter().all(|b| *b == 0);
        if !code && (pattern == 0 || self.texts.get(pattern as usize).is_some_and(zeros)) {
            // What no piece covers is zero anyway.
            return;
        }
        // A file with such gaps will be refused.
        self.gaps = self.gaps.saturating_add(size);
        if self.gaps > MAX_GAPS {
            return;
        }
        let step = GAP - GAP % length;
        let Some(spot) = self.spots.get_mut(n) else {
            return;
        };
        let mut at = 0;
        while at < size {
            let part = (size - at).min(step.max(length));
            spot.pieces.push(Piece {
                content: Content::Gap(pattern),
                offset: offset + at,
                size: part,
            });
            at += part;
        }
    }

    /// Remembers where something lies.
    pub(super) fn note(&mut self, n: usize, content: Content, offset: u64) {
        match content {
            Content::Section(id) => {
                if let Some(slot) = self.offsets.get_mut(id.index()) {
                    *slot = offset;
                }
            }
            Content::Merged(m) => {
                self.merged.insert(m, (n, offset));
            }
            Content::Common(id) => {
                self.commons.insert(id, (n, offset));
            }
            Content::Synth(what) => {
                self.synth.insert(what, (n, offset));
            }
            _ => {}
        }
    }
}

pub(super) fn bytes_of<E: Elf>(value: u64, width: u8) -> Vec<u8> {
    let width = usize::from(width.min(8));
    if E::BIG_ENDIAN {
        value.to_be_bytes().get(8 - width..).unwrap_or(&[]).to_vec()
    } else {
        value.to_le_bytes().get(..width).unwrap_or(&[]).to_vec()
    }
}
