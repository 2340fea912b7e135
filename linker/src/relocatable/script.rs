//! What a script says between the input sections of an output section: bytes, room, and names for places.
//!
//! Nothing has an address in relocatable output: `.` counts from the start of the section, and a symbol that is given it
//! stays with the section.

use object::elf;

use super::sections::Combiner;
use crate::arch::Arch;
use crate::elf::PutElf;
use crate::layout::script::plan::{Plan, Stmt};
use crate::script::{Expr, Scope, SectionFacts, Value, evaluate_address};

/// What an expression may ask for: `.`, and no more.
struct Here(u64);

impl Scope for Here {
    fn symbol(&self, _: &[u8]) -> Option<Value> {
        None
    }
    fn dot(&self) -> Option<Value> {
        Some(Value::absolute(self.0))
    }
    fn section(&self, _: &[u8]) -> Option<SectionFacts> {
        None
    }
    fn section_base(&self, _: u32) -> u64 {
        0
    }
    fn region(&self, _: &[u8]) -> Option<(u64, u64)> {
        None
    }
    fn headers_size(&self) -> u64 {
        0
    }
    fn max_page_size(&self) -> u64 {
        1
    }
    fn common_page_size(&self) -> u64 {
        1
    }
    fn segment_start(&self, _: &[u8]) -> Option<u64> {
        None
    }
    fn relro(&self) -> bool {
        false
    }
    fn inside_section(&self) -> bool {
        true
    }
}

/// The value of an expression where `.` is so many bytes from the section's start.
///
/// # Errors
/// A text that says what it asks for in vain.
pub(super) fn value(e: &Expr, dot: u64) -> Result<u64, String> {
    evaluate_address(e, &Here(dot))
        .map_err(|e| format!("{e} (in relocatable output nothing has an address)"))
}

impl<'d, A: Arch> Combiner<'_, 'd, A> {
    /// Obeys statement `index` of output section `output`.
    pub(super) fn statement(&mut self, plan: &Plan<'d>, output: usize, index: usize) {
        let Some(described) = plan.outputs.get(output) else {
            return;
        };
        let Some(statement) = described.body.get(index) else {
            return;
        };
        let size = |c: &Self, at: u32| c.out.list.get(at as usize).map_or(0, |s| s.size);
        let done = match statement {
            Stmt::Assign(n) => {
                let Some(a) = plan.assigns.get(*n) else {
                    return;
                };
                match a.index {
                    Some(index) => {
                        let at = self.described(described.name);
                        let dot = size(self, at);
                        self.out.dots.insert(index, (at, dot));
                        Ok(())
                    }
                    // Moving `.` nowhere makes no section.
                    None => {
                        let dot = self.find(described.name).map_or(0, |at| size(self, at));
                        value(&a.assignment.expr, dot).and_then(|to| match to == dot {
                            true => Ok(()),
                            false => {
                                let at = self.described(described.name);
                                self.room(at, dot, to)
                            }
                        })
                    }
                }
                .map_err(|e| format!("{}: {e}", a.assignment.place))
            }
            Stmt::Data(bytes, e, place) => {
                let at = self.described(described.name);
                let dot = size(self, at);
                match value(e, dot) {
                    Ok(v) => {
                        let mut text = Vec::new();
                        match bytes {
                            1 => text.push(v as u8),
                            2 => text.put16::<A::Elf>(v as u16),
                            4 => text.put32::<A::Elf>(v as u32),
                            _ => text.put64::<A::Elf>(v),
                        }
                        self.text(at, text);
                        Ok(())
                    }
                    Err(e) => Err(format!("{place}: {e}")),
                }
            }
            Stmt::Text(text) => {
                let at = self.described(described.name);
                self.text(at, text.clone());
                Ok(())
            }
            Stmt::Assert(_) | Stmt::Input(_) | Stmt::Class(_) | Stmt::Fill(_) => Ok(()),
        };
        if let Err(e) = done {
            self.job.report.error(e);
        }
    }

    /// Moves `.` from `dot` to `to`.
    fn room(&mut self, at: u32, dot: u64, to: u64) -> Result<(), String> {
        if to < dot {
            return Err(format!("cannot move . backwards from {dot:#x} to {to:#x}"));
        }
        match self.append(at, to - dot, 0) {
            Some(_) => Ok(()),
            None => Err("the section is larger than any address space".into()),
        }
    }

    fn text(&mut self, at: u32, bytes: Vec<u8>) {
        let offset = self.append(at, bytes.len() as u64, 0);
        if let (Some(offset), Some(s)) = (offset, self.out.list.get_mut(at as usize)) {
            s.flags |= elf::SHF_ALLOC;
            if matches!(s.ty, elf::SHT_NULL | elf::SHT_NOBITS) {
                s.ty = elf::SHT_PROGBITS;
            }
            s.texts.push((offset, bytes));
        }
    }

    /// Gives a nature to what a script's statements alone have made.
    pub(super) fn settle_described(&mut self) {
        for s in self.out.list.iter_mut().filter(|s| s.ty == elf::SHT_NULL) {
            s.ty = elf::SHT_PROGBITS;
            s.flags |= elf::SHF_ALLOC | elf::SHF_WRITE;
        }
    }
}
