//! The relocation types of the Intel386 psABI, table "Relocation Types": name, field, and class.

use crate::arch::bytes::Range::{self, *};

/// What a type asks for, apart from its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Nothing,
    /// Only in dynamic relocation tables, or of a TLS model nobody emits.
    NotInObjects,
    /// S + A of the size of an address.
    Word,
    /// S + A in a smaller field.
    Narrow,
    /// S + A - P.
    Pc,
    /// L + A - P.
    Call,
    /// S + A - GOT.
    GotOffset,
    /// GOT + A - P.
    GotPc,
    /// G + A: the GOT word's offset in the GOT; its address when the instruction has no base register.
    GotIndex,
    /// The same in an instruction that may be rewritten.
    GotIndexX,
    Size,
    TlsGd,
    TlsLd,
    DtpOff,
    /// Address of the GOT word with the (negative) offset.
    GotTpAddress,
    /// Its offset in the GOT.
    GotTpIndex,
    TpOff,
    /// The offset with its sign changed, to be subtracted.
    MinusTpOff,
    TlsDesc,
    TlsDescCall,
}

/// One relocation type.
pub struct Row {
    pub name: &'static str,
    /// Bytes.
    pub size: u8,
    pub range: Range,
    pub class: Class,
}

const fn row(name: &'static str, size: u8, range: Range, class: Class) -> Row {
    Row {
        name,
        size,
        range,
        class,
    }
}

/// The row of type `ty`; None for the numbers without a type.
#[inline(always)]
pub fn lookup(ty: u32) -> Option<&'static Row> {
    TABLE.get(ty as usize).filter(|row| !row.name.is_empty())
}

use Class::*;

/// Indexed by type. Arithmetic is modulo 2^32, so a 32-bit field holds any result.
static TABLE: [Row; 44] = [
    row("R_386_NONE", 0, Any, Nothing),
    row("R_386_32", 4, Any, Word),
    row("R_386_PC32", 4, Any, Pc),
    row("R_386_GOT32", 4, Any, GotIndex),
    row("R_386_PLT32", 4, Any, Call),
    row("R_386_COPY", 0, Any, NotInObjects),
    row("R_386_GLOB_DAT", 4, Any, NotInObjects),
    row("R_386_JUMP_SLOT", 4, Any, NotInObjects),
    row("R_386_RELATIVE", 4, Any, NotInObjects),
    row("R_386_GOTOFF", 4, Any, GotOffset),
    row("R_386_GOTPC", 4, Any, GotPc),
    row("R_386_32PLT", 4, Any, NotInObjects),
    row("", 0, Any, NotInObjects),
    row("", 0, Any, NotInObjects),
    row("R_386_TLS_TPOFF", 4, Any, NotInObjects),
    row("R_386_TLS_IE", 4, Any, GotTpAddress),
    row("R_386_TLS_GOTIE", 4, Any, GotTpIndex),
    row("R_386_TLS_LE", 4, Any, TpOff),
    row("R_386_TLS_GD", 4, Any, TlsGd),
    row("R_386_TLS_LDM", 4, Any, TlsLd),
    row("R_386_16", 2, Either, Narrow),
    row("R_386_PC16", 2, Modulo, Pc),
    row("R_386_8", 1, Either, Narrow),
    row("R_386_PC8", 1, Signed, Pc),
    row("R_386_TLS_GD_32", 4, Any, NotInObjects),
    row("R_386_TLS_GD_PUSH", 0, Any, NotInObjects),
    row("R_386_TLS_GD_CALL", 4, Any, NotInObjects),
    row("R_386_TLS_GD_POP", 0, Any, NotInObjects),
    row("R_386_TLS_LDM_32", 4, Any, NotInObjects),
    row("R_386_TLS_LDM_PUSH", 0, Any, NotInObjects),
    row("R_386_TLS_LDM_CALL", 4, Any, NotInObjects),
    row("R_386_TLS_LDM_POP", 0, Any, NotInObjects),
    row("R_386_TLS_LDO_32", 4, Any, DtpOff),
    row("R_386_TLS_IE_32", 4, Any, NotInObjects),
    row("R_386_TLS_LE_32", 4, Any, MinusTpOff),
    row("R_386_TLS_DTPMOD32", 4, Any, NotInObjects),
    row("R_386_TLS_DTPOFF32", 4, Any, NotInObjects),
    row("R_386_TLS_TPOFF32", 4, Any, NotInObjects),
    row("R_386_SIZE32", 4, Any, Size),
    row("R_386_TLS_GOTDESC", 4, Any, TlsDesc),
    row("R_386_TLS_DESC_CALL", 0, Any, TlsDescCall),
    row("R_386_TLS_DESC", 0, Any, NotInObjects),
    row("R_386_IRELATIVE", 4, Any, NotInObjects),
    row("R_386_GOT32X", 4, Any, GotIndexX),
];

/// The types that code here names one by one.
pub const R_PC32: u32 = 2;
pub const R_GOT32: u32 = 3;
pub const R_PLT32: u32 = 4;
pub const R_TLS_IE: u32 = 15;
pub const R_GOT32X: u32 = 43;
