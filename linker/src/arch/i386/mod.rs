//! i386 (System V psABI, Intel386 supplement). ELF32, REL: addends stand in the fields, and callers read them
//! with [`Arch::implicit_addend`] into [`Reloc::addend`] before asking.
//!
//! The thread pointer is `%gs:0`, and the program's TLS block ends there (variant II). There is no addressing
//! relative to `%eip`: position-independent code keeps `_GLOBAL_OFFSET_TABLE_` in a register, so GOT words and TLS
//! descriptors are reached by their offset from it, and a call through the PLT of such an output needs it in
//! `%ebx`. Code that has not set `%ebx` cannot call through that PLT, nor can its entries be anybody's
//! function address; that is why the tables here are stricter than `address.rs`. All 32-bit arithmetic is
//! modulo 2^32, so rewritten instructions cannot overflow.
//!
//! GNU TLS has two signs: `@ntpoff` is the negative offset from the thread pointer (the GOT words, R_386_TLS_LE),
//! `@tpoff` the positive one (R_386_TLS_LE_32). Sun's sequences (R_386_TLS_GD_32 and so on) are not made by
//! any compiler and are unknown here.
//!
//! Reading order: `table.rs` (the relocation types), then [`I386::decide`] here, `relax.rs` (rewritten
//! instructions), `plt.rs`.

mod plt;
mod relax;
mod table;
#[cfg(test)]
mod tests;

use super::address::{self, CALL, Do, NARROW, Table};
use super::bytes::{self, Range};
use super::{Action, Arch, Base, Dynamic, Minus, Needs, OutputTraits, PatchError};
use super::{PltEntry, PltStyle, Problem, SymFlags};
use crate::elf::{Elf32Le, Reloc};
use crate::options::OutputKind;
use Do::*;
use table::Class;

#[derive(Clone, Copy, Debug)]
pub struct I386;

/// Words: `address::WORD`, but no PLT entry of a PIE is an address.
static WORD: Table = [
    address::WORD[0],
    [Fixed, Fixed, Relative, Irelative, Symbolic, Symbolic],
    address::WORD[2],
];

/// Distances: `address::DISTANCE`, likewise.
static DISTANCE: Table = [
    [AbsFromPic, Fixed, Fixed, NotPic, NotPic, NotPic],
    [AbsFromPic, Fixed, Fixed, NotPic, Copy, NotPic],
    address::DISTANCE[2],
];

/// An offset in the GOT.
fn in_got(base: Base, needs: Needs) -> Action {
    Action::new(base, Minus::GotBase).needs(needs | Needs::GOTBASE)
}

fn decide_got(class: Class, r: &Reloc, sym: SymFlags, out: &OutputTraits, code: &[u8]) -> Action {
    let fixed = out.kind == OutputKind::Executable;
    if class == Class::GotIndexX && address::may_bypass_got(sym, out) {
        match relax::got_load_at(r, fixed, code) {
            0 => {}
            relax::MOV_TO_LEA => {
                return in_got(Base::Sym, Needs::empty()).rewrite(relax::MOV_TO_LEA);
            }
            relax::OP_TO_IMMEDIATE => {
                return Action::new(Base::Sym, Minus::Nothing).rewrite(relax::OP_TO_IMMEDIATE);
            }
            rewrite => return Action::new(Base::Sym, Minus::Place).rewrite(rewrite),
        }
    }
    if out.writable || !relax::is_absolute(code, r.offset) {
        in_got(Base::Got, Needs::GOT)
    } else if fixed {
        Action::new(Base::Got, Minus::Nothing).needs(Needs::GOT)
    } else {
        Action::problem(Problem::NotPic)
    }
}

/// Thread-local types. `class` is one of the `Tls*`, `*TpOff`, `GotTp*`, `DtpOff` ones.
fn decide_tls(
    class: Class,
    r: &Reloc,
    next: Option<&Reloc>,
    sym: SymFlags,
    out: &OutputTraits,
    code: &[u8],
) -> Action {
    let known = SymFlags::TLS | SymFlags::UNDEF_WEAK | SymFlags::UNDEFINED;
    // A local-dynamic sequence only asks for the module; any symbol of it will do.
    if class != Class::TlsLd && out.alloc && !sym.intersects(known) {
        return Action::problem(Problem::TlsMismatch);
    }
    let imported = sym.contains(SymFlags::IMPORTED);
    let to_static = out.relaxes_tls();
    let skip_call = |action: Action| Action {
        skip_next: 1,
        ..action
    };
    let tp_off = Action::new(Base::TpOff, Minus::Nothing);
    let got_tp = in_got(Base::GotTp, Needs::GOTTP);
    match class {
        Class::TlsGd if to_static && relax::gd_at(r, next, code) => {
            if imported {
                skip_call(got_tp.rewrite(relax::GD_TO_IE))
            } else {
                skip_call(tp_off.rewrite(relax::GD_TO_LE))
            }
        }
        Class::TlsGd => in_got(Base::TlsGd, Needs::TLSGD),
        // Unknown bytes are an error in `patch`: the offsets that follow already count on the rewrite.
        Class::TlsLd if to_static => {
            if relax::ld_at(r, next, code) {
                skip_call(tp_off.rewrite(relax::LD_TO_LE))
            } else {
                tp_off.rewrite(relax::BAD_SEQUENCE)
            }
        }
        Class::TlsLd => in_got(Base::TlsLd, Needs::TLSLD),
        // In code it is added to what a local-dynamic sequence left in %eax; data means what it says.
        Class::DtpOff if out.alloc && !out.writable && to_static => {
            if imported {
                Action::problem(Problem::NotPic)
            } else {
                tp_off
            }
        }
        Class::DtpOff => Action::new(Base::DtpOff, Minus::Nothing),
        Class::GotTpAddress | Class::GotTpIndex
            if to_static && !imported && relax::ie_at(r, code) =>
        {
            tp_off.rewrite(relax::IE_TO_LE)
        }
        Class::GotTpIndex => got_tp,
        Class::GotTpAddress => {
            let address = Action::new(Base::GotTp, Minus::Nothing).needs(Needs::GOTTP);
            if out.kind.is_pic() {
                address.dynamic(Dynamic::Relative)
            } else {
                address
            }
        }
        Class::TpOff | Class::MinusTpOff if out.alloc && out.kind == OutputKind::Shared => {
            Action::problem(Problem::TlsLocalExecInShared)
        }
        Class::TpOff | Class::MinusTpOff if out.alloc && imported => {
            Action::problem(Problem::NotPic)
        }
        Class::TpOff => tp_off,
        Class::MinusTpOff => tp_off.rewrite(relax::NEGATED),
        // `lea` and `call` decide apart from each other, so neither looks at the bytes.
        Class::TlsDesc | Class::TlsDescCall => {
            let call = class == Class::TlsDescCall;
            match (
                to_static || (out.kind.is_executable() && !out.tlsdesc),
                call,
            ) {
                (true, true) => tp_off.rewrite(relax::DESC_CALL_TO_NOP),
                (true, false) if imported => got_tp.rewrite(relax::DESC_TO_IE),
                (true, false) => tp_off.rewrite(relax::DESC_TO_LE),
                (false, _) if !out.tlsdesc => Action::problem(Problem::Platform),
                (false, true) => Action::NONE,
                (false, false) => in_got(Base::TlsDesc, Needs::TLSDESC),
            }
        }
        _ => Action::problem(Problem::Unknown),
    }
}

impl Arch for I386 {
    type Elf = Elf32Le;

    const MACHINE: u16 = object::elf::EM_386;
    const NAME: &'static str = "i386";
    const EMULATIONS: &'static [&'static str] = &["elf_i386", "elf_i386_fbsd", "elf_i386_sol2"];
    const MAX_PAGE_SIZE: u64 = 0x1000;
    const COMMON_PAGE_SIZE: u64 = 0x1000;
    const IMAGE_BASE: u64 = 0x0804_8000;
    /// `nop`: execution falls through the gaps of `.init` and `.fini`.
    const CODE_FILL: u8 = 0x90;
    const R_NONE: u32 = object::elf::R_386_NONE;
    const R_ABS: u32 = object::elf::R_386_32;
    const R_ABS32: u32 = object::elf::R_386_32;
    const R_RELATIVE: u32 = object::elf::R_386_RELATIVE;
    const R_GLOB_DAT: u32 = object::elf::R_386_GLOB_DAT;
    const R_JUMP_SLOT: u32 = object::elf::R_386_JMP_SLOT;
    const R_COPY: u32 = object::elf::R_386_COPY;
    const R_IRELATIVE: u32 = object::elf::R_386_IRELATIVE;
    const R_DTPMOD: u32 = object::elf::R_386_TLS_DTPMOD32;
    const R_DTPOFF: u32 = object::elf::R_386_TLS_DTPOFF32;
    /// The negative offset, as R_386_TLS_IE and R_386_TLS_GOTIE load it.
    const R_TPOFF: u32 = object::elf::R_386_TLS_TPOFF;
    const R_TLSDESC: u32 = object::elf::R_386_TLS_DESC;
    const GOTPLT_RESERVED: usize = 3;
    const IS_RELA: bool = false;

    fn reloc_name(ty: u32) -> Option<&'static str> {
        table::lookup(ty).map(|row| row.name)
    }

    fn field_size(ty: u32) -> usize {
        table::lookup(ty).map_or(0, |row| usize::from(row.size))
    }

    #[inline]
    fn decide(
        r: &Reloc,
        next: Option<&Reloc>,
        sym: SymFlags,
        out: &OutputTraits,
        code: &[u8],
    ) -> Action {
        let Some(row) = table::lookup(r.ty) else {
            return Action::problem(Problem::Unknown);
        };
        match row.class {
            Class::Nothing => Action::NONE,
            Class::NotInObjects => Action::problem(Problem::Unknown),
            Class::Call => address::refer(&CALL, Minus::Place, sym, out),
            // A call that takes no address; elsewhere than here nobody has set %ebx for it.
            Class::Pc
                if out.kind == OutputKind::Executable
                    && row.size == 4
                    && relax::branch_at(code, r.offset) =>
            {
                address::refer(&CALL, Minus::Place, sym, out)
            }
            Class::Pc => address::refer(&DISTANCE, Minus::Place, sym, out),
            Class::Word => address::refer(&WORD, Minus::Nothing, sym, out),
            Class::Narrow => address::refer(&NARROW, Minus::Nothing, sym, out),
            Class::Size => Action::new(Base::Size, Minus::Nothing),
            Class::GotPc => Action::new(Base::GotBase, Minus::Place).needs(Needs::GOTBASE),
            Class::GotOffset => {
                let action = address::refer(&DISTANCE, Minus::GotBase, sym, out);
                action.needs(action.needs | Needs::GOTBASE)
            }
            Class::GotIndex | Class::GotIndexX => {
                if sym.contains(SymFlags::TLS | SymFlags::IMPORTED) {
                    return Action::problem(Problem::TlsMismatch);
                }
                decide_got(row.class, r, sym, out, code)
            }
            Class::TlsGd
            | Class::TlsLd
            | Class::DtpOff
            | Class::GotTpAddress
            | Class::GotTpIndex
            | Class::TpOff
            | Class::MinusTpOff
            | Class::TlsDesc
            | Class::TlsDescCall => decide_tls(row.class, r, next, sym, out, code),
        }
    }

    #[inline]
    fn patch(r: &Reloc, action: &Action, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
        let Some(row) = table::lookup(r.ty) else {
            return Err(PatchError::BadInstruction);
        };
        let store = |value, code| store(usize::from(row.size), row.range, r.offset, value, code);
        match action.rewrite {
            0 => store(value, code),
            // value = TpOff + A; what is wanted is A - TpOff.
            relax::NEGATED => {
                let twice = (r.addend as u64).wrapping_mul(2);
                store(twice.wrapping_sub(value), code)
            }
            relax::MOV_TO_LEA | relax::CALL_DIRECT | relax::JMP_DIRECT | relax::OP_TO_IMMEDIATE => {
                relax::got_load(r, action.rewrite, value, code)
            }
            relax::GD_TO_LE => relax::gd_to_le(r, value, code),
            relax::GD_TO_IE => relax::gd_to_ie(r, value, code),
            relax::LD_TO_LE => relax::ld_to_le(r, code),
            relax::IE_TO_LE => relax::ie_to_le(r, value, code),
            relax::DESC_TO_LE => relax::desc_to_le(r, value, code),
            relax::DESC_TO_IE => relax::desc_to_ie(r, value, code),
            relax::DESC_CALL_TO_NOP => relax::desc_call_to_nop(r, code),
            _ => Err(PatchError::BadInstruction),
        }
    }

    fn only_calls(r: &Reloc, _code: &[u8]) -> bool {
        matches!(
            table::lookup(r.ty).map(|row| row.class),
            Some(Class::Call | Class::Nothing | Class::Size)
        )
    }

    fn patch_data(ty: u32, offset: u64, value: u64, data: &mut [u8]) -> Result<(), PatchError> {
        let Some(row) = table::lookup(ty) else {
            return Err(PatchError::BadInstruction);
        };
        store(usize::from(row.size), row.range, offset, value, data)
    }

    fn implicit_addend(ty: u32, offset: u64, data: &[u8]) -> i64 {
        bytes::load_le_signed(data, offset, Self::field_size(ty))
    }

    fn plt_header_size(style: PltStyle) -> u64 {
        plt::header_size(style)
    }

    fn plt_entry_size(style: PltStyle) -> u64 {
        plt::entry_size(style)
    }

    fn plt_sec_entry_size(style: PltStyle) -> u64 {
        plt::sec_entry_size(style)
    }

    fn write_plt_header(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
        plt::write_header(style, e, out);
    }

    fn write_plt_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
        plt::write_entry(style, e, out);
    }

    fn write_plt_sec_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>) {
        plt::write_sec_entry(style, e, out);
    }

    fn lazy_got_offset(style: PltStyle) -> u64 {
        plt::lazy_got_offset(style)
    }

    fn tp_offset(addr: u64, tls_addr: u64, tls_size: u64, align: u64) -> i64 {
        bytes::tp_offset_variant_2(addr, tls_addr, tls_size, align)
    }
}

/// Stores a result, which is a 32-bit number whatever the caller's 64 bits say.
fn store(
    size: usize,
    range: Range,
    offset: u64,
    value: u64,
    code: &mut [u8],
) -> Result<(), PatchError> {
    let value = i64::from(value as u32 as i32) as u64;
    bytes::store_le(code, offset, size, value, range)
}
