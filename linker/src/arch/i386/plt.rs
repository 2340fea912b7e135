//! The bytes of the PLT. psABI figures "Absolute", "Position-Independent" and "IBT-enabled Procedure Linkage Table".
//!
//! As on x86-64, but position-independent entries jump through `%ebx`, which every caller has set to the GOT's
//! address, and what is pushed is the relocation's offset in `.rel.plt` in bytes.

use crate::arch::{PltEntry, PltStyle};

const ENDBR32: [u8; 4] = [0xf3, 0x0f, 0x1e, 0xfb];

/// Bytes of a REL record.
const REL_SIZE: u32 = 8;

pub fn header_size(style: PltStyle) -> u64 {
    match style {
        PltStyle::Lazy | PltStyle::LazyIbt => 16,
        PltStyle::Now | PltStyle::NowIbt => 0,
    }
}

pub fn entry_size(style: PltStyle) -> u64 {
    match style {
        PltStyle::Lazy | PltStyle::LazyIbt | PltStyle::NowIbt => 16,
        PltStyle::Now => 8,
    }
}

pub fn sec_entry_size(style: PltStyle) -> u64 {
    match style {
        PltStyle::LazyIbt => 16,
        PltStyle::Lazy | PltStyle::Now | PltStyle::NowIbt => 0,
    }
}

pub fn lazy_got_offset(style: PltStyle) -> u64 {
    match style {
        PltStyle::Lazy => 6,
        PltStyle::LazyIbt | PltStyle::Now | PltStyle::NowIbt => 0,
    }
}

/// Appends the low 32 bits of an address or a distance.
fn put32(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&(value as u32).to_le_bytes());
}

/// Appends `FF /digit` on the GOT word at `word`: by its address, or by its offset from `%ebx`.
fn put_through_got(out: &mut Vec<u8>, digit: u8, word: u64, e: &PltEntry) {
    if e.pic {
        out.extend_from_slice(&[0xff, 0x83 | (digit << 3)]);
        put32(out, word.wrapping_sub(e.got_base));
    } else {
        out.extend_from_slice(&[0xff, 0x05 | (digit << 3)]);
        put32(out, word);
    }
}

/// `push` and `jmp`, both FF with a digit in ModRM.
const PUSH: u8 = 6;
const JMP: u8 = 4;

/// `push GOT+4; jmp *GOT+8; nopl 0(%eax)`.
pub fn write_header(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
    if header_size(style) == 0 {
        return;
    }
    put_through_got(out, PUSH, e.got_base.wrapping_add(4), e);
    put_through_got(out, JMP, e.got_base.wrapping_add(8), e);
    out.extend_from_slice(&[0x0f, 0x1f, 0x40, 0x00]);
}

/// `push $offset; jmp header`, with the end of the jump `end` bytes into the entry.
fn put_lazy(e: &PltEntry, end: u64, out: &mut Vec<u8>) {
    out.push(0x68);
    out.extend_from_slice(&e.index.wrapping_mul(REL_SIZE).to_le_bytes());
    out.push(0xe9);
    put32(out, e.header.wrapping_sub(e.address.wrapping_add(end)));
}

pub fn write_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
    match style {
        PltStyle::Lazy => {
            put_through_got(out, JMP, e.got_word, e);
            put_lazy(e, 16, out);
        }
        PltStyle::LazyIbt => {
            out.extend_from_slice(&ENDBR32);
            put_lazy(e, 14, out);
            out.extend_from_slice(&[0x66, 0x90]);
        }
        PltStyle::Now => {
            put_through_got(out, JMP, e.got_word, e);
            out.extend_from_slice(&[0x66, 0x90]);
        }
        PltStyle::NowIbt => ibt_jump(e, out),
    }
}

pub fn write_sec_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
    if style == PltStyle::LazyIbt {
        ibt_jump(e, out);
    }
}

/// `endbr32; jmp *got; nopw 0(%eax,%eax,1)`.
fn ibt_jump(e: &PltEntry, out: &mut Vec<u8>) {
    out.extend_from_slice(&ENDBR32);
    put_through_got(out, JMP, e.got_word, e);
    out.extend_from_slice(&[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00]);
}
