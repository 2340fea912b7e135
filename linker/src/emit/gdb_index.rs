//! What goes into `.gdb_index`, read from the output's own debugging information (DWARF 2 to 5).
//!
//! The sections are assembled as they will stand in the file, so the index agrees with what gdb will read, whatever linking
//! has merged, dropped or moved. A compilation unit's names come from `.debug_gnu_pubnames` and `.debug_gnu_pubtypes` when
//! the compiler has made them (`-ggnu-pubnames`), else from its entries.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use gimli::constants as dw;
use gimli::{
    AbbreviationsCacheStrategy, AttributeValue, DwarfSections, EndianSlice, RunTimeEndian,
    Section as _, SectionId, Unit, UnitOffset, UnitSectionOffset, UnitType,
};
use object::elf;

use super::Image;
use super::packed::{Replaced, assemble};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::layout::output::{Content, Synth};
use crate::synth::gdb_index::{CompileUnit, Index, Name, Range, TypeUnit, kind};

type Slice<'b> = EndianSlice<'b, RunTimeEndian>;
type Dwarf<'b> = gimli::Dwarf<Slice<'b>>;

/// Deepest nesting of scopes that is followed.
const MAX_DEPTH: usize = 64;
/// Bytes of names and of abbreviation tables that are read: so many times the sections they come from, and more. Entries
/// share names, but not by the thousand a long one; tables do not overlap.
const NAMES_FACTOR: u64 = 64;
const TABLES_FACTOR: u64 = 4;
const MORE: u64 = 16 << 20;
const OVERLAP: &str =
    ".gdb_index is left empty: names or abbreviations of the debugging information overlap";

/// The contents of `.gdb_index`. Debugging information that cannot be read leaves it empty, with a warning.
pub fn build<'d, A: Arch>(image: &Image<'_, 'd, A>) -> Option<Replaced<'d>> {
    let section = image.l.outputs.iter().position(|s| {
        s.pieces
            .iter()
            .any(|p| p.content == Content::Synth(Synth::GdbIndex))
    })?;
    let endian = if A::Elf::BIG_ENDIAN {
        RunTimeEndian::Big
    } else {
        RunTimeEndian::Little
    };
    let contents = |name: &str| match image.l.section(name.as_bytes()) {
        Some(s) if !s.is_alloc() && !s.is_nobits() => assemble(image, s),
        _ => Vec::new(),
    };
    let load = |id: SectionId| -> Result<Vec<u8>, gimli::Error> {
        Ok(match id {
            SectionId::DebugInfo
            | SectionId::DebugAbbrev
            | SectionId::DebugTypes
            // A unit's header names its line table, which is looked at before anything else.
            | SectionId::DebugLine
            | SectionId::DebugStr
            | SectionId::DebugLineStr
            | SectionId::DebugStrOffsets
            | SectionId::DebugAddr
            | SectionId::DebugRanges
            | SectionId::DebugRngLists => contents(id.name()),
            _ => Vec::new(),
        })
    };
    let built = DwarfSections::load(load).and_then(|sections| {
        let mut dwarf = sections.borrow(|bytes| EndianSlice::new(bytes, endian));
        let names = [
            contents(".debug_gnu_pubnames"),
            contents(".debug_gnu_pubtypes"),
        ];
        index(image, &mut dwarf, &names)
    });
    let bytes = match built {
        Ok(Some(bytes)) => bytes,
        Ok(None) => Vec::new(),
        Err(e) => {
            image.report.warn(format!(
                ".gdb_index is left empty: debugging information cannot be read: {e}"
            ));
            Vec::new()
        }
    };
    let s = image.l.outputs.get(section)?;
    Some(Replaced {
        section,
        bytes,
        name: None,
        flags: s.flags,
        align: s.align,
    })
}

fn index<A: Arch>(
    image: &Image<'_, '_, A>,
    dwarf: &mut Dwarf<'_>,
    published: &[Vec<u8>; 2],
) -> gimli::Result<Option<Vec<u8>>> {
    let mut published: HashMap<u64, Vec<Name<'_>>> = {
        let mut map: HashMap<u64, Vec<Name<'_>>> = HashMap::new();
        for section in published {
            read_published::<A::Elf>(section, &mut map);
        }
        map
    };
    let mut headers = Vec::new();
    let mut types = Vec::new();
    let mut units = dwarf.units();
    while let Some(h) = units.next()? {
        match h.type_() {
            UnitType::Type { .. } => types.push(h),
            _ => headers.push(h),
        }
    }
    let mut more = dwarf.type_units();
    while let Some(h) = more.next()? {
        types.push(h);
    }
    let offset = |o: UnitSectionOffset| o.0 as u64;
    let mut out = Index::default();
    let given: Vec<Option<Vec<Name<'_>>>> = headers
        .iter()
        .map(|h| published.remove(&offset(h.offset())))
        .chain(types.iter().map(|_| None))
        .collect();
    let compile_units = headers.len();
    for h in &headers {
        out.units.push(CompileUnit {
            offset: offset(h.offset()),
            length: h.length_including_self() as u64,
        });
    }
    for h in &types {
        if let UnitType::Type {
            type_signature,
            type_offset,
        } = h.type_()
        {
            out.types.push(TypeUnit {
                offset: offset(h.offset()),
                type_offset: type_offset.0 as u64,
                signature: type_signature.0,
            });
        }
    }
    headers.extend(types);
    let tables = headers.iter().map(|h| h.debug_abbrev_offset().0).collect();
    if overlap(dwarf.debug_abbrev.reader().slice(), tables) {
        image.report.warn(OVERLAP);
        return Ok(None);
    }
    dwarf.populate_abbreviations_cache(AbbreviationsCacheStrategy::Duplicates);
    let dwarf = &*dwarf;
    let strings = [
        dwarf.debug_str.reader().len(),
        dwarf.debug_line_str.reader().len(),
        dwarf.debug_info.reader().len(),
    ];
    let strings: u64 = strings.iter().map(|n| *n as u64).sum();
    let left = AtomicU64::new(strings.saturating_mul(NAMES_FACTOR).saturating_add(MORE));
    let jobs: Vec<_> = headers.iter().zip(&given).enumerate().collect();
    let read = image.par.map(&jobs, |(i, (h, given))| {
        let unit = dwarf.unit(**h)?;
        let mut found = Found {
            ranges: Vec::new(),
            names: Vec::new(),
            elsewhere: false,
            too_much: false,
        };
        if *i < compile_units {
            let mut ranges = dwarf.unit_ranges(&unit)?;
            while let Some(r) = ranges.next()? {
                found.ranges.push((r.begin, r.end));
            }
        }
        if given.is_none() {
            Names::read(dwarf, &unit, &left, &mut found)?;
        }
        Ok::<_, gimli::Error>(found)
    });
    for ((i, given), found) in (0u32..).zip(given).zip(read) {
        let found = found?;
        if found.too_much {
            image.report.warn(OVERLAP);
            return Ok(None);
        }
        if found.elsewhere {
            image.report.warn(
                ".gdb_index is left empty: names of split debugging information are in .dwo files; compile with -ggnu-pubnames",
            );
            return Ok(None);
        }
        for (low, high) in found.ranges {
            // What was not linked has addresses of nothing.
            let code = image.l.output_at(low, false);
            if low < high && code.is_some() {
                out.ranges.push(Range { low, high, unit: i });
            }
        }
        out.names.push(given.unwrap_or(found.names));
    }
    Ok(out.write())
}

/// Whether reading these tables of abbreviations takes more than there is to read.
fn overlap(section: &[u8], mut tables: Vec<usize>) -> bool {
    tables.sort_unstable();
    tables.dedup();
    let most = (section.len() as u64).saturating_mul(TABLES_FACTOR) + MORE;
    let mut read = 0u64;
    tables.iter().any(|at| {
        let table = section.get(*at..).unwrap_or(&[]);
        read += table_size(table, most.saturating_sub(read)) as u64;
        read > most
    })
}

/// Bytes of a table of abbreviations (DWARF 5, 7.5.3), at most somewhat more than `most`.
fn table_size(table: &[u8], most: u64) -> usize {
    let mut at = 0;
    let number = |at: &mut usize| -> Option<u64> {
        let mut value = 0u64;
        loop {
            let byte = *table.get(*at)?;
            value = value << 7 | u64::from(byte & 0x7f);
            *at += 1;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    };
    let entry = |at: &mut usize| -> Option<()> {
        if number(at)? == 0 {
            return None;
        }
        number(at)?;
        *at += 1;
        loop {
            let (name, form) = (number(at)?, number(at)?);
            if form == u64::from(dw::DW_FORM_implicit_const.0) {
                number(at)?;
            }
            if (name, form) == (0, 0) || *at as u64 > most {
                return Some(());
            }
        }
    };
    while entry(&mut at).is_some() && at as u64 <= most {}
    at
}

/// `.debug_gnu_pubnames`: sets, each for a unit, of offset, attributes and name. What is cut off ends the reading.
fn read_published<'b, E: Elf>(section: &'b [u8], map: &mut HashMap<u64, Vec<Name<'b>>>) {
    let number = |at: usize, size: usize| -> Option<u64> {
        let bytes = section.get(at..at.checked_add(size)?)?;
        let fold = |v: u64, b: &u8| v << 8 | u64::from(*b);
        Some(if E::BIG_ENDIAN {
            bytes.iter().fold(0, fold)
        } else {
            bytes.iter().rev().fold(0, fold)
        })
    };
    let mut set = |at: usize| -> Option<usize> {
        let (word, length, body) = match number(at, 4)? {
            0xffff_ffff => (8, number(at + 4, 8)?, at + 12),
            n => (4, n, at + 4),
        };
        let end = body.checked_add(usize::try_from(length).ok()?)?;
        let names = map.entry(number(body + 2, word)?).or_default();
        let mut at = body + 2 + 2 * word;
        while at < end && number(at, word)? != 0 {
            let attributes = *section.get(at + word)?;
            let text = section.get(at + word + 1..end.min(section.len()))?;
            let name = text.get(..memchr::memchr(0, text)?)?;
            names.push(Name {
                name: Cow::Borrowed(name),
                attributes,
            });
            at += word + 1 + name.len() + 1;
        }
        Some(end)
    };
    let mut at = 0;
    while at < section.len() {
        match set(at) {
            Some(end) => at = end,
            None => return,
        }
    }
}

/// What was read of a unit.
struct Found<'b> {
    ranges: Vec<(u64, u64)>,
    names: Vec<Name<'b>>,
    /// The entries are in a `.dwo` file.
    elsewhere: bool,
    /// There are more bytes of names than any compiler writes.
    too_much: bool,
}

/// A scope whose entries are read.
struct Scope<'b> {
    /// Depth of its entries; usize::MAX-like nesting is cut by [`MAX_DEPTH`].
    depth: isize,
    /// With `::` behind it, if it is not the unit's.
    prefix: Cow<'b, [u8]>,
}

/// The attributes of an entry that matter.
#[derive(Default)]
struct Entry<'b> {
    name: Option<Slice<'b>>,
    declaration: bool,
    external: bool,
    enum_class: bool,
    specification: Option<UnitOffset>,
    /// There is a `const_value`, location or address: something is defined.
    dwo: bool,
    language: Option<gimli::DwLang>,
}

/// Reads the names that the entries of a unit define.
struct Names<'u, 'b> {
    dwarf: &'u Dwarf<'b>,
    unit: &'u Unit<Slice<'b>>,
    cxx: bool,
    /// Full names of declarations, which definitions elsewhere refer to.
    declared: HashMap<usize, Cow<'b, [u8]>>,
    /// Definitions whose declaration comes later in the unit.
    waiting: Vec<(UnitOffset, u8)>,
    /// Bytes of names that all units may still read.
    left: &'u AtomicU64,
}

impl<'b> Names<'_, 'b> {
    fn read(
        dwarf: &Dwarf<'b>,
        unit: &Unit<Slice<'b>>,
        left: &AtomicU64,
        found: &mut Found<'b>,
    ) -> gimli::Result<()> {
        let mut names = Names {
            dwarf,
            unit,
            left,
            cxx: false,
            declared: HashMap::new(),
            waiting: Vec::new(),
        };
        names.walk(found)?;
        for (at, attributes) in std::mem::take(&mut names.waiting) {
            if let Some(name) = names.declared.get(&at.0) {
                found.names.push(Name {
                    name: name.clone(),
                    attributes,
                });
            }
        }
        Ok(())
    }

    fn walk(&mut self, found: &mut Found<'b>) -> gimli::Result<()> {
        let unit = self.unit;
        let mut raw = unit.entries_raw(None)?;
        let mut scopes: Vec<Scope<'b>> = Vec::new();
        while !raw.is_empty() {
            let offset = raw.next_offset();
            let depth = raw.next_depth();
            let Some(abbreviation) = raw.read_abbreviation()? else {
                continue;
            };
            while scopes.last().is_some_and(|s| s.depth > depth) {
                scopes.pop();
            }
            let inside = depth == 0 || scopes.last().is_some_and(|s| s.depth == depth);
            if !inside {
                raw.skip_attributes(abbreviation.attributes())?;
                continue;
            }
            let mut e = Entry::default();
            for spec in abbreviation.attributes() {
                let attribute = raw.read_attribute(*spec)?;
                self.attribute(&mut e, attribute.name(), attribute.value())?;
            }
            let length = e.name.map_or(0, |n| n.len() as u64);
            let before = self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(length)
                });
            if before.is_err() {
                found.too_much = true;
                return Ok(());
            }
            let tag = abbreviation.tag();
            if depth == 0 {
                found.elsewhere |= e.dwo;
                self.cxx = !matches!(
                    e.language,
                    None | Some(
                        dw::DW_LANG_C | dw::DW_LANG_C89 | dw::DW_LANG_C99 | dw::DW_LANG_C11
                    )
                );
                scopes.push(Scope {
                    depth: 1,
                    prefix: Cow::Borrowed(b""),
                });
                continue;
            }
            let prefix = scopes
                .last()
                .map_or(Cow::Borrowed(&b""[..]), |s| s.prefix.clone());
            let inner = self.entry(found, tag, &e, offset, &prefix);
            if let Some(prefix) = inner
                && abbreviation.has_children()
                && scopes.len() < MAX_DEPTH
            {
                scopes.push(Scope {
                    depth: depth + 1,
                    prefix,
                });
            }
        }
        Ok(())
    }

    fn attribute(
        &self,
        e: &mut Entry<'b>,
        name: gimli::DwAt,
        value: AttributeValue<Slice<'b>>,
    ) -> gimli::Result<()> {
        let flag = |v: AttributeValue<Slice<'b>>| matches!(v, AttributeValue::Flag(true));
        match name {
            dw::DW_AT_name => e.name = Some(self.dwarf.attr_string(self.unit, value)?),
            dw::DW_AT_declaration => e.declaration = flag(value),
            dw::DW_AT_external => e.external = flag(value),
            dw::DW_AT_enum_class => e.enum_class = flag(value),
            dw::DW_AT_specification | dw::DW_AT_abstract_origin => {
                if let AttributeValue::UnitRef(at) = value {
                    e.specification = Some(at);
                }
            }
            dw::DW_AT_dwo_name | dw::DW_AT_GNU_dwo_name => e.dwo = true,
            dw::DW_AT_language => {
                if let AttributeValue::Language(l) = value {
                    e.language = Some(l);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes what an entry defines; gives the prefix of what stands in it, if that is to be read.
    fn entry(
        &mut self,
        found: &mut Found<'b>,
        tag: gimli::DwTag,
        e: &Entry<'b>,
        offset: UnitOffset,
        prefix: &Cow<'b, [u8]>,
    ) -> Option<Cow<'b, [u8]>> {
        let full = |name: &[u8]| -> Cow<'b, [u8]> { Cow::Owned([&prefix[..], name].concat()) };
        let name: Option<Cow<'b, [u8]>> = e.name.map(|n| {
            if prefix.is_empty() {
                Cow::Borrowed(n.slice())
            } else {
                full(n.slice())
            }
        });
        let private = |on: bool| if on { kind::STATIC } else { 0 };
        let mut define = |name: &Cow<'b, [u8]>, attributes: u8| {
            found.names.push(Name {
                name: name.clone(),
                attributes,
            });
        };
        match tag {
            dw::DW_TAG_namespace | dw::DW_TAG_module => {
                let name = name.unwrap_or_else(|| full(b"(anonymous namespace)"));
                define(&name, kind::TYPE);
                Some(Cow::Owned([&name[..], b"::"].concat()))
            }
            dw::DW_TAG_class_type
            | dw::DW_TAG_structure_type
            | dw::DW_TAG_union_type
            | dw::DW_TAG_interface_type
            | dw::DW_TAG_enumeration_type => {
                if let Some(name) = &name
                    && !e.declaration
                {
                    define(name, kind::TYPE | private(!self.cxx));
                }
                // Enumerators stand beside their type, unless it is an `enum class`.
                if tag == dw::DW_TAG_enumeration_type && !e.enum_class {
                    return Some(prefix.clone());
                }
                Some(match &name {
                    Some(name) => Cow::Owned([&name[..], b"::"].concat()),
                    None => prefix.clone(),
                })
            }
            dw::DW_TAG_typedef | dw::DW_TAG_base_type | dw::DW_TAG_subrange_type => {
                if let Some(name) = &name {
                    define(name, kind::TYPE | kind::STATIC);
                }
                None
            }
            dw::DW_TAG_enumerator => {
                if let Some(name) = &name {
                    define(name, kind::VARIABLE | private(!self.cxx));
                }
                None
            }
            dw::DW_TAG_subprogram | dw::DW_TAG_variable | dw::DW_TAG_member => {
                let what = if tag == dw::DW_TAG_subprogram {
                    kind::FUNCTION
                } else {
                    kind::VARIABLE
                };
                // A definition that leaves its name to a declaration leaves its linkage there too.
                let attributes = what | private(!e.external && e.specification.is_none());
                match (&name, e.specification) {
                    (Some(name), None) if e.declaration || tag == dw::DW_TAG_member => {
                        self.declared.insert(offset.0, name.clone());
                    }
                    (Some(name), _) => {
                        define(name, attributes);
                        self.declared.insert(offset.0, name.clone());
                    }
                    (None, Some(at)) => match self.declared.get(&at.0).cloned() {
                        Some(name) => {
                            define(&name, attributes);
                            self.declared.insert(offset.0, name);
                        }
                        None => self.waiting.push((at, attributes)),
                    },
                    (None, None) => {}
                }
                None
            }
            _ => None,
        }
    }
}

/// Whether the output has debugging information to make an index of.
pub fn is_wanted(outputs: &[crate::layout::output::OutputSection<'_>]) -> bool {
    outputs
        .iter()
        .any(|s| s.name == b".debug_info" && s.flags & u64::from(elf::SHF_ALLOC) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_abbreviations_are_measured() {
        // A unit with a name and an implicit constant, then the end, then another table.
        let entry = [1, 0x11, 0, 3, 8, 9, 0x21, 0x85, 1, 0, 0];
        let table = [&entry[..], &entry, &[0, 7]].concat();
        assert_eq!(table_size(&table, 1000), 2 * entry.len() + 1);
        assert_eq!(table_size(&table[..5], 1000), 5);
        assert_eq!(table_size(&[], 1000), 0);
        assert!(table_size(&table, 3) <= entry.len());
        assert!(!overlap(&table, vec![0, entry.len(), 0]));
        let long = [1, 0x11, 0, 3, 8, 0, 0].repeat(20_000);
        assert!(!overlap(&long, vec![0; 20_000]), "one table");
        assert!(overlap(&long, (0..20_000).map(|i| 7 * i).collect()));
    }
}
