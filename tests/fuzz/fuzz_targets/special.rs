//! Any bytes as the contents of a section that the linker reads itself: unwind and stack tables, properties, capabilities,
//! packed relocations, compressed contents, debugging information, groups, profiles. The first byte chooses which.
#![no_main]
use libfuzzer_sys::fuzz_target;
use wcc_fuzz::elf::{ALLOC, COMPRESSED, EXCLUDE, Section, object};

const LINES: &[&str] = &[
    "-shared in.o -o out",
    "-shared --gc-sections --icf=all --eh-frame-hdr --gdb-index -z pack-relative-relocs in.o c.o -o out",
    "-shared --compress-debug-sections=zlib --gdb-index in.o debug.o -o out",
    "-r in.o c.o -o out",
];

/// Name, type, flags, alignment, entry size; section 1 is code, with symbol 1 at its start.
const KINDS: &[Section<'_>] = &[
    Section { name: ".sframe", ty: 1, flags: ALLOC, align: 8, ..Section::NONE },
    Section { name: ".eh_frame", ty: 1, flags: ALLOC, align: 8, ..Section::NONE },
    Section { name: ".note.gnu.property", ty: 7, flags: ALLOC, align: 8, ..Section::NONE },
    Section { name: ".gcc_except_table", ty: 1, flags: ALLOC, align: 4, ..Section::NONE },
    Section { name: ".crel.text", ty: 0x4000_0014, info: 1, symbols: true, align: 1, entsize: 1, ..Section::NONE },
    Section { name: ".rela.text", ty: 4, info: 1, symbols: true, align: 8, entsize: 24, ..Section::NONE },
    Section { name: ".debug_info", ty: 1, flags: COMPRESSED, align: 1, ..Section::NONE },
    Section { name: ".zdebug_str", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".debug_info", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".debug_abbrev", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".debug_gnu_pubnames", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".debug_line", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".group", ty: 17, info: 1, symbols: true, align: 4, entsize: 4, ..Section::NONE },
    Section { name: ".llvm_addrsig", ty: 0x6fff_4c03, flags: EXCLUDE, symbols: true, align: 1, ..Section::NONE },
    Section { name: ".llvm.call-graph-profile", ty: 0x6fff_4c09, flags: EXCLUDE, symbols: true, align: 1, entsize: 8, ..Section::NONE },
    Section { name: ".SUNW_cap", ty: 0x6fff_fff5, flags: ALLOC, align: 8, entsize: 16, ..Section::NONE },
    Section { name: ".gnu.warning", ty: 1, align: 1, ..Section::NONE },
    Section { name: ".note.package", ty: 7, flags: ALLOC, align: 4, ..Section::NONE },
];

/// A unit's entries for `.debug_info`, so that what is fuzzed beside it is looked at.
const UNIT: &[u8] = &[9, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1, 0];

fuzz_target!(|data: &[u8]| {
    let Some((first, contents)) = data.split_first() else { return };
    let mut special = KINDS[usize::from(*first) % KINDS.len()];
    special.contents = contents;
    let unit = Section { name: ".debug_info", ty: 1, align: 1, contents: UNIT, ..Section::NONE };
    wcc_fuzz::link("in.o", &object(&[special, unit]), LINES);
});
