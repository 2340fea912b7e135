//! The bytes of the PLT. psABI figures "Position-Independent Procedure Linkage Table" and "IBT-enabled PLT".
//!
//! The lazy entry is 16 bytes: a jump through its GOT word, which at first leads to the `push` after it. With
//! IBT every target of an indirect jump starts with ENDBR64, so the lazy part (`.plt`) and what is called
//! (`.plt.sec`) are different entries. An output bound at start needs only the jump.

use crate::arch::{PltEntry, PltStyle};

const ENDBR64: [u8; 4] = [0xf3, 0x0f, 0x1e, 0xfa];

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

/// Appends a 32-bit displacement from `next` (the address of the following instruction) to `target`.
fn put_rel32(out: &mut Vec<u8>, target: u64, next: u64) {
    out.extend_from_slice(&(target.wrapping_sub(next) as u32).to_le_bytes());
}

/// `push GOT+8(%rip); jmp *GOT+16(%rip); nopl 0(%rax)`.
pub fn write_header(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
    if header_size(style) == 0 {
        return;
    }
    out.extend_from_slice(&[0xff, 0x35]);
    put_rel32(out, e.got_base.wrapping_add(8), e.address.wrapping_add(6));
    out.extend_from_slice(&[0xff, 0x25]);
    put_rel32(out, e.got_base.wrapping_add(16), e.address.wrapping_add(12));
    out.extend_from_slice(&[0x0f, 0x1f, 0x40, 0x00]);
}

pub fn write_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
    match style {
        PltStyle::Lazy => {
            out.extend_from_slice(&[0xff, 0x25]);
            put_rel32(out, e.got_word, e.address.wrapping_add(6));
            out.push(0x68);
            out.extend_from_slice(&e.index.to_le_bytes());
            out.push(0xe9);
            put_rel32(out, e.header, e.address.wrapping_add(16));
        }
        PltStyle::LazyIbt => {
            out.extend_from_slice(&ENDBR64);
            out.push(0x68);
            out.extend_from_slice(&e.index.to_le_bytes());
            out.push(0xe9);
            put_rel32(out, e.header, e.address.wrapping_add(14));
            out.extend_from_slice(&[0x66, 0x90]);
        }
        PltStyle::Now => {
            out.extend_from_slice(&[0xff, 0x25]);
            put_rel32(out, e.got_word, e.address.wrapping_add(6));
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

/// `endbr64; jmp *got(%rip); nopw 0(%rax,%rax,1)`.
fn ibt_jump(e: &PltEntry, out: &mut Vec<u8>) {
    out.extend_from_slice(&ENDBR64);
    out.extend_from_slice(&[0xff, 0x25]);
    put_rel32(out, e.got_word, e.address.wrapping_add(10));
    out.extend_from_slice(&[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00]);
}
