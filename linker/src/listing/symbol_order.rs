//! `--print-symbol-order`: the functions that a call graph ordered, as lld writes them: one name a line, ready for
//! `--symbol-ordering-file`.

use std::collections::HashMap;
use std::path::Path;

use object::elf;

use crate::elf::Elf;
use crate::input::object::Place;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Writes the functions and untyped labels in each of `sections`, by their offsets.
pub fn write<E: Elf>(p: &Program<'_, E>, sections: &[SectionId], file: &Path, report: &Report) {
    let mut names: HashMap<SectionId, Vec<(u64, &[u8])>> =
        sections.iter().map(|s| (*s, Vec::new())).collect();
    for o in &p.objects {
        for i in 1..o.symbols.len() as u32 {
            let s = o.symbol(i);
            let Place::Section(shndx) = o.place(i, &s) else {
                continue;
            };
            if matches!(s.sym_type(), elf::STT_FUNC | elf::STT_NOTYPE)
                && let Some(list) = names.get_mut(&o.section_id(shndx))
            {
                list.push((s.value, o.symbol_name(&s)));
            }
        }
    }
    let mut text = String::new();
    for s in sections {
        let mut list = names.remove(s).unwrap_or_default();
        list.sort_by_key(|(at, _)| *at);
        for (_, name) in list.iter().filter(|(_, name)| !name.is_empty()) {
            text.push_str(&String::from_utf8_lossy(name));
            text.push('\n');
        }
    }
    super::put(file, &text, report);
}
