//! What only the Solaris link editor's command line and mapfiles can ask for, as plain values; part of
//! [`Options`](super::Options).

use crate::script::Mapfile;

/// DF_1_ bits (illumos, `sys/link.h`) of keywords that set nothing else.
pub const DF_1_CONFALT: u32 = 0x2000;
pub const DF_1_ENDFILTEE: u32 = 0x4000;
pub const DF_1_NORELOC: u32 = 0x40_0000;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Sunw {
    /// All mapfiles together.
    pub mapfile: Mapfile,
    /// `-B direct` (Some(true)), `-B nodirect`.
    pub direct: Option<bool>,
    /// `-B reduce`: with -r, symbols that a mapfile keeps inside become local.
    pub reduce: bool,
    /// `-z aslr`: DT_SUNW_ASLR.
    pub aslr: Option<bool>,
    /// `-Q n`: nothing of the linker in `.comment`.
    pub no_ident: bool,
    /// `-z noldynsym`, `-b`.
    pub no_ldynsym: bool,
    /// `-z noversion`.
    pub no_version: bool,
    /// DF_1_ bits.
    pub flags_1: u32,
    /// `-c`: DT_CONFIG.
    pub config: Option<Vec<u8>>,
    /// `-N`: more DT_NEEDED strings.
    pub needed: Vec<Vec<u8>>,
    /// `-z preinitarray=`, `initarray=`, `finiarray=`: functions to add to the arrays.
    pub preinit_array: Vec<Vec<u8>>,
    pub init_array: Vec<Vec<u8>>,
    pub fini_array: Vec<Vec<u8>>,
    /// `-z rtldinfo=`: symbols whose addresses DT_SUNW_RTLDINF entries hold.
    pub rtld_info: Vec<Vec<u8>>,
    /// `-z dtrace=`: the symbol that PT_SUNWDTRACE covers.
    pub dtrace: Option<Vec<u8>>,
}
