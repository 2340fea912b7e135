//! The inside of a CIE: what its augmentation string says about its FDEs.
//!
//! After the id: version, augmentation string, alignment factors, return register; with `z`, the size of the
//! augmentation data and, for each letter, its part of it: `R` the encoding of FDE addresses, `P` the
//! personality routine, `L` the encoding of the language-specific data. `S` (signal frame), `B` and `G`
//! (AArch64 pointer authentication, memory tagging) have none. LSB "Augmentation String Format".

use crate::elf::Elf;

/// DW_EH_PE_omit: the augmentation is one that nobody has documented.
pub const UNKNOWN_ENCODING: u8 = 0xff;
const DW_EH_PE_ABSPTR: u8 = 0;
const DW_EH_PE_ALIGNED: u8 = 0x50;

pub fn read32<E: Elf>(data: &[u8], at: usize) -> Option<u32> {
    let bytes = *data.get(at..)?.first_chunk()?;
    Some(if E::BIG_ENDIAN {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    })
}

fn byte(data: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = data.split_first()?;
    *data = rest;
    Some(first)
}

fn skip(data: &mut &[u8], count: usize) -> Option<()> {
    *data = data.get(count..)?;
    Some(())
}

/// A ULEB128 (or SLEB128, when the value does not matter); bits over 64 are lost.
fn leb(data: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0u64, 0u32);
    loop {
        let b = byte(data)?;
        if shift < 64 {
            value |= u64::from(b & 0x7f) << shift;
        }
        shift = shift.saturating_add(7);
        if b & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// The encoding (DW_EH_PE_*) of the addresses in FDEs of a CIE whose bytes after the id are `body`; None
/// when it is cut off.
pub fn fde_encoding<E: Elf>(body: &[u8]) -> Option<u8> {
    let mut rest = body;
    let version = byte(&mut rest)?;
    let text_size = memchr::memchr(0, rest)?;
    let mut text = rest.get(..text_size)?;
    skip(&mut rest, text_size + 1)?;
    if let Some(after) = text.strip_prefix(b"eh") {
        // GCC 2: the address of an exception table.
        text = after;
        skip(&mut rest, E::WORD)?;
    }
    if version == 4 {
        skip(&mut rest, 2)?; // sizes of addresses and of segment selectors
    }
    leb(&mut rest)?; // code alignment
    leb(&mut rest)?; // data alignment
    if version == 1 {
        byte(&mut rest)?; // return register
    } else {
        leb(&mut rest)?;
    }
    let Some(letters) = text.strip_prefix(b"z") else {
        return Some(match text {
            [] => DW_EH_PE_ABSPTR,
            _ => UNKNOWN_ENCODING,
        });
    };
    let size = usize::try_from(leb(&mut rest)?).ok()?;
    let mut data = rest.get(..size)?;
    let mut encoding = DW_EH_PE_ABSPTR;
    for letter in letters {
        match letter {
            b'R' => encoding = byte(&mut data)?,
            b'L' => {
                byte(&mut data)?;
            }
            b'P' => {
                let size = match byte(&mut data)? {
                    // Aligned by its address, which is not known here; nobody emits it.
                    DW_EH_PE_ALIGNED => return Some(UNKNOWN_ENCODING),
                    e => match e & 0x0f {
                        0x00 | 0x08 => E::WORD,
                        0x02 | 0x0a => 2,
                        0x03 | 0x0b => 4,
                        0x04 | 0x0c => 8,
                        _ => return Some(UNKNOWN_ENCODING),
                    },
                };
                skip(&mut data, size)?;
            }
            b'S' | b'B' | b'G' => {}
            _ => return Some(UNKNOWN_ENCODING),
        }
    }
    Some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    fn encoding(body: &[u8]) -> Option<u8> {
        fde_encoding::<Elf64Le>(body)
    }

    #[test]
    fn augmentations_are_understood() {
        assert_eq!(encoding(b"\x01zR\0\x01\x78\x10\x01\x1b"), Some(0x1b));
        assert_eq!(
            encoding(b"\x01zPLR\0\x01\x78\x10\x07\x9b\0\0\0\0\x1b\x1b\x0c"),
            Some(0x1b)
        );
        assert_eq!(encoding(b"\x01zRS\0\x01\x78\x10\x01\x1b"), Some(0x1b));
        assert_eq!(encoding(b"\x03zRB\0\x01\x78\x90\x01\x01\x1b"), Some(0x1b));
        assert_eq!(encoding(b"\x01\0\x01\x78\x10"), Some(DW_EH_PE_ABSPTR));
        assert_eq!(
            encoding(b"\x01zX\0\x01\x78\x10\x01\x1b"),
            Some(UNKNOWN_ENCODING)
        );
        assert_eq!(
            encoding(b"\x01eh\0\0\0\0\0\0\0\0\0\x01\x78\x10"),
            Some(DW_EH_PE_ABSPTR)
        );
    }

    #[test]
    fn cut_ones_are_none() {
        let body = b"\x01zPLR\0\x01\x78\x10\x07\x9b\0\0\0\0\x1b\x1b";
        for end in 0..body.len() {
            assert_eq!(encoding(&body[..end]), None, "{end}");
        }
        assert_eq!(
            encoding(b"\x01zR\0\x01\x78\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            None
        );
    }
}
