//! `--oformat=srec`, `--oformat=ihex`: the loaded sections as lines of text, for programmers of flash memories and monitors.
//!
//! Motorola's S-records: `S`, type, count, address of 2, 3 or 4 bytes, data, and the complement of the sum of all bytes from
//! the count on. All lines have the shortest address that reaches the last byte. Intel's records: `:`, count, 16 bits of
//! address, type, data, and the negated sum; types 2 and 4 set what is added to addresses. Lines end as on the systems
//! these come from, and as GNU ld writes them.

use std::fmt::Write as _;

use crate::options::HexFormat;

/// Data bytes a line, as GNU ld has them.
const LINE: usize = 16;

/// Addresses have 32 bits in both formats.
const END: u64 = 1 << 32;

/// Contents that lie somewhere: load address, bytes, name for messages.
pub struct Block<'n> {
    pub at: u64,
    pub bytes: Vec<u8>,
    pub name: &'n [u8],
}

/// The whole file. `blocks` are sorted by address.
///
/// # Errors
/// A text about what has no place in the format.
pub fn text(
    format: HexFormat,
    blocks: &[Block<'_>],
    start: u64,
    file: &[u8],
) -> Result<String, String> {
    for block in blocks {
        let end = block.at.checked_add(block.bytes.len() as u64);
        if end.is_none_or(|end| end > END) {
            return Err(format!(
                "{} at {:#x}: addresses of the output format have 32 bits; give it a load address with AT(...)",
                String::from_utf8_lossy(block.name),
                block.at
            ));
        }
    }
    if start >= END {
        return Err(format!(
            "start address {start:#x}: addresses of the output format have 32 bits"
        ));
    }
    Ok(match format {
        HexFormat::Srec => srec(blocks, start as u32, file),
        HexFormat::Ihex => ihex(blocks, start as u32),
    })
}

fn srec(blocks: &[Block<'_>], start: u32, file: &[u8]) -> String {
    let ends = blocks.iter().map(|b| b.at + b.bytes.len() as u64);
    let highest = ends.max().unwrap_or(0).saturating_sub(1).max(start.into());
    // Bytes of an address; the types of data and end lines follow from it.
    let width = match highest {
        0..=0xffff => 2,
        0x1_0000..=0xff_ffff => 3,
        _ => 4,
    };
    let mut out = String::new();
    let mut line = |kind: char, width: usize, at: u32, data: &[u8]| {
        let mut bytes = vec![(width + data.len() + 1) as u8];
        bytes.extend_from_slice(at.to_be_bytes().get(4 - width..).unwrap_or(&[]));
        bytes.extend_from_slice(data);
        let sum = bytes.iter().fold(0u8, |sum, b| sum.wrapping_add(*b));
        bytes.push(!sum);
        out.push('S');
        out.push(kind);
        push(&mut out, &bytes);
    };
    line('0', 2, 0, file.get(..file.len().min(40)).unwrap_or(file));
    let (data, end) = match width {
        2 => ('1', '9'),
        3 => ('2', '8'),
        _ => ('3', '7'),
    };
    for block in blocks {
        for (n, part) in block.bytes.chunks(LINE).enumerate() {
            line(data, width, block.at as u32 + (n * LINE) as u32, part);
        }
    }
    line(end, width, start, &[]);
    out
}

fn ihex(blocks: &[Block<'_>], start: u32) -> String {
    let mut out = String::new();
    let mut line = |kind: u8, at: u16, data: &[u8]| {
        let mut bytes = vec![data.len() as u8];
        bytes.extend_from_slice(&at.to_be_bytes());
        bytes.push(kind);
        bytes.extend_from_slice(data);
        let sum = bytes.iter().fold(0u8, |sum, b| sum.wrapping_add(*b));
        bytes.push(sum.wrapping_neg());
        out.push(':');
        push(&mut out, &bytes);
    };
    // What is added to the 16 bits of a line: a segment below 1 MiB, then the upper half.
    let (mut segment, mut upper) = (0u32, 0u32);
    for block in blocks {
        let mut at = block.at as u32;
        let mut rest = block.bytes.as_slice();
        while !rest.is_empty() {
            if at < segment + upper || at - (segment + upper) > 0xffff {
                if at <= 0xf_ffff && upper == 0 {
                    segment = at & 0xf_0000;
                    line(2, 0, &((segment >> 4) as u16).to_be_bytes());
                } else {
                    if segment != 0 {
                        line(2, 0, &[0, 0]);
                        segment = 0;
                    }
                    upper = at & 0xffff_0000;
                    line(4, 0, &((upper >> 16) as u16).to_be_bytes());
                }
            }
            let offset = at - (segment + upper);
            // No line may run over the end of its 64 KiB.
            let count = rest.len().min(LINE).min((0x1_0000 - offset) as usize);
            let (part, tail) = rest.split_at(count);
            line(0, offset as u16, part);
            rest = tail;
            at = at.wrapping_add(count as u32);
        }
    }
    if start > 0xf_ffff {
        line(5, 0, &start.to_be_bytes());
    } else if start != 0 {
        let (cs, ip) = (((start & 0xf_0000) >> 4) as u16, start as u16);
        line(3, 0, &[cs.to_be_bytes(), ip.to_be_bytes()].concat());
    }
    line(1, 0, &[]);
    out
}

fn push(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Into a String it cannot fail.
        let _ = write!(out, "{byte:02X}");
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(at: u64, bytes: &[u8]) -> Block<'static> {
        Block {
            at,
            bytes: bytes.to_vec(),
            name: b".x",
        }
    }

    #[test]
    fn srecords_have_the_shortest_address_that_reaches_everything() {
        let low = [block(0x1000, &[1, 2])];
        let text_of = |blocks: &[Block<'_>]| text(HexFormat::Srec, blocks, 0, b"f");
        assert_eq!(
            text_of(&low).as_deref(),
            Ok("S00400006695\r\nS10510000102E7\r\nS9030000FC\r\n")
        );
        let high = [block(0x1000, &[1, 2]), block(0xffff_fffe, &[3, 4])];
        let high = text_of(&high).unwrap_or_default();
        assert!(high.contains("\r\nS307FFFFFFFE0304F6\r\n"), "{high}");
        assert!(high.ends_with("S70500000000FA\r\n"), "{high}");
    }

    #[test]
    fn intel_records_do_not_cross_64_kib_and_reach_4_gib() {
        let blocks = [block(0xffff, &[1, 2]), block(0x1234_5678, &[3])];
        let all = text(HexFormat::Ihex, &blocks, 0x1234_5678, b"").unwrap_or_default();
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(
            lines,
            [
                ":01FFFF000100",
                ":020000021000EC",
                ":0100000002FD",
                ":020000020000FC",
                ":020000041234B4",
                ":01567800032E",
                ":0400000512345678E3",
                ":00000001FF"
            ]
        );
    }

    #[test]
    fn addresses_beyond_32_bits_are_refused() {
        let blocks = [block(0xffff_ffff, &[1, 2])];
        assert!(text(HexFormat::Srec, &blocks, 0, b"").is_err());
        assert!(text(HexFormat::Ihex, &[], 1 << 32, b"").is_err());
    }
}
