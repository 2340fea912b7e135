//! `--zero-to-bss`: sections of writable data that hold nothing but zeros become sections without contents, as mold does it.
//!
//! Compilers do this themselves for `.data`, but not for sections that a program names. Only plain data is looked at: what
//! the linker gives a place among RELRO, thread-local blocks and tables stays as it is.

use object::elf;

use super::object::{Kind, Object};
use crate::elf::Elf;
use crate::layout::names::{is_placed, output_name};
use crate::par::Par;

/// Takes the contents from all such sections.
pub fn to_nobits<E: Elf>(objects: &mut [Object<'_, E>], par: Par) {
    par.for_each_mut(objects, |_, o| {
        for i in 0..o.sections.len() as u32 {
            let Some(s) = o.sections.get(i as usize) else {
                continue;
            };
            let output = output_name(o.section_name(i), false);
            let plain = s.kind == Kind::Regular
                && s.ty == elf::SHT_PROGBITS
                && s.flags & (elf::SHF_ALLOC | elf::SHF_WRITE | elf::SHF_EXECINSTR | elf::SHF_TLS)
                    == elf::SHF_ALLOC | elf::SHF_WRITE
                && s.size > 0
                && s.relocs == 0
                && (output == b".data" || !is_placed(output));
            if plain
                && o.section_data(i).iter().all(|byte| *byte == 0)
                && let Some(s) = o.sections.get_mut(i as usize)
            {
                s.ty = elf::SHT_NOBITS;
            }
        }
    });
}
