//! musl on Linux: the kernel's rules are [`super::linux`]'s; these are those of musl's run-time linker (`ldso/dynlink.c`).
//!
//! It binds everything at start, looks symbols up in either hash table, passes over IFUNC symbols and those whose
//! version is hidden, takes a unique symbol for a global one, and looks at no other version.

use object::elf;

use super::conditions as c;
use super::illumos_rtld::all_relas;
use super::{Platform, linux, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: linux::NOT_ELF,
    bad_table: linux::BAD_TABLE,
    rules: &[linux::KERNEL, RTLD],
};

/// DT_RELR.
const RELR: u64 = 36;
/// `arch/x86_64/reloc.h`.
const TYPES: &[u32] = &[
    elf::R_X86_64_NONE,
    elf::R_X86_64_64,
    elf::R_X86_64_PC32,
    elf::R_X86_64_COPY,
    elf::R_X86_64_GLOB_DAT,
    elf::R_X86_64_JUMP_SLOT,
    elf::R_X86_64_RELATIVE,
    elf::R_X86_64_DTPMOD64,
    elf::R_X86_64_DTPOFF64,
    elf::R_X86_64_TPOFF64,
    elf::R_X86_64_TLSDESC,
];

rules! { RTLD:
    "M01", Loaded, Headers, Broken, "ldso: decode_dyn", "it reads beyond the dynamic section",
        "PT_DYNAMIC must lie inside a PT_LOAD and end with DT_NULL: link again, or undo what edited the file", c::bad_dynamic;
    "M02", Loaded, Headers, Broken, "ldso: sysv_lookup", "SIGSEGV at the first look-up",
        "link with --hash-style=gnu, sysv or both", |f| {
            let some = [elf::DT_HASH, elf::DT_GNU_HASH].iter().any(|t| f.tag(u64::from(*t)).is_some());
            (!some && f.is_dynamic()).then(|| "there is neither DT_GNU_HASH nor DT_HASH".into())
        };
    "M03", Loaded, Contents, Broken, "ldso: do_relocs (unsupported relocation type)", "the program does not start",
        "compile without the attributes ifunc and target_clones; link with --wcc-target=x86_64-unknown-linux-musl", |f| {
            c::unknown_relocation(all_relas(f), TYPES).filter(|_| f.is_amd64())
        };
    "M04", Loaded, Headers, Warning, "ldso: do_relr_relocs", "musl before 1.2.4 does not read DT_RELR",
        "link without -z pack-relative-relocs for older releases", |f| f.tag(RELR).map(|_| "there is DT_RELR".into());
    "M05", Libraries, Headers, Broken, "ldso: map_library", "a segment is mapped outside the library",
        "PT_LOADs must ascend by address: link again", c::not_ascending;
}
