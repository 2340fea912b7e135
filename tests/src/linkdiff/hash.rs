//! The two symbol hash tables: would the run-time linker find every definition?
//!
//! DT_HASH: words nbucket, nchain, buckets, chains. DT_GNU_HASH: nbuckets, symoffset, bloom size, bloom shift,
//! Bloom words (address-sized), buckets, then one hash a symbol from symoffset on, lowest bit = end of chain.

use object::elf;

use super::Findings;
use super::image::Image;

/// The System V ABI's hash, also used for version names.
pub fn sysv(name: &str) -> u32 {
    name.bytes().fold(0u32, |h, b| {
        let h = (h << 4).wrapping_add(u32::from(b));
        let g = h & 0xf000_0000;
        (h ^ (g >> 24)) & !g
    })
}

/// The DJB hash that DT_GNU_HASH uses.
pub fn gnu(name: &str) -> u32 {
    name.bytes()
        .fold(5381, |h, b| h.wrapping_mul(33).wrapping_add(u32::from(b)))
}

/// The number of dynamic symbols as the tables tell it (for files without section headers).
pub fn symbol_count(image: &Image) -> Option<u64> {
    if let Some(at) = image.tag(elf::DT_HASH) {
        return image.u32(image.offset_of(at)? + 4).map(u64::from);
    }
    let table = GnuTable::read(image)?;
    let mut last = table.buckets.iter().copied().max().unwrap_or(0);
    if last < table.symoffset {
        return Some(u64::from(table.symoffset));
    }
    while table.chain(image, last)? & 1 == 0 {
        last = last.checked_add(1)?;
    }
    Some(u64::from(last) + 1)
}

struct GnuTable {
    symoffset: u32,
    shift: u32,
    bloom: Vec<u64>,
    buckets: Vec<u32>,
    /// File offset of the hash word of symbol `symoffset`.
    chains: u64,
}

impl GnuTable {
    fn read(image: &Image) -> Option<GnuTable> {
        let at = image.offset_of(image.tag(elf::DT_GNU_HASH)?)?;
        let word = image.word_size();
        let nbuckets = image.u32(at)?;
        let nbloom = image.u32(at + 8)?;
        let bloom_at = at + 16;
        let buckets_at = bloom_at + u64::from(nbloom) * word;
        Some(GnuTable {
            symoffset: image.u32(at + 4)?,
            shift: image.u32(at + 12)?,
            bloom: (0..u64::from(nbloom))
                .map(|i| image.word(bloom_at + i * word))
                .collect::<Option<_>>()?,
            buckets: (0..u64::from(nbuckets))
                .map(|i| image.u32(buckets_at + i * 4))
                .collect::<Option<_>>()?,
            chains: buckets_at + u64::from(nbuckets) * 4,
        })
    }

    fn chain(&self, image: &Image, index: u32) -> Option<u32> {
        image.u32(self.chains + u64::from(index.checked_sub(self.symoffset)?) * 4)
    }
}

/// Looks every dynamic symbol up in each table that is there.
pub fn check(image: &Image, found: &mut Findings) {
    if image.tag(elf::DT_HASH).is_some() && check_sysv(image, found).is_none() {
        found.add("hash-sysv", "DT_HASH leaves the file");
    }
    if image.tag(elf::DT_GNU_HASH).is_some() && check_gnu(image, found).is_none() {
        found.add("hash-gnu", "DT_GNU_HASH leaves the file");
    }
    let tables = [elf::DT_HASH, elf::DT_GNU_HASH];
    if image.dynsym.len() > 1 && tables.iter().all(|t| image.tag(*t).is_none()) {
        found.add("hash-none", "dynamic symbols but no hash table");
    }
}

fn check_sysv(image: &Image, found: &mut Findings) -> Option<()> {
    let at = image.offset_of(image.tag(elf::DT_HASH)?)?;
    let (nbucket, nchain) = (image.u32(at)?, image.u32(at + 4)?);
    let count = image.dynsym.len();
    found.need(nchain as usize == count, "hash-sysv", || {
        format!("nchain is {nchain}, there are {count} symbols")
    });
    if nbucket == 0 {
        found.add("hash-sysv", "no buckets");
        return Some(());
    }
    let chains = at + 8 + 4 * u64::from(nbucket);
    for (index, symbol) in image.dynsym.iter().enumerate().skip(1) {
        let bucket = u64::from(sysv(&symbol.name) % nbucket);
        let mut i = image.u32(at + 8 + 4 * bucket)?;
        let mut steps = 0;
        while i != 0 && i as usize != index && steps <= count {
            i = image.u32(chains + 4 * u64::from(i))?;
            steps += 1;
        }
        found.need(i as usize == index, "hash-sysv", || {
            format!("{} (symbol {index}) is not found", symbol.name)
        });
    }
    Some(())
}

fn check_gnu(image: &Image, found: &mut Findings) -> Option<()> {
    let table = GnuTable::read(image)?;
    let nbuckets = table.buckets.len();
    let bits = (image.word_size() * 8) as u32;
    if nbuckets == 0 || !table.bloom.len().is_power_of_two() {
        found.add(
            "hash-gnu",
            "no buckets, or a Bloom size that is no power of two",
        );
        return Some(());
    }
    let mut last_bucket = 0;
    for (index, symbol) in image.dynsym.iter().enumerate().skip(1) {
        let hash = gnu(&symbol.name);
        let hashed = index as u64 >= u64::from(table.symoffset);
        // An undefined function with an address is a canonical PLT entry: other modules must find it.
        let canonical = symbol.kind == elf::STT_FUNC && symbol.value != 0;
        if !symbol.defined() && !canonical {
            continue;
        }
        if !hashed {
            found.need(symbol.local(), "hash-gnu", || {
                format!("{} is defined but stands before symoffset", symbol.name)
            });
            continue;
        }
        let word = table
            .bloom
            .get((hash / bits) as usize & (table.bloom.len() - 1))?;
        let second = hash.checked_shr(table.shift).unwrap_or(0);
        let mask = 1u64 << (hash % bits) | 1u64 << (second % bits);
        found.need(word & mask == mask, "hash-gnu", || {
            format!("the Bloom filter hides {}", symbol.name)
        });
        let bucket = hash as usize % nbuckets;
        found.need(bucket >= last_bucket, "hash-gnu", || {
            format!("{} is out of bucket order", symbol.name)
        });
        last_bucket = bucket;
        let mut i = *table.buckets.get(bucket)?;
        let mut ok = false;
        while i >= table.symoffset && (i as usize) < image.dynsym.len() {
            let chain = table.chain(image, i)?;
            if i as usize == index {
                ok = chain | 1 == hash | 1;
                break;
            }
            if chain & 1 != 0 {
                break;
            }
            i += 1;
        }
        found.need(ok, "hash-gnu", || {
            format!("{} (symbol {index}) is not found", symbol.name)
        });
    }
    // The last hashed symbol must end its chain, or a look-up runs off the table. (All buckets empty: no chain.)
    let last = image.dynsym.len() as u32;
    if last > table.symoffset && table.buckets.iter().any(|b| *b != 0) {
        let chain = table.chain(image, last - 1)?;
        found.need(chain & 1 != 0, "hash-gnu", || {
            "the last chain has no end".to_string()
        });
    }
    Some(())
}
