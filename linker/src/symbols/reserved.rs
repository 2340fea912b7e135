//! Symbols that the linker itself defines when somebody refers to them and nobody defines them.
//!
//! GNU ld's default script provides these (`PROVIDE`); `__start_NAME`/`__stop_NAME` enclose the output section NAME when
//! NAME is a C identifier (GNU ld manual, "Input Section Example").

use super::{FileRef, State, SymbolId};

/// What a reserved symbol's value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The ELF header, which is the start of the image.
    ImageStart,
    /// End of the last executable section.
    TextEnd,
    /// End of the last section with contents in the data segment.
    DataEnd,
    /// Start of `.bss`.
    BssStart,
    /// End of the image.
    ImageEnd,
    Dynamic,
    GotBase,
    PltBase,
    EhFrameHdr,
    /// Start or end of the output section of that name (`.init_array` and kin); both equal when it is absent.
    SectionStart(Vec<u8>),
    SectionEnd(Vec<u8>),
    /// The load address of such an edge (`__phys_start_NAME` of mold, with `--physical-image-base`).
    Loaded(Box<Reserved>),
    /// IRELATIVE relocations of a static program.
    IrelativeStart,
    IrelativeEnd,
    /// The module's TLS block (TLS descriptors of local-dynamic code).
    TlsModuleBase,
    /// `--defsym` or a script's assignment, by its number.
    Assigned(usize),
}

/// Names whose meaning is fixed.
/// A name and its meaning.
type Row = (&'static str, fn() -> Reserved);

const TABLE: &[Row] = &[
    ("_DYNAMIC", || Reserved::Dynamic),
    ("_GLOBAL_OFFSET_TABLE_", || Reserved::GotBase),
    ("_PROCEDURE_LINKAGE_TABLE_", || Reserved::PltBase),
    ("_TLS_MODULE_BASE_", || Reserved::TlsModuleBase),
    ("__GNU_EH_FRAME_HDR", || Reserved::EhFrameHdr),
    ("__bss_start", || Reserved::BssStart),
    ("__dso_handle", || Reserved::ImageStart),
    ("__ehdr_start", || Reserved::ImageStart),
    ("__etext", || Reserved::TextEnd),
    ("__executable_start", || Reserved::ImageStart),
    ("__fini_array_end", || {
        Reserved::SectionEnd(b".fini_array".to_vec())
    }),
    ("__fini_array_start", || {
        Reserved::SectionStart(b".fini_array".to_vec())
    }),
    ("__init_array_end", || {
        Reserved::SectionEnd(b".init_array".to_vec())
    }),
    ("__init_array_start", || {
        Reserved::SectionStart(b".init_array".to_vec())
    }),
    ("__preinit_array_end", || {
        Reserved::SectionEnd(b".preinit_array".to_vec())
    }),
    ("__preinit_array_start", || {
        Reserved::SectionStart(b".preinit_array".to_vec())
    }),
    ("__rela_iplt_end", || Reserved::IrelativeEnd),
    ("__rela_iplt_start", || Reserved::IrelativeStart),
    ("_edata", || Reserved::DataEnd),
    ("_end", || Reserved::ImageEnd),
    ("_etext", || Reserved::TextEnd),
    ("edata", || Reserved::DataEnd),
    ("end", || Reserved::ImageEnd),
    ("etext", || Reserved::TextEnd),
];

/// Whether a section may have `__start_`/`__stop_` symbols.
pub fn is_c_identifier(name: &[u8]) -> bool {
    name.first()
        .is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && name.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'_')
}

/// The section a `__start_`/`__stop_` name encloses, and whether it is the end.
pub fn enclosed_section(name: &[u8]) -> Option<(&[u8], bool)> {
    let (section, end) = match name.strip_prefix(b"__start_") {
        Some(s) => (s, false),
        None => (name.strip_prefix(b"__stop_")?, true),
    };
    is_c_identifier(section).then_some((section, end))
}

/// What the linker would define `name` as.
pub fn reserved(name: &[u8]) -> Option<Reserved> {
    let text = std::str::from_utf8(name).ok()?;
    TABLE
        .binary_search_by(|(n, _)| (*n).cmp(text))
        .ok()
        .and_then(|i| TABLE.get(i))
        .map(|(_, f)| f())
}

/// The fixed names, to look up in the table of symbols.
pub fn names() -> impl Iterator<Item = (&'static [u8], Reserved)> {
    TABLE.iter().map(|(n, f)| (n.as_bytes(), f()))
}

/// Whether a name in this state is still to be had by the linker.
pub fn is_free(state: State) -> bool {
    matches!(state, State::Undef | State::UndefWeak | State::UndefShared)
}

/// A symbol the linker defines.
#[derive(Clone, Debug)]
pub struct LinkerSymbol {
    pub id: SymbolId,
    pub what: Reserved,
}

/// Marks a name as defined by the linker.
pub fn claim(info: &mut super::Info) {
    info.state = State::Linker;
    info.file = FileRef::LINKER;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted() {
        assert!(TABLE.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(reserved(b"_end"), Some(Reserved::ImageEnd));
        assert_eq!(reserved(b"main"), None);
    }

    #[test]
    fn only_identifiers_are_enclosed() {
        assert_eq!(enclosed_section(b"__start_foo"), Some((&b"foo"[..], false)));
        assert_eq!(enclosed_section(b"__stop_foo"), Some((&b"foo"[..], true)));
        assert_eq!(enclosed_section(b"__start_.text"), None);
        assert_eq!(enclosed_section(b"__start_"), None);
    }
}
