//! Segments in mapfiles of version 2: `LOAD_SEGMENT`, `NOTE_SEGMENT`, `NULL_SEGMENT`.
//!
//! Linker and Libraries Guide, "Mapfiles". What becomes of them: `options/mapfiles.rs`.

use object::elf;

use super::lexer::Error;
use super::mapfile::{bad, choice, keyword, number, place, single};
use super::mapfile_model::*;
use super::mapfile_text::{Item, Op, Reader, Statement, Word};

pub(super) const SEGMENT_FLAGS: &[(&str, u32)] = &[
    ("READ", elf::PF_R),
    ("WRITE", elf::PF_W),
    ("EXECUTE", elf::PF_X),
    ("DATA", elf::PF_R | elf::PF_W | elf::PF_X),
    ("STACK", elf::PF_R | elf::PF_W | elf::PF_X),
];
const SECTION_FLAGS: &[(&str, u64)] = &[
    ("ALLOC", elf::SHF_ALLOC as u64),
    ("WRITE", elf::SHF_WRITE as u64),
    ("EXECUTE", elf::SHF_EXECINSTR as u64),
    ("AMD64_LARGE", 0x1000_0000),
];
const SECTION_TYPES: &[(&str, u32)] = &[
    ("PROGBITS", elf::SHT_PROGBITS),
    ("SYMTAB", elf::SHT_SYMTAB),
    ("STRTAB", elf::SHT_STRTAB),
    ("RELA", elf::SHT_RELA),
    ("HASH", elf::SHT_HASH),
    ("DYNAMIC", elf::SHT_DYNAMIC),
    ("NOTE", elf::SHT_NOTE),
    ("NOBITS", elf::SHT_NOBITS),
    ("REL", elf::SHT_REL),
    ("DYNSYM", elf::SHT_DYNSYM),
    ("INIT_ARRAY", elf::SHT_INIT_ARRAY),
    ("FINI_ARRAY", elf::SHT_FINI_ARRAY),
    ("PREINIT_ARRAY", elf::SHT_PREINIT_ARRAY),
    ("GROUP", elf::SHT_GROUP),
    ("AMD64_UNWIND", elf::SHT_X86_64_UNWIND),
];

/// One such statement.
pub(super) fn segment(reader: &Reader<'_>, map: &mut Mapfile, s: &Statement) -> Result<(), Error> {
    let [_, name] = &s.words[..] else {
        return Err(bad(reader, s, "the segment's name"));
    };
    let at = place(reader, name);
    let index = segment_index(map, &name.text, at);
    if let Some(segment) = map.segments.get_mut(index) {
        segment.kind = match keyword(s) {
            b"NOTE_SEGMENT" => SegmentKind::Note,
            b"NULL_SEGMENT" => SegmentKind::Null,
            _ => SegmentKind::Load,
        };
    }
    for item in s.block.iter().flatten() {
        let Item::Statement(a) = item else {
            return Err(bad(reader, s, "segment attributes"));
        };
        let Some(segment) = map.segments.get_mut(index) else {
            return Ok(());
        };
        match keyword(a) {
            b"VADDR" => segment.address = Some(number(reader, single(reader, a)?)?),
            b"ALIGN" => segment.align = Some(number(reader, single(reader, a)?)?),
            b"ROUND" => segment.round = Some(number(reader, single(reader, a)?)?),
            b"MAX_SIZE" => segment.max_size = Some(number(reader, single(reader, a)?)?),
            b"PADDR" => segment.physical = Some(number(reader, single(reader, a)?)?),
            b"FLAGS" => {
                let before = segment.flags.unwrap_or(0);
                segment.flags = Some(flags(reader, a, SEGMENT_FLAGS, before)?);
            }
            b"DISABLE" => segment.disabled = true,
            key @ (b"IS_ORDER" | b"OS_ORDER") => {
                let list = if key == b"IS_ORDER" {
                    &mut segment.order
                } else {
                    &mut segment.output_order
                };
                if a.op == Some(Op::Set) {
                    list.clear();
                }
                list.extend(a.values.iter().map(|w| w.text.clone()));
            }
            b"SIZE_SYMBOL" => {
                segment
                    .size_symbols
                    .extend(a.values.iter().map(|w| w.text.clone()));
            }
            b"ASSIGN_SECTION" => {
                let choice = assign(reader, a)?;
                map.add_choice(index, choice);
            }
            b"NOHDR" => map.hdr_noalloc = true,
            _ => {
                let known = "ALIGN ASSIGN_SECTION DISABLE FLAGS IS_ORDER MAX_SIZE NOHDR OS_ORDER PADDR ROUND \
                             SIZE_SYMBOL VADDR";
                return Err(bad(reader, a, &format!("one of {known}")));
            }
        }
    }
    Ok(())
}

/// `ASSIGN_SECTION [NAME] { IS_NAME = …; TYPE = …; FLAGS = … !…; }`
fn assign(reader: &Reader<'_>, s: &Statement) -> Result<SectionChoice, Error> {
    let mut choice_ = SectionChoice {
        label: s.words.get(1).map_or(Vec::new(), |w| w.text.clone()),
        ..SectionChoice::default()
    };
    for item in s.block.iter().flatten() {
        let Item::Statement(a) = item else {
            return Err(bad(reader, s, "IS_NAME, TYPE, FLAGS or FILE_…"));
        };
        match keyword(a) {
            b"IS_NAME" => choice_.name = Some(single(reader, a)?.text.clone()),
            b"TYPE" => {
                choice_.ty = Some(choice(
                    reader,
                    single(reader, a)?,
                    SECTION_TYPES,
                    "section type",
                )?);
            }
            b"FLAGS" => {
                for v in &a.values {
                    let (text, not) = match v.text.strip_prefix(b"!") {
                        Some(rest) => (rest, true),
                        None => (&v.text[..], false),
                    };
                    let plain = Word {
                        text: text.to_vec(),
                        ..v.clone()
                    };
                    let bit = choice(reader, &plain, SECTION_FLAGS, "section flag")?;
                    if not {
                        choice_.no_flags |= bit;
                    } else {
                        choice_.flags |= bit;
                    }
                }
            }
            key @ (b"FILE_BASENAME" | b"FILE_OBJNAME" | b"FILE_PATH") => {
                if a.op == Some(Op::Set) {
                    choice_.files.clear();
                }
                choice_.files.extend(a.values.iter().map(|w| match key {
                    b"FILE_BASENAME" => FileMatch::Base(w.text.clone()),
                    b"FILE_OBJNAME" => FileMatch::Object(w.text.clone()),
                    _ => FileMatch::Path(w.text.clone()),
                }));
            }
            _ => return Err(bad(reader, a, "IS_NAME, TYPE, FLAGS or FILE_…")),
        }
    }
    Ok(choice_)
}

/// The segment of this name, made if there is none.
pub(super) fn segment_index(map: &mut Mapfile, name: &[u8], at: String) -> usize {
    match map.places.segments.get(name) {
        Some(index) => *index,
        None => {
            let places = &mut map.places.segments;
            places.insert(name.to_vec(), map.segments.len());
            map.segments.push(MapSegment {
                name: name.to_vec(),
                at,
                ..MapSegment::default()
            });
            map.segments.len() - 1
        }
    }
}

/// `FLAGS = READ WRITE`, `FLAGS += EXECUTE`, `FLAGS -= WRITE`.
pub(super) fn flags(
    reader: &Reader<'_>,
    s: &Statement,
    table: &[(&str, u32)],
    before: u32,
) -> Result<u32, Error> {
    let mut bits = 0;
    for value in &s.values {
        bits |= choice(reader, value, table, "flag")?;
    }
    Ok(match s.op {
        Some(Op::Add) => before | bits,
        Some(Op::Remove) => before & !bits,
        _ => bits,
    })
}
