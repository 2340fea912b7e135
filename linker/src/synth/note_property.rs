//! `.note.gnu.property`: what code promises (IBT, shadow stack) and needs (ISA levels).
//!
//! Notes named `GNU` of type NT_GNU_PROPERTY_TYPE_0 whose descriptor is an array of (type, size, data),
//! padded to the address size. "Linux Extensions to gABI", section "Program Property"; x86-64 psABI,
//! "Program Property". How two objects' properties merge follows from the type's range: or, and, or of all
//! when all have it, maximum, or present in any. An object without a property counts as not having it, which
//! is what clears a promise.

use std::fmt;

use crate::elf::{Elf, PutElf};

const NT_GNU_PROPERTY_TYPE_0: u32 = 5;
const STACK_SIZE: u32 = 1;
const NO_COPY_ON_PROTECTED: u32 = 2;
/// GNU_PROPERTY_1_NEEDED.
const NEEDED_1: u32 = 0xb000_8000;
/// GNU_PROPERTY_X86_FEATURE_1_AND.
const X86_FEATURE_1_AND: u32 = 0xc000_0002;
const X86_ISA_1_NEEDED: u32 = 0xc000_8002;
const X86_ISA_1_USED: u32 = 0xc001_0002;
/// GNU_PROPERTY_AARCH64_FEATURE_1_AND and GNU_PROPERTY_RISCV_FEATURE_1_AND.
const FEATURE_1_AND: u32 = 0xc000_0000;

/// GNU_PROPERTY_X86_FEATURE_1_IBT.
pub const IBT: u32 = 1;
/// GNU_PROPERTY_X86_FEATURE_1_SHSTK.
pub const SHSTK: u32 = 2;
/// GNU_PROPERTY_X86_FEATURE_1_LAM_U48 and …_LAM_U57.
pub const LAM_U48: u32 = 4;
pub const LAM_U57: u32 = 8;
/// GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS.
pub const INDIRECT_EXTERN_ACCESS: u32 = 1;

/// A note section that cannot be understood, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PropertyError {
    /// Bytes from the start of the section.
    pub offset: u64,
    /// The property's type; 0 when the note itself is broken.
    pub property: u32,
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.property {
            0 => write!(f, "corrupt property note at offset {:#x}", self.offset),
            p => write!(f, "corrupt property {p:#x} at offset {:#x}", self.offset),
        }
    }
}

impl std::error::Error for PropertyError {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Greatest of all.
    Max,
    /// There when any object has it; no data.
    Any,
    /// And; gone when an object lacks it or nothing is left.
    And,
    /// Or; gone when nothing is set.
    Or,
    /// Or; gone when an object lacks it.
    OrAnd,
}

fn rule(machine: u16, property: u32) -> Option<Rule> {
    let x86 = matches!(machine, object::elf::EM_X86_64 | object::elf::EM_386);
    Some(match property {
        STACK_SIZE => Rule::Max,
        NO_COPY_ON_PROTECTED => Rule::Any,
        0xb000_0000..=0xb000_7fff => Rule::And,
        0xb000_8000..=0xb000_ffff => Rule::Or,
        0xc000_0002..=0xc000_7fff if x86 => Rule::And,
        0xc000_8000..=0xc000_ffff if x86 => Rule::Or,
        0xc001_0000..=0xc001_7fff if x86 => Rule::OrAnd,
        FEATURE_1_AND if matches!(machine, object::elf::EM_AARCH64 | object::elf::EM_RISCV) => {
            Rule::And
        }
        _ => return None,
    })
}

/// The properties of one object, or of the output; by type, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties(Vec<(u32, u64)>);

impl Properties {
    /// The value of a property, 0 when it is not there.
    fn get(&self, property: u32) -> u64 {
        match self.0.binary_search_by_key(&property, |p| p.0) {
            Ok(i) => self.0.get(i).map_or(0, |p| p.1),
            Err(_) => 0,
        }
    }

    fn entry(&mut self, property: u32) -> &mut u64 {
        let i = match self.0.binary_search_by_key(&property, |p| p.0) {
            Ok(i) => i,
            Err(i) => {
                self.0.insert(i, (property, 0));
                i
            }
        };
        &mut self.0[i].1
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The promises in FEATURE_1_AND of x86 ([`IBT`], [`SHSTK`]).
    pub fn x86_features(&self) -> u32 {
        self.get(X86_FEATURE_1_AND) as u32
    }

    /// The x86-64 levels needed and used, a bit each.
    pub fn x86_isa(&self) -> (u32, u32) {
        let get = |property| self.get(property) as u32;
        (get(X86_ISA_1_NEEDED), get(X86_ISA_1_USED))
    }

    /// The bits of 1_NEEDED ([`INDIRECT_EXTERN_ACCESS`]).
    pub fn needed(&self) -> u32 {
        self.get(NEEDED_1) as u32
    }

    /// Whether GNU_PROPERTY_NO_COPY_ON_PROTECTED is there.
    pub fn no_copy_on_protected(&self) -> bool {
        self.0.iter().any(|p| p.0 == NO_COPY_ON_PROTECTED)
    }

    /// Adds the properties of one note section of an object for `machine` (e_machine). Properties of unknown
    /// types are left out. After an error the object counts as having none.
    pub fn parse<E: Elf>(&mut self, machine: u16, section: &[u8]) -> Result<(), PropertyError> {
        let mut at = 0usize;
        let word = |at: usize| read32::<E>(section, at);
        while at < section.len() {
            let broken = PropertyError {
                offset: at as u64,
                property: 0,
            };
            let header = |i: usize| word(at + 4 * i).ok_or(broken);
            let (name_size, size, note_type) =
                (header(0)? as usize, header(1)? as usize, header(2)?);
            let name_at = at + 12;
            let desc_at = name_size
                .checked_add(name_at)
                .ok_or(broken)?
                .next_multiple_of(4);
            let end = desc_at.checked_add(size).ok_or(broken)?;
            let name = section.get(name_at..name_at + name_size).ok_or(broken)?;
            if end > section.len() {
                return Err(broken);
            }
            if name == b"GNU\0" && note_type == NT_GNU_PROPERTY_TYPE_0 {
                self.parse_descriptor::<E>(machine, section, desc_at, end)?;
            }
            at = end.next_multiple_of(E::WORD);
        }
        Ok(())
    }

    fn parse_descriptor<E: Elf>(
        &mut self,
        machine: u16,
        section: &[u8],
        mut at: usize,
        end: usize,
    ) -> Result<(), PropertyError> {
        while at < end {
            let broken = |property| PropertyError {
                offset: at as u64,
                property,
            };
            let property = read32::<E>(section, at).ok_or(broken(0))?;
            let size = read32::<E>(section, at + 4).ok_or(broken(property))? as usize;
            let data_at = at + 8;
            if size > end.saturating_sub(data_at) {
                return Err(broken(property));
            }
            match rule(machine, property) {
                None => {}
                Some(Rule::Any) if size == 0 => {
                    self.entry(property);
                }
                Some(Rule::Max) if size == E::WORD => {
                    let value = read_word::<E>(section, data_at).ok_or(broken(property))?;
                    let slot = self.entry(property);
                    *slot = value.max(*slot);
                }
                Some(Rule::And | Rule::Or | Rule::OrAnd) if size == 4 => {
                    let value = read32::<E>(section, data_at).ok_or(broken(property))?;
                    *self.entry(property) |= u64::from(value);
                }
                Some(_) => return Err(broken(property)),
            }
            at = (data_at + size).next_multiple_of(E::WORD);
        }
        Ok(())
    }

    /// Bytes of the section; 0 when there is nothing to say.
    pub fn size<E: Elf>(&self, machine: u16) -> u64 {
        if self.0.is_empty() {
            return 0;
        }
        16 + self
            .0
            .iter()
            .map(|p| 8 + data_size::<E>(machine, p.0).next_multiple_of(E::WORD) as u64)
            .sum::<u64>()
    }

    /// Appends the section's bytes: one note.
    pub fn write<E: Elf>(&self, machine: u16, out: &mut Vec<u8>) {
        if self.0.is_empty() {
            return;
        }
        out.put32::<E>(4);
        out.put32::<E>((self.size::<E>(machine) - 16) as u32);
        out.put32::<E>(NT_GNU_PROPERTY_TYPE_0);
        out.extend_from_slice(b"GNU\0");
        for &(property, value) in &self.0 {
            let size = data_size::<E>(machine, property);
            out.put32::<E>(property);
            out.put32::<E>(size as u32);
            match size {
                0 => {}
                4 => out.put32::<E>(value as u32),
                _ => out.put_word::<E>(value),
            }
            out.resize(out.len() + size.wrapping_neg() % E::WORD, 0);
        }
    }
}

/// What the command line adds to the merged properties.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forced {
    /// `-z ibt`, `-z shstk`: bits set in FEATURE_1_AND whatever the objects promise.
    pub x86_features: u32,
    /// `-z x86-64-baseline` = 1, `-z x86-64-v2` = 2 …: one bit of ISA_1_NEEDED; 0: none.
    pub isa_level: u8,
    /// `-z indirect-extern-access`: bits set in 1_NEEDED.
    pub needed: u32,
    /// `-z stack-size`, bytes; 0: none.
    pub stack_size: u64,
}

/// Merges the properties of all relocatable objects of a link, in any order.
pub fn merge<'p>(
    machine: u16,
    objects: impl IntoIterator<Item = &'p Properties>,
    forced: &Forced,
) -> Properties {
    let mut objects = objects.into_iter();
    let mut merged = objects.next().cloned().unwrap_or_default();
    for object in objects {
        merged = merge_two(machine, &merged, object);
    }
    let x86 = matches!(machine, object::elf::EM_X86_64 | object::elf::EM_386);
    if x86 && forced.x86_features != 0 {
        *merged.entry(X86_FEATURE_1_AND) |= u64::from(forced.x86_features);
    }
    if x86 && forced.isa_level != 0 {
        *merged.entry(X86_ISA_1_NEEDED) |= 1 << (forced.isa_level - 1).min(31);
    }
    if forced.needed != 0 {
        *merged.entry(NEEDED_1) |= u64::from(forced.needed);
    }
    if forced.stack_size != 0 {
        *merged.entry(STACK_SIZE) = forced.stack_size;
    }
    merged.0.retain(|&(property, value)| {
        !matches!(rule(machine, property), Some(Rule::And | Rule::Or)) || value != 0
    });
    merged
}

fn merge_two(machine: u16, a: &Properties, b: &Properties) -> Properties {
    let (mut x, mut y) = (a.0.iter().peekable(), b.0.iter().peekable());
    let mut out = Vec::with_capacity(a.0.len().max(b.0.len()));
    loop {
        let property = match (x.peek(), y.peek()) {
            (None, None) => return Properties(out),
            (Some(p), None) | (None, Some(p)) => p.0,
            (Some(p), Some(q)) => p.0.min(q.0),
        };
        let left = x.next_if(|p| p.0 == property).map(|p| p.1);
        let right = y.next_if(|p| p.0 == property).map(|p| p.1);
        let (l, r) = (left.unwrap_or(0), right.unwrap_or(0));
        let both = left.is_some() && right.is_some();
        let value = match rule(machine, property) {
            Some(Rule::Max) => Some(l.max(r)),
            Some(Rule::Any) => Some(0),
            Some(Rule::Or) => Some(l | r),
            Some(Rule::And) => both.then_some(l & r),
            Some(Rule::OrAnd) => both.then_some(l | r),
            None => None,
        };
        out.extend(value.map(|v| (property, v)));
    }
}

fn data_size<E: Elf>(machine: u16, property: u32) -> usize {
    match rule(machine, property) {
        Some(Rule::Any) | None => 0,
        Some(Rule::Max) => E::WORD,
        Some(_) => 4,
    }
}

fn read32<E: Elf>(data: &[u8], at: usize) -> Option<u32> {
    let bytes = *data.get(at..)?.first_chunk()?;
    Some(if E::BIG_ENDIAN {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    })
}

fn read_word<E: Elf>(data: &[u8], at: usize) -> Option<u64> {
    if !E::IS_64 {
        return read32::<E>(data, at).map(u64::from);
    }
    let bytes = *data.get(at..)?.first_chunk()?;
    Some(if E::BIG_ENDIAN {
        u64::from_be_bytes(bytes)
    } else {
        u64::from_le_bytes(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    const X86: u16 = object::elf::EM_X86_64;
    const ISA_1_USED: u32 = 0xc001_0002;

    fn props(list: &[(u32, u64)]) -> Properties {
        Properties(list.to_vec())
    }

    fn merged(list: &[&Properties]) -> Properties {
        merge(X86, list.iter().copied(), &Forced::default())
    }

    #[test]
    fn an_object_without_a_note_clears_promises_but_not_needs() {
        let a = props(&[
            (X86_FEATURE_1_AND, 3),
            (X86_ISA_1_NEEDED, 1),
            (ISA_1_USED, 7),
        ]);
        let b = props(&[
            (X86_FEATURE_1_AND, 1),
            (X86_ISA_1_NEEDED, 2),
            (ISA_1_USED, 8),
        ]);
        let none = Properties::default();
        assert_eq!(
            merged(&[&a, &b]),
            props(&[
                (X86_FEATURE_1_AND, 1),
                (X86_ISA_1_NEEDED, 3),
                (ISA_1_USED, 15)
            ])
        );
        let needs = props(&[(X86_ISA_1_NEEDED, 3)]);
        assert_eq!(merged(&[&a, &none, &b]), needs);
        assert_eq!(merged(&[&none, &a, &b]), needs);
        assert_eq!(merged(&[&a, &b, &none]), needs);
        assert_eq!(merged(&[]), none);
    }

    #[test]
    fn stack_size_is_the_greatest_and_no_copy_stays() {
        let a = props(&[(STACK_SIZE, 0x1000), (NO_COPY_ON_PROTECTED, 0)]);
        let b = props(&[(STACK_SIZE, 0x4000), (NEEDED_1, 1)]);
        let m = merged(&[&a, &b]);
        assert_eq!(
            m,
            props(&[
                (STACK_SIZE, 0x4000),
                (NO_COPY_ON_PROTECTED, 0),
                (NEEDED_1, 1)
            ])
        );
        assert!(m.no_copy_on_protected());
        assert_eq!(m.needed(), INDIRECT_EXTERN_ACCESS);
    }

    #[test]
    fn the_command_line_forces_features() {
        let forced = Forced {
            x86_features: IBT | SHSTK,
            isa_level: 3,
            needed: 0,
            stack_size: 0,
        };
        let m = merge(X86, [&Properties::default()], &forced);
        assert_eq!(m, props(&[(X86_FEATURE_1_AND, 3), (X86_ISA_1_NEEDED, 4)]));
        assert_eq!(m.x86_features(), IBT | SHSTK);
    }

    #[test]
    fn notes_are_written_as_they_are_read() {
        let p = props(&[
            (STACK_SIZE, 0x123456789),
            (NO_COPY_ON_PROTECTED, 0),
            (X86_FEATURE_1_AND, 3),
        ]);
        let mut bytes = Vec::new();
        p.write::<Elf64Le>(X86, &mut bytes);
        assert_eq!(bytes.len() as u64, p.size::<Elf64Le>(X86));
        assert_eq!(bytes.len(), 16 + 16 + 8 + 16);
        let mut back = Properties::default();
        back.parse::<Elf64Le>(X86, &bytes).unwrap();
        assert_eq!(back, p);
    }

    #[test]
    fn several_notes_and_foreign_notes_in_a_section() {
        let mut bytes = Vec::new();
        props(&[(X86_FEATURE_1_AND, 1)]).write::<Elf64Le>(X86, &mut bytes);
        bytes.extend(b"\x04\0\0\0\x04\0\0\0\x09\0\0\0abc\0datapads");
        props(&[(ISA_1_USED, 0)]).write::<Elf64Le>(X86, &mut bytes);
        let mut p = Properties::default();
        p.parse::<Elf64Le>(X86, &bytes).unwrap();
        assert_eq!(p, props(&[(X86_FEATURE_1_AND, 1), (ISA_1_USED, 0)]));
        let mut other = Properties::default();
        other
            .parse::<Elf64Le>(object::elf::EM_AARCH64, &bytes)
            .unwrap();
        assert!(other.is_empty());
    }

    #[test]
    fn broken_notes_are_errors() {
        let mut bytes = Vec::new();
        props(&[(X86_FEATURE_1_AND, 1)]).write::<Elf64Le>(X86, &mut bytes);
        let parse = |bytes: &[u8]| Properties::default().parse::<Elf64Le>(X86, bytes);
        let mut bad = bytes.clone();
        bad[20] = 5;
        assert_eq!(
            parse(&bad),
            Err(PropertyError {
                offset: 16,
                property: X86_FEATURE_1_AND
            })
        );
        assert!(parse(&bytes[..20]).is_err());
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bad = bytes.clone();
                bad[at] = value;
                let _ = parse(&bad);
                let _ = parse(&bad[..at]);
            }
        }
    }
}
