//! Compressed sections as output: SHF_COMPRESSED (gABI "Compression Header": zlib and zstd) and the `.zdebug_*` form.
//!
//! Both formats are made of shards of a mebibyte that are compressed at the same time: deflate blocks end at a byte
//! border after a sync flush (RFC 1951, 3.2.4) and Adler-32 sums can be combined (RFC 1950); zstd frames may follow each
//! other (RFC 8878, 3.1). Shards depend on the contents only, so the bytes are the same for every number of threads.

use flate2::{Compress, Compression, FlushCompress, Status};
use object::elf;

use crate::elf::{Elf, PutElf};
use crate::options::CompressDebug;
use crate::par::Par;

/// Bytes of input that are compressed by one thread.
const SHARD: usize = 1 << 20;
/// Speed against size: level 3 of zlib and of zstd.
const DEFAULT_LEVEL: u8 = 3;

/// The header and the compressed bytes of a section; None when that is not smaller, or not possible.
pub fn compress<E: Elf>(
    method: CompressDebug,
    align: u64,
    bytes: &[u8],
    par: Par,
) -> Option<Vec<u8>> {
    let shards: Vec<&[u8]> = bytes.chunks(SHARD).collect();
    let last = shards.len().checked_sub(1)?;
    let level = |n: u8| if n == 0 { DEFAULT_LEVEL } else { n };
    let mut out = Vec::new();
    let packed = match method {
        CompressDebug::None => return None,
        CompressDebug::Zlib(n) | CompressDebug::ZlibGnu(n) => {
            let numbers: Vec<usize> = (0..shards.len()).collect();
            let parts: Vec<Option<(Vec<u8>, u32)>> = par.map(&numbers, |i| {
                let shard = shards.get(*i)?;
                let sum = simd_adler32::adler32(shard);
                Some((deflate(shard, level(n), *i == last)?, sum))
            });
            zlib_stream(&shards, parts)?
        }
        CompressDebug::Zstd(n) => {
            let parts = par.map(&shards, |s| {
                zstd::bulk::compress(s, i32::from(level(n))).ok()
            });
            let parts: Option<Vec<Vec<u8>>> = parts.into_iter().collect();
            parts?.concat()
        }
    };
    match method {
        CompressDebug::ZlibGnu(_) => {
            out.extend_from_slice(b"ZLIB");
            out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        }
        _ => {
            out.put32::<E>(match method {
                CompressDebug::Zstd(_) => elf::ELFCOMPRESS_ZSTD,
                _ => elf::ELFCOMPRESS_ZLIB,
            });
            if E::IS_64 {
                out.put32::<E>(0);
            }
            out.put_word::<E>(bytes.len() as u64);
            out.put_word::<E>(align);
        }
    }
    out.extend_from_slice(&packed);
    (out.len() < bytes.len()).then_some(out)
}

/// One shard as deflate blocks that end at a byte border.
fn deflate(shard: &[u8], level: u8, last: bool) -> Option<Vec<u8>> {
    let mut c = Compress::new(Compression::new(u32::from(level)), false);
    let flush = if last {
        FlushCompress::Finish
    } else {
        FlushCompress::Sync
    };
    let mut out = Vec::with_capacity(shard.len() / 2 + 64);
    loop {
        let done = usize::try_from(c.total_in()).ok()?;
        let status = c.compress_vec(shard.get(done..)?, &mut out, flush).ok()?;
        let read_all = c.total_in() == shard.len() as u64;
        // Room that is left over says that nothing waits to be written.
        let flushed = out.len() < out.capacity();
        match status {
            Status::StreamEnd => return Some(out),
            _ if !last && read_all && flushed => return Some(out),
            _ => out.reserve(shard.len() / 4 + 64),
        }
    }
}

/// Header, blocks, and the sum of all (RFC 1950).
fn zlib_stream(shards: &[&[u8]], parts: Vec<Option<(Vec<u8>, u32)>>) -> Option<Vec<u8>> {
    // 32 KiB window, no dictionary.
    let mut out = vec![0x78, 0x9c];
    let mut sum = 1;
    for (shard, part) in shards.iter().zip(parts) {
        let (bytes, part_sum) = part?;
        out.extend_from_slice(&bytes);
        sum = combine(sum, part_sum, shard.len() as u64);
    }
    out.extend_from_slice(&sum.to_be_bytes());
    Some(out)
}

/// The Adler-32 sum of two strings one after the other; the second has `length` bytes.
fn combine(first: u32, second: u32, length: u64) -> u32 {
    const BASE: u64 = 65521;
    let (a1, b1) = (u64::from(first & 0xffff), u64::from(first >> 16));
    let (a2, b2) = (u64::from(second & 0xffff), u64::from(second >> 16));
    let a = (a1 + a2 + BASE - 1) % BASE;
    let b = (b1 + b2 + (length % BASE) * ((a1 + BASE - 1) % BASE)) % BASE;
    (b << 16 | a) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;
    use crate::input::budget::Budget;
    use crate::input::compressed::expand;

    fn text(n: u32) -> Vec<u8> {
        (0..n)
            .flat_map(|i| format!("_ZN4name{}Ev\0", i.wrapping_mul(i) % 9_973).into_bytes())
            .collect()
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same_bytes_with_any_number_of_threads() {
        for size in [40, 4_000, 300_000] {
            let text = text(size);
            for method in [
                CompressDebug::Zlib(0),
                CompressDebug::Zlib(9),
                CompressDebug::ZlibGnu(1),
                CompressDebug::Zstd(0),
                CompressDebug::Zstd(19),
            ] {
                let packed = compress::<Elf64Le>(method, 8, &text, Par::SERIAL).unwrap();
                let gabi = !matches!(method, CompressDebug::ZlibGnu(_));
                assert!(
                    expand::<Elf64Le>(&packed, gabi, &mut Budget::unpacked(0))
                        .unwrap()
                        .bytes
                        == text
                );
                let parallel = compress::<Elf64Le>(method, 8, &text, Par { threads: 2 });
                assert!(parallel.unwrap() == packed);
                if size > 100_000 {
                    break;
                }
            }
        }
    }

    #[test]
    fn what_does_not_get_smaller_stays_as_it_is() {
        let mut state = 1u64;
        let noise: Vec<u8> = (0..400)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as u8
            })
            .collect();
        for method in [CompressDebug::Zlib(0), CompressDebug::Zstd(0)] {
            assert_eq!(compress::<Elf64Le>(method, 1, &noise, Par::SERIAL), None);
            assert_eq!(compress::<Elf64Le>(method, 1, b"", Par::SERIAL), None);
        }
    }
}
