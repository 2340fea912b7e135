//! The source line of a place in an object, for messages: read from the object's own `.debug_line`.
//!
//! In a relocatable object the line table's addresses are relocations against code sections. Each code section gets a range of
//! made-up addresses of its own, so that one look-up tells sections apart; references to string sections are applied as they
//! are. DWARF 2 to 5 (DWARF 5, 6.2.4), read by `gimli`. Only failing links come here.

use std::cell::Cell;

use gimli::{
    AttributeValue, DebugLine, DebugLineOffset, EndianSlice, FileEntry, LineProgramHeader,
    RunTimeEndian,
};
use object::elf;

use crate::elf::Elf;
use crate::input::object::{Object, Place};

type Slice<'a> = EndianSlice<'a, RunTimeEndian>;

/// Look-ups left: each reads a whole line table, and nobody reads thousands of messages.
pub struct SourceLines {
    left: Cell<u32>,
}

impl Default for SourceLines {
    fn default() -> Self {
        SourceLines {
            left: Cell::new(100),
        }
    }
}

impl SourceLines {
    /// `dir/file.c:12: ` for a place in a section; empty when nothing says.
    pub fn prefix<E: Elf>(&self, o: &Object<'_, E>, section: u32, offset: u64) -> String {
        let Some(left) = self.left.get().checked_sub(1) else {
            return String::new();
        };
        self.left.set(left);
        let found = find(o, section, offset);
        found.map_or_else(String::new, |(file, line)| format!("{file}:{line}: "))
    }
}

fn find<E: Elf>(o: &Object<'_, E>, section: u32, offset: u64) -> Option<(String, u64)> {
    let number = (1u32..)
        .zip(o.sections.iter().skip(1))
        .find(|(n, _)| o.section_name(*n) == b".debug_line")?
        .0;
    let bases = Bases::new(o);
    let target = bases.of(section)?.checked_add(offset)?;
    let table = relocated(o, number, &bases);
    let strings = Strings {
        line: named(o, b".debug_line_str"),
        plain: named(o, b".debug_str"),
    };
    let endian = if o.data.get(5) == Some(&elf::ELFDATA2MSB) {
        RunTimeEndian::Big
    } else {
        RunTimeEndian::Little
    };
    let lines = DebugLine::new(&table, endian);
    let mut at = 0;
    while at < table.len() {
        let program = lines
            .program(DebugLineOffset(at), E::WORD as u8, None, None)
            .ok()?;
        let initial = if program.header().format() == gimli::Format::Dwarf64 {
            12
        } else {
            4
        };
        at = at
            .checked_add(program.header().unit_length())?
            .checked_add(initial)?;
        let mut rows = program.rows();
        let mut before: Option<(u64, u64, u64)> = None;
        while let Ok(Some((header, row))) = rows.next_row() {
            if let Some((address, file, line)) = before
                && (address..row.address()).contains(&target)
            {
                return Some((file_name(header, file, &strings)?, line));
            }
            let line = row.line().map_or(0, |l| l.get());
            before =
                (!row.end_sequence() && line > 0).then(|| (row.address(), row.file_index(), line));
        }
    }
    None
}

/// Made-up addresses of code sections, one after the other.
struct Bases(Vec<(u32, u64)>);

impl Bases {
    fn new<E: Elf>(o: &Object<'_, E>) -> Bases {
        let mut next = 0x1000u64;
        let mut bases = Vec::new();
        for (n, s) in (0u32..).zip(&o.sections) {
            if u64::from(s.flags) & u64::from(elf::SHF_EXECINSTR) != 0 {
                bases.push((n, next));
                next = next.saturating_add(s.size).saturating_add(64);
            }
        }
        Bases(bases)
    }

    fn of(&self, section: u32) -> Option<u64> {
        let at = self.0.binary_search_by_key(&section, |b| b.0).ok()?;
        self.0.get(at).map(|b| b.1)
    }
}

/// A debug section with its relocations applied.
fn relocated<E: Elf>(o: &Object<'_, E>, number: u32, bases: &Bases) -> Vec<u8> {
    let mut bytes = o.section_data(number).to_vec();
    let relocs = o.relocs(number);
    for i in 0..relocs.len() {
        let r = relocs.get(i);
        let symbol = o.symbol(r.sym);
        let Place::Section(target) = o.place(r.sym, &symbol) else {
            continue;
        };
        let base = bases.of(target);
        let width = if base.is_some() { E::WORD } else { 4 };
        let start = usize::try_from(r.offset).unwrap_or(usize::MAX);
        let Some(slot) = start
            .checked_add(width)
            .and_then(|end| bytes.get_mut(start..end))
        else {
            continue;
        };
        let value = base
            .unwrap_or(0)
            .wrapping_add(symbol.value)
            .wrapping_add_signed(r.addend);
        if o.data.get(5) == Some(&elf::ELFDATA2MSB) {
            let all = value.to_be_bytes();
            slot.copy_from_slice(all.get(8 - width..).unwrap_or_default());
        } else {
            slot.copy_from_slice(value.to_le_bytes().get(..width).unwrap_or_default());
        }
    }
    bytes
}

fn named<'d, E: Elf>(o: &Object<'d, E>, name: &[u8]) -> &'d [u8] {
    let found = (1u32..)
        .zip(o.sections.iter().skip(1))
        .find(|(n, _)| o.section_name(*n) == name);
    found.map_or(&[][..], |(n, _)| o.section_data(n))
}

struct Strings<'d> {
    line: &'d [u8],
    plain: &'d [u8],
}

impl Strings<'_> {
    fn text(&self, value: &AttributeValue<Slice<'_>>) -> Option<String> {
        let at = |table: &[u8], offset: usize| {
            let rest = table.get(offset..)?;
            rest.get(..memchr::memchr(0, rest)?).map(<[u8]>::to_vec)
        };
        let bytes = match value {
            AttributeValue::String(s) => s.slice().to_vec(),
            AttributeValue::DebugLineStrRef(offset) => at(self.line, offset.0)?,
            AttributeValue::DebugStrRef(offset) => at(self.plain, offset.0)?,
            _ => return None,
        };
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The file as the compiler was given it: with its directory, unless that is the one it was compiled in.
fn file_name(
    header: &LineProgramHeader<Slice<'_>>,
    number: u64,
    strings: &Strings<'_>,
) -> Option<String> {
    let entry: &FileEntry<Slice<'_>> = header.file(number)?;
    let name = strings.text(&entry.path_name())?;
    if name.starts_with('/') || entry.directory_index() == 0 {
        return Some(name);
    }
    let dir = entry.directory(header).and_then(|d| strings.text(&d));
    let compiled_in = header.directory(0).and_then(|d| strings.text(&d));
    match dir {
        Some(d) if Some(&d) != compiled_in.as_ref() => Some(format!("{d}/{name}")),
        _ => Some(name),
    }
}
