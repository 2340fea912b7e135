//! The relocation types of the x86-64 psABI, table "Relocation Types": name, field, and class.

use crate::arch::bytes::Range::{self, *};

/// What a type asks for, apart from its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Nothing,
    /// Only in dynamic relocation tables, or nothing at all.
    NotInObjects,
    /// S + A of the size of an address.
    Word,
    /// S + A in a smaller field.
    Narrow,
    /// S + A - P.
    Pc,
    /// L + A - P.
    Call,
    /// L + A - GOT.
    PltOffset,
    /// S + A - GOT.
    GotOffset,
    /// GOT + A - P.
    GotPc,
    /// G + A: the GOT word's offset in the GOT.
    GotIndex,
    /// G + GOT + A - P.
    GotPcRel,
    /// The same in an instruction that may be rewritten.
    GotPcRelX,
    Size,
    TlsGd,
    TlsLd,
    DtpOff,
    GotTpOff,
    TpOff,
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

/// The row of type `ty`.
#[inline(always)]
pub fn lookup(ty: u32) -> Option<&'static Row> {
    TABLE.get(ty as usize)
}

use Class::*;

/// Indexed by type. 39 and 40 are the MPX forms that old assemblers emitted for calls.
static TABLE: [Row; 52] = [
    row("R_X86_64_NONE", 0, Any, Nothing),
    row("R_X86_64_64", 8, Any, Word),
    row("R_X86_64_PC32", 4, Signed, Pc),
    row("R_X86_64_GOT32", 4, Signed, GotIndex),
    row("R_X86_64_PLT32", 4, Signed, Call),
    row("R_X86_64_COPY", 0, Any, NotInObjects),
    row("R_X86_64_GLOB_DAT", 8, Any, NotInObjects),
    row("R_X86_64_JUMP_SLOT", 8, Any, NotInObjects),
    row("R_X86_64_RELATIVE", 8, Any, NotInObjects),
    row("R_X86_64_GOTPCREL", 4, Signed, GotPcRelX),
    row("R_X86_64_32", 4, Unsigned, Narrow),
    row("R_X86_64_32S", 4, Signed, Narrow),
    row("R_X86_64_16", 2, Either, Narrow),
    row("R_X86_64_PC16", 2, Modulo, Pc),
    row("R_X86_64_8", 1, Either, Narrow),
    row("R_X86_64_PC8", 1, Signed, Pc),
    row("R_X86_64_DTPMOD64", 8, Any, NotInObjects),
    row("R_X86_64_DTPOFF64", 8, Any, DtpOff),
    row("R_X86_64_TPOFF64", 8, Any, TpOff),
    row("R_X86_64_TLSGD", 4, Signed, TlsGd),
    row("R_X86_64_TLSLD", 4, Signed, TlsLd),
    row("R_X86_64_DTPOFF32", 4, Signed, DtpOff),
    row("R_X86_64_GOTTPOFF", 4, Signed, GotTpOff),
    row("R_X86_64_TPOFF32", 4, Signed, TpOff),
    row("R_X86_64_PC64", 8, Any, Pc),
    row("R_X86_64_GOTOFF64", 8, Any, GotOffset),
    row("R_X86_64_GOTPC32", 4, Signed, GotPc),
    row("R_X86_64_GOT64", 8, Any, GotIndex),
    row("R_X86_64_GOTPCREL64", 8, Any, GotPcRel),
    row("R_X86_64_GOTPC64", 8, Any, GotPc),
    row("R_X86_64_GOTPLT64", 8, Any, GotIndex),
    row("R_X86_64_PLTOFF64", 8, Any, PltOffset),
    row("R_X86_64_SIZE32", 4, Unsigned, Size),
    row("R_X86_64_SIZE64", 8, Any, Size),
    row("R_X86_64_GOTPC32_TLSDESC", 4, Signed, TlsDesc),
    row("R_X86_64_TLSDESC_CALL", 0, Any, TlsDescCall),
    row("R_X86_64_TLSDESC", 0, Any, NotInObjects),
    row("R_X86_64_IRELATIVE", 8, Any, NotInObjects),
    row("R_X86_64_RELATIVE64", 8, Any, NotInObjects),
    row("R_X86_64_PC32_BND", 4, Signed, Pc),
    row("R_X86_64_PLT32_BND", 4, Signed, Call),
    row("R_X86_64_GOTPCRELX", 4, Signed, GotPcRelX),
    row("R_X86_64_REX_GOTPCRELX", 4, Signed, GotPcRelX),
    row("R_X86_64_CODE_4_GOTPCRELX", 4, Signed, GotPcRelX),
    row("R_X86_64_CODE_4_GOTTPOFF", 4, Signed, GotTpOff),
    row("R_X86_64_CODE_4_GOTPC32_TLSDESC", 4, Signed, TlsDesc),
    row("R_X86_64_CODE_5_GOTPCRELX", 4, Signed, GotPcRel),
    row("R_X86_64_CODE_5_GOTTPOFF", 4, Signed, GotTpOff),
    row("R_X86_64_CODE_5_GOTPC32_TLSDESC", 4, Signed, TlsDesc),
    row("R_X86_64_CODE_6_GOTPCRELX", 4, Signed, GotPcRel),
    row("R_X86_64_CODE_6_GOTTPOFF", 4, Signed, GotTpOff),
    row("R_X86_64_CODE_6_GOTPC32_TLSDESC", 4, Signed, TlsDesc),
];

/// The types that code here names one by one.
pub const R_PC32: u32 = 2;
pub const R_PLT32: u32 = 4;
pub const R_GOTPCREL: u32 = 9;
pub const R_GOTTPOFF: u32 = 22;
pub const R_PLTOFF64: u32 = 31;
pub const R_GOTPC32_TLSDESC: u32 = 34;
pub const R_GOTPCRELX: u32 = 41;
pub const R_REX_GOTPCRELX: u32 = 42;
pub const R_CODE_4_GOTPCRELX: u32 = 43;
pub const R_CODE_4_GOTTPOFF: u32 = 44;
pub const R_CODE_4_GOTPC32_TLSDESC: u32 = 45;
pub const R_CODE_6_GOTTPOFF: u32 = 50;
