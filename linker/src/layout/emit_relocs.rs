//! `--emit-relocs`: which relocation sections the output gets, and how the symbols they name are numbered.
//!
//! Every output section with relocated contents gets a `.rela` section behind all others, one record for each of the inputs'.
//! The symbol table gets a section symbol for each output section, as in GNU ld: what a record names may be a local symbol
//! that is not listed, or a place in merged strings.

use super::Layout;
use super::names;
use super::output::{Content, Piece, Synth, new_section};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::live::Liveness;
use crate::symbols::bind::Program;
use object::elf;

/// Numbers in `.symtab` that records use.
#[derive(Default)]
pub struct Numbers {
    /// By symbol number; 0: not listed.
    symbols: Vec<u32>,
    /// By output section; 0: it has no section symbol.
    sections: Vec<u32>,
}

impl Numbers {
    pub fn symbol(&self, id: crate::symbols::SymbolId) -> u32 {
        self.symbols.get(id.index()).copied().unwrap_or(0)
    }
    pub fn section(&self, output: usize) -> u32 {
        self.sections.get(output).copied().unwrap_or(0)
    }
    /// Output sections with a section symbol, in the order of the symbols.
    pub fn listed(&self) -> impl Iterator<Item = usize> {
        let with = self.sections.iter().enumerate();
        with.filter(|(_, n)| **n != 0).map(|(i, _)| i)
    }
}

/// Bytes of one record.
pub fn record_size<A: Arch>() -> u64 {
    let rela = A::Elf::RELA_SIZE as u64;
    if A::IS_RELA { rela } else { rela / 3 * 2 }
}

/// Adds the sections and the section symbols. The output sections are in their final order.
pub fn plan<A: Arch>(p: &Program<'_, A::Elf>, live: &Liveness, l: &mut Layout<'_>) {
    let mut numbers = Numbers {
        symbols: vec![0; p.symbols.total],
        sections: vec![0; l.outputs.len()],
    };
    let mut count = 0;
    for (s, n) in l.outputs.iter().zip(&mut numbers.sections) {
        if s.rank < names::FILE_TABLES {
            count += 1;
            *n = count;
        }
    }
    grow_symtab::<A>(l, count);
    number_symbols(p, l, &mut numbers);
    l.emitted = Some(numbers);

    let size = record_size::<A>();
    let mut added = Vec::new();
    for (of, s) in (0u32..).zip(&l.outputs) {
        let mut pieces = Vec::new();
        let mut offset = 0;
        for piece in &s.pieces {
            let (content, n) = match piece.content {
                Content::Section(id) => {
                    let (o, shndx) = p.owner(id);
                    let n = p.objects.get(o).map_or(0, |o| o.relocs(shndx).len());
                    (Content::Relocs(id), n)
                }
                Content::EhFrame(object, k) => {
                    let frame = live
                        .eh_frames
                        .get(object as usize)
                        .and_then(|l| l.get(usize::from(k)));
                    let n = frame.map_or(0, |(_, f)| f.records().map(|r| r.relocs.len()).sum());
                    (Content::FrameRelocs(object, k), n)
                }
                _ => continue,
            };
            if n > 0 {
                let size = n as u64 * size;
                pieces.push(Piece {
                    content,
                    offset,
                    size,
                });
                offset += size;
            }
        }
        if offset == 0 {
            continue;
        }
        let (name, ty): (&'static [u8], u32) = if A::IS_RELA {
            (b".rela", elf::SHT_RELA)
        } else {
            (b".rel", elf::SHT_REL)
        };
        let mut r = new_section(name, ty, elf::SHF_INFO_LINK, A::Elf::WORD as u64, size);
        r.pieces = pieces;
        r.size = offset;
        r.relocs_of = Some(of);
        r.rank = names::FILE_TABLES;
        added.push(r);
    }
    l.outputs.extend(added);
}

/// Room for `count` section symbols behind the null symbol.
fn grow_symtab<A: Arch>(l: &mut Layout<'_>, count: u32) {
    let plan = &mut l.symtab;
    for part in &mut plan.parts {
        part.first_local += count;
        part.first_global += count;
    }
    plan.count += count;
    plan.local_count += count;
    let added = u64::from(count) * A::Elf::SYM_SIZE as u64;
    let null = Content::Synth(Synth::SymtabNull);
    for s in &mut l.outputs {
        let Some(at) = s.pieces.iter().position(|p| p.content == null) else {
            continue;
        };
        let start = s.pieces.get(at).map_or(0, |p| p.offset + p.size);
        for piece in s.pieces.iter_mut().skip(at + 1) {
            piece.offset += added;
        }
        s.pieces.insert(
            at + 1,
            Piece {
                content: Content::Synth(Synth::SymtabSections),
                offset: start,
                size: added,
            },
        );
        s.size += added;
        s.info = plan.local_count;
    }
}

fn number_symbols<E: Elf>(p: &Program<'_, E>, l: &Layout<'_>, numbers: &mut Numbers) {
    let plan = &l.symtab;
    let mut set = |id: crate::symbols::SymbolId, n: u32| {
        if let Some(slot) = numbers.symbols.get_mut(id.index()) {
            *slot = n;
        }
    };
    let (mut linker_local, mut linker_global) = (plan.local_count, plan.count);
    linker_local -= plan.linker_locals.len() as u32;
    linker_global -= plan.linker_globals.len() as u32;
    for (o, part) in p.objects.iter().zip(&plan.parts) {
        let (mut local, mut global) = (part.first_local, part.first_global);
        for k in &part.kept {
            let next = if k.is_local() {
                &mut local
            } else {
                &mut global
            };
            set(o.symbol_id(k.index), *next);
            *next += 1;
        }
    }
    for (i, id) in (linker_local..).zip(&plan.linker_locals) {
        set(*id, i);
    }
    for (i, id) in (linker_global..).zip(&plan.linker_globals) {
        set(*id, i);
    }
}
