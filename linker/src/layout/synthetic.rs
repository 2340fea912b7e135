//! The sections that the linker makes itself: which ones an output gets, and their sizes.
//!
//! Sizes only: contents are written by `emit/` and `synth/` once addresses are known. What a platform wants of them is
//! said by its `LoadRules`.

use object::elf;
use wcc_targets::LoadRules;
use wcc_targets::rules::VersionTables;

use super::dynsym::DynSymbols;
use super::output::{Content, OutputSection, Piece, Synth, new_section};
use super::sframe::SFrame;
use super::slots::SlotTable;
use super::symtab::SymtabPlan;
use super::{dynamic, got, ident, script, values};
use crate::arch::{Arch, Needs, PltStyle};
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::live::Liveness;
use crate::options::{BuildId, HashStyle, Options, OutputKind, Strip};
use crate::symbols::bind::Program;
use crate::synth::note_property::Properties;
use crate::synth::{android, sunw_cap, sunw_ldynsym, sunw_syminfo};

pub(super) fn hash_style(dynamic: bool, opts: &Options, rules: &LoadRules) -> (bool, bool) {
    if !dynamic {
        return (false, false);
    }
    let HashStyle { sysv, gnu } = opts.hash_style.unwrap_or(HashStyle {
        sysv: true,
        gnu: rules.gnu_hash,
    });
    (sysv || rules.sysv_hash_required, gnu && rules.gnu_hash)
}

pub(super) fn section_named<'s, 'd>(
    outputs: &'s mut Vec<OutputSection<'d>>,
    name: &'static [u8],
    ty: u32,
    flags: u32,
) -> &'s mut OutputSection<'d> {
    // Sections of a system's own types are one for each type: `.SUNW_version` exists twice.
    let own = |t: u32| t >= elf::SHT_LOOS;
    let same = |s: &OutputSection<'_>| {
        s.name == name && s.own == 0 && (s.ty == ty || !own(s.ty) || !own(ty))
    };
    let i = match outputs.iter().position(same) {
        Some(i) => i,
        None => {
            outputs.push(new_section(name, ty, flags, 1, 0));
            outputs.len() - 1
        }
    };
    &mut outputs[i]
}

/// The objects' `.SUNW_cap` put together, with what mapfiles say.
pub(crate) fn merge_capabilities<E: Elf>(p: &Program<'_, E>, opts: &Options) -> sunw_cap::Bits {
    let mut bits = sunw_cap::Bits::default();
    for o in &p.objects {
        for i in o.of_kind(Kind::Capabilities) {
            let names = o.sections.get(i as usize).map_or(0, |s| s.info);
            bits.add::<E>(o.section_data(i), o.section_data(names));
        }
    }
    bits.obey(&opts.sunw.mapfile.capabilities)
}

/// What the sizes depend on, and the output sections so far.
pub(super) struct Builder<'a, 'd, A: Arch> {
    pub capabilities: &'a sunw_cap::Bits,
    pub p: &'a Program<'d, A::Elf>,
    pub live: &'a Liveness,
    pub opts: &'a Options,
    pub rules: &'a LoadRules,
    pub interpreter: &'a [u8],
    pub outputs: Vec<OutputSection<'d>>,
    /// With a script: where the input sections are.
    pub assembled: Option<&'a script::assemble::Assembled<'d>>,
    pub slots: &'a SlotTable,
    pub dynsym: &'a DynSymbols,
    pub plt_style: PltStyle,
    pub interp: Vec<u8>,
    pub irelative: u64,
    pub rela_dyn: u64,
}

impl<A: Arch> Builder<'_, '_, A> {
    /// The table that is made of all objects' `.sframe`.
    pub(super) fn sframe(&mut self, s: &SFrame<'_>) {
        let size = s.table.size();
        self.add(b".sframe", Synth::SFrame, s.ty, elf::SHF_ALLOC, 8, 0, size);
    }

    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        name: &'static [u8],
        what: Synth,
        ty: u32,
        flags: u32,
        align: u64,
        entsize: u64,
        size: u64,
    ) {
        if size == 0 {
            return;
        }
        let s = section_named(&mut self.outputs, name, ty, flags);
        s.flags |= u64::from(flags);
        s.entsize = if s.pieces.is_empty() {
            entsize
        } else {
            s.entsize
        };
        s.pieces.push(Piece {
            content: Content::Synth(what),
            offset: align,
            size,
        });
    }

    /// Adds all synthetic sections with their sizes.
    pub fn synthetic(&mut self, properties: &Properties, hash: (bool, bool)) {
        use elf::{SHF_ALLOC as A_, SHF_EXECINSTR as X, SHF_WRITE as W};
        let word = A::Elf::WORD as u64;
        let (p, opts) = (self.p, self.opts);
        if opts.kind == OutputKind::Relocatable {
            return;
        }
        let want_interp = p.dynamic
            && opts.kind.is_executable()
            && !opts.no_dynamic_linker
            && !(opts.static_output && opts.dynamic_linker.is_none());
        if want_interp {
            self.interp = match &opts.dynamic_linker {
                Some(i) => i.clone(),
                None => self.interpreter.to_vec(),
            };
        }
        if opts.kind == OutputKind::Shared
            && let Some(i) = &opts.dynamic_linker
        {
            self.interp = i.clone();
        }
        if !self.interp.is_empty() {
            self.interp.push(0);
            let size = self.interp.len() as u64;
            self.add(b".interp", Synth::Interp, elf::SHT_PROGBITS, A_, 1, 0, size);
        }
        let size = match self.rules.gnu_property {
            true => properties.size::<A::Elf>(A::MACHINE),
            false => 0,
        };
        self.add(
            b".note.gnu.property",
            Synth::NoteProperty,
            elf::SHT_NOTE,
            A_,
            word,
            0,
            size,
        );
        if opts.build_id != BuildId::None {
            let n = crate::synth::build_id::id_size(&opts.build_id);
            let size = crate::synth::build_id::note_size(b"GNU\0", n);
            self.add(
                b".note.gnu.build-id",
                Synth::BuildId,
                elf::SHT_NOTE,
                A_,
                4,
                0,
                size,
            );
        }
        if let Some(m) = &opts.package_metadata {
            let size = crate::synth::build_id::note_size(b"FDO\0", m.len() + 1);
            self.add(
                b".note.package",
                Synth::PackageMetadata,
                elf::SHT_NOTE,
                A_,
                4,
                0,
                size,
            );
        }
        if opts.gdb_index && crate::emit::gdb_index::is_wanted(&self.outputs) {
            self.add(
                b".gdb_index",
                Synth::GdbIndex,
                elf::SHT_PROGBITS,
                0,
                1,
                0,
                1,
            );
        }
        self.dynamic_tables(hash);
        self.tables();
        if opts.eh_frame_hdr || self.rules.eh_frame_hdr_always {
            let fdes: usize = self
                .live
                .eh_frames
                .iter()
                .flatten()
                .map(|(_, f)| f.kept_fdes())
                .sum();
            if self.outputs.iter().any(|s| s.name == b".eh_frame") {
                let size = crate::synth::eh_frame_hdr::size(fdes);
                self.add(
                    b".eh_frame_hdr",
                    Synth::EhFrameHdr,
                    elf::SHT_PROGBITS,
                    A_,
                    4,
                    0,
                    size,
                );
            }
        }
        let [rw, ro] = self.slots.copy_size;
        let [rw_align, ro_align] = self.slots.copy_align;
        self.add(
            b".bss",
            Synth::Copies,
            elf::SHT_NOBITS,
            A_ | W,
            rw_align.max(1),
            0,
            rw,
        );
        let name: &'static [u8] = if opts.z.relro {
            b".bss.rel.ro"
        } else {
            b".bss"
        };
        let ty = if opts.z.relro {
            elf::SHT_PROGBITS
        } else {
            elf::SHT_NOBITS
        };
        self.add(name, Synth::CopiesRelro, ty, A_ | W, ro_align.max(1), 0, ro);
        let header = A::plt_header_size(self.plt_style);
        let n = u64::from(self.slots.plt_entries);
        if n > 0 {
            let size = header + n * A::plt_entry_size(self.plt_style);
            self.add(
                b".plt",
                Synth::Plt,
                elf::SHT_PROGBITS,
                A_ | X,
                16,
                A::plt_entry_size(self.plt_style),
                size,
            );
            let sec = A::plt_sec_entry_size(self.plt_style);
            self.add(
                b".plt.sec",
                Synth::PltSec,
                elf::SHT_PROGBITS,
                A_ | X,
                16,
                sec,
                n * sec,
            );
        }
        let style = values::iplt_style(self.plt_style);
        let size = u64::from(self.slots.iplt_entries) * A::plt_entry_size(style);
        self.add(
            b".iplt",
            Synth::Iplt,
            elf::SHT_PROGBITS,
            A_ | X,
            16,
            A::plt_entry_size(style),
            size,
        );
        self.last_segment();
        let size = self.capabilities.size::<A::Elf>();
        self.add(
            b".SUNW_cap",
            Synth::SunwCap,
            sunw_cap::SHT_SUNW_CAP,
            A_,
            word,
            2 * word,
            size,
        );
        let size = ident(opts).len() as u64 + 1;
        if opts.sunw.no_ident {
            return;
        }
        if opts.strip != Strip::All || self.outputs.iter().any(|s| s.name == b".comment") {
            self.add(
                b".comment",
                Synth::Comment,
                elf::SHT_PROGBITS,
                elf::SHF_MERGE | elf::SHF_STRINGS,
                1,
                1,
                size,
            );
        }
    }

    fn dynamic_tables(&mut self, hash: (bool, bool)) {
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
    fn tables(&mut self) {
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

    /// Some platforms give the heap the protection of the last segment: a program without writable data gets a
    /// word of it.
    fn last_segment(&mut self) {
        let writable = |s: &OutputSection<'_>| {
            s.is_alloc()
                && s.flags & u64::from(elf::SHF_WRITE) != 0
                && s.pieces.iter().any(|p| p.size > 0)
        };
        if self.rules.last_load_writable
            && self.opts.kind == OutputKind::Executable
            && !self.outputs.iter().any(writable)
        {
            let word = A::Elf::WORD as u64;
            let flags = elf::SHF_ALLOC | elf::SHF_WRITE;
            self.add(
                b".bss",
                Synth::HeapModel,
                elf::SHT_NOBITS,
                flags,
                word,
                0,
                word,
            );
        }
    }

    /// `.symtab` and its strings, and the table of section names.
    pub fn symbol_table(&mut self, plan: &SymtabPlan) {
        if plan.count > 0 {
            let sym = A::Elf::SYM_SIZE as u64;
            let s = section_named(&mut self.outputs, b".symtab", elf::SHT_SYMTAB, 0);
            s.entsize = sym;
            s.info = plan.local_count;
            let align = A::Elf::WORD as u64;
            let mut push = |content, n: u64| {
                if n > 0 {
                    s.pieces.push(Piece {
                        content,
                        offset: 1,
                        size: n * sym,
                    });
                }
            };
            push(Content::Synth(Synth::SymtabNull), 1);
            for (i, part) in (0u32..).zip(&plan.parts) {
                push(Content::SymtabLocals(i), u64::from(part.locals));
            }
            push(
                Content::Synth(Synth::SymtabLinker),
                plan.linker_locals.len() as u64,
            );
            for (i, part) in (0u32..).zip(&plan.parts) {
                push(Content::SymtabGlobals(i), u64::from(part.globals));
            }
            push(
                Content::Synth(Synth::SymtabImports),
                plan.linker_globals.len() as u64,
            );
            s.align = align;
            let st = section_named(&mut self.outputs, b".strtab", elf::SHT_STRTAB, 0);
            st.pieces.push(Piece {
                content: Content::Synth(Synth::StrtabNull),
                offset: 1,
                size: 1,
            });
            for (i, part) in (0u32..).zip(&plan.parts) {
                if part.names > 0 {
                    st.pieces.push(Piece {
                        content: Content::Strtab(i),
                        offset: 1,
                        size: part.names,
                    });
                }
            }
            if plan.linker_names > 0 {
                let content = Content::Synth(Synth::StrtabLinker);
                st.pieces.push(Piece {
                    content,
                    offset: 1,
                    size: plan.linker_names,
                });
            }
        }
        // Its size is known when all names are.
        self.add(b".shstrtab", Synth::Shstrtab, elf::SHT_STRTAB, 0, 1, 0, 1);
    }
}
