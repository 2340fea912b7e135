//! Which LLVM wrote a bitcode file: its identification block (LLVM Bitcode File Format, "IDENTIFICATION_BLOCK").
//!
//! Bitcode is read by the LLVM that wrote it and by later ones, so where several plugins are installed this decides which one
//! to load, and it is what a message needs to say when none is new enough.

/// The wrapper's magic, and the bitcode's own.
const WRAPPER: &[u8] = b"\xDE\xC0\x17\x0B";
const MAGIC: &[u8] = b"BC\xC0\xDE";

/// Whether these bytes are LLVM bitcode, raw or wrapped.
pub fn is_bitcode(data: &[u8]) -> bool {
    data.starts_with(MAGIC) || data.starts_with(WRAPPER)
}

/// Block and record numbers.
const IDENTIFICATION_BLOCK: u64 = 13;
const STRING: u64 = 1;
/// Abbreviation numbers with a meaning of their own.
const END_BLOCK: u64 = 0;
const ENTER_SUBBLOCK: u64 = 1;
const DEFINE_ABBREV: u64 = 2;
const UNABBREV_RECORD: u64 = 3;

/// Longest producer string that is read.
const LIMIT: u64 = 256;

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, width: u32) -> Option<u64> {
        let mut value = 0;
        for i in 0..width {
            let byte = *self.data.get(self.at / 8)?;
            value |= u64::from(byte >> (self.at % 8) & 1) << i;
            self.at += 1;
        }
        Some(value)
    }

    /// A number in pieces of `width` bits, the highest of each saying whether another follows.
    fn vbr(&mut self, width: u32) -> Option<u64> {
        let more = 1u64 << (width - 1);
        let mut value = 0u64;
        let mut shift = 0;
        while shift < 64 {
            let piece = self.take(width)?;
            value |= (piece & (more - 1)) << shift;
            if piece & more == 0 {
                return Some(value);
            }
            shift += width - 1;
        }
        None
    }
}

#[derive(Clone, Copy)]
enum Operand {
    Literal(u64),
    Fixed(u32),
    Vbr(u32),
    Array,
    Char6,
}

impl Operand {
    fn read(self, b: &mut Bits<'_>) -> Option<u64> {
        match self {
            Operand::Literal(v) => Some(v),
            Operand::Fixed(w) => b.take(w),
            Operand::Vbr(w) => b.vbr(w),
            Operand::Char6 => {
                const CHARS: &[u8] =
                    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
                CHARS.get(b.take(6)? as usize).map(|c| u64::from(*c))
            }
            Operand::Array => None,
        }
    }
}

fn abbreviation(b: &mut Bits<'_>) -> Option<Vec<Operand>> {
    let count = b.vbr(5)?;
    let mut ops = Vec::new();
    for _ in 0..count.min(16) {
        ops.push(if b.take(1)? == 1 {
            Operand::Literal(b.vbr(8)?)
        } else {
            match b.take(3)? {
                1 => Operand::Fixed(u32::try_from(b.vbr(5)?).ok().filter(|w| *w <= 64)?),
                2 => Operand::Vbr(
                    u32::try_from(b.vbr(5)?)
                        .ok()
                        .filter(|w| (2..=32).contains(w))?,
                ),
                3 => Operand::Array,
                4 => Operand::Char6,
                _ => return None,
            }
        });
    }
    Some(ops)
}

/// The values of a record with an abbreviation, its code first.
fn record(b: &mut Bits<'_>, ops: &[Operand]) -> Option<Vec<u64>> {
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(op) = ops.get(i) {
        match op {
            Operand::Array => {
                let element = *ops.get(i + 1)?;
                for _ in 0..b.vbr(6)?.min(LIMIT) {
                    out.push(element.read(b)?);
                }
                i += 2;
            }
            other => {
                out.push(other.read(b)?);
                i += 1;
            }
        }
    }
    Some(out)
}

/// What the file says it was written by, such as `LLVM19.1.7`. None when it does not say.
pub fn producer(data: &[u8]) -> Option<String> {
    let data = if data.starts_with(WRAPPER) {
        let offset = u32::from_le_bytes(*data.get(8..12)?.first_chunk::<4>()?);
        data.get(offset as usize..)?
    } else {
        data
    };
    if !data.starts_with(MAGIC) {
        return None;
    }
    let mut b = Bits { data, at: 32 };
    if b.take(2)? != ENTER_SUBBLOCK || b.vbr(8)? != IDENTIFICATION_BLOCK {
        return None;
    }
    let width = u32::try_from(b.vbr(4)?)
        .ok()
        .filter(|w| (2..=32).contains(w))?;
    b.at = b.at.next_multiple_of(32) + 32;
    let mut abbreviations = Vec::new();
    for _ in 0..64 {
        let values = match b.take(width)? {
            END_BLOCK | ENTER_SUBBLOCK => return None,
            DEFINE_ABBREV => {
                abbreviations.push(abbreviation(&mut b)?);
                continue;
            }
            UNABBREV_RECORD => {
                let mut values = vec![b.vbr(6)?];
                for _ in 0..b.vbr(6)?.min(LIMIT) {
                    values.push(b.vbr(6)?);
                }
                values
            }
            n => record(&mut b, abbreviations.get(n as usize - 4)?)?,
        };
        if let Some((&STRING, text)) = values.split_first() {
            let text: Vec<u8> = text.iter().map(|c| *c as u8).collect();
            return String::from_utf8(text).ok();
        }
    }
    None
}

/// The major version in a producer's name.
pub fn major(producer: &str) -> Option<u32> {
    let digits = producer.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first bytes of clang's and of rustc's bitcode.
    const CLANG: &[u8] = &[
        0x42, 0x43, 0xc0, 0xde, 0x35, 0x14, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x62, 0x0c, 0x30,
        0x24, 0x4a, 0x59, 0xbe, 0x66, 0xdd, 0xfb, 0xb5, 0xbf, 0x0b, 0x51, 0x80, 0x4c, 0x01, 0x00,
        0x00, 0x00,
    ];
    const RUSTC: &[u8] = &[
        0x42, 0x43, 0xc0, 0xde, 0x35, 0x14, 0x00, 0x00, 0x0e, 0x00, 0x00, 0x00, 0x62, 0x0c, 0x30,
        0x1c, 0x41, 0xc7, 0x0a, 0xac, 0x60, 0x0b, 0xad, 0x20, 0x07, 0x72, 0xe0, 0x06, 0x71, 0xe0,
        0x06, 0x72, 0xd0, 0x06, 0xf2, 0x50, 0x0f, 0xf3, 0x40, 0x0f, 0x6d, 0x10, 0x07, 0x6e, 0x90,
        0x07, 0x75, 0xe0, 0x06, 0x70, 0xd0, 0x06, 0xf3, 0x40, 0x0f, 0xe1, 0x20, 0x0e, 0xec, 0x50,
        0x0e, 0x42, 0x14, 0x20, 0x53, 0x00, 0x00, 0x00, 0x21, 0x0c, 0x00, 0x00,
    ];

    #[test]
    fn the_producer_is_read_in_both_encodings() {
        assert_eq!(producer(CLANG).as_deref(), Some("LLVM19.1.7"));
        assert_eq!(
            producer(RUSTC).as_deref(),
            Some("LLVM22.1.2-rust-1.95.0-stable")
        );
        assert_eq!(major("LLVM22.1.2-rust-1.95.0-stable"), Some(22));
        assert_eq!(major("LLVM"), None);
    }

    #[test]
    fn broken_bitcode_has_no_producer() {
        for end in 0..CLANG.len() {
            let _ = producer(CLANG.get(..end).expect("prefix"));
        }
        assert_eq!(
            producer(b"BC\xC0\xDE\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            None
        );
        assert_eq!(producer(b"\x7fELF"), None);
    }
}
