//! Names to dense numbers.
//!
//! Every name is hashed once, when its file is parsed. The table is split by hash into shards; each shard is
//! filled by one thread, in input order, without locks, so numbers do not depend on the number of threads.
//! A small link has one shard and numbers names in the order they appear.
//!
//! Lists are numbered by hash and length alone, and their bytes compared afterwards, list by list: the names of one file lie
//! beside each other, those of one shard do not. Different names of one hash (made so, or one chance in 2⁶⁴) are told apart
//! then.
//!
//! The hash has no secret key, because the shard must not depend on chance. Names made to collide are found by a map that
//! has one ([`Shard::keyed`]); the numbers are the same, since they only tell the order of arrival.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use super::SymbolId;
use crate::merge::simd::prefetch;
use crate::par::Par;

/// A name and its hash.
#[derive(Clone, Copy, Debug)]
pub struct NameRef<'d> {
    pub hash: u64,
    pub name: &'d [u8],
}

impl<'d> NameRef<'d> {
    pub fn new(name: &'d [u8]) -> Self {
        NameRef {
            hash: hash_name(name),
            name,
        }
    }
}

const K0: u64 = 0x9e37_79b9_7f4a_7c15;
const K1: u64 = 0xd6e8_feb8_6659_fd93;

#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let p = u128::from(a) * u128::from(b);
    (p as u64) ^ ((p >> 64) as u64)
}

#[inline(always)]
fn word(b: &[u8], at: usize) -> u64 {
    match b.get(at..).and_then(|s| s.first_chunk::<8>()) {
        Some(w) => u64::from_le_bytes(*w),
        None => 0,
    }
}

/// 64-bit hash of a byte string, 16 bytes a step (multiply and fold).
#[inline]
pub fn hash_name(b: &[u8]) -> u64 {
    let n = b.len();
    let mut h = K0 ^ (n as u64);
    if n >= 8 {
        let mut i = 0;
        while i + 16 < n {
            h = fold(h ^ word(b, i), K1 ^ word(b, i + 8));
            i += 16;
        }
        if i + 8 < n {
            h = fold(h ^ word(b, i), K1);
        }
        // The last eight bytes, possibly again.
        h = fold(h ^ word(b, n - 8), K0);
    } else {
        let mut w = 0u64;
        for &c in b {
            w = (w << 8) | u64::from(c);
        }
        h = fold(h ^ w, K1);
    }
    fold(h, K1)
}

#[derive(Clone, Copy)]
struct Entry<'d> {
    hash: u64,
    name: &'d [u8],
}

#[derive(Default)]
struct Shard<'d> {
    /// Numbers of all names, once a search took more than [`MAX_PROBES`] steps. `slots` is empty then.
    keyed: Option<HashMap<&'d [u8], u32>>,
    /// Open addressing, power of two: high 32 bits hash tag, low 32 bits entry number + 1.
    slots: Vec<u64>,
    entries: Vec<Entry<'d>>,
}

/// Steps of a search that chance does not bring about in a table that is at most half full.
const MAX_PROBES: usize = 256;

/// Where a search ended.
enum Place {
    Name(u32),
    Free(usize),
    /// After [`MAX_PROBES`] steps at neither.
    TooFar,
}

impl<'d> Shard<'d> {
    fn grow(&mut self, want: usize) {
        let size = (want * 2).next_power_of_two().max(64);
        if size <= self.slots.len() || self.keyed.is_some() {
            return;
        }
        self.slots = vec![0; size];
        let mask = size - 1;
        for (i, e) in self.entries.iter().enumerate() {
            let mut at = (e.hash >> 8) as usize & mask;
            while self.slots.get(at).is_some_and(|s| *s != 0) {
                at = (at + 1) & mask;
            }
            if let Some(s) = self.slots.get_mut(at) {
                *s = (e.hash & !0xffff_ffff) | (i as u64 + 1);
            }
        }
    }

    fn prefetch(&self, hash: u64) {
        let at = (hash >> 8) as usize & self.slots.len().wrapping_sub(1);
        if let Some(slot) = self.slots.get(at) {
            prefetch(slot);
        }
    }

    /// The entry that is most likely the name's, without looking at it.
    #[inline]
    fn likely(&self, hash: u64) -> Option<&Entry<'d>> {
        let at = (hash >> 8) as usize & self.slots.len().wrapping_sub(1);
        let slot = self
            .slots
            .get(at)
            .copied()
            .filter(|s| s >> 32 == hash >> 32)?;
        self.entries.get((slot as u32).wrapping_sub(1) as usize)
    }

    /// The number of the name, or the free place for it. `exact`: bytes are compared, too.
    #[inline]
    fn find(&self, n: &NameRef, exact: bool) -> Place {
        let mask = self.slots.len().wrapping_sub(1);
        let tag = n.hash >> 32;
        let mut at = (n.hash >> 8) as usize & mask;
        for _ in 0..MAX_PROBES {
            let Some(&slot) = self.slots.get(at) else {
                return Place::Free(at);
            };
            if slot == 0 {
                return Place::Free(at);
            }
            if slot >> 32 == tag {
                let i = (slot as u32) - 1;
                if let Some(e) = self.entries.get(i as usize)
                    && e.hash == n.hash
                    && e.name.len() == n.name.len()
                    && (!exact || e.name == n.name)
                {
                    return Place::Name(i);
                }
            }
            at = (at + 1) & mask;
        }
        Place::TooFar
    }

    #[cold]
    fn insert_keyed(&mut self, n: &NameRef<'d>) -> u32 {
        let entries = &mut self.entries;
        let keyed = self.keyed.get_or_insert_with(|| {
            self.slots = Vec::new();
            entries.iter().map(|e| e.name).zip(0..).collect()
        });
        *keyed.entry(n.name).or_insert_with(|| {
            entries.push(Entry {
                hash: n.hash,
                name: n.name,
            });
            entries.len() as u32 - 1
        })
    }

    /// The number of a name that is already there.
    fn get(&self, n: &NameRef) -> Option<u32> {
        match (&self.keyed, self.find(n, true)) {
            (Some(keyed), _) => keyed.get(n.name).copied(),
            (None, Place::Name(i)) => Some(i),
            (None, _) => None,
        }
    }

    #[inline]
    fn insert(&mut self, n: &NameRef<'d>, exact: bool) -> u32 {
        if self.entries.len() * 2 >= self.slots.len() {
            if self.keyed.is_some() {
                return self.insert_keyed(n);
            }
            self.grow(self.entries.len() + 1);
        }
        match self.find(n, exact) {
            Place::Name(i) => i,
            Place::TooFar => self.insert_keyed(n),
            Place::Free(at) => {
                let i = self.entries.len() as u32;
                self.entries.push(Entry {
                    hash: n.hash,
                    name: n.name,
                });
                if let Some(s) = self.slots.get_mut(at) {
                    *s = (n.hash & !0xffff_ffff) | u64::from(i + 1);
                }
                i
            }
        }
    }
}

/// The table of names.
pub struct Interner<'d> {
    shards: Vec<Shard<'d>>,
    bits: u32,
}

/// Names looked ahead.
const AHEAD: usize = 6;

/// Names under which one shard does.
const ONE_SHARD: usize = 1 << 15;

impl<'d> Interner<'d> {
    /// `expected`: about how many names will come; decides the number of shards.
    pub fn new(expected: usize) -> Self {
        let bits = if expected < ONE_SHARD { 0 } else { 5 };
        Interner {
            shards: (0..1 << bits).map(|_| Shard::default()).collect(),
            bits,
        }
    }

    fn shard_of(&self, hash: u64) -> usize {
        (hash & ((1 << self.bits) - 1)) as usize
    }

    /// Numbers every name of every list; the result has the lists' shapes.
    pub fn intern_lists(&mut self, lists: &[&[NameRef<'d>]], par: Par) -> Vec<Vec<SymbolId>> {
        if self.bits == 0 || lists.iter().map(|l| l.len()).sum::<usize>() < 4096 {
            return lists
                .iter()
                .map(|l| l.iter().map(|n| self.intern(n)).collect())
                .collect();
        }
        let bits = self.bits;
        // Each list's entries sorted by shard (counting sort), so that a shard's thread walks only its own.
        let count = self.shards.len();
        let binned: Vec<(Vec<u32>, Vec<u32>)> = par.map(lists, |l| {
            let mut starts = vec![0u32; count + 1];
            for n in l.iter() {
                if let Some(c) = starts.get_mut((n.hash & ((1 << bits) - 1)) as usize + 1) {
                    *c += 1;
                }
            }
            for i in 1..starts.len() {
                starts[i] += starts[i - 1];
            }
            let mut next = starts.clone();
            let mut order = vec![0u32; l.len()];
            for (i, n) in l.iter().enumerate() {
                let at = &mut next[(n.hash & ((1 << bits) - 1)) as usize];
                order[*at as usize] = i as u32;
                *at += 1;
            }
            (starts, order)
        });
        let ids: Vec<Vec<AtomicU32>> = par.map(lists, |l| {
            let mut v = Vec::new();
            v.resize_with(l.len(), || AtomicU32::new(0));
            v
        });
        par.for_each_mut(&mut self.shards, |s, shard| {
            let total: usize = binned
                .iter()
                .map(|(st, _)| (st[s + 1] - st[s]) as usize)
                .sum();
            // Most names come several times: a table for half of them seldom grows.
            shard.grow(shard.entries.len() + total / 2);
            for ((starts, order), (list, ids)) in binned.iter().zip(lists.iter().zip(&ids)) {
                let own = &order[starts[s] as usize..starts[s + 1] as usize];
                for (k, &i) in own.iter().enumerate() {
                    // The place in the table and the entry there are cache misses, asked for a few names ahead.
                    let ahead = |by: usize| own.get(k + by).and_then(|i| list.get(*i as usize));
                    if let Some(n) = ahead(2 * AHEAD) {
                        shard.prefetch(n.hash);
                    }
                    if let Some(entry) = ahead(AHEAD).and_then(|n| shard.likely(n.hash)) {
                        prefetch(entry);
                    }
                    let id = shard.insert(&list[i as usize], false);
                    ids[i as usize].store((id << bits) | s as u32, Ordering::Relaxed);
                }
            }
        });
        let mut ids: Vec<Vec<SymbolId>> = par.map_range(ids.len(), |k| {
            let list = ids.get(k).map_or(&[][..], Vec::as_slice);
            list.iter()
                .map(|id| SymbolId(id.load(Ordering::Relaxed)))
                .collect()
        });
        self.tell_apart(lists, &mut ids, par);
        ids
    }

    /// Gives names that got the number of another one of their hash numbers of their own.
    fn tell_apart(&mut self, lists: &[&[NameRef<'d>]], ids: &mut [Vec<SymbolId>], par: Par) {
        let pairs: Vec<_> = lists.iter().zip(ids.iter()).collect();
        let wrong = par.map(&pairs, |(list, ids)| {
            let mut wrong: Vec<u32> = Vec::new();
            for (k, (n, id)) in list.iter().zip(ids.iter()).enumerate() {
                if let Some(entry) = ids.get(k + 2 * AHEAD).and_then(|id| self.entry(*id)) {
                    prefetch(entry);
                }
                if let Some(entry) = ids.get(k + AHEAD).and_then(|id| self.entry(*id))
                    && let (Some(first), Some(last)) = (entry.name.first(), entry.name.last())
                {
                    prefetch(first);
                    prefetch(last);
                }
                let name = self.name(*id);
                if !std::ptr::eq(name, n.name) && name != n.name {
                    wrong.push(k as u32);
                }
            }
            wrong
        });
        for ((wrong, list), ids) in wrong.iter().zip(lists).zip(ids) {
            for k in wrong {
                if let (Some(n), Some(id)) = (list.get(*k as usize), ids.get_mut(*k as usize)) {
                    *id = self.intern(n);
                }
            }
        }
    }

    /// Numbers one name.
    pub fn intern(&mut self, n: &NameRef<'d>) -> SymbolId {
        let s = self.shard_of(n.hash);
        let bits = self.bits;
        match self.shards.get_mut(s) {
            Some(shard) => SymbolId((shard.insert(n, true) << bits) | s as u32),
            None => SymbolId(0),
        }
    }

    /// The number of a name that is already there.
    pub fn get(&self, name: &[u8]) -> Option<SymbolId> {
        let n = NameRef {
            hash: hash_name(name),
            name,
        };
        let s = self.shard_of(n.hash);
        let shard = self.shards.get(s)?;
        shard.get(&n).map(|i| SymbolId((i << self.bits) | s as u32))
    }

    #[inline]
    fn entry(&self, id: SymbolId) -> Option<&Entry<'d>> {
        let mask = (1u32 << self.bits) - 1;
        let shard = self.shards.get((id.0 & mask) as usize)?;
        shard.entries.get((id.0 >> self.bits) as usize)
    }

    pub fn name(&self, id: SymbolId) -> &'d [u8] {
        self.entry(id).map_or(&[][..], |e| e.name)
    }

    /// One more than the largest number given out.
    pub fn limit(&self) -> usize {
        self.shards
            .iter()
            .map(|s| s.entries.len())
            .max()
            .unwrap_or(0)
            << self.bits
    }

    /// All numbers given out, in ascending order.
    pub fn ids(&self) -> impl Iterator<Item = SymbolId> + '_ {
        (0..self.limit() as u32).map(SymbolId).filter(|id| {
            let mask = (1u32 << self.bits) - 1;
            self.shards
                .get((id.0 & mask) as usize)
                .is_some_and(|s| ((id.0 >> self.bits) as usize) < s.entries.len())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_depend_on_threads() {
        let names: Vec<Vec<u8>> = (0..50_000u32)
            .map(|i| format!("_ZN{}x", i % 20_011).into_bytes())
            .collect();
        let refs: Vec<NameRef> = names.iter().map(|n| NameRef::new(n)).collect();
        let lists: Vec<&[NameRef]> = refs.chunks(777).collect();
        let mut a = Interner::new(1 << 20);
        let ia = a.intern_lists(&lists, Par::SERIAL);
        let mut b = Interner::new(1 << 20);
        let ib = crate::par::with_threads(2, |par| b.intern_lists(&lists, par));
        assert_eq!(ia, ib);
        for (l, ids) in lists.iter().zip(&ia) {
            for (n, id) in l.iter().zip(ids) {
                assert_eq!(a.name(*id), n.name);
                assert_eq!(a.get(n.name), Some(*id));
            }
        }
        assert_eq!(a.get(b"nowhere"), None);
        assert_eq!(a.ids().count(), 20_011);
    }

    #[test]
    fn names_made_to_collide_take_no_time_and_have_the_same_numbers() {
        // The second factor of the first step is 0 for all of them.
        let zero = K1.to_le_bytes();
        let names: Vec<Vec<u8>> = (0..100_000u32)
            .map(|i| [format!("{i:08}").as_bytes(), &zero, b"x"].concat())
            .collect();
        let refs: Vec<NameRef> = names.iter().map(|n| NameRef::new(n)).collect();
        assert_eq!(refs[0].hash, refs[1].hash);
        for expected in [16, 1 << 20] {
            let mut table = Interner::new(expected);
            let first = table.intern(&NameRef::new(b"before"));
            let ids = table.intern_lists(&[&refs, &refs], Par::SERIAL);
            assert_eq!(ids[0], ids[1]);
            assert_eq!(table.get(b"before"), Some(first));
            assert_eq!(table.get(b"nowhere"), None);
            assert!(ids[0].is_sorted());
            for (n, id) in names.iter().zip(&ids[0]) {
                assert_eq!(table.name(*id), n);
                assert_eq!(table.get(n), Some(*id));
            }
        }
    }

    #[test]
    fn hash_tells_short_names_apart() {
        let mut seen = std::collections::HashSet::new();
        for n in 0..100_000u32 {
            assert!(seen.insert(hash_name(format!("f{n}").as_bytes())));
        }
        assert_ne!(hash_name(b"a\0"), hash_name(b"a"));
        assert_ne!(hash_name(b"abcdefgh"), hash_name(b"abcdefghabcdefgh"));
    }
}
