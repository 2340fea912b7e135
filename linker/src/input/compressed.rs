//! Compressed sections: SHF_COMPRESSED (gABI "Compression Header": zlib and zstd) and the older `.zdebug_*`
//! sections of GNU tools (`ZLIB`, the size as 8 bytes big endian, a zlib stream).
//!
//! The header says how large the section is when unpacked. Nobody allocates what it says before it has been
//! held against the packed size: neither format packs better than a known ratio. What comes out must be
//! exactly that large.

use std::fmt;

use flate2::{Decompress, FlushDecompress, Status};
use ruzstd::decoding::FrameDecoder;

use super::budget::Budget;
use crate::elf::Elf;

/// Most bytes one byte of deflate can stand for (a match of 258 bytes takes 2 bits).
const ZLIB_RATIO: u64 = 1032;
/// A zstd block of 128 KiB equal bytes takes 4 bytes.
const ZSTD_RATIO: u64 = (128 << 10) / 4;
/// Bytes around the blocks of the smallest streams.
const SLACK: u64 = 64;
/// Windows up to this size are allowed for every zstd frame, as in the reference implementation.
const ZSTD_WINDOW: u64 = 128 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Zlib,
    Zstd,
}

/// What is wrong with a compressed section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressedFault {
    /// Shorter than its header.
    HeaderCut,
    /// No `ZLIB` at the start of a `.zdebug` section.
    Magic,
    /// ch_type is neither ELFCOMPRESS_ZLIB nor ELFCOMPRESS_ZSTD.
    Format(u32),
    /// ch_addralign is not a power of two.
    Align,
    /// No stream of this length unpacks to the size in the header.
    Implausible(u64),
    /// The stream is damaged.
    Damaged,
    /// The stream unpacks to more or fewer bytes than the header says.
    Size,
}

/// A fault and where in the section it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompressedError {
    /// Bytes from the start of the section.
    pub offset: u64,
    pub fault: CompressedFault,
}

impl fmt::Display for CompressedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            CompressedFault::HeaderCut => write!(f, "compression header is cut off"),
            CompressedFault::Magic => write!(f, "no ZLIB header"),
            CompressedFault::Format(t) => write!(f, "unknown compression type {t}"),
            CompressedFault::Align => write!(f, "alignment is not a power of two"),
            CompressedFault::Implausible(size) => {
                write!(f, "uncompressed size {size} is impossible")
            }
            CompressedFault::Damaged => write!(f, "compressed data is damaged"),
            CompressedFault::Size => write!(f, "uncompressed size is wrong"),
        }?;
        write!(f, " (at offset {:#x})", self.offset)
    }
}

impl std::error::Error for CompressedError {}

fn fault<T>(offset: u64, fault: CompressedFault) -> Result<T, CompressedError> {
    Err(CompressedError { offset, fault })
}

/// A compressed section, its header read.
#[derive(Clone, Copy, Debug)]
pub struct Compressed<'d> {
    pub format: Format,
    /// Bytes when unpacked; possible for the packed size.
    pub size: u64,
    /// Alignment of the unpacked section; 0 when the section's own is it.
    pub align: u64,
    packed: &'d [u8],
    /// Where `packed` starts in the section.
    packed_at: u64,
}

/// An unpacked section.
#[derive(Clone, Debug)]
pub struct Expanded {
    pub bytes: Vec<u8>,
    /// Alignment as a power of two; None: that of the section header.
    pub align_log2: Option<u8>,
}

/// Unpacks a section with SHF_COMPRESSED (`gabi`), or a `.zdebug_*` section, if `budget` allows for its size.
///
/// # Errors
/// A text that says what is wrong with the section, or with the file.
pub fn expand<E: Elf>(section: &[u8], gabi: bool, budget: &mut Budget) -> Result<Expanded, String> {
    let header = match gabi {
        true => shf_compressed::<E>(section),
        false => zdebug(section),
    };
    let header = header.map_err(|e| e.to_string())?;
    budget.spend(header.size)?;
    unpacked(header).map_err(|e| e.to_string())
}

fn unpacked(header: Compressed<'_>) -> Result<Expanded, CompressedError> {
    let size = usize::try_from(header.size).unwrap_or(usize::MAX);
    // Zeroed memory costs nothing before it is used, but running out of it could not be reported.
    if Vec::<u8>::new().try_reserve_exact(size).is_err() {
        return fault(header.packed_at, CompressedFault::Implausible(header.size));
    }
    let mut bytes = vec![0; size];
    header.unpack(&mut bytes)?;
    Ok(Expanded {
        bytes,
        align_log2: (header.align != 0).then(|| header.align.trailing_zeros() as u8),
    })
}

/// The name of a `.zdebug_*` section when unpacked: the part after `.z`, to be put after a `.`.
pub fn zdebug_name(name: &[u8]) -> Option<&[u8]> {
    let rest = name.strip_prefix(b".z")?;
    rest.starts_with(b"debug").then_some(rest)
}

/// Reads the header of a section with SHF_COMPRESSED.
pub fn shf_compressed<E: Elf>(section: &[u8]) -> Result<Compressed<'_>, CompressedError> {
    let word = |at: usize, size: usize| {
        let bytes = section.get(at..at + size)?;
        let fold = |v: u64, b: &u8| v << 8 | u64::from(*b);
        Some(if E::BIG_ENDIAN {
            bytes.iter().fold(0, fold)
        } else {
            bytes.iter().rev().fold(0, fold)
        })
    };
    let (size_at, header_size) = if E::IS_64 { (8, 24) } else { (4, 12) };
    let (Some(kind), Some(size), Some(align), Some(packed)) = (
        word(0, 4),
        word(size_at, E::WORD),
        word(size_at + E::WORD, E::WORD),
        section.get(header_size..),
    ) else {
        return fault(0, CompressedFault::HeaderCut);
    };
    let format = match kind {
        1 => Format::Zlib,
        2 => Format::Zstd,
        _ => return fault(0, CompressedFault::Format(kind as u32)),
    };
    if align != 0 && !align.is_power_of_two() {
        return fault((size_at + E::WORD) as u64, CompressedFault::Align);
    }
    Compressed {
        format,
        size,
        align,
        packed,
        packed_at: header_size as u64,
    }
    .plausible(size_at as u64)
}

/// Reads the header of a `.zdebug_*` section.
pub fn zdebug(section: &[u8]) -> Result<Compressed<'_>, CompressedError> {
    let Some((magic, rest)) = section.split_first_chunk::<4>() else {
        return fault(0, CompressedFault::HeaderCut);
    };
    if magic != b"ZLIB" {
        return fault(0, CompressedFault::Magic);
    }
    let Some((size, packed)) = rest.split_first_chunk::<8>() else {
        return fault(4, CompressedFault::HeaderCut);
    };
    Compressed {
        format: Format::Zlib,
        size: u64::from_be_bytes(*size),
        align: 0,
        packed,
        packed_at: 12,
    }
    .plausible(4)
}

impl Compressed<'_> {
    fn plausible(self, size_at: u64) -> Result<Self, CompressedError> {
        let ratio = match self.format {
            Format::Zlib => ZLIB_RATIO,
            Format::Zstd => ZSTD_RATIO,
        };
        let most = (self.packed.len() as u64).saturating_mul(ratio);
        if self.size > most.saturating_add(SLACK) {
            return fault(size_at, CompressedFault::Implausible(self.size));
        }
        Ok(self)
    }

    /// Unpacks into `out`, which is as large as the header says ([`Compressed::size`]).
    pub fn unpack(&self, out: &mut [u8]) -> Result<(), CompressedError> {
        if out.len() as u64 != self.size {
            return fault(self.packed_at, CompressedFault::Size);
        }
        match self.format {
            Format::Zlib => self.inflate(out),
            Format::Zstd => {
                let mut decoder = FrameDecoder::new();
                decoder.set_max_window_size(ZSTD_WINDOW.max(self.size));
                match decoder.decode_all(self.packed, out) {
                    Ok(size) if size == out.len() => Ok(()),
                    Ok(_) => fault(self.packed_at, CompressedFault::Size),
                    Err(_) => fault(self.packed_at, CompressedFault::Damaged),
                }
            }
        }
    }

    /// Streams may follow each other: linkers used to join `.zdebug` sections that way.
    fn inflate(&self, out: &mut [u8]) -> Result<(), CompressedError> {
        let mut inflater = Decompress::new(true);
        let (mut packed, mut out) = (self.packed, out);
        loop {
            let (read, written) = (inflater.total_in(), inflater.total_out());
            let at = self.packed_at + (self.packed.len() - packed.len()) as u64;
            let status = match inflater.decompress(packed, out, FlushDecompress::Finish) {
                Ok(status) => status,
                Err(_) => return fault(at, CompressedFault::Damaged),
            };
            let read = (inflater.total_in() - read) as usize;
            let written = (inflater.total_out() - written) as usize;
            packed = packed.get(read..).unwrap_or_default();
            out = std::mem::take(&mut out)
                .get_mut(written..)
                .unwrap_or_default();
            match status {
                Status::StreamEnd if out.is_empty() => return Ok(()),
                Status::StreamEnd if packed.is_empty() => {
                    return fault(self.packed_at, CompressedFault::Size);
                }
                Status::StreamEnd => inflater.reset(true),
                Status::Ok | Status::BufError if read == 0 && written == 0 => {
                    return match out.is_empty() {
                        true => fault(self.packed_at, CompressedFault::Size),
                        false => fault(at, CompressedFault::Damaged),
                    };
                }
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;
    use std::io::Write;

    fn text() -> Vec<u8> {
        let line = |i: u32| format!("_ZN4name{}Ev\0", i * i % 977).into_bytes();
        (0..6000).flat_map(line).collect()
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let level = flate2::Compression::fast();
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(data: &[u8]) -> Vec<u8> {
        use ruzstd::encoding::{CompressionLevel, compress_to_vec};
        compress_to_vec(data, CompressionLevel::Fastest)
    }

    fn section(kind: u32, size: usize, packed: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(kind.to_le_bytes());
        out.extend([0; 4]);
        out.extend((size as u64).to_le_bytes());
        out.extend(8u64.to_le_bytes());
        out.extend(packed);
        out
    }

    fn gnu_section(size: usize, packed: &[u8]) -> Vec<u8> {
        let mut out = b"ZLIB".to_vec();
        out.extend((size as u64).to_be_bytes());
        out.extend(packed);
        out
    }

    fn unpack(c: Compressed<'_>) -> Result<Vec<u8>, CompressedError> {
        let mut out = vec![0xee; c.size as usize];
        c.unpack(&mut out).map(|()| out)
    }

    #[test]
    fn both_formats_and_zdebug_unpack() {
        let text = text();
        for (kind, packed) in [(1, zlib(&text)), (2, zstd(&text))] {
            let data = section(kind, text.len(), &packed);
            let c = shf_compressed::<Elf64Le>(&data).unwrap();
            assert_eq!((c.size, c.align), (text.len() as u64, 8));
            assert_eq!(unpack(c).unwrap(), text);
            let expanded = expand::<Elf64Le>(&data, true, &mut Budget::unpacked(0)).unwrap();
            assert_eq!(
                (expanded.bytes, expanded.align_log2),
                (text.clone(), Some(3))
            );
        }
        let data = gnu_section(text.len(), &zlib(&text));
        let expanded = expand::<Elf64Le>(&data, false, &mut Budget::unpacked(0)).unwrap();
        assert_eq!(expanded.align_log2, None);
        assert_eq!(unpack(zdebug(&data).unwrap()).unwrap(), text);
        let mut joined = zlib(&text[..1000]);
        joined.extend(zlib(&text[1000..]));
        let data = gnu_section(text.len(), &joined);
        assert_eq!(unpack(zdebug(&data).unwrap()).unwrap(), text);
        let empty = section(1, 0, &zlib(b""));
        let c = shf_compressed::<Elf64Le>(&empty).unwrap();
        assert_eq!(unpack(c).unwrap(), b"");
        assert_eq!(zdebug_name(b".zdebug_info"), Some(&b"debug_info"[..]));
        assert_eq!(zdebug_name(b".debug_info"), None);
    }

    #[test]
    fn sizes_are_held_to() {
        let text = text();
        for (kind, packed) in [(1, zlib(&text)), (2, zstd(&text))] {
            for size in [text.len() - 1, text.len() + 1, 0] {
                let data = section(kind, size, &packed);
                assert!(unpack(shf_compressed::<Elf64Le>(&data).unwrap()).is_err());
            }
            let data = section(kind, 1 << 40, &packed);
            let error = shf_compressed::<Elf64Le>(&data).unwrap_err();
            assert_eq!(error.fault, CompressedFault::Implausible(1 << 40));
        }
        let zeros = vec![0; 1 << 20];
        for (kind, packed) in [(1, zlib(&zeros)), (2, zstd(&zeros))] {
            let data = section(kind, zeros.len(), &packed);
            let c = shf_compressed::<Elf64Le>(&data).unwrap();
            assert_eq!(unpack(c).unwrap(), zeros, "the best ratio is possible");
        }
    }

    #[test]
    fn what_a_file_may_not_hold_is_not_unpacked() {
        // Possible for this many bytes of zstd, but not in an object; and it would be damaged.
        let data = section(2, 1 << 30, &vec![0; 1 << 20]);
        let error = expand::<Elf64Le>(&data, true, &mut Budget::unpacked(data.len())).unwrap_err();
        assert!(error.contains("impossibly large"), "{error}");
    }

    #[test]
    fn broken_headers_are_named() {
        let fault = |data: &[u8]| shf_compressed::<Elf64Le>(data).unwrap_err().fault;
        assert_eq!(fault(&[1; 20]), CompressedFault::HeaderCut);
        assert_eq!(fault(&section(3, 1, &[0])), CompressedFault::Format(3));
        let mut data = section(1, 1, &[0]);
        data[16] = 3;
        assert_eq!(fault(&data), CompressedFault::Align);
        assert_eq!(
            zdebug(b"ZLIC12345678").unwrap_err().fault,
            CompressedFault::Magic
        );
        assert_eq!(
            zdebug(b"ZLIB1234").unwrap_err().fault,
            CompressedFault::HeaderCut
        );
    }

    #[test]
    fn mutated_streams_end_without_panic() {
        let text = text();
        let mut seed = 9u64;
        let mut random = move || {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as usize
        };
        for packed in [zlib(&text[..4000]), zstd(&text[..4000])] {
            let kind = if packed[0] == 0x78 { 1 } else { 2 };
            for _ in 0..1500 {
                let mut bad = packed.clone();
                for _ in 0..1 + random() % 3 {
                    let at = random() % bad.len();
                    bad[at] = random() as u8;
                }
                bad.truncate(bad.len() - random() % 3 * (random() % 50));
                let data = section(kind, 4000, &bad);
                if let Ok(c) = shf_compressed::<Elf64Le>(&data) {
                    let _ = unpack(c);
                }
            }
        }
    }
}
