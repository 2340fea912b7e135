//! The sections that the linker makes itself: which ones an output gets, and their sizes.
//!
//! Sizes only: contents are written by `emit/` and `synth/` once addresses are known. What a platform wants of them is
//! said by its `LoadRules`.

mod dynamic_tables;

use object::elf;
use wcc_targets::LoadRules;

use super::dynsym::DynSymbols;
use super::output::{Content, OutputSection, Piece, Synth, new_section};
use super::sframe::SFrame;
use super::slots::SlotTable;
use super::symtab::SymtabPlan;
use super::{ident, script, values};
use crate::arch::{Arch, PltStyle};
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::live::Liveness;
use crate::options::{BuildId, HashStyle, Options, OutputKind, Strip};
use crate::symbols::bind::Program;
use crate::synth::note_property::Properties;
use crate::synth::sunw_cap;

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
