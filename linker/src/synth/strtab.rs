//! String tables: `.strtab`, `.dynstr`, `.shstrtab`. gABI "String Table": NUL-terminated names, referred to
//! by their 32-bit offset; offset 0 is the empty name.
//!
//! Three ways to make one: [`StrTab`] stores equal names once, in the order they come; [`Appender`] writes
//! names one after another into a slice of known size, so that threads can fill disjoint parts of a large
//! `.strtab`; [`tail_merged`] also lets a name be the end of a longer one.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::merge::hash::hash;

/// A string table of more than 4 GiB: an offset does not fit into `st_name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooBig;

impl fmt::Display for TooBig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("string table of more than 4 GiB")
    }
}

impl std::error::Error for TooBig {}

/// Names with one hash that a look-up compares before the table takes a hash with a secret key. Chance brings two.
const MAX_COMPARED: u32 = 64;

/// A string table that stores equal names once.
#[derive(Clone, Debug)]
pub struct StrTab {
    bytes: Vec<u8>,
    /// Offset and length of each distinct name, by hash.
    names: HashTable<(u32, u32)>,
    /// Hashes instead of [`hash`], once names made to collide with it have come.
    keyed: Option<RandomState>,
    too_big: bool,
}

impl Default for StrTab {
    fn default() -> Self {
        StrTab {
            bytes: vec![0],
            names: HashTable::new(),
            keyed: None,
            too_big: false,
        }
    }
}

impl StrTab {
    pub fn new() -> Self {
        Self::default()
    }

    /// With room for `names` names of `bytes` bytes in all.
    pub fn with_capacity(names: usize, bytes: usize) -> Self {
        let mut tab = StrTab {
            bytes: Vec::with_capacity(bytes + names + 1),
            names: HashTable::with_capacity(names),
            keyed: None,
            too_big: false,
        };
        tab.bytes.push(0);
        tab
    }

    /// Offset of `name`, which is added unless it is there. A table that grows over 4 GiB gives 0 and fails
    /// in [`StrTab::finish`].
    pub fn add(&mut self, name: &[u8]) -> u32 {
        if name.is_empty() {
            return 0;
        }
        let bytes = &self.bytes;
        let at = |&(offset, len): &(u32, u32)| {
            let offset = offset as usize;
            bytes.get(offset..offset + len as usize).unwrap_or_default()
        };
        let (mut hash_of, mut compared) = (self.hash(name), 0);
        let equal = |e: &(u32, u32)| {
            compared += 1;
            at(e) == name
        };
        if let Some(&(offset, _)) = self.names.find(hash_of, equal) {
            return offset;
        }
        if compared > MAX_COMPARED && self.keyed.is_none() {
            let keyed = RandomState::new();
            let mut names = HashTable::with_capacity(self.names.len());
            for entry in self.names.drain() {
                let hash = keyed.hash_one(at(&entry));
                names.insert_unique(hash, entry, |e| keyed.hash_one(at(e)));
            }
            hash_of = keyed.hash_one(name);
            self.names = names;
            self.keyed = Some(keyed);
        }
        let offset = self.bytes.len();
        let (Ok(offset), Ok(_)) = (
            u32::try_from(offset),
            u32::try_from(offset + name.len() + 1),
        ) else {
            self.too_big = true;
            return 0;
        };
        let entry = (offset, name.len() as u32);
        let keyed = self.keyed.as_ref();
        self.names.insert_unique(hash_of, entry, |e| match keyed {
            Some(keyed) => keyed.hash_one(at(e)),
            None => hash(at(e)),
        });
        self.bytes.extend_from_slice(name);
        self.bytes.push(0);
        offset
    }

    fn hash(&self, name: &[u8]) -> u64 {
        match &self.keyed {
            Some(keyed) => keyed.hash_one(name),
            None => hash(name),
        }
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The table's bytes so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn finish(self) -> Result<Vec<u8>, TooBig> {
        if self.too_big {
            Err(TooBig)
        } else {
            Ok(self.bytes)
        }
    }
}

/// Bytes `names` take in a string table, one after another.
pub fn appended_size<'n>(names: impl IntoIterator<Item = &'n [u8]>) -> u64 {
    names.into_iter().map(|n| n.len() as u64 + 1).sum()
}

/// Writes names one after another into a part of a string table.
#[derive(Debug)]
pub struct Appender<'b> {
    /// What is not written yet.
    rest: &'b mut [u8],
    /// Offset of `rest` in the table.
    offset: u64,
}

impl<'b> Appender<'b> {
    /// `part` is the part of the table that starts at `offset`.
    pub fn new(part: &'b mut [u8], offset: u64) -> Self {
        Appender { rest: part, offset }
    }

    /// Offset of `name` in the table; None when the part is full or the offset has more than 32 bits.
    #[inline]
    pub fn add(&mut self, name: &[u8]) -> Option<u32> {
        let offset = u32::try_from(self.offset).ok()?;
        let part = std::mem::take(&mut self.rest);
        let Some((place, rest)) = part.split_at_mut_checked(name.len() + 1) else {
            // Not consumed by a name that does not fit: nothing more fits in order, so the part is closed.
            return None;
        };
        if let Some((last, text)) = place.split_last_mut() {
            text.copy_from_slice(name);
            *last = 0;
        }
        self.rest = rest;
        self.offset += name.len() as u64 + 1;
        Some(offset)
    }
}

/// A string table in which a name may be the tail of another; the offset of each of `names`, and the bytes.
pub fn tail_merged(names: &[&[u8]]) -> Result<(Vec<u32>, Vec<u8>), TooBig> {
    // Sorted by their reversed bytes, longest first: a name that is the tail of another directly follows
    // one that ends in it.
    let mut order: Vec<u32> = (0..u32::try_from(names.len()).map_err(|_| TooBig)?).collect();
    let name = |i: u32| names.get(i as usize).copied().unwrap_or_default();
    order.sort_unstable_by(|&a, &b| {
        let (a_name, b_name) = (name(a), name(b));
        b_name.iter().rev().cmp(a_name.iter().rev()).then(a.cmp(&b))
    });
    // Owners are laid out in the order in which the names came.
    let mut owner = vec![0u32; names.len()];
    let mut last = None;
    for &i in &order {
        let own = match last {
            Some(o) if name(o).ends_with(name(i)) => o,
            _ => i,
        };
        last = Some(own);
        if let Some(slot) = owner.get_mut(i as usize) {
            *slot = own;
        }
    }
    let mut bytes = vec![0u8];
    let mut offsets = vec![0u32; names.len()];
    for (i, (&own, text)) in owner.iter().zip(names).enumerate() {
        if own as usize == i && !text.is_empty() {
            let offset = u32::try_from(bytes.len()).map_err(|_| TooBig)?;
            u32::try_from(bytes.len() + text.len()).map_err(|_| TooBig)?;
            if let Some(slot) = offsets.get_mut(i) {
                *slot = offset;
            }
            bytes.extend_from_slice(text);
            bytes.push(0);
        }
    }
    for (i, (&own, text)) in owner.iter().zip(names).enumerate() {
        if own as usize != i {
            let start = offsets.get(own as usize).copied().unwrap_or_default();
            let offset = match text.len() {
                0 => 0,
                len => start + (name(own).len() - len) as u32,
            };
            if let Some(slot) = offsets.get_mut(i) {
                *slot = offset;
            }
        }
    }
    Ok((offsets, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(bytes: &[u8], offset: u32) -> &[u8] {
        let rest = &bytes[offset as usize..];
        &rest[..rest.iter().position(|&b| b == 0).unwrap()]
    }

    fn random_names(count: usize) -> Vec<Vec<u8>> {
        let mut seed = 7u64;
        let mut random = move || {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as usize
        };
        (0..count)
            .map(|_| {
                let len = random() % 7;
                (0..len).map(|_| b'a' + (random() % 3) as u8).collect()
            })
            .collect()
    }

    #[test]
    fn equal_names_are_stored_once_in_their_order() {
        let mut tab = StrTab::new();
        assert_eq!(tab.add(b"main"), 1);
        assert_eq!(tab.add(b""), 0);
        assert_eq!(tab.add(b"printf"), 6);
        assert_eq!(tab.add(b"main"), 1);
        assert_eq!(tab.finish().unwrap(), b"\0main\0printf\0");
    }

    #[test]
    fn names_made_to_collide_are_read_back_in_no_time() {
        // The first factor is 0 for all of them, whatever the second one is.
        let zero = 0xd6e8_feb8_6659_fd93_u64.to_le_bytes();
        let names: Vec<Vec<u8>> = (0..60_000u64)
            .map(|i| [&zero, format!("{i:08}").as_bytes(), &[b'y'; 16]].concat())
            .collect();
        assert_eq!(hash(&names[0]), hash(&names[1]));
        let mut tab = StrTab::new();
        let offsets: Vec<u32> = names.iter().map(|n| tab.add(n)).collect();
        assert!(tab.keyed.is_some());
        assert_eq!(
            offsets,
            names.iter().map(|n| tab.add(n)).collect::<Vec<_>>()
        );
        let bytes = tab.finish().unwrap();
        for (name, offset) in names.iter().zip(offsets) {
            assert_eq!(at(&bytes, offset), name);
        }
    }

    #[test]
    fn random_names_read_back() {
        let names = random_names(5000);
        let mut tab = StrTab::with_capacity(10, 10);
        let offsets: Vec<u32> = names.iter().map(|n| tab.add(n)).collect();
        let distinct: std::collections::HashSet<_> =
            names.iter().filter(|n| !n.is_empty()).collect();
        let size: usize = 1 + distinct.iter().map(|n| n.len() + 1).sum::<usize>();
        assert_eq!(tab.size(), size as u64);
        let bytes = tab.finish().unwrap();
        for (name, offset) in names.iter().zip(offsets) {
            assert_eq!(at(&bytes, offset), name);
        }
    }

    #[test]
    fn appended_names_read_back_and_a_full_part_says_so() {
        let names = random_names(100);
        let size = appended_size(names.iter().map(|n| n.as_slice()));
        let mut bytes = vec![0xffu8; size as usize + 1];
        bytes[0] = 0;
        let mut part = Appender::new(&mut bytes[1..], 1);
        let offsets: Vec<u32> = names.iter().map(|n| part.add(n).unwrap()).collect();
        assert_eq!(part.add(b""), None);
        for (name, offset) in names.iter().zip(offsets) {
            assert_eq!(at(&bytes, offset), name);
        }
        assert_eq!(
            Appender::new(&mut [0; 8], u64::from(u32::MAX) + 1).add(b"x"),
            None
        );
    }

    #[test]
    fn tails_share_bytes() {
        let names: [&[u8]; 5] = [b"bar", b"foobar", b"", b"r", b"foobar"];
        let (offsets, bytes) = tail_merged(&names).unwrap();
        assert_eq!(bytes, b"\0foobar\0");
        assert_eq!(offsets, [4, 1, 0, 6, 1]);
    }

    #[test]
    fn tail_merging_is_complete_on_random_names() {
        let names = random_names(3000);
        let names: Vec<&[u8]> = names.iter().map(|n| n.as_slice()).collect();
        let (offsets, bytes) = tail_merged(&names).unwrap();
        for (name, &offset) in names.iter().zip(&offsets) {
            assert_eq!(at(&bytes, offset), *name);
        }
        let distinct: std::collections::HashSet<&[u8]> = names.iter().copied().collect();
        let needed: usize = distinct
            .iter()
            .filter(|n| !distinct.iter().any(|m| m.len() > n.len() && m.ends_with(n)))
            .map(|n| n.len() + 1)
            .sum();
        assert_eq!(bytes.len(), 1 + needed);
    }
}
