//! The output's sections: which input sections stand in each, and at which offset.
//!
//! Sections of the same name, type, flags and entry size become one, in link order, each at its own alignment. Members of a
//! section group stay on their own: the next link drops or keeps them by group. Sections ordered by another one
//! (SHF_LINK_ORDER) are joined only where what orders them was.

use std::collections::HashMap;

use object::elf;

use super::Job;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Kind, Object, Place, Section as Input, is_ctors, members};
use crate::layout::names::output_name;
use crate::layout::properties;
use crate::layout::script::assemble::{Step, in_order};
use crate::layout::synthetic::merge_capabilities;
use crate::par::Par;
use crate::script::Glob;
use crate::symbols::{FileRef, SectionId, State, SymbolId};
use crate::synth::build_id;
use crate::synth::sunw_cap::SHT_SUNW_CAP;

/// An input section in its output section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub object: u32,
    pub section: u32,
    /// Bytes from the start of the output section.
    pub offset: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Pieces(Vec<Piece>),
    Bytes(Vec<u8>),
}

/// An output section that is not one of the file's own tables.
#[derive(Clone, Debug)]
pub(super) struct Section<'d> {
    pub name: &'d [u8],
    pub ty: u32,
    pub flags: u32,
    pub entsize: u64,
    pub align_log2: u8,
    /// Bytes.
    pub size: u64,
    pub content: Content,
    /// Bytes that a script writes between the pieces, with their offsets.
    pub texts: Vec<(u64, Vec<u8>)>,
    /// The input section that orders this one.
    pub ordered_by: Option<SectionId>,
    /// Relocations of all its pieces.
    pub relocs: u64,
    /// Its number in the section header table; its relocations' is the next.
    pub number: u32,
}

impl Section<'_> {
    /// Takes part in the nature of an input section, which need not be of the same nature.
    fn join(&mut self, s: &Input, flags: u32) {
        let merge = elf::SHF_MERGE | elf::SHF_STRINGS;
        if self.ty == elf::SHT_NULL {
            // Nothing but a script's statements so far.
            self.ty = s.ty;
        }
        if self.flags == 0 && self.size == 0 {
            self.flags = flags;
            self.entsize = u64::from(s.entsize);
            return;
        }
        if self.ty != s.ty {
            self.ty = match (self.ty, s.ty) {
                (elf::SHT_NOBITS, t) | (t, elf::SHT_NOBITS) => t,
                _ => elf::SHT_PROGBITS,
            };
        }
        let alike = self.entsize == u64::from(s.entsize) && self.flags & merge == flags & merge;
        self.flags |= flags;
        if !alike {
            self.flags &= !merge;
            self.entsize = 0;
        }
    }

    pub fn is_nobits(&self) -> bool {
        self.ty == elf::SHT_NOBITS
    }
    pub fn pieces(&self) -> &[Piece] {
        match &self.content {
            Content::Pieces(list) => list,
            Content::Bytes(_) => &[],
        }
    }
}

/// A section group that is kept.
#[derive(Clone, Debug)]
pub(super) struct OutGroup {
    pub object: u32,
    /// Number among the object's groups.
    pub group: u32,
    /// Its members in [`Sections::list`].
    pub members: Vec<u32>,
}

/// Where a common symbol is allocated (`-d`), or how it is aligned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    /// Bytes, power of two.
    pub align: u64,
    /// Place in [`Sections::list`], and offset there.
    pub place: Option<(u32, u64)>,
}

#[derive(Default)]
pub(super) struct Sections<'d> {
    pub list: Vec<Section<'d>>,
    /// Number 1 and on in the section header table.
    pub groups: Vec<OutGroup>,
    /// By input section number: place in `list`, or [`NOWHERE`], and offset there.
    pub place: Vec<(u32, u64)>,
    pub commons: HashMap<SymbolId, Common>,
    /// By assignment to a symbol in the braces of an output section: what `.` is there, as place in `list` and offset.
    pub dots: HashMap<usize, (u32, u64)>,
    /// Place of the build-id note in `list`.
    pub build_id: Option<u32>,
    /// Numbers of `.symtab`, `.symtab_shndx` (0: none), `.strtab`, `.shstrtab`.
    pub symtab: u32,
    pub symtab_shndx: u32,
    pub strtab: u32,
    pub shstrtab: u32,
}

/// Large-model data (x86-64 psABI, "Section Attributes").
const SHF_X86_64_LARGE: u32 = 1 << 28;
/// In no output section.
pub(super) const NOWHERE: u32 = u32::MAX;

impl Sections<'_> {
    /// Where an input section stands.
    pub fn place(&self, s: SectionId) -> Option<(u32, u64)> {
        self.place
            .get(s.index())
            .copied()
            .filter(|p| p.0 != NOWHERE)
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Key<'d> {
    name: &'d [u8],
    ty: u32,
    flags: u32,
    entsize: u32,
    /// The output section that orders it.
    order: u32,
}

impl<'d> Key<'d> {
    /// What a script puts into one section is one section, whatever its parts are.
    fn described(name: &'d [u8]) -> Key<'d> {
        Key {
            name,
            ty: elf::SHT_NULL,
            flags: 0,
            entsize: 0,
            order: 0,
        }
    }
}

pub(super) struct Combiner<'a, 'd, A: Arch> {
    pub(super) job: Job<'a, 'd, A>,
    pub(super) out: Sections<'d>,
    by_key: HashMap<Key<'d>, u32>,
    unique: Vec<Glob>,
}

/// Combines the live sections of all objects.
pub(super) fn combine<'d, A: Arch>(job: Job<'_, 'd, A>, live: Option<&[bool]>) -> Sections<'d> {
    let mut c = Combiner {
        job,
        out: Sections {
            place: vec![(NOWHERE, 0); job.p.symbols.sections],
            ..Sections::default()
        },
        by_key: HashMap::new(),
        unique: job.opts.unique.iter().map(|g| Glob::new(g)).collect(),
    };
    let is_in = |o: &Object<'_, A::Elf>, i: u32| {
        o.sections
            .get(i as usize)
            .is_some_and(|s| s.kind == Kind::Regular)
            && live.is_none_or(|l| l.get(o.section_id(i).index()).copied().unwrap_or(false))
    };
    let mut ordered = Vec::new();
    if let Some(s) = job.scripted {
        let wanted = |id: SectionId| {
            let (n, i) = job.p.owner(id);
            job.p.objects.get(n).is_some_and(|o| is_in(o, i))
        };
        let groups: Vec<Vec<bool>> = job.p.objects.iter().map(|o| grouped(job, o)).collect();
        let list = in_order(job.p, s.plan, s.selection, job.opts, wanted);
        for step in list {
            let (output, n, i) = match step {
                Step::Section {
                    output,
                    object,
                    shndx,
                } => (output, object, shndx),
                Step::Statement { output, index } => {
                    c.statement(s.plan, output, index);
                    continue;
                }
            };
            let Some(o) = job.p.objects.get(n as usize) else {
                continue;
            };
            let in_group = groups
                .get(n as usize)
                .and_then(|g| g.get(i as usize))
                .copied()
                .unwrap_or(false);
            // A member of a group stays what it is, so that the next link can drop it.
            let name = output
                .filter(|_| !in_group)
                .and_then(|n| s.plan.outputs.get(n))
                .map(|out| out.name);
            let Some(section) = o.sections.get(i as usize) else {
                continue;
            };
            if section.flags & elf::SHF_LINK_ORDER != 0 && section.link != 0 {
                if is_in(o, section.link) {
                    ordered.push((n, i, in_group));
                }
                continue;
            }
            c.add(n, i, o, section, name, in_group, None);
        }
    }
    for (n, o) in (0u32..).zip(&job.p.objects) {
        if job.scripted.is_some() {
            break;
        }
        let grouped = grouped(job, o);
        for (i, s) in (0u32..).zip(&o.sections) {
            if !is_in(o, i) {
                continue;
            }
            let in_group = grouped.get(i as usize).copied().unwrap_or(false);
            if s.flags & elf::SHF_LINK_ORDER != 0 && s.link != 0 {
                // What it belongs to is gone: so is this.
                if is_in(o, s.link) {
                    ordered.push((n, i, in_group));
                }
                continue;
            }
            c.add(n, i, o, s, None, in_group, None);
        }
    }
    for (n, i, in_group) in ordered {
        if let Some(o) = job.p.objects.get(n as usize)
            && let Some(s) = o.sections.get(i as usize)
        {
            c.add(n, i, o, s, None, in_group, Some(o.section_id(s.link)));
        }
    }
    c.settle_described();
    c.commons();
    c.notes();
    c.groups();
    c.number();
    c.out
}

/// By section: it is a member of a group that is kept. Empty when the object has no groups.
fn grouped<A: Arch>(job: Job<'_, '_, A>, o: &Object<'_, A::Elf>) -> Vec<bool> {
    if o.groups.is_empty() || job.opts.shape.dissolve_groups {
        return Vec::new();
    }
    let mut list = vec![false; o.sections.len()];
    for m in o.groups.iter().flat_map(members::<A::Elf>) {
        if let Some(g) = list.get_mut(m as usize) {
            *g = true;
        }
    }
    list
}

impl<'d, A: Arch> Combiner<'_, 'd, A> {
    /// Adds section `i` of object `n`; `to`: the script's name for where it goes.
    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        n: u32,
        i: u32,
        o: &Object<'d, A::Elf>,
        s: &Input,
        to: Option<&'d [u8]>,
        in_group: bool,
        ordered_by: Option<SectionId>,
    ) {
        let own = o.section_name(i);
        let opts = self.job.opts;
        let name = match to {
            Some(name) => name,
            // --relocatable-merge-sections: as in a program, `.text.f` into `.text`.
            None if opts.shape.merge_relocatable && !in_group && !is_ctors(own) => {
                output_name(own, opts.z.keep_text_section_prefix)
            }
            None => own,
        };
        let mut flags = s.flags & !(elf::SHF_GROUP | elf::SHF_INFO_LINK | elf::SHF_COMPRESSED);
        if in_group {
            flags |= elf::SHF_GROUP;
        }
        // Compilers disagree on the type of this one; the next link takes either.
        let is_frame = name == b".eh_frame" && s.ty == elf::SHT_X86_64_UNWIND;
        let order = ordered_by.map(|t| self.out.place(t).map_or(NOWHERE, |p| p.0));
        let alone = in_group
            || order == Some(NOWHERE)
            || s.is_alloc()
                && (self.job.opts.unique_orphans || self.unique.iter().any(|g| g.matches(name)));
        // What a script puts into one section is one section, whatever its parts are.
        let same = to.is_some();
        let key = Key {
            name,
            ty: match (same, is_frame) {
                (true, _) => elf::SHT_NULL,
                (false, true) => elf::SHT_PROGBITS,
                (false, false) => s.ty,
            },
            flags: if same { 0 } else { flags },
            entsize: if same { 0 } else { s.entsize },
            order: order.unwrap_or(0),
        };
        let at = if alone {
            self.open(&key, s.ty, ordered_by)
        } else if let Some(&at) = self.by_key.get(&key) {
            at
        } else {
            let at = self.open(&key, s.ty, ordered_by);
            self.by_key.insert(key, at);
            at
        };
        if same && let Some(section) = self.out.list.get_mut(at as usize) {
            section.join(s, flags);
        }
        let relocs = o.relocs(i).len() as u64;
        let Some(offset) = self.append(at, s.size, s.align_log2) else {
            self.job.report.error(format!(
                "{}: section {} is larger than any address space",
                o.name,
                String::from_utf8_lossy(name)
            ));
            return;
        };
        if let Some(section) = self.out.list.get_mut(at as usize) {
            section.relocs += relocs;
            if let Content::Pieces(list) = &mut section.content {
                list.push(Piece {
                    object: n,
                    section: i,
                    offset,
                });
            }
        }
        if let Some(p) = self.out.place.get_mut(o.section_id(i).index()) {
            *p = (at, offset);
        }
    }

    fn open(&mut self, key: &Key<'d>, ty: u32, ordered_by: Option<SectionId>) -> u32 {
        let at = self.out.list.len() as u32;
        self.out.list.push(Section {
            name: key.name,
            ty,
            flags: key.flags,
            entsize: u64::from(key.entsize),
            align_log2: 0,
            size: 0,
            content: Content::Pieces(Vec::new()),
            texts: Vec::new(),
            ordered_by,
            relocs: 0,
            number: 0,
        });
        at
    }

    /// The section that a script's output section of this name has become.
    pub(super) fn find(&self, name: &'d [u8]) -> Option<u32> {
        self.by_key.get(&Key::described(name)).copied()
    }

    /// The same, made when there is none yet.
    pub(super) fn described(&mut self, name: &'d [u8]) -> u32 {
        self.find(name).unwrap_or_else(|| {
            let key = Key::described(name);
            let at = self.open(&key, elf::SHT_NULL, None);
            self.by_key.insert(key, at);
            at
        })
    }

    /// Offset of `size` more bytes.
    pub(super) fn append(&mut self, at: u32, size: u64, align_log2: u8) -> Option<u64> {
        let s = self.out.list.get_mut(at as usize)?;
        let offset = s.size.checked_next_multiple_of(1 << align_log2)?;
        s.size = offset.checked_add(size).filter(|end| *end < 1 << 62)?;
        s.align_log2 = s.align_log2.max(align_log2);
        Some(offset)
    }

    /// Common symbols: the strictest alignment of all that share the name; with `-d` also a place.
    fn commons(&mut self) {
        let p = self.job.p;
        let mut winners = Vec::new();
        for (n, o) in p.objects.iter().enumerate() {
            for i in o.globals() {
                let s = o.symbol(i);
                if o.place(i, &s) != Place::Common {
                    continue;
                }
                let id = o.symbol_id(i);
                let info = p.symbols.info(id);
                if info.state != State::Common {
                    continue;
                }
                let align = if s.value.is_power_of_two() {
                    s.value
                } else {
                    1
                };
                let common = self.out.commons.entry(id).or_insert(Common {
                    align: 1,
                    place: None,
                });
                common.align = common.align.max(align);
                if info.file == FileRef::object(n) && info.sym == i {
                    winners.push((id, s));
                }
            }
        }
        if !self.job.opts.force_common {
            return;
        }
        for (id, s) in winners {
            let write = elf::SHF_ALLOC | elf::SHF_WRITE;
            let (name, flags): (&[u8], u32) = match (s.sym_type(), s.shndx) {
                (elf::STT_TLS, _) => (b".tbss", write | elf::SHF_TLS),
                (_, elf::SHN_COMMON) => (b".bss", write),
                _ => (b".lbss", write | SHF_X86_64_LARGE),
            };
            let key = Key {
                name,
                ty: elf::SHT_NOBITS,
                flags,
                entsize: 0,
                order: 0,
            };
            let at = match self.by_key.get(&key) {
                Some(&at) => at,
                None => {
                    let at = self.open(&key, elf::SHT_NOBITS, None);
                    self.by_key.insert(key, at);
                    at
                }
            };
            let align = self.out.commons.get(&id).map_or(1, |c| c.align);
            let offset = self.append(at, s.size, align.trailing_zeros().min(62) as u8);
            match (offset, self.out.commons.get_mut(&id)) {
                (Some(offset), Some(c)) => c.place = Some((at, offset)),
                _ => self
                    .job
                    .report
                    .error("common symbols are larger than any address space"),
            }
        }
    }

    /// `.note.gnu.property` merged, `.note.GNU-stack`, and the build id.
    fn notes(&mut self) {
        let opts = self.job.opts;
        let p = self.job.p;
        let properties = properties::merge::<A>(p, opts, self.job.report, Par::SERIAL);
        let mut bytes = Vec::new();
        properties.write::<A::Elf>(A::MACHINE, &mut bytes);
        if !bytes.is_empty() {
            let word = A::Elf::WORD.trailing_zeros() as u8;
            self.note(
                b".note.gnu.property",
                elf::SHT_NOTE,
                elf::SHF_ALLOC,
                word,
                bytes,
            );
        }
        let capabilities = merge_capabilities(p, opts);
        let size = capabilities.size::<A::Elf>();
        if capabilities.names().next().is_some() {
            self.job.report.error(
                "names in capabilities (CAPABILITY with a name, MACHINE, PLATFORM) cannot be recorded in relocatable \
                 outputs; give them when the program or library is linked",
            );
        } else if size > 0 {
            let mut bytes = Vec::new();
            capabilities.write::<A::Elf>(&[], &mut bytes);
            let word = A::Elf::WORD.trailing_zeros() as u8;
            self.note(b".SUNW_cap", SHT_SUNW_CAP, elf::SHF_ALLOC, word, bytes);
        }
        let size = build_id::id_size(&opts.build_id);
        if size > 0 {
            let mut bytes = Vec::new();
            let id = vec![0; size];
            build_id::put_note::<A::Elf>(b"GNU\0", build_id::NT_GNU_BUILD_ID, &id, &mut bytes);
            self.out.build_id = Some(self.out.list.len() as u32);
            self.note(
                b".note.gnu.build-id",
                elf::SHT_NOTE,
                elf::SHF_ALLOC,
                2,
                bytes,
            );
        }
        // An object that does not say runs with an executable stack, and so does what it becomes part of.
        let any = p.objects.iter().any(|o| o.stack.is_some()) || opts.z.execstack.is_some();
        if any {
            let exec = opts
                .z
                .execstack
                .unwrap_or_else(|| p.objects.iter().any(|o| o.stack != Some(false)));
            let flags = if exec { elf::SHF_EXECINSTR } else { 0 };
            self.note(b".note.GNU-stack", elf::SHT_PROGBITS, flags, 0, Vec::new());
        }
    }

    fn note(&mut self, name: &'d [u8], ty: u32, flags: u32, align_log2: u8, bytes: Vec<u8>) {
        self.out.list.push(Section {
            name,
            ty,
            flags,
            entsize: 0,
            align_log2,
            size: bytes.len() as u64,
            content: Content::Bytes(bytes),
            texts: Vec::new(),
            ordered_by: None,
            relocs: 0,
            number: 0,
        });
    }

    fn groups(&mut self) {
        if self.job.opts.shape.dissolve_groups {
            return;
        }
        for (n, o) in (0u32..).zip(&self.job.p.objects) {
            for (k, g) in (0u32..).zip(&o.groups) {
                let lost = o
                    .sections
                    .get(g.section as usize)
                    .is_none_or(|s| s.kind == Kind::Discarded);
                if lost {
                    continue;
                }
                let members: Vec<u32> = members::<A::Elf>(g)
                    .filter_map(|m| self.out.place(o.section_id(m)))
                    .map(|(at, _)| at)
                    .collect();
                if !members.is_empty() {
                    self.out.groups.push(OutGroup {
                        object: n,
                        group: k,
                        members,
                    });
                }
            }
        }
    }

    /// Groups stand before their members (gABI, "Section Groups"); relocations follow their section.
    fn number(&mut self) {
        let mut next = self.out.groups.len() as u64 + 1;
        for s in &mut self.out.list {
            s.number = next as u32;
            next += 1 + u64::from(s.relocs > 0);
        }
        // A symbol may lie in a section whose number needs more than 16 bits.
        let wide = next >= u64::from(elf::SHN_LORESERVE);
        self.out.symtab = next as u32;
        next += 1;
        if wide {
            self.out.symtab_shndx = next as u32;
            next += 1;
        }
        self.out.strtab = next as u32;
        self.out.shstrtab = next as u32 + 1;
        if next + 2 >= u64::from(u32::MAX) {
            self.job.report.error("more sections than can be numbered");
        }
    }
}
