//! Rewritten instructions: which sequence stands at a place, and the shorter one put instead of it.
//!
//! psABI "Linker Optimization" (GOT loads) and "Thread-Local Storage" with Drepper's "ELF Handling For
//! Thread-Local Storage". The `*_at` functions recognise (they are asked when deciding), the others rewrite; both
//! look at the opcodes only, never at a field another relocation may already have filled.

use super::table::*;
use crate::arch::PatchError::{self, BadInstruction};
use crate::arch::bytes::{Range, check, window, window_mut};
use crate::elf::Reloc;

/// Numbers for `Action::rewrite`.
pub const MOV_TO_LEA: u8 = 1;
pub const CALL_DIRECT: u8 = 2;
pub const JMP_DIRECT: u8 = 3;
pub const OP_TO_IMMEDIATE: u8 = 4;
pub const GD_TO_LE: u8 = 5;
pub const GD_TO_IE: u8 = 6;
pub const LD_TO_LE: u8 = 7;
pub const IE_TO_LE: u8 = 8;
pub const DESC_TO_LE: u8 = 9;
pub const DESC_TO_IE: u8 = 10;
pub const DESC_CALL_TO_NOP: u8 = 11;
/// A call to a missing weak function, never executed: the distance to 0 need not fit.
pub const UNCHECKED: u8 = 12;
/// A sequence that had to be rewritten and is not the psABI's.
pub const BAD_SEQUENCE: u8 = 13;

/// REX.W, with or without REX.R.
fn is_rex_w(b: u8) -> bool {
    b & 0xfb == 0x48
}

/// ModRM of a RIP-relative operand.
fn is_rip(modrm: u8) -> bool {
    modrm & 0xc7 == 0x05
}

/// REX with its R bit moved to B, as the register moves from ModRM.reg to ModRM.rm.
fn rex_r_to_b(rex: u8) -> u8 {
    (rex & !0x05) | ((rex >> 2) & 1)
}

/// REX2's payload (M0 R4 X4 B4 W R3 X3 B3), likewise.
fn rex2_r_to_b(payload: u8) -> u8 {
    (payload & !0x55) | ((payload >> 2) & 0x11)
}

/// ModRM for an immediate operation `digit` on the register that `modrm` has in its reg field.
fn register_operand(digit: u8, modrm: u8) -> u8 {
    0xc0 | (digit << 3) | ((modrm >> 3) & 7)
}

/// Whether a branch's displacement stands at `offset`: `call`, `jmp`, `jcc`. A RIP-relative operand cannot be
/// mistaken for one, the byte before its displacement being a ModRM byte below 0x40.
pub fn branch_at(code: &[u8], offset: u64) -> bool {
    match window(code, offset, 1, 1) {
        Some([0xe8 | 0xe9]) => true,
        Some([0x80..=0x8f]) => matches!(window(code, offset, 2, 1), Some([0x0f])),
        _ => false,
    }
}

/// Whether the operand at `offset` is that of an indirect `call` or `jmp` through the GOT.
pub fn indirect_branch_at(code: &[u8], offset: u64) -> bool {
    matches!(window(code, offset, 2, 2), Some([0xff, 0x15 | 0x25]))
}

/// The rewrite possible for a `*GOTPCRELX` relocation against a symbol of this output; 0 when there is none.
/// `low`: the address fits a sign-extended 32-bit immediate.
pub fn got_load_at(r: &Reloc, low: bool, code: &[u8]) -> u8 {
    // Another addend reads something else than the whole GOT word.
    if r.addend != -4 {
        return 0;
    }
    let Some(&[op, modrm]) = window(code, r.offset, 2, 2) else {
        return 0;
    };
    let prefixed = match r.ty {
        R_GOTPCRELX => true,
        // The old type, still what rustc emits. It does not say whether there is a REX prefix, nor that this
        // is an instruction; `lea` for `mov` needs to know neither, and GNU ld does it too.
        R_GOTPCREL => op == 0x8b,
        R_REX_GOTPCRELX => matches!(window(code, r.offset, 3, 1), Some([0x40..=0x4f])),
        // REX2 with M0 clear: the one-byte opcode map.
        R_CODE_4_GOTPCRELX => matches!(window(code, r.offset, 4, 2), Some([0xd5, 0..=0x7f])),
        _ => false,
    };
    if !prefixed {
        return 0;
    }
    match (op, modrm) {
        (0xff, 0x15) if r.ty == R_GOTPCRELX => CALL_DIRECT,
        (0xff, 0x25) if r.ty == R_GOTPCRELX => JMP_DIRECT,
        (0x8b, _) if is_rip(modrm) => MOV_TO_LEA,
        _ if low && is_rip(modrm) && (op == 0x85 || op & 0xc7 == 0x03) => OP_TO_IMMEDIATE,
        _ => 0,
    }
}

/// Rewrites what [`got_load_at`] found. `value` is S + A - P, for an immediate S + A.
pub fn got_load(r: &Reloc, rewrite: u8, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    let [op, modrm, ..] = *w;
    *w = match rewrite {
        MOV_TO_LEA if op == 0x8b && is_rip(modrm) => {
            let [a, b, c, d] = signed(value)?;
            [0x8d, modrm, a, b, c, d]
        }
        // addr32 call: the prefix fills the sixth byte.
        CALL_DIRECT if (op, modrm) == (0xff, 0x15) => {
            let [a, b, c, d] = signed(value)?;
            [0x67, 0xe8, a, b, c, d]
        }
        // The displacement starts, and the instruction ends, one byte earlier.
        JMP_DIRECT if (op, modrm) == (0xff, 0x25) => {
            let [a, b, c, d] = signed(value.wrapping_add(1))?;
            [0xe9, a, b, c, d, 0x90]
        }
        OP_TO_IMMEDIATE if is_rip(modrm) && (op == 0x85 || op & 0xc7 == 0x03) => {
            let [a, b, c, d] = signed(value.wrapping_add(4))?;
            let (op, digit) = match op {
                0x85 => (0xf7, 0),
                _ => (0x81, (op >> 3) & 7),
            };
            [op, register_operand(digit, modrm), a, b, c, d]
        }
        _ => return Err(BadInstruction),
    };
    if rewrite == OP_TO_IMMEDIATE {
        move_register(r, code)?;
    }
    Ok(())
}

/// The bytes of a sign-extended 32-bit displacement or immediate.
fn signed(value: u64) -> Result<[u8; 4], PatchError> {
    check(value, 4, Range::Signed)?;
    Ok((value as u32).to_le_bytes())
}

/// Moves the register extension bits in the prefix of the instruction at `r`, whose register operand has gone
/// from ModRM.reg to ModRM.rm.
fn move_register(r: &Reloc, code: &mut [u8]) -> Result<(), PatchError> {
    match r.ty {
        R_REX_GOTPCRELX | R_GOTTPOFF | R_GOTPC32_TLSDESC => {
            let [rex] = window_mut(code, r.offset, 3)?;
            *rex = rex_r_to_b(*rex);
        }
        R_CODE_4_GOTPCRELX | R_CODE_4_GOTTPOFF | R_CODE_4_GOTPC32_TLSDESC => {
            let [payload] = window_mut(code, r.offset, 3)?;
            *payload = rex2_r_to_b(*payload);
        }
        _ => {}
    }
    Ok(())
}

/// A call to `__tls_get_addr` and what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TlsCall {
    /// `data16 lea x@tlsgd(%rip), %rdi` and a call padded to eight bytes.
    Gd,
    /// `lea x@tlsld(%rip), %rdi; call __tls_get_addr@plt`.
    Ld,
    /// The same through the GOT (`-fno-plt`), or direct with an addr32 prefix.
    LdIndirect,
    /// Large model: `lea x@tls..(%rip), %rdi; movabs $__tls_get_addr@pltoff, %rax; add %reg, %rax; call *%rax`.
    Large,
}

fn large_call_at(code: &[u8], offset: u64) -> bool {
    let Some(w) = window(code, offset, 3, 22) else {
        return false;
    };
    w.starts_with(&[0x48, 0x8d, 0x3d])
        && matches!(w.get(7..9), Some([0x48, 0xb8]))
        // add %reg, %rax from any register: GOT's address is in %rbx or %r15.
        && matches!(w.get(17..), Some([0x48 | 0x4c, 0x01, 0xc0..=0xff, 0xff, 0xd0]))
        && w.get(19).is_some_and(|modrm| modrm & 0xc7 == 0xc0)
}

fn gd_call(code: &[u8], offset: u64) -> Option<TlsCall> {
    if let Some([0x66, 0x48, 0x8d, 0x3d, _, _, _, _, call @ ..]) = window(code, offset, 4, 12)
        && matches!(
            call,
            // data16 data16 rex.W call; data16 rex.W call *..(%rip); data16 rex.W addr32 call.
            [0x66, 0x66, 0x48, 0xe8] | [0x66, 0x48, 0xff, 0x15] | [0x66, 0x48, 0x67, 0xe8]
        )
        && window(code, offset, 4, 16).is_some()
    {
        return Some(TlsCall::Gd);
    }
    large_call_at(code, offset).then_some(TlsCall::Large)
}

fn ld_call(code: &[u8], offset: u64) -> Option<TlsCall> {
    if let Some([0x48, 0x8d, 0x3d, _, _, _, _, call @ ..]) = window(code, offset, 3, 12) {
        match call {
            [0xe8, ..] => return Some(TlsCall::Ld),
            [0xff, 0x15, ..] | [0x67, 0xe8, ..] if window(code, offset, 3, 13).is_some() => {
                return Some(TlsCall::LdIndirect);
            }
            _ => {}
        }
    }
    large_call_at(code, offset).then_some(TlsCall::Large)
}

/// Whether `next` is the relocation of the call that belongs to `call`.
fn is_paired(r: &Reloc, next: Option<&Reloc>, call: TlsCall) -> bool {
    let Some(next) = next else { return false };
    let distance = match call {
        TlsCall::Gd => 8,
        TlsCall::Ld => 5,
        TlsCall::LdIndirect | TlsCall::Large => 6,
    };
    next.offset.wrapping_sub(r.offset) == distance
        && match call {
            TlsCall::Large => next.ty == R_PLTOFF64,
            _ => matches!(
                next.ty,
                R_PC32 | R_PLT32 | R_GOTPCREL | R_GOTPCRELX | R_REX_GOTPCRELX
            ),
        }
}

/// Whether a complete general-dynamic sequence stands at `r`.
pub fn gd_at(r: &Reloc, next: Option<&Reloc>, code: &[u8]) -> bool {
    gd_call(code, r.offset).is_some_and(|call| is_paired(r, next, call))
}

/// Whether a complete local-dynamic sequence stands at `r`.
pub fn ld_at(r: &Reloc, next: Option<&Reloc>, code: &[u8]) -> bool {
    ld_call(code, r.offset).is_some_and(|call| is_paired(r, next, call))
}

/// `mov %fs:0, %rax`.
const MOV_FS_RAX: [u8; 9] = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0];

/// General dynamic to `mov %fs:0, %rax` and an addition: of the offset itself (`op` `lea disp32(%rax), %rax`) or
/// of a GOT word (`op` `add disp32(%rip), %rax`).
fn gd(
    r: &Reloc,
    op: [u8; 3],
    pc_relative: bool,
    value: u64,
    code: &mut [u8],
) -> Result<(), PatchError> {
    let call = gd_call(code, r.offset).ok_or(BadInstruction)?;
    // How far the new field is behind the old one.
    let moved: u64 = if call == TlsCall::Large { 9 } else { 8 };
    let value = if pc_relative {
        value.wrapping_sub(moved)
    } else {
        value.wrapping_add(4)
    };
    let d = signed(value)?;
    let mut new = [0x90; 22];
    for (to, from) in new
        .iter_mut()
        .zip(MOV_FS_RAX.into_iter().chain(op).chain(d))
    {
        *to = from;
    }
    let [head @ .., _, _, _, _, _, _] = new;
    match call {
        TlsCall::Large => {
            let w: &mut [u8; 22] = window_mut(code, r.offset, 3)?;
            *w = new;
            // nopw 0(%rax,%rax,1) behind it.
            if let Some(tail) = w.last_chunk_mut() {
                *tail = [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00];
            }
        }
        _ => *window_mut::<16>(code, r.offset, 4)? = head,
    }
    Ok(())
}

pub fn gd_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    gd(r, [0x48, 0x8d, 0x80], false, value, code)
}

pub fn gd_to_ie(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    gd(r, [0x48, 0x03, 0x05], true, value, code)
}

/// Local dynamic to `mov %fs:0, %rax`, padded in front.
pub fn ld_to_le(r: &Reloc, code: &mut [u8]) -> Result<(), PatchError> {
    match ld_call(code, r.offset).ok_or(BadInstruction)? {
        TlsCall::Ld => {
            *window_mut(code, r.offset, 3)? =
                [0x66, 0x66, 0x66, 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0];
        }
        TlsCall::LdIndirect => {
            *window_mut(code, r.offset, 3)? = [
                0x66, 0x66, 0x66, 0x66, 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,
            ];
        }
        TlsCall::Gd => return Err(BadInstruction),
        TlsCall::Large => {
            *window_mut(code, r.offset, 3)? = [
                0x66, 0x66, 0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, 0x64, 0x48, 0x8b,
                0x04, 0x25, 0, 0, 0, 0,
            ];
        }
    }
    Ok(())
}

/// Whether an initial-exec load or addition stands at `r` that can take the offset as an immediate.
pub fn ie_at(r: &Reloc, code: &[u8]) -> bool {
    match r.ty {
        R_GOTTPOFF => matches!(window(code, r.offset, 3, 7),
            Some(&[rex, 0x8b | 0x03, modrm, ..]) if is_rex_w(rex) && is_rip(modrm)),
        R_CODE_4_GOTTPOFF => matches!(window(code, r.offset, 4, 8),
            Some(&[0xd5, 0..=0x7f, 0x8b | 0x03, modrm, ..]) if is_rip(modrm)),
        // EVEX map 4, `add` with a new destination; 01 has the operands the other way round.
        R_CODE_6_GOTTPOFF => matches!(window(code, r.offset, 6, 10),
            Some(&[0x62, p0, _, _, 0x01 | 0x03, modrm, ..]) if p0 & 7 == 4 && is_rip(modrm)),
        _ => false,
    }
}

/// `mov x@gottpoff(%rip), %reg` and `add` to `mov $x@tpoff, %reg` and `add`.
pub fn ie_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    if !ie_at(r, code) {
        return Err(BadInstruction);
    }
    immediate(r, value, code)
}

/// Whether the `lea` of a TLS descriptor stands at `r`.
fn desc_at(r: &Reloc, code: &[u8]) -> bool {
    match r.ty {
        R_GOTPC32_TLSDESC => matches!(window(code, r.offset, 3, 7),
            Some(&[rex, 0x8d, modrm, ..]) if is_rex_w(rex) && is_rip(modrm)),
        R_CODE_4_GOTPC32_TLSDESC => matches!(window(code, r.offset, 4, 8),
            Some(&[0xd5, 0..=0x7f, 0x8d, modrm, ..]) if is_rip(modrm)),
        _ => false,
    }
}

/// `lea x@tlsdesc(%rip), %reg` to `mov $x@tpoff, %reg`.
pub fn desc_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    if !desc_at(r, code) {
        return Err(BadInstruction);
    }
    immediate(r, value, code)
}

/// `lea x@tlsdesc(%rip), %reg` to `mov x@gottpoff(%rip), %reg`.
pub fn desc_to_ie(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    if !desc_at(r, code) {
        return Err(BadInstruction);
    }
    let [a, b, c, d] = signed(value)?;
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    *w = [0x8b, w[1], a, b, c, d];
    Ok(())
}

/// Makes `mov` (or `lea`) and `add` of a RIP-relative operand the same with an immediate one.
fn immediate(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let [a, b, c, d] = signed(value.wrapping_add(4))?;
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    let op = match w[0] {
        0x8b | 0x8d => 0xc7,
        0x01 | 0x03 => 0x81,
        _ => return Err(BadInstruction),
    };
    *w = [op, register_operand(0, w[1]), a, b, c, d];
    if r.ty == R_CODE_6_GOTTPOFF {
        // EVEX: R3 and R4 are stored inverted, as is B3, but B4 is not.
        let [p0] = window_mut(code, r.offset, 5)?;
        *p0 = (*p0 & 0x47) | 0x90 | ((*p0 >> 2) & 0x20) | ((!*p0 >> 1) & 0x08);
        return Ok(());
    }
    move_register(r, code)
}

/// `call *x@tlsdesc(%rax)` to a nop of the same length.
pub fn desc_call_to_nop(r: &Reloc, code: &mut [u8]) -> Result<(), PatchError> {
    let w: &mut [u8; 2] = window_mut(code, r.offset, 0)?;
    match *w {
        [0xff, 0x10] => {
            *w = [0x66, 0x90];
            Ok(())
        }
        [0x67, 0xff] => {
            let w: &mut [u8; 3] = window_mut(code, r.offset, 0)?;
            if w[2] != 0x10 {
                return Err(BadInstruction);
            }
            *w = [0x0f, 0x1f, 0x00];
            Ok(())
        }
        _ => Err(BadInstruction),
    }
}
