//! Symbol versions: `.gnu.version` (one half-word a dynamic symbol), `.gnu.version_d` (versions this object
//! defines), `.gnu.version_r` (versions it needs of others). LSB "Symbol Versioning"; Solaris has the same
//! records, without hidden versions.
//!
//! Names are given to a closure that puts them into `.dynstr` and returns their offsets. The hash in the
//! records is that of `.hash`.

use crate::elf::{Elf, PutElf};

use super::sysv_hash::hash;

/// `.gnu.version`: local to the object.
pub const VER_NDX_LOCAL: u16 = 0;
/// `.gnu.version`: global, of no version (the base version's index).
pub const VER_NDX_GLOBAL: u16 = 1;
/// `.gnu.version`: not the default version of its name (`name@V` rather than `name@@V`).
pub const VERSYM_HIDDEN: u16 = 0x8000;
const VER_FLG_BASE: u16 = 1;
const VER_FLG_WEAK: u16 = 2;
const VERDEF_SIZE: u32 = 20;
const VERDAUX_SIZE: u32 = 8;
const VERNEED_SIZE: u32 = 16;
const VERNAUX_SIZE: u32 = 16;

/// A version that the output defines.
#[derive(Clone, Debug, Default)]
pub struct Definition<'n> {
    pub name: &'n [u8],
    /// From 2 on.
    pub index: u16,
    /// Versions it inherits from, in the script's order.
    pub parents: Vec<&'n [u8]>,
    /// A version without symbols, which nothing can be bound to.
    pub weak: bool,
}

/// Bytes of `.gnu.version_d`.
pub fn verdef_size(definitions: &[Definition<'_>]) -> u64 {
    let names: usize = definitions.iter().map(|d| 1 + d.parents.len()).sum();
    u64::from(VERDEF_SIZE) * (definitions.len() as u64 + 1)
        + u64::from(VERDAUX_SIZE) * (names as u64 + 1)
}

/// Appends `.gnu.version_d`: the base version, named `base` (the soname, or the file's name), and the
/// definitions in their order. DT_VERDEFNUM and sh_info are `definitions.len() + 1`.
pub fn write_verdef<E: Elf>(
    base: &[u8],
    definitions: &[Definition<'_>],
    mut string: impl FnMut(&[u8]) -> u32,
    out: &mut Vec<u8>,
) {
    let mut record = |name: &[u8], parents: &[&[u8]], index, flags, last: bool| {
        let count = 1 + parents.len() as u32;
        out.put16::<E>(1);
        out.put16::<E>(flags);
        out.put16::<E>(index);
        out.put16::<E>(count as u16);
        out.put32::<E>(hash(name));
        out.put32::<E>(VERDEF_SIZE);
        out.put32::<E>(match last {
            true => 0,
            false => VERDEF_SIZE + count * VERDAUX_SIZE,
        });
        let names = std::iter::once(name).chain(parents.iter().copied());
        for (left, name) in (0..count).rev().zip(names) {
            out.put32::<E>(string(name));
            out.put32::<E>(if left == 0 { 0 } else { VERDAUX_SIZE });
        }
    };
    let is_last = definitions.is_empty();
    record(base, &[], VER_NDX_GLOBAL, VER_FLG_BASE, is_last);
    for (i, d) in definitions.iter().enumerate() {
        let flags = if d.weak { VER_FLG_WEAK } else { 0 };
        let is_last = i + 1 == definitions.len();
        record(d.name, &d.parents, d.index, flags, is_last);
    }
}

/// One reference to a version of a shared object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// Place of the shared object among the DT_NEEDED entries.
    pub object: u32,
    /// The version's index in that shared object.
    pub version: u16,
    /// The reference is weak.
    pub weak: bool,
}

/// The versions that the output needs, each with its index in the output's `.gnu.version`.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    /// By object, then version; strong when any reference was.
    requests: Vec<Request>,
    first: u16,
}

/// More than 32767 versions: they do not fit into `.gnu.version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyVersions;

impl std::fmt::Display for TooManyVersions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("more than 32767 symbol versions")
    }
}

impl std::error::Error for TooManyVersions {}

impl Needed {
    /// Numbers the versions in `requests` (any order, with repetitions) from `first` on: the index after the
    /// last version the output defines, at least 2.
    pub fn new(mut requests: Vec<Request>, first: u16) -> Result<Needed, TooManyVersions> {
        requests.sort_unstable();
        // A strong reference sorts before the weak ones to the same version.
        requests.dedup_by_key(|r| (r.object, r.version));
        match usize::from(first) + requests.len() <= usize::from(VERSYM_HIDDEN) {
            true => Ok(Needed { requests, first }),
            false => Err(TooManyVersions),
        }
    }

    /// The index in `.gnu.version` of a version that was requested.
    pub fn index(&self, object: u32, version: u16) -> Option<u16> {
        let i = self
            .requests
            .binary_search_by_key(&(object, version), |r| (r.object, r.version))
            .ok()?;
        self.first.checked_add(u16::try_from(i).ok()?)
    }

    /// DT_VERNEEDNUM and sh_info: how many shared objects versions are needed of.
    pub fn objects(&self) -> u32 {
        self.by_object().count() as u32
    }

    fn by_object(&self) -> impl Iterator<Item = &[Request]> {
        self.requests.chunk_by(|a, b| a.object == b.object)
    }

    /// Bytes of `.gnu.version_r`; 0 when no version is needed.
    pub fn size(&self) -> u64 {
        u64::from(VERNEED_SIZE) * u64::from(self.objects())
            + u64::from(VERNAUX_SIZE) * self.requests.len() as u64
    }

    /// Appends `.gnu.version_r`. `soname` gives the DT_NEEDED name of an object, `version` the name of its
    /// version; `string` puts a name into `.dynstr`.
    pub fn write<'n, E: Elf>(
        &self,
        soname: impl Fn(u32) -> &'n [u8],
        version: impl Fn(u32, u16) -> &'n [u8],
        mut string: impl FnMut(&[u8]) -> u32,
        out: &mut Vec<u8>,
    ) {
        let objects = self.objects();
        let mut index = self.first;
        for (i, group) in (1..).zip(self.by_object()) {
            let Some(first) = group.first() else { continue };
            let count = group.len() as u32;
            out.put16::<E>(1);
            out.put16::<E>(count as u16);
            out.put32::<E>(string(soname(first.object)));
            out.put32::<E>(VERNEED_SIZE);
            out.put32::<E>(match i == objects {
                true => 0,
                false => VERNEED_SIZE + count * VERNAUX_SIZE,
            });
            for (left, request) in (0..count).rev().zip(group) {
                let name = version(request.object, request.version);
                out.put32::<E>(hash(name));
                out.put16::<E>(if request.weak { VER_FLG_WEAK } else { 0 });
                out.put16::<E>(index);
                out.put32::<E>(string(name));
                out.put32::<E>(if left == 0 { 0 } else { VERNAUX_SIZE });
                index = index.wrapping_add(1);
            }
        }
    }
}

/// Appends `.gnu.version`: the index of each dynamic symbol's version, the null symbol's first.
pub fn write_versym<E: Elf>(indexes: impl IntoIterator<Item = u16>, out: &mut Vec<u8>) {
    for index in indexes {
        out.put16::<E>(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    fn half(b: &[u8], at: usize) -> u16 {
        u16::from_le_bytes(b[at..at + 2].try_into().unwrap())
    }

    fn word(b: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(b[at..at + 4].try_into().unwrap())
    }

    /// Places of the records of a chain whose distances stand `next` bytes into each.
    fn chain(b: &[u8], mut at: usize, next: usize) -> Vec<usize> {
        let mut places = vec![at];
        while word(b, at + next) != 0 {
            at += word(b, at + next) as usize;
            places.push(at);
        }
        places
    }

    fn add(list: &mut Vec<Vec<u8>>, name: &[u8]) -> u32 {
        list.push(name.to_vec());
        list.len() as u32 - 1
    }

    #[test]
    fn definitions_read_back() {
        let definitions = [
            Definition {
                name: b"V1",
                index: 2,
                ..Default::default()
            },
            Definition {
                name: b"V2",
                index: 3,
                parents: vec![b"V1", b"V0"],
                weak: true,
            },
        ];
        let mut list = Vec::new();
        let mut out = Vec::new();
        write_verdef::<Elf64Le>(b"libx.so.1", &definitions, |n| add(&mut list, n), &mut out);
        assert_eq!(out.len() as u64, verdef_size(&definitions));
        let mut records = Vec::new();
        for def in chain(&out, 0, 16) {
            let aux = chain(&out, def + word(&out, def + 12) as usize, 4);
            let name = |at: usize| list[word(&out, at) as usize].clone();
            let text: Vec<Vec<u8>> = aux.into_iter().map(name).collect();
            assert_eq!(half(&out, def), 1);
            assert_eq!(word(&out, def + 8), hash(&text[0]));
            assert_eq!(usize::from(half(&out, def + 6)), text.len());
            records.push((half(&out, def + 4), half(&out, def + 2), text));
        }
        assert_eq!(
            records,
            [
                (1, 1, vec![b"libx.so.1".to_vec()]),
                (2, 0, vec![b"V1".to_vec()]),
                (3, 2, vec![b"V2".to_vec(), b"V1".to_vec(), b"V0".to_vec()])
            ]
        );
    }

    #[test]
    fn needs_are_grouped_by_object_and_numbered() {
        let request = |object, version, weak| Request {
            object,
            version,
            weak,
        };
        let needed = Needed::new(
            vec![
                request(2, 5, true),
                request(0, 7, false),
                request(2, 5, false),
                request(0, 3, true),
                request(0, 7, false),
            ],
            4,
        )
        .unwrap();
        assert_eq!(needed.index(0, 3), Some(4));
        assert_eq!(needed.index(0, 7), Some(5));
        assert_eq!(needed.index(2, 5), Some(6));
        assert_eq!(needed.index(1, 5), None);
        let sonames: [&[u8]; 3] = [b"liba", b"libb", b"libc"];
        let mut list = Vec::new();
        let mut out = Vec::new();
        needed.write::<Elf64Le>(
            |o| sonames[o as usize],
            |_, v| match v {
                3 => b"OLD",
                5 => b"MID",
                _ => b"NEW",
            },
            |n| add(&mut list, n),
            &mut out,
        );
        assert_eq!(out.len() as u64, needed.size());
        assert_eq!(needed.objects(), 2);
        let mut records = Vec::new();
        for need in chain(&out, 0, 12) {
            let file = list[word(&out, need + 4) as usize].clone();
            let versions = chain(&out, need + word(&out, need + 8) as usize, 12);
            assert_eq!(half(&out, need), 1);
            assert_eq!(usize::from(half(&out, need + 2)), versions.len());
            for aux in versions {
                let name = list[word(&out, aux + 8) as usize].clone();
                assert_eq!(word(&out, aux), hash(&name));
                let (flags, index) = (half(&out, aux + 4), half(&out, aux + 6));
                records.push((file.clone(), name, flags, index));
            }
        }
        let record = |f: &[u8], n: &[u8], flags, index| (f.to_vec(), n.to_vec(), flags, index);
        assert_eq!(
            records,
            [
                record(b"liba", b"OLD", 2, 4),
                record(b"liba", b"NEW", 0, 5),
                record(b"libc", b"MID", 0, 6)
            ]
        );
    }

    #[test]
    fn too_many_versions_are_refused() {
        let requests = (0..40000)
            .map(|i| Request {
                object: i,
                version: 2,
                weak: false,
            })
            .collect();
        assert_eq!(Needed::new(requests, 2).err(), Some(TooManyVersions));
        assert_eq!(Needed::new(Vec::new(), 2).unwrap().size(), 0);
    }
}
