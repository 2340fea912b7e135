//! x86-64 (System V psABI, LP64).
//!
//! The thread pointer is `%fs:0`, and the program's TLS block ends there (variant II), so its variables have
//! negative offsets. Branches reach 2 GiB and nobody makes larger code, so there are no thunks; the medium and
//! large models only have data that is far away. Code reaches the GOT relative to `%rip`, hence a PLT entry
//! needs no register, and any load through the GOT whose symbol turns out to be near can be rewritten in place
//! (`*GOTPCRELX`), as can every dynamic TLS sequence in a program.
//!
//! Reading order: `table.rs` (the relocation types), then [`X86_64::decide`] here, `relax.rs` (rewritten
//! instructions), `plt.rs`. The tables of direct references are `arch/address.rs`.
//!
//! What is rewritten, and why it cannot overflow where the original would not:
//! - TLS sequences in programs: the small model bounds the TLS block, and the offset field is checked.
//! - `mov x@GOTPCREL(%rip)` to `lea`, `call` and `jmp` to direct ones: the small and medium models put code
//!   and symbol within 2 GiB, unless the symbol has [`SymFlags::FAR`].
//! - `test` and arithmetic to immediates: only with [`SymFlags::LOW`], as the field is a sign-extended address.

mod plt;
mod relax;
mod table;
#[cfg(test)]
mod tests;

use super::address::{self, CALL, DISTANCE, NARROW, WORD};
use super::bytes::{self, Range};
use super::{
    Action, Arch, Base, Minus, Needs, OutputTraits, PatchError, Plain, PltEntry, PltStyle,
};
use super::{Problem, SymFlags};
use crate::elf::{Elf64Le, Reloc};
use crate::options::OutputKind;
use table::Class;

#[derive(Clone, Copy, Debug)]
pub struct X86_64;

fn decide_got_load(r: &Reloc, sym: SymFlags, out: &OutputTraits, code: &[u8]) -> Action {
    if address::may_bypass_got(sym, out) {
        let low = out.kind == OutputKind::Executable && sym.contains(SymFlags::LOW);
        match relax::got_load_at(r, low, code) {
            0 => {}
            relax::OP_TO_IMMEDIATE => {
                return Action::new(Base::Sym, Minus::Nothing).rewrite(relax::OP_TO_IMMEDIATE);
            }
            rewrite => return Action::new(Base::Sym, Minus::Place).rewrite(rewrite),
        }
    }
    Action::new(Base::Got, Minus::Place).needs(Needs::GOT)
}

fn decide_call(minus: Minus, sym: SymFlags, out: &OutputTraits) -> Action {
    let action = address::refer(&CALL, minus, sym, out);
    let missing = SymFlags::UNDEF_WEAK | SymFlags::UNDEFINED;
    if sym.intersects(missing) && action.base == Base::Sym && minus == Minus::Place {
        return action.rewrite(relax::UNCHECKED);
    }
    action
}

/// Thread-local types. `class` is one of the `Tls*`, `*TpOff`, `DtpOff` ones.
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
    let got_tp = Action::new(Base::GotTp, Minus::Place).needs(Needs::GOTTP);
    match class {
        Class::TlsGd if to_static && relax::gd_at(r, next, code) => {
            if imported {
                skip_call(got_tp.rewrite(relax::GD_TO_IE))
            } else {
                skip_call(tp_off.rewrite(relax::GD_TO_LE))
            }
        }
        Class::TlsGd => Action::new(Base::TlsGd, Minus::Place).needs(Needs::TLSGD),
        // Unknown bytes are an error in `patch`: the offsets that follow already count on the rewrite.
        Class::TlsLd if to_static => {
            let action = tp_off.rewrite(relax::LD_TO_LE);
            if relax::ld_at(r, next, code) {
                skip_call(action)
            } else {
                Action {
                    rewrite: relax::BAD_SEQUENCE,
                    ..action
                }
            }
        }
        Class::TlsLd => Action::new(Base::TlsLd, Minus::Place).needs(Needs::TLSLD),
        // In code it is added to what a local-dynamic sequence left in %rax; data means what it says.
        Class::DtpOff if out.alloc && !out.writable && to_static => {
            if imported {
                Action::problem(Problem::NotPic)
            } else {
                tp_off
            }
        }
        // Asking for local dynamic is a promise that the symbol is this object's, preemptible or not.
        Class::DtpOff => Action::new(Base::DtpOff, Minus::Nothing),
        Class::GotTpOff if to_static && !imported && relax::ie_at(r, code) => {
            tp_off.rewrite(relax::IE_TO_LE)
        }
        Class::GotTpOff => got_tp,
        Class::TpOff if out.alloc && out.kind == OutputKind::Shared => {
            Action::problem(Problem::TlsLocalExecInShared)
        }
        Class::TpOff if out.alloc && imported => Action::problem(Problem::NotPic),
        Class::TpOff => tp_off,
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
                (false, false) => Action::new(Base::TlsDesc, Minus::Place).needs(Needs::TLSDESC),
            }
        }
        _ => Action::problem(Problem::Unknown),
    }
}

impl Arch for X86_64 {
    type Elf = Elf64Le;

    const MACHINE: u16 = object::elf::EM_X86_64;
    const NAME: &'static str = "x86-64";
    const EMULATIONS: &'static [&'static str] =
        &["elf_x86_64", "elf_x86_64_fbsd", "elf_x86_64_sol2"];
    const MAX_PAGE_SIZE: u64 = 0x1000;
    const COMMON_PAGE_SIZE: u64 = 0x1000;
    const IMAGE_BASE: u64 = 0x40_0000;
    /// `nop`: execution falls through the gaps of `.init` and `.fini`.
    const CODE_FILL: u8 = 0x90;
    const ENDBR: Option<crate::live::endbr::Endbr> = Some(crate::live::endbr::Endbr {
        code: [0xf3, 0x0f, 0x1e, 0xfa],
        nop: [0x0f, 0x1f, 0x40, 0x00],
        indirect: &[object::elf::R_X86_64_PLTOFF64],
    });
    const R_NONE: u32 = object::elf::R_X86_64_NONE;
    const R_ABS: u32 = object::elf::R_X86_64_64;
    const R_ABS32: u32 = object::elf::R_X86_64_32;
    const R_RELATIVE: u32 = object::elf::R_X86_64_RELATIVE;
    const R_GLOB_DAT: u32 = object::elf::R_X86_64_GLOB_DAT;
    const R_JUMP_SLOT: u32 = object::elf::R_X86_64_JUMP_SLOT;
    const R_COPY: u32 = object::elf::R_X86_64_COPY;
    const R_IRELATIVE: u32 = object::elf::R_X86_64_IRELATIVE;
    const R_DTPMOD: u32 = object::elf::R_X86_64_DTPMOD64;
    const R_DTPOFF: u32 = object::elf::R_X86_64_DTPOFF64;
    const R_TPOFF: u32 = object::elf::R_X86_64_TPOFF64;
    const R_TLSDESC: u32 = object::elf::R_X86_64_TLSDESC;
    const GOTPLT_RESERVED: usize = 3;
    const IS_RELA: bool = true;

    fn reloc_name(ty: u32) -> Option<&'static str> {
        table::lookup(ty).map(|row| row.name)
    }

    #[inline(always)]
    fn plain(ty: u32) -> Plain {
        match ty {
            object::elf::R_X86_64_PC32 | object::elf::R_X86_64_PLT32 => Plain::Distance,
            object::elf::R_X86_64_64 => Plain::Word,
            _ => Plain::No,
        }
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
        let got = Action::new(Base::Got, Minus::Place).needs(Needs::GOT);
        match row.class {
            Class::Nothing => Action::NONE,
            Class::NotInObjects => Action::problem(Problem::Unknown),
            Class::Call => decide_call(Minus::Place, sym, out),
            // Older assemblers have this type at `call f` too; then no address is taken.
            Class::Pc if row.size == 4 && relax::branch_at(code, r.offset) => {
                decide_call(Minus::Place, sym, out)
            }
            Class::Pc => address::refer(&DISTANCE, Minus::Place, sym, out),
            Class::Word => address::refer(&WORD, Minus::Nothing, sym, out),
            Class::Narrow => address::refer(&NARROW, Minus::Nothing, sym, out),
            Class::Size => Action::new(Base::Size, Minus::Nothing),
            Class::GotPc => Action::new(Base::GotBase, Minus::Place).needs(Needs::GOTBASE),
            Class::PltOffset | Class::GotOffset => {
                let action = if row.class == Class::PltOffset {
                    decide_call(Minus::GotBase, sym, out)
                } else {
                    address::refer(&DISTANCE, Minus::GotBase, sym, out)
                };
                action.needs(action.needs | Needs::GOTBASE)
            }
            Class::GotIndex | Class::GotPcRel | Class::GotPcRelX
                if sym.contains(SymFlags::TLS | SymFlags::IMPORTED) =>
            {
                Action::problem(Problem::TlsMismatch)
            }
            Class::GotIndex => {
                Action::new(Base::Got, Minus::GotBase).needs(Needs::GOT | Needs::GOTBASE)
            }
            Class::GotPcRel => got,
            Class::GotPcRelX => decide_got_load(r, sym, out, code),
            Class::TlsGd
            | Class::TlsLd
            | Class::DtpOff
            | Class::GotTpOff
            | Class::TpOff
            | Class::TlsDesc
            | Class::TlsDescCall => decide_tls(row.class, r, next, sym, out, code),
        }
    }

    #[inline]
    fn patch(r: &Reloc, action: &Action, value: u64, code: &mut [u8]) -> Result<(), PatchError> {
        match action.rewrite {
            0 => {
                let Some(row) = table::lookup(r.ty) else {
                    return Err(PatchError::BadInstruction);
                };
                bytes::store_le(code, r.offset, usize::from(row.size), value, row.range)
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
            relax::UNCHECKED => {
                bytes::store_le(code, r.offset, Self::field_size(r.ty), value, Range::Any)
            }
            _ => Err(PatchError::BadInstruction),
        }
    }

    fn only_calls(r: &Reloc, code: &[u8]) -> bool {
        match table::lookup(r.ty).map(|row| row.class) {
            Some(Class::Call | Class::PltOffset | Class::Nothing | Class::Size) => true,
            Some(Class::Pc) => relax::branch_at(code, r.offset),
            Some(Class::GotPcRelX) => relax::indirect_branch_at(code, r.offset),
            _ => false,
        }
    }

    fn rewritten(r: &Reloc, action: &Action) -> Reloc {
        let pc = Reloc {
            ty: table::R_PC32,
            ..*r
        };
        match action.rewrite {
            relax::MOV_TO_LEA | relax::CALL_DIRECT => pc,
            // The displacement stands one byte earlier.
            relax::JMP_DIRECT => Reloc {
                offset: r.offset.wrapping_sub(1),
                ..pc
            },
            // No distance any more, whose addend counted the field itself.
            relax::OP_TO_IMMEDIATE => Reloc {
                ty: object::elf::R_X86_64_32S,
                addend: r.addend.wrapping_add(4),
                ..*r
            },
            _ => *r,
        }
    }

    #[inline(always)]
    fn patch_data(ty: u32, offset: u64, value: u64, data: &mut [u8]) -> Result<(), PatchError> {
        let Some(row) = table::lookup(ty) else {
            return Err(PatchError::BadInstruction);
        };
        // Debug sections also have -1 for what was discarded.
        let range = match row.range {
            Range::Unsigned => Range::Either,
            range => range,
        };
        bytes::store_le(data, offset, usize::from(row.size), value, range)
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
