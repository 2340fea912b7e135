//! The output sections a script describes, filled with the live input sections its rules took, and the sections of the
//! linker's own making. Addresses come later (`engine.rs`).

use std::collections::HashMap;

use object::elf;

use super::fill;
use super::made::place_commons;
use super::order;
use super::orphans;
use super::plan::{Item, Plan, Stmt};
use super::rule::SortKey;
use super::select::{DISCARD, ORPHAN, Selection};
use super::spill::Spills;
use crate::elf::Elf;
use crate::input::object::{Kind, Object};
use crate::layout::names;
use crate::layout::output::{Content, MergeKey, OutputSection, new_section};
use crate::live::Liveness;
use crate::options::{Options, SortSection};
use crate::report::Report;
use crate::script::{Expr, Sort};
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// A part of an output section, in order.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Contents with size and alignment in bytes.
    Piece {
        content: Content,
        size: u64,
        align: u64,
    },
    /// Statement of the section's plan.
    Stmt(usize),
}

/// An output section before it has an address.
#[derive(Clone, Debug)]
pub struct Out<'d> {
    /// Its description in the script; None for an orphan.
    pub plan: Option<usize>,
    /// Name, type, flags and alignment; no pieces yet.
    pub section: OutputSection<'d>,
    pub parts: Vec<Part>,
    /// Some input section or part of the linker's own is in it.
    pub has_input: bool,
    /// The script writes bytes into it.
    pub has_data: bool,
    /// … and does so before it assigns anything: then nothing makes the section writable.
    pub(super) constant: bool,
    /// Its input sections are of several types.
    pub(super) mixed: bool,
    /// An orphan goes where its neighbour goes.
    pub region: Option<Vec<u8>>,
    pub load_region: Option<Vec<u8>>,
    pub phdrs: Vec<Vec<u8>>,
}

/// The output sections and the order of everything.
#[derive(Clone, Debug, Default)]
pub struct Assembled<'d> {
    pub outs: Vec<Out<'d>>,
    /// As [`Plan::items`], but `Output` is an index into `outs`.
    pub items: Vec<Item>,
    /// By section number: index into `outs`, u32::MAX for none.
    pub out_of: Vec<u32>,
    /// `.symtab` and its like, which no script places.
    pub tail: Vec<OutputSection<'d>>,
    /// Output sections by name.
    pub(super) by_name: HashMap<&'d [u8], Vec<usize>>,
    /// Where each kind of orphan was put last.
    pub(super) holds: orphans::Holds,
    pub spills: Spills,
}

/// A section that goes somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) id: SectionId,
    pub(super) object: u32,
    pub(super) shndx: u32,
}

impl<'d> Assembled<'d> {
    /// Whether a section of this name will have contents.
    pub fn has_contents(&self, name: &[u8]) -> bool {
        self.outs.iter().any(|o| {
            o.section.name == name
                && o.parts
                    .iter()
                    .any(|p| matches!(p, Part::Piece { size, .. } if *size > 0))
        })
    }
}

/// Distributes live input sections. `merge` is told every mergeable one, as in the default layout.
pub fn collect<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    plan: &Plan<'d>,
    selection: &Selection,
    opts: &Options,
    report: &Report,
    mut merge: impl FnMut(MergeKey, SectionId) -> Option<u32>,
) -> Assembled<'d> {
    let mut members: Vec<Vec<Member>> = vec![Vec::new(); plan.rules.len()];
    let mut lost: Vec<Member> = Vec::new();
    for (n, o) in (0u32..).zip(&p.objects) {
        for (i, s) in (0u32..).zip(&o.sections) {
            let id = o.section_id(i);
            if !matches!(s.kind, Kind::Regular | Kind::Merge) || !live.is_live(id) {
                continue;
            }
            let member = Member {
                id,
                object: n,
                shndx: i,
            };
            let rule = selection.rule.get(id.index()).copied().unwrap_or(ORPHAN);
            match members.get_mut(rule as usize) {
                Some(list) => list.push(member),
                None => lost.push(member),
            }
        }
    }
    sort_members(p, plan, opts, &mut members);
    if let Some(order) = crate::layout::order::plan(p, live, opts, report) {
        order::arrange(p, plan, &order, &mut members);
    }
    let mut a = Assembled {
        out_of: vec![u32::MAX; p.symbols.sections],
        spills: Spills::new(p, plan, selection, opts, &members),
        ..Assembled::default()
    };
    let mut number = vec![u32::MAX; plan.outputs.len()];
    for item in &plan.items {
        let Item::Output(n) = *item else {
            a.items.push(*item);
            continue;
        };
        let Some(described) = plan.outputs.get(n) else {
            continue;
        };
        if described.name == DISCARD || selection.disabled.get(n) == Some(&true) {
            continue;
        }
        let index = a.outs.len();
        if let Some(slot) = number.get_mut(n) {
            *slot = index as u32;
        }
        a.by_name.entry(described.name).or_default().push(index);
        a.outs.push(new_out(described.name, None));
        a.items.push(Item::Output(index));
        a.fill(p, plan, index, n, &members, &mut merge);
    }
    for &n in &plan.adrift {
        let Some(described) = plan.outputs.get(n) else {
            continue;
        };
        let like = fill::nature(p, described, &members);
        let index = orphans::find_or_place(&mut a, plan, described.name, like, true);
        if let Some(slot) = number.get_mut(n) {
            *slot = index as u32;
        }
        a.fill(p, plan, index, n, &members, &mut merge);
    }
    place_commons(p, plan, &number, &mut a, true);
    // Sections with an address from the command line come last, so that nothing else follows them.
    for (name, _) in &opts.section_start {
        let known = |o: &Object<'d, E>| {
            (0..o.sections.len() as u32)
                .map(|i| o.section_name(i))
                .find(|n| n == name)
        };
        if !a.by_name.contains_key(name.as_slice())
            && let Some(name) = p.objects.iter().find_map(known)
        {
            let index = a.outs.len();
            a.by_name.entry(name).or_default().push(index);
            a.outs.push(new_out(name, None));
            a.items.push(Item::Output(index));
        }
    }
    let warn = opts.orphan_handling.as_deref() == Some(b"warn");
    for m in lost {
        let Some(o) = p.objects.get(m.object as usize) else {
            continue;
        };
        let Some(s) = o.sections.get(m.shndx as usize) else {
            continue;
        };
        let name = orphan_name(o.section_name(m.shndx));
        let like = orphans::Traits {
            flags: u64::from(s.flags),
            ty: s.ty,
        };
        let unique = opts.unique_orphans;
        let index = orphans::find_or_place(&mut a, plan, name, like, unique);
        if warn {
            report.warn_at(
                (m.object, u64::from(m.shndx)),
                format!(
                    "orphan section `{}' from `{}' being placed in section `{}'",
                    String::from_utf8_lossy(o.section_name(m.shndx)),
                    o.name,
                    String::from_utf8_lossy(name)
                ),
            );
        }
        a.put(p, index, m, &mut merge);
    }
    place_commons(p, plan, &number, &mut a, false);
    align_tls(&mut a);
    a
}

/// The first thread-local section gets the alignment of all: a static program's C library takes the block's size for a
/// multiple of the alignment, counted from the segment's start.
fn align_tls(a: &mut Assembled<'_>) {
    let order = a.items.iter().filter_map(|item| match item {
        Item::Output(n) => Some(*n),
        _ => None,
    });
    let block: Vec<usize> = order
        .filter(|n| {
            a.outs
                .get(*n)
                .is_some_and(|o| o.section.is_tls() && o.section.is_alloc() && o.has_input)
        })
        .collect();
    let align = block.iter().filter_map(|n| a.outs.get(*n));
    let align = align.map(|o| o.section.align).max().unwrap_or(1);
    if let Some(first) = block.first().and_then(|n| a.outs.get_mut(*n)) {
        first.section.align = align;
    }
}

impl Out<'_> {
    /// Type and flags as far as the script decides them; `complete`: everything that goes in is in.
    pub(super) fn settle(&mut self, plan: &Plan<'_>, complete: bool) {
        let (alloc, write) = (u64::from(elf::SHF_ALLOC), u64::from(elf::SHF_WRITE));
        let kind = self
            .plan
            .and_then(|n| plan.outputs.get(n))
            .map(|d| d.kind.clone())
            .unwrap_or_default();
        let s = &mut self.section;
        if self.has_data {
            s.flags |= alloc;
            if !self.has_input && !self.constant {
                s.flags |= write;
            }
            if matches!(s.ty, elf::SHT_NOBITS | elf::SHT_NULL) {
                s.ty = elf::SHT_PROGBITS;
            }
        } else if !self.has_input && complete {
            // Room that the script makes by moving `.`.
            s.ty = elf::SHT_NOBITS;
            s.flags |= alloc | write;
        }
        if kind.noload && (self.has_input || complete) {
            s.ty = elf::SHT_NOBITS;
        }
        if kind.not_allocated {
            s.flags &= !alloc;
        }
        if kind.readonly {
            s.flags &= !write;
        }
        if let Some(Expr::Number(n)) = kind.section_type
            && (self.has_input || self.has_data || complete)
        {
            s.ty = n as u32;
        }
    }
}

/// What a script says about the contents of output sections, step by step.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// An input section; `output`: of the plan, None for an orphan.
    Section {
        output: Option<usize>,
        object: u32,
        shndx: u32,
    },
    /// Statement of an output section's body that is no input section description.
    Statement { output: usize, index: usize },
}

/// All sections in the order in which a script puts them, and what it says between them; orphans come last.
pub fn in_order<E: Elf>(
    p: &Program<'_, E>,
    plan: &Plan<'_>,
    selection: &Selection,
    opts: &Options,
    wanted: impl Fn(SectionId) -> bool,
) -> Vec<Step> {
    let mut members: Vec<Vec<Member>> = vec![Vec::new(); plan.rules.len()];
    let mut lost = Vec::new();
    for (object, o) in (0u32..).zip(&p.objects) {
        for shndx in 0..o.sections.len() as u32 {
            let id = o.section_id(shndx);
            if !wanted(id) {
                continue;
            }
            let rule = selection.rule.get(id.index()).copied().unwrap_or(ORPHAN);
            match members.get_mut(rule as usize) {
                Some(list) => list.push(Member { id, object, shndx }),
                None => lost.push(Step::Section {
                    output: None,
                    object,
                    shndx,
                }),
            }
        }
    }
    sort_members(p, plan, opts, &mut members);
    let order = plan.items.iter().filter_map(|i| match i {
        Item::Output(n) => Some(*n),
        _ => None,
    });
    let mut all = Vec::new();
    for n in order.chain(plan.adrift.iter().copied()) {
        let Some(described) = plan.outputs.get(n) else {
            continue;
        };
        if described.name == DISCARD || selection.disabled.get(n) == Some(&true) {
            continue;
        }
        for (index, statement) in described.body.iter().enumerate() {
            match statement {
                Stmt::Input(rule) => {
                    let list = members.get(*rule).into_iter().flatten();
                    all.extend(list.map(|m| Step::Section {
                        output: Some(n),
                        object: m.object,
                        shndx: m.shndx,
                    }));
                }
                _ => all.push(Step::Statement { output: n, index }),
            }
        }
    }
    all.extend(lost);
    all
}

/// Tables of functions keep their type, whatever is in them.
pub(super) fn is_array(name: &[u8]) -> bool {
    matches!(name, b".init_array" | b".fini_array" | b".preinit_array")
}

/// An expanded `.zdebug_x` goes by its plain name.
fn orphan_name(name: &[u8]) -> &[u8] {
    if name.starts_with(b".zdebug") {
        names::output_name(name, false)
    } else {
        name
    }
}

pub(super) fn new_out(name: &[u8], plan: Option<usize>) -> Out<'_> {
    let section = OutputSection {
        name,
        ..new_section(b"", elf::SHT_NULL, 0, 1, 0)
    };
    Out {
        plan,
        section,
        parts: Vec::new(),
        has_input: false,
        has_data: false,
        constant: false,
        mixed: false,
        region: None,
        load_region: None,
        phdrs: Vec::new(),
    }
}

pub(super) fn sort_members<E: Elf>(
    p: &Program<'_, E>,
    plan: &Plan<'_>,
    opts: &Options,
    members: &mut [Vec<Member>],
) {
    let default = match opts.sort_section {
        SortSection::None => Sort::None,
        SortSection::Name => Sort::Name,
        SortSection::Alignment => Sort::Alignment,
    };
    for (rule, list) in plan.rules.iter().zip(members) {
        let section = |m: &Member| {
            let o = p.objects.get(m.object as usize)?;
            Some((o, o.sections.get(m.shndx as usize)?))
        };
        let key = |m: &Member| {
            let (o, s) = section(m)?;
            Some(SortKey {
                name: o.section_name(m.shndx),
                file: &o.name,
                align: s.align(),
            })
        };
        if rule.sorts(default) {
            list.sort_by(|x, y| match (key(x), key(y)) {
                (Some(x), Some(y)) => rule.order(&x, &y, default),
                _ => std::cmp::Ordering::Equal,
            });
        }
        // SHF_LINK_ORDER: in the order of what they are linked to (gABI, "sh_flags").
        let linked =
            |m: &Member| section(m).is_some_and(|(_, s)| s.flags & elf::SHF_LINK_ORDER != 0);
        if !list.is_empty() && list.iter().all(linked) {
            list.sort_by_key(|m| section(m).map(|(o, s)| o.section_id(s.link)));
        }
    }
}

/// The output section takes part in the nature of something that is no input section.
pub(super) fn touch(out: &mut Out<'_>, ty: u32, flags: u64, entsize: u64) {
    out.has_input = true;
    let s = &mut out.section;
    if s.ty == elf::SHT_NULL {
        s.ty = ty;
        s.entsize = entsize;
        s.flags |= flags;
        return;
    }
    if s.ty != ty {
        s.ty = match (s.ty, ty) {
            (elf::SHT_NOBITS, t) | (t, elf::SHT_NOBITS) => t,
            _ => elf::SHT_PROGBITS,
        };
    }
    if s.entsize != entsize {
        s.entsize = 0;
    }
    s.flags |= flags & !u64::from(elf::SHF_MERGE | elf::SHF_STRINGS | elf::SHF_INFO_LINK);
}
