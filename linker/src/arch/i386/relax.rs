//! Rewritten instructions: which sequence stands at a place, and the shorter one put instead of it.
//!
//! psABI "Linker Optimization" (GOT loads), Drepper's "ELF Handling For Thread-Local Storage" 5.x for IA-32. All
//! addends are 0 (they stand in the field that is overwritten). The `*_at` functions recognise (they are asked
//! when deciding), the others rewrite; both look at the opcodes only.

use super::table::*;
use crate::arch::PatchError::{self, BadInstruction};
use crate::arch::bytes::{window, window_mut};
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
/// The offset is stored with its sign changed.
pub const NEGATED: u8 = 12;
/// A sequence that had to be rewritten and is not the psABI's.
pub const BAD_SEQUENCE: u8 = 13;

/// ModRM of `disp32(%reg)`.
fn has_base(modrm: u8) -> bool {
    modrm & 0xc0 == 0x80 && modrm & 7 != 4
}

/// ModRM of `disp32` alone.
fn no_base(modrm: u8) -> bool {
    modrm & 0xc7 == 0x05
}

/// ModRM for an immediate operation `digit` on the register that `modrm` has in its reg field.
fn register_operand(digit: u8, modrm: u8) -> u8 {
    0xc0 | (digit << 3) | ((modrm >> 3) & 7)
}

/// Whether a branch's displacement stands at `offset`: `call`, `jmp`, `jcc`.
pub fn branch_at(code: &[u8], offset: u64) -> bool {
    match window(code, offset, 1, 1) {
        Some([0xe8 | 0xe9]) => true,
        Some([0x80..=0x8f]) => matches!(window(code, offset, 2, 1), Some([0x0f])),
        _ => false,
    }
}

/// Whether the instruction at `offset` uses its displacement as an address, without a base register.
pub fn is_absolute(code: &[u8], offset: u64) -> bool {
    matches!(window(code, offset, 1, 1), Some(&[modrm]) if no_base(modrm))
}

/// The rewrite possible for a GOT32X relocation against a symbol of this output; 0 when there is none. `fixed`:
/// the load address is known, so the address can be an immediate.
pub fn got_load_at(r: &Reloc, fixed: bool, code: &[u8]) -> u8 {
    let Some(&[op, modrm, ..]) = window(code, r.offset, 2, 6) else {
        return 0;
    };
    if r.addend != 0 || !(has_base(modrm) || no_base(modrm)) {
        return 0;
    }
    match (op, (modrm >> 3) & 7) {
        (0xff, 2) => CALL_DIRECT,
        (0xff, 4) => JMP_DIRECT,
        (0x8b, _) if has_base(modrm) => MOV_TO_LEA,
        (0x8b | 0x85, _) if fixed => OP_TO_IMMEDIATE,
        _ if fixed && op & 0xc7 == 0x03 => OP_TO_IMMEDIATE,
        _ => 0,
    }
}

/// Rewrites what [`got_load_at`] found. `value` is S - GOT for `lea`, S - P for branches, S for immediates.
pub fn got_load(r: &Reloc, rewrite: u8, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    let [op, modrm, ..] = *w;
    let le = |v: u64| (v as u32).to_le_bytes();
    *w = match rewrite {
        MOV_TO_LEA if op == 0x8b && has_base(modrm) => {
            let [a, b, c, d] = le(value);
            [0x8d, modrm, a, b, c, d]
        }
        // addr16 call: the prefix fills the sixth byte.
        CALL_DIRECT if op == 0xff => {
            let [a, b, c, d] = le(value.wrapping_sub(4));
            [0x67, 0xe8, a, b, c, d]
        }
        // The displacement starts, and the instruction ends, one byte earlier.
        JMP_DIRECT if op == 0xff => {
            let [a, b, c, d] = le(value.wrapping_sub(3));
            [0xe9, a, b, c, d, 0x90]
        }
        OP_TO_IMMEDIATE => {
            let [a, b, c, d] = le(value);
            let (op, digit) = match op {
                0x8b => (0xc7, 0),
                0x85 => (0xf7, 0),
                op if op & 0xc7 == 0x03 => (0x81, (op >> 3) & 7),
                _ => return Err(BadInstruction),
            };
            [op, register_operand(digit, modrm), a, b, c, d]
        }
        _ => return Err(BadInstruction),
    };
    Ok(())
}

/// A `lea` of a module-and-offset pair and the call to `___tls_get_addr` behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TlsCall {
    /// Bytes of the `lea` before its displacement: 3 with a scaled index, 2 with a base register.
    lea: usize,
    /// Bytes from the displacement to the end of the call.
    end: usize,
    /// Where the call's own displacement is, likewise.
    call: u64,
    /// The register with the GOT's address.
    got: u8,
}

impl TlsCall {
    fn len(self) -> usize {
        self.lea + self.end
    }
}

/// The sequence at `offset`; its call may or may not be followed by a nop of its own.
fn tls_call(code: &[u8], offset: u64) -> Option<TlsCall> {
    let (lea, got) = match (window(code, offset, 3, 3), window(code, offset, 2, 2)) {
        // lea x@tlsgd(,%ebx,1), %eax
        (Some(&[0x8d, 0x04, sib]), _) if sib & 0xc7 == 0x05 => (3, (sib >> 3) & 7),
        // lea x@tlsgd(%reg), %eax
        (_, Some(&[0x8d, modrm])) if has_base(modrm) && modrm & 0x38 == 0 => (2, modrm & 7),
        _ => return None,
    };
    // The call follows the four bytes of the displacement.
    let after = offset.checked_add(4)?;
    let (end, call) = match window(code, after, 0, 5)? {
        [0xe8, ..] => (9, 5),
        // Indirect through the GOT, or addr16.
        &[0xff, modrm, ..] if modrm & 0x38 == 0x10 && (has_base(modrm) || no_base(modrm)) => {
            (10, 6)
        }
        [0x67, 0xe8, ..] => (10, 6),
        _ => return None,
    };
    let found = TlsCall {
        lea,
        end,
        call,
        got,
    };
    window(code, offset, lea, found.len()).map(|_| found)
}

/// A general-dynamic sequence: twelve bytes, the last a nop where the instructions are shorter.
fn gd_call(code: &[u8], offset: u64) -> Option<TlsCall> {
    let found = tls_call(code, offset)?;
    match found.len() {
        12 => Some(found),
        11 => match window(code, offset, 2, 12) {
            Some([.., 0x90]) => Some(found),
            _ => None,
        },
        _ => None,
    }
}

fn ld_call(code: &[u8], offset: u64) -> Option<TlsCall> {
    tls_call(code, offset).filter(|found| found.lea == 2)
}

/// Whether `next` is the relocation of the call that belongs to `call`.
fn is_paired(r: &Reloc, next: Option<&Reloc>, call: TlsCall) -> bool {
    next.is_some_and(|next| {
        next.offset.wrapping_sub(r.offset) == call.call
            && matches!(next.ty, R_PC32 | R_PLT32 | R_GOT32 | R_GOT32X)
    })
}

/// Whether a complete general-dynamic sequence stands at `r`.
pub fn gd_at(r: &Reloc, next: Option<&Reloc>, code: &[u8]) -> bool {
    gd_call(code, r.offset).is_some_and(|call| is_paired(r, next, call))
}

/// Whether a complete local-dynamic sequence stands at `r`.
pub fn ld_at(r: &Reloc, next: Option<&Reloc>, code: &[u8]) -> bool {
    ld_call(code, r.offset).is_some_and(|call| is_paired(r, next, call))
}

/// General dynamic to `mov %gs:0, %eax` and `op modrm disp32`.
fn gd(
    r: &Reloc,
    call: TlsCall,
    op: [u8; 2],
    value: u64,
    code: &mut [u8],
) -> Result<(), PatchError> {
    let [a, b, c, d] = (value as u32).to_le_bytes();
    *window_mut(code, r.offset, call.lea)? = [0x65, 0xa1, 0, 0, 0, 0, op[0], op[1], a, b, c, d];
    Ok(())
}

/// ... `lea x@ntpoff(%eax), %eax`.
pub fn gd_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let call = gd_call(code, r.offset).ok_or(BadInstruction)?;
    gd(r, call, [0x8d, 0x80], value, code)
}

/// ... `add x@gotntpoff(%reg), %eax`.
pub fn gd_to_ie(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let call = gd_call(code, r.offset).ok_or(BadInstruction)?;
    gd(r, call, [0x03, 0x80 | call.got], value, code)
}

/// Local dynamic to `mov %gs:0, %eax` and a `lea` that does nothing.
pub fn ld_to_le(r: &Reloc, code: &mut [u8]) -> Result<(), PatchError> {
    let call = ld_call(code, r.offset).ok_or(BadInstruction)?;
    if call.len() == 11 {
        *window_mut(code, r.offset, 2)? = [0x65, 0xa1, 0, 0, 0, 0, 0x90, 0x8d, 0x74, 0x26, 0];
    } else {
        *window_mut(code, r.offset, 2)? = [0x65, 0xa1, 0, 0, 0, 0, 0x8d, 0xb6, 0, 0, 0, 0];
    }
    Ok(())
}

/// Whether an initial-exec load or addition stands at `r` that can take the offset as an immediate.
pub fn ie_at(r: &Reloc, code: &[u8]) -> bool {
    let whole = window(code, r.offset, 0, 4).is_some();
    match window(code, r.offset, 2, 2) {
        // The short form of `mov x@indntpoff, %eax`. Its opcode stands where others have ModRM, and is none of
        // `disp32` alone.
        Some([_, 0xa1]) => whole && r.ty == R_TLS_IE,
        Some(&[0x8b | 0x03, modrm]) if r.ty == R_TLS_IE => whole && no_base(modrm),
        Some(&[0x8b | 0x03, modrm]) => whole && has_base(modrm),
        None if r.ty == R_TLS_IE => whole && matches!(window(code, r.offset, 1, 1), Some([0xa1])),
        _ => false,
    }
}

/// `mov` and `add` of the GOT word to `mov $x@ntpoff, %reg` and `add`.
pub fn ie_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    if !ie_at(r, code) {
        return Err(BadInstruction);
    }
    let [a, b, c, d] = (value as u32).to_le_bytes();
    let short: &mut [u8; 5] = window_mut(code, r.offset, 1)?;
    if short[0] == 0xa1 && r.ty == R_TLS_IE {
        *short = [0xb8, a, b, c, d];
        return Ok(());
    }
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    let op = match w[0] {
        0x8b => 0xc7,
        _ => 0x81,
    };
    *w = [op, register_operand(0, w[1]), a, b, c, d];
    Ok(())
}

/// `lea x@tlsdesc(%reg), %eax` to `op` with ModRM as `modrm` makes it.
fn desc(r: &Reloc, op: u8, direct: bool, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    let w: &mut [u8; 6] = window_mut(code, r.offset, 2)?;
    let [lea, modrm, ..] = *w;
    if lea != 0x8d || !has_base(modrm) {
        return Err(BadInstruction);
    }
    let modrm = if direct { (modrm & 0x38) | 0x05 } else { modrm };
    let [a, b, c, d] = (value as u32).to_le_bytes();
    *w = [op, modrm, a, b, c, d];
    Ok(())
}

/// `lea x@tlsdesc(%reg), %eax` to `lea x@ntpoff, %eax`.
pub fn desc_to_le(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    desc(r, 0x8d, true, value, code)
}

/// `lea x@tlsdesc(%reg), %eax` to `mov x@gotntpoff(%reg), %eax`.
pub fn desc_to_ie(r: &Reloc, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
    desc(r, 0x8b, false, value, code)
}

/// `call *x@tlsdesc(%eax)` to a nop of the same length.
pub fn desc_call_to_nop(r: &Reloc, code: &mut [u8]) -> Result<(), PatchError> {
    let w: &mut [u8; 2] = window_mut(code, r.offset, 0)?;
    if *w != [0xff, 0x10] {
        return Err(BadInstruction);
    }
    *w = [0x66, 0x90];
    Ok(())
}
