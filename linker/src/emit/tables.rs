//! The linker's own sections: their bytes, now that all addresses are known.

use object::elf;

use super::{Image, dynrel, symtab};
use crate::arch::{Arch, PltEntry, SymFlags};
use crate::elf::{Elf, PutElf, Sym};
use crate::layout::dynsym::OWN_TLS;
use crate::layout::output::Synth;
use crate::layout::slots::NONE;
use crate::layout::values::{iplt_style, plt_address};
use crate::layout::{dynamic, got, ident};
use crate::symbols::{State, SymbolId};
use crate::synth::{
    build_id, eh_frame, eh_frame_hdr, sunw_ldynsym, sunw_syminfo, sysv_hash, versions,
};

/// Writes a part into `buf`, which has the size the layout gave it.
pub fn write<A: Arch>(image: &Image<'_, '_, A>, what: Synth, buf: &mut [u8]) {
    let mut out: Vec<u8> = Vec::with_capacity(buf.len());
    let l = image.l;
    match what {
        Synth::Interp => out.extend_from_slice(&l.interp),
        Synth::NoteProperty => l.properties.write::<A::Elf>(A::MACHINE, &mut out),
        Synth::PackageMetadata => {
            let mut text = image.opts.package_metadata.clone().unwrap_or_default();
            text.push(0);
            // FDO_PACKAGING_METADATA, systemd's "Package Metadata for Executable Files".
            build_id::put_note::<A::Elf>(b"FDO\0", 0xcafe_1a7e, &text, &mut out);
        }
        Synth::GnuHash => {
            if let Some(g) = &l.dynsym.gnu {
                g.write::<A::Elf>(&mut out);
            }
        }
        Synth::SysvHash => {
            let hashes: Vec<Option<u32>> = std::iter::once(None)
                .chain(l.dynsym.sysv.iter().copied())
                .collect();
            sysv_hash::write::<A::Elf>(&hashes, &mut out);
        }
        Synth::DynSym => dynsym(image, &mut out),
        Synth::DynStr => out.extend_from_slice(&l.dynsym.dynstr),
        Synth::VerSym => {
            versions::write_versym::<A::Elf>(
                std::iter::once(0).chain(l.dynsym.versym.iter().copied()),
                &mut out,
            );
        }
        Synth::VerDef => out.extend_from_slice(&l.dynsym.verdef),
        Synth::SunwLdynsym => sunw_ldynsym::write(image, &mut out),
        Synth::SunwSymSort => sunw_ldynsym::write_sorted(image, false, &mut out),
        Synth::SunwTlsSort => sunw_ldynsym::write_sorted(image, true, &mut out),
        Synth::SunwSyminfo => {
            let copied = |id: SymbolId| l.slots.copy_of.contains_key(&id);
            sunw_syminfo::write(image.p, &l.dynsym, image.opts, copied, &mut out);
        }
        Synth::SunwCap => {
            l.capabilities
                .write::<A::Elf>(&l.dynsym.strings.capabilities, &mut out);
        }
        Synth::VerNeed => out.extend_from_slice(&l.dynsym.verneed),
        Synth::RelaDyn => dynrel::write_rela_dyn(image, 0, buf.len(), &mut out),
        Synth::RelaPlt => dynrel::write_rela_plt(image, &mut out),
        Synth::RelrDyn => l.relr.iter().for_each(|w| out.put_word::<A::Elf>(*w)),
        Synth::Plt => plt(image, &mut out),
        Synth::PltSec => {
            for_each_plt(
                image,
                |e| A::write_plt_sec_entry(l.plt_style, e, &mut out),
                true,
            );
        }
        Synth::Iplt => iplt(image, &mut out),
        Synth::EhFrameHdr => eh_frame_header(image, buf.len() as u64, &mut out),
        Synth::SFrame => sframe(image, &mut out),
        Synth::Dynamic => dynamic::write::<A>(image.p, image.live, image.opts, l, &mut out),
        Synth::Got => {
            let mut words = vec![0u64; l.slots.got_words as usize];
            got::for_each::<A>(image.p, &l.slots, image.opts, |n, w| {
                let known = !matches!(
                    got::cost(w, image.opts.kind.is_pic()),
                    got::Cost::Irelative | got::Cost::Other
                );
                if known && let Some(slot) = words.get_mut(n as usize) {
                    *slot = dynrel::got_content(image, w);
                }
            });
            if !image.stores_addends() && l.relr.is_empty() {
                got::for_each::<A>(image.p, &l.slots, image.opts, |n, w| {
                    if got::cost(w, image.opts.kind.is_pic()) == got::Cost::Relative
                        && let Some(slot) = words.get_mut(n as usize)
                    {
                        *slot = 0;
                    }
                });
            }
            words.iter().for_each(|w| out.put_word::<A::Elf>(*w));
        }
        Synth::GotPlt => {
            // The first word is the address of `.dynamic`; the others belong to the run-time linker.
            out.put_word::<A::Elf>(l.synth_addr(Synth::Dynamic));
            for _ in 1..A::GOTPLT_RESERVED {
                out.put_word::<A::Elf>(0);
            }
            for n in 0..l.slots.plt_entries {
                out.put_word::<A::Elf>(dynrel::first_target::<A>(l, n));
            }
        }
        Synth::Comment => {
            out.extend_from_slice(ident(image.opts).as_bytes());
            out.push(0);
        }
        Synth::SymtabSections => {
            if let Some(numbers) = &l.emitted {
                super::emit_relocs::section_symbols(image, numbers, &mut out);
            }
        }
        Synth::SymtabLinker => symtab::linker(image, true, &mut out),
        Synth::SymtabImports => symtab::linker(image, false, &mut out),
        Synth::StrtabLinker => symtab::linker_names(image, &mut out),
        Synth::Shstrtab => out.extend_from_slice(&l.shstrtab),
        // Zeros, or written elsewhere.
        Synth::BuildId if !l.known_id.is_empty() => {
            build_id::put_note::<A::Elf>(
                b"GNU\0",
                build_id::NT_GNU_BUILD_ID,
                &l.known_id,
                &mut out,
            );
        }
        Synth::BuildId
        | Synth::HeapModel
        | Synth::Copies
        | Synth::CopiesRelro
        | Synth::EhFrameEnd
        | Synth::SymtabNull
        | Synth::GdbIndex
        | Synth::StrtabNull
        | Synth::SymtabXindex
        | Synth::Headers
        | Synth::SectionHeaders => return,
    }
    let n = out.len().min(buf.len());
    if let (Some(to), Some(from)) = (buf.get_mut(..n), out.get(..n)) {
        to.copy_from_slice(from);
    }
    if out.len() > buf.len() {
        image.report.error(format!(
            "internal error: {what:?} has {} bytes where the layout has {}; please report this",
            out.len(),
            buf.len()
        ));
    }
}

/// Number of the output section at whose addresses `addr` lies, for st_shndx of symbols without a section of their own.
pub fn section_at<A: Arch>(image: &Image<'_, '_, A>, addr: u64, tls: bool) -> u16 {
    let found = image.l.outputs.iter().position(|s| {
        s.is_alloc() && s.is_tls() == tls && s.addr <= addr && addr < s.addr + s.size.max(1)
    });
    let near = found.or_else(|| {
        // One past the end of a section still belongs to it.
        image
            .l
            .outputs
            .iter()
            .rposition(|s| s.is_alloc() && !s.is_tbss() && s.addr <= addr)
            // The headers stand before the first section, and move with it.
            .or_else(|| {
                image.l.outputs.iter().position(|s| {
                    s.is_alloc() && addr < s.addr && addr >= image.l.placement.image_start
                })
            })
    });
    near.map_or(elf::SHN_ABS, |i| {
        u16::try_from(i + 1).unwrap_or(elf::SHN_ABS)
    })
}

/// The entry of `.dynsym` (and of `.symtab`, but for the name) for a global symbol.
pub fn global_symbol<A: Arch>(
    image: &Image<'_, '_, A>,
    id: SymbolId,
    name: u32,
    dynamic: bool,
) -> Sym {
    let p = image.p;
    let info = p.symbols.info(id);
    let flags = p.symbols.target(id).flags;
    let mut s = Sym {
        name,
        ..Sym::default()
    };
    let pack = |bind: u8, ty: u8| bind << 4 | ty;
    match info.state {
        State::Def | State::DefWeak | State::Common => {
            let Some(o) = info.file.as_object().and_then(|f| p.objects.get(f)) else {
                return s;
            };
            let from = o.symbol(info.sym);
            s.info = from.info;
            if image.opts.no_gnu_unique && from.bind() == elf::STB_GNU_UNIQUE {
                s.info = pack(elf::STB_GLOBAL, from.sym_type());
            }
            s.size = from.size;
            s.other = (from.other & !3) | info.visibility;
            s.value = image.l.values.global(id);
            let section = p.symbols.target(id).section;
            s.shndx = if flags.contains(SymFlags::ABS) {
                elf::SHN_ABS
            } else {
                symtab::output_section(image, section, s.value, from.sym_type() == elf::STT_TLS)
            };
            if info.state == State::Common {
                s.info = pack(
                    from.bind(),
                    if from.sym_type() == elf::STT_TLS {
                        elf::STT_TLS
                    } else {
                        elf::STT_OBJECT
                    },
                );
            }
            if from.sym_type() == elf::STT_TLS {
                s.value = s.value.wrapping_sub(image.l.values.tls.0);
            }
            if (dynamic || p.symbols.exported.get(id.index()) == Some(&true))
                && from.sym_type() == elf::STT_GNU_IFUNC
                && let Some(slots) = image.l.slots.get(id)
                && slots.is_ifuncs_address()
            {
                // Others must see the address this program uses.
                s.info = pack(from.bind(), elf::STT_FUNC);
                s.value =
                    crate::layout::values::iplt_address::<A>(image.l, &image.l.values, slots.iplt);
                s.shndx = section_at(image, s.value, false);
            }
        }
        State::Linker
            if p.symbols
                .aliases
                .get(&id)
                .is_some_and(|to| is_plain(image, *to)) =>
        {
            let to = p.symbols.aliases.get(&id).copied().unwrap_or(id);
            s = Sym {
                name,
                size: 0,
                ..global_symbol(image, to, name, dynamic)
            };
            s.info = pack(elf::STB_GLOBAL, s.info & 15);
            s.other = info.visibility;
        }
        State::Linker => {
            let tls = flags.contains(SymFlags::TLS);
            s.value = image.l.values.global(id);
            let public = p.symbols.exported.get(id.index()) == Some(&true);
            let ty = match () {
                () if tls => elf::STT_TLS,
                // What the platform expects of every module is an object to it.
                () if public || p.symbols.markers.contains(&id) => elf::STT_OBJECT,
                () => elf::STT_NOTYPE,
            };
            s.info = pack(elf::STB_GLOBAL, ty);
            s.other = info.visibility;
            s.shndx = match image.l.assigned_in.get(&id) {
                _ if flags.contains(SymFlags::ABS) => elf::SHN_ABS,
                Some(n) => u16::try_from(n + 1).unwrap_or(elf::SHN_ABS),
                None => section_at(image, s.value, tls),
            };
            if tls {
                s.value = s.value.wrapping_sub(image.l.values.tls.0);
            }
        }
        _ => {
            let weak = !info.seen.contains(crate::symbols::Seen::REF_STRONG);
            let bind = if weak { elf::STB_WEAK } else { elf::STB_GLOBAL };
            let lib = info
                .file
                .as_shared()
                .and_then(|f| p.shared.get(f))
                .filter(|_| info.state == State::Shared);
            let from = lib.map(|l| l.symbol(info.sym));
            // Nobody defines it: what the first reference says. GNU ld refuses a library whose reference to a thread-local
            // variable is not marked as one.
            let reference = || {
                let o = info.file.as_object().and_then(|f| p.objects.get(f));
                o.map(|o| o.symbol(info.sym))
            };
            let ty = from
                .or_else(reference)
                .map_or(elf::STT_NOTYPE, |s| s.sym_type());
            // A function of a library is just that, however it finds its code.
            let ty = if ty == elf::STT_GNU_IFUNC {
                elf::STT_FUNC
            } else {
                ty
            };
            s.info = pack(bind, ty);
            s.other = info.visibility;
            if image.l.slots.copy_of.contains_key(&id) {
                s.value = image.l.values.global(id);
                s.size = from.map_or(0, |f| f.size);
                s.info = pack(from.map_or(elf::STB_GLOBAL, |f| f.bind()), elf::STT_OBJECT);
                s.shndx = section_at(image, s.value, false);
            } else if let Some(slots) = image.l.slots.get(id)
                && slots.canonical
                && slots.plt != NONE
                && dynamic
            {
                s.value = plt_address::<A>(image.l, &image.l.values, slots.plt);
            }
        }
    }
    s
}

/// Defined by an object: an alias takes over its type and section.
fn is_plain<A: Arch>(image: &Image<'_, '_, A>, id: SymbolId) -> bool {
    matches!(
        image.p.symbols.info(id).state,
        State::Def | State::DefWeak | State::Common
    )
}

fn dynsym<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    out.put_sym::<A::Elf>(&Sym::default());
    let d = &image.l.dynsym;
    for (id, name) in d.symbols.iter().zip(&d.names) {
        if *id == OWN_TLS {
            out.put_sym::<A::Elf>(&Sym {
                info: elf::STB_LOCAL << 4 | elf::STT_TLS,
                shndx: section_at(image, image.l.values.tls.0, true),
                ..Sym::default()
            });
            continue;
        }
        out.put_sym::<A::Elf>(&global_symbol(image, *id, *name, true));
    }
}

fn for_each_plt<A: Arch>(image: &Image<'_, '_, A>, mut f: impl FnMut(&PltEntry), second: bool) {
    let l = image.l;
    let word = A::Elf::WORD as u64;
    let entry = A::plt_entry_size(l.plt_style);
    for n in 0..l.slots.plt_entries {
        let address = if second {
            plt_address::<A>(l, &l.values, n)
        } else {
            l.values.plt + A::plt_header_size(l.plt_style) + u64::from(n) * entry
        };
        f(&PltEntry {
            index: n,
            address,
            got_word: l.values.got_plt + (A::GOTPLT_RESERVED as u64 + u64::from(n)) * word,
            header: l.values.plt,
            got_base: l.values.got_plt,
            pic: image.opts.kind.is_pic(),
        });
    }
}

fn plt<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let l = image.l;
    let header = PltEntry {
        index: 0,
        address: l.values.plt,
        got_word: l.values.got_plt,
        header: l.values.plt,
        got_base: l.values.got_plt,
        pic: image.opts.kind.is_pic(),
    };
    A::write_plt_header(l.plt_style, &header, out);
    for_each_plt(image, |e| A::write_plt_entry(l.plt_style, e, out), false);
}

fn iplt<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let l = image.l;
    let style = iplt_style(l.plt_style);
    for s in l.slots.slots.iter().filter(|s| s.iplt != NONE) {
        let e = PltEntry {
            index: s.iplt,
            address: l.values.iplt + u64::from(s.iplt) * A::plt_entry_size(style),
            got_word: l.values.got + u64::from(s.iplt_got) * A::Elf::WORD as u64,
            header: l.values.iplt,
            got_base: l.values.got_plt,
            pic: image.opts.kind.is_pic(),
        };
        A::write_plt_entry(style, &e, out);
    }
}

/// The search table: where each FDE's function starts, from the relocations of the FDEs.
fn eh_frame_header<A: Arch>(image: &Image<'_, '_, A>, reserved: u64, out: &mut Vec<u8>) {
    let l = image.l;
    let known = image
        .live
        .eh_frames
        .iter()
        .flatten()
        .all(|(_, f)| eh_frame::encodings_known(f));
    let parts = image.par.map_range(image.live.eh_frames.len(), |n| {
        let (Some(o), Some(list)) = (image.p.objects.get(n), image.live.eh_frames.get(n)) else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (shndx, frame) in list {
            let relocs = o.relocs(*shndx);
            for f in &frame.fdes {
                let Some(at) = frame.fde_output(f) else {
                    continue;
                };
                let r = frame.reloc(relocs, f.relocs.start);
                let who = crate::live::scan::referent(image.p, o, r.sym);
                let (s, addend) = if r.sym >= o.first_global {
                    own_definition(image, o, r.sym, r.addend)
                } else {
                    super::relocate::address(image, n, o, &who, &r)
                };
                entries.push(eh_frame_hdr::Entry {
                    pc: s.wrapping_add(addend as u64),
                    fde: l.values.eh_frame + at,
                });
            }
        }
        entries
    });
    let mut entries: Vec<eh_frame_hdr::Entry> = parts.into_iter().flatten().collect();
    let table = known.then_some(&mut entries);
    eh_frame_hdr::write::<A::Elf>(
        l.synth_addr(Synth::EhFrameHdr),
        l.values.eh_frame,
        table,
        reserved,
        image.par.is_parallel(),
        out,
    );
}

fn sframe<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let Some(s) = &image.l.sframe else { return };
    let starts: Vec<u64> = s
        .functions
        .iter()
        .map(|(id, offset)| image.l.values.section(*id).wrapping_add(*offset))
        .collect();
    let at = image.l.synth_addr(Synth::SFrame);
    if let Err(far) = s.table.write::<A::Elf>(at, &starts, out) {
        image.report.error(format!(
            "the function at {far:#x} is too far from .sframe at {at:#x} for its 32-bit distances"
        ));
    }
}

/// An FDE that names its function by a global symbol means this object's definition of it.
fn own_definition<A: Arch>(
    image: &Image<'_, '_, A>,
    o: &crate::input::object::Object<'_, A::Elf>,
    sym: u32,
    addend: i64,
) -> (u64, i64) {
    let s = o.symbol(sym);
    match o.place(sym, &s) {
        crate::input::object::Place::Section(n) => (
            image
                .l
                .values
                .section(o.section_id(n))
                .wrapping_add(s.value),
            addend,
        ),
        _ => (0, addend),
    }
}
