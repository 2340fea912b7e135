//! `.gdb_index`: by which gdb finds the compilation units of names and addresses without reading all debugging information.
//!
//! The format is gdb's own ("Index Section Format" in its manual), version 7, always little-endian: a header of offsets;
//! the compilation units; the type units; address ranges; an open hash table of names; a pool with the units of each name
//! and the names themselves.

use std::collections::HashMap;

const VERSION: u32 = 7;
const HEADER_SIZE: usize = 24;

/// A compilation unit: place and length in `.debug_info`, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileUnit {
    pub offset: u64,
    pub length: u64,
}

/// A type unit, in `.debug_types` or `.debug_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeUnit {
    pub offset: u64,
    /// Of the type, from the unit's start.
    pub type_offset: u64,
    pub signature: u64,
}

/// Addresses of a compilation unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub low: u64,
    /// One past the last.
    pub high: u64,
    pub unit: u32,
}

/// What a name is, as it stands in the top byte of an entry.
pub mod kind {
    pub const TYPE: u8 = 1 << 4;
    pub const VARIABLE: u8 = 2 << 4;
    pub const FUNCTION: u8 = 3 << 4;
    pub const OTHER: u8 = 4 << 4;
    /// Not visible outside its unit.
    pub const STATIC: u8 = 1 << 7;
}

/// A name that a unit defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'n> {
    pub name: std::borrow::Cow<'n, [u8]>,
    /// A [`kind`].
    pub attributes: u8,
}

/// Everything the index holds. Names are those of the compilation units in their order, then those of the type units.
#[derive(Default)]
pub struct Index<'n> {
    pub units: Vec<CompileUnit>,
    pub types: Vec<TypeUnit>,
    pub ranges: Vec<Range>,
    pub names: Vec<Vec<Name<'n>>>,
}

/// gdb's hash of a name (its `mapped_index_string_hash`, from version 5 on without regard to case).
pub fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0u32, |r, c| {
        r.wrapping_mul(67)
            .wrapping_add(u32::from(c.to_ascii_lowercase()))
            .wrapping_sub(113)
    })
}

impl Index<'_> {
    /// The section's bytes; None when they do not fit its 32-bit offsets or 24-bit numbers of units.
    pub fn write(&self) -> Option<Vec<u8>> {
        if self.units.len() + self.types.len() >= 1 << 24 {
            return None;
        }
        // Names in the order of their first appearance, each with the units that have it.
        let mut number: HashMap<&[u8], usize> = HashMap::new();
        let mut list: Vec<(&[u8], Vec<u32>)> = Vec::new();
        for (unit, names) in (0u32..).zip(&self.names) {
            for n in names {
                let at = *number.entry(&n.name).or_insert_with(|| {
                    list.push((&n.name, Vec::new()));
                    list.len() - 1
                });
                if let Some((_, units)) = list.get_mut(at) {
                    units.push(unit | u32::from(n.attributes) << 24);
                }
            }
        }
        let slots = (list.len() * 4 / 3 + 1).next_power_of_two().max(2);
        let cu_list = HEADER_SIZE;
        let tu_list = cu_list + self.units.len() * 16;
        let address_area = tu_list + self.types.len() * 24;
        let symbol_table = address_area + self.ranges.len() * 20;
        let pool = symbol_table + slots * 8;
        let mut out = Vec::with_capacity(pool);
        put32(&mut out, VERSION);
        for offset in [cu_list, tu_list, address_area, symbol_table, pool] {
            put32(&mut out, u32::try_from(offset).ok()?);
        }
        for u in &self.units {
            put64(&mut out, u.offset);
            put64(&mut out, u.length);
        }
        for t in &self.types {
            put64(&mut out, t.offset);
            put64(&mut out, t.type_offset);
            put64(&mut out, t.signature);
        }
        for r in &self.ranges {
            put64(&mut out, r.low);
            put64(&mut out, r.high);
            put32(&mut out, r.unit);
        }
        // The pool: vectors of units, which are aligned, before the strings.
        let mut vectors: Vec<u8> = Vec::new();
        let mut places = Vec::with_capacity(list.len());
        let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
        for (_, units) in &mut list {
            units.sort_unstable();
            units.dedup();
            let place = *known
                .entry(std::mem::take(units))
                .or_insert_with_key(|units| {
                    let place = vectors.len();
                    put32(&mut vectors, units.len() as u32);
                    units.iter().for_each(|u| put32(&mut vectors, *u));
                    place
                });
            places.push(place);
        }
        let mut strings: Vec<u8> = Vec::new();
        let mut table = vec![(0u32, 0u32); slots];
        // Where the search for a hash ended last: names made to have one hash would all walk past each other.
        let mut ends: HashMap<u32, usize> = HashMap::new();
        for ((name, _), vector) in list.iter().zip(&places) {
            let entry = (
                u32::try_from(vectors.len() + strings.len()).ok()?,
                u32::try_from(*vector).ok()?,
            );
            strings.extend_from_slice(name);
            strings.push(0);
            let h = hash(name);
            let mask = slots - 1;
            let step = (h.wrapping_mul(17) as usize & mask) | 1;
            let last = ends.entry(h).or_insert(h as usize & mask);
            let mut at = *last;
            // A free slot has two zeros; the first string lies behind at least one vector.
            while let Some(slot) = table.get_mut(at) {
                if *slot == (0, 0) {
                    *slot = entry;
                    *last = at;
                    break;
                }
                at = (at + step) & mask;
            }
        }
        for (name, vector) in table {
            put32(&mut out, name);
            put32(&mut out, vector);
        }
        out.extend_from_slice(&vectors);
        out.extend_from_slice(&strings);
        u32::try_from(out.len()).ok()?;
        Some(out)
    }
}

fn put32(out: &mut Vec<u8>, v: u32) {
    out.extend_from_slice(&v.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, v: u64) {
    out.extend_from_slice(&v.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(b: &[u8], at: usize) -> usize {
        u32::from_le_bytes(b[at..at + 4].try_into().unwrap()) as usize
    }

    /// Looks a name up as gdb does.
    fn find(b: &[u8], name: &[u8]) -> Option<Vec<u32>> {
        let (table, pool) = (word(b, 16), word(b, 20));
        let mask = (pool - table) / 8 - 1;
        let h = hash(name) as usize;
        let mut at = h & mask;
        let step = ((h * 17) & mask) | 1;
        loop {
            let (string, vector) = (word(b, table + at * 8), word(b, table + at * 8 + 4));
            if (string, vector) == (0, 0) {
                return None;
            }
            let text = &b[pool + string..];
            if text.split(|c| *c == 0).next() == Some(name) {
                let vector = pool + vector;
                let n = word(b, vector);
                return Some((1..=n).map(|i| word(b, vector + 4 * i) as u32).collect());
            }
            at = (at + step) & mask;
        }
    }

    #[test]
    fn every_name_is_found_with_its_units() {
        let name = |n: String, attributes| Name {
            name: n.into_bytes().into(),
            attributes,
        };
        let unit = CompileUnit {
            offset: 0,
            length: 9,
        };
        let index = Index {
            units: vec![unit; 3],
            names: (0..3)
                .map(|u| {
                    (0..200)
                        .map(|i| name(format!("f{}", i + u * 100), kind::FUNCTION))
                        .collect()
                })
                .collect(),
            ..Index::default()
        };
        let bytes = index.write().unwrap();
        assert_eq!(word(&bytes, 0), 7);
        let function = u32::from(kind::FUNCTION) << 24;
        assert_eq!(find(&bytes, b"f7"), Some(vec![function]));
        assert_eq!(find(&bytes, b"f150"), Some(vec![function, function | 1]));
        assert_eq!(find(&bytes, b"f399"), Some(vec![function | 2]));
        assert_eq!(find(&bytes, b"f400"), None);
    }

    #[test]
    fn an_index_of_nothing_is_valid() {
        let bytes = Index::default().write().unwrap();
        assert_eq!(find(&bytes, b"x"), None);
    }
}
