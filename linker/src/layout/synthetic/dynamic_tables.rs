//! Sizes of the tables for the run-time linker: hash tables, `.dynsym` and its kin, versions, `.dynamic`, relocations, the GOT.
//!
//! gABI, "Dynamic Linking"; the GNU hash table's and RELR's sizes depend on names and addresses, the others on numbers alone.

use object::elf;
use wcc_targets::rules::VersionTables;

use super::Builder;
use crate::arch::{Arch, Needs};
use crate::elf::Elf;
use crate::layout::output::Synth;
use crate::layout::{dynamic, got};
use crate::synth::{android, sunw_ldynsym, sunw_syminfo};

impl<A: Arch> Builder<'_, '_, A> {
    pub(super) fn dynamic_tables(&mut self, hash: (bool, bool)) {
        use elf::{SHF_ALLOC as A_, SHF_WRITE as W};
        if !self.p.dynamic {
            return;
        }
        let word = A::Elf::WORD as u64;
        let d = self.dynsym;
        let symbols = d.symbols.len() as u64 + 1;
        let sym = A::Elf::SYM_SIZE as u64;
        if hash.1
            && let Some(g) = &d.gnu
        {
            let size = g.size::<A::Elf>();
            self.add(
                b".gnu.hash",
                Synth::GnuHash,
                elf::SHT_GNU_HASH,
                A_,
                word,
                0,
                size,
            );
        }
        if hash.0 {
            let size = crate::synth::sysv_hash::size(symbols as u32);
            self.add(b".hash", Synth::SysvHash, elf::SHT_HASH, A_, word, 4, size);
        }
        let local = &d.local;
        self.add(
            b".SUNW_ldynsym",
            Synth::SunwLdynsym,
            sunw_ldynsym::SHT_SUNW_LDYNSYM,
            A_,
            word,
            sym,
            local.count() * sym,
        );
        self.add(
            b".dynsym",
            Synth::DynSym,
            elf::SHT_DYNSYM,
            A_,
            word,
            sym,
            symbols * sym,
        );
        self.add(
            b".dynstr",
            Synth::DynStr,
            elf::SHT_STRTAB,
            A_,
            1,
            0,
            d.dynstr.len() as u64,
        );
        for (name, what, ty, size, entry) in [
            (
                &b".SUNW_dynsymsort"[..],
                Synth::SunwSymSort,
                sunw_ldynsym::SHT_SUNW_SYMSORT,
                local.sorted * 4,
                4,
            ),
            (
                b".SUNW_dyntlssort",
                Synth::SunwTlsSort,
                sunw_ldynsym::SHT_SUNW_TLSSORT,
                local.sorted_tls * 4,
                4,
            ),
            (
                b".SUNW_syminfo",
                Synth::SunwSyminfo,
                sunw_syminfo::SHT_SUNW_SYMINFO,
                u64::from(d.has_syminfo) * symbols * sunw_syminfo::ENTRY,
                sunw_syminfo::ENTRY,
            ),
        ] {
            self.add(name, what, ty, A_, 4, entry, size);
        }
        let names: [&'static [u8]; 3] = match self.rules.version_tables {
            VersionTables::Gnu => [b".gnu.version", b".gnu.version_d", b".gnu.version_r"],
            VersionTables::Sunw => [b".SUNW_versym", b".SUNW_version", b".SUNW_version"],
        };
        if !d.versym.is_empty() {
            self.add(
                names[0],
                Synth::VerSym,
                elf::SHT_GNU_VERSYM,
                A_,
                2,
                2,
                symbols * 2,
            );
        }
        self.add(
            names[1],
            Synth::VerDef,
            elf::SHT_GNU_VERDEF,
            A_,
            word,
            0,
            d.verdef.len() as u64,
        );
        self.add(
            names[2],
            Synth::VerNeed,
            elf::SHT_GNU_VERNEED,
            A_,
            word,
            0,
            d.verneed.len() as u64,
        );
        // The number of entries does not depend on addresses.
        let entries = dynamic::count::<A>(
            self.p,
            self.live,
            self.opts,
            self.rules,
            d,
            &self.outputs_hint(),
        );
        let size = entries * A::Elf::DYN_SIZE as u64;
        let flags = if self.opts.z.rodynamic { A_ } else { A_ | W };
        self.add(
            b".dynamic",
            Synth::Dynamic,
            elf::SHT_DYNAMIC,
            flags,
            word,
            A::Elf::DYN_SIZE as u64,
            size,
        );
    }

    /// What `.dynamic` will speak of.
    fn outputs_hint(&self) -> dynamic::Present {
        let has = |name: &[u8]| {
            self.outputs
                .iter()
                .any(|s| s.name == name && s.pieces.iter().any(|p| p.size > 0))
                || self.assembled.is_some_and(|a| a.has_contents(name))
        };
        let rela = self.rela_entries();
        dynamic::Present {
            init_array: has(b".init_array"),
            fini_array: has(b".fini_array"),
            preinit_array: has(b".preinit_array"),
            rela: rela.0 > 0,
            relr: rela.2,
            plt: self.slots.plt_entries > 0,
            cap: self.capabilities.size::<A::Elf>() > 0,
        }
    }

    /// (entries of `.rela.dyn`, IRELATIVE ones among them, there is a `.relr.dyn`)
    fn rela_entries(&self) -> (u64, u64, bool) {
        let relr = self.opts.z.pack_relative_relocs && self.opts.kind.is_pic() && self.rules.relr;
        let from_sections: u64 = self.live.dynamic.iter().map(|d| u64::from(d.other)).sum();
        let packed: u64 = self
            .live
            .dynamic
            .iter()
            .map(|d| u64::from(d.relative))
            .sum();
        let got = got::costs::<A>(self.p, self.slots, self.opts);
        let copies = self.slots.copies.len() as u64;
        let mut rela = from_sections + got.other + got.irelative + copies;
        let relative = packed + got.relative;
        if !relr {
            rela += relative;
        }
        (rela, got.irelative, relr && relative > 0)
    }

    /// `.rela.dyn`, `.rela.plt`, `.relr.dyn`, `.got`, `.got.plt`.
    pub(super) fn tables(&mut self) {
        use elf::{SHF_ALLOC as A_, SHF_INFO_LINK as I, SHF_WRITE as W};
        let word = A::Elf::WORD as u64;
        let rela_size = A::Elf::RELA_SIZE as u64;
        let (rela, irelative, relr) = self.rela_entries();
        self.irelative = irelative;
        self.rela_dyn = rela;
        // The size of packed ones is known with the addresses.
        let (ty, entry) = if self.opts.shape.android_relocs && self.p.dynamic {
            (android::SHT_ANDROID_RELA, 1)
        } else {
            (elf::SHT_RELA, rela_size)
        };
        self.add(
            b".rela.dyn",
            Synth::RelaDyn,
            ty,
            A_,
            word,
            entry,
            rela * rela_size,
        );
        if relr {
            // One word for a start; the layout is repeated once addresses are known.
            self.add(
                b".relr.dyn",
                Synth::RelrDyn,
                if self.opts.shape.android_relr_tags {
                    android::SHT_ANDROID_RELR
                } else {
                    elf::SHT_RELR
                },
                A_,
                word,
                word,
                word,
            );
        }
        let plt = u64::from(self.slots.plt_entries);
        self.add(
            b".rela.plt",
            Synth::RelaPlt,
            elf::SHT_RELA,
            A_ | I,
            word,
            rela_size,
            plt * rela_size,
        );
        self.add(
            b".got",
            Synth::Got,
            elf::SHT_PROGBITS,
            A_ | W,
            word,
            word,
            u64::from(self.slots.got_words) * word,
        );
        let wanted = plt > 0
            || self.live.module.contains(Needs::GOTBASE)
            || self
                .p
                .symbols
                .linker
                .iter()
                .any(|l| l.what == crate::symbols::reserved::Reserved::GotBase)
            || (self.p.dynamic && self.rules.pltgot_always);
        if wanted {
            let words = A::GOTPLT_RESERVED as u64 + plt;
            self.add(
                b".got.plt",
                Synth::GotPlt,
                elf::SHT_PROGBITS,
                A_ | W,
                word,
                word,
                words * word,
            );
        }
    }
}
