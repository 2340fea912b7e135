//! `.sframe`: for each function, how to find its caller's frame, in a form that a profiler reads quickly.
//! The SFrame format, versions 1 to 3.
//!
//! A header, a table with one entry of equal size a function, and rows of varying size that the entries point to. Every
//! object has such a table; the output has one, sorted by address, so that a function is found by binary search. In an
//! object a function's start counts from the field that holds it; in the output from there or from the section's start,
//! as a flag says.

use crate::elf::{Elf, PutElf};

const MAGIC: u16 = 0xdee2;
/// Bytes of the header.
const HEADER: usize = 28;
/// Flags of the header: entries are sorted; all functions keep a frame pointer; starts count from their own field.
const SORTED: u8 = 1;
const FRAME_POINTER: u8 = 2;
const PC_RELATIVE: u8 = 4;
/// Version 3 has what it says of a function before the function's rows: count of rows, two bytes of kinds, block size.
const ATTRIBUTES: usize = 5;
/// Tables may follow one another in an object that `-r` made.
const ALIGN: usize = 8;

/// What tables must agree on to become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub version: u8,
    pub abi: u8,
    pub fixed_fp: u8,
    pub fixed_ra: u8,
}

impl Shape {
    /// Bytes of the field with the function's start.
    fn start(self) -> usize {
        if self.version == 3 { 8 } else { 4 }
    }

    /// Bytes of a table entry.
    fn entry(self) -> usize {
        match self.version {
            1 => 17,
            2 => 20,
            _ => 16,
        }
    }
}

/// One function of an object's table.
#[derive(Clone, Copy, Debug)]
pub struct Function<'d> {
    /// Offset in the section of the field with its start.
    pub field: u64,
    size: u32,
    rows: u32,
    /// What follows the offset of the rows in the entry.
    tail: &'d [u8],
    /// The rows, with the attributes of version 3.
    bytes: &'d [u8],
}

/// One table.
#[derive(Clone, Debug)]
pub struct Table<'d> {
    pub shape: Shape,
    flags: u8,
    pub functions: Vec<Function<'d>>,
}

fn byte(data: &[u8], at: usize) -> Option<u8> {
    data.get(at).copied()
}

fn half<E: Elf>(data: &[u8], at: usize) -> Option<u16> {
    let b = *data.get(at..)?.first_chunk::<2>()?;
    Some(if E::BIG_ENDIAN {
        u16::from_be_bytes(b)
    } else {
        u16::from_le_bytes(b)
    })
}

fn word<E: Elf>(data: &[u8], at: usize) -> Option<u32> {
    let b = *data.get(at..)?.first_chunk::<4>()?;
    Some(if E::BIG_ENDIAN {
        u32::from_be_bytes(b)
    } else {
        u32::from_le_bytes(b)
    })
}

/// The tables of an object's section.
///
/// # Errors
/// What is wrong with them.
pub fn read<E: Elf>(section: &[u8]) -> Result<Vec<Table<'_>>, String> {
    let mut tables = Vec::new();
    let mut at = 0;
    while section.len().saturating_sub(at) >= HEADER {
        let (table, end) = read_one::<E>(section, at)?;
        tables.push(table);
        at = end.next_multiple_of(ALIGN);
    }
    Ok(tables)
}

fn read_one<E: Elf>(section: &[u8], base: usize) -> Result<(Table<'_>, usize), String> {
    let short = || "it ends too early".to_string();
    let data = section.get(base..).ok_or_else(short)?;
    let head = |at| byte(data, at).ok_or_else(short);
    let count = |at| word::<E>(data, at).map(|n| n as usize).ok_or_else(short);
    if half::<E>(data, 0) != Some(MAGIC) {
        return Err("its magic number is not SFrame's".into());
    }
    let shape = Shape {
        version: head(2)?,
        abi: head(4)?,
        fixed_fp: head(5)?,
        fixed_ra: head(6)?,
    };
    if !(1..=3).contains(&shape.version) {
        return Err(format!("version {} is not known", shape.version));
    }
    if head(7)? != 0 {
        return Err("it has an auxiliary header".into());
    }
    let (functions, length) = (count(8)?, count(16)?);
    let table = HEADER.checked_add(count(20)?).ok_or_else(short)?;
    let rows = HEADER.checked_add(count(24)?).ok_or_else(short)?;
    let end = rows.checked_add(length).ok_or_else(short)?;
    let row_bytes = data.get(rows..end).ok_or_else(short)?;
    let entries = functions
        .checked_mul(shape.entry())
        .and_then(|n| data.get(table..table.checked_add(n)?))
        .ok_or_else(short)?;
    let list = entries
        .chunks_exact(shape.entry())
        .enumerate()
        .map(|(i, e)| {
            let field = (base + table + i * shape.entry()) as u64;
            function::<E>(shape, field, e, row_bytes)
        });
    let functions = list.collect::<Option<Vec<_>>>().ok_or_else(short)?;
    let flags = head(3)?;
    Ok((
        Table {
            shape,
            flags,
            functions,
        },
        base + end.max(table + entries.len()),
    ))
}

fn function<'d, E: Elf>(
    shape: Shape,
    field: u64,
    entry: &'d [u8],
    all: &'d [u8],
) -> Option<Function<'d>> {
    let start = shape.start();
    let size = word::<E>(entry, start)?;
    let own = all.get(word::<E>(entry, start + 4)? as usize..)?;
    let tail = entry.get(start + 8..)?;
    let (rows, info, skip) = if shape.version == 3 {
        (u32::from(half::<E>(own, 0)?), byte(own, 2)?, ATTRIBUTES)
    } else {
        (word::<E>(tail, 0)?, byte(tail, 4)?, 0)
    };
    let mut end = skip;
    for _ in 0..rows {
        end += row_size(info, own.get(end..)?)?;
    }
    Some(Function {
        field,
        size,
        rows,
        tail,
        bytes: own.get(..end)?,
    })
}

/// Bytes of a row: an offset in the function, a byte of kinds, and so many numbers of some size.
fn row_size(info: u8, row: &[u8]) -> Option<usize> {
    let offset = match info & 15 {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => return None,
    };
    let kinds = byte(row, offset)?;
    let number = match kinds >> 5 & 3 {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => return None,
    };
    Some(offset + 1 + number * usize::from(kinds >> 1 & 15))
}

/// The output's table: its functions are known, their addresses not yet.
#[derive(Clone, Debug)]
pub struct Merged<'d> {
    shape: Shape,
    flags: u8,
    functions: Vec<Function<'d>>,
}

impl<'d> Merged<'d> {
    pub fn new(first: &Table<'d>) -> Self {
        Merged {
            shape: first.shape,
            flags: FRAME_POINTER | PC_RELATIVE,
            functions: Vec::new(),
        }
    }

    /// Takes over what `table` says of all its functions; those that `keep` takes are added.
    ///
    /// # Errors
    /// The two cannot be one table; why.
    pub fn add(
        &mut self,
        table: &Table<'d>,
        mut keep: impl FnMut(&Function<'d>) -> bool,
    ) -> Result<(), &'static str> {
        if table.shape.version != self.shape.version {
            return Err("different format versions");
        }
        if table.shape != self.shape {
            return Err("different abi");
        }
        self.flags &= table.flags;
        self.functions
            .extend(table.functions.iter().filter(|f| keep(f)));
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.functions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// Bytes of the section.
    pub fn size(&self) -> u64 {
        let rows: usize = self.functions.iter().map(|f| f.bytes.len()).sum();
        (HEADER + self.functions.len() * self.shape.entry() + rows) as u64
    }

    /// Appends the section's bytes. `section`: its address, `starts`: those of the functions, in their order.
    ///
    /// # Errors
    /// The address of a function that is too far away.
    pub fn write<E: Elf>(
        &self,
        section: u64,
        starts: &[u64],
        out: &mut Vec<u8>,
    ) -> Result<(), u64> {
        let mut list: Vec<(u64, &Function<'d>)> =
            starts.iter().copied().zip(&self.functions).collect();
        list.sort_by_key(|(start, _)| *start);
        let entry = self.shape.entry();
        let rows: usize = self.functions.iter().map(|f| f.bytes.len()).sum();
        let total: u64 = self.functions.iter().map(|f| u64::from(f.rows)).sum();
        out.put16::<E>(MAGIC);
        out.extend_from_slice(&[
            self.shape.version,
            self.flags | SORTED,
            self.shape.abi,
            self.shape.fixed_fp,
            self.shape.fixed_ra,
            0,
        ]);
        for n in [
            list.len() as u32,
            total as u32,
            rows as u32,
            0,
            (list.len() * entry) as u32,
        ] {
            out.put32::<E>(n);
        }
        let mut row = 0u32;
        for (i, (start, f)) in list.iter().enumerate() {
            let from = match self.flags & PC_RELATIVE {
                0 => section,
                _ => section.wrapping_add((HEADER + i * entry) as u64),
            };
            let distance = start.wrapping_sub(from);
            if self.shape.start() == 8 {
                out.put64::<E>(distance);
            } else {
                let near = i32::try_from(distance as i64).map_err(|_| *start)?;
                out.put32::<E>(near as u32);
            }
            out.put32::<E>(f.size);
            out.put32::<E>(row);
            out.extend_from_slice(f.tail);
            row = row.wrapping_add(f.bytes.len() as u32);
        }
        for (_, f) in &list {
            out.extend_from_slice(f.bytes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    /// A table of two functions with one row each.
    fn table(version: u8, flags: u8) -> Vec<u8> {
        let mut out = vec![0xe2, 0xde, version, flags, 3, 0, 0xf8, 0];
        let (tail, before): (&[u8], &[u8]) = match version {
            1 => (&[1, 0, 0, 0, 0], &[]),
            2 => (&[1, 0, 0, 0, 0, 0, 0, 0], &[]),
            _ => (&[], &[1, 0, 0, 0, 0]),
        };
        let start = if version == 3 { 8 } else { 4 };
        let rows = before.len() + 3;
        let entry = start + 8 + tail.len();
        for n in [2, 2, 2 * rows as u32, 0, 2 * entry as u32] {
            out.extend_from_slice(&n.to_le_bytes());
        }
        for i in 0..2u32 {
            out.resize(out.len() + start, 0);
            out.extend_from_slice(&(16 + i).to_le_bytes());
            out.extend_from_slice(&(i * rows as u32).to_le_bytes());
            out.extend_from_slice(tail);
        }
        for i in 0..2u8 {
            out.extend_from_slice(before);
            out.extend_from_slice(&[0, 3, 8 + i]);
        }
        out
    }

    #[test]
    fn functions_of_all_versions_are_sorted_and_starts_count_from_where_the_flag_says() {
        for (version, flags, entry) in [(1, 0, 17), (2, 0, 20), (2, 4, 20), (3, 4, 16)] {
            let bytes = table(version, flags);
            let tables = read::<Elf64Le>(&bytes).unwrap();
            assert_eq!(tables.len(), 1);
            let mut merged = Merged::new(&tables[0]);
            merged.add(&tables[0], |_| true).unwrap();
            let mut out = Vec::new();
            merged
                .write::<Elf64Le>(0x1000, &[0x5000, 0x4000], &mut out)
                .unwrap();
            assert_eq!(out.len() as u64, merged.size());
            assert_eq!(out[3], 1 | flags);
            let again = read::<Elf64Le>(&out).unwrap();
            let sizes: Vec<u32> = again[0].functions.iter().map(|f| f.size).collect();
            assert_eq!(sizes, [17, 16], "version {version}");
            let first = 0x3000 - if flags & 4 == 0 { 0 } else { 28 };
            assert_eq!(word::<Elf64Le>(&out, 28), Some(first));
            let second = 0x4000 - if flags & 4 == 0 { 0 } else { 28 + entry as u32 };
            assert_eq!(word::<Elf64Le>(&out, 28 + entry), Some(second));
        }
    }

    #[test]
    fn tables_that_differ_do_not_become_one_and_what_is_cut_off_is_an_error() {
        let (one, two) = (table(1, 0), table(2, 0));
        let first = read::<Elf64Le>(&one).unwrap();
        let second = read::<Elf64Le>(&two).unwrap();
        let mut merged = Merged::new(&first[0]);
        assert!(merged.add(&second[0], |_| true).is_err());
        for end in HEADER..one.len() {
            assert!(read::<Elf64Le>(&one[..end]).is_err(), "{end}");
        }
        let mut both = one.clone();
        both.resize(one.len().next_multiple_of(8), 0);
        both.extend_from_slice(&one);
        assert_eq!(read::<Elf64Le>(&both).unwrap().len(), 2);
    }

    #[test]
    fn functions_further_than_2_gib_are_named() {
        let bytes = table(2, 0);
        let tables = read::<Elf64Le>(&bytes).unwrap();
        let mut merged = Merged::new(&tables[0]);
        merged.add(&tables[0], |f| f.size == 16).unwrap();
        assert_eq!(merged.len(), 1);
        let far = merged.write::<Elf64Le>(0, &[1 << 40], &mut Vec::new());
        assert_eq!(far, Err(1 << 40));
    }
}
