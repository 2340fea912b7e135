//! Mutants that once did harm, by name. Each is tried with every command line of its seed.

use super::elf::{ElfFile, Record};

/// A find: which seed, and what is done to it.
pub struct Find {
    pub name: &'static str,
    pub seed: &'static str,
    /// None when the seed has no such place.
    pub damage: fn(Vec<u8>) -> Option<Vec<u8>>,
}

fn section(bytes: Vec<u8>, name: &str, field: &str, value: u64) -> Option<Vec<u8>> {
    let mut f = ElfFile::new(bytes)?;
    f.set_section(name, field, value).then_some(f.bytes)
}

/// Sets `field` of every record of the section called `name`.
fn records(bytes: Vec<u8>, name: &str, record: Record, field: &str, value: u64) -> Option<Vec<u8>> {
    let mut f = ElfFile::new(bytes)?;
    let s = f.sections().into_iter().find(|s| s.name == name)?;
    let size = f.size_of(record);
    for i in 1..s.size / size {
        let field = f.field(record, s.offset + i * size, field)?;
        f.set(field, value);
    }
    Some(f.bytes)
}

/// Twenty thousand section headers for one megabyte of contents.
fn overlapping_sections(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut f = ElfFile::new(bytes)?;
    let (count, size) = (f.sections().len(), f.size_of(Record::Shdr));
    let old = f.section_header(0);
    let headers = f.bytes.get(old..old + count * size)?.to_vec();
    let contents = f.bytes.len() as u64;
    f.bytes.resize(f.bytes.len() + (1 << 20), 0x90);
    let new = f.bytes.len() as u64;
    f.bytes.extend(headers);
    let text = f.sections().into_iter().find(|s| s.name == ".text")?;
    let one = f.section_header(text.index);
    let one = f.bytes.get(one..one + size)?.to_vec();
    for _ in 0..20_000 {
        let at = f.bytes.len();
        f.bytes.extend_from_slice(&one);
        for (name, value) in [("offset", contents), ("size", 1 << 20)] {
            let field = f.field(Record::Shdr, at, name)?;
            f.set(field, value);
        }
    }
    for (name, value) in [("shoff", new), ("shnum", count as u64 + 20_000)] {
        let field = f.field(Record::Ehdr, 0, name)?;
        f.set(field, value);
    }
    Some(f.bytes)
}

/// Fifty thousand symbols whose name is one string of two megabytes.
fn long_names(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut f = ElfFile::new(bytes)?;
    let symtab = f.sections().into_iter().find(|s| s.name == ".symtab")?;
    let size = f.size_of(Record::Sym);
    let last = symtab.offset + symtab.size - size;
    let symbols = f.bytes.len() as u64;
    let table = f
        .bytes
        .get(symtab.offset..symtab.offset + symtab.size)?
        .to_vec();
    let one = f.bytes.get(last..last + size)?.to_vec();
    f.bytes.extend_from_slice(&table);
    for _ in 0..50_000 {
        let at = f.bytes.len();
        f.bytes.extend_from_slice(&one);
        let name = f.field(Record::Sym, at, "name")?;
        f.set(name, 1);
    }
    let symbols_size = f.bytes.len() as u64 - symbols;
    let names = f.bytes.len() as u64;
    f.bytes.push(0);
    f.bytes.resize(f.bytes.len() + (2 << 20), b'n');
    f.bytes.push(0);
    let names_size = f.bytes.len() as u64 - names;
    f.set_section(".symtab", "offset", symbols);
    f.set_section(".symtab", "size", symbols_size);
    f.set_section(".strtab", "offset", names);
    f.set_section(".strtab", "size", names_size);
    Some(f.bytes)
}

pub const FINDS: &[Find] = &[
    Find {
        name: "alignment_makes_a_file_of_a_terabyte",
        seed: "assembler",
        damage: |b| section(b, ".data", "addralign", 1 << 40),
    },
    Find {
        name: "alignment_makes_a_file_of_gigabytes",
        seed: "assembler",
        damage: |b| section(b, ".data", "addralign", 1 << 31),
    },
    Find {
        name: "zero_data_larger_than_memory",
        seed: "assembler",
        damage: |b| section(b, ".tbss", "size", 1 << 46),
    },
    Find {
        name: "local_symbols_among_global_ones",
        seed: "tls",
        damage: |b| records(b, ".symtab", Record::Sym, "info", 0),
    },
    Find {
        name: "global_symbols_among_local_ones",
        seed: "tls",
        damage: |b| records(b, ".symtab", Record::Sym, "info", 0x10),
    },
    Find {
        name: "relocation_changes_a_frame_records_length",
        seed: "tls",
        damage: |b| records(b, ".rela.eh_frame", Record::Rela, "offset", 24),
    },
    Find {
        name: "common_symbols_of_any_size",
        seed: "tls",
        damage: |b| records(b, ".symtab", Record::Sym, "size", 1 << 62),
    },
    Find {
        name: "symbols_at_the_end_of_the_address_space",
        seed: "object",
        damage: |b| records(b, ".symtab", Record::Sym, "value", u64::MAX - 3),
    },
    Find {
        name: "dynamic_symbols_of_any_size",
        seed: "shared",
        damage: |b| records(b, ".dynsym", Record::Sym, "size", 1 << 62),
    },
    Find {
        name: "addends_at_the_border",
        seed: "assembler",
        damage: |b| records(b, ".rela.data.rel.ro", Record::Rela, "addend", 1 << 63),
    },
    Find {
        name: "script_that_names_itself_twice",
        seed: "script",
        damage: |_| Some(b"INPUT(inputs.ld inputs.ld)".to_vec()),
    },
    Find {
        name: "script_symbols_that_are_each_other",
        seed: "script",
        damage: |_| {
            Some(b"INPUT(c.o) a = b; b = a; PROVIDE(c_one = d); PROVIDE(d = c_one);".to_vec())
        },
    },
    Find {
        name: "script_symbols_in_a_chain_of_a_hundred_thousand",
        seed: "script",
        damage: |_| {
            let chain: String = (0..100_000)
                .map(|i| format!("x{i} = x{};\n", i + 1))
                .collect();
            Some(format!("INPUT(c.o)\n{chain}x100000 = 1;").into_bytes())
        },
    },
    Find {
        name: "sections_that_all_have_the_same_contents",
        seed: "object",
        damage: overlapping_sections,
    },
    Find {
        name: "symbols_that_all_have_one_long_name",
        seed: "object",
        damage: long_names,
    },
    Find {
        name: "response_file_that_names_itself_twice",
        seed: "response",
        damage: |_| Some(b"@args @args".to_vec()),
    },
    Find {
        name: "version_script_of_a_hundred_thousand_parentheses",
        seed: "sections",
        damage: |_| Some(format!("x = {};", "(".repeat(100_000)).into_bytes()),
    },
    Find {
        name: "patterns_that_a_backtracking_matcher_never_finishes",
        seed: "version",
        damage: |_| Some(format!("V {{ global: {}b; }};", "a*".repeat(2_000)).into_bytes()),
    },
    Find {
        name: "text_at_the_end_of_the_address_space",
        seed: "response",
        damage: |_| Some(b"-shared asm.o -Ttext=0xffffffffffffffff".to_vec()),
    },
    Find {
        name: "sections_that_are_code_and_thread_local",
        seed: "tls",
        damage: |b| section(b, ".tdata", "flags", 0x407),
    },
    Find {
        name: "thread_local_data_under_a_common_name",
        seed: "assembler",
        damage: |b| section(b, "kept_by_name", "flags", 0x403),
    },
    Find {
        name: "unwind_tables_of_a_type_of_their_own",
        seed: "object",
        damage: |b| section(b, ".eh_frame", "type", 0x7fff_ffff),
    },
    Find {
        name: "zero_byte_in_the_name_of_a_version",
        seed: "version",
        damage: |_| Some(b"VERS\0_1 { global: c_one; };".to_vec()),
    },
    Find {
        name: "thin_archive_whose_member_is_the_archive",
        seed: "thin",
        damage: |_| {
            let header = |name: &str, size: usize| {
                format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644)
            };
            let names = "thin.a/\nthin.a/\n";
            let text = ["!<thin>\n", &header("//", names.len()), names].concat();
            Some(
                [text, header("/0", 68), header("/8:68", 68)]
                    .concat()
                    .into_bytes(),
            )
        },
    },
];
